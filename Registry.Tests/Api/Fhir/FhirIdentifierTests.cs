using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Fhir;

/// <summary>The sender's own identifiers are kept with a score, given back, found, and name it.</summary>
public sealed class FhirIdentifierTests(Engine engine) : RegistryFixture(engine)
{
    private const string Hospital = "urn:hospital:scores";

    private Task<string> Operated() => Api.NewCase("drez", null, ("lesioned", "2024-01-10"));

    private static JsonArray Identifiers(params string[] values) =>
        new JsonArray([.. values.Select(value => (JsonNode)new JsonObject { ["system"] = Hospital, ["value"] = value })]);

    private static JsonObject Named(JsonObject resource, params string[] values) => resource.With(("identifier", Identifiers(values)));

    private static IReadOnlyList<string> Own(JsonNode resource) =>
    [
        .. resource["identifier"]!.AsArray().Where(one => one!["system"]?.ToString() == Hospital).Select(one => one!["value"]!.ToString()),
    ];

    [Test]
    public async Task Are_given_back_and_found_and_a_repetition_changes_nothing()
    {
        var (path, value) = (await Operated(), Sample.Key("id"));
        var sent = Named(FhirSample.Nrs(path, "2024-02-10", 4), value, value + " two|b");
        var created = (await Api.PostFhir(sent)).Expect(201);
        Assert.That(Own(created.Json), Is.EqualTo([value, value + " two|b"]));
        var repeated = (await Api.PostFhir(sent)).Expect(200);
        Assert.That((repeated.ETag, repeated.Text), Is.EqualTo((created.ETag, created.Text)));
        Assert.That(
            (await Api.PostFhir(FhirSample.Nrs(path, "2024-02-10", 4))).Expect(200).ETag,
            Is.EqualTo("W/\"1\""),
            "a message without identifiers says nothing of them");
        Assert.That(Own((await Api.Get(created.PathOf())).Expect(200).Json), Has.Count.EqualTo(2));
        foreach (var query in new[]
        {
            $"{Hospital}|{value}",
            value,
            $"{Hospital}|{value} two|b",
            $"urn:registry:observation|{path.Split('/')[2]}/{Sample.KeyOf(path)}/1m/nrs",
        })
        {
            var found = (await Api.Get("/fhir/Observation?identifier=" + Uri.EscapeDataString(query))).Expect(200).Json;
            Assert.That(
                (found["total"]!.GetValue<int>(), found["entry"]?[0]!["resource"]!["id"]!.ToString()),
                Is.EqualTo((1, created.Json["id"]!.ToString())),
                query);
        }

        foreach (var query in new[]
        {
            $"urn:other|{value}",
            $"|{value}",
            $"{Hospital}|{value.ToUpperInvariant()}",
            $"{Hospital}|{value}&code=pdi",
            $"{Hospital}|{value}&date=gt2024-03",
        })
        {
            Assert.That(
                (await Api.Get("/fhir/Observation?identifier=" + query)).Expect(200).Json["total"]!.GetValue<int>(), Is.Zero, query);
        }
    }

