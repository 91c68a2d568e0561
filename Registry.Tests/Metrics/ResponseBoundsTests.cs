using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>How far the missing could move a response rate, at 12 months: day 385, as time zero is day 20.</summary>
public sealed class ResponseBoundsTests(Engine engine) : RegistryFixture(engine)
{
    private const string AtTwelveMonths = "/summaries/response-rates?timepoint=12m&instrument=nrs&asOf=2024-01-03";

    protected override async Task Prepare()
    {
        var book = new CaseBook();
        book.Case("responded", Procedure.Scs).Staged().Score(Timepoint.Month12, 385, 3);
        book.Case("did-not-respond", Procedure.Scs).Staged().Score(Timepoint.Month12, 385, 9);
        book.Case("no-visit", Procedure.Scs).Staged();
        book.Case("lost", Procedure.Scs).Staged().Lost(100);
        book.Case("explanted-after-the-day", Procedure.Scs).Staged().Explanted(390).Score(Timepoint.Month12, 400, 2);
        book.Case("died-before-the-day", Procedure.Scs).Staged().Died(384);
        book.Case("died-on-the-day", Procedure.Scs).Staged().Died(385);
        book.Case("explanted-before-the-day", Procedure.Scs).Staged().Explanted(200).Score(Timepoint.Month12, 385, 2);
        book.Case("crossed-over", Procedure.Scs).Staged();
        book.Case("crossed-over-to", Procedure.Drez, "crossed-over", "crossed-over").Lesioned(300).Score(Timepoint.Baseline, 299, 8);
        book.Case("scored-while-out", Procedure.Scs).Staged().Explanted(380, permanent: false).Score(Timepoint.Month12, 385, 9);
        book.Case("trial-failed", Procedure.Scs).TrialStarted(0).TrialFailed(10).Score(Timepoint.Baseline, -1, 10);
        book.Case("declined", Procedure.Scs).TrialStarted(0).TrialSucceeded(10).Score(Timepoint.Baseline, -1, 10);
        book.Case("no-baseline", Procedure.Scs).TrialStarted(0).TrialSucceeded(10).Implanted(20);
        book.Case("baseline-0", Procedure.Scs).TrialStarted(0).TrialSucceeded(10).Implanted(20).Score(Timepoint.Baseline, -1, 0);
        book.Case("not-yet-due", Procedure.Scs).TrialStarted(600).TrialSucceeded(610).Implanted(620).Score(Timepoint.Baseline, 599, 10);
        await book.Send(Api);
    }

    // Undetermined: no visit, lost, explanted after the day (the score after it is not credited), died on the day.
    [TestCase("observed", 1, 2, 1, 6, 5, 6)]
    [TestCase("treated", 1, 10, 1, 10, 5, 10)]
    [TestCase("intention-to-treat", 1, 12, 1, 12, 5, 12)]
    public async Task Takes_the_unknown_for_non_responders_and_for_responders(
        string set, int responders, int denominator, int worst, int worstOf, int best, int bestOf)
    {
        var row = (await Api.Get($"{AtTwelveMonths}&procedure=scs&set={set}")).Expect(200).Row(("procedure", "scs"));
        Assert.That((Count(row, "responders"), Count(row, "denominator")), Is.EqualTo((responders, denominator)));
        Assert.That(Bound(row, "worst"), Is.EqualTo((worst, worstOf, (double)worst / worstOf)));
        Assert.That(Bound(row, "best"), Is.EqualTo((best, bestOf, (double)best / bestOf)));
        Assert.That(Count(row["bounds"]!, "undetermined"), Is.EqualTo(4));
    }

    [Test]
    public async Task Has_no_unknown_before_the_visit_is_due()
    {
        var row = (await Api.Get("/summaries/response-rates?timepoint=12m&instrument=nrs&set=treated&asOf=2023-01-22")).Expect(200)
            .Row(("procedure", "scs"));
        Assert.That((Count(row, "denominator"), Count(row["bounds"]!, "undetermined")), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Has_the_unknown_on_the_day_the_visit_is_due()
    {
        // Day 385. The explant of day 390 is not looked at yet, and whether the one of day 380 is for good is not known: a fifth.
        var row = (await Api.Get("/summaries/response-rates?timepoint=12m&instrument=nrs&set=treated&asOf=2023-01-23")).Expect(200)
            .Row(("procedure", "scs"));
        Assert.That((Count(row, "denominator"), Count(row["bounds"]!, "undetermined")), Is.EqualTo((10, 5)));
    }

    [Test]
    public async Task Has_no_rate_for_an_empty_group()
    {
        var row = (await Api.Get($"{AtTwelveMonths}&procedure=cordotomy&set=observed")).Expect(200).Row(("procedure", "cordotomy"));
        Assert.That(row["bounds"]!["worst"]!.AsObject().ContainsKey("rate"));
        Assert.That(row["bounds"]!["worst"]!["rate"], Is.Null);
        Assert.That(row["bounds"]!["best"]!["rate"], Is.Null);
    }

    private static (int Responders, int Denominator, double? Rate) Bound(JsonNode row, string name) =>
        (Count(row["bounds"]![name]!, "responders"),
            Count(row["bounds"]![name]!, "denominator"),
            row["bounds"]![name]!["rate"]?.GetValue<double>());

    private static int Count(JsonNode row, string name) => row[name]!.GetValue<int>();
}
