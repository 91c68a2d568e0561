using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Api.Summaries;

namespace Registry.Tests.Unit;

/// <summary>Small counts are hidden, with what they could be worked out from; the others are rounded.</summary>
public sealed class DisclosureTests
{
    private static readonly Disclosure Exact = new(minimum: 11, rounding: 1);
    private static readonly Disclosure Rounded = new(minimum: 11, rounding: 5);

    [TestCase(0, 0L)]
    [TestCase(1, null)]
    [TestCase(10, null)]
    [TestCase(11, 11L)]
    [TestCase(12_345, 12_345L)]
    public void Hides_counts_below_the_minimum_and_not_zero(long count, long? shown) => Assert.That(Shown(Exact, count), Is.EqualTo(shown));

    [TestCase(0, 0L)]
    [TestCase(10, null)]
    [TestCase(11, 15L)]
    [TestCase(17, 15L)]
    [TestCase(18, 20L)]
    [TestCase(1002, 1000L)]
    public void Rounds_to_a_multiple_and_never_below_the_minimum(long count, long? shown) =>
        Assert.That(Shown(Rounded, count), Is.EqualTo(shown));

    [Test]
    public void Hides_a_rate_with_its_numerator_and_the_numerator_with_its_complement()
    {
        var item = Exact.Protect(
            [new TrialItem("scs", 100, 95, 90, 80, 3, RateFigure.Of(90, 95), RateFigure.Of(80, 100), RateFigure.Of(3, 80))])[0]!;
        Assert.That(item["explanted"], Is.Null);
        Assert.That(item["explantRate"]!.ToJsonString(), Is.EqualTo("""{"x":null,"n":80,"rate":null,"ciLow":null,"ciHigh":null}"""));
        Assert.That(
            item["trialSuccess"]!.ToJsonString(),
            Is.EqualTo("""{"x":null,"n":95,"rate":null,"ciLow":null,"ciHigh":null}"""),
            "five failed");
        Assert.That(item["trialToImplant"]!.ToJsonString(), Does.StartWith("""{"x":80,"n":100,"rate":0.8,"""));
        Assert.That(item["suppressed"]!.GetValue<bool>(), Is.True);
    }

    [Test]
    public void Says_nothing_where_nothing_is_hidden() =>
        Assert.That(
            Exact.Protect(
                [new TrialItem(
                    "scs", 100, 90, 70, 50, 20, RateFigure.Of(70, 90), RateFigure.Of(50, 100),
                    RateFigure.Of(20, 50))])[0]!.AsObject().ContainsKey("suppressed"),
            Is.False);

    [Test]
    public void Hides_a_whole_of_which_one_part_is_hidden_and_shows_one_of_which_two_are()
    {
        Assert.That(Events(("scs", 40), ("drg", 3), ("all", 43)), Is.EqualTo(new long?[] { 40, null, null }));
        Assert.That(Events(("scs", 40), ("drg", 3), ("drez", 4), ("all", 47)), Is.EqualTo(new long?[] { 40, null, null, 47 }));
        Assert.That(Events(("scs", 40), ("drg", 30), ("all", 70)), Is.EqualTo(new long?[] { 40, 30, 70 }));

        static IEnumerable<long?> Events(params (string Procedure, long Count)[] rows) =>
            Exact.Protect<FlowItem>([.. rows.Select(row => Flow(row.Procedure, row.Count))]).Select(item => (long?)item!["enrolled"]);
    }

    [Test]
    public void Never_shows_the_value_of_one_patient_and_rounds_what_would_tell_how_many_there_are()
    {
        var item = Rounded.Protect(
            [new ScoreItem("scs", null, "12m", 365, "nrs", "treated", 110, 3.6727272727272728, 2.6, 3, 1, 5.5, 0, 10, null, 7)])[0]!;
        Assert.That((item["min"], item["max"], item["worse"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null, (JsonNode?)null)));
        Assert.That(item["mean"]!.ToJsonString(), Is.EqualTo("3.7"), "in steps of 0.1: 4 x 2.6 / 110, and more");
        Assert.That(item["targetDay"]!.GetValue<int>(), Is.EqualTo(365), "no count");
        Assert.That(
            Rounded.Protect(
                [new ScoreItem("scs", null, "12m", 365, "nrs", "treated", 10, 3.6, 2.6, 3, 1, 5.5, 0, 10, null, 0)])[0]!["mean"],
            Is.Null);
    }

