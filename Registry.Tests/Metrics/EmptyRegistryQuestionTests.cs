using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Metrics.Oracle;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>A registry without a single case: every row is there, its counts are 0, and what cannot be computed is null.</summary>
public sealed class EmptyRegistryQuestionTests(Engine engine) : RegistryFixture(engine)
{
    private const int Groups = 5;

    [TestCase("response-rates", Groups * 6 * 2 * 3, "rate", "ciLow", "ciHigh")]
    [TestCase("scores", Groups * 7 * 2 * 3, "mean", "sd", "median", "q1", "q3", "min", "max")]
    [TestCase("costs", Groups * 2 * 2, "currency", "priceYear", "mean", "sd", "median", "q1", "q3")]
    [TestCase("stays", Groups, "meanDays", "sdDays", "medianDays", "q1Days", "q3Days")]
    [TestCase("trials", Groups)]
    [TestCase("adverse-events", Groups * 5 * 2, "rate", "ciLow", "ciHigh")]
    [TestCase("survival", Groups, "survival", "se", "ciLow", "ciHigh", "incidence", "incidenceSe", "incidenceCiLow", "incidenceCiHigh")]
    [TestCase(
        "survival?event=loss-of-response",
        Groups,
        "survival",
        "se",
        "ciLow",
        "ciHigh",
        "incidence",
        "incidenceSe",
        "incidenceCiLow",
        "incidenceCiHigh")]
    public async Task Has_every_row_with_null_for_what_cannot_be_computed(string summary, int rows, params string[] nulls)
    {
        var items = (await Api.Get($"/summaries/{summary}")).Expect(200).Items;
        Assert.That(items, Has.Count.EqualTo(rows));
        foreach (var item in items)
        {
            Assert.That(
                nulls.Where(name => !item.AsObject().ContainsKey(name) || item[name] is not null), Is.Empty, () => item.ToJsonString());
        }
    }

    [TestCase("trialSuccess")]
    [TestCase("trialToImplant")]
    [TestCase("explantRate")]
    public async Task Has_no_rate_of_nothing(string rate)
    {
        foreach (var item in (await Api.Get("/summaries/trials")).Expect(200).Items)
        {
            Assert.That(item[rate]!.ToJsonString(), Is.EqualTo("""{"x":0,"n":0,"rate":null,"ciLow":null,"ciHigh":null}"""));
        }
    }

    [Test]
    public async Task Agrees_with_the_oracle()
    {
        foreach (var summary in AskedSummary.All)
        {
            await summary.Agree(Api, new RecordedRegistry([], []), new Question { DefaultAsOf = DateOnly.FromDateTime(DateTime.UtcNow) });
        }
    }

    // The cut-off stands beside the filter, stated or not, so that both ways of asking get the same bytes.
    [Test]
    public async Task Says_what_it_was_asked_and_of_when()
    {
        var answer = (await Api.Get("/summaries/stays?asOf=2024-02-29&procedure=scs&procedure=drg")).Expect(200).Json;
        Assert.That((answer["asOf"]!.ToString(), answer["dataVersion"]!.GetValue<long>()), Is.EqualTo(("2024-02-29", 0L)));
        Assert.That(
            JsonNode.DeepEquals(answer["filter"], JsonNode.Parse("""{ "procedure": ["drg", "scs"] }""")),
            Is.True,
            () => answer.ToJsonString());
    }
}
