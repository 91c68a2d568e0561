using System.Collections.Concurrent;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Statistics;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>Scores and their paired change from baseline.</summary>
internal static class ScoreOracle
{
    // The same few changes come again and again, and power is slow to compute.
    private static readonly ConcurrentDictionary<(double Dz, int Pairs), double> Powers = new();

    public static IEnumerable<ExpectedRow> Rows(Cohort cohort) =>
        from @group in cohort.Groups()
        from timepoint in Question.AskedOr(cohort.Question.Timepoints, Enum.GetValues<Timepoint>())
        from instrument in Question.AskedOr(cohort.Question.Instruments, Enum.GetValues<Instrument>())
        from analysisSet in Question.AskedOr(cohort.Question.Sets, Enum.GetValues<AnalysisSet>())
        select new ExpectedRow(
            [("procedure", @group.Name), ("timepoint", Code.Of(timepoint)), ("instrument", Code.Of(instrument)),
                ("set", Code.Of(analysisSet))],
            Figures(@group.Members, timepoint, instrument, analysisSet));

    public static IEnumerable<ExpectedRow> Trajectories(Cohort cohort) =>
        from @group in cohort.Groups()
        from instrument in Question.AskedOr(cohort.Question.Instruments, Enum.GetValues<Instrument>())
        from analysisSet in Question.AskedOr(cohort.Question.Sets, Enum.GetValues<AnalysisSet>())
        from timepoint in Question.AskedOr(cohort.Question.Timepoints, Enum.GetValues<Timepoint>())
        let points = @group.Members.Where(one => one.BelongsTo(analysisSet))
            .Select(one => one.Credited(timepoint, instrument)?.Points)
            .OfType<int>()
            .ToList()
        let change = Paired(Pairs(@group.Members, timepoint, instrument, analysisSet))
        select new ExpectedRow(
            [("procedure", @group.Name), ("timepoint", Code.Of(timepoint)), ("instrument", Code.Of(instrument)),
                ("set", Code.Of(analysisSet))],
            [
                ("n", (long)points.Count),
                ("mean", Naive.Mean(points)),
                ("sd", Naive.Sd(points)),
                ("p5", (double?)Naive.Quantile(points.Select(point => (decimal)point), 0.05m)),
                ("q1", Naive.Quartile(points, 1)),
                ("median", Naive.Quartile(points, 2)),
                ("q3", Naive.Quartile(points, 3)),
                ("p95", (double?)Naive.Quantile(points.Select(point => (decimal)point), 0.95m)),
                .. timepoint == Timepoint.Baseline ? [("change", null)] : change.Under("change"),
            ]);

    private static IEnumerable<(string Name, object? Value)> Paired((IReadOnlyList<int> Baselines, IReadOnlyList<int> Changes) pairs)
    {
        var (mean, sd, n) = (Naive.Mean(pairs.Changes), Naive.Sd(pairs.Changes), pairs.Changes.Count);
        var halfWidth = sd is { } spread ? CriticalValue.StudentT(0.05, n - 1) * spread / Math.Sqrt(n) : (double?)null;
        return [("n", (long)n), ("mean", mean), ("sd", sd), ("ciLow", mean - halfWidth), ("ciHigh", mean + halfWidth)];
    }

    /// <summary>The baselines, and the changes from them, of the cases that have both scores.</summary>
    public static (IReadOnlyList<int> Baselines, IReadOnlyList<int> Changes) Pairs(
        IReadOnlyList<CaseOnADay> members, Timepoint timepoint, Instrument instrument, AnalysisSet set)
    {
        var baselines = new List<int>();
        var changes = new List<int>();
        foreach (var one in members.Where(one => one.BelongsTo(set)))
        {
            if (one.Credited(timepoint, instrument) is { } score && one.Baseline(instrument) is { } baseline)
            {
                baselines.Add(baseline);
                changes.Add(baseline - score.Points);
            }
        }

        return (baselines, changes);
    }

    public static IEnumerable<(string Name, object? Value)> Paired(IReadOnlyList<int> baselines, IReadOnlyList<int> changes)
    {
        var mean = Naive.Mean(changes);
        var sd = Naive.Sd(changes);
        var halfWidth =
            sd is { } spread ? CriticalValue.StudentT(0.05, changes.Count - 1) * spread / Math.Sqrt(changes.Count) : (double?)null;
        var dz = sd > 0 ? mean / sd : null;
        return
        [
            ("n", (long)changes.Count),
            ("baselineMean", Naive.Mean(baselines)),
            ("baselineSd", Naive.Sd(baselines)),
            ("changeMean", mean),
            ("changeSd", sd),
            ("ciLow", mean - halfWidth),
            ("ciHigh", mean + halfWidth),
            ("dz", dz),
            ("power", dz is { } effect ? Powers.GetOrAdd((effect, changes.Count), one => Power.ForPairedT(one.Dz, one.Pairs)) : null),
        ];
    }

    private static IEnumerable<(string Name, object? Value)> Figures(
        IReadOnlyList<CaseOnADay> members, Timepoint timepoint, Instrument instrument, AnalysisSet set)
    {
        var points =
            members.Where(one => one.BelongsTo(set)).Select(one => one.Credited(timepoint, instrument)?.Points).OfType<int>().ToList();
        var (baselines, changes) = Pairs(members, timepoint, instrument, set);
        return
        [
            ("n", (long)points.Count),
            ("mean", Naive.Mean(points)),
            ("sd", Naive.Sd(points)),
            ("median", Naive.Quartile(points, 2)),
            ("q1", Naive.Quartile(points, 1)),
            ("q3", Naive.Quartile(points, 3)),
            ("min", points.Count == 0 ? null : (long)points.Min()),
            ("max", points.Count == 0 ? null : (long)points.Max()),
            .. timepoint == Timepoint.Baseline ? [("paired", null)] : Paired(baselines, changes).Under("paired"),
            ("worse", timepoint == Timepoint.Baseline ? null : changes.LongCount(change => change < 0)),
        ];
    }
}
