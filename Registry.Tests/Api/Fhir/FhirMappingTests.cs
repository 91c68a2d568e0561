using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Fhir;

/// <summary>What a FHIR resource says is recorded as the other interface would record it, and is read back as FHIR.</summary>
public sealed class FhirMappingTests(Engine engine) : RegistryFixture(engine)
{
    private Task<string> Operated() => Api.NewCase("drez", null, ("lesioned", "2024-01-10"));

    [TestCase("72514-3", "valueInteger", "4")]
    [TestCase("38208-5", "valueInteger", "4")]
    [TestCase("72514-3", "valueQuantity", """{"value":4,"unit":"points","system":"http://unitsofmeasure.org","code":"{score}"}""")]
    [TestCase("72514-3", "valueQuantity", """{"value":4.0}""")]
    public async Task Takes_a_pain_score(string code, string member, string value)
    {
        var path = await Operated();
        var sent = FhirSample.Observation(path, "2024-02-10", FhirSample.Loinc, code, null).With((member, JsonNode.Parse(value)));
        var answer = (await Api.PostFhir(sent)).Expect(201);
        Assert.That(
            (await Api.Get(path + "/assessments/1m")).Expect(200).Json.ToJsonString(),
            Does.Contain("\"assessedOn\":\"2024-02-10\",\"nrs\":4,"));

        var read = (await Api.Get(answer.PathOf())).Expect(200);
        Assert.That((read.ContentType, read.ETag), Is.EqualTo((FhirSample.Json, "W/\"1\"")));
        Assert.That(read.Json["valueInteger"]!.GetValue<int>(), Is.EqualTo(4));
        Assert.That(read.Json["effectiveDateTime"]!.ToString(), Is.EqualTo("2024-02-10"));
        Assert.That(read.Json["code"]!["coding"]![0]!["code"]!.ToString(), Is.EqualTo("72514-3"));
        Assert.That(read.Json["subject"]!["identifier"]!["value"]!.ToString(), Is.EqualTo("P-1"));
        Assert.That(read.Json["partOf"]![0]!["identifier"]!["value"]!.ToString(), Is.EqualTo(Sample.KeyOf(path)));
        Assert.That(read.Json["extension"]![0]!["valueCode"]!.ToString(), Is.EqualTo("1m"));
        Assert.That((await Api.Get(answer.PathOf(), ("If-None-Match", read.ETag!))).Status, Is.EqualTo(304));

        // What is read is a repetition of what was sent.
        (await Api.PostFhir(read.Json.AsObject())).Expect(200);
    }

    [Test]
    public async Task Takes_the_items_of_the_disability_index_as_components()
    {
        var path = await Operated();
        var whole = FhirSample.Pdi(path, "2024-02-10", 28).With(("component", FhirSample.Components(1, 2, 3, 4, 5, 6, 7)));
        var part = FhirSample.Observation(path, "2024-04-10", FhirSample.Own, "pdi", null).With(
            ("component", FhirSample.Components(1, 2, 3, 4, null, 6, 7)), ("method", FhirSample.Concept(FhirSample.Own, "telephone")));
        var answer = (await Api.PostFhir(part)).Expect(201);
        (await Api.PostFhir(whole)).Expect(201);
        var recorded = (await Api.Get(path + "/assessments/1m")).Expect(200).Json;
        Assert.That((recorded["pdi"]!.GetValue<int>(), recorded["pdiItems"]!["lifeSupport"]!.GetValue<int>()), Is.EqualTo((28, 7)));
        recorded = (await Api.Get(path + "/assessments/3m")).Expect(200).Json;
        Assert.That(
            (recorded["pdi"],
                recorded["pdiItems"]!["sexual"],
                recorded["pdiItems"]!["selfCare"]!.GetValue<int>(),
                recorded["mode"]!.ToString()),
            Is.EqualTo(((JsonNode?)null, (JsonNode?)null, 6, "telephone")));
        var read = (await Api.Get(answer.PathOf())).Expect(200).Json;
        Assert.That(
            (read["valueInteger"],
                read["component"]!.AsArray().Count,
                read["component"]![4]!["dataAbsentReason"]!["coding"]![0]!["code"]!.ToString()),
            Is.EqualTo(((JsonNode?)null, 7, "unknown")));
        (await Api.PostFhir(read.AsObject())).Expect(200);
    }

