using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// Time to permanent explant. The cut-off is day 365 where nothing else is said. A curve has rows at days with an explant
/// and at the target days of the visits, 7, 30, 91, 183 and 365; who left in between is in the row after.
/// </summary>
public sealed class ExplantTests(Engine engine) : RegistryFixture(engine)
{
    private const string AsOf = "asOf=2020-12-31";

    // In Auckland 2022 has begun; in UTC it is still the last day of 2021.
    protected override TimeProvider Clock { get; } = new StoppedClock(new DateOnly(2021, 12, 31));

    protected override async Task Prepare()
    {
        var set = new RecordSet(new RecordKinds());
        set.Site(SiteCode.Of("north"), Course.SiteNamed("North"));
        set.Site(SiteCode.Of("auckland"), Course.SiteNamed("Auckland"));

        // Two events and a death on one day.
        Implanted("A").Explanted(100, permanent: true);
        Implanted("B").Explanted(100, permanent: true);
        Implanted("C").Happens(EventType.Died, 100);

        // Lost and withdrawn on one day; crossed over, and lost later; explanted; re-implanted; not yet explanted.
        Implanted("D").Happens(EventType.LostToFollowUp, 200);
        Implanted("E").Happens(EventType.Withdrawn, 200).Happens(EventType.LostToFollowUp, 210);
        Implanted("F").Happens(EventType.LostToFollowUp, 300);
        new Course(set, "north", "F2", Procedure.Drez, "F", "F").Happens(EventType.Lesioned, 250);
        Implanted("G").Explanted(300, permanent: true);
        Implanted("H").Explanted(50, permanent: false).Happens(EventType.Implanted, 80);
        Implanted("I").Explanted(366, permanent: true);

        // Not in it: the trial failed; implanted after the cut-off.
        new Course(set, "north", "J", Procedure.Scs).Trial(0, 7, TrialOutcome.Failed);
        new Course(set, "north", "K", Procedure.Scs).Happens(EventType.Implanted, 366);

        // Explanted and dead on the same day; explanted after a loss, which is void: whoever is operated on was not lost.
        Implanted("L", Procedure.Drg).Explanted(30, permanent: true).Happens(EventType.Died, 30);
        Implanted("M", Procedure.Drg).Happens(EventType.LostToFollowUp, 10).Explanted(40, permanent: true);

        // Implanted on the day that has begun at the site alone.
        new Course(set, "auckland", "N", Procedure.Scs).Happens(EventType.Implanted, 731);
        await Api.Record(set);

        Course Implanted(string code, Procedure procedure = Procedure.Scs) =>
            new Course(set, "north", code, procedure).Happens(EventType.Implanted, 0);
    }

    [Test]
    public async Task Counts_who_was_at_risk_and_what_ended_it()
    {
        Assert.That(await Counts($"{AsOf}&procedure=scs", "scs"), Is.EqualTo((string[])
        [
            "day 0: 9 at risk, 0 events, 0 competing, 0 censored",
            "day 7: 9 at risk, 0 events, 0 competing, 0 censored",
            "day 30: 9 at risk, 0 events, 0 competing, 0 censored",
            "day 91: 9 at risk, 0 events, 0 competing, 0 censored",
            "day 100: 9 at risk, 2 events, 1 competing, 1 censored",
            "day 183: 6 at risk, 0 events, 0 competing, 0 censored",
            "day 300: 3 at risk, 1 events, 0 competing, 3 censored",
            "day 365: 2 at risk, 0 events, 0 competing, 2 censored",
        ]));
    }

    [Test]
    public async Task Has_a_row_at_each_day_asked_for()
    {
        // D and E leave on day 200, F on day 250; on day 100 there is a row in any case, and after day 365 nobody is left.
        Assert.That(await Counts($"{AsOf}&procedure=scs&at=250&at=100&at=200&at=99&at=36500&at=250", "scs"), Is.EqualTo((string[])
        [
            "day 0: 9 at risk, 0 events, 0 competing, 0 censored",
            "day 7: 9 at risk, 0 events, 0 competing, 0 censored",
            "day 30: 9 at risk, 0 events, 0 competing, 0 censored",
            "day 91: 9 at risk, 0 events, 0 competing, 0 censored",
            "day 99: 9 at risk, 0 events, 0 competing, 0 censored",
            "day 100: 9 at risk, 2 events, 1 competing, 1 censored",
            "day 183: 6 at risk, 0 events, 0 competing, 0 censored",
            "day 200: 6 at risk, 0 events, 0 competing, 2 censored",
            "day 250: 4 at risk, 0 events, 0 competing, 1 censored",
            "day 300: 3 at risk, 1 events, 0 competing, 0 censored",
            "day 365: 2 at risk, 0 events, 0 competing, 2 censored",
            "day 36500: 0 at risk, 0 events, 0 competing, 0 censored",
        ]));
    }

