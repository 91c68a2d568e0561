using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>Time to loss of response. Baseline NRS 10: at 30 % a response is 7 or less, at 50 % it is 5 or less.</summary>
public sealed class LossOfResponseTests(Engine engine) : RegistryFixture(engine)
{
    private const string Path = "/summaries/survival?event=loss-of-response&asOf=2022-12-31";

    protected override async Task Prepare()
    {
        var set = new RecordSet(new RecordKinds());
        set.Site(SiteCode.Of("north"), Course.SiteNamed("North"));

        // The response is lost and found again: it was lost. By PDI too: 60, 40 (33 %), 45 (25 %).
        new Course(set, "north", "A", Procedure.Scs).Happens(EventType.Implanted, 0).Scores(Timepoint.Baseline, -5, 10, 60)
            .Scores(Timepoint.PostOp, 7, 4, 40).Scores(Timepoint.Month3, 91, 5).Scores(Timepoint.Month6, 183, 8, 45)
                .Scores(Timepoint.Month12, 365, 3);

        // To the last score, whatever the cut-off.
        Implanted("B").Scores(Timepoint.Month1, 30, 4).Scores(Timepoint.Month12, 365, 6);

        // No response at first, no baseline, baseline 0, no follow-up, never implanted: not in it.
        Implanted("C").Scores(Timepoint.Month1, 30, 8).Scores(Timepoint.Month3, 91, 2);
        Implanted("D1", null).Scores(Timepoint.Month1, 30, 4);
        Implanted("D2", 0).Scores(Timepoint.Month1, 30, 0);
        Implanted("D3");
        new Course(set, "north", "D4", Procedure.Scs).Trial(0, 7, TrialOutcome.Failed)
            .Scores(Timepoint.Baseline, -5, 10)
            .Scores(Timepoint.Month1, 30, 4);

        // Explanted for good; the score after it is not credited.
        Implanted("E").Explanted(183, permanent: true)
            .Scores(Timepoint.Month1, 30, 4).Scores(Timepoint.Month3, 91, 6).Scores(Timepoint.Month6, 190, 9);

        // Dead; lost, and seen again; re-implanted, at exactly 30 %; crossed over before the last score.
        Implanted("F").Happens(EventType.Died, 183).Scores(Timepoint.Month1, 30, 4);
        Implanted("G").Happens(EventType.LostToFollowUp, 100).Scores(Timepoint.Month1, 30, 4).Scores(Timepoint.Month12, 365, 5);
        Implanted("H").Explanted(60, permanent: false).Happens(EventType.Implanted, 70)
            .Scores(Timepoint.Month1, 30, 4).Scores(Timepoint.Month3, 91, 7).Scores(Timepoint.Month24, 730, 7);
        Implanted("I").Scores(Timepoint.Month1, 30, 4).Scores(Timepoint.Month3, 91, 5).Scores(Timepoint.Month6, 183, 9);
        new Course(set, "north", "I2", Procedure.Drez, "I", "I").Happens(EventType.Lesioned, 120);

        // The first score by date is the one of the later timepoint.
        new Course(set, "north", "J", Procedure.Drez).Happens(EventType.Lesioned, 0).Scores(Timepoint.Baseline, -5, 10)
            .Scores(Timepoint.Month3, 200, 8).Scores(Timepoint.Month6, 150, 4);
        await Api.Record(set);

        Course Implanted(string code, int? baseline = 10)
        {
            var course = new Course(set, "north", code, Procedure.Scs).Happens(EventType.Implanted, 0);
            return baseline is { } nrs ? course.Scores(Timepoint.Baseline, -5, nrs) : course;
        }
    }

    [TestCase("")]
    [TestCase("&threshold=30")]
    [TestCase("&instrument=nrs&threshold=30")]
    public async Task Counts_those_who_responded_at_first(string parameters)
    {
        Assert.That(await Counts(parameters, "scs"), Is.EqualTo((string[])
        [
            "day 0: 7 at risk, 0 events, 0 competing, 0 censored",
            "day 7: 7 at risk, 0 events, 0 competing, 0 censored",
            "day 30: 7 at risk, 0 events, 0 competing, 0 censored",
            "day 91: 7 at risk, 0 events, 0 competing, 1 censored",
            "day 183: 6 at risk, 2 events, 1 competing, 1 censored",
            "day 365: 3 at risk, 0 events, 0 competing, 2 censored",
            "day 730: 1 at risk, 0 events, 0 competing, 1 censored",
        ]));
    }