    [Test]
    public async Task Takes_the_items_as_a_questionnaire()
    {
        var path = await Operated();
        var response = Questionnaire(path, 1, 2, 3, 4, null, 6, 7);
        var answer = (await Api.PostFhir(response)).Expect(201);
        Assert.That(
            (await Api.Get(path + "/assessments/1m")).Expect(200).Json["pdiItems"]!.ToJsonString(),
            Is.EqualTo("""{"familyHome":1,"recreation":2,"social":3,"occupation":4,"sexual":null,"selfCare":6,"lifeSupport":7}"""));
        var read = (await Api.Get(answer.PathOf())).Expect(200).Json;
        Assert.That(
            (read["resourceType"]!.ToString(), read["item"]![6]!["answer"]![0]!["valueInteger"]!.GetValue<int>()),
            Is.EqualTo(("QuestionnaireResponse", 7)));
        (await Api.PostFhir(read.AsObject())).Expect(200);
        (await Api.Get(answer.PathOf().Replace("QuestionnaireResponse", "Observation", StringComparison.Ordinal))).Expect(200);

        var wrong = Questionnaire(path, 1, 2, 3, 4, 5, 6, 11);
        wrong["item"]![0]!["linkId"] = "pdi-home";
        Assert.That((await Api.PostFhir(wrong)).ExpectOutcome(422, "invalid-content"), Is.EquivalentTo(
            [("QuestionnaireResponse.item[0].linkId", "unknown-code"), ("QuestionnaireResponse.item[6].answer", "out-of-range")]));
    }

    [TestCase("effectiveDateTime", "\"2024-02-10T23:30:00-05:00\"", "2024-02-10")]
    [TestCase("effectivePeriod", """{"start":"2024-02-08","end":"2024-02-10"}""", "2024-02-10")]
    [TestCase("effectivePeriod", """{"start":"2024-02-08"}""", "2024-02-08")]
    public async Task Keeps_the_day_as_it_is_stated(string member, string value, string day)
    {
        var path = await Operated();
        (await Api.PostFhir(FhirSample.Nrs(path, "x", 4).With(("effectiveDateTime", null), (member, JsonNode.Parse(value))))).Expect(201);
        Assert.That((await Api.Get(path + "/assessments/1m")).Expect(200).Json["assessedOn"]!.ToString(), Is.EqualTo(day));
    }

    [TestCase("http://terminology.hl7.org/CodeSystem/data-absent-reason", "asked-declined", "declined")]
    [TestCase("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-performed", "not-done-by-site")]
    [TestCase("urn:registry:codes", "too-ill", "too-ill")]
    public async Task Takes_a_visit_that_was_not_done(string system, string code, string reason)
    {
        var path = await Operated();
        var sent = FhirSample.Observation(path, null, FhirSample.Loinc, "72514-3", null, timepoint: "12m")
            .With(("dataAbsentReason", FhirSample.Concept(system, code)));
        var answer = (await Api.PostFhir(sent)).Expect(201);
        Assert.That((await Api.Get(path + "/assessments/12m")).Expect(200).Json["notDone"]!.ToString(), Is.EqualTo(reason));
        (await Api.PostFhir((await Api.Get(answer.PathOf())).Expect(200).Json.AsObject())).Expect(200);
        (await Api.PostFhir(FhirSample.Nrs(path, "2025-01-10", 4))).ExpectOutcome(409, "conflict");
    }

