using System.Globalization;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// While a trial is undecided nobody is asked for a visit; and a follow-up before time zero never stands in the way of the implant.
/// </summary>
public sealed class UndecidedTrialTests(Engine engine) : CourseFixture(engine)
{
    private const string Ulm = "ulm";
    private const string Succeeded = """, "outcome": "succeeded" """;
    private const string Failed = """, "outcome": "failed" """;

    private static readonly string[] Nothing = [];

    protected override Task Prepare() => Site(Ulm);

    [TearDown]
    public void GoBackToToday() => ItIs(Today);

    [Test]
    public async Task No_visit_is_asked_for_before_the_implant_and_its_score_does_not_stand_in_the_way()
    {
        await Case(Ulm, "waiting", Procedure.Scs);
        await Visit(Ulm, "waiting", "baseline", "2026-09-20", 8);
        await Event(Ulm, "waiting", EventType.TrialStarted, "2026-10-01");
        ItIs(new DateOnly(2026, 10, 9));
        Assert.That(await WorkList("site=ulm&procedure=scs"), Is.EqualTo(Nothing));
        Assert.That(await Schedule(Ulm, "waiting"), Is.EqualTo(Nothing));

        await Visit(Ulm, "waiting", "post-op", "2026-10-09", 2);
        ItIs(Today);
        await Event(Ulm, "waiting", EventType.TrialEnded, "2026-10-10", more: Succeeded);
        await Event(Ulm, "waiting", EventType.Implanted, "2026-11-05");
        await AssertEarly("waiting");
    }

    [Test]
    public async Task A_score_before_time_zero_is_kept_when_it_comes_after_the_implant()
    {
        await Case(Ulm, "sent-late", Procedure.Scs);
        await Visit(Ulm, "sent-late", "baseline", "2026-09-20", 8);
        await Event(Ulm, "sent-late", EventType.TrialStarted, "2026-10-01");
        await Event(Ulm, "sent-late", EventType.TrialEnded, "2026-10-10", more: Succeeded);
        await Event(Ulm, "sent-late", EventType.Implanted, "2026-11-05");
        await Visit(Ulm, "sent-late", "post-op", "2026-10-09", 2);
        await AssertEarly("sent-late");
    }

    [Test]
    public async Task The_day_of_the_implant_itself_is_not_before_it()
    {
        var site = Sample.Key("site");
        await Site(site);
        await Case(site, "a", Procedure.Drg);
        await Visit(site, "a", "baseline", "2026-09-20", 8);
        await Event(site, "a", EventType.Implanted, "2026-11-05");
        await Visit(site, "a", "post-op", "2026-11-05", 2);
        Assert.That(Count(await Rates(site, "post-op", "treated", "drg"), "responders"), Is.EqualTo(1));
    }

    // Started on 1 January, ended as a success on the 10th, 90 days before 10 April.
    [TestCase("2026-04-09", true)]
    [TestCase("2026-04-10", false)]
    public async Task An_implant_counts_as_declined_ninety_days_after_the_success(string day, bool isUndecided)
    {
        var site = await Tried(Succeeded);
        ItIs(DateOnly.Parse(day, CultureInfo.InvariantCulture));
        string[] schedule = ["post-op overdue", "1m overdue", "3m due", "6m not-due", "12m not-due", "24m not-due"];
        Assert.That(await Schedule(site, "a"), Is.EqualTo(isUndecided ? Nothing : schedule));
        Assert.That(
            await WorkList("site=" + site), Is.EqualTo(isUndecided ? Nothing : Each("a post-op overdue", "a 1m overdue", "a 3m due")));
        await AssertDue(site, isUndecided);

        var flow = (await Api.Get($"/summaries/flow?site={site}&asOf={day}")).Expect(200).Row(("procedure", "scs"));
        Assert.That((Count(flow, "awaitingImplant"), Count(flow, "declined")), Is.EqualTo(isUndecided ? (1, 0) : (0, 1)));
    }

    // Started on 1 January, 90 days before 1 April: three months are due on 2 April.
    [TestCase("2026-03-31", true)]
    [TestCase("2026-04-01", false)]
    public async Task A_trial_without_an_end_is_decided_ninety_days_after_its_start(string day, bool isUndecided)
    {
        var site = await Tried(null);
        ItIs(DateOnly.Parse(day, CultureInfo.InvariantCulture));
        Assert.That(await WorkList("site=" + site), Is.EqualTo(isUndecided ? Nothing : Each("a post-op overdue", "a 1m overdue")));
        await AssertDue(site, isUndecided);
    }

