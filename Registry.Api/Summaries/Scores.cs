using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Common;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>The scores of one group at one timepoint, in points of the instrument, higher is worse.</summary>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Group">The site, sex, indication or year that the row is about, as groupBy asks.</param>
/// <param name="Timepoint">The timepoint.</param>
/// <param name="TargetDay">The target day of the timepoint, after time zero; 0 for the baseline: a place on an axis.</param>
/// <param name="Instrument">The instrument.</param>
/// <param name="Set">The analysis set: whose scores count.</param>
/// <param name="N">How many scores there are.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Sd">Their sample standard deviation (n − 1).</param>
/// <param name="Median">Their median (type 7).</param>
/// <param name="Q1">Their lower quartile (type 7).</param>
/// <param name="Q3">Their upper quartile (type 7).</param>
/// <param name="Min">The lowest.</param>
/// <param name="Max">The highest.</param>
/// <param name="Paired">The change from baseline of the cases that have both scores.</param>
/// <param name="Worse">Cases whose score is above their baseline.</param>
internal sealed record ScoreItem(
    [CodesIn(nameof(CodeSets.ProcedureGroup))] string Procedure,
    [Missing("null without groupBy")] string? Group,
    [CodesOf(typeof(Timepoint))] string Timepoint,
    [Unit("days")] int TargetDay,
    [CodesOf(typeof(Instrument))] string Instrument,
    [CodesOf(typeof(AnalysisSet))] string Set,
    [Unit("scores")] long N,
    [Unit("points of the instrument"), Missing("null for none")] double? Mean,
    [Unit("points of the instrument"), Missing("null for fewer than two")] double? Sd,
    [Unit("points of the instrument"), Missing("null for none")] double? Median,
    [Unit("points of the instrument"), Missing("null for none")] double? Q1,
    [Unit("points of the instrument"), Missing("null for none")] double? Q3,
    [property: Disclosure(IsOfOnePatient = true)][Unit("points of the instrument"), Missing("null for none")] int? Min,
    [property: Disclosure(IsOfOnePatient = true)][Unit("points of the instrument"), Missing("null for none")] int? Max,
    [Missing("null at baseline")] PairedFigures? Paired,
    [Unit("cases"), Missing("null at baseline")] long? Worse);

/// <summary>The paired change from baseline: baseline − score, so that a fall is positive and a worsening negative.</summary>
/// <param name="N">How many cases have both scores.</param>
/// <param name="BaselineMean">The mean of their baselines.</param>
/// <param name="BaselineSd">The sample standard deviation of their baselines.</param>
/// <param name="ChangeMean">The mean change, baseline − score: positive is improvement.</param>
/// <param name="ChangeSd">The sample standard deviation of the change.</param>
/// <param name="CiLow">Lower end of the 95 % t interval of the mean change.</param>
/// <param name="CiHigh">Upper end of the 95 % t interval of the mean change.</param>
/// <param name="Dz">Effect size: mean change / SD of change.</param>
/// <param name="Power">Post-hoc power of the paired t test, two-sided 5 %, noncentral t.</param>
internal sealed record PairedFigures(
    [Unit("cases")] long N,
    [Unit("points of the instrument"), Missing("null for none")] double? BaselineMean,
    [Unit("points of the instrument"), Missing("null for fewer than two")] double? BaselineSd,
    [Unit("points of the instrument"), Missing("null for none")] double? ChangeMean,
    [Unit("points of the instrument"), Missing("null for fewer than two")] double? ChangeSd,
    [Unit("points of the instrument"), Missing("null for fewer than two")] double? CiLow,
    [Unit("points of the instrument"), Missing("null for fewer than two")] double? CiHigh,
    [Unit("standard deviations of the change"), Missing("null without a spread")] double? Dz,
    [Unit("proportion, 0 to 1"), Missing("null without an effect size")] double? Power)
{
    /// <summary>The figures of so many pairs with these sums, in points of the instrument and their squares.</summary>
    public static PairedFigures Of(long pairs, long sumOfBaselines, long sumOfSquaredBaselines, long sumOfChanges, long sumOfSquaredChanges)
    {
        var baseline = new Moments(pairs, sumOfBaselines, sumOfSquaredBaselines);
        var change = new PairedChange(pairs, sumOfChanges, sumOfSquaredChanges);
        return new PairedFigures(
            pairs, baseline.Mean, baseline.Sd, change.Mean, change.Sd, change.Interval95?.Low, change.Interval95?.High, change.Dz,
            change.Power);
    }
}

/// <summary>Scores, from the view <c>score_summary</c>.</summary>
[FromView("score_summary")]
internal static class Scores
{
    public const string Description =
        "Mean, sample SD (n − 1), median and quartiles (Hyndman-Fan type 7), minimum and maximum of the scores at each timepoint, and the "
        + "paired change from baseline "
        + "(baseline − score: a fall is positive) with its SD, 95 % t interval, effect size dz and post-hoc power. Scores dated after "
        + "permanent explant, crossover to a "
        + "later case or death are not counted. A figure that cannot be computed is null.";

    public static IEnumerable<QueryParameter> Takes =>
        [SharedParameters.Instrument, SharedParameters.Timepoint, SharedParameters.Set, Grouping.By];

    public static Task<IReadOnlyList<ScoreItem>> Items(SummaryQuery query) =>
        Grouping.Each(query, Ungrouped, static (item, group) => item with { Group = group });

    /// <summary>The scores of all groups together.</summary>
    public static async Task<IReadOnlyList<ScoreItem>> Ungrouped(SummaryQuery query) =>
    [
        .. from row in await ScoreRow.Of(query)
           orderby SharedParameters.Rank(row.Procedure_Group), row.Timepoint_Order, row.Instrument,
                   Code.Parse<AnalysisSet>(row.Analysis_Set)
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
            isBaseline
                ? null
                : PairedFigures.Of(row.Pairs, row.Sum_Baseline, row.Sum_Square_Baseline, row.Sum_Change, row.Sum_Square_Change),
            isBaseline ? null : row.Worse);
    }
}
