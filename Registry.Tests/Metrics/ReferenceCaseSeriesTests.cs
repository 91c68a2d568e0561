using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// The ten patients of Jin et al., recorded through the HTTP interface, give back every figure that the table of the
/// paper holds.
/// </summary>
public sealed class ReferenceCaseSeriesTests(Engine engine) : RegistryFixture(engine)
{
    protected override async Task Prepare()
    {
        foreach (var record in ReferenceCaseSeries.Records(new RecordKinds()))
        {
            (await Api.Put(record.Kind.PathOf(record.Address)["/api/v1".Length..], record.Kind.Canonical(record.Content))).Expect(201);
        }
    }

    [Test]
    public async Task Gives_the_baseline_of_the_ten_patients()
    {
        Assert.That(Rounded(await Score("all", "baseline", "nrs", "intention-to-treat", "&primary=true")), Is.EqualTo((10L, 9.8, 0.6)));
        Assert.That(Rounded(await Score("all", "baseline", "pdi", "intention-to-treat", "&primary=true")), Is.EqualTo((10L, 55.2, 4.5)));
    }

    [TestCase("nrs", "baseline", 10.0, 0.0)]
    [TestCase("nrs", "post-op", 4.0, 2.0)]
    [TestCase("nrs", "24m", 6.3, 3.5)]
    [TestCase("pdi", "baseline", 52.3, 3.5)]
    [TestCase("pdi", "24m", 37.0, 15.1)]
    public async Task Gives_the_scores_of_the_implanted(string instrument, string timepoint, double mean, double sd) =>
        Assert.That(Rounded(await Score("scs", timepoint, instrument, "treated")), Is.EqualTo((3L, mean, sd)));

    [TestCase("nrs", "baseline", 10.0, 0.0)]
    [TestCase("nrs", "24m", 2.3, 1.5)]
    [TestCase("pdi", "baseline", 59.3, 5.1)]
    [TestCase("pdi", "24m", 17.3, 4.2)]
    public async Task Gives_the_scores_after_DREZ(string instrument, string timepoint, double mean, double sd) =>
        Assert.That(Rounded(await Score("drez", timepoint, instrument, "treated")), Is.EqualTo((3L, mean, sd)));

    [Test]
    public async Task Gives_eight_trials_three_implants_and_one_explant()
    {
        var row = (await Api.Get("/summaries/trials")).Expect(200).Row(("procedure", "scs"));
        Assert.That(
            (Count(row, "started"),
                Count(row, "implanted"),
                Count(row, "explanted"),
                Count(row["trialToImplant"]!, "x"),
                Count(row["trialToImplant"]!, "n")),
            Is.EqualTo((8, 3, 1, 3, 8)));
    }

    [TestCase("scs", "treated", 2, 3)]
    [TestCase("scs", "intention-to-treat", 2, 8)]
    [TestCase("drez", "treated", 3, 3)]
    [TestCase("drez", "intention-to-treat", 3, 3)]
    public async Task Gives_the_response_rates_at_the_end(string procedure, string set, int responders, int denominator)
    {
        var row = (await Api.Get("/summaries/response-rates?timepoint=24m&instrument=nrs")).Expect(200)
            .Row(("procedure", procedure), ("set", set));
        Assert.That((Count(row, "responders"), Count(row, "denominator")), Is.EqualTo((responders, denominator)));
    }

    [Test]
    public async Task Gives_the_Wilson_interval_of_two_in_eight()
    {
        var row = (await Api.Get("/summaries/response-rates?timepoint=24m&instrument=nrs&set=intention-to-treat&procedure=scs")).Expect(200)
            .Row(("procedure", "scs"));
        Assert.That((Round(row, "rate", 3), Round(row, "ciLow", 3), Round(row, "ciHigh", 3)), Is.EqualTo((0.25, 0.071, 0.591)));
    }

    [Test]
    public async Task Gives_the_effect_size_and_power_of_the_ten_patients()
    {
        var paired = (await Score("all", "24m", "nrs", "intention-to-treat"))["paired"]!;
        Assert.That((Count(paired, "n"), Round(paired, "dz", 4), Round(paired, "power", 4)), Is.EqualTo((10, 0.8932, 0.7108)));
    }

    [TestCase("scs", "133700")]
    [TestCase("drez", "56100")]
    public async Task Gives_the_mean_surgical_cost(string procedure, string mean)
    {
        var row = (await Api.Get("/summaries/costs?basis=surgical&per=case")).Expect(200).Row(("procedure", procedure));
        Assert.That((row["currency"]!.ToString(), Count(row, "priceYear"), row["mean"]!.ToString()), Is.EqualTo(("CNY", 2023, mean)));
    }

    [TestCase("scs", 18.4)]
    [TestCase("drez", 13.7)]
    public async Task Gives_the_mean_stay(string procedure, double days)
    {
        var row = (await Api.Get("/summaries/stays")).Expect(200).Row(("procedure", procedure));
        Assert.That(Round(row, "meanDays", 1), Is.EqualTo(days));
    }

    private async Task<JsonNode> Score(string procedure, string timepoint, string instrument, string set, string more = "") =>
        (await Api.Get($"/summaries/scores?timepoint={timepoint}&instrument={instrument}&set={set}{more}")).Expect(200)
            .Row(("procedure", procedure));

    private static (long N, double Mean, double Sd) Rounded(JsonNode row) => (Count(row, "n"), Round(row, "mean", 1), Round(row, "sd", 1));

    private static double Round(JsonNode row, string name, int digits) =>
        Math.Round(row[name]!.GetValue<double>(), digits, MidpointRounding.AwayFromZero);

    private static int Count(JsonNode row, string name) => row[name]!.GetValue<int>();
}
