using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;
using static Registry.Tests.Support.CaseToRecord;

namespace Registry.Tests.Metrics;

/// <summary>
/// Stays and courses of a few cases, asked on 30 June 2026.
/// <code>
/// SCS          course                                                stays in days
/// kept         trial succeeded, implant                              0 and 7
/// removed      trial succeeded, implant, permanent explant           1
/// exchanged    trial succeeded, implant, explant, re-implant         2
/// declined     trial succeeded
/// failed       trial failed
/// running      trial started
/// direct       implant without a recorded trial
/// enrolled     nothing yet
/// DRG          one failed trial                                      3
/// DREZ         one operation
/// </code>
/// </summary>
public sealed class StayAndTrialTests(Engine engine) : RegistryFixture(engine)
{
    protected override TimeProvider? Clock => new StoppedClock(new DateOnly(2026, 6, 30));

    protected override async Task Prepare()
    {
        await Site(Api);
        CaseToRecord[] all =
        [
            Scs("kept").Trial("2024-01-10", succeeded: "2024-01-20")
                .Implanted("2024-02-10")
                .Stayed("2024-01-10", "2024-01-10")
                .Stayed("2024-02-25", "2024-03-03"),
            Scs("removed").Trial("2024-01-10", succeeded: "2024-01-20")
                .Implanted("2024-02-10")
                .Explanted("2025-02-10", permanent: true)
                .Stayed("2023-12-31", "2024-01-01"),
            Scs("exchanged").Trial("2024-01-10", succeeded: "2024-01-20")
                .Implanted("2024-02-10")
                .Explanted("2025-03-10", permanent: false)
                .Implanted("2025-04-10")
                .Stayed("2024-02-28", "2024-03-01"),
            Scs("declined").Trial("2024-01-10", succeeded: "2024-01-20"),
            Scs("failed").Trial("2024-01-10", failed: "2024-01-20"),
            Scs("running").Trial("2024-01-10"),
            Scs("direct").Implanted("2024-02-10"),
            Scs("enrolled"),
            Drg("drg-failed").Trial("2024-01-10", failed: "2024-01-20").Stayed("2023-02-27", "2023-03-02"),
            Drez("operated").Lesioned("2024-01-10"),
        ];
        foreach (var told in all)
        {
            await told.Record(Api);
        }
    }

    // 0, 1, 2, 7: 25 February to 3 March of a leap year is 7, and 28 February to 1 March is 2. Mean 2.5, squares 6.25 + 2.25
    // + 0.25 + 20.25 = 29, SD √(29/3); positions 0.75, 1.5, 2.25: 0.75, 1.5, 3.25.
    [TestCase("scs", 4, 3, 2.5, 3.1091264, 0.75, 1.5, 3.25)]
    [TestCase("drg", 1, 1, 3.0, null, 3.0, 3.0, 3.0)]
    [TestCase("drez", 0, 0, null, null, null, null, null)]
    [TestCase("cordotomy", 0, 0, null, null, null, null, null)]

    // 0, 1, 2, 3, 7: mean 2.6, squares 6.76 + 2.56 + 0.36 + 0.16 + 19.36 = 29.2, SD √7.3.
    [TestCase("all", 5, 4, 2.6, 2.7018512, 1.0, 2.0, 3.0)]
    public async Task Describe_stays_in_whole_days(
        string procedure, int n, int cases, double? mean, double? sd, double? q1, double? median, double? q3)
    {
        var row = (await Api.Get("/summaries/stays")).Expect(200).Row(("procedure", procedure));
        Assert.That(
            Figures(row, "n", "cases", "meanDays", "sdDays", "q1Days", "medianDays", "q3Days"),
            Is.EqualTo(new[] { n, cases, mean, sd, q1, median, q3 }).Within(5e-8));
    }

    // A stay counts from the day of its discharge.
    [TestCase("2024-03-02", 3)]
    [TestCase("2024-03-03", 4)]
    public async Task Look_at_no_stay_that_ended_after_the_cut_off(string asOf, int n) =>
        Assert.That(
            Figures((await Api.Get($"/summaries/stays?asOf={asOf}")).Expect(200).Row(("procedure", "scs")), "n"),
            Is.EqualTo(new double?[] { n }));

    // 'exchanged' is not explanted: the therapy went on.
    [TestCase("scs", 6, 5, 4, 4, 1, 3)]
    [TestCase("drg", 1, 1, 0, 0, 0, 0)]
    [TestCase("drez", 0, 0, 0, 0, 0, 0)]
    [TestCase("cordotomy", 0, 0, 0, 0, 0, 0)]
    [TestCase("all", 7, 6, 4, 4, 1, 3)]
    public async Task Count_trials_implants_and_explants(
        string procedure, int started, int ended, int succeeded, int implanted, int explanted, int implantedAfterTrial)
    {
        var row = (await Api.Get("/summaries/trials")).Expect(200).Row(("procedure", procedure));
        Assert.That(
            Figures(row, "started", "ended", "succeeded", "implanted", "explanted"),
            Is.EqualTo(new double?[] { started, ended, succeeded, implanted, explanted }));
        Assert.That(Figures(row["trialSuccess"]!, "x", "n", "rate"), Is.EqualTo(Rate(succeeded, ended)));
        Assert.That(Figures(row["trialToImplant"]!, "x", "n", "rate"), Is.EqualTo(Rate(implantedAfterTrial, started)));
        Assert.That(Figures(row["explantRate"]!, "x", "n", "rate"), Is.EqualTo(Rate(explanted, implanted)));
    }

    // 4/5: centre (0.8 + z²/10) / (1 + z²/5) = 0.669655, half-width 0.294121.
    [Test]
    public async Task Carry_the_Wilson_interval() => Assert.That(
        Figures((await Api.Get("/summaries/trials")).Expect(200).Row(("procedure", "scs"))["trialSuccess"]!, "ciLow", "ciHigh"),
        Is.EqualTo(new double?[] { 0.375535, 0.963776 }).Within(5e-6));

    [TestCase("2024-01-09", 0, 0, 0, 0)]
    [TestCase("2024-01-10", 6, 0, 0, 0)]
    [TestCase("2024-01-20", 6, 5, 0, 0)]
    [TestCase("2024-02-10", 6, 5, 4, 0)]
    [TestCase("2025-02-10", 6, 5, 4, 1)]
    [TestCase("2025-03-09", 6, 5, 4, 1)]

    // The explant of 'exchanged' is a temporary one.
    [TestCase("2025-03-10", 6, 5, 4, 1)]
    public async Task Look_at_no_event_later_than_the_cut_off(string asOf, int started, int ended, int implanted, int explanted) =>
        Assert.That(
            Figures(
                (await Api.Get($"/summaries/trials?asOf={asOf}")).Expect(200).Row(("procedure", "scs")),
                "started",
                "ended",
                "implanted",
                "explanted"),
            Is.EqualTo(new double?[] { started, ended, implanted, explanted }));

    private static double?[] Rate(int x, int n) => [x, n, n == 0 ? null : (double)x / n];

    private static double?[] Figures(JsonNode row, params string[] names) =>
        [.. names.Select(name => row.AsObject().ContainsKey(name) ? row[name]?.GetValue<double>() : throw new KeyNotFoundException(name))];
}