    [Test]
    public async Task Keeps_the_estimates_from_one_event_to_the_next()
    {
        var rows = await Rows($"{AsOf}&at=299&at=36500", "scs");
        foreach (var name in (string[])["survival", "se", "ciLow", "ciHigh", "incidence", "incidenceSe", "incidenceCiLow",
            "incidenceCiHigh"])
        {
            Assert.That(Figure(RowOf(rows, 299), name), Is.EqualTo(Figure(RowOf(rows, 100), name)), name);
            Assert.That(Figure(RowOf(rows, 36500), name), Is.EqualTo(Figure(RowOf(rows, 300), name)), name);
        }
    }

    [TestCase("at=36501")]
    [TestCase("at=-1")]
    [TestCase("at=1.5")]
    public async Task Refuses_what_is_no_day(string query) =>
        Assert.That(
            (await Api.Get("/summaries/survival?" + query)).Expect(400).Faults.Select(fault => fault.Pointer),
            Is.EqualTo((string[])["/at"]));

    [Test]
    public async Task Takes_death_as_censoring_in_survival()
    {
        // 7/9, then 7/9 × 2/3; Greenwood: survival × √(2/(9 × 7)), then × √(2/(9 × 7) + 1/(3 × 2)).
        var rows = await Rows(AsOf, "scs");
        Assert.That(
            rows.Select(row => Figure(row, "survival")),
            Is.EqualTo((double[])[1, 1, 1, 1, 7 / 9.0, 7 / 9.0, 14 / 27.0, 14 / 27.0]).Within(1e-12));
        Assert.That(
            (Figure(rows[0], "se"), Math.Round(Figure(RowOf(rows, 100), "se"), 12), Math.Round(Figure(RowOf(rows, 300), "se"), 12)),
            Is.EqualTo(
                (0.0, Math.Round(7 / 9.0 * Math.Sqrt(2 / 63.0), 12), Math.Round(14 / 27.0 * Math.Sqrt((2 / 63.0) + (1 / 6.0)), 12))));
    }

    [Test]
    public async Task Takes_death_as_competing_in_incidence()
    {
        // 2/9, then 2/9 + 6/9 × 1/3. Variance on day 100: 2/9 × 7/9 / 9; on day 300: 8/729 + 24/729.
        var rows = await Rows(AsOf, "scs");
        Assert.That(
            rows.Select(row => Figure(row, "incidence")),
            Is.EqualTo((double[])[0, 0, 0, 0, 2 / 9.0, 2 / 9.0, 4 / 9.0, 4 / 9.0]).Within(1e-12));
        Assert.That(
            rows.Select(row => Figure(row, "incidenceSe")),
            Is.EqualTo((double[])[0, 0, 0, 0, Math.Sqrt(14) / 27, Math.Sqrt(14) / 27, Math.Sqrt(32) / 27, Math.Sqrt(32) / 27])
                .Within(1e-12));
    }

    [Test]
    public async Task Gives_log_log_intervals()
    {
        // R: summary(survfit(Surv(c(100,100,100,200,200,250,300,365,365), c(1,1,0,0,0,0,1,0,0)) ~ 1, conf.type = "log-log"))
        var rows = await Rows(AsOf, "scs");
        var (first, second) = (RowOf(rows, 100), RowOf(rows, 300));
        Assert.That(
            (rows[0]["ciLow"], rows[0]["ciHigh"], rows[0]["incidenceCiLow"]),
            Is.EqualTo(((JsonNode?)null, (JsonNode?)null, (JsonNode?)null)));
        Assert.That(
            (Math.Round(Figure(first, "ciLow"), 7),
                Math.Round(Figure(first, "ciHigh"), 7),
                Math.Round(Figure(second, "ciLow"), 7),
                Math.Round(Figure(second, "ciHigh"), 7)),
            Is.EqualTo((0.3647512, 0.9392964, 0.0836177, 0.8404397)));
    }

    [Test]
    public async Task Counts_an_explant_before_a_death_of_the_same_day_and_after_a_loss()
    {
        var rows = await Rows(AsOf, "drg");
        Assert.That(
            rows.Select(row => $"{row["day"]} {row["events"]} {row["competing"]} {row["survival"]}"),
            Is.EqualTo((string[])["0 0 0 1", "7 0 0 1", "30 1 0 0.5", "40 1 0 0"]));
        Assert.That((rows[3]["se"], rows[3]["ciLow"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)));
    }

    // M is lost on day 10 and explanted on day 40: on day 39 nothing makes the loss void yet.
    [TestCase("2020-02-09", "day 35: 0 at risk, 0 events, 0 competing, 0 censored", "day 10: 2 at risk, 0 events, 0 competing, 1 censored")]
    [TestCase("2020-02-10", "day 35: 1 at risk, 0 events, 0 competing, 0 censored", "day 10: 2 at risk, 0 events, 0 competing, 0 censored")]
    public async Task Takes_time_and_event_from_what_was_known(string asOf, string later, string onTheDayOfTheLoss)
    {
        var rows = await Counts($"asOf={asOf}&at=10&at=35", "drg");
        Assert.That(rows, Does.Contain(onTheDayOfTheLoss).And.Contains(later));
    }

