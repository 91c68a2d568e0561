using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Fhir;

/// <summary>Many scores at once: each by itself, or all or none.</summary>
public sealed class FhirBundleTests(Engine engine) : RegistryFixture(engine)
{
    private Task<string> Operated() => Api.NewCase("drez", null, ("lesioned", "2024-01-10"));

    [Test]
    public async Task A_transaction_records_all_and_answers_in_order()
    {
        var (one, two) = (await Operated(), await Operated());
        var bundle = FhirSample.Bundle(
            "transaction",
            ("POST", "Observation", FhirSample.Nrs(one, "2024-02-10", 4)),
            ("POST", "Observation", FhirSample.Pdi(one, "2024-02-10", 30)),
            ("POST", "Observation", FhirSample.Nrs(two, "2024-02-10", 6)));
        var answer = (await Api.PostFhir(bundle)).Expect(200).Json;
        Assert.That(answer["type"]!.ToString(), Is.EqualTo("transaction-response"));
        Assert.That(
            answer["entry"]!.AsArray().Select(entry => entry!["response"]!["status"]!.ToString()),
            Is.EqualTo(["201 Created", "201 Created", "201 Created"]));
        Assert.That(answer["entry"]![1]!["response"]!["etag"]!.ToString(), Is.EqualTo("W/\"1\""));
        (await Api.Get("/fhir/" + answer["entry"]![1]!["response"]!["location"])).Expect(200);
        Assert.That((await Api.Get(one + "/assessments/1m")).Expect(200).Json.ToJsonString(), Does.Contain("\"nrs\":4,\"pdi\":30"));
        answer = (await Api.PostFhir(bundle, ("Prefer", "return=representation"))).Expect(200).Json;
        Assert.That(answer["entry"]!.AsArray().Select(entry => entry!["response"]!["status"]!.ToString()), Is.All.EqualTo("200 OK"));
        Assert.That(answer["entry"]![2]!["resource"]!["valueInteger"]!.GetValue<int>(), Is.EqualTo(6));
    }

    [Test]
    public async Task A_transaction_records_nothing_when_one_entry_is_refused()
    {
        var path = await Operated();
        var bundle = FhirSample.Bundle(
            "transaction",
            ("POST", "Observation", FhirSample.Nrs(path, "2024-02-10", 4)),
            ("POST", "Observation", FhirSample.Nrs(path, "2024-04-10", 11)),
            ("DELETE", "Observation/x", FhirSample.Nrs(path, "2024-05-10", 1)));
        Assert.That(
            (await Api.PostFhir(bundle)).ExpectOutcome(422, "invalid-content"),
            Is.EqualTo([("Bundle.entry[1].resource.value", "out-of-range"), ("Bundle.entry[2].request.method", "not-taken")]));

        // Refused by what is recorded, and not only by itself.
        (await Api.PostFhir(FhirSample.Nrs(path, "2024-04-10", 4))).Expect(201);
        bundle = FhirSample.Bundle(
            "transaction",
            ("POST", "Observation", FhirSample.Nrs(path, "2024-02-10", 4)),
            ("POST", "Observation", FhirSample.Nrs(path, "2024-04-10", 5)));
        Assert.That((await Api.PostFhir(bundle)).ExpectOutcome(409, "conflict"), Is.EqualTo([("Bundle.entry[1].resource", "conflict")]));
        Assert.That((await Api.Get(path)).Expect(200).Json["assessments"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_same_score_twice_is_refused_in_a_transaction_and_a_repetition_in_a_batch()
    {
        var path = await Operated();
        (string, string, JsonObject)[] twice =
        [
            ("POST", "Observation", FhirSample.Nrs(path, "2024-02-10", 4)),
            ("POST", "Observation", FhirSample.Nrs(path, "2024-02-10", 4)),
        ];
        Assert.That(
            (await Api.PostFhir(FhirSample.Bundle("transaction", twice))).ExpectOutcome(422, "invalid-content"),
            Is.EqualTo([("Bundle.entry[1].resource", "repeated")]));
        (await Api.Get(path + "/assessments/1m")).Expect(404);
        var answer = (await Api.PostFhir(
            FhirSample.Bundle(
                "batch",
                [("POST",
                    "Observation",
                    FhirSample.Nrs(path, "2024-02-10", 4)), ("POST", "Observation", FhirSample.Nrs(path, "2024-02-10", 4))])))
                        .Expect(200).Json;
        Assert.That(
            answer["entry"]!.AsArray().Select(entry => entry!["response"]!["status"]!.ToString()), Is.EqualTo(["201 Created", "200 OK"]));
    }

    [Test]
    public async Task An_entry_of_a_batch_stands_by_itself()
    {
        var path = await Operated();
        var bundle = FhirSample.Bundle(
            "batch",
            ("POST", "Observation", FhirSample.Nrs(path, "2024-02-10", 4)),
            ("POST", "Observation", FhirSample.Nrs(path, "2024-04-10", 11)),
            ("POST", "Observation", FhirSample.Nrs(path, "2024-04-10", 3).With(("colour", "red"))),
            ("POST", "Patient", new JsonObject { ["resourceType"] = "Patient", ["active"] = true }),
            ("POST", "Observation", FhirSample.Pdi(path, "2024-02-10", 30)));
        var answer = (await Api.PostFhir(bundle)).Expect(200).Json;
        Assert.That(
            answer["entry"]!.AsArray().Select(entry => entry!["response"]!["status"]!.ToString()[..3]),
            Is.EqualTo(["201", "422", "400", "404", "201"]),
            answer.ToJsonString());
        Assert.That(FhirSample.Issues(answer["entry"]![1]!["response"]!["outcome"]!), Is.EqualTo([("Observation.value", "out-of-range")]));
    }

    [Test]
    public async Task The_same_fullUrl_twice_is_refused()
    {
        var path = await Operated();
        var bundle = FhirSample.Bundle(
            "batch",
            ("POST", "Observation", FhirSample.Nrs(path, "2024-02-10", 4)),
            ("POST", "Observation", FhirSample.Pdi(path, "2024-02-10", 4)));
        bundle["entry"]![1]!["fullUrl"] = bundle["entry"]![0]!["fullUrl"]!.DeepClone();
        Assert.That((await Api.PostFhir(bundle)).Status, Is.AnyOf(400, 422));
        Assert.That(
            (await Api.PostFhir(
                FhirSample.Bundle("collection", ("POST", "Observation", FhirSample.Nrs(path, "2024-02-10", 4)))))
                    .ExpectOutcome(422, "invalid-content"),
            Is.EqualTo([("Bundle.type", "not-taken")]));
        (await Api.Get(path + "/assessments/1m")).Expect(404);
    }

    [Test]
    public async Task An_idempotency_key_gives_the_answer_of_the_first()
    {
        var path = await Operated();
        var bundle = FhirSample.Bundle("transaction", ("PUT",
            $"Observation?identifier=urn:registry:observation|{path.Split('/')[2]}/{Sample.KeyOf(path)}/1m/nrs",
            FhirSample.Nrs(path, "2024-02-10", 4)));
        var first = (await Api.PostFhir(bundle, ("Idempotency-Key", "k-" + path))).Expect(200);
        Assert.That((await Api.PostFhir(bundle, ("Idempotency-Key", "k-" + path))).Expect(200).Text, Is.EqualTo(first.Text));
        Assert.That(first.Text, Does.Contain("201 Created"));
    }
}
