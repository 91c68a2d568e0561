using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;
using static Registry.Tests.Support.CaseToRecord;

namespace Registry.Tests.Metrics;

/// <summary>
/// A small registry, asked on 30 June 2026 for the NRS at 12 months. Unless said otherwise time zero is 10 January 2024,
/// so that the visit is due on day 365, 9 January 2025, and the score is taken on that day.
/// <code>
/// SCS          NRS           tells
/// boundary     10 → 7        exactly 30 %
/// below         7 → 5        28.57 %, and yet 2 points
/// worse         6 → 8        -33 %
/// zero          0 → 0        baseline 0: not evaluable
/// no-baseline   . → 3        baseline missing, post-op 9 is none: not evaluable
/// died          8 → .        died before the visit was due
/// died-later    8 → 4        50 %, and died a month after the visit
/// explanted     9 → (2)      permanently, before the visit: not credited
/// paused        8 → (4)      between explant and re-implant: not credited
/// crossed       9 → (1)      failed trial, and a DREZ before the visit: not credited
/// young         8 → .        not due before December 2026
/// early        10 → 5        50 %, taken though not due before August 2026
/// failed        8 → 3        failed trial: what helped was not the treatment
/// lost          7 → .        lost
/// late         10 → 6        40 %, on day 721, long after the window of the visit
/// </code>
/// </summary>
public sealed class ResponseRateTests(Engine engine) : RegistryFixture(engine)
{
    private const string Due = "2025-01-09";

    protected override TimeProvider? Clock => new StoppedClock(new DateOnly(2026, 6, 30));

    protected override async Task Prepare()
    {
        await Site(Api);
        foreach (var told in Stimulated().Concat(OnTheEdgeOfAnExplant()).Concat(OnTheEdgeOfDeath()))
        {
            await told.Record(Api);
        }
    }

    private static IEnumerable<CaseToRecord> Stimulated() =>
    [
        Implant("boundary").Scored("baseline", "2023-12-20", 10, pdi: 41).Scored("12m", Due, 7, pdi: 29),
        Implant("below").Scored("baseline", "2023-12-20", 7).Scored("12m", Due, 5),
        Implant("worse").Scored("baseline", "2023-12-20", 6).Scored("12m", Due, 8),
        Implant("zero").Scored("baseline", "2023-12-20", 0).Scored("12m", Due, 0),
        Implant("no-baseline").Scored("post-op", "2024-01-17", 9).Scored("12m", Due, 3),
        Implant("died").Scored("baseline", "2023-12-20", 8).Died("2024-12-01"),
        Implant("died-later").Scored("baseline", "2023-12-20", 8).Scored("12m", Due, 4).Died("2025-02-09"),
        Implant("explanted").Scored("baseline", "2023-12-20", 9).Explanted("2024-09-01", permanent: true).Scored("12m", Due, 2),
        Implant("paused").Scored("baseline", "2023-12-20", 8)
            .Explanted("2024-12-01", permanent: false)
            .Implanted("2025-03-01")
            .Scored("12m", Due, 4),
        Scs("crossed").Trial("2024-01-10", failed: "2024-01-20").Scored("baseline", "2024-01-10", 9).Scored("12m", Due, 1),
        Drez("crossed-drez", follows: "crossed").Lesioned("2024-06-01").Scored("baseline", "2024-05-31", 9).Scored("12m", "2025-06-01", 2),
        Scs("young").Implanted("2025-12-01").Scored("baseline", "2025-11-20", 8),
        Scs("early").Implanted("2025-08-01").Scored("baseline", "2025-07-20", 10).Scored("12m", "2026-06-01", 5),
        Scs("failed").Trial("2024-01-10", failed: "2024-01-20").Scored("baseline", "2024-01-09", 8).Scored("12m", Due, 3),
        Implant("lost").Scored("baseline", "2023-12-20", 7).Lost("2024-08-01"),
        Implant("late").Scored("baseline", "2023-12-20", 10).Scored("12m", "2025-12-31", 6),
    ];

    private static CaseToRecord Implant(string code) => Scs(code).Trial("2023-12-20", succeeded: "2023-12-30").Implanted("2024-01-10");