    [Test]
    public async Task A_further_identifier_is_added_as_a_version_that_amends_nothing()
    {
        var (path, value) = (await Operated(), Sample.Key("id"));
        var created = (await Api.PostFhir(Named(FhirSample.Nrs(path, "2024-02-10", 4), value))).Expect(201);
        (await Api.PostFhir(Named(FhirSample.Pdi(path, "2024-02-10", 30), value + "p"))).Expect(201);
        var further = (await Api.PostFhir(Named(FhirSample.Nrs(path, "2024-02-10", 4), value + "b"))).Expect(200);
        Assert.That((further.ETag, further.Json["status"]!.ToString()), Is.EqualTo(("W/\"2\"", "final")));
        Assert.That(Own(further.Json), Is.EqualTo([value, value + "b"]));
        Assert.That(Own((await Api.Get(created.PathOf() + "/_history/1")).Expect(200).Json), Is.EqualTo([value]));
        var history = (await Api.Get(path + "/assessments/1m/history")).Expect(200).Json.AsArray();
        Assert.That(history.Select(one => one!["value"]!["nrsIdentifiers"]?.GetValue<int>()), Is.EqualTo(new int?[] { 1, 1, 2 }));
        Assert.That(history[2]!["reason"]!.ToString(), Is.EqualTo("FHIR: a further identifier of this score"));
        Assert.That((await Api.Get($"/audit?site={path.Split('/')[2]}&kind=assessment")).Expect(200).Items, Has.Count.EqualTo(3));
        Assert.That((await Api.Get("/audit/verify")).Expect(200).Json["verified"]!.GetValue<bool>());

        // The other interface keeps them, and gives no number of its own.
        (await Api.Put(path + "/assessments/1m", """{"assessedOn":"2024-02-10","nrs":4,"pdi":30}""")).Expect(200);
        var read = (await Api.Get(path + "/assessments/1m")).Expect(200);
        (await Api.Put(path + "/assessments/1m", read.Text)).Expect(200);
        (await Api.Put(
            path + "/assessments/1m",
            """{"assessedOn":"2024-02-10","nrs":4,"pdi":31,"nrsIdentifiers":7}""",
            ("If-Match", read.ETag!),
            ("X-Change-Reason", "Typing error"))).ExpectProblem(422, "invalid-content");
        (await Api.Put(
            path + "/assessments/1m",
            """{"assessedOn":"2024-02-10","nrs":5,"pdi":30}""",
            ("If-Match", read.ETag!),
            ("X-Change-Reason", "Typing error"))).Expect(200);
        Assert.That(Own((await Api.Get(created.PathOf())).Expect(200).Json), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task If_None_Exist_finds_them()
    {
        var (path, value) = (await Operated(), Sample.Key("id"));
        var condition = ("If-None-Exist", $"identifier={Hospital}|{value}");
        (await Api.PostFhir(Named(FhirSample.Nrs(path, "2024-02-10", 4), value), condition)).Expect(201);
        Assert.That(
            (await Api.PostFhir(Named(FhirSample.Nrs(path, "2024-04-10", 9), value), condition))
                .Expect(200).Json["valueInteger"]!.GetValue<int>(),
            Is.EqualTo(4));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            Api.PostFhir(
                Named(FhirSample.Nrs(path, number % 2 == 0 ? "2024-04-10" : "2024-07-10", 5), value + "c"),
                ("If-None-Exist", $"identifier={Hospital}|{value}c"))));
        Assert.That(answers.Select(answer => answer.Status).Order(), Is.EqualTo([200, 200, 200, 200, 200, 200, 200, 201]));
    }

    [Test]
    public async Task A_put_by_one_of_them_means_the_visit_that_has_it()
    {
        var (path, value) = (await Operated(), Sample.Key("id"));
        var address = $"Observation?identifier={Hospital}|{value}";
        var sent = Named(FhirSample.Nrs(path, "2024-02-10", 4), value);
        var created = (await Api.PutFhir(address, sent)).Expect(201);
        (await Api.PutFhir(address, sent)).Expect(200);
        (await Api.PutFhir(address, Named(FhirSample.Nrs(path, "2024-02-10", 5), value))).ExpectOutcome(409, "conflict");

        // A date so wrong that it lay in another window.
        var moved = (await Api.PutFhir(address, Named(FhirSample.Nrs(path, "2024-03-20", 5, "corrected"), value))).Expect(200);
        Assert.That((moved.PathOf(), moved.ETag), Is.EqualTo((created.PathOf(), "W/\"2\"")));
        (await Api.PostFhir(Named(FhirSample.Nrs(path, "2024-07-10", 5), value))).ExpectOutcome(409, "conflict");
        (await Api.PutFhir(address, Named(FhirSample.Nrs(path, "2024-07-10", 5, timepoint: "6m"), value))).ExpectOutcome(409, "conflict");

        // Once it is entered in error, the identifier is free.
        (await Api.PutFhir(address, Named(FhirSample.Nrs(path, "2024-03-20", 5, "entered-in-error"), value))).Expect(200);
        (await Api.PutFhir(address, Named(FhirSample.Nrs(path, "2024-07-10", 5), value))).Expect(201);
    }

