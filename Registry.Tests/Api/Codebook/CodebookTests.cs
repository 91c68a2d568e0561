using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Codebook;

/// <summary>The codebook says of every field of every answer what it is, and of nothing that is not there.</summary>
public sealed partial class CodebookTests(Engine engine) : RegistryFixture(engine)
{
    private const string Root = "/api/v1";

    private readonly Dictionary<string, string> _keys = new()
    {
        ["{name}"] = "relief",
        ["{site}"] = "reference",
        ["{case}"] = "PHN-001",
        ["{event}"] = "trial",
        ["{timepoint}"] = "24m",
        ["{adverseEvent}"] = "1",
        ["{cost}"] = "1",
        ["{stay}"] = "1",
    };

    // What an address cannot do without.
    private static readonly Dictionary<string, string> Queries = new()
    {
        ["comparison"] = "?a.procedure=scs&b.procedure=drg",
        ["power"] = "?procedure=scs",
    };

    private JsonNode _contract = null!;
    private IReadOnlyList<JsonNode> _variables = null!;

    protected override async Task Prepare()
    {
        var synthetic = new SyntheticRegistry(new RecordKinds(), 7);
        var loader = new BulkLoader(Host.Services.GetRequiredService<IDatabase>(), TimeProvider.System);
        await loader.Begin(CancellationToken.None);
        await loader.Load([.. synthetic.SiteRecords(), .. synthetic.Cases(1, 40)], CancellationToken.None);

        _contract = (await Api.Get("/openapi/v1.json")).Expect(200).Json;
        foreach (var (path, operations) in _contract["paths"]!.AsObject()
            .Where(path => path.Value!["put"] is not null && !path.Key.Contains("/fhir/", StringComparison.Ordinal))
            .OrderBy(path => path.Key.Count(letter => letter == '/')))
        {
            (await Api.Put(
                Address(path),
                operations!["put"]!["requestBody"]!["content"]!["application/json"]!["example"]!.ToJsonString())).Expect(201);
        }

        // A cohort that leaves every parameter to the request.
        (await Api.Put("/cohorts/everyone", """{"filter":{}}""")).Expect(201);
        _keys["{name}"] = "everyone";
        _keys["{snapshot}"] = (await Api.Post("/cohorts/everyone/snapshots", "{}")).Expect(201).Json["snapshot"]!.GetValue<string>();
        _variables = [.. (await Api.Get("/codebook")).Expect(200).Json["variables"]!.AsArray().Select(variable => variable!)];
    }

    [Test]
    public async Task Holds_every_field_of_every_answer()
    {
        foreach (var (path, _) in _contract["paths"]!.AsObject().Where(path => path.Key.StartsWith(Root + "/", StringComparison.Ordinal)
            && path.Value!["get"]?["responses"]!["200"]!["content"]?["application/json"] is not null))
        {
            AssertHeld("GET " + path, (await Api.Get(Address(path) + Queries.GetValueOrDefault(path.Split('/')[^1]))).Expect(200).Json);
        }
    }

    [Test]
    public async Task Holds_every_field_of_every_case_file()
    {
        foreach (var site in new[] { "aarhus", "leeds", "osaka" })
        {
            foreach (var item in (await Api.Get($"/sites/{site}/cases")).Expect(200).Items)
            {
                AssertHeld(
                    "GET /api/v1/sites/{site}/cases/{case}", (await Api.Get($"/sites/{site}/cases/{item["case"]}")).Expect(200).Json);
            }
        }
    }

    [Test]
    public void Holds_nothing_that_the_contract_does_not()
    {
        foreach (var variable in _variables)
        {
            var name = Text(variable, "name");
            foreach (var operation in Operations(variable))
            {
                var declared = _contract["paths"]![operation.Split(' ')[1]]![operation.Split(' ')[0].ToLowerInvariant()]!;
                var bodies = declared["responses"]!.AsObject().Where(response => response.Key[0] == '2')
                    .Select(response => response.Value!["content"])
                    .Append(declared["requestBody"]?["content"])
                    .Select(content => content?["application/json"]?["schema"]);
                Assert.That(bodies.Any(body => body is not null && Exists(body, name.Split('.')[1..])), $"{operation}: {name}");
            }
        }
    }

