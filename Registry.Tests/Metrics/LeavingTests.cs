using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// Data dated after a withdrawal are kept and used in no figure. An SCS implant of 10 January 2024, baseline 8, withdrawn on
/// 1 June 2024 (day 143). Recorded of it before, on the day and after: an adverse event, a cost, a stay; after it also
/// visits, an explant, an operation in a later case, and the death.
/// </summary>
public sealed class LeavingTests(Engine engine) : CourseFixture(engine)
{
    private const string Ulm = "ulm";
    private const string Left = "2024-06-01";

    protected override async Task Prepare()
    {
        await Site(Ulm);
        await Case(Ulm, "a", Procedure.Scs, patient: "P");
        await Event(Ulm, "a", EventType.Implanted, "2024-01-10");
        await Visit(Ulm, "a", "baseline", "2024-01-01", 8);
        await Visit(Ulm, "a", "1m", "2024-02-09", 2);
        await Visit(Ulm, "a", "3m", Left, 2);
        await Event(Ulm, "a", EventType.Withdrawn, Left);
        await Visit(Ulm, "a", "6m", "2024-06-02", 8);
        await Visit(Ulm, "a", "12m", "2025-01-09", 1);
        await Explant(Ulm, "a", "2024-08-01", permanent: true);
        foreach (var day in (string[])["2024-03-01", Left, "2024-06-02"])
        {
            await AdverseEvent(Ulm, "a", day);
            await Cost(Ulm, "a", day);
            await Stay(Ulm, "a", "2024-03-01", day);
        }

        await Cost(Ulm, "a");
        await Case(Ulm, "b", Procedure.Drez, preceding: "a", patient: "P");
        await Event(Ulm, "b", EventType.Lesioned, "2024-09-01");
        await Event(Ulm, "b", EventType.Died, "2025-03-01");
    }

    [Test]
    public async Task Everything_is_kept()
    {
        Assert.That((await Api.Get("/sites/ulm/cases/a/assessments/12m")).Expect(200).Json["nrs"]!.GetValue<int>(), Is.EqualTo(1));
        (await Api.Get("/sites/ulm/cases/b/events/died")).Expect(200);
    }

    [TestCase("1m", 1)]
    [TestCase("3m", 1)]
    [TestCase("6m", 0)]
    [TestCase("12m", 0)]
    public async Task No_score_after_it_is_credited(string timepoint, int n)
    {
        Assert.That(Count(await Row($"scores?set=treated&instrument=nrs&timepoint={timepoint}", "scs"), "n"), Is.EqualTo(n));
        var rates = await Row($"response-rates?set=intention-to-treat&instrument=nrs&timepoint={timepoint}", "scs");
        Assert.That(
            (Count(rates, "responders"), Count(rates, "denominator"), Count(rates, "missing"), Count(rates, "diedBefore")),
            Is.EqualTo((n, 1, 1 - n, 0)));
    }

    [Test]
    public async Task No_visit_after_it_is_a_visit() =>
        Assert.That(
            await Schedule(Ulm, "a"),
            Is.EqualTo(
                Each("post-op missed", "1m done", "3m done", "6m censored withdrawn", "12m censored withdrawn", "24m censored withdrawn")));

    [Test]
    public async Task No_explant_operation_or_death_after_it_is_counted()
    {
        var flow = await Row("flow?", "all");
        Assert.That(
            (Count(flow, "enrolled"),
                Count(flow, "notStarted"),
                Count(flow, "explanted"),
                Count(flow, "crossedOver"),
                Count(flow, "operatedAfterTrial"),
                Count(flow, "died"),
                Count(flow, "withdrawn")),
            Is.EqualTo((2, 1, 0, 0, 0, 0, 2)));
        Assert.That(Count(await Row("trials?", "scs"), "explanted"), Is.Zero);

        var curve = (await Api.Get("/summaries/survival?at=142&at=143&at=204")).Expect(200);
        Assert.That(
            curve.Items.Where(row => row["procedure"]!.ToString() == "scs")
                .Select(row => $"{row["day"]}: {row["atRisk"]} {row["events"]} {row["competing"]} {row["censored"]}")
                .TakeLast(3),
            Is.EqualTo(Each("142: 1 0 0 0", "143: 1 0 0 1", "204: 0 0 0 0")));
    }

    // A cost without a date stays, with those of the days up to the withdrawal; the stays are of 0 and of 92 days.
    [Test]
    public async Task No_adverse_event_cost_or_stay_after_it_is_counted()
    {
        Assert.That(Count(await Row("adverse-events?set=treated&category=other", "scs"), "events"), Is.EqualTo(2));
        Assert.That((await Row("costs?basis=all&per=case", "scs"))["total"]!.GetValue<decimal>(), Is.EqualTo(300m));
        Assert.That((await Row("costs?basis=all&per=pathway", "scs"))["total"]!.GetValue<decimal>(), Is.EqualTo(300m));
        var stays = await Row("stays?", "scs");
        Assert.That((Count(stays, "n"), stays["meanDays"]!.GetValue<double>()), Is.EqualTo((2, 46.0)));
    }

    [Test]
    public async Task The_day_before_it_nothing_was_different()
    {
        Assert.That(Count(await Row("flow?asOf=2024-05-31", "scs"), "withdrawn"), Is.Zero);
        Assert.That(await WorkList("asOf=2024-05-31"), Is.EqualTo(Each("a post-op overdue", "a 3m overdue")));
    }

    private async Task<JsonNode> Row(string question, string procedure) =>
        (await Api.Get("/summaries/" + question)).Expect(200).Row(("procedure", procedure));

    private static int Count(JsonNode row, string name) => row[name]!.GetValue<int>();
}
