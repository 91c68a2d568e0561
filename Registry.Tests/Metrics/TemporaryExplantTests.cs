using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// Explants stated as temporary. SCS of 3 January 2023, baseline 8, taken out on 1 March 2023 (day 57), 180 days before 28
/// August; twelve months were due on 3 January 2024, when all scored 2. Each course has a procedure or a site of its own.
/// </summary>
public sealed class TemporaryExplantTests(Engine engine) : CourseFixture(engine)
{
    private const string Never = "never";
    private const string InTime = "in-time";
    private const string TooLate = "too-late";
    private const string Soon = "soon";

    protected override async Task Prepare()
    {
        foreach (var (site, again) in new[] { (Never, null), (InTime, "2023-08-28"), (TooLate, "2023-08-29"), (Soon, "2023-06-01") })
        {
            await Site(site);
            await Case(site, "a", Procedure.Scs);
            await Event(site, "a", EventType.Implanted, "2023-01-03");
            await Visit(site, "a", "baseline", "2023-01-01", 8);
            await Explant(site, "a", "2023-03-01", permanent: false);
            if (again is not null)
            {
                await Event(site, "a", EventType.Implanted, again, "again");
            }

            await Visit(site, "a", "12m", "2024-01-03", 2);
        }
    }

    [TestCase(Never, 1, 0.0)]
    [TestCase(TooLate, 1, 0.0)]
    [TestCase(InTime, 0, 1.0)]
    [TestCase(Soon, 0, 1.0)]
    public async Task Without_a_re_implant_within_180_days_it_was_for_good(string site, int explanted, double survival)
    {
        Assert.That(Count(await Row($"trials?site={site}"), "explanted"), Is.EqualTo(explanted));
        Assert.That(Count((await Row($"trials?site={site}"))["explantRate"]!, "x"), Is.EqualTo(explanted));
        var curve = (await Api.Get($"/summaries/survival?site={site}&procedure=scs&at=57&at=1000")).Expect(200);
        Assert.That(Count(curve.Row(("procedure", "scs"), ("day", "57")), "events"), Is.EqualTo(explanted));
        Assert.That(curve.Row(("procedure", "scs"), ("day", "1000"))["survival"]!.GetValue<double>(), Is.EqualTo(survival));

        // The flow chart counts any explant, and those for good beside it.
        var flow = await Row($"flow?site={site}");
        Assert.That(
            (Count(flow, "explanted"), Count(flow, "permanentlyExplanted"), Count(flow, "reimplanted")),
            Is.EqualTo((1, explanted, site == Never ? 0 : 1)));
    }

    [TestCase(Never, 0, 0)]
    [TestCase(TooLate, 0, 0)]
    [TestCase(InTime, 1, 1)]
    [TestCase(Soon, 1, 1)]
    public async Task A_score_after_it_counts_only_if_the_therapy_went_on(string site, int responders, int observed)
    {
        foreach (var (set, denominator) in new[] { ("observed", observed), ("treated", 1), ("intention-to-treat", 1) })
        {
            var row = await Row($"response-rates?site={site}&timepoint=12m&instrument=nrs&set={set}");
            Assert.That(
                (Count(row, "responders"), Count(row, "denominator"), Count(row, "missing")),
                Is.EqualTo((responders, denominator, 1 - responders)),
                set);
        }
    }

    [TestCase("2023-03-01", 0, "1 at risk, 0 events")]
    [TestCase("2023-08-27", 0, "1 at risk, 0 events")]
    [TestCase("2023-08-28", 1, "1 at risk, 1 events")]
    public async Task It_is_known_on_the_180th_day(string asOf, int explanted, string onDay57)
    {
        Assert.That(Count(await Row($"trials?site={Never}&asOf={asOf}"), "explanted"), Is.EqualTo(explanted));
        var row =
            (await Api.Get($"/summaries/survival?site={Never}&asOf={asOf}&at=57")).Expect(200).Row(("procedure", "scs"), ("day", "57"));
        Assert.That($"{row["atRisk"]} at risk, {row["events"]} events", Is.EqualTo(onDay57));
    }

    // Three months were due on 4 April, in the gap, and overdue after 19 May; then there was nobody left to be visited.
    [TestCase("2023-05-19", "a post-op overdue", "a 1m overdue", "a 3m due")]
    [TestCase("2023-08-27", "a post-op overdue", "a 1m overdue", "a 3m overdue", "a 6m due")]
    [TestCase("2023-08-28")]
    public async Task Visits_are_asked_for_until_it_is_known(string asOf, params string[] visits) =>
        Assert.That(await WorkList($"site={Never}&asOf={asOf}"), Is.EqualTo(visits));

