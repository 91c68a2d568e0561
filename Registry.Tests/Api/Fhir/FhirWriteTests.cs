using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Fhir;

/// <summary>Each Observation is held to the write rule by itself, though two of them are one assessment.</summary>
public sealed class FhirWriteTests(Engine engine) : RegistryFixture(engine)
{
    private Task<string> Operated() => Api.NewCase("drez", null, ("lesioned", "2024-01-10"));

    private async Task<JsonNode> Recorded(string path, string timepoint = "1m") =>
        (await Api.Get($"{path}/assessments/{timepoint}")).Expect(200).Json;

    [Test]
    public async Task Is_safe_to_repeat_and_refuses_other_content()
    {
        var path = await Operated();
        var created = (await Api.PostFhir(FhirSample.Nrs(path, "2024-02-10", 4))).Expect(201);
        Assert.That(created.Location, Does.StartWith("http").And.EndsWith("/_history/1"));
        Assert.That((await Api.PostFhir(FhirSample.Nrs(path, "2024-02-10", 4))).Expect(200).ETag, Is.EqualTo("W/\"1\""));
        var conflict = await Api.PostFhir(FhirSample.Nrs(path, "2024-02-10", 5));
        conflict.ExpectOutcome(409, "conflict");
        Assert.That(conflict.Json["issue"]![0]!["details"]!["text"]!.ToString(), Does.Contain("\"nrs\":4").And.Contain("\"nrs\":5"));
    }

    [Test]
    public async Task A_further_instrument_of_the_visit_joins_the_assessment()
    {
        var path = await Operated();
        (await Api.PostFhir(FhirSample.Nrs(path, "2024-02-10", 4))).Expect(201);
        var pdi = (await Api.PostFhir(FhirSample.Pdi(path, "2024-02-10", 30))).Expect(201);
        Assert.That((await Recorded(path)).ToJsonString(), Does.Contain("\"nrs\":4,\"pdi\":30"));
        var history = (await Api.Get(path + "/assessments/1m/history")).Expect(200).Json.AsArray();
        Assert.That(history[1]!["reason"]!.ToString(), Is.EqualTo("FHIR: a further score of this visit"));

        // Neither moves the version of the other.
        Assert.That(pdi.ETag, Is.EqualTo("W/\"1\""));
        Assert.That((await Api.PostFhir(FhirSample.Nrs(path, "2024-02-10", 4))).Expect(200).ETag, Is.EqualTo("W/\"1\""));
        (await Api.PostFhir(FhirSample.Pdi(path, "2024-02-10", 31))).ExpectOutcome(409, "conflict");
    }

    [Test]
    public async Task A_further_instrument_of_another_day_in_the_window_is_refused()
    {
        var path = await Operated();
        (await Api.PostFhir(FhirSample.Nrs(path, "2024-02-10", 4))).Expect(201);
        (await Api.PostFhir(FhirSample.Pdi(path, "2024-02-12", 30))).ExpectOutcome(409, "conflict");
        Assert.That((await Recorded(path))["pdi"], Is.Null);
    }

    [TestCase("amended")]
    [TestCase("corrected")]
    public async Task A_correction_says_so_by_its_status(string status)
    {
        var path = await Operated();
        (await Api.PostFhir(FhirSample.Nrs(path, "2024-02-10", 4))).Expect(201);
        (await Api.PostFhir(FhirSample.Pdi(path, "2024-02-10", 30))).Expect(201);
        var changed = FhirSample.Nrs(path, "2024-02-10", 5, status).With(("note", JsonNode.Parse("""[{"text":"Typing\nerror"}]""")));
        var answer = (await Api.PostFhir(changed)).Expect(200);
        Assert.That((answer.ETag, answer.Json["status"]!.ToString()), Is.EqualTo(("W/\"2\"", "amended")));
        (await Api.PostFhir(changed)).Expect(200);
        Assert.That((await Recorded(path)).ToJsonString(), Does.Contain("\"nrs\":5,\"pdi\":30"));
        var history = (await Api.Get(path + "/assessments/1m/history")).Expect(200).Json.AsArray();
        Assert.That((history.Count, history[2]!["reason"]!.ToString()), Is.EqualTo((3, "Typing error")));
        Assert.That((await Api.Get(answer.PathOf() + "/_history/1")).Expect(200).Json["valueInteger"]!.GetValue<int>(), Is.EqualTo(4));
        (await Api.Get(answer.PathOf() + "/_history/3")).ExpectOutcome(404, "not-found");
    }

