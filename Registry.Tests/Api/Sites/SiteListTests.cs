using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Sites;

/// <summary>The sites, page by page.</summary>
public sealed class SiteListTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly string[] Keys = ["b", "A", "a", "_0", "10", "9", "a.b"];

    protected override async Task Prepare()
    {
        Assert.That((await Api.Get("/sites")).Expect(200).Items, Is.Empty);
        foreach (var key in Keys)
        {
            (await Api.Put("/sites/" + key, $$"""{"name":"Clinic {{key}}","country":"US","timeZone":"US/Eastern"}""")).Expect(201);
        }
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(7)]
    [TestCase(1000)]
    public async Task Lists_every_site_once_in_order_whatever_the_page(int limit)
    {
        var (listed, after) = (new List<string>(), (string?)null);
        do
        {
            var page = (await Api.Get($"/sites?limit={limit}{(after is null ? "" : "&after=" + after)}")).Expect(200).Json;
            Assert.That(page["items"]!.AsArray(), Has.Count.InRange(1, limit));
            listed.AddRange(page["items"]!.AsArray().Select(item => item!["site"]!.GetValue<string>()));
            after = page["next"]?.GetValue<string>();
        }
        while (after is not null);

        Assert.That(listed, Is.EqualTo(Keys.Order(StringComparer.Ordinal)));
    }

    [Test]
    public async Task Shows_what_is_recorded_of_each() =>
        Assert.That(
            JsonNode.DeepEquals(
                (await Api.Get("/sites?limit=1")).Expect(200).Items[0],
                JsonNode.Parse("""{"site":"10","name":"Clinic 10","country":"US","timeZone":"America/New_York"}""")));

    [TestCase("limit=0", "/limit")]
    [TestCase("limit=x", "/limit")]
    [TestCase("after=..", "/after")]
    [TestCase("country=DE", "/country")]
    public async Task Refuses_another_parameter(string query, string parameter) =>
        Assert.That((await Api.Get("/sites?" + query)).ExpectProblem(400).Faults.Select(fault => fault.Pointer), Is.EqualTo([parameter]));
}
