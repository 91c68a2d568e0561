using NUnit.Framework;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Api.FollowUps;

/// <summary>
/// The work list and the schedule of a case go by the day that it is at the site. In every case an operation of 11 November
/// 2026: the visit of day 7 is due from the 18th to the 25th, the last day of its window.
/// </summary>
public abstract class WorkListDayTests(Engine engine, DateTimeOffset now) : CourseFixture(engine)
{
    protected override TimeProvider Clock { get; } = new StoppedClock(now);

    protected override async Task Prepare()
    {
        foreach (var (site, zone) in new[]
        {
            ("new-york", "America/New_York"),
            ("berlin", "Europe/Berlin"),
            ("auckland", "Pacific/Auckland"),
            ("kiritimati", "Pacific/Kiritimati"),
            ("utc", null),
        })
        {
            await Site(site, zone);
            await Case(site, "a", Procedure.Drez);
            await Event(site, "a", EventType.Lesioned, "2026-11-11");
        }
    }

    private protected async Task AssertPostOp(string site, string state)
    {
        Assert.That((await Schedule(site, "a"))[0], Is.EqualTo("post-op " + state));
        Assert.That(await WorkList("site=" + site), Is.EqualTo(state is "due" or "overdue" ? Each("a post-op " + state) : []));
        foreach (var asked in (string[])["due", "overdue"])
        {
            Assert.That(await WorkList($"site={site}&state={asked}"), Is.EqualTo(state == asked ? Each("a post-op " + state) : []), asked);
        }
    }
}

/// <summary>One o'clock in UTC on the 26th: it is still the 25th in New York.</summary>
public sealed class TellingTheDayWestOfGreenwich(Engine engine)
    : WorkListDayTests(engine, new DateTimeOffset(2026, 11, 26, 1, 0, 0, TimeSpan.Zero))
{
    [TestCase("new-york", "due")]
    [TestCase("berlin", "overdue")]
    [TestCase("auckland", "overdue")]
    [TestCase("utc", "overdue")]
    public Task A_window_ends_with_the_day_at_the_site(string site, string state) => AssertPostOp(site, state);

    [Test]
    public async Task One_list_of_many_sites_goes_by_the_day_at_each() =>
        Assert.That(
            (await Api.Get("/follow-ups?state=overdue")).Expect(200).Items.Select(item => $"{item["site"]} {item["daysOverdue"]}"),
            Is.EqualTo(Each("auckland 1", "berlin 1", "kiritimati 1", "utc 1")));

    // Berlin, Auckland and Kiritimati are all on the 26th, a day after the window.
    [TestCase("daysOverdueMax=0", "new-york")]
    [TestCase("daysOverdueMax=1", "auckland", "berlin", "kiritimati", "new-york", "utc")]
    public async Task Days_overdue_are_days_at_the_site(string query, params string[] sites) =>
        Assert.That((await Api.Get("/follow-ups?" + query)).Expect(200).Items.Select(item => item["site"]!.ToString()), Is.EqualTo(sites));
}

/// <summary>
/// One o'clock in the afternoon in UTC on the 25th: it is two in the morning of the 26th in Auckland, and two in the afternoon of the 25th
/// in Berlin.
/// </summary>
public sealed class TellingTheDayEastOfGreenwich(Engine engine)
    : WorkListDayTests(engine, new DateTimeOffset(2026, 11, 25, 13, 0, 0, TimeSpan.Zero))
{
    [TestCase("auckland", "overdue")]
    [TestCase("kiritimati", "overdue")]
    [TestCase("berlin", "due")]
    [TestCase("new-york", "due")]
    [TestCase("utc", "due")]
    public Task A_window_ends_with_the_day_at_the_site(string site, string state) => AssertPostOp(site, state);

    [TestCase("2026-11-25", "due")]
    [TestCase("2026-11-17", null)]
    public async Task A_stated_day_is_the_same_for_every_site(string asOf, string? state) =>
        Assert.That(
            (await Api.Get("/follow-ups?asOf=" + asOf)).Expect(200).Items.Select(item => $"{item["site"]} {item["state"]}"),
            Is.EqualTo(state is null
                ? []
                : ((string[])["auckland", "berlin", "kiritimati", "new-york", "utc"]).Select(site => $"{site} {state}")));
}

/// <summary>Half past ten in UTC on the 17th: on Kiritimati the 18th has begun.</summary>
public sealed class TellingTheDayAVisitFallsDue(Engine engine)
    : WorkListDayTests(engine, new DateTimeOffset(2026, 11, 17, 10, 30, 0, TimeSpan.Zero))
{
    [TestCase("kiritimati", "due")]
    [TestCase("auckland", "not-due")]
    [TestCase("berlin", "not-due")]
    [TestCase("utc", "not-due")]
    public Task A_visit_falls_due_with_the_day_at_the_site(string site, string state) => AssertPostOp(site, state);
}