    [Test]
    public async Task Estimates_survival_and_incidence()
    {
        var row = (await Api.Get(Path)).Expect(200).Row(("procedure", "scs"), ("day", "183"));
        Assert.That(row["n"]!.GetValue<int>(), Is.EqualTo(7));
        Assert.That(
            (double[])[row["survival"]!.GetValue<double>(), row["incidence"]!.GetValue<double>()],
            Is.EqualTo((double[])[2 / 3.0, 1 / 3.0]).Within(1e-12));
    }

    [Test]
    public async Task Counts_at_another_threshold()
    {
        // E and H are at 6 and 7 on day 91, B at 6 on day 365.
        Assert.That(await Counts("&threshold=50", "scs"), Is.EqualTo((string[])
        [
            "day 0: 7 at risk, 0 events, 0 competing, 0 censored",
            "day 7: 7 at risk, 0 events, 0 competing, 0 censored",
            "day 30: 7 at risk, 0 events, 0 competing, 0 censored",
            "day 91: 7 at risk, 2 events, 0 competing, 1 censored",
            "day 183: 4 at risk, 1 events, 1 competing, 1 censored",
            "day 365: 2 at risk, 1 events, 0 competing, 1 censored",
        ]));
    }

    [Test]
    public async Task Counts_by_the_other_instrument() =>
        Assert.That(await Counts("&instrument=pdi", "scs"), Is.EqualTo((string[])
        [
            "day 0: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 7: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 30: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 91: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 183: 1 at risk, 1 events, 0 competing, 0 censored",
        ]));

    [Test]
    public async Task Has_a_row_at_each_day_asked_for() =>
        Assert.That(await Counts("&instrument=pdi&at=184&at=1", "scs"), Is.EqualTo((string[])
        [
            "day 0: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 1: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 7: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 30: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 91: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 183: 1 at risk, 1 events, 0 competing, 0 censored",
            "day 184: 0 at risk, 0 events, 0 competing, 0 censored",
        ]));

    [Test]
    public async Task Takes_the_first_score_by_date() =>
        Assert.That(await Counts(string.Empty, "drez"), Is.EqualTo((string[])
        [
            "day 0: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 7: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 30: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 91: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 183: 1 at risk, 0 events, 0 competing, 0 censored",
            "day 200: 1 at risk, 1 events, 0 competing, 0 censored",
        ]));

    [Test]
    public async Task Says_what_it_waited_for()
    {
        var rows = (await Api.Get(Path + "&instrument=pdi&threshold=40")).Expect(200).Items;
        Assert.That(
            rows.Select(row => $"{row["event"]} {row["instrument"]} {row["threshold"]}"), Is.All.EqualTo("loss-of-response pdi 40"));
        Assert.That(
            rows.Select(row => $"{row["procedure"]} {row["day"]}"),
            Is.EqualTo((string[])["scs 0", "drg 0", "drez 0", "cordotomy 0", "all 0"]));
    }

    [Test]
    public async Task Knows_of_nothing_after_the_cut_off()
    {
        // Day 90: the first scores alone, and the post-op one of A.
        var rows = (await Api.Get("/summaries/survival?event=loss-of-response&asOf=2020-03-31")).Expect(200).Items;
        Assert.That(rows.Where(row => row["procedure"]!.ToString() == "scs").Select(Told), Is.EqualTo((string[])
        [
            "day 0: 7 at risk, 0 events, 0 competing, 0 censored",
            "day 7: 7 at risk, 0 events, 0 competing, 1 censored",
            "day 30: 6 at risk, 0 events, 0 competing, 6 censored",
        ]));
    }

    private async Task<IReadOnlyList<string>> Counts(string parameters, string procedure) =>
        [.. (await Api.Get(Path + parameters)).Expect(200).Items.Where(row => row["procedure"]!.ToString() == procedure).Select(Told)];

    private static string Told(JsonNode row) =>
        $"day {row["day"]}: {row["atRisk"]} at risk, {row["events"]} events, {row["competing"]} competing, {row["censored"]} censored";
}
