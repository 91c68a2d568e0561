using Registry.Api.Http;
using Registry.Domain.Analysis;
using Registry.Domain.Common;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>The scores of one group at one timepoint, in points of the instrument, higher is worse.</summary>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Group">The site, sex, indication or year that the row is about, as groupBy asks; null without groupBy.</param>
/// <param name="Timepoint">The timepoint.</param>
/// <param name="TargetDay">The target day of the timepoint, after time zero; 0 for the baseline: a place on an axis. Unit: days.</param>
/// <param name="Instrument">The instrument.</param>
/// <param name="Set">The analysis set: whose scores count.</param>
/// <param name="N">How many scores there are. Unit: scores.</param>
/// <param name="Mean">Their mean; null for none. Unit: points of the instrument.</param>
/// <param name="Sd">Their sample standard deviation (n − 1); null for fewer than two. Unit: points of the instrument.</param>
/// <param name="Median">Their median (type 7); null for none. Unit: points of the instrument.</param>
/// <param name="Q1">Their lower quartile (type 7); null for none. Unit: points of the instrument.</param>
/// <param name="Q3">Their upper quartile (type 7); null for none. Unit: points of the instrument.</param>
/// <param name="Min">The lowest; null for none. Unit: points of the instrument.</param>
/// <param name="Max">The highest; null for none. Unit: points of the instrument.</param>
/// <param name="Paired">The change from baseline of the cases that have both scores; null at baseline.</param>
/// <param name="Worse">Cases whose score is above their baseline; null at baseline. Unit: cases.</param>
internal sealed record ScoreItem(
    string Procedure,
    string? Group,
    string Timepoint,
    int TargetDay,
    string Instrument,
    string Set,
    long N,
    double? Mean,
    double? Sd,
    double? Median,
    double? Q1,
    double? Q3,
    [property: Disclosure(IsOfOnePatient = true)] int? Min,
    [property: Disclosure(IsOfOnePatient = true)] int? Max,
    PairedFigures? Paired,
    long? Worse);

/// <summary>The paired change from baseline: baseline − score, so that a fall is positive and a worsening negative.</summary>
/// <param name="N">How many cases have both scores. Unit: cases.</param>
/// <param name="BaselineMean">The mean of their baselines; null for none. Unit: points of the instrument.</param>
/// <param name="BaselineSd">The sample standard deviation of their baselines; null for fewer than two. Unit: points of the instrument.</param>
/// <param name="ChangeMean">The mean change; null for none. Unit: points of the instrument.</param>
/// <param name="ChangeSd">The sample standard deviation of the change; null for fewer than two. Unit: points of the instrument.</param>
/// <param name="CiLow">Lower end of the 95 % t interval of the mean change; null for fewer than two. Unit: points of the instrument.</param>
/// <param name="CiHigh">Upper end of the 95 % t interval of the mean change; null for fewer than two. Unit: points of the instrument.</param>
/// <param name="Dz">Effect size: mean change / SD of change; null without a spread. Unit: standard deviations of the change.</param>
/// <param name="Power">Post-hoc power of the paired t test, two-sided 5 %, noncentral t; null without an effect size. Unit: proportion, 0 to 1.</param>
internal sealed record PairedFigures(
    long N, double? BaselineMean, double? BaselineSd, double? ChangeMean, double? ChangeSd, double? CiLow, double? CiHigh, double? Dz, double? Power);

/// <summary>Scores, from the view <c>score_summary</c>.</summary>
internal static class Scores
{
    public const string Description =
        "Mean, sample SD (n − 1), median and quartiles (Hyndman-Fan type 7), minimum and maximum of the scores at each timepoint, and the paired change from baseline "
        + "(baseline − score: a fall is positive) with its SD, 95 % t interval, effect size dz and post-hoc power. Scores dated after permanent explant, crossover to a "
        + "later case or death are not counted. A figure that cannot be computed is null.";

    public static IEnumerable<QueryParameter> Takes => [SharedParameters.Instrument, SharedParameters.Timepoint, SharedParameters.Set, Grouping.By];

    public static Task<IReadOnlyList<ScoreItem>> Items(SummaryQuery query) => Grouping.Each(query, Ungrouped, static (item, group) => item with { Group = group });

    /// <summary>The scores of all groups together.</summary>
    public static async Task<IReadOnlyList<ScoreItem>> Ungrouped(SummaryQuery query) =>
    [
        .. from row in await ScoreRow.Of(query)
           orderby SharedParameters.Rank(row.Procedure_Group), row.Timepoint_Order, row.Instrument, Code.Parse<AnalysisSet>(row.Analysis_Set)
           select ToItem(row),
    ];

    private static ScoreItem ToItem(ScoreRow row)
    {
        var scores = new Moments(row.N, row.Sum_Score, row.Sum_Square_Score);
        var isBaseline = row.Timepoint == Code.Of(Domain.Assessments.Timepoint.Baseline);
        return new ScoreItem(
            row.Procedure_Group,
            null,
            row.Timepoint,
            SharedParameters.TargetDay(row.Timepoint),
            row.Instrument,
            row.Analysis_Set,
            row.N,
            scores.Mean,
            scores.Sd,
            row.Median_Quarters / 4.0,
            row.Q1_Quarters / 4.0,
            row.Q3_Quarters / 4.0,
            row.Lowest,
            row.Highest,
            isBaseline ? null : ToPaired(row),
            isBaseline ? null : row.Worse);
    }

    private static PairedFigures ToPaired(ScoreRow row)
    {
        var baseline = new Moments(row.Pairs, row.Sum_Baseline, row.Sum_Square_Baseline);
        var change = new PairedChange(row.Pairs, row.Sum_Change, row.Sum_Square_Change);
        return new PairedFigures(
            row.Pairs, baseline.Mean, baseline.Sd, change.Mean, change.Sd, change.Interval95?.Low, change.Interval95?.High, change.Dz, change.Power);
    }
}
