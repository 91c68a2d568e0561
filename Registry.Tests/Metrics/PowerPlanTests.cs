using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// The number of pairs for a wanted power, from a stated effect and from the registry's own. Expected numbers are those of
/// R, rounded up: power.t.test(delta = dz, sd = 1, power = …, type = "paired", strict = TRUE).
/// </summary>
public sealed class PowerPlanTests(Engine engine) : RegistryFixture(engine)
{
    protected override async Task Prepare()
    {
        // Changes of 7, 4 and 0 points at 12 months, all of 3 at 6 months, 2 and −2 at 3 months.
        var book = new CaseBook();
        book.Case("one", Procedure.Scs)
            .Staged()
            .Score(Timepoint.Month12, 385, 3)
            .Score(Timepoint.Month6, 203, 7)
            .Score(Timepoint.Month3, 111, 8);
        book.Case("two", Procedure.Scs).Staged().Score(Timepoint.Month12, 385, 6).Score(Timepoint.Month6, 203, 7);
        book.Case("three", Procedure.Scs, sex: Sex.Male).Staged().Score(Timepoint.Month12, 385, 10);
        book.Case("four", Procedure.Scs)
            .TrialStarted(0)
            .TrialSucceeded(10)
            .Implanted(20)
            .Score(Timepoint.Baseline, -1, 6)
            .Score(Timepoint.Month3, 111, 8);
        await book.Send(Api);
    }

    // R: 11.90, and with 11 pairs a power of 0.761, with 12 of 0.804.
    [TestCase("dz=0.8932", 0.8, 12)]
    [TestCase("dz=-0.8932", 0.8, 12)]
    [TestCase("dz=0.8932&power=0.8", 0.8, 12)]
    [TestCase("dz=5.019011475427825", 0.8, 3)]
    [TestCase("dz=10&power=0.5", 0.5, 2)]
    public async Task Plans_on_a_stated_effect(string query, double power, int pairs)
    {
        var item = (await Api.Get("/summaries/power?" + query)).Expect(200).Items.Single();
        Assert.That(
            (item["source"]!.ToString(),
                item["power"]!.GetValue<double>(),
                item["alpha"]!.GetValue<double>(),
                item["pairs"]!.GetValue<int>(),
                item["reason"]),
            Is.EqualTo(("stated", power, 0.05, pairs, (JsonNode?)null)));
        Assert.That(
            (item["procedure"], item["n"], item["mean"], item["sd"]),
            Is.EqualTo(((JsonNode?)null, (JsonNode?)null, (JsonNode?)null, (JsonNode?)null)));
    }

    [Test]
    public async Task Plans_on_the_effect_of_the_registry()
    {
        // Mean 11/3, SD 3.5119: R gives a power of 0.783 for 9 pairs and 0.835 for 10.
        var item = (await Api.Get("/summaries/power?procedure=scs&timepoint=12m&asOf=2024-01-03")).Expect(200).Row(("procedure", "scs"));
        Assert.That(
            (item["source"]!.ToString(),
                item["timepoint"]!.ToString(),
                item["instrument"]!.ToString(),
                item["set"]!.ToString(),
                item["n"]!.GetValue<int>(),
                item["pairs"]!.GetValue<int>()),
            Is.EqualTo(("registry", "12m", "nrs", "treated", 3, 10)));
        Assert.That(item["mean"]!.GetValue<double>(), Is.EqualTo(11.0 / 3).Within(1e-9));
        Assert.That(item["sd"]!.GetValue<double>(), Is.EqualTo(Math.Sqrt(37.0 / 3)).Within(1e-9));
        Assert.That(item["dz"]!.GetValue<double>(), Is.EqualTo(11.0 / 3 / Math.Sqrt(37.0 / 3)).Within(1e-9));
    }

    [Test]
    public async Task Needs_more_pairs_for_more_power() =>
        Assert.That(
            (await Api.Get("/summaries/power?procedure=scs&timepoint=12m&power=0.94")).Expect(200)
                .Row(("procedure", "scs"))["pairs"]!.GetValue<int>(),
            Is.EqualTo(14));

