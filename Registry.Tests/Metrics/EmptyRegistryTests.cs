using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>The summaries of a registry with nothing in it.</summary>
public sealed class EmptyRegistryTests(Engine engine) : RegistryFixture(engine)
{
    [Test]
    public async Task Draws_a_flow_chart_of_zeros()
    {
        var answer = (await Api.Get("/summaries/flow")).Expect(200);
        Assert.That(answer.Items, Has.Count.EqualTo(5));
        Assert.That(
            answer.Items.SelectMany(item => item.AsObject().Concat(item["leftBy"]!.AsObject()))
                .Where(member => member.Key is not ("procedure" or "leftBy"))
                .Select(member => member.Value!.GetValue<int>()),
            Is.All.Zero);
        Assert.That(
            (await Api.Get("/summaries/flow", ("Accept", "text/vnd.mermaid"))).Expect(200).Text,
            Does.StartWith("flowchart TD\n  enrolled[\"Enrolled: 0 (0 patients)\"]\n"));
    }

    [Test]
    public async Task Compares_two_empty_groups_with_nulls()
    {
        var answer = (await Api.Get("/summaries/comparison?a.procedure=scs&b.procedure=drg")).Expect(200);
        Assert.That(answer.Items, Has.Count.EqualTo(6 * 2 * 3));
        foreach (var item in answer.Items)
        {
            Assert.That((item["a"]!["denominator"]!.GetValue<int>(), item["b"]!["paired"]!["n"]!.GetValue<int>()), Is.EqualTo((0, 0)));
            Assert.That(item["a"]!["rate"], Is.Null);
            Assert.That(
                item["rateDifference"]!.ToJsonString(),
                Is.EqualTo("""{"estimate":null,"ciLow":null,"ciHigh":null,"method":"Newcombe hybrid score, method 10"}"""));
            Assert.That(
                item["changeDifference"]!.ToJsonString(),
                Is.EqualTo("""{"estimate":null,"ciLow":null,"ciHigh":null,"df":null,"method":"Welch"}"""));
        }
    }

    [Test]
    public async Task Has_no_rate_beside_a_published_figure()
    {
        var figure = (await Api.Get("/summaries/benchmarks")).Expect(200).Row(("procedure", "drg"))["registry"]!;
        Assert.That(figure["denominator"]!.GetValue<int>(), Is.Zero);
        Assert.That((figure["rate"], figure["ciLow"], figure["ciHigh"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null, (JsonNode?)null)));
    }

    [Test]
    public async Task Has_no_effect_to_plan_on()
    {
        var row = (await Api.Get("/summaries/power?procedure=scs&timepoint=12m")).Expect(200).Row(("procedure", "scs"));
        Assert.That((row["n"]!.GetValue<int>(), row["dz"], row["pairs"]), Is.EqualTo((0, (JsonNode?)null, (JsonNode?)null)));
        Assert.That(row["reason"]!.ToString(), Does.Contain("fewer than two"));
    }
}
