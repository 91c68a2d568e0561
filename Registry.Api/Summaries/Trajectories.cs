using Registry.Api.Http;
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
/// <param name="TargetDay">The day after time zero on which the visit is due; 0 for the baseline. Unit: days.</param>
/// <param name="N">How many scores there are. Unit: scores.</param>
/// <param name="Mean">Their mean; null for none. Unit: points of the instrument.</param>
/// <param name="Sd">Their sample standard deviation (n − 1); null for fewer than two. Unit: points of the instrument.</param>
/// <param name="P5">Their 5th percentile (type 7); null for none. Unit: points of the instrument.</param>
/// <param name="Q1">Their lower quartile (type 7); null for none. Unit: points of the instrument.</param>
/// <param name="Median">Their median (type 7); null for none. Unit: points of the instrument.</param>
/// <param name="Q3">Their upper quartile (type 7); null for none. Unit: points of the instrument.</param>
/// <param name="P95">Their 95th percentile (type 7); null for none. Unit: points of the instrument.</param>
/// <param name="Change">The change from baseline of the cases that have both scores; null at baseline.</param>
internal sealed record TrajectoryItem(
    string Procedure,
    string Timepoint,
    string Instrument,
    string Set,
    int TargetDay,
    long N,
    double? Mean,
    double? Sd,
    double? P5,
    double? Q1,
    double? Median,
    double? Q3,
    double? P95,
    PairedChangeFigures? Change);

/// <summary>The paired change from baseline: baseline − score, so that a fall is positive.</summary>
/// <param name="N">How many cases have both scores. Unit: cases.</param>
/// <param name="Mean">The mean change; null for none. Unit: points of the instrument.</param>
/// <param name="Sd">Its sample standard deviation; null for fewer than two. Unit: points of the instrument.</param>
/// <param name="CiLow">Lower end of the 95 % t interval of the mean change; null for fewer than two. Unit: points of the instrument.</param>
/// <param name="CiHigh">Upper end of the 95 % t interval of the mean change; null for fewer than two. Unit: points of the instrument.</param>
internal sealed record PairedChangeFigures(long N, double? Mean, double? Sd, double? CiLow, double? CiHigh);

/// <summary>Trajectories, from the view <c>score_summary</c>.</summary>
internal static class Trajectories
{
    public const string Description =
        "The course of the scores over the timepoints: n, mean, sample SD, 5th percentile, quartiles and 95th percentile (Hyndman-Fan type 7), and the paired change from baseline with its 95 % t interval. "
        + "The same scores as /summaries/scores.";

    public static IEnumerable<QueryParameter> Takes => [SharedParameters.Instrument, SharedParameters.Timepoint, SharedParameters.Set];

    public static async Task<IReadOnlyList<TrajectoryItem>> Items(SummaryQuery query) =>
    [
        .. from row in await ScoreRow.Of(query)
           orderby SharedParameters.Rank(row.Procedure_Group), row.Instrument, Code.Parse<AnalysisSet>(row.Analysis_Set), row.Timepoint_Order
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
            row.Timepoint == Code.Of(Timepoint.Baseline) ? null : new PairedChangeFigures(row.Pairs, change.Mean, change.Sd, change.Interval95?.Low, change.Interval95?.High));
    }
}
