using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Common;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>The scores of one group at one timepoint, as a point of its trajectory. Higher is worse.</summary>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Timepoint">The timepoint.</param>
/// <param name="Instrument">The instrument.</param>
/// <param name="Set">The analysis set: whose scores count.</param>
/// <param name="TargetDay">The day after time zero on which the visit is due; 0 for the baseline.</param>
/// <param name="N">How many scores there are.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Sd">Their sample standard deviation (n − 1).</param>
/// <param name="P5">Their 5th percentile (type 7).</param>
/// <param name="Q1">Their lower quartile (type 7).</param>
/// <param name="Median">Their median (type 7).</param>
/// <param name="Q3">Their upper quartile (type 7).</param>
/// <param name="P95">Their 95th percentile (type 7).</param>
/// <param name="Change">The change from baseline of the cases that have both scores.</param>
internal sealed record TrajectoryItem(
    [CodesIn(nameof(CodeSets.ProcedureGroup))] string Procedure,
    [CodesOf(typeof(Timepoint))] string Timepoint,
    [CodesOf(typeof(Instrument))] string Instrument,
    [CodesOf(typeof(AnalysisSet))] string Set,
    [Unit("days")] int TargetDay,
    [Unit("scores")] long N,
    [Unit("points of the instrument"), Missing("null for none")] double? Mean,
    [Unit("points of the instrument"), Missing("null for fewer than two")] double? Sd,
    [Unit("points of the instrument"), Missing("null for none")] double? P5,
    [Unit("points of the instrument"), Missing("null for none")] double? Q1,
    [Unit("points of the instrument"), Missing("null for none")] double? Median,
    [Unit("points of the instrument"), Missing("null for none")] double? Q3,
    [Unit("points of the instrument"), Missing("null for none")] double? P95,
    [Missing("null at baseline")] PairedChangeFigures? Change);

/// <summary>The paired change from baseline: baseline − score, so that a fall is positive.</summary>
/// <param name="N">How many cases have both scores.</param>
/// <param name="Mean">The mean change, baseline − score: positive is improvement.</param>
/// <param name="Sd">Its sample standard deviation.</param>
/// <param name="CiLow">Lower end of the 95 % t interval of the mean change.</param>
/// <param name="CiHigh">Upper end of the 95 % t interval of the mean change.</param>
internal sealed record PairedChangeFigures(
    [Unit("cases")] long N,
    [Unit("points of the instrument"), Missing("null for none")] double? Mean,
    [Unit("points of the instrument"), Missing("null for fewer than two")] double? Sd,
    [Unit("points of the instrument"), Missing("null for fewer than two")] double? CiLow,
    [Unit("points of the instrument"), Missing("null for fewer than two")] double? CiHigh);

/// <summary>Trajectories, from the view <c>score_summary</c>.</summary>
[FromView("score_summary")]
internal static class Trajectories
{
    public const string Description =
        "The course of the scores over the timepoints: n, mean, sample SD, 5th percentile, quartiles and 95th percentile (Hyndman-Fan type "
        + "7), and the paired change from baseline with its 95 % t interval. "
        + "The same scores as /summaries/scores. The lines of single cases are rows of /cohorts/export?shape=long with the same filters.";

    public static IEnumerable<QueryParameter> Takes => [SharedParameters.Instrument, SharedParameters.Timepoint, SharedParameters.Set];

    public static async Task<IReadOnlyList<TrajectoryItem>> Items(SummaryQuery query) =>
    [
        .. from row in await ScoreRow.Of(query)
           orderby SharedParameters.Rank(row.Procedure_Group), row.Instrument, Code.Parse<AnalysisSet>(row.Analysis_Set),
                   row.Timepoint_Order
           select ToItem(row),
    ];

    private static TrajectoryItem ToItem(ScoreRow row)
    {
        var scores = new Moments(row.N, row.Sum_Score, row.Sum_Square_Score);
        var change = new PairedChange(row.Pairs, row.Sum_Change, row.Sum_Square_Change);
        return new TrajectoryItem(
            row.Procedure_Group,
            row.Timepoint,
            row.Instrument,
            row.Analysis_Set,
            SharedParameters.TargetDay(row.Timepoint),
            row.N,
            scores.Mean,
            scores.Sd,
            row.P5_Twentieths / 20.0,
            row.Q1_Quarters / 4.0,
            row.Median_Quarters / 4.0,
            row.Q3_Quarters / 4.0,
            row.P95_Twentieths / 20.0,
            row.Timepoint == Code.Of(Timepoint.Baseline)
                ? null
                : new PairedChangeFigures(row.Pairs, change.Mean, change.Sd, change.Interval95?.Low, change.Interval95?.High));
    }
}
