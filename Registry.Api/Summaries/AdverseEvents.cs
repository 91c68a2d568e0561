using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Analysis;
using Registry.Domain.Common;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>The adverse events of one group.</summary>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Category">The cause of the adverse events, or 'all'.</param>
/// <param name="Set">The analysis set: whom the denominator counts.</param>
/// <param name="Events">Adverse events; a case may have several.</param>
/// <param name="Patients">Patients with at least one: a site's own reference counts once, however many cases the patient has.</param>
/// <param name="Cases">The denominator: cases of the set, with or without an adverse event.</param>
/// <param name="CasesWithEvent">The numerator: cases of the set with at least one.</param>
/// <param name="Rate">CasesWithEvent / cases, 0 to 1.</param>
/// <param name="CiLow">Lower end of the 95 % Wilson interval.</param>
/// <param name="CiHigh">Upper end of the 95 % Wilson interval.</param>
/// <param name="Serious">Adverse events that were serious. Not the same as severe.</param>
/// <param name="BySeverity">The adverse events by severity; they add up to events.</param>
internal sealed record AdverseEventItem(
    [CodesIn(nameof(CodeSets.ProcedureGroup))] string Procedure,
    [CodesIn(nameof(CodeSets.AdverseEventGroup))] string Category,
    [CodesOf(typeof(AnalysisSet))] string Set,
    [Unit("adverse events")] long Events,
    [Unit("patients")] long Patients,
    [Unit("cases")] long Cases,
    [Unit("cases")] long CasesWithEvent,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? Rate,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? CiLow,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? CiHigh,
    [Unit("adverse events")] long Serious,
    SeverityCounts BySeverity);

/// <summary>Numbers of adverse events by severity.</summary>
/// <param name="Mild">Noticed, easily borne.</param>
/// <param name="Moderate">Interfered with daily life.</param>
/// <param name="Severe">Prevented daily life.</param>
internal sealed record SeverityCounts(
    [Unit("adverse events")] long Mild,
    [Unit("adverse events")] long Moderate,
    [Unit("adverse events")] long Severe);

/// <summary>Adverse events, from the view <c>adverse_event_summary</c>.</summary>
[FromView("adverse_event_summary")]
internal static class AdverseEvents
{
    public const string Description =
        "Adverse events by category, as events, as patients and as cases with at least one. Sets: 'intention-to-treat' (entered treatment: "
        + "trial started or operated), "
        + "'treated' (implanted or operated). Adverse events that began after the cut-off are not looked at. Rates and intervals (95 %, "
        + "Wilson score) are from 0 to 1, "
        + "null for an empty denominator.";

    private const string All = "all";

    private static readonly QueryParameter Category =
        new("category", "The cause of the adverse events; 'all' pools the four. Left out: every one, and 'all'.")
        {
            IsRepeatable = true,
            Codes = [.. Code.All<AdverseEventCategory>(), All],
            CodesName = "AdverseEventGroup",
        };

    private static readonly QueryParameter Set = SharedParameters.Set with
    {
        Codes = [Code.Of(AnalysisSet.Treated), Code.Of(AnalysisSet.IntentionToTreat)],
        CodesName = "SafetySet",
        Meaning = "The analysis set. Left out: both.",
    };

    public static IEnumerable<QueryParameter> Takes => [Category, Set];

    public static async Task<IReadOnlyList<AdverseEventItem>> Items(SummaryQuery query) =>
    [
        .. from row in await query.Rows<Row>("adverse_event_summary")
           where query.Filter.WantsGroup(row.Procedure_Group) && query.Wants(Category, row.Category_Group)
               && query.Wants(Set, row.Analysis_Set)
           orderby SharedParameters.Rank(row.Procedure_Group),
                   Code.Parse<AdverseEventCategory>(row.Category_Group) ?? (AdverseEventCategory)int.MaxValue, Code
                       .Parse<AnalysisSet>(row.Analysis_Set)
           select row.ToItem(),
    ];

    private sealed record Row
    {
        public string Procedure_Group { get; init; } = string.Empty;
        public string Category_Group { get; init; } = string.Empty;
        public string Analysis_Set { get; init; } = string.Empty;
        public long Events { get; init; }
        public long Patients { get; init; }
        public long Cases { get; init; }
        public long Cases_With_Event { get; init; }
        public long Serious { get; init; }
        public long Mild { get; init; }
        public long Moderate { get; init; }
        public long Severe { get; init; }

        public AdverseEventItem ToItem()
        {
            var rate = new Proportion(Cases_With_Event, Cases);
            return new AdverseEventItem(
                Procedure_Group,
                Category_Group,
                Analysis_Set,
                Events,
                Patients,
                Cases,
                Cases_With_Event,
                rate.Rate,
                rate.Wilson95?.Low,
                rate.Wilson95?.High,
                Serious,
                new SeverityCounts(Mild, Moderate, Severe));
        }
    }
}