    [Test]
    public async Task A_failed_trial_is_decided_at_once()
    {
        var site = await Tried(Failed);
        Assert.That(await WorkList($"site={site}&asOf=2026-01-09"), Is.EqualTo(Nothing));
        Assert.That(await WorkList($"site={site}&asOf=2026-01-10"), Is.EqualTo(Each("a post-op due")));
    }

    // The implant of 20 June moves time zero; what was answered for the day before stays as it was.
    [Test]
    public async Task An_implant_after_it_was_declined_starts_the_visits_anew()
    {
        var site = await Tried(Succeeded);
        await Event(site, "a", EventType.Implanted, "2026-06-20");
        Assert.That(await WorkList($"site={site}&asOf=2026-06-19"), Is.EqualTo(Each("a post-op overdue", "a 1m overdue", "a 3m overdue")));
        Assert.That(await WorkList($"site={site}&asOf=2026-06-20"), Is.EqualTo(Nothing));
        Assert.That(await WorkList($"site={site}&asOf=2026-06-27"), Is.EqualTo(Each("a post-op due")));
    }

    // The score of day 8 belongs to nothing while the trial is undecided; afterwards it does, and the implant takes it away again.
    [TestCase("2026-01-09", 0)]
    [TestCase("2026-04-09", 0)]
    [TestCase("2026-04-10", 1)]
    [TestCase("2026-06-20", 0)]
    public async Task A_score_during_an_undecided_trial_counts_in_no_set(string asOf, int n)
    {
        var site = await Tried(Succeeded);
        await Visit(site, "a", "post-op", "2026-01-09", 2);
        await Event(site, "a", EventType.Implanted, "2026-06-20");
        var row = (await Api.Get(
            $"/summaries/scores?site={site}&timepoint=post-op&instrument=nrs&set=intention-to-treat&asOf={asOf}")).Expect(
            200).Row(("procedure", "scs"));
        Assert.That(Count(row, "n"), Is.EqualTo(n));
    }

    private async Task<string> Tried(string? outcome)
    {
        var site = Sample.Key("site");
        await Site(site);
        await Case(site, "a", Procedure.Scs);
        await Visit(site, "a", "baseline", "2026-01-01", 8);
        await Event(site, "a", EventType.TrialStarted, "2026-01-01");
        if (outcome is not null)
        {
            await Event(site, "a", EventType.TrialEnded, "2026-01-10", more: outcome);
        }

        return site;
    }

    private async Task AssertEarly(string name)
    {
        var score = (await Api.Get($"/sites/ulm/cases/{name}/assessments/post-op")).Expect(200).Json;
        Assert.That((score["window"]!.ToString(), score["daysFromTimeZero"]!.GetValue<int>()), Is.EqualTo(("early", -27)));
        Assert.That((await Schedule(Ulm, name))[0], Is.EqualTo("post-op done"));
        var completeness = (await Api.Get("/summaries/completeness?site=ulm&timepoint=post-op&asOf=2026-11-20")).Expect(200)
            .Row(("site", Ulm), ("procedure", "scs"));
        Assert.That((Count(completeness, "done"), Count(completeness, "late")), Is.EqualTo((0, Count(completeness, "due"))));
        foreach (var set in (string[])["observed", "treated", "intention-to-treat"])
        {
            Assert.That(
                Count((await Api.Get($"/summaries/scores?site=ulm&timepoint=post-op&instrument=nrs&set={set}")).Expect(200)
                    .Row(("procedure", "scs")), "n"),
                Is.Zero,
                set);
            Assert.That(Count(await Rates(Ulm, "post-op", set, "scs"), "responders"), Is.Zero, set);
        }
    }

    private async Task AssertDue(string site, bool isUndecided)
    {
        var row = await Rates(site, "1m", "intention-to-treat", "scs");
        Assert.That((Count(row, "denominator"), Count(row, "notDue")), Is.EqualTo(isUndecided ? (0, 1) : (1, 0)));
        var completeness = (await Api.Get($"/summaries/completeness?site={site}&timepoint=1m&asOf={Now}")).Expect(200)
            .Row(("site", site), ("procedure", "scs"));
        Assert.That((Count(completeness, "due"), Count(completeness, "overdue")), Is.EqualTo(isUndecided ? (0, 0) : (1, 1)));
    }

    // By the day of the clock, as the other cases here go on to other days.
    private async Task<JsonNode> Rates(string site, string timepoint, string set, string procedure) =>
        (await Api.Get($"/summaries/response-rates?site={site}&timepoint={timepoint}&instrument=nrs&set={set}&asOf={Now}")).Expect(200)
            .Row(("procedure", procedure));

    private string Now => Clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static int Count(JsonNode row, string name) => row[name]!.GetValue<int>();
}
