using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// Who is observed no more is on no work list. Treated on 1 September 2026, observation ends on the 10th: the visit of day 7
/// was due on the 8th, that of day 30 would have been on 1 October. Each course at a site of its own.
/// </summary>
public sealed class EndOfObservationTests(Engine engine) : CourseFixture(engine)
{
    private static readonly string[] Nothing = [];

    [TestCase("died")]
    [TestCase("explanted")]
    [TestCase("crossed-over")]
    [TestCase("withdrawn")]
    [TestCase("lost-to-follow-up")]
    public async Task A_visit_due_before_is_missed_and_a_later_one_censored(string reason)
    {
        var site = await Ended(reason);
        Assert.That(
            await Schedule(site, "a"),
            Is.EqualTo(Each(
                "post-op missed", $"1m censored {reason}", $"3m censored {reason}", $"6m censored {reason}", $"12m censored {reason}",
                $"24m censored {reason}")));

        var row = await Completeness(site, "post-op", Today);
        Assert.That(
            (Count(row, "due"), Count(row, "missed"), Count(row, "overdue"), Count(row["censored"]!, reason)), Is.EqualTo((1, 1, 0, 0)));
        row = await Completeness(site, "1m", Today);
        Assert.That(
            (Count(row, "due"), Count(row, "missed"), Count(row, "overdue"), Count(row["censored"]!, reason)), Is.EqualTo((1, 0, 0, 1)));
    }

    [TestCase("died")]
    [TestCase("explanted")]
    [TestCase("crossed-over")]
    [TestCase("withdrawn")]
    [TestCase("lost-to-follow-up")]
    public async Task The_work_list_asks_up_to_the_day_before(string reason)
    {
        var site = await Ended(reason);
        Assert.That(await WorkList($"site={site}&procedure=scs&asOf=2026-09-09"), Is.EqualTo(Each("a post-op due")));
        Assert.That(await WorkList($"site={site}&procedure=scs&asOf=2026-09-10"), Is.EqualTo(Nothing));
        Assert.That(await WorkList($"site={site}&procedure=scs&asOf=2026-09-12"), Is.EqualTo(Nothing));
        Assert.That(await WorkList($"site={site}&procedure=scs"), Is.EqualTo(Nothing));
    }

    // An end on the target day itself came after the visit could be made; a visit on record stays what it was.
    [TestCase("2026-09-07", "post-op censored withdrawn")]
    [TestCase("2026-09-08", "post-op missed")]
    [TestCase("2026-09-09", "post-op missed")]
    public async Task The_target_day_itself_was_reached(string withdrawn, string postOp)
    {
        var site = Sample.Key("site");
        await Site(site);
        await Case(site, "a", Procedure.Drez);
        await Event(site, "a", EventType.Lesioned, "2026-09-01");
        await Event(site, "a", EventType.Withdrawn, withdrawn);
        Assert.That((await Schedule(site, "a"))[0], Is.EqualTo(postOp));
    }

    [Test]
    public async Task What_is_recorded_of_a_visit_comes_first()
    {
        var site = await Ended("lost-to-follow-up");
        await NotDone(site, "a", "post-op", "too-ill");
        await NotDone(site, "a", "1m", "lost-to-follow-up");
        Assert.That(
            (await Schedule(site, "a")).Take(3),
            Is.EqualTo(Each("post-op not-done too-ill", "1m not-done lost-to-follow-up", "3m censored lost-to-follow-up")));
    }

    private async Task<string> Ended(string reason)
    {
        var site = Sample.Key("site");
        await Site(site);
        await Case(site, "a", Procedure.Scs);
        await Event(site, "a", EventType.Implanted, "2026-09-01");
        switch (reason)
        {
            case "explanted":
                await Explant(site, "a", "2026-09-10", permanent: true);
                break;
            case "crossed-over":
                await Case(site, "b", Procedure.Drez, preceding: "a", patient: "of-a");
                await Event(site, "b", EventType.Lesioned, "2026-09-10");
                break;
            default:
                await Event(
                    site,
                    "a",
                    reason switch { "died" => EventType.Died, "withdrawn" => EventType.Withdrawn, _ => EventType.LostToFollowUp },
                    "2026-09-10");
                break;
        }

        return site;
    }

    private async Task<JsonNode> Completeness(string site, string timepoint, DateOnly asOf) =>
        (await Api.Get(
            FormattableString.Invariant(
                $"/summaries/completeness?site={site}&procedure=scs&timepoint={timepoint}&asOf={asOf:yyyy-MM-dd}"))).Expect(
            200).Row(("site", site), ("procedure", "scs"));

    private static int Count(JsonNode row, string name) => row[name]!.GetValue<int>();
}