    [Test]
    public void Works_rates_and_sums_out_from_the_counts_that_it_shows()
    {
        var rate =
            Rounded.Protect([new TrialItem("scs", 0, 0, 0, 0, 0, RateFigure.Of(33, 112), RateFigure.Of(0, 0), RateFigure.Of(0, 17))])[0]!;
        Assert.That(rate["trialSuccess"]!.ToJsonString(), Is.EqualTo("""{"x":35,"n":110,"rate":0.32,"ciLow":0.24,"ciHigh":0.41}"""));
        Assert.That(rate["explantRate"]!.ToJsonString(), Does.StartWith("""{"x":0,"n":15,"rate":0,"""));
        var of = new ResponderCost("12m", "nrs", 30, "treated", 14, 432_100, 12);
        var cost = Rounded.Protect(
            [new CostSummaryItem(
                "scs", "all", "case", "EUR", 2024, 14, 37_057.14m, 1, 1, 1, 1, 518_800,
                [new CategoryFigures("device", 14, 1000, 14_000)], of.PerResponder, of, 30)])[0]!;
        Assert.That(
            (cost["n"]!.ToJsonString(), cost["mean"]!.ToJsonString(), cost["total"]!.ToJsonString()),
            Is.EqualTo(("15", "37100", "556000")));
        Assert.That(cost["byCategory"]![0]!.ToJsonString(), Is.EqualTo("""{"category":"device","n":15,"mean":1000,"total":15000}"""));
        Assert.That(cost["costPerResponder"]!.ToJsonString(), Is.EqualTo("28800"), "432,000 / 15");
    }

    [Test]
    public void Shows_survival_at_the_visits_alone_with_the_events_in_between()
    {
        static SurvivalItem Day(string procedure, int day, long events, double survival) => new(
            procedure, "explant", null, null, null, null, 100, day, 100, events, 1, 2, survival, null, null, null, null, null, null, null);
        var shown = Survival.AtVisits([Day("scs", 0, 0, 1), Day("scs", 7, 3, .97), Day("scs", 12, 4, .93), Day("scs", 30, 5, .88),
            Day("scs", 44, 1, .87), Day("all", 0, 0, 1), Day("all", 11, 2, .98)]);
        Assert.That(
            shown.Select(row => (row.Procedure, row.Day, row.Events, row.Competing, row.Censored, row.Survival)),
            Is.EqualTo(new (string, int, long, long, long, double?)[]
            {
                ("scs", 0, 0, 1, 2, 1), ("scs", 7, 3, 1, 2, .97), ("scs", 30, 9, 2, 4, .88),
                ("all", 0, 0, 1, 2, 1),
            }));
    }

    [Test]
    public void Shows_a_responder_curve_at_tens()
    {
        var curve = new ResponderCurveItem(
            "scs", "12m", "nrs", "treated", 100, [new(3, 90, .9), new(22, 70, .7), new(30, 60, .6), new(91, 20, .2)]);
        Assert.That(
            ResponderCurve.AtTens([curve])[0].Points.Select(point => (point.Relief, point.Responders)),
            Is.EqualTo(
                new[] { (0, 90L), (10, 70L), (20, 70L), (30, 60L), (40, 20L), (50, 20L), (60, 20L), (70, 20L), (80, 20L), (90, 20L) }));
    }

    private static long? Shown(Disclosure disclosure, long count) => (long?)disclosure.Protect([Flow("scs", count)])[0]!["enrolled"];

    private static FlowItem Flow(string procedure, long enrolled) =>
        new(procedure, 0, enrolled, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, new EndsOfObservation(0, 0, 0, 0, 0));
}
