using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Fhir;

/// <summary>Every refusal below the FHIR path is an OperationOutcome, with an issue for every fault, and nothing is stored.</summary>
public sealed class FhirRefusalTests(Engine engine) : RegistryFixture(engine)
{
    private string _path = null!;

    protected override async Task Prepare() => _path = await Api.NewCase("drez", null, ("lesioned", "2024-01-10"));

    [OneTimeTearDown]
    public async Task Nothing_was_stored() => Assert.That((await Api.Get(_path)).Expect(200).Json["assessments"]!.AsArray(), Is.Empty);

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Fault("valueInteger", "11", "Observation.value", "out-of-range");
        yield return Fault("valueInteger", null, "Observation.value", "nothing-recorded");
        yield return Fault("status", "\"preliminary\"", "Observation.status", "not-taken");
        yield return Fault("effectiveDateTime", "\"2024-02\"", "Observation.effective", "not-a-date");
        yield return Fault("effectiveDateTime", null, "Observation.effective", "missing");
        yield return Fault("effectiveDateTime", "\"2999-01-01\"", "Observation.effective", "date-in-the-future");
        yield return Fault("subject", null, "Observation.subject.identifier", "missing");
        yield return Fault("subject", """{"reference":"Patient/1"}""", "Observation.subject.identifier", "missing");
        yield return Fault("partOf", null, "Observation.partOf", "missing");
        yield return Fault("code", """{"coding":[{"system":"http://loinc.org","code":"8867-4"}]}""", "Observation.code", "not-taken");
        yield return Fault("extension", """[{"url":"urn:registry:timepoint","valueCode":"2m"}]""", "Observation.extension", "unknown-code");
        yield return Fault("modifierExtension", """[{"url":"urn:x","valueBoolean":true}]""", "Observation.modifierExtension", "not-taken");
        yield return Fault("component", """[{"code":{"text":"x"},"valueInteger":1}]""", "Observation.component", "not-taken");
        yield return Fault(
            "dataAbsentReason",
            """{"coding":[{"system":"urn:registry:codes","code":"declined"}]}""",
            "Observation.value",
            "not-done-and-done");

