using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;
using static Registry.Tests.Support.CaseToRecord;

namespace Registry.Tests.Metrics;

/// <summary>
/// The NRS of a few cases whose time zero is 10 January 2024, asked on 30 June 2026.
/// <code>
/// SCS, implanted   baseline  12m     DRG              baseline  12m     cordotomy  baseline  12m
/// s1               10        1       even-1           8         5       nothing-scored  7    .
/// s2                8        2       even-2           6         3
/// s3                8        4       DREZ
/// s4                8        8       from-nothing     0         2
/// unpaired          .        5       SCS, trial only
/// paused            9        3       tried            9         10
/// </code>
/// 'paused' has its score between explant and re-implant: no set credits it.
/// </summary>
public sealed class ScoreTests(Engine engine) : RegistryFixture(engine)
{
    private const string Before = "2024-01-09";
    private const string Zero = "2024-01-10";
    private const string Visit = "2025-01-09";

    protected override TimeProvider? Clock => new StoppedClock(new DateOnly(2026, 6, 30));

    protected override async Task Prepare()
    {
        await Site(Api);
        CaseToRecord[] all =
        [
            Scs("s1").Implanted(Zero).Scored("baseline", Before, 10, 70).Scored("6m", "2024-05-25", 1).Scored("12m", Visit, 1),
            Scs("s2").Implanted(Zero).Scored("baseline", Before, 8).Scored("6m", "2024-05-26", 2).Scored("12m", Visit, 2),
            Scs("s3").Implanted(Zero).Scored("baseline", Before, 8).Scored("6m", "2024-10-09", 4).Scored("12m", Visit, 4),
            Scs("s4").Implanted(Zero).Scored("baseline", Before, 8).Scored("6m", "2024-10-10", 8).Scored("12m", Visit, 8),
            Scs("unpaired").Implanted(Zero).Scored("post-op", "2024-01-17", 9).Scored("12m", Visit, 5),
            Scs("paused").Implanted(Zero)
                .Scored("baseline", Before, 9)
                .Explanted("2024-12-01", permanent: false)
                .Implanted("2025-02-01")
                .Scored("12m", Visit, 3),
            Scs("tried").Trial(Zero, failed: "2024-01-20").Scored("baseline", Before, 9).Scored("12m", Visit, 10),
            Drg("even-1").Implanted(Zero).Scored("baseline", Before, 8).Scored("12m", Visit, 5),
            Drg("even-2").Implanted(Zero).Scored("baseline", Before, 6).Scored("12m", Visit, 3),
            Drez("from-nothing").Lesioned(Zero).Scored("baseline", Before, 0).Scored("12m", Visit, 2),
            Cordotomy("nothing-scored").Lesioned(Zero).Scored("baseline", Before, 7),
        ];
        foreach (var told in all)
        {
            await told.Record(Api);
        }
    }

    // Observed: 1 2 4 5 8. Mean 4, squares 9 + 4 + 0 + 1 + 16 = 30, SD √(30/4). Positions 1, 2, 3 of type 7: 2, 4, 5.
    [TestCase("scs", "observed", 5, 4.0, 2.7386128, 4.0, 2.0, 5.0, 1, 8, 0)]

    // Treated: the same.
    [TestCase("scs", "treated", 5, 4.0, 2.7386128, 4.0, 2.0, 5.0, 1, 8, 0)]

    // Intention to treat: 1 2 4 5 8 10, and 'tried' is worse. Mean 5, squares 16 + 9 + 1 + 0 + 9 + 25 = 60, SD √(60/5).
    // Positions 1.25, 2.5, 3.75: 2.5, 4.5, 7.25.
    [TestCase("scs", "intention-to-treat", 6, 5.0, 3.4641016, 4.5, 2.5, 7.25, 1, 10, 1)]
    public async Task Describe_the_scores_of_each_set(
        string procedure, string set, int n, double mean, double sd, double median, double q1, double q3, int min, int max, int worse)
    {
        var row = await Row(procedure, "12m", set);
        Assert.That(
            Figures(row, "n", "mean", "sd", "median", "q1", "q3", "min", "max", "worse"),
            Is.EqualTo(new double?[] { n, mean, sd, median, q1, q3, min, max, worse }).Within(5e-8));
    }

    // Changes 9, 6, 4, 0: 'unpaired' has no baseline, its post-op score is none. Mean 4.75, squares 18.0625 + 1.5625 + 0.5625
    // + 22.5625 = 42.75, SD √14.25 = 3.7749172; t(0.975; 3) = 3.1824463, half-width 3.1824463 · 3.7749172 / 2 = 6.0067357;
    // dz 4.75 / 3.7749172. Baselines 10, 8, 8, 8: mean 8.5, SD √(3/3).
    [Test]
    public async Task Pair_the_scores_with_their_baselines() => Assert.That(
        Figures(
            (await Row("scs", "12m", "observed"))["paired"]!, "n", "baselineMean", "baselineSd", "changeMean", "changeSd", "ciLow",
            "ciHigh", "dz"),
        Is.EqualTo(new double?[] { 4, 8.5, 1, 4.75, 3.7749172, -1.2567357, 10.7567357, 1.2583057 }).Within(5e-7));

