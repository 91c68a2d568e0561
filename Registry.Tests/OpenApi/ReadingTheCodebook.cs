using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Tests.Support;

namespace Registry.Tests.OpenApi;

/// <summary>The codebook explains every field that the program answers with.</summary>
public sealed class ReadingTheCodebook
{
    private TestDatabase _database = null!;
    private RegistryHost _host = null!;
    private JsonNode _contract = null!;
    private Dictionary<string, JsonNode> _variables = null!;

    [OneTimeSetUp]
    public async Task RecordTheReferenceCaseSeries()
    {
        _database = await TestDatabase.Create(Engine.Sqlite);
        _host = new RegistryHost(_database);
        foreach (var record in ReferenceCaseSeries.Records(new Resources()))
        {
            (await _host.Api.Put(record.Resource.PathOf(record.Address)["/api/v1".Length..], record.Resource.Canonical(record.Content))).Expect(201);
        }

        _contract = (await _host.Api.Get("/openapi/v1.json")).Expect(200).Json;
        _variables = (await _host.Api.Get("/codebook")).Expect(200).Json["variables"]!.AsArray().ToDictionary(variable => variable!["name"]!.GetValue<string>(), variable => variable!);
    }

    [OneTimeTearDown]
    public async Task StopTheProgram()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("/summaries/response-rates")]
    [TestCase("/summaries/scores")]
    [TestCase("/summaries/costs")]
    [TestCase("/summaries/stays")]
    [TestCase("/summaries/trials")]
    [TestCase("/summaries/adverse-events")]
    [TestCase("/summaries/survival")]
    [TestCase("/summaries/completeness")]
    [TestCase("/summaries/flow")]
    [TestCase("/summaries/benchmarks")]
    [TestCase("/summaries/comparison", "?a.procedure=scs&b.procedure=drez")]
    [TestCase("/summaries/power", "?dz=0.5")]
    [TestCase("/follow-ups")]
    [TestCase("/codebook")]
    [TestCase("/sites/{site}/cases")]
    [TestCase("/sites/{site}/cases/{case}")]
    [TestCase("/sites/{site}/cases/{case}/history")]
    public async Task Has_each_field_of_every_answer(string path, string query = "")
    {
        var answer = (await _host.Api.Get(path.Replace("{site}", "reference", StringComparison.Ordinal).Replace("{case}", "PHN-08-DREZ", StringComparison.Ordinal) + query)).Expect(200).Json;
        var schema = _contract["paths"]!["/api/v1" + path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;
        var missing = new SortedSet<string>();
        Look(answer, schema, string.Empty, missing);
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Gives_range_and_meaning_of_a_recorded_field()
    {
        var nrs = _variables["Assessment.nrs"];
        Assert.That((nrs["type"]!.ToString(), nrs["min"]!.ToString(), nrs["max"]!.ToString()), Is.EqualTo(("integer", "0", "10")));
        Assert.That(nrs["meaning"]!.ToString(), Does.Contain("Pain intensity"));
    }

    [Test]
    public void Explains_each_code()
    {
        var codes = _variables["Case.procedure"]["codes"]!.AsArray();
        Assert.That(codes.Select(code => code!["code"]!.ToString()), Is.EqualTo(["scs", "drg", "drez", "cordotomy"]));
        Assert.That(codes[0]!["label"]!.ToString(), Does.StartWith("Spinal cord stimulation"));
    }

    [Test]
    public void Gives_formula_and_source_of_a_derived_figure()
    {
        var rate = _variables["ResponseRateItem.rate"];
        Assert.That(rate["formula"]!.ToString(), Does.Contain("Numerator: responders: treated, score credited, 100 x (baseline - score) >= threshold x baseline"));
        Assert.That(rate["source"]!.ToString(), Does.Contain("IMMPACT"));
    }

    [Test]
    public void Says_what_every_variable_means() =>
        Assert.That(_variables.Where(pair => pair.Value["meaning"]!.ToString().Length == 0).Select(pair => pair.Key), Is.Empty);

    [Test]
    public async Task Comes_as_comma_separated_values_too()
    {
        var csv = (await _host.Api.Get("/codebook?format=csv")).Expect(200);
        Assert.That(csv.ContentType, Is.EqualTo("text/csv"));
        Assert.That(csv.Text, Does.StartWith("name,meaning,type,format,min,max,pattern,isNullable,codes,formula,source\r\n"));
        Assert.That(csv.Text.Split("\r\n").Count(line => line.Contains('.', StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(_variables.Count));
    }

    private void Look(JsonNode? value, JsonNode schema, string name, SortedSet<string> missing)
    {
        if (schema["$ref"] is { } reference)
        {
            name = reference.GetValue<string>().Split('/')[^1];
            schema = _contract["components"]!["schemas"]![name]!;
        }

        switch (value)
        {
            case JsonArray items when schema["items"] is { } item:
                foreach (var one in items)
                {
                    Look(one, item, name, missing);
                }

                break;
            case JsonObject fields when schema["allOf"] is JsonArray parts:
                foreach (var (field, inner) in fields)
                {
                    var owners = parts.Select(part => part!["$ref"] is { } of ? (Name: of.GetValue<string>().Split('/')[^1], Schema: _contract["components"]!["schemas"]![of.GetValue<string>().Split('/')[^1]]!) : (Name: name, Schema: part));
                    var owner = owners.FirstOrDefault(candidate => candidate.Schema["properties"]?[field] is not null);
                    Note(inner, owner.Schema?["properties"]?[field], $"{owner.Name ?? name}.{field}", missing);
                }

                break;
            case JsonObject fields when schema["properties"] is JsonObject properties:
                foreach (var (field, inner) in fields)
                {
                    Note(inner, properties[field], $"{name}.{field}", missing);
                }

                break;
        }
    }

    private void Note(JsonNode? value, JsonNode? schema, string name, SortedSet<string> missing)
    {
        if (schema is null || !_variables.ContainsKey(name))
        {
            missing.Add(name);
            return;
        }

        Look(value, schema, name, missing);
    }
}
