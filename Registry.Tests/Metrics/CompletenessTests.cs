using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// Twenty cases of one site, worked out by hand for their visit at six months, one case of another site, and a site
/// without cases. It is 20 November 2026; most were implanted on 10 January 2024, so that six months fall due on
/// 11 July 2024, with a window from 26 May to 9 October.
/// </summary>
public sealed class CompletenessTests(Engine engine) : CourseFixture(engine)
{
    private const string Ulm = "ulm";

    protected override async Task Prepare()
    {
        await Site(Ulm);
        await Site("bern");
        await Site("empty");
        foreach (var (name, on) in new[]
        {
            ("first-day", "2024-05-26"),
            ("last-day", "2024-10-09"),
            ("early", "2024-05-25"),
            ("late", "2024-10-10"),
        })
        {
            await Implanted(name);
            await Visit(Ulm, name, "6m", on);
        }

        foreach (var reason in new[] { "died", "lost-to-follow-up", "withdrawn", "declined", "too-ill", "not-done-by-site" })
        {
            await Implanted("not-done-" + reason);
            await NotDone(Ulm, "not-done-" + reason, "6m", reason);
        }

        await Implanted("dead-before");
        await Event(Ulm, "dead-before", EventType.Died, "2024-03-01");
        await Implanted("dead-after");
        await Event(Ulm, "dead-after", EventType.Died, "2024-07-20");
        await Implanted("explanted");
        await Explant(Ulm, "explanted", "2024-03-01", permanent: true);
        await Implanted("withdrawn");
        await Event(Ulm, "withdrawn", EventType.Withdrawn, "2024-03-01");
        await Implanted("lost");
        await Event(Ulm, "lost", EventType.LostToFollowUp, "2024-03-01");
        await Implanted("crossed-1", "crossed");
        await Case(Ulm, "crossed-2", Procedure.Drez, "crossed-1", "crossed");
        await Event(Ulm, "crossed-2", EventType.Lesioned, "2024-03-01");

        await Implanted("re-implanted");
        await Explant(Ulm, "re-implanted", "2024-03-01", permanent: false);
        await Event(Ulm, "re-implanted", EventType.Implanted, "2024-04-01", "again");
        await Implanted("forgotten");
        await Implanted("window-open", on: "2026-05-10");
        await Implanted("not-due", on: "2026-08-01");
        await Case(Ulm, "not-entered", Procedure.Scs);

        await Case("bern", "a", Procedure.Cordotomy);
        await Event("bern", "a", EventType.Lesioned, "2024-01-10");
        await Visit("bern", "a", "6m", "2024-07-11");
    }

    [Test]
    public async Task Puts_every_due_visit_in_one_place()
    {
        var row = Numbers(await Row("", Ulm, "scs"));
        Assert.That(row, Is.EqualTo((Due: 19, Done: 2, Late: 2, Pending: 1, Overdue: 2)));
        Assert.That(
            (await Row("", Ulm, "scs"))["notDone"]!.ToJsonString(),
            Is.EqualTo("""{"died":1,"lost-to-follow-up":1,"withdrawn":1,"declined":1,"too-ill":1,"not-done-by-site":1}"""));
        Assert.That(
            (await Row("", Ulm, "scs"))["censored"]!.ToJsonString(),
            Is.EqualTo("""{"died":1,"explanted":1,"crossed-over":1,"withdrawn":1,"lost-to-follow-up":1}"""));
    }

    [Test]
    public async Task Counts_a_visit_as_missed_when_observation_ended_after_its_target_day()
    {
        // 'dead-after' died nine days after the target day.
        Assert.That(Count(await Row("", Ulm, "scs"), "missed"), Is.EqualTo(1));
        Assert.That(Count(await Row("&asOf=2024-07-20", Ulm, "scs"), "missed"), Is.EqualTo(1));

        // The day before, the visit was still to be made.
        Assert.That(Count(await Row("&asOf=2024-07-19", Ulm, "scs"), "missed"), Is.Zero);
    }

    [Test]
    public async Task Gives_the_rate_with_its_interval()
    {
        // Wilson, 4 of 19, z = 1.959964: (x/n + z²/2n ± z √(x(n-x)/n³ + z²/4n²)) / (1 + z²/n).
        var row = await Row("", Ulm, "scs");
        Assert.That(
            (Math.Round(row["rate"]!.GetValue<double>(), 6),
                Math.Round(row["ciLow"]!.GetValue<double>(), 4),
                Math.Round(row["ciHigh"]!.GetValue<double>(), 4)),
            Is.EqualTo((0.210526, 0.0851, 0.4333)));
    }

