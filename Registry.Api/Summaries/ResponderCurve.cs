using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>The cumulative responder curve of one group at one follow-up.</summary>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="Instrument">The instrument.</param>
/// <param name="Set">The analysis set: whom the denominator counts.</param>
/// <param name="Denominator">The denominator, the same as of the response rates.</param>
/// <param name="Points">A point for each relief that somebody has, from the lowest; none for a worsening.</param>
internal sealed record ResponderCurveItem(
    [CodesIn(nameof(CodeSets.ProcedureGroup))] string Procedure,
    [CodesOf(typeof(Timepoint))] string Timepoint,
    [CodesOf(typeof(Instrument))] string Instrument,
    [CodesOf(typeof(AnalysisSet))] string Set,
    [Unit("cases")] long Denominator,
    IReadOnlyList<ResponderCurvePoint> Points);

/// <summary>How many have at least this relief. Between two points the curve stands at the higher one.</summary>
/// <param name="Relief">Relief in whole percent of baseline, rounded down.</param>
/// <param name="Responders">Cases with this relief or more.</param>
/// <param name="Share">Responders / denominator, 0 to 1.</param>
internal sealed record ResponderCurvePoint(
    [Unit("percent of baseline")] int Relief,
    [Unit("cases")] long Responders,
    [Unit("proportion, 0 to 1")] double Share);

/// <summary>Cumulative responder curves, from the view <c>relief_distribution</c>.</summary>
[FromView("relief_distribution")]
internal static class ResponderCurve
{
    public const string Description =
        "The share of patients at or above each percentage of relief: at every threshold the response rate of /summaries/response-rates, "
        + "so that no one threshold has to be chosen (Farrar 2006). "
        + "Cases without a credited score are in the denominators of 'treated' and 'intention-to-treat', and in no point.";

    public static IEnumerable<QueryParameter> Takes => [SharedParameters.Instrument, SharedParameters.FollowUp, SharedParameters.Set];

    public static async Task<IReadOnlyList<ResponderCurveItem>> Items(SummaryQuery query) =>
    [
        .. from row in await query.Scored<Row>("relief_distribution", SharedParameters.FollowUp, null, ScopedQuery.RatesAlone)
           group row by (row.Procedure_Group, row.Timepoint_Order, row.Timepoint, row.Instrument, row.Analysis_Set) into curve
           orderby SharedParameters.Rank(curve.Key.Procedure_Group), curve.Key.Timepoint_Order, curve.Key.Instrument,
                   Code.Parse<AnalysisSet>(curve.Key.Analysis_Set)
           select Curve(curve.First(), [.. curve]),
    ];

    /// <summary>The same curves at every tenth percent of relief: a point of its own tells the relief of a single patient.</summary>
    public static IReadOnlyList<ResponderCurveItem> AtTens(IReadOnlyList<ResponderCurveItem> items) =>
        [.. items.Select(item => item with
        {
            Points = [.. from relief in Enumerable.Range(0, 11).Select(ten => 10 * ten)
                         let point = item.Points.FirstOrDefault(point => point.Relief >= relief)
                         where point is not null
                         select point with { Relief = relief }],
        })];

    private static ResponderCurveItem Curve(Row group, IReadOnlyList<Row> rows)
    {
        var (denominator, responders) = (rows.Sum(row => row.Cases), 0L);
        var points = new List<ResponderCurvePoint>();
        foreach (var row in rows.Where(row => row.Relief_Percent >= 0).OrderByDescending(row => row.Relief_Percent))
        {
            responders += row.Cases;
            if (row.Cases > 0)
            {
                points.Add(new ResponderCurvePoint(row.Relief_Percent!.Value, responders, (double)responders / denominator));
            }
        }

        points.Reverse();
        return new ResponderCurveItem(group.Procedure_Group, group.Timepoint, group.Instrument, group.Analysis_Set, denominator, points);
    }

    private sealed record Row : IScoredRow
    {
        public string Procedure_Group { get; init; } = string.Empty;
        public string Timepoint { get; init; } = string.Empty;
        public int Timepoint_Order { get; init; }
        public string Instrument { get; init; } = string.Empty;
        public string Analysis_Set { get; init; } = string.Empty;
        public int? Relief_Percent { get; init; }
        public long Cases { get; init; }
    }
}
