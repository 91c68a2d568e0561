using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Api.Fhir;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Access;

/// <summary>
/// Whatever carries many records at once: to the key of a site, another site is one that does not exist. Nothing of it is written, read or
/// told.
/// </summary>
public sealed class ForeignSiteTests(Engine engine) : RegistryFixture(engine)
{
    private const string Own = "own", Foreign = "frn", Absent = "abs";

    private static readonly string[] Kinds =
    [
        """{"kind":"assessment","site":"{0}","case":"c","timepoint":"1m","assessedOn":"2024-02-10","nrs":4}""",
        """{"kind":"assessment","site":"{0}","case":"c","assessedOn":"2024-02-10","nrs":5}""",
        """{"kind":"event","site":"{0}","case":"c","event":"k","type":"lesioned","occurredOn":"2024-01-10"}""",
        """{"kind":"adverse-event","site":"{0}","case":"c","adverseEvent":"k","category":"surgical","term":"haematoma","onsetOn":"2024-01-11","severity":"mild","serious":false}""",
        """{"kind":"cost","site":"{0}","case":"c","cost":"k","category":"operation","amount":1,"currency":"EUR","priceYear":2024}""",
        """{"kind":"stay","site":"{0}","case":"none","stay":"k","admittedOn":"2024-01-09","dischargedOn":"2024-01-12"}""",
    ];

    private ApiClient _own = null!;

    protected override async Task Prepare()
    {
        foreach (var site in new[] { Own, Foreign })
        {
            var @case = $"/sites/{site}/cases/c";
            (await Api.Put("/sites/" + site, Sample.Site)).Expect(201);
            (await Api.Put(@case, Sample.Case("drez"))).Expect(201);
            (await Api.Put(@case + "/events/k", Sample.Event("lesioned", "2024-01-10"))).Expect(201);
            (await Api.Put(@case + "/stays/k", """{"admittedOn":"2024-01-09","dischargedOn":"2024-01-12"}""")).Expect(201);
            (await Api.PostFhir(
                FhirSample.Nrs(@case, "2024-02-10", 4)
                    .With(("identifier", JsonNode.Parse($$"""[{"system":"urn:{{site}}","value":"1"}]"""))))).Expect(201);
        }

        _own = (await Host.Issue("site", Own)).Client;
    }

    [Test]
    public async Task In_a_batch_of_every_kind([Values("", ",\"mode\":\"all\"", ",\"dryRun\":true")] string settings)
    {
        foreach (var item in Kinds)
        {
            await AssertAlike(
                site => _own.Post(
                    "/batch",
                    $$"""{"items":[{"kind":"stay","site":"{{Own}}","case":"c","stay":"k","admittedOn":"2024-01-09","dischargedOn":"2024-01-12"},{{item.Replace("{0}", site, StringComparison.Ordinal)}}]{{settings}}}"""),
                "site-not-found");
        }

        await AssertAlike(
            site => _own.Post(
                "/assessments/batch", $$"""{"items":[{"site":"{{site}}","case":"c","assessedOn":"2024-02-10","nrs":4}]{{settings}}}"""),
            "site-not-found");
    }

    [TestCase("each")]
    [TestCase("all")]
    public async Task In_a_sheet(string mode) =>
        await AssertAlike(
            site => _own.Send(
                HttpMethod.Post,
                "/assessments/batch?mode=" + mode,
                $"site,case,timepoint,assessedOn,nrs\n{site},c,1m,2024-02-10,4\n{site},none,,2024-02-10,5\n",
                [],
                "text/csv"),
            "site-not-found");

    [TestCase("batch")]
    [TestCase("transaction")]
    public async Task In_a_bundle(string type)
    {
        foreach (var (method, url, value) in new[]
        {
            ("POST", "Observation", 4),
            ("POST", "Observation", 5),
            ("PUT", "Observation/{0}.c.1m.nrs", 4),
            ("PUT", "Observation?identifier=urn:{0}|1", 4),
            ("PUT", "Observation?identifier=urn:registry:observation|{0}/c/1m/nrs", 7),
        })
        {
            await AssertAlike(
                site =>
                {
                    var resource = FhirSample.Nrs($"/sites/{site}/cases/c", "2024-02-10", value)
                        .With(("identifier", JsonNode.Parse($$"""[{"system":"urn:{{site}}","value":"1"}]""")));
                    resource = url.Contains("/{0}", StringComparison.Ordinal) ? resource.With(("id", $"{site}.c.1m.nrs")) : resource;
                    var bundle = FhirSample.Bundle(type, (method, url.Replace("{0}", site, StringComparison.Ordinal), resource));
                    bundle["entry"]![0]!["fullUrl"] = "urn:uuid:0b0b5a3e-5a0c-4a0e-8f8b-0d6f8f0c0a01";
                    return _own.PostFhir(bundle);
                },
                "site-not-found");
        }
    }

    [Test]
    public async Task In_single_resources_and_searches()
    {
        foreach (var status in new[] { "final", "corrected", "entered-in-error" })
        {
            await AssertAlike(site => _own.PostFhir(FhirSample.Nrs($"/sites/{site}/cases/c", "2024-02-10", 5, status)), "site-not-found");
        }

        await AssertAlike(site => _own.Get($"/fhir/Observation/{site}.c.1m.nrs"), "not-found");
        await AssertAlike(site => _own.Get($"/fhir/Observation/{site}.c.1m.nrs/_history/1"), "not-found");
        foreach (var query in new[]
        {
            "_id={0}.c.1m.nrs",
            "identifier=urn:registry:observation|{0}/c/1m/nrs",
            "identifier=urn:{0}|1",
            "subject:identifier=urn:registry:site:{0}:patient|P-1",
        })
        {
            await AssertAlike(site => _own.Get("/fhir/Observation?" + query.Replace("{0}", site, StringComparison.Ordinal)), "\"total\":0");
        }

        // The identifier of a foreign record is none that a condition finds.
        var here = FhirSample.Nrs($"/sites/{Own}/cases/c", "2024-04-10", 6);
        (await _own.PostFhir(here, ("If-None-Exist", $"identifier=urn:{Foreign}|1"))).Expect(201);
        (await _own.PostFhir(here.With(("identifier", JsonNode.Parse($$"""[{"system":"urn:{{Foreign}}","value":"1"}]"""))))).Expect(200);
    }

    private async Task AssertAlike(Func<string, Task<ApiAnswer>> send, string said)
    {
        var before = (await Api.Get($"/sites/{Foreign}/changes")).Expect(200).Text;
        var (foreign, absent) = (await send(Foreign), await send(Absent));
        Assert.That(foreign.Text, Does.Contain(said), () => foreign.Request);
        Assert.That((foreign.Status, Bare(foreign, Foreign)), Is.EqualTo((absent.Status, Bare(absent, Absent))), () => foreign.Request);
        Assert.That(
            foreign.Headers.Keys.Order(StringComparer.Ordinal),
            Is.EqualTo(absent.Headers.Keys.Order(StringComparer.Ordinal)),
            () => foreign.Request);
        Assert.That((await Api.Get($"/sites/{Foreign}/changes")).Expect(200).Text, Is.EqualTo(before));
    }

    // But for the name that was sent, and what names the request.
    private static string Bare(ApiAnswer answer, string site)
    {
        var body = answer.Json.AsObject();
        body.Remove("traceId");
        body.Remove("instance");
        return body.ToJsonString(Relaxed.Json).Replace(site, "x", StringComparison.Ordinal);
    }
}
