using NUnit.Framework;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Api.FollowUps;

/// <summary>The work list of two sites on 20 November 2026: three cases with nothing recorded after the operation.</summary>
public sealed class WorkListTests(Engine engine) : CourseFixture(engine)
{
    protected override async Task Prepare()
    {
        await Site("ulm");
        await Site("bern");

        // 12 months are due today; the four visits before are overdue.
        await Case("ulm", "a", Procedure.Drez);
        await Event("ulm", "a", EventType.Lesioned, "2025-11-20");

        // The same days at another site, and a visit that was made.
        await Case("bern", "z", Procedure.Scs);
        await Event("bern", "z", EventType.Implanted, "2025-11-20");
        await Visit("bern", "z", "6m", "2026-05-20");

        // Post-op closed yesterday, one month is not due yet; a patient who died has nothing left to do.
        await Case("ulm", "b", Procedure.Cordotomy);
        await Event("ulm", "b", EventType.Lesioned, "2026-11-05");
        await Case("ulm", "dead", Procedure.Cordotomy);
        await Event("ulm", "dead", EventType.Lesioned, "2025-11-20");
        await Event("ulm", "dead", EventType.Died, "2026-01-02");
    }

    [Test]
    public async Task Puts_the_oldest_target_date_first_then_site_and_case()
    {
        var answer = (await Api.Get("/follow-ups")).Expect(200);
        Assert.That(
            answer.Items.Select(
                item => $"{item["targetDate"]} {item["site"]} {item["case"]} {item["timepoint"]} {item["state"]} {item["daysOverdue"]}"),
            Is.EqualTo(Each(
                "2025-11-27 bern z post-op overdue 351",
                "2025-11-27 ulm a post-op overdue 351",
                "2025-12-20 bern z 1m overdue 305",
                "2025-12-20 ulm a 1m overdue 305",
                "2026-02-19 bern z 3m overdue 229",
                "2026-02-19 ulm a 3m overdue 229",
                "2026-05-22 ulm a 6m overdue 92",
                "2026-11-12 ulm b post-op overdue 1",
                "2026-11-20 bern z 12m due 0",
                "2026-11-20 ulm a 12m due 0")));
        Assert.That(answer.Json["asOf"]!.ToString(), Is.EqualTo("2026-11-20"));
        Assert.That(answer.Json["next"], Is.Null);
    }

    [Test]
    public async Task Says_of_each_visit_whose_it_is_and_until_when_it_is_on_time()
    {
        var item = (await Api.Get("/follow-ups?site=bern&state=due")).Expect(200).Items.Single();
        Assert.That(
            item.ToJsonString(),
            Is.EqualTo("""{"site":"bern","case":"z","patient":"of-z","procedure":"scs","timepoint":"12m","targetDate":"2026-11-20","windowLast":"2027-05-21","state":"due","daysOverdue":0}"""));
    }

    [TestCase("state=due", 2)]
    [TestCase("state=overdue", 8)]
    [TestCase("state=due&state=overdue", 10)]
    [TestCase("site=ulm", 6)]
    [TestCase("site=ulm&site=bern", 10)]
    [TestCase("procedure=cordotomy", 1)]
    [TestCase("timepoint=1m&timepoint=3m", 4)]
    [TestCase("site=ulm&timepoint=12m&state=due", 1)]

    // Overdue for 351, 351, 305, 305, 229, 229, 92 and 1 days; what is due is overdue for none.
    [TestCase("daysOverdueMax=0", 2)]
    [TestCase("daysOverdueMax=1", 3)]
    [TestCase("daysOverdueMax=91", 3)]
    [TestCase("daysOverdueMax=92", 4)]
    [TestCase("daysOverdueMax=351", 10)]
    [TestCase("daysOverdueMax=228&state=overdue", 2)]
    [TestCase("daysOverdueMax=229&state=overdue&site=ulm", 3)]
    public async Task Narrows_to_what_is_asked_for(string query, int items) =>
        Assert.That((await Api.Get("/follow-ups?" + query)).Expect(200).Items, Has.Count.EqualTo(items));

