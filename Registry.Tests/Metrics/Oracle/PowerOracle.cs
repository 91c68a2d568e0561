using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Statistics;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>The size of the next study, planned on the registry's own change from baseline.</summary>
internal static class PowerOracle
{
    public static IEnumerable<ExpectedRow> Rows(Cohort cohort) =>
        from @group in cohort.Groups()
        from timepoint in Question.AskedOr(cohort.Question.Timepoints, [.. CaseOnADay.FollowUps.Select(one => one.Timepoint)])
        from instrument in Question.AskedOr(cohort.Question.Instruments, [Instrument.Nrs])
        from analysisSet in Question.AskedOr(cohort.Question.Sets, [AnalysisSet.Treated])
        select new ExpectedRow(
            [("procedure", @group.Name), ("timepoint", Code.Of(timepoint)), ("instrument", Code.Of(instrument)),
                ("set", Code.Of(analysisSet))],
            Figures(
                ScoreOracle.Pairs(@group.Members, timepoint, instrument, analysisSet).Changes, (double)(cohort.Question.Power ?? 0.8m)));

    private static IEnumerable<(string Name, object? Value)> Figures(IReadOnlyList<int> changes, double power)
    {
        var mean = Naive.Mean(changes);
        var sd = Naive.Sd(changes);
        var dz = sd > 0 ? mean / sd : null;
        return
        [
            ("source", "registry"),
            ("n", (long)changes.Count),
            ("mean", mean),
            ("sd", sd),
            ("dz", dz),
            ("power", power),
            ("alpha", 0.05),
            ("pairs", dz is { } effect && effect != 0 ? SampleSize.ForPairedT(effect, power) : null),
        ];
    }
}