    [Test]
    public async Task Entered_in_error_takes_the_score_away_and_a_repeated_message_does_not_bring_it_back()
    {
        var path = await Operated();
        var (nrs, pdi) = (FhirSample.Nrs(path, "2024-02-10", 4), FhirSample.Pdi(path, "2024-02-10", 30));
        var address = (await Api.PostFhir(nrs)).Expect(201).PathOf();
        (await Api.PostFhir(pdi)).Expect(201);
        var error = nrs.With(("status", "entered-in-error"), ("valueInteger", null));
        Assert.That((await Api.PostFhir(error, ("X-Change-Reason", "Wrong patient"))).Expect(200).ETag, Is.EqualTo("W/\"2\""));
        (await Api.PostFhir(error)).Expect(200);
        Assert.That(((await Recorded(path))["nrs"], (await Recorded(path))["pdi"]!.GetValue<int>()), Is.EqualTo(((JsonNode?)null, 30)));
        Assert.That((await Api.Get(address)).Expect(200).Json["status"]!.ToString(), Is.EqualTo("entered-in-error"));
        (await Api.PostFhir(nrs)).ExpectOutcome(409, "retracted");
        (await Api.PostFhir(pdi)).Expect(200);

        // With nothing left, the assessment is retracted; what was never in it may still come.
        (await Api.PostFhir(pdi.With(("status", "entered-in-error")))).Expect(200);
        (await Api.Get(path + "/assessments/1m")).Expect(404);
        (await Api.PostFhir(pdi)).ExpectOutcome(409, "retracted");
        var id = address["/fhir/Observation/".Length..];
        Assert.That(
            (await Api.PutFhir("Observation/" + id, nrs.With(("id", id)), ("If-Match", "W/\"2\""))).Expect(201).ETag,
            Is.EqualTo("W/\"3\""));
        Assert.That((await Recorded(path))["nrs"]!.GetValue<int>(), Is.EqualTo(4));
        (await Api.PostFhir(FhirSample.Nrs(path, "2024-04-10", 4, "entered-in-error"))).ExpectOutcome(404, "not-found");
    }

    [Test]
    public async Task If_Match_names_the_version_that_is_corrected()
    {
        var path = await Operated();
        var created = (await Api.PostFhir(FhirSample.Nrs(path, "2024-02-10", 4))).Expect(201);
        var id = created.Json["id"]!.ToString();
        var other = FhirSample.Nrs(path, "2024-02-10", 6).With(("id", id));
        (await Api.PutFhir("Observation/" + id, other)).ExpectOutcome(409, "conflict");
        (await Api.PutFhir("Observation/" + id, other, ("If-Match", "W/\"2\""))).ExpectOutcome(412, "precondition-failed");
        (await Api.PutFhir("Observation/" + id, other, ("If-Match", "x"))).ExpectOutcome(400, "invalid-parameters");
        Assert.That((await Api.PutFhir("Observation/" + id, other, ("If-Match", "W/\"1\""))).Expect(200).ETag, Is.EqualTo("W/\"2\""));
        Assert.That(
            (await Api.PutFhir("Observation/" + id, other.With(("id", "other")))).ExpectOutcome(422, "invalid-content"),
            Is.EqualTo([("Observation.id", "not-the-address")]));
        Assert.That(
            (await Api.PutFhir("Observation/mine", other.With(("id", "mine")))).ExpectOutcome(422, "invalid-content"),
            Is.EqualTo([("Observation.id", "not-an-identifier")]));
        Assert.That(
            (await Api.PutFhir("Observation/" + id, FhirSample.Nrs(await Operated(), "2024-02-10", 6).With(("id", id))))
                .ExpectOutcome(422, "invalid-content"),
            Is.EqualTo([("Observation.id", "not-the-address")]));
    }

    [Test]
    public async Task A_put_by_identifier_creates_and_corrects()
    {
        var path = await Operated();
        var sent = FhirSample.Nrs(path, "2024-02-10", 4)
            .With(("identifier", JsonNode.Parse("""[{"system":"urn:hospital:scores","value":"77"}]""")));
        (await Api.PutFhir("Observation?identifier=urn:hospital:scores|77", sent)).Expect(201);
        (await Api.PutFhir("Observation?identifier=urn:hospital:scores|77", sent)).Expect(200);
        Assert.That(
            (await Api.PutFhir("Observation?identifier=urn:hospital:scores|78", sent)).ExpectOutcome(422, "invalid-content"),
            Is.EqualTo([("Observation.identifier", "not-the-address")]));
        var own = $"urn:registry:observation|{path.Split('/')[2]}/{Sample.KeyOf(path)}/1m/nrs";
        (await Api.PutFhir("Observation?identifier=" + own, sent.With(("status", "corrected"), ("valueInteger", 3)))).Expect(200);
        Assert.That((await Recorded(path))["nrs"]!.GetValue<int>(), Is.EqualTo(3));
        (await Api.PutFhir("Observation", sent)).ExpectOutcome(400, "invalid-parameters");
    }

    [Test]
    public async Task If_None_Exist_creates_only_what_is_not_found()
    {
        var path = await Operated();
        var site = path.Split('/')[2];
        var query = ("If-None-Exist", $"subject:identifier=urn:registry:site:{site}:patient|P-1&code=72514-3&date=2024-02-10");
        (await Api.PostFhir(FhirSample.Nrs(path, "2024-02-10", 4), query)).Expect(201);
        var found = (await Api.PostFhir(FhirSample.Nrs(path, "2024-02-10", 9), query)).Expect(200);
        Assert.That(found.Json["valueInteger"]!.GetValue<int>(), Is.EqualTo(4));
        (await Api.PostFhir(FhirSample.Nrs(path, "2024-04-10", 9), ("If-None-Exist", "colour=red")))
            .ExpectOutcome(400, "invalid-parameters");
    }

    [Test]
    public async Task Of_many_at_once_one_creates_a_score_and_both_instruments_arrive()
    {
        var path = await Operated();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            number => Api.PostFhir(number % 2 == 0 ? FhirSample.Nrs(path, "2024-02-10", 4) : FhirSample.Pdi(path, "2024-02-10", 30))));
        Assert.That((answers.Count(answer => answer.Status == 201), answers.Count(answer => answer.Status == 200)), Is.EqualTo((2, 10)));
        Assert.That((await Recorded(path)).ToJsonString(), Does.Contain("\"nrs\":4,\"pdi\":30"));
    }
}
