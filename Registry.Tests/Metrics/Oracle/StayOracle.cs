namespace Registry.Tests.Metrics.Oracle;

/// <summary>Stays in hospital, in whole days.</summary>
internal static class StayOracle
{
    public static IEnumerable<ExpectedRow> Rows(Cohort cohort)
    {
        foreach (var (group, members) in cohort.Groups())
        {
            var days =
                members.SelectMany(one => one.Stays).Select(stay => stay.DischargedOn.DayNumber - stay.AdmittedOn.DayNumber).ToList();
            yield return new ExpectedRow(
                [("procedure", group)],
                [
                    ("n", (long)days.Count),
                    ("cases", members.LongCount(one => one.Stays.Any())),
                    ("meanDays", Naive.Mean(days)),
                    ("sdDays", Naive.Sd(days)),
                    ("medianDays", Naive.Quartile(days, 2)),
                    ("q1Days", Naive.Quartile(days, 1)),
                    ("q3Days", Naive.Quartile(days, 3)),
                ]);
        }
    }
}