    [Test]
    public async Task Pools_procedures_and_sites()
    {
        Assert.That(Numbers(await Row("", Ulm, "drez")), Is.EqualTo((1, 0, 0, 0, 1)));
        Assert.That(Numbers(await Row("", Ulm, "all")), Is.EqualTo((20, 2, 2, 1, 3)));
        Assert.That(Numbers(await Row("", "bern", "all")), Is.EqualTo((1, 1, 0, 0, 0)));
        Assert.That(Numbers(await Row("", "all", "all")), Is.EqualTo((21, 3, 2, 1, 3)));
    }

    [Test]
    public async Task Looks_at_the_registry_as_of_an_earlier_day()
    {
        // On the last day of the window: the visit of the day after is not known, and nothing is overdue yet.
        var row = await Row("&asOf=2024-10-09", Ulm, "scs");
        Assert.That(Numbers(row), Is.EqualTo((Due: 18, Done: 2, Late: 1, Pending: 3, Overdue: 0)));
        Assert.That(Sum(row), Is.EqualTo(18));
    }

    [Test]
    public async Task Has_a_row_for_every_site_procedure_and_timepoint()
    {
        var items = (await Api.Get("/summaries/completeness")).Expect(200).Items;
        Assert.That(items, Has.Count.EqualTo(4 * 5 * 6));
        Assert.That(
            items.Select(item => (item["site"]!.ToString(), item["procedure"]!.ToString(), item["timepoint"]!.ToString())), Is.Unique);
        Assert.That(items.Select(item => item["site"]!.ToString()).Distinct(), Is.EqualTo(Each("bern", "empty", Ulm, "all")));
        Assert.That(items.Select(Sum), Is.EqualTo(items.Select(item => item["due"]!.GetValue<int>())));
        var empty = items.First(item => item["site"]!.ToString() == "empty");
        Assert.That(
            empty.ToJsonString(),
            Is.EqualTo("""{"site":"empty","procedure":"scs","group":null,"timepoint":"post-op","targetDay":7,"due":0,"done":0,"late":0,"notDone":{"died":0,"lost-to-follow-up":0,"withdrawn":0,"declined":0,"too-ill":0,"not-done-by-site":0},"missed":0,"censored":{"died":0,"explanted":0,"crossed-over":0,"withdrawn":0,"lost-to-follow-up":0},"pending":0,"overdue":0,"rate":null,"ciLow":null,"ciHigh":null}"""));
    }

    [Test]
    public async Task Narrows_to_the_sites_procedures_and_timepoints_asked_for()
    {
        var items = (await Api.Get("/summaries/completeness?site=ulm&procedure=scs&timepoint=6m")).Expect(200).Items;
        Assert.That(
            items.Select(item => $"{item["site"]} {item["procedure"]} {item["timepoint"]} {item["due"]}"),
            Is.EqualTo(Each("ulm scs 6m 19", "ulm all 6m 19", "all scs 6m 19", "all all 6m 19")));
        Assert.That(
            (await Api.Get("/summaries/completeness?primary=true&timepoint=6m")).Expect(200)
                .Row(("site", Ulm), ("procedure", "drez"))["due"]!.GetValue<int>(),
            Is.Zero);
        (await Api.Get("/summaries/completeness?instrument=nrs")).Expect(400);
    }

    private async Task Implanted(string @case, string? patient = null, string on = "2024-01-10")
    {
        await Case(Ulm, @case, Procedure.Scs, patient: patient);
        await Event(Ulm, @case, EventType.Implanted, on);
    }

    private async Task<JsonNode> Row(string query, string site, string procedure) =>
        (await Api.Get("/summaries/completeness?timepoint=6m" + query)).Expect(200).Row(("site", site), ("procedure", procedure));

    private static (int Due, int Done, int Late, int Pending, int Overdue) Numbers(JsonNode row) =>
        (Count(row, "due"), Count(row, "done"), Count(row, "late"), Count(row, "pending"), Count(row, "overdue"));

    private static int Sum(JsonNode row) =>
        Count(row, "done") + Count(row, "late") + Count(row, "missed") + Count(row, "pending") + Count(row, "overdue")
        + Reasons(row, "notDone") + Reasons(row, "censored");

    private static int Reasons(JsonNode row, string name) => row[name]!.AsObject().Sum(reason => reason.Value!.GetValue<int>());

    private static int Count(JsonNode row, string name) => row[name]!.GetValue<int>();
}

/// <summary>A registry without a site has the rows of all sites together, with nothing in them.</summary>
public sealed class MeasuringCompletenessOfNothing(Engine engine) : CourseFixture(engine)
{
    [Test]
    public async Task Has_the_pooled_rows()
    {
        var items = (await Api.Get("/summaries/completeness")).Expect(200).Items;
        Assert.That(items, Has.Count.EqualTo(5 * 6));
        Assert.That(items.Select(item => $"{item["site"]} {item["due"]} {item["rate"]}").Distinct(), Is.EqualTo(Each("all 0 ")));
        Assert.That((await Api.Get("/follow-ups")).Expect(200).Items, Is.Empty);
    }
}
