using System.Globalization;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>Response of one group at one follow-up, by pain, by disability, by either and by both.</summary>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="Threshold">The relief in percent of baseline from which a score is a response.</param>
/// <param name="PdiPoints">The fall of the PDI, in points, that counts as a response instead.</param>
/// <param name="Set">The analysis set: whom the denominator counts.</param>
/// <param name="Nrs">Responders by NRS.</param>
/// <param name="Pdi">Responders by PDI.</param>
/// <param name="Either">Responders by NRS or PDI, or both.</param>
/// <param name="Both">Responders by NRS and PDI.</param>
internal sealed record ResponseDomainItem(
    [CodesIn(nameof(CodeSets.ProcedureGroup))] string Procedure,
    [CodesOf(typeof(Timepoint))] string Timepoint,
    [Unit("percent of baseline")] int Threshold,
    [Unit("points of the PDI"), Missing("null where the percentage does")] int? PdiPoints,
    [CodesOf(typeof(AnalysisSet))] string Set,
    RateFigure Nrs,
    RateFigure Pdi,
    RateFigure Either,
    RateFigure Both);

/// <summary>Response in several domains, from the view <c>domain_response</c>.</summary>
[FromView("domain_response")]
internal static class ResponseDomains
{
    public const string Description =
        "Response by NRS, by PDI, by either and by both, each of the same cases: those with a baseline above 0 by both instruments, and in "
        + "'observed' with a score by both. By PDI the same percentage counts, or with "
        + "'pdiPoints' a fall of so many points. With 95 % Wilson intervals.";

    private static readonly QueryParameter Threshold = new(
        "threshold", "The relief, in percent of baseline, from which a score is a response. 30 when left out.")
    {
        Range = ResponseThreshold.Range,
    };

    private static readonly QueryParameter PdiPoints = new(
        "pdiPoints", "The fall of the PDI, in points, that is a response by PDI. When left out, the percentage decides.")
    {
        Range = new WholeRange(1, Pdi.Range.Max),
    };

    // One at a time: the pairs of scores are as many as the visits, and are counted anew for each question.
    private static readonly QueryParameter FollowUp =
        SharedParameters.FollowUp with { IsRepeatable = false, Meaning = "The follow-up. '12m' when left out." };

    public static IEnumerable<QueryParameter> Takes => [Threshold, PdiPoints, FollowUp, SharedParameters.Set];

    public static async Task<IReadOnlyList<ResponseDomainItem>> Items(SummaryQuery query)
    {
        var points = query.Single(PdiPoints, string.Empty);
        (string, string)[] byPoints = points.Length == 0 ? [] : [("pdi_points", points)];
        var rows = await query.Rows<Row>(
            "domain_response",
            query.Numbers(Threshold, ResponseThreshold.Moderate),
            [("timepoint", query.Single(FollowUp, Code.Of(Timepoint.Month12))), .. query.Only(("analysis_set", SharedParameters.Set)),
                .. byPoints]);
        int? stated = points.Length == 0 ? null : int.Parse(points, CultureInfo.InvariantCulture);
        return
        [
            .. from row in rows
               where query.Filter.WantsGroup(row.Procedure_Group)
                   && query.Wants(SharedParameters.Set, row.Analysis_Set)
               orderby SharedParameters.Rank(row.Procedure_Group), Code.Parse<AnalysisSet>(row.Analysis_Set)
               select new ResponseDomainItem(
                   row.Procedure_Group,
                   row.Timepoint,
                   row.Threshold_Percent,
                   stated,
                   row.Analysis_Set,
                   RateFigure.Of(row.By_Nrs, row.Denominator),
                   RateFigure.Of(row.By_Pdi, row.Denominator),
                   RateFigure.Of(row.By_Either, row.Denominator),
                   RateFigure.Of(row.By_Both, row.Denominator)),
        ];
    }

    private sealed record Row
    {
        public string Procedure_Group { get; init; } = string.Empty;
        public string Timepoint { get; init; } = string.Empty;
        public int Threshold_Percent { get; init; }
        public string Analysis_Set { get; init; } = string.Empty;
        public long Denominator { get; init; }
        public long By_Nrs { get; init; }
        public long By_Pdi { get; init; }
        public long By_Either { get; init; }
        public long By_Both { get; init; }
    }
}