    // DRG: what happens on the day of the score itself, or on the day before or after.
    private static IEnumerable<CaseToRecord> OnTheEdgeOfAnExplant() =>
    [
        Drg("out-that-day").Implanted("2024-01-10")
            .Scored("baseline", "2024-01-10", 8)
            .Explanted(Due, permanent: true)
            .Scored("12m", Due, 4),
        Drg("out-the-day-before").Implanted("2024-01-10")
            .Scored("baseline", "2024-01-10", 8)
            .Explanted("2025-01-08", permanent: true)
            .Scored("12m", Due, 4),
        Drg("in-again-that-day").Implanted("2024-01-10")
            .Scored("baseline", "2024-01-10", 8)
            .Explanted("2025-01-08", permanent: false)
            .Implanted(Due)
            .Scored("12m", Due, 4),
        Drg("in-again-the-day-after").Implanted("2024-01-10")
            .Scored("baseline", "2024-01-10", 8)
            .Explanted("2025-01-08", permanent: false)
            .Implanted("2025-01-10")
            .Scored("12m", Due, 4),
        Drg("crossed-that-day").Trial("2024-01-10", failed: "2024-01-20").Scored("baseline", "2024-01-10", 8).Scored("12m", Due, 9),
        Drez("crossed-that-day-drez", follows: "crossed-that-day").Lesioned(Due),
        Drg("crossed-the-day-before").Trial("2024-01-10", failed: "2024-01-20").Scored("baseline", "2024-01-10", 8).Scored("12m", Due, 9),
        Drez("crossed-the-day-before-drez", follows: "crossed-the-day-before").Lesioned("2025-01-08"),
    ];

    // Cordotomy: death around the visit.
    private static IEnumerable<CaseToRecord> OnTheEdgeOfDeath() =>
    [
        Cordotomy("died-the-day-before").Lesioned("2024-01-10").Scored("baseline", "2024-01-09", 8).Died("2025-01-08"),
        Cordotomy("died-on-the-target-day").Lesioned("2024-01-10").Scored("baseline", "2024-01-09", 8).Died(Due),
        Cordotomy("scored-on-the-day-of-death").Lesioned("2024-01-10")
            .Scored("baseline", "2024-01-09", 8)
            .Died("2025-03-01")
            .Scored("12m", "2025-03-01", 2),
        Cordotomy("scored-after-death").Lesioned("2024-01-10")
            .Scored("baseline", "2024-01-09", 8)
            .Died("2025-03-01")
            .Scored("12m", "2025-03-02", 2),
        Cordotomy("scored-then-died-before-the-target-day").Lesioned("2024-01-10")
            .Scored("baseline", "2024-01-09", 9)
            .Scored("12m", "2024-12-10", 6)
            .Died("2024-12-20"),
    ];

    // SCS, observed: boundary, below, worse, died-later, early and late have a score in place; of these boundary (30 %),
    // died-later, early (50 %) and late (40 %) respond. Missing: died, explanted, paused, lost. Not due: young.
    [TestCase("scs", "observed", 4, 6, 5, 1, 4, 2, 1, 1)]

    // SCS, treated: early is not due yet, and the missing are in the denominator.
    [TestCase("scs", "treated", 3, 9, 4, 1, 4, 2, 2, 1)]

    // SCS, intention to treat: the failed trials, crossed (score not credited, so missing) and failed (scored), come in.
    [TestCase("scs", "intention-to-treat", 3, 11, 4, 1, 5, 2, 2, 1)]

    // DRG: an explant on the day of the score leaves it in place; so does a re-implant that day. In a gap no set credits it.
    [TestCase("drg", "observed", 2, 2, 2, 0, 2, 0, 0, 0)]
    [TestCase("drg", "treated", 2, 4, 2, 0, 2, 0, 0, 0)]

    // The score of the day of the crossover counts for the first case (it is worse), that of the day after does not.
    [TestCase("drg", "intention-to-treat", 2, 6, 2, 1, 3, 0, 0, 0)]

    // DREZ: crossed-drez responds (9 → 2); the two others have no baseline.
    [TestCase("drez", "observed", 1, 1, 1, 0, 0, 2, 0, 0)]
    [TestCase("drez", "treated", 1, 1, 1, 0, 0, 2, 0, 0)]
    [TestCase("drez", "intention-to-treat", 1, 1, 1, 0, 0, 2, 0, 0)]

    // Cordotomy: of five, one died before the target day without a score; a score after death is not credited.
    [TestCase("cordotomy", "observed", 2, 2, 2, 0, 3, 0, 0, 1)]
    [TestCase("cordotomy", "treated", 2, 5, 2, 0, 3, 0, 0, 1)]
    [TestCase("cordotomy", "intention-to-treat", 2, 5, 2, 0, 3, 0, 0, 1)]

    // The sums of the above.
    [TestCase("all", "observed", 9, 11, 10, 1, 9, 4, 1, 2)]
    [TestCase("all", "treated", 8, 19, 9, 1, 9, 4, 2, 2)]
    [TestCase("all", "intention-to-treat", 8, 23, 9, 2, 11, 4, 2, 2)]
    public async Task Count_every_case_where_it_belongs(
        string procedure,
        string set,
        int responders,
        int denominator,
        int fellTwoPoints,
        int worse,
        int missing,
        int notEvaluable,
        int notDue,
        int diedBefore)
    {
        var row = await Row(procedure, set);
        Assert.That(
            Whole(row, "responders", "denominator", "fellTwoPoints", "worse", "missing", "notEvaluable", "notDue", "diedBefore"),
            Is.EqualTo(new[] { responders, denominator, fellTwoPoints, worse, missing, notEvaluable, notDue, diedBefore }));
    }

