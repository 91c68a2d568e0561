using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.OpenApi;

/// <summary>The committed contract is what the program says of itself, and says enough.</summary>
public sealed class ContractTests
{
    private TestDatabase _database = null!;
    private RegistryHost _host = null!;
    private JsonNode _contract = null!;

    [OneTimeSetUp]
    public async Task ReadTheContract()
    {
        _database = await TestDatabase.Create(Engine.Sqlite);
        _host = new RegistryHost(_database);
        _contract = (await _host.Api.Get("/openapi/v1.json")).Expect(200).Json;
    }

    [OneTimeTearDown]
    public async Task StopTheProgram()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public void Is_committed_as_it_is()
    {
        var committed = JsonNode.Parse(File.ReadAllText(Checkout.PathOf("openapi/registry.v1.json")));
        Assert.That(
            JsonNode.DeepEquals(committed, _contract),
            "The contract has changed. Look at the difference, and commit it: curl -s http://127.0.0.1:5080/openapi/v1.json > openapi/registry.v1.json");
    }

    [Test]
    public void Says_of_every_operation_what_it_does_and_how_it_can_fail()
    {
        foreach (var (name, operation) in Operations())
        {
            Assert.That(operation["summary"]?.ToString(), Is.Not.Empty.And.Not.Null, name);
            foreach (var response in operation["responses"]!.AsObject())
            {
                Assert.That(response.Value!["description"]?.ToString(), Is.Not.Empty.And.Not.Null, $"{name} {response.Key}");
            }

            if (name.Contains("/api/v1/", StringComparison.Ordinal))
            {
                Assert.That(operation["responses"]!["401"], Is.Not.Null, name);
                Assert.That(operation["responses"]!["503"], Is.Not.Null, name);
            }
        }
    }

    // Each closed schema refuses the members of the other: nothing could be both.
    [Test]
    public void Puts_no_two_schemas_together()
    {
        foreach (var schema in _contract["components"]!["schemas"]!.AsObject())
        {
            Assert.That(Within(schema.Value).OfType<JsonObject>().Select(part => part["allOf"]).OfType<JsonArray>().Where(parts => parts.Count > 1), Is.Empty, schema.Key);
        }
    }

    [Test]
    public void Says_of_every_parameter_what_it_means()
    {
        foreach (var (name, operation) in Operations())
        {
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                Assert.That(parameter!["description"]?.ToString(), Is.Not.Empty.And.Not.Null, $"{name} {parameter["name"]}");
            }
        }
    }

    [Test]
    public async Task Gives_examples_that_are_accepted()
    {
        const string Site = "/sites/reference", Case = Site + "/cases/PHN-001";
        string Example(string method, string path) => _contract["paths"]!["/api/v1" + path]![method]!["requestBody"]!["content"]!["application/json"]!["example"]!.ToJsonString();

        (await _host.Api.Put(Site, Example("put", "/sites/{site}"))).Expect(201);
        (await _host.Api.Put(Case, Example("put", "/sites/{site}/cases/{case}"))).Expect(201);
        (await _host.Api.Put(Case + "/events/trial", Example("put", "/sites/{site}/cases/{case}/events/{event}"))).Expect(201);
        (await _host.Api.Put(Case + "/assessments/baseline", Example("put", "/sites/{site}/cases/{case}/assessments/{timepoint}"))).Expect(201);
        (await _host.Api.Put(Case + "/adverse-events/1", Example("put", "/sites/{site}/cases/{case}/adverse-events/{adverseEvent}"))).Expect(201);
        (await _host.Api.Put(Case + "/costs/1", Example("put", "/sites/{site}/cases/{case}/costs/{cost}"))).Expect(201);
        (await _host.Api.Put(Case + "/stays/1", Example("put", "/sites/{site}/cases/{case}/stays/{stay}"))).Expect(201);

        // Derived from its date, this is the baseline too, with other scores.
        (await _host.Api.Post(Case + "/assessments", Example("post", "/sites/{site}/cases/{case}/assessments"))).Expect(409);
        Assert.That((await _host.Api.Post("/assessments/batch", Example("post", "/assessments/batch"))).Expect(200).Json["dryRun"]!.GetValue<bool>());
    }

    [Test]
    public async Task Shows_its_page() => (await _host.Api.Get("/swagger/index.html")).Expect(200);

    [Test]
    public async Task Needs_a_key_outside_development()
    {
        using var stranger = _host.CreateClient();
        Assert.That((int)(await stranger.GetAsync("/openapi/v1.json")).StatusCode, Is.EqualTo(401));
        Assert.That((int)(await stranger.GetAsync("/swagger/index.html")).StatusCode, Is.EqualTo(401));
    }

    private IEnumerable<(string Name, JsonNode Operation)> Operations() =>
        from path in _contract["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key} {path.Key}", operation.Value!);

    private static IEnumerable<JsonNode> Within(JsonNode? node) =>
        (node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        }).OfType<JsonNode>().SelectMany(Within).Prepend(node!);
}