    [Test]
    public async Task Visits_after_it_are_censored()
    {
        Assert.That(await Schedule(Never, "a"), Is.EqualTo(
            Each("post-op missed", "1m missed", "3m censored explanted", "6m censored explanted", "12m done", "24m censored explanted")));
        Assert.That(
            await Schedule(Soon, "a"),
            Is.EqualTo(Each("post-op overdue", "1m overdue", "3m overdue", "6m overdue", "12m done", "24m overdue")));
    }

    // DRG of 3 January 2023, out on 1 March and in again on 1 June: the score of six months, on these days and around them.
    [TestCase("2023-02-28", 1)]
    [TestCase("2023-03-01", 1)]
    [TestCase("2023-03-02", 0)]
    [TestCase("2023-05-31", 0)]
    [TestCase("2023-06-01", 1)]
    public async Task A_score_in_the_gap_is_credited_in_no_set(string scored, int n)
    {
        var site = Sample.Key("site");
        await Site(site);
        await Case(site, "a", Procedure.Drg);
        await Event(site, "a", EventType.Implanted, "2023-01-03");
        await Visit(site, "a", "baseline", "2023-01-01", 8);
        await Explant(site, "a", "2023-03-01", permanent: false);
        await Event(site, "a", EventType.Implanted, "2023-06-01", "again");
        await Visit(site, "a", "6m", scored, 2);
        foreach (var set in (string[])["observed", "treated", "intention-to-treat"])
        {
            Assert.That(
                Count((await Api.Get($"/summaries/scores?site={site}&timepoint=6m&instrument=nrs&set={set}")).Expect(200)
                    .Row(("procedure", "drg")), "n"),
                Is.EqualTo(n),
                set);
            Assert.That(
                Count(
                    (await Api.Get($"/summaries/response-rates?site={site}&timepoint=6m&instrument=nrs&set={set}")).Expect(200)
                        .Row(("procedure", "drg")),
                    "responders"),
                Is.EqualTo(n),
                set);
        }
    }

    // 8, then 2 at one month and 2 at twelve; in the gap between 1 March and 1 June it was 9.
    [Test]
    public async Task A_score_in_the_gap_is_no_loss_of_response()
    {
        var book = new CaseBook("gap");
        book.Case("a", Procedure.Drg)
            .Implanted(0)
            .Score(Timepoint.Baseline, -1, 8)
            .Score(Timepoint.Month1, 30, 2)
            .Explanted(57, permanent: false)
            .Score(Timepoint.Month3, 91, 9)
            .Implanted(149)
            .Score(Timepoint.Month12, 365, 2);
        await book.Send(Api);
        var rows = (await Api.Get("/summaries/survival?event=loss-of-response&site=gap&procedure=drg")).Expect(200).Items
            .Where(row => row["procedure"]!.ToString() == "drg")
            .ToList();
        Assert.That(rows.Sum(row => Count(row, "events")), Is.Zero);
        Assert.That((Count(rows[^1], "day"), Count(rows[^1], "censored")), Is.EqualTo((365, 1)));
    }

    // Died with the system out: it was never put in again, so the explant was for good, and came before the death.
    [Test]
    public async Task Death_in_the_gap_comes_after_the_explant()
    {
        var book = new CaseBook("died-in-the-gap");
        book.Case("a", Procedure.Drg).Implanted(0).Explanted(57, permanent: false).Died(100);
        await book.Send(Api);
        var zero = CaseBook.Zero;
        foreach (var (days, expected) in new[] { (57 + 179, "0 events, 1 competing"), (57 + 180, "1 events, 0 competing") })
        {
            var rows = (await Api.Get(
                FormattableString.Invariant(
                    $"/summaries/survival?site=died-in-the-gap&procedure=drg&at=100&asOf={zero.AddDays(days):yyyy-MM-dd}"))).Expect(200)
                .Items.Where(row => row["procedure"]!.ToString() == "drg").ToList();
            Assert.That(
                $"{rows.Sum(row => Count(row, "events"))} events, {rows.Sum(row => Count(row, "competing"))} competing",
                Is.EqualTo(expected),
                $"after {days} days");
        }
    }

    private async Task<JsonNode> Row(string question) => (await Api.Get("/summaries/" + question)).Expect(200).Row(("procedure", "scs"));

    private static int Count(JsonNode row, string name) => row[name]!.GetValue<int>();
}
