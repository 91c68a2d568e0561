using System.Globalization;
using Registry.Api.OpenApi;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>The course of the cases of one group, as in the flow chart of a case series. In cases, but for the patients.</summary>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Patients">The patients of the cases: one patient may have several cases.</param>
/// <param name="Enrolled">All cases: not started, trialled, implanted without a trial, operated first and operated after a trial add up to
/// it.</param>
/// <param name="NotStarted">Neither a trial nor a treatment is recorded.</param>
/// <param name="Trialled">A trial was started: failed, succeeded and undecided add up to it.</param>
/// <param name="TrialFailed">The trial failed.</param>
/// <param name="TrialSucceeded">The trial succeeded: implanted after it, left before the implant, declined and awaiting the implant add up
/// to it.</param>
/// <param name="TrialUndecided">The end of the trial is not recorded.</param>
/// <param name="LeftBeforeImplant">The trial succeeded, and the patient died, was lost, withdrew or crossed over without an
/// implant.</param>
/// <param name="Declined">The trial succeeded 90 days before the cut-off or earlier, and there is no implant: not died, lost, withdrawn or
/// crossed over. No event says why.</param>
/// <param name="AwaitingImplant">The same, less than 90 days before the cut-off.</param>
/// <param name="Implanted">A generator was implanted, with or without a recorded trial.</param>
/// <param name="ImplantedWithoutTrial">Of these, without the recorded start of a trial.</param>
/// <param name="Explanted">Of the implanted, taken out, permanently or not.</param>
/// <param name="PermanentlyExplanted">Of the explanted, for good.</param>
/// <param name="Reimplanted">Of the explanted, implanted again.</param>
/// <param name="CrossedOver">A later case of the patient, for which this is the preceding case, has started.</param>
/// <param name="OperatedFirst">Operated (DREZ, cordotomy) without a preceding case.</param>
/// <param name="OperatedAfterTrial">Operated (DREZ, cordotomy) with a preceding case: as a rule a trial or an implant.</param>
/// <param name="Died">Of the enrolled, the patient died.</param>
/// <param name="Lost">Of the enrolled, lost to follow-up, and nothing dated later is known.</param>
/// <param name="Withdrawn">Of the enrolled, withdrawn from the registry.</param>
/// <param name="LeftBy">Of the cases that entered treatment, those whose observation has ended, by what ended it first.</param>
internal sealed record FlowItem(
    [CodesIn(nameof(CodeSets.ProcedureGroup))] string Procedure,
    [Unit("patients")] long Patients,
    [Unit("cases")] long Enrolled,
    [Unit("cases")] long NotStarted,
    [Unit("cases")] long Trialled,
    [Unit("cases")] long TrialFailed,
    [Unit("cases")] long TrialSucceeded,
    [Unit("cases")] long TrialUndecided,
    [Unit("cases")] long LeftBeforeImplant,
    [Unit("cases")] long Declined,
    [Unit("cases")] long AwaitingImplant,
    [Unit("cases")] long Implanted,
    [Unit("cases")] long ImplantedWithoutTrial,
    [Unit("cases")] long Explanted,
    [Unit("cases")] long PermanentlyExplanted,
    [Unit("cases")] long Reimplanted,
    [Unit("cases")] long CrossedOver,
    [Unit("cases")] long OperatedFirst,
    [Unit("cases")] long OperatedAfterTrial,
    [Unit("cases")] long Died,
    [Unit("cases")] long Lost,
    [Unit("cases")] long Withdrawn,
    EndsOfObservation LeftBy);

/// <summary>
/// Numbers of cases by what ended their observation. On one day a death counts first, then a permanent explant, a crossover, a withdrawal.
/// </summary>
/// <param name="Died">The patient died.</param>
/// <param name="Explanted">The system was explanted for good.</param>
/// <param name="CrossedOver">The treatment of a later case of the patient began.</param>
/// <param name="Withdrawn">The patient withdrew from the registry.</param>
/// <param name="LostToFollowUp">The patient was lost to follow-up.</param>
internal sealed record EndsOfObservation(
    [Unit("cases")] long Died,
    [Unit("cases")] long Explanted,
    [Unit("cases")] long CrossedOver,
    [Unit("cases")] long Withdrawn,
    [Unit("cases")] long LostToFollowUp);

/// <summary>The flow chart of a case series, from the view <c>flow_summary</c>.</summary>
[FromView("flow_summary")]
internal static class Flow
{
    public const string Description =
        "The flow chart of a case series, as counts of cases: who was tried, implanted, explanted, crossed over, operated, and by what "
        + "observation ended. With 'Accept: text/vnd.mermaid' the row 'all', "
        + "which pools the procedures asked for, as a Mermaid flowchart.";