    [TestCase("6m", 2, "spread")]
    [TestCase("3m", 2, "mean change is 0")]
    [TestCase("24m", 0, "fewer than two")]
    [TestCase("12m&sex=male", 1, "fewer than two")]
    public async Task Says_why_there_is_no_effect_to_plan_on(string timepoint, int n, string reason)
    {
        var item = (await Api.Get($"/summaries/power?procedure=scs&timepoint={timepoint}")).Expect(200).Row(("procedure", "scs"));
        Assert.That((item["n"]!.GetValue<int>(), item["pairs"]), Is.EqualTo((n, (JsonNode?)null)));
        Assert.That(item["reason"]!.ToString(), Does.Contain(reason));
    }

    [Test]
    public async Task Says_when_an_effect_is_too_small_for_any_study()
    {
        var item = (await Api.Get("/summaries/power?dz=0.0000001")).Expect(200).Items.Single();
        Assert.That(item["pairs"], Is.Null);
        Assert.That(item["reason"]!.ToString(), Does.Contain("1000000000000 pairs"));
    }

    [Test]
    public async Task Has_a_row_for_every_timepoint_and_only_the_defaults_of_instrument_and_set()
    {
        var items = (await Api.Get("/summaries/power?procedure=scs")).Expect(200).Items;
        Assert.That(
            string.Join(' ', items.Where(item => item["procedure"]!.ToString() == "scs").Select(item => item["timepoint"])),
            Is.EqualTo("post-op 1m 3m 6m 12m 24m"));
        Assert.That(items.Select(item => (item["instrument"]!.ToString(), item["set"]!.ToString())), Is.All.EqualTo(("nrs", "treated")));
    }

    [TestCase("", "/dz", "required")]
    [TestCase("power=0.9&site=site", "/dz", "required")]
    [TestCase("dz=0.5&procedure=scs", "/procedure", "does-not-apply")]
    [TestCase("dz=0.5&timepoint=12m", "/timepoint", "does-not-apply")]
    [TestCase("dz=0", "/dz", "out-of-range")]
    [TestCase("dz=-0.00", "/dz", "out-of-range")]
    [TestCase("dz=10.01", "/dz", "out-of-range")]
    [TestCase("dz=1e-1", "/dz", "not-a-number")]
    [TestCase("dz=0,5", "/dz", "not-a-number")]
    [TestCase("dz=NaN", "/dz", "not-a-number")]
    [TestCase("dz=", "/dz", "not-a-number")]
    [TestCase("dz=0.5&power=0.4999", "/power", "out-of-range")]
    [TestCase("dz=0.5&power=1", "/power", "out-of-range")]
    [TestCase("dz=0.5&alpha=0.01", "/alpha", "unknown-parameter")]
    [TestCase("procedure=scs&timepoint=baseline", "/timepoint", "unknown-code")]
    public async Task Refuses_what_cannot_be_planned_on(string query, string where, string code) =>
        Assert.That((await Api.Get("/summaries/power?" + query)).Expect(400).Faults, Is.EqualTo(new[] { (where, code) }));

    [Test]
    public async Task Says_in_the_contract_which_numbers_it_takes()
    {
        var contract = (await Api.Get("/openapi/v1.json")).Expect(200).Json;
        var schema = contract["paths"]!["/api/v1/summaries/power"]!["get"]!["parameters"]!.AsArray()
            .Select(parameter => parameter!["$ref"] is { } reference
                ? contract["components"]!["parameters"]![reference.ToString().Split('/')[^1]]!
                : parameter)
            .Single(parameter => parameter["name"]!.ToString() == "power")["schema"]!;
        Assert.That(
            (schema["type"]!.ToString(), schema["minimum"]!.GetValue<double>(), schema["maximum"]!.GetValue<double>()),
            Is.EqualTo(("number", 0.5, 0.999)));
    }
}
