using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Api.Http;
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
        // The contract states the limits; this one is otherwise in tests.
        _host = new RegistryHost(_database, settings: new() { ["Registry:Limits:RefusedCredentialMilliseconds"] = "1000" });
        _contract = (await _host.Api.Get("/openapi/v1.json")).Expect(200).Json;
    }

    [OneTimeTearDown]
    public async Task StopTheProgram()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("v1")]
    [TestCase("v1-3.0")]
    public async Task Is_committed_as_it_is(string name)
    {
        var committed = JsonNode.Parse(File.ReadAllText(Checkout.PathOf($"openapi/registry.{name}.json")));
        Assert.That(
            JsonNode.DeepEquals(committed, (await _host.Api.Get($"/openapi/{name}.json")).Expect(200).Json),
            $"The contract has changed. Look at the difference, and commit it: curl -s http://127.0.0.1:5080/openapi/{name}.json > "
                + $"openapi/registry.{name}.json");
    }

    [Test]
    public void Names_every_set_of_codes_once()
    {
        var sets = _contract["components"]!["schemas"]!.AsObject()
            .Where(schema => schema.Value!["enum"] is not null)
            .Select(schema => schema.Value!)
            .ToList();
        Assert.That(sets, Has.Count.GreaterThan(30));
        Assert.That(
            Within(_contract).OfType<JsonObject>().Where(part => part["enum"] is JsonArray).Except(sets).Select(part => part.GetPath()),
            Is.Empty);
    }

    [Test]
    public void Gives_every_member_and_every_list_a_type() =>
        Assert.That(
            Within(_contract).OfType<JsonObject>()
                .Where(part => part["type"]?.ToString() == "object" && part["properties"] is null && part["additionalProperties"] is null)
                .Select(part => part.GetPath()),
            Is.Empty);

    [Test]
    public void Says_every_parameter_and_refusal_once()
    {
        foreach (var (name, operation) in Operations())
        {
            Assert.That((operation["parameters"]?.AsArray() ?? []).Select(parameter => parameter!["$ref"]), Is.All.Not.Null, name);
            Assert.That(
                operation["responses"]!.AsObject()
                    .Where(response => response.Key[0] is '4' or '5')
                    .Select(response => response.Value!["$ref"]),
                Is.All.Not.Null,
                name);
        }
    }

    [Test]
    public void Gives_every_operation_a_short_name_of_its_own()
    {
        var names = Operations().Select(operation => operation.Operation["operationId"]!.GetValue<string>()).ToList();
        Assert.That(names, Is.Unique);
        Assert.That(names, Is.All.Match("^(get|list|put|post|delete)([A-Z][a-z]+){1,3}$"));
        Assert.That(names, Is.SupersetOf((string[])["putAssessment", "getResponseRates", "listCases", "getCase", "deleteCost"]));
    }

    // Where a member may be left out, a client has a place for "not stated": it sends no 0 and reads none.
    [Test]
    public void Lets_what_may_be_left_out_be_null()
    {
        foreach (var (name, schema) in _contract["components"]!["schemas"]!.AsObject().Where(schema => schema.Key != "ItemProblem"))
        {
            var required = (schema!["required"]?.AsArray() ?? []).Select(member => member!.GetValue<string>());
            foreach (var (member, declared) in (schema["properties"]?.AsObject() ?? []).ExceptBy(required, member => member.Key))
            {
                Assert.That(
                    declared!["type"] is JsonArray types
                        ? types.Any(type => type!.GetValue<string>() == "null")
                        : declared["oneOf"] is JsonArray { Count: 2 },
                    $"{name}.{member}");
            }
        }
    }

    [Test]
    public void Gives_a_sample_of_every_refusal_that_is_as_its_schema_says()
    {
        var contract = AnswerContract.Of(_host.Services);
        var samples = _contract["components"]!["examples"]!.AsObject()
            .Select(sample => sample.Value!["value"]!)
            .Concat(_contract["components"]!["schemas"]!["Problem"]!["examples"]!.AsArray().Select(sample => sample!))
            .ToList();
        Assert.That(
            samples.Select(sample => sample["code"]!.GetValue<string>()).Distinct(),
            Is.EquivalentTo(Problems.All.Select(kind => kind.Code)));
        foreach (var sample in samples)
        {
            Assert.That(
                contract.FlawOfBody(new JsonObject { ["$ref"] = "#/components/schemas/Problem" }, sample.ToJsonString()),
                Is.Null,
                sample["code"]!.ToString());
        }
    }

    [Test]
    public void Gives_examples_of_bodies_that_are_as_their_schemas_say()
    {
        var contract = AnswerContract.Of(_host.Services);
        foreach (var (name, operation) in Operations().Where(operation => operation.Operation["requestBody"] is not null))
        {
            var media = operation["requestBody"]!["content"]!["application/json"]!;
            Assert.That(contract.FlawOfBody(media["schema"]!, media["example"]!.ToJsonString()), Is.Null, name);
        }
    }

    [Test]
    public void Says_of_every_operation_what_it_does_and_how_it_can_fail()
    {
        foreach (var (name, operation) in Operations())
        {
            Assert.That(operation["summary"]?.ToString(), Is.Not.Empty.And.Not.Null, name);
            foreach (var response in operation["responses"]!.AsObject())
            {
                Assert.That(
                    AnswerContract.Of(_host.Services).Resolve(response.Value!)["description"]?.ToString(),
                    Is.Not.Empty.And.Not.Null,
                    $"{name} {response.Key}");
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
            Assert.That(
                Within(schema.Value).OfType<JsonObject>().Select(part => part["allOf"]).OfType<JsonArray>().Where(parts => parts.Count > 1),
                Is.Empty,
                schema.Key);
        }
    }

    [Test]
    public void Says_of_every_parameter_what_it_means()
    {
        foreach (var (name, operation) in Operations())
        {
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                Assert.That(
                    AnswerContract.Of(_host.Services).Resolve(parameter!)["description"]?.ToString(),
                    Is.Not.Empty.And.Not.Null,
                    $"{name} {parameter}");
            }
        }
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
