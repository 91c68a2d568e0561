using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>Response by NRS, by PDI, by either and by both.</summary>
internal static class ResponseDomainOracle
{
    public static IEnumerable<ExpectedRow> Rows(Cohort cohort, int? points)
    {
        var threshold = cohort.Question.Thresholds.FirstOrDefault(30);
        return from @group in cohort.Groups()
               from timepoint in Question.AskedOr(cohort.Question.Timepoints, [.. CaseOnADay.FollowUps.Select(visit => visit.Timepoint)])
               from analysisSet in Question.AskedOr(cohort.Question.Sets, Enum.GetValues<AnalysisSet>())
               let counted = @group.Members.Where(one => Counts(one, timepoint, analysisSet)).ToList()
               let byNrs = counted.Where(one => Responds(one, timepoint, Instrument.Nrs, threshold, null)).ToHashSet()
               let byPdi = counted.Where(one => Responds(one, timepoint, Instrument.Pdi, threshold, points)).ToHashSet()
               select new ExpectedRow(
                   [("procedure", @group.Name), ("timepoint", Code.Of(timepoint)), ("set", Code.Of(analysisSet))],
                   [
                       ("threshold", (long)threshold),
                       .. Naive.Rate("x", byNrs.Count, "n", counted.Count).Under("nrs"),
                       .. Naive.Rate("x", byPdi.Count, "n", counted.Count).Under("pdi"),
                       .. Naive.Rate("x", byNrs.Union(byPdi).Count(), "n", counted.Count).Under("either"),
                       .. Naive.Rate("x", byNrs.Intersect(byPdi).Count(), "n", counted.Count).Under("both"),
                   ]);
    }

    private static bool Counts(CaseOnADay one, Timepoint timepoint, AnalysisSet set)
    {
        if (!one.BelongsTo(set) || !one.IsEvaluable(Instrument.Nrs) || !one.IsEvaluable(Instrument.Pdi))
        {
            return false;
        }

        return set == AnalysisSet.Observed
            ? one.Credited(timepoint, Instrument.Nrs) is not null && one.Credited(timepoint, Instrument.Pdi) is not null
            : one.IsDue(timepoint);
    }

    private static bool Responds(CaseOnADay one, Timepoint timepoint, Instrument instrument, int threshold, int? points) =>
        one.IsTreated && one.Credited(timepoint, instrument) is { } score
        && (points is { } fall ? one.Baseline(instrument) - score.Points >= fall : one.Responds(score, instrument, threshold));
}