    [Test]
    public async Task Of_a_questionnaire_come_back_with_the_questionnaire()
    {
        var (path, value) = (await Operated(), Sample.Key("id"));
        var observation = FhirSample.Pdi(path, "2024-02-10", 7);
        var response = new JsonObject
        {
            ["resourceType"] = "QuestionnaireResponse",
            ["identifier"] = Identifiers(value)[0]!.DeepClone(),
            ["status"] = "completed",
            ["subject"] = observation["subject"]!.DeepClone(),
            ["partOf"] = observation["partOf"]!.DeepClone(),
            ["authored"] = "2024-02-10",
            ["item"] = new JsonArray([.. FhirSample.Items.Select(item =>
                (JsonNode)new JsonObject { ["linkId"] = item, ["answer"] = new JsonArray(new JsonObject { ["valueInteger"] = 1 }) })]),
        };
        var address = $"QuestionnaireResponse?identifier={Hospital}|{value}";
        var created = (await Api.PutFhir(address, response)).Expect(201);
        Assert.That(created.Json["identifier"]!["value"]!.ToString(), Is.EqualTo(value));
        (await Api.PutFhir(address, response)).Expect(200);
        Assert.That((await Api.Get(created.PathOf())).Expect(200).Json["identifier"]!["value"]!.ToString(), Is.EqualTo(value));
        Assert.That(
            Own((await Api.Get(created.PathOf().Replace("QuestionnaireResponse", "Observation", StringComparison.Ordinal)))
                .Expect(200).Json),
            Is.Empty);
    }

    [Test]
    public async Task That_cannot_be_kept_are_refused()
    {
        var path = await Operated();
        Assert.That(
            (await Api.PostFhir(Named(FhirSample.Nrs(path, "2024-02-10", 4), "fits", new string('x', 301))))
                .ExpectOutcome(422, "invalid-content"),
            Is.EqualTo([("Observation.identifier[1]", "not-an-identifier")]));
        Assert.That(
            (await Api.PostFhir(
                Named(FhirSample.Nrs(path, "2024-02-10", 4), [.. Enumerable.Range(0, 21).Select(number => $"n{number}")])))
                    .ExpectOutcome(422, "invalid-content"),
            Is.EqualTo([("Observation.identifier", "not-taken")]));
        (await Api.Get(path + "/assessments/1m")).Expect(404);
    }

    [Test]
    public async Task Go_with_the_reference_of_the_patient_that_is_erased()
    {
        var (site, reference) = (await Api.NewSite(), Sample.Key("to-be-erased"));
        var path = site + "/cases/c";
        (await Api.Put(path, Sample.Case("drez", patient: reference))).Expect(201);
        (await Api.Put(path + "/events/k", Sample.Event("lesioned", "2024-01-10"))).Expect(201);
        var sent =
            Named(FhirSample.Observation(path, "2024-02-10", FhirSample.Loinc, "72514-3", 4, patient: reference), $"{reference}/NRS/1");
        var created = (await Api.PostFhir(sent)).Expect(201);
        (await Api.Delete($"{site}/patients/{reference}", ("X-Change-Reason", "Consent was withdrawn"))).Expect(200);
        var read = (await Api.Get(created.PathOf())).Expect(200);
        Assert.That((Own(read.Json).Count, read.Json["valueInteger"]!.GetValue<int>()), Is.EqualTo((0, 4)));
        Assert.That(
            (await Api.Get($"/fhir/Observation?identifier={Hospital}|{reference}/NRS/1")).Expect(200).Json["total"]!.GetValue<int>(),
            Is.Zero);
        Assert.That((await Api.Get("/audit/verify")).Expect(200).Json["verified"]!.GetValue<bool>());
        if (Engine == Engine.Sqlite)
        {
            var sought = Encoding.UTF8.GetBytes(reference);
            var database =
                Host.Services.GetRequiredService<IConfiguration>().GetConnectionString("Registry")!["Data Source=".Length..].Split(';')[0];
            foreach (var file in new[] { database, database + "-wal" }.Where(File.Exists))
            {
                await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var copy = new MemoryStream();
                await open.CopyToAsync(copy);
                Assert.That(copy.ToArray().AsSpan().IndexOf(sought), Is.EqualTo(-1), file);
            }
        }
    }
}
