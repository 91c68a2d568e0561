using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// What happens to a person happens in every case, in whichever it is recorded. At 'ulm' PD had a trial of SCS from 10
/// January 2026 that failed on the 20th, then a cordotomy on 1 March, baseline 9, and died on 20 March, recorded in the case
/// of the trial. PW, the same at 'bern', withdrew on that day.
/// </summary>
public sealed class PersonSummaryTests(Engine engine) : CourseFixture(engine)
{
    protected override async Task Prepare()
    {
        foreach (var (site, patient, end) in new[] { ("ulm", "PD", EventType.Died), ("bern", "PW", EventType.Withdrawn) })
        {
            await Site(site);
            await Case(site, "a1", Procedure.Scs, patient: patient);
            await Event(site, "a1", EventType.TrialStarted, "2026-01-10");
            await Event(site, "a1", EventType.TrialEnded, "2026-01-20", more: """, "outcome": "failed" """);
            await Case(site, "a2", Procedure.Cordotomy, preceding: "a1", patient: patient);
            await Event(site, "a2", EventType.Lesioned, "2026-03-01");
            await Visit(site, "a2", "baseline", "2026-02-20", 9);
            await Event(site, "a1", end, "2026-03-20");
            await Visit(site, "a2", "1m", "2026-04-02", 1);
        }
    }

    [TestCase("ulm", "died")]
    [TestCase("bern", "withdrawn")]
    public async Task The_end_of_a_person_ends_the_schedule_of_every_case(string site, string reason)
    {
        // A withdrawal is the last that counts: the visit after it is as if it were not made.
        var oneMonth = reason == "died" ? "1m done" : "1m censored withdrawn";
        Assert.That(
            await Schedule(site, "a2"),
            Is.EqualTo(Each(
                "post-op missed", oneMonth, $"3m censored {reason}", $"6m censored {reason}", $"12m censored {reason}",
                $"24m censored {reason}")));

        // The first case had ended already, when the second began.
        Assert.That((await Schedule(site, "a1")).Take(3), Is.EqualTo(Each("post-op missed", "1m missed", "3m censored crossed-over")));
        Assert.That(await WorkList($"site={site}"), Is.Empty);
        Assert.That(await WorkList($"site={site}&asOf=2026-03-19"), Is.EqualTo(Each("a2 post-op overdue")));
    }

    // One month fell due on 31 March: the score of 2 April is not credited.
    [TestCase("ulm", 1)]
    [TestCase("bern", 0)]
    public async Task A_score_after_it_is_not_credited(string site, int diedBefore)
    {
        var row = (await Api.Get($"/summaries/response-rates?site={site}&timepoint=1m&instrument=nrs&set=intention-to-treat")).Expect(200)
            .Row(("procedure", "cordotomy"));
        Assert.That(
            (Count(row, "responders"),
                Count(row, "denominator"),
                Count(row, "missing"),
                Count(row, "diedBefore"),
                Count(row["responseRateExcludingDeaths"]!, "denominator")),
            Is.EqualTo((0, 1, 1, diedBefore, 1 - diedBefore)));
        Assert.That(
            Count((await Api.Get($"/summaries/scores?site={site}&timepoint=1m&instrument=nrs&set=treated")).Expect(200)
                .Row(("procedure", "cordotomy")), "n"),
            Is.Zero);
    }

    [TestCase("scs", 1, 1)]
    [TestCase("cordotomy", 1, 1)]
    [TestCase("all", 2, 2)]
    [TestCase("drg", 0, 0)]
    public async Task The_flow_chart_counts_it_in_every_case(string procedure, int died, int withdrawn)
    {
        Assert.That(Count((await Api.Get("/summaries/flow?site=ulm")).Expect(200).Row(("procedure", procedure)), "died"), Is.EqualTo(died));
        Assert.That(
            Count((await Api.Get("/summaries/flow?site=bern")).Expect(200).Row(("procedure", procedure)), "withdrawn"),
            Is.EqualTo(withdrawn));
    }

    [Test]
    public async Task Nothing_of_it_is_known_the_day_before()
    {
        Assert.That(
            Count((await Api.Get("/summaries/flow?site=ulm&asOf=2026-03-19")).Expect(200).Row(("procedure", "all")), "died"), Is.Zero);
        Assert.That(
            Count(
                (await Api.Get("/summaries/completeness?site=ulm&asOf=2026-03-19&timepoint=post-op")).Expect(200)
                    .Row(("site", "ulm"), ("procedure", "cordotomy")),
                "overdue"),
            Is.EqualTo(1));
    }

    // An SCS implant of 10 January 2025; the death is recorded on day 203 in a case that is not linked to it.
    [Test]
    public async Task A_death_recorded_in_another_case_competes_with_the_explant()
    {
        var site = Sample.Key("site");
        await Site(site);
        await Case(site, "x1", Procedure.Scs, patient: "PX");
        await Event(site, "x1", EventType.Implanted, "2025-01-10");
        await Case(site, "x2", Procedure.Cordotomy, patient: "PX");
        await Event(site, "x2", EventType.Lesioned, "2025-06-01");
        await Event(site, "x2", EventType.Died, "2025-08-01");
        var row =
            (await Api.Get($"/summaries/survival?site={site}&at=202&at=203&at=204")).Expect(200).Row(("procedure", "scs"), ("day", "203"));
        Assert.That(
            (Count(row, "atRisk"), Count(row, "events"), Count(row, "competing"), Count(row, "censored")), Is.EqualTo((1, 0, 1, 1)));

        // The operation in a case that is not linked is no crossover.
        Assert.That(Count((await Api.Get($"/summaries/flow?site={site}")).Expect(200).Row(("procedure", "scs")), "crossedOver"), Is.Zero);
    }

    [Test]
    public async Task The_same_reference_at_another_site_is_another_person()
    {
        var (one, other) = (Sample.Key("site"), Sample.Key("site"));
        foreach (var site in new[] { one, other })
        {
            await Site(site);
            await Case(site, "a", Procedure.Drez, patient: "P1");
            await Event(site, "a", EventType.Lesioned, "2025-11-20");
        }

        await Event(one, "a", EventType.Died, "2025-11-21");
        Assert.That((await Schedule(one, "a"))[4], Is.EqualTo("12m censored died"));
        Assert.That((await Schedule(other, "a"))[4], Is.EqualTo("12m due"));
    }

    // The chain of preceding cases: the case in between was never treated.
    [Test]
    public async Task Any_later_case_of_the_chain_is_a_crossover()
    {
        var site = Sample.Key("site");
        await Site(site);
        await Case(site, "c1", Procedure.Scs, patient: "PC");
        await Event(site, "c1", EventType.TrialStarted, "2026-01-10");
        await Event(site, "c1", EventType.TrialEnded, "2026-01-20", more: """, "outcome": "failed" """);
        await Case(site, "c2", Procedure.Drg, preceding: "c1", patient: "PC");
        await Case(site, "c3", Procedure.Drez, preceding: "c2", patient: "PC");
        await Event(site, "c3", EventType.Lesioned, "2026-03-01");
        Assert.That((await Schedule(site, "c1"))[2], Is.EqualTo("3m censored crossed-over"));
        Assert.That(
            Count((await Api.Get($"/summaries/flow?site={site}")).Expect(200).Row(("procedure", "all")), "crossedOver"), Is.EqualTo(2));
    }

    private static int Count(JsonNode row, string name) => row[name]!.GetValue<int>();
}