    [Test]
    public async Task Pools_the_groups_in_all()
    {
        var rows = await Rows(AsOf, "all");
        Assert.That(
            rows.Select(row => $"{row["day"]} {row["atRisk"]}"),
            Is.EqualTo((string[])["0 11", "7 11", "30 11", "40 10", "91 9", "100 9", "183 6", "300 3", "365 2"]));
        Assert.That(rows.Select(row => row["n"]!.GetValue<int>()), Is.All.EqualTo(11));
    }

    [Test]
    public async Task Knows_of_nothing_after_the_cut_off()
    {
        // Day 99: nobody is explanted, dead or lost yet.
        Assert.That(await Counts("asOf=2020-04-09&at=99", "scs"), Is.EqualTo((string[])
        [
            "day 0: 9 at risk, 0 events, 0 competing, 0 censored",
            "day 7: 9 at risk, 0 events, 0 competing, 0 censored",
            "day 30: 9 at risk, 0 events, 0 competing, 0 censored",
            "day 91: 9 at risk, 0 events, 0 competing, 0 censored",
            "day 99: 9 at risk, 0 events, 0 competing, 9 censored",
        ]));

        // Day 366: the last explant, and a new case.
        Assert.That(
            (await Counts("asOf=2021-01-01", "scs")).TakeLast(1),
            Is.EqualTo((string[])["day 366: 2 at risk, 1 events, 0 competing, 1 censored"]));
        Assert.That((await Counts("asOf=2021-01-01", "scs"))[0], Is.EqualTo("day 0: 10 at risk, 0 events, 0 competing, 1 censored"));
    }

    [Test]
    public async Task Ends_no_case_before_day_0() =>
        Assert.That(await Counts("site=auckland", "scs"), Is.EqualTo((string[])["day 0: 1 at risk, 0 events, 0 competing, 1 censored"]));

    [TestCase("")]
    [TestCase("&at=100")]
    [TestCase("&ageMin=150")]
    [TestCase("&ageMin=150&event=loss-of-response")]
    public async Task Has_a_row_for_a_group_without_cases(string filter)
    {
        var rows = (await Api.Get($"/summaries/survival?{AsOf}{filter}")).Expect(200).Items;
        Assert.That(
            rows.Select(row => row["procedure"]!.ToString()).Distinct(), Is.EqualTo((string[])["scs", "drg", "drez", "cordotomy", "all"]));
        // An empty group has day 0 alone, whatever was asked for.
        var row = rows.Single(row => row["procedure"]!.ToString() == "cordotomy").AsObject();
        Assert.That(Told(row), Is.EqualTo("day 0: 0 at risk, 0 events, 0 competing, 0 censored"));
        Assert.That(row["n"]!.GetValue<int>(), Is.Zero);
        foreach (var name in (string[])["survival", "se", "ciLow", "ciHigh", "incidence", "incidenceSe", "incidenceCiLow",
            "incidenceCiHigh"])
        {
            Assert.That((row.ContainsKey(name), row[name]), Is.EqualTo((true, (JsonNode?)null)), name);
        }
    }

    [Test]
    public async Task Has_one_row_a_group_and_day_in_order()
    {
        var rows = (await Api.Get($"/summaries/survival?{AsOf}&event=explant")).Expect(200).Items;
        foreach (var group in rows.GroupBy(row => row["procedure"]!.ToString()))
        {
            Assert.That(group.Select(row => row["day"]!.GetValue<int>()), Is.Ordered.Ascending.And.Unique);
            Assert.That(group.First()["day"]!.GetValue<int>(), Is.Zero);
        }
    }

    [Test]
    public async Task Refuses_what_means_nothing_for_an_explant()
    {
        Assert.That(
            (await Api.Get("/summaries/survival?threshold=50")).Expect(400).Faults,
            Is.EqualTo((List<(string, string)>)[("/threshold", "does-not-apply")]));
        Assert.That(
            (await Api.Get("/summaries/survival?event=explant&instrument=pdi")).Expect(400).Faults,
            Is.EqualTo((List<(string, string)>)[("/instrument", "does-not-apply")]));
        Assert.That(
            (await Api.Get("/summaries/survival?event=explant&event=loss-of-response")).Expect(400).Faults,
            Is.EqualTo((List<(string, string)>)[("/event", "repeated")]));
    }

    private async Task<IReadOnlyList<JsonNode>> Rows(string query, string procedure) =>
        [.. (await Api.Get($"/summaries/survival?{query}")).Expect(200).Items.Where(row => row["procedure"]!.ToString() == procedure)];

    private static JsonNode RowOf(IReadOnlyList<JsonNode> rows, int day) => rows.Single(row => row["day"]!.GetValue<int>() == day);

    private async Task<IReadOnlyList<string>> Counts(string query, string procedure) => [.. (await Rows(query, procedure)).Select(Told)];

    private static string Told(JsonNode row) =>
        $"day {row["day"]}: {row["atRisk"]} at risk, {row["events"]} events, {row["competing"]} competing, {row["censored"]} censored";

    private static double Figure(JsonNode row, string name) => row[name]!.GetValue<double>();
}