    // 3 and 3: no spread, so the interval has no width and there is no effect size.
    [Test]
    public async Task Give_no_effect_size_without_a_spread() => Assert.That(
        Figures(
            (await Row("drg", "12m", "treated"))["paired"]!, "n", "baselineMean", "changeMean", "changeSd", "ciLow", "ciHigh", "dz",
            "power"),
        Is.EqualTo(new double?[] { 2, 7, 3, 0, 3, 3, null, null }));

    // 0 → 2: not evaluable for a response, and a change of −2 all the same.
    [Test]
    public async Task Give_no_spread_of_a_single_case()
    {
        var row = await Row("drez", "12m", "treated");
        Assert.That(
            Figures(row, "n", "mean", "sd", "median", "q1", "q3", "min", "max", "worse"),
            Is.EqualTo(new double?[] { 1, 2, null, 2, 2, 2, 2, 2, 1 }));
        Assert.That(
            Figures(row["paired"]!, "n", "baselineMean", "baselineSd", "changeMean", "changeSd", "ciLow", "ciHigh", "dz", "power"),
            Is.EqualTo(new double?[] { 1, 0, null, -2, null, null, null, null, null }));
    }

    [TestCase("observed")]
    [TestCase("treated")]
    [TestCase("intention-to-treat")]
    public async Task Have_a_row_without_figures_where_nobody_was_scored(string set)
    {
        var row = await Row("cordotomy", "12m", set);
        Assert.That(
            Figures(row, "n", "mean", "sd", "median", "q1", "q3", "min", "max", "worse"),
            Is.EqualTo(new double?[] { 0, null, null, null, null, null, null, null, 0 }));
        Assert.That(
            Figures(row["paired"]!, "n", "baselineMean", "baselineSd", "changeMean", "changeSd", "ciLow", "ciHigh", "dz", "power"),
            Is.EqualTo(new double?[] { 0, null, null, null, null, null, null, null, null }));
    }

    // 10 8 8 8 9 of the treated, and the 9 of 'tried': a baseline is not paired with itself.
    [TestCase("treated", 5, 8.6)]
    [TestCase("intention-to-treat", 6, 52.0 / 6)]
    public async Task Describe_the_baseline_without_a_change(string set, int n, double mean)
    {
        var row = await Row("scs", "baseline", set);
        Assert.That(Figures(row, "n", "mean"), Is.EqualTo(new double?[] { n, mean }).Within(1e-12));
        Assert.That((row["paired"], row["worse"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)));
    }

    // Day 136 is a day early for six months (137 to 273), and day 274 a day late.
    [Test]
    public async Task Count_scores_on_and_beyond_the_edges_of_the_window()
    {
        var early = (await Api.Get("/sites/hospital/cases/s1/assessments/6m")).Expect(200).Json;
        var late = (await Api.Get("/sites/hospital/cases/s4/assessments/6m")).Expect(200).Json;
        Assert.That(
            (early["daysFromTimeZero"]!.GetValue<int>(),
                early["window"]!.ToString(),
                late["daysFromTimeZero"]!.GetValue<int>(),
                late["window"]!.ToString()),
            Is.EqualTo((136, "early", 274, "late")));
        Assert.That(Figures(await Row("scs", "6m", "treated"), "n", "mean"), Is.EqualTo(new double?[] { 4, 3.75 }));
    }

    [TestCase("2025-01-08", 0)]
    [TestCase("2025-01-09", 5)]
    public async Task Look_at_no_score_later_than_the_cut_off(string asOf, int n) =>
        Assert.That(Figures(await Row("scs", "12m", "treated", $"&asOf={asOf}"), "n"), Is.EqualTo(new double?[] { n }));

    // On 9 January 2025 the re-implant of 'paused' lies ahead, on 1 February it does not.
    [TestCase("observed", "2025-01-09")]
    [TestCase("treated", "2025-01-09")]
    [TestCase("observed", "2025-02-01")]
    [TestCase("treated", "2025-02-01")]
    public async Task Credit_no_score_in_a_gap_of_the_therapy(string set, string asOf) =>
        Assert.That(Figures(await Row("scs", "12m", set, $"&asOf={asOf}"), "n"), Is.EqualTo(new double?[] { 5 }));

    private async Task<JsonNode> Row(string procedure, string timepoint, string set, string more = "") =>
        (await Api.Get($"/summaries/scores?instrument=nrs&timepoint={timepoint}&set={set}{more}")).Expect(200)
            .Row(("procedure", procedure));

    private static double?[] Figures(JsonNode row, params string[] names) =>
        [.. names.Select(name => row.AsObject().ContainsKey(name) ? row[name]?.GetValue<double>() : throw new KeyNotFoundException(name))];
}
