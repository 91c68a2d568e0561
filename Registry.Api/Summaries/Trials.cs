using Registry.Api.OpenApi;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>The staged therapy of one group, in cases.</summary>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Started">Trials started.</param>
/// <param name="Ended">Trials ended.</param>
/// <param name="Succeeded">Trials ended with success.</param>
/// <param name="Implanted">Cases with an implant, with or without a recorded trial.</param>
/// <param name="Explanted">Of those, cases explanted for good; an explant that is followed by a re-implant within 180 days is none.</param>
/// <param name="TrialSuccess">Succeeded / ended.</param>
/// <param name="TrialToImplant">Implanted after a recorded trial / started.</param>
/// <param name="ExplantRate">Explanted / implanted.</param>
internal sealed record TrialItem(
    [CodesIn(nameof(CodeSets.ProcedureGroup))] string Procedure,
    [Unit("trials")] long Started,
    [Unit("trials")] long Ended,
    [Unit("trials")] long Succeeded,
    [Unit("cases")] long Implanted,
    [Unit("cases")] long Explanted,
    RateFigure TrialSuccess,
    RateFigure TrialToImplant,
    RateFigure ExplantRate);

/// <summary>Trials, from the view <c>trial_summary</c>.</summary>
[FromView("trial_summary")]
internal static class Trials
{
    public const string Description = "How many trials succeed and lead to an implant, and how many implants are taken out. Rates with 95 % Wilson interval, from 0 to 1.";

    public static async Task<IReadOnlyList<TrialItem>> Items(SummaryQuery query) =>
    [
        .. from row in await query.Rows<Row>("trial_summary")
           where query.Filter.WantsGroup(row.Procedure_Group)
           orderby SharedParameters.Rank(row.Procedure_Group)
           select row.ToItem(),
    ];

    private sealed record Row
    {
        public string Procedure_Group { get; init; } = string.Empty;
        public long Started { get; init; }
        public long Ended { get; init; }
        public long Succeeded { get; init; }
        public long Implanted { get; init; }
        public long Implanted_After_Trial { get; init; }
        public long Explanted { get; init; }

        public TrialItem ToItem() => new(
            Procedure_Group,
            Started,
            Ended,
            Succeeded,
            Implanted,
            Explanted,
            RateFigure.Of(Succeeded, Ended),
            RateFigure.Of(Implanted_After_Trial, Started),
            RateFigure.Of(Explanted, Implanted));
    }
}