    [Test]
    public async Task Speaks_xml()
    {
        var path = await Operated();
        var site = path.Split('/')[2];
        var xml =
            $"""
            <Observation xmlns="http://hl7.org/fhir"><extension url="urn:registry:timepoint"><valueCode value="1m"/></extension><status value="final"/>
            <code><coding><system value="http://loinc.org"/><code value="72514-3"/></coding></code>
            <subject><identifier><system value="urn:registry:site:{site}:patient"/><value value="P-1"/></identifier></subject>
            <effectiveDateTime value="2024-02-10"/><valueInteger value="6"/>
            <partOf><identifier><system value="urn:registry:site:{site}:case"/><value value="{Sample.KeyOf(path)}"/></identifier></partOf></Observation>
            """;
        var disordered =
            (await Api.Send(HttpMethod.Post, "/fhir/Observation", xml, [("Accept", FhirSample.Xml)], FhirSample.Xml)).Expect(400);
        Assert.That((disordered.ContentType, disordered.Text), Is.EqualTo((FhirSample.Xml, disordered.Text)).And
            .Matches<(string?, string Text)>(answer => answer.Text.Contains("<OperationOutcome", StringComparison.Ordinal)));

        // In the order of the schema.
        var part = xml[xml.IndexOf("<partOf>", StringComparison.Ordinal)..xml.IndexOf("</Observation>", StringComparison.Ordinal)];
        var ordered =
            xml.Replace(part, string.Empty, StringComparison.Ordinal).Replace("<status", part + "<status", StringComparison.Ordinal);
        var answer =
            (await Api.Send(HttpMethod.Post, "/fhir/Observation", ordered, [("Accept", FhirSample.Xml)], FhirSample.Xml)).Expect(201);
        Assert.That(
            (answer.ContentType, answer.Text.Contains("<valueInteger value=\"6\"", StringComparison.Ordinal)),
            Is.EqualTo((FhirSample.Xml, true)));
        Assert.That(
            (await Api.Get(answer.PathOf() + "?_format=json", ("Accept", FhirSample.Xml))).Expect(200).ContentType,
            Is.EqualTo(FhirSample.Json));
        Assert.That(
            (await Api.Get(answer.PathOf() + "?_format=application/fhir%2Bxml")).Expect(200).ContentType, Is.EqualTo(FhirSample.Xml));
        (await Api.Get(answer.PathOf(), ("Accept", "text/html"))).ExpectOutcome(406, "not-acceptable");
    }

    [Test]
    public async Task An_id_holds_keys_of_every_form()
    {
        foreach (var (site, @case) in new[]
        {
            (Sample.Key("a.b_c-d"), "x.y"),
            (Sample.Key(new string('s', 50)), new string('c', 64)),
            (Sample.Key("..-"), "-d.u"),
        })
        {
            (await Api.Put("/sites/" + site, Sample.Site)).Expect(201);
            (await Api.Put($"/sites/{site}/cases/{@case}", Sample.Case("drez"))).Expect(201);
            var sent = FhirSample.Nrs($"/sites/{site}/cases/{@case}", "2024-02-10", 4, timepoint: "post-op");
            var answer = (await Api.PostFhir(sent)).Expect(201);
            var id = answer.Json["id"]!.ToString();
            Assert.That(id, Does.Match("^[A-Za-z0-9.-]{1,64}$"));
            Assert.That((await Api.Get(answer.PathOf())).Expect(200).Json["id"]!.ToString(), Is.EqualTo(id));
            Assert.That((await Api.Get("/fhir/Observation?_id=" + id)).Expect(200).Json["entry"]!.AsArray(), Has.Count.EqualTo(1));
            (await Api.PutFhir("Observation/" + id, sent.With(("id", id)))).Expect(200);
        }
    }

    private static JsonObject Questionnaire(string path, params int?[] answers)
    {
        var like = FhirSample.Pdi(path, "2024-02-10", 0);
        return new JsonObject
        {
            ["resourceType"] = "QuestionnaireResponse",
            ["status"] = "completed",
            ["subject"] = like["subject"]!.DeepClone(),
            ["partOf"] = like["partOf"]!.DeepClone(),
            ["authored"] = "2024-02-10T09:00:00Z",
            ["item"] = new JsonArray([.. FhirSample.Items.Zip(answers).Where(pair => pair.Second is not null).Select(pair =>
                (JsonNode)new JsonObject
                {
                    ["linkId"] = pair.First,
                    ["answer"] = new JsonArray(new JsonObject { ["valueInteger"] = pair.Second }),
                })]),
        };
    }
}