    // 10 → 7 is 30 %, 7 → 5 is 28.57 %, 10 → 6 is 40 %, and 8 → 4 and 10 → 5 are 50 %.
    [TestCase("treated", 1, 4)]
    [TestCase("treated", 28, 4)]
    [TestCase("treated", 29, 3)]
    [TestCase("treated", 30, 3)]
    [TestCase("treated", 31, 2)]
    [TestCase("treated", 40, 2)]
    [TestCase("treated", 41, 1)]
    [TestCase("treated", 50, 1)]
    [TestCase("treated", 51, 0)]
    [TestCase("observed", 50, 2)]
    [TestCase("observed", 100, 0)]
    public async Task Draw_the_line_at_the_threshold_itself(string set, int threshold, int responders) =>
        Assert.That(
            Whole(await Row("scs", set, $"&threshold={threshold}"), "threshold", "responders"),
            Is.EqualTo(new[] { threshold, responders }));

    // 41 → 29 is 29.27 %.
    [TestCase(29, 1)]
    [TestCase(30, 0)]
    public async Task Do_not_round_a_percentage_up(int threshold, int responders)
    {
        var row = (await Api.Get($"/summaries/response-rates?instrument=pdi&timepoint=12m&set=observed&threshold={threshold}")).Expect(200)
            .Row(("procedure", "scs"));
        Assert.That(Whole(row, "responders", "denominator"), Is.EqualTo(new[] { responders, 1 }));
        Assert.That(row["fellTwoPoints"], Is.Null, "Two points are a rule of the NRS.");
    }

    // Wilson, z = 1.959964. 3/9: centre (3/9 + z²/18) / (1 + z²/9) = 0.383191, half-width 0.262607.
    [TestCase("scs", "treated", 3.0 / 9, 0.1206, 0.6458)]
    [TestCase("scs", "observed", 4.0 / 6, 0.3000, 0.9032)]
    [TestCase("drez", "treated", 1.0, 0.2065, 1.0)]
    public async Task Carry_the_Wilson_interval(string procedure, string set, double rate, double low, double high)
    {
        var row = await Row(procedure, set);
        Assert.That(Figures(row, "rate", "ciLow", "ciHigh"), Is.EqualTo(new double?[] { rate, low, high }).Within(0.00005));
    }

    // Without the one death among 9, 11 and 6; 'observed' never counted it.
    [TestCase("scs", "treated", 3, 8)]
    [TestCase("scs", "intention-to-treat", 3, 10)]
    [TestCase("scs", "observed", 4, 6)]
    [TestCase("cordotomy", "intention-to-treat", 2, 4)]
    public async Task Give_the_rate_without_early_deaths_beside_it(string procedure, string set, int responders, int denominator)
    {
        var excluding = (await Row(procedure, set))["responseRateExcludingDeaths"]!;
        Assert.That(Whole(excluding, "responders", "denominator"), Is.EqualTo(new[] { responders, denominator }));
        Assert.That(excluding["rate"]!.GetValue<double>(), Is.EqualTo((double)responders / denominator).Within(1e-15));
    }

    // The day before the visits are due none counts, and the day they are due all do. On that day 'late' has no score yet,
    // paused is not implanted again, and died-later still lives: it has its score.
    [TestCase("2025-01-08", "treated", 0, 0, 0, 0, 11)]
    [TestCase("2025-01-09", "treated", 2, 9, 5, 2, 0)]
    [TestCase("2025-01-09", "observed", 2, 4, 5, 2, 0)]
    public async Task Look_at_nothing_later_than_the_cut_off(
        string asOf, string set, int responders, int denominator, int missing, int notEvaluable, int notDue)
    {
        var row = await Row("scs", set, $"&asOf={asOf}");
        Assert.That(
            Whole(row, "responders", "denominator", "missing", "notEvaluable", "notDue"),
            Is.EqualTo(new[] { responders, denominator, missing, notEvaluable, notDue }));
    }

    [Test]
    public async Task Leave_the_rate_of_nobody_null()
    {
        var row = await Row("scs", "treated", "&asOf=2025-01-08");
        Assert.That(
            (row["rate"], row["ciLow"], row["ciHigh"], row["responseRateExcludingDeaths"]!["rate"]),
            Is.EqualTo(((JsonNode?)null, (JsonNode?)null, (JsonNode?)null, (JsonNode?)null)));
        Assert.That(row.AsObject().ContainsKey("rate"), Is.True);
    }

    private async Task<JsonNode> Row(string procedure, string set, string more = "") =>
        (await Api.Get($"/summaries/response-rates?instrument=nrs&timepoint=12m&set={set}{more}")).Expect(200)
            .Row(("procedure", procedure));

    private static int[] Whole(JsonNode row, params string[] names) => [.. names.Select(name => row[name]!.GetValue<int>())];

    private static double?[] Figures(JsonNode row, params string[] names) => [.. names.Select(name => row[name]?.GetValue<double>())];
}
