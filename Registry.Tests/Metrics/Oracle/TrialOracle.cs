using Registry.Domain.Cases;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>Trials, implants, and explants for good.</summary>
internal static class TrialOracle
{
    public static IEnumerable<ExpectedRow> Rows(Cohort cohort)
    {
        foreach (var (group, members) in cohort.Groups())
        {
            var started = members.LongCount(one => one.TrialStart is not null);
            var ended = members.LongCount(one => one.TrialEnd is not null);
            var succeeded = members.LongCount(one => one.TrialEnd?.Outcome == TrialOutcome.Succeeded);
            var implanted = members.LongCount(one => one.FirstImplant is not null);
            var explanted = members.LongCount(one => one.FirstImplant is not null && one.PermanentExplant is not null);
            var implantedAfterTrial = members.LongCount(one => one.FirstImplant is not null && one.TrialStart is not null);
            yield return new ExpectedRow(
                [("procedure", group)],
                [
                    ("started", started),
                    ("ended", ended),
                    ("succeeded", succeeded),
                    ("implanted", implanted),
                    ("explanted", explanted),
                    .. Naive.Rate("x", succeeded, "n", ended).Under("trialSuccess"),
                    .. Naive.Rate("x", implantedAfterTrial, "n", started).Under("trialToImplant"),
                    .. Naive.Rate("x", explanted, "n", implanted).Under("explantRate"),
                ]);
        }
    }
}