    [Test]
    public void Names_each_variable_once_and_says_what_it_means()
    {
        Assert.That(
            _variables.Select(variable => Text(variable, "name")), Is.Unique.And.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        AssertAll(variable => Text(variable, "meaning").Length > 2 && Operations(variable).Any());
    }

    [Test]
    public void Says_what_each_code_means() =>
        AssertAll(variable => Text(variable, "type").TrimEnd('[', ']') != "code"
            || variable["codes"]!.AsArray().All(code => Text(code!, "code").Length > 0 && Text(code!, "label").Length > 0));

    [Test]
    public void Says_the_unit_of_every_number() => AssertAll(variable => !IsNumber(variable) || variable["unit"] is not null);

    // Unit, source and the rule for a missing value are declared beside a member: in its docstring they would be words and no more.
    [Test]
    public void Finds_no_unit_source_or_missing_value_in_words_alone() =>
        AssertAll(variable => !Declared().IsMatch(Text(variable, "meaning")));

    [Test]
    public void Says_how_every_figure_of_a_summary_is_computed() =>
        AssertAll(variable => !IsNumber(variable)
            || !Operations(variable).Any(operation => operation.Contains("/summaries/", StringComparison.Ordinal))
            || !Text(variable, "name").Contains(".items.", StringComparison.Ordinal)
            || (variable["formula"] is not null && Text(variable, "source").StartsWith("View ", StringComparison.Ordinal)));

    [Test]
    public void Takes_range_unit_and_source_of_a_score_from_the_domain()
    {
        var nrs = Variable("assessment.nrs");
        Assert.That(
            (Text(nrs, "type"),
                nrs["min"]!.GetValue<int>(),
                nrs["max"]!.GetValue<int>(),
                Text(nrs, "unit"),
                Text(nrs, "missing"),
                Text(nrs, "source")),
            Is.EqualTo(("integer", 0, 10, "points", "left out when not recorded", "LOINC 72514-3")));
        Assert.That(Text(nrs, "meaning"), Is.EqualTo("Pain intensity on the Numeric Rating Scale, 0 to 10, higher is worse."));
        Assert.That(Text(Variable("case.painDurationMonths"), "unit"), Is.EqualTo("months"));
    }

    [Test]
    public void Takes_the_labels_of_codes_from_the_domain()
    {
        Assert.That(Label("treatmentEvent.type", "trial-ended"), Is.EqualTo("The trial was judged. Removing its leads is not an explant."));
        Assert.That(Label("assessment.timepoint", "12m"), Is.EqualTo("Twelve months."));
        Assert.That(Label("costs.items.per", "pathway"), Does.StartWith("The pathway"));
        Assert.That(Label("responseRates.items.procedure", "all"), Is.EqualTo("All of these together."));
    }

    [Test]
    public void Takes_the_formula_of_a_figure_from_the_header_of_its_view()
    {
        var rate = Variable("responseRates.items.rate");
        Assert.That(Text(rate, "formula"), Does.Contain("100 x (baseline - score) >= threshold x baseline"));
        Assert.That(Text(rate, "source"), Does.StartWith("View response_rate, from "));
        Assert.That(Text(rate, "missing"), Is.EqualTo("null for an empty denominator"));
        Assert.That(Text(Variable("costs.items.mean"), "source"), Does.StartWith("View cost_summary, "));
        Assert.That(Text(Variable("costs.items.byCategory.total"), "source"), Does.StartWith("View cost_category, "));
        Assert.That(Text(Variable("costs.items.costPerResponderOf.responders"), "source"), Does.StartWith("View cost_per_responder, "));
        Assert.That(Text(Variable("trials.items.trialSuccess"), "meaning"), Is.EqualTo("Succeeded / ended."));
    }

    [TestCase("/codebook?format=csv", "*/*")]
    [TestCase("/codebook", "text/csv")]
    [TestCase("/codebook", "application/json;q=0.5, text/csv")]
    public async Task Is_to_be_had_as_CSV_too(string path, string accept)
    {
        var answer = (await Api.Get(path, ("Accept", accept))).Expect(200);
        var rows = Rows(answer.Text);
        Assert.That(answer.ContentType, Is.EqualTo("text/csv"));
        Assert.That(string.Join(',', rows[0]), Is.EqualTo("name,appliesTo,meaning,type,unit,min,max,pattern,codes,missing,formula,source"));
        Assert.That(
            rows.Skip(1).Select(row => (row[0], row[2], row[10])),
            Is.EqualTo(_variables.Select(variable => (Text(variable, "name"), Text(variable, "meaning"), Text(variable, "formula")))));
    }

    [TestCase("/codebook", "application/json")]
    [TestCase("/codebook", "*/*")]
    [TestCase("/codebook", "text/html, */*;q=0.1")]
    [TestCase("/codebook?format=json", "text/csv")]
    public async Task Is_JSON_unless_CSV_is_asked_for(string path, string accept) =>
        Assert.That((await Api.Get(path, ("Accept", accept))).Expect(200).ContentType, Is.EqualTo("application/json"));

    [Test]
    public async Task Has_no_third_form() => (await Api.Get("/codebook", ("Accept", "text/html"))).Expect(406);

    [Test]
    public async Task Is_not_sent_again_to_who_has_it()
    {
        var (json, csv) = ((await Api.Get("/codebook")).ETag!, (await Api.Get("/codebook?format=csv")).ETag!);
        Assert.That(json, Is.Not.EqualTo(csv));
        (await Api.Get("/codebook", ("If-None-Match", json))).Expect(304);
        (await Api.Get("/codebook?format=csv", ("If-None-Match", csv))).Expect(304);
        (await Api.Get("/codebook?format=csv", ("If-None-Match", json))).Expect(200);
    }

    [Test]
    public async Task Needs_a_key_and_takes_no_other_parameter()
    {
        using var stranger = Host.CreateClient();
        Assert.That((int)(await stranger.GetAsync("/api/v1/codebook")).StatusCode, Is.EqualTo(401));
        (await Api.Get("/codebook?format=xml")).Expect(400);
        (await Api.Get("/codebook?site=reference")).Expect(400);
    }

    private void AssertHeld(string operation, JsonNode answer)
    {
        var held = _variables.Where(variable => Operations(variable).Contains(operation))
            .ToLookup(variable => string.Join('.', Text(variable, "name").Split('.')[1..]));
        var missing = Fields(answer, string.Empty).Distinct().Where(field => !held.Contains(field)).ToList();
        Assert.That(missing, Is.Empty, operation);

        // What an object of any form holds is said by its meaning.
        IEnumerable<string> Fields(JsonNode? node, string path) => node switch
        {
            JsonArray list => list.SelectMany(item => Fields(item, path)),
            JsonObject fields when path.Length == 0 || held.Any(one => one.Key.StartsWith(path + ".", StringComparison.Ordinal)) =>
                fields.SelectMany(field => Fields(field.Value, path.Length == 0 ? field.Key : $"{path}.{field.Key}")
                    .Prepend(path.Length == 0 ? field.Key : $"{path}.{field.Key}")),
            _ => [],
        };
    }

    private bool Exists(JsonNode schema, string[] path) =>
        path.Length == 0 || Parts(schema).Any(part => part["properties"]?[path[0]] is { } member && Exists(member, path[1..]));

    private IEnumerable<JsonNode> Parts(JsonNode schema) =>
        new[]
        {
            schema["$ref"] is { } reference ? _contract["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]] : null,
            schema["items"],
        }
            .Concat(schema["oneOf"]?.AsArray() ?? [])
            .OfType<JsonNode>()
            .SelectMany(Parts)
            .Prepend(schema);

    private void AssertAll(Predicate<JsonNode> rule) =>
        Assert.That(
            _variables.Where(variable => !rule(variable)).Select(variable => $"{Text(variable, "name")}: {Text(variable, "meaning")}"),
            Is.Empty);

    private JsonNode Variable(string name) => _variables.Single(variable => Text(variable, "name") == name);

    private string Label(string name, string code) =>
        Text(Variable(name)["codes"]!.AsArray().Single(one => Text(one!, "code") == code)!, "label");

    private static bool IsNumber(JsonNode variable) => Text(variable, "type").TrimEnd('[', ']') is "integer" or "number";

    private static IEnumerable<string> Operations(JsonNode variable) =>
        variable["appliesTo"]!.AsArray().Select(operation => operation!.GetValue<string>());

    private static string Text(JsonNode node, string member) => node[member]?.GetValue<string>() ?? string.Empty;

    private string Address(string path) =>
        string.Join('/', path[Root.Length..].Split('/').Select(part => _keys.GetValueOrDefault(part, part)));

    // RFC 4180, read as it is written: fields in quotes where they need them, records that end with CRLF.
    private static List<List<string>> Rows(string text)
    {
        var rows = new List<List<string>>();
        var at = 0;
        while (at < text.Length)
        {
            var row = new List<string>();
            do
            {
                var field = new System.Text.StringBuilder();
                if (at < text.Length && text[at] == '"')
                {
                    for (at++; text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"' && ++at > 0); at++)
                    {
                        field.Append(text[at]);
                    }

                    at++;
                }
                else
                {
                    for (; text[at] is not (',' or '\r'); at++)
                    {
                        field.Append(text[at]);
                    }
                }

                row.Add(field.ToString());
            }
            while (text[at++] == ',');
            Assert.That(text[at - 1] == '\r' && text[at] == '\n', "A record ends with CRLF.");
            at++;
            rows.Add(row);
        }

        return rows;
    }

    [GeneratedRegex(@"\b(Unit|Source): |[.;] (null|absent|left out)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Declared();
}