        static TestCaseData Fault(string member, string? value, string expression, string code) =>
            new TestCaseData(member, value, expression, code).SetArgDisplayNames(member, value ?? "absent", code);
    }

    [TestCaseSource(nameof(Faults))]
    public async Task Says_where_the_fault_is(string member, string? value, string expression, string code) =>
        Assert.That(
            (await Api.PostFhir(
                FhirSample.Nrs(_path, "2024-02-10", 4).With((member, value is null ? null : JsonNode.Parse(value)))))
                    .ExpectOutcome(422, "invalid-content"),
            Is.EqualTo([(expression, code)]));

    [Test]
    public async Task Names_every_fault_at_once() =>
        Assert.That(
            (await Api.PostFhir(FhirSample.Nrs(_path, "2999-01-01", 11, "preliminary").With(("partOf", null))))
                .ExpectOutcome(422, "invalid-content"),
            Is.EquivalentTo([("Observation.status", "not-taken"), ("Observation.partOf", "missing"),
                ("Observation.effective", "date-in-the-future"), ("Observation.value", "out-of-range")]));

    [TestCase("""{"value":4.5}""", "not-a-whole-number")]
    [TestCase("""{"value":4,"comparator":"<"}""", "not-taken")]
    [TestCase("""{"value":4,"system":"http://unitsofmeasure.org","code":"mm"}""", "not-taken")]
    public async Task Refuses_a_quantity_that_is_no_score(string quantity, string code) =>
        Assert.That(
            (await Api.PostFhir(
                FhirSample.Nrs(_path, "2024-02-10", 4)
                    .With(("valueInteger", null), ("valueQuantity", JsonNode.Parse(quantity))))).ExpectOutcome(422, "invalid-content"),
            Is.EqualTo([("Observation.value", code)]));

    [TestCase("""{"value":4,"comparator":"<"}""", "comparator '<'")]
    [TestCase("""{"value":4,"code":"mm"}""", "unit '|mm'")]
    [TestCase("""{"value":4,"system":"http://unitsofmeasure.org","code":"mm"}""", "unit 'http://unitsofmeasure.org|mm'")]
    [TestCase("""{"value":4,"system":"urn:units","code":"1"}""", "unit 'urn:units|1'")]
    [TestCase("""{"value":4,"comparator":">=","code":"cm"}""", "comparator '>='", "unit '|cm'")]
    public async Task Names_what_is_not_taken_of_a_quantity_and_what_is(string quantity, params string[] named)
    {
        var answer = await Api.PostFhir(
            FhirSample.Nrs(_path, "2024-02-10", 4).With(("valueInteger", null), ("valueQuantity", JsonNode.Parse(quantity))));
        var issues = answer.Expect(422).Json["issue"]!.AsArray();
        Assert.That(issues, Has.Count.EqualTo(named.Length), answer.Text);
        foreach (var (issue, name) in issues.Zip(named))
        {
            Assert.That(issue!["details"]!["text"]!.ToString(), Does.Contain(name));
            Assert.That(
                issue["diagnostics"]!.ToString(),
                Does.Contain(name.StartsWith("unit", StringComparison.Ordinal) ? "{score}" : "no comparator"));
        }
    }

    [Test]
    public async Task Refuses_the_score_of_another_patient() =>
        Assert.That(
            (await Api.PostFhir(FhirSample.Observation(_path, "2024-02-10", FhirSample.Loinc, "72514-3", 4, patient: "P-2")))
                .ExpectOutcome(422, "invalid-content"),
            Is.EqualTo([("Observation.subject.identifier.value", "other-patient")]));

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"resourceType":"Observation"}""")]
    [TestCase("""{"resourceType":"Observation","status":"done"}""")]
    [TestCase("""{"resourceType":"Observation","status":"final","status":"final"}""")]
    [TestCase("""{"resourceType":"Score"}""")]
    [TestCase("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"colour":"red"}""")]
    [TestCase("""{"resourceType":"Observation","status":"final","code":{"text":"\ud800"}}""")]
    public async Task Refuses_what_is_not_FHIR(string body)
    {
        var answer = await Api.Send(HttpMethod.Post, "/fhir/Observation", body, [], FhirSample.Json);
        Assert.That(answer.Status, Is.AnyOf(400, 422), answer.Text);
        answer.ExpectProblem(answer.Status);
        Assert.That(FhirSample.Issues(answer.Json), Is.Not.Empty);
    }

    [TestCase("")]
    [TestCase("/Observation")]
    [TestCase("/QuestionnaireResponse")]
    public async Task Refuses_what_no_reader_of_FHIR_is_ready_for(string path)
    {
        foreach (var body in new[]
                 {
                     """{"resourceType":[null],"type":"batch","entry":[]}""",
                     """{"resourceType":{},"status":"final"}""",
                     """{"resourceType":"Bundle","type":"\ud83d\ude00","entry":[{"request":{"method":"\ud83d\ude00","url":"Observation"}}]}""",
                     """{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"SEND","url":"Observation"}}]}""",
                     """{"resourceType":"Bundle","type":7,"entry":{}}""",
                     """{"resourceType":"Observation","":1}""",
                     """{"resourceType":"Observation","identifier":[{"":"x"}],"_":{}}""",
                     """{"resourceType":"QuestionnaireResponse","status":"completed","partOf":[{"identifier":{"system":"x","value":"c"},"":"a\\b"}]}""",
                 })
        {
            (await Api.Send(HttpMethod.Post, "/fhir" + path, body, [("Accept", FhirSample.Xml)], FhirSample.Json)).ExpectProblem(400);
        }

        (await Api.Send(
            HttpMethod.Post,
            "/fhir" + path,
            "<O\u001bservation xmlns=\"http://hl7.org/fhir\"/>",
            [("Accept", FhirSample.Xml)],
            FhirSample.Xml)).ExpectProblem(400);
        (await Api.Send(
            HttpMethod.Post,
            "/fhir" + path,
            """{"resourceType":"Observation\u0001","status":"\u0002"}""",
            [("Accept", FhirSample.Xml)],
            FhirSample.Json)).ExpectProblem(400);
    }

    [TestCase("<Observation")]
    [TestCase("<!DOCTYPE x [<!ENTITY e \"x\">]><Observation xmlns=\"http://hl7.org/fhir\"/>")]
    [TestCase("<Observation xmlns=\"urn:other\"/>")]
    public async Task Refuses_what_is_not_FHIR_in_XML(string body) =>
        (await Api.Send(HttpMethod.Post, "/fhir/Observation", body, [], FhirSample.Xml)).ExpectProblem(400);

    [TestCase("{\"x\":", "}")]
    [TestCase("<extension xmlns=\"http://hl7.org/fhir\">", "</extension>")]
    public async Task Refuses_what_is_nested_too_deep(string open, string close)
    {
        var isXml = open[0] == '<';
        var body =
            string.Concat(Enumerable.Repeat(open, 400)) + (isXml ? string.Empty : "1") + string.Concat(Enumerable.Repeat(close, 400));
        (await Api.Send(HttpMethod.Post, "/fhir/Observation", body, [], isXml ? FhirSample.Xml : FhirSample.Json)).ExpectProblem(400);
    }

    [TestCase("text/plain")]
    [TestCase("application/fhir+json; fhirVersion=3.0")]
    public async Task Refuses_another_content_type(string type) =>
        (await Api.Send(
            HttpMethod.Post, "/fhir/Observation", FhirSample.Nrs(_path, "2024-02-10", 4).ToJsonString(), [], type))
                .ExpectOutcome(415, "unsupported-media-type");

    [Test]
    public async Task Answers_every_refusal_as_an_OperationOutcome()
    {
        (await Host.With(null).Get("/fhir/Observation")).ExpectOutcome(401, "unauthenticated");
        (await (await Host.Issue("research")).Client.Get("/fhir/Observation")).ExpectOutcome(403, "forbidden");
        (await Api.Get("/fhir/Patient/1")).ExpectOutcome(404, "not-found");
        (await Api.Get("/fhir/Observation/none")).ExpectOutcome(404, "not-found");
        (await Api.Delete("/fhir/Observation/none")).ExpectOutcome(405, "method-not-allowed");
        (await Api.Get("/fhir/Observation?colour=red")).ExpectOutcome(400, "invalid-parameters");
        (await Api.Get("/fhir/Observation?_format=turtle")).ExpectOutcome(406, "not-acceptable");
        Assert.That((await Api.PostFhir(new JsonObject { ["resourceType"] = "Patient", ["active"] = true })).Status, Is.EqualTo(404));
        (await Api.Send(
            HttpMethod.Post, "/fhir/Observation", """{"resourceType":"Patient","active":true}""", [], FhirSample.Json)).ExpectOutcome(
            422, "invalid-content");
        (await Api.PostFhir(FhirSample.Nrs("/sites/none/cases/none", "2024-02-10", 4))).ExpectOutcome(404, "site-not-found");
        (await Api.PostFhir(FhirSample.Nrs(_path[.._path.LastIndexOf('/')] + "/none", "2024-02-10", 4)))
            .ExpectOutcome(404, "case-not-found");
    }

    [Test]
    public async Task Another_site_is_as_one_that_does_not_exist()
    {
        var own = await Api.NewCase("drez");
        var (_, _, client) = await Host.Issue("site", own.Split('/')[2]);
        var foreign = await Api.NewCase("drez");
        var id = (await Api.PostFhir(FhirSample.Nrs(foreign, "2024-02-10", 4, timepoint: "baseline"))).Expect(201).PathOf();
        var site = foreign.Split('/')[2];
        string Bare(ApiAnswer answer, string name) => answer.Text.Replace(name, "x", StringComparison.Ordinal);
        Assert.That(
            Bare(await client.PostFhir(FhirSample.Nrs(foreign, "2024-02-10", 4)), site),
            Is.EqualTo(Bare(
                await client.PostFhir(FhirSample.Nrs(foreign.Replace(site, "absent", StringComparison.Ordinal), "2024-02-10", 4)),
                "absent")));
        (await client.Get(id)).ExpectOutcome(404, "not-found");
        foreach (var query in new[]
        {
            string.Empty,
            "?_id=" + Sample.KeyOf(id),
            $"?subject:identifier=urn:registry:site:{site}:patient|P-1",
        })
        {
            Assert.That((await client.Get("/fhir/Observation" + query)).Expect(200).Json["total"]!.GetValue<int>(), Is.Zero, query);
        }

        var batch = (await client.PostFhir(
            FhirSample.Bundle("batch", ("POST", "Observation", FhirSample.Nrs(foreign, "2024-02-10", 4))))).Expect(200).Json;
        Assert.That(FhirSample.Issues(batch["entry"]![0]!["response"]!["outcome"]!), Is.EqualTo([((string?)null, "site-not-found")]));
    }
}