    /// <summary>
    /// The row 'all' as a Mermaid flowchart, each box with its count. Solid arrows part a count, dotted ones mark what befell some of it.
    /// </summary>
    public static readonly SummaryForm<FlowItem> Mermaid =
        new("text/vnd.mermaid; charset=utf-8", summary => Chart(summary.Items.Single(item => item.Procedure == "all")));

    public static async Task<IReadOnlyList<FlowItem>> Items(SummaryQuery query) =>
    [
        .. from row in await query.Rows<Row>("flow_summary")
           where query.Filter.WantsGroup(row.Procedure_Group)
           orderby SharedParameters.Rank(row.Procedure_Group)
           select row.ToItem(),
    ];

    // Nothing but numbers is put in, so nothing has to be escaped.
    private static string Chart(FlowItem item) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        flowchart TD
          enrolled["Enrolled: {item.Enrolled} ({item.Patients} patients)"]
          enrolled --> notStarted["Not started: {item.NotStarted}"]
          enrolled --> trialled["Trialled: {item.Trialled}"]
          enrolled --> implantedWithoutTrial["Implanted without trial: {item.ImplantedWithoutTrial}"]
          enrolled --> operatedFirst["Operated first: {item.OperatedFirst}"]
          enrolled --> operatedAfterTrial["Operated after a preceding case: {item.OperatedAfterTrial}"]
          trialled --> trialFailed["Trial failed: {item.TrialFailed}"]
          trialled --> trialSucceeded["Trial succeeded: {item.TrialSucceeded}"]
          trialled --> trialUndecided["Trial undecided: {item.TrialUndecided}"]
          trialSucceeded --> leftBeforeImplant["Left before implant: {item.LeftBeforeImplant}"]
          trialSucceeded --> declined["Declined implant: {item.Declined}"]
          trialSucceeded --> awaitingImplant["Awaiting implant: {item.AwaitingImplant}"]
          trialSucceeded --> implanted["Implanted: {item.Implanted}"]
          implantedWithoutTrial --> implanted
          implanted -.-> explanted["Explanted: {item.Explanted} (permanently: {item.PermanentlyExplanted})"]
          explanted -.-> reimplanted["Implanted again: {item.Reimplanted}"]
          enrolled -.-> crossedOver["Crossed over to a later case: {item.CrossedOver}"]
          enrolled -.-> died["Died: {item.Died}"]
          enrolled -.-> lost["Lost to follow-up: {item.Lost}"]
          enrolled -.-> withdrawn["Withdrawn: {item.Withdrawn}"]

        """).ReplaceLineEndings("\n");

    private sealed record Row
    {
        public string Procedure_Group { get; init; } = string.Empty;
        public long Patients { get; init; }
        public long Enrolled { get; init; }
        public long Not_Started { get; init; }
        public long Trialled { get; init; }
        public long Trial_Failed { get; init; }
        public long Trial_Succeeded { get; init; }
        public long Trial_Undecided { get; init; }
        public long Left_Before_Implant { get; init; }
        public long Declined { get; init; }
        public long Awaiting_Implant { get; init; }
        public long Implanted { get; init; }
        public long Implanted_Without_Trial { get; init; }
        public long Explanted { get; init; }
        public long Permanently_Explanted { get; init; }
        public long Reimplanted { get; init; }
        public long Crossed_Over { get; init; }
        public long Operated_First { get; init; }
        public long Operated_After_Trial { get; init; }
        public long Died { get; init; }
        public long Lost { get; init; }
        public long Withdrawn { get; init; }
        public long Ended_By_Death { get; init; }
        public long Ended_By_Explant { get; init; }
        public long Ended_By_Crossover { get; init; }
        public long Ended_By_Withdrawal { get; init; }
        public long Ended_By_Loss { get; init; }

        public FlowItem ToItem() => new(
            Procedure_Group,
            Patients,
            Enrolled,
            Not_Started,
            Trialled,
            Trial_Failed,
            Trial_Succeeded,
            Trial_Undecided,
            Left_Before_Implant,
            Declined,
            Awaiting_Implant,
            Implanted,
            Implanted_Without_Trial,
            Explanted,
            Permanently_Explanted,
            Reimplanted,
            Crossed_Over,
            Operated_First,
            Operated_After_Trial,
            Died,
            Lost,
            Withdrawn,
            new EndsOfObservation(Ended_By_Death, Ended_By_Explant, Ended_By_Crossover, Ended_By_Withdrawal, Ended_By_Loss));
    }
}