    [Test]
    public async Task Looks_at_an_earlier_day()
    {
        // On the last day of the windows of post-op nothing is overdue, and the operation of November 2026 is yet to come.
        var answer = (await Api.Get("/follow-ups?asOf=2025-12-04")).Expect(200);
        Assert.That(
            answer.Items.Select(item => $"{item["case"]} {item["timepoint"]} {item["state"]}"),
            Is.EqualTo(Each("z post-op due", "a post-op due", "dead post-op due")));
    }

    [TestCase("")]
    [TestCase("&asOf=2026-11-20")]
    [TestCase("&state=overdue")]
    [TestCase("&daysOverdueMax=305")]
    public async Task Gives_every_visit_once_page_by_page(string query)
    {
        var whole = (await Api.Get("/follow-ups?limit=1000" + query)).Expect(200).Items.Select(item => item.ToJsonString()).ToList();
        for (var limit = 1; limit <= whole.Count + 1; limit++)
        {
            Assert.That(await Pages($"/follow-ups?limit={limit}{query}"), Is.EqualTo(whole), $"{limit} a page");
        }
    }

    [Test]
    public async Task Keeps_the_day_of_the_first_page_over_midnight()
    {
        var whole = (await Api.Get("/follow-ups?state=overdue")).Expect(200).Items.Select(item => item.ToJsonString()).ToList();
        try
        {
            // By then the visits of 12 months are overdue, too.
            Assert.That(
                await Pages("/follow-ups?state=overdue&limit=3", afterFirst: () => ItIs(new DateOnly(2027, 6, 1))), Is.EqualTo(whole));
        }
        finally
        {
            ItIs(Today);
        }
    }

    [TestCase("state=done", "/state", "unknown-code")]
    [TestCase("timepoint=baseline", "/timepoint", "unknown-code")]
    [TestCase("limit=0", "/limit", "out-of-range")]
    [TestCase("limit=1001", "/limit", "out-of-range")]
    [TestCase("daysOverdueMax=-1", "/daysOverdueMax", "out-of-range")]
    [TestCase("sex=female", "/sex", "unknown-parameter")]
    [TestCase("asOf=2026-11-22", "/asOf", "date-in-the-future")]
    [TestCase("after=next", "/after", "not-a-cursor")]
    [TestCase("after=2026-11-20~2026-02-30~ulm~a", "/after", "not-a-cursor")]
    [TestCase("after=2026-11-21~2026-02-28~ulm~a", "/after", "not-a-cursor")]
    [TestCase("after=2026-11-20~2026-02-28~ulm~a&asOf=2026-11-19", "/after", "other-as-of")]
    public async Task Refuses_what_it_does_not_understand(string query, string parameter, string code) =>
        Assert.That((await Api.Get("/follow-ups?" + query)).Expect(400).Faults, Is.EqualTo(new[] { (parameter, code) }));

    [TestCase("site=nowhere", "nowhere")]
    [TestCase("site=ulm&site=ULM", "ULM")]
    public async Task Refuses_a_site_that_is_not_known(string query, string site)
    {
        var answer = (await Api.Get("/follow-ups?" + query)).Expect(422);
        Assert.That(
            answer.Json["errors"]!.AsArray().Select(fault => (fault!["pointer"]!.ToString(), fault["value"]!.ToString())),
            Is.EqualTo(new[] { ("/site", site) }));
    }

    private async Task<IReadOnlyList<string>> Pages(string path, Action? afterFirst = null)
    {
        var items = new List<string>();
        string? next = null;
        do
        {
            var page = (await Api.Get(next is null ? path : $"{path}&after={next}")).Expect(200);
            items.AddRange(page.Items.Select(item => item.ToJsonString()));
            next = page.Json["next"]?.ToString();
            afterFirst?.Invoke();
        }
        while (next is not null);
        return items;
    }
}
