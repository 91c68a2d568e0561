using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Fhir;

/// <summary>What was sent can be found by patient, code, day and instant, page by page.</summary>
public sealed class FhirSearchTests(Engine engine) : RegistryFixture(engine)
{
    private string _patient = null!, _path = null!;

    protected override async Task Prepare()
    {
        _path = await Api.NewCase("drez", null, ("lesioned", "2024-01-10"));
        _patient = $"subject:identifier=urn:registry:site:{_path.Split('/')[2]}:patient|P-1";
        foreach (var (day, nrs, pdi) in new[] { ("2024-02-10", 4, 30), ("2024-04-10", 5, 31), ("2024-07-10", 6, 32) })
        {
            (await Api.PostFhir(FhirSample.Nrs(_path, day, nrs))).Expect(201);
            (await Api.PostFhir(FhirSample.Pdi(_path, day, pdi))).Expect(201);
        }

        var wrong = FhirSample.Nrs(_path, "2025-01-10", 7);
        (await Api.PostFhir(wrong)).Expect(201);
        (await Api.PostFhir(wrong.With(("status", "entered-in-error")))).Expect(200);
        (await Api.PostFhir(FhirSample.Nrs(await Api.NewCase("drez"), "2024-02-10", 1, timepoint: "baseline"))).Expect(201);
    }

    [TestCase("", "4 30 5 31 6 32")]
    [TestCase("&code=http://loinc.org|72514-3", "4 5 6")]
    [TestCase("&code=38208-5", "4 5 6")]
    [TestCase("&code=pdi", "30 31 32")]
    [TestCase("&code=pdi,72514-3", "4 30 5 31 6 32")]
    [TestCase("&code=8867-4", "")]
    [TestCase("&date=2024-04-10", "5 31")]
    [TestCase("&date=2024-04", "5 31")]
    [TestCase("&date=ge2024-04-10", "5 31 6 32")]
    [TestCase("&date=gt2024-04-10", "6 32")]
    [TestCase("&date=gt2024-04", "6 32")]
    [TestCase("&date=lt2024-04-10", "4 30")]
    [TestCase("&date=le2024-04-10T10:00:00%2B01:00", "4 30 5 31")]
    [TestCase("&date=ge2024-03&date=lt2024-07&code=pdi", "31")]
    [TestCase("&_lastUpdated=gt2000-01-01T00:00:00Z&code=pdi", "30 31 32")]
    [TestCase("&_lastUpdated=lt2000-01-01", "")]
    [TestCase("&_lastUpdated=gt2999-01-01", "")]
    [TestCase("&identifier=urn:other|x", "")]
    [TestCase("&patient.identifier=urn:registry:site:none:patient|P-1", "")]
    public async Task Finds(string query, string values)
    {
        var found = (await Api.Get("/fhir/Observation?" + _patient + query)).Expect(200).Json;
        Assert.That(Values(found), Is.EquivalentTo(values.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.That(found["total"]!.GetValue<int>(), Is.EqualTo(Values(found).Count));
    }

    [TestCase("date=2024-02-30")]
    [TestCase("date=yesterday")]
    [TestCase("_count=0")]
    [TestCase("after=x")]
    [TestCase("subject=Patient/1")]
    [TestCase("_sort=date")]
    public async Task Refuses(string query) => (await Api.Get("/fhir/Observation?" + query)).ExpectOutcome(400, "invalid-parameters");

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(4)]
    public async Task Gives_page_after_page(int count)
    {
        var (seen, next) = (new List<string>(), (string?)$"/fhir/Observation?{_patient}&_count={count}");
        while (next is not null)
        {
            var page = (await Api.Get(next)).Expect(200).Json;
            Assert.That(Values(page), Has.Count.InRange(1, count));
            seen.AddRange(Values(page));
            next = page["link"]!.AsArray().FirstOrDefault(link => link!["relation"]!.ToString() == "next")?["url"]!.ToString();
            next = next?[next.IndexOf("/fhir/", StringComparison.Ordinal)..];
        }

        Assert.That(seen, Is.EquivalentTo(["4", "30", "5", "31", "6", "32"]));
    }

    [Test]
    public async Task States_what_it_can_do_and_nothing_else()
    {
        var statement = (await Api.Get("/fhir/metadata")).Expect(200).Json;
        Assert.That(statement["fhirVersion"]!.ToString(), Is.EqualTo("4.0.1"));
        var observation = statement["rest"]![0]!["resource"]![0]!;
        foreach (var parameter in observation["searchParam"]!.AsArray().Select(one => one!["name"]!.ToString()))
        {
            var (name, value) = parameter switch
            {
                "subject" or "patient" => (parameter + ":identifier", "urn:registry:site:s:patient|p"),
                "identifier" => (parameter, "urn:x|y"),
                "date" or "_lastUpdated" => (parameter, "2024-01-01"),
                _ => (parameter, "x"),
            };
            (await Api.Get($"/fhir/Observation?{name}={value}")).Expect(200);
        }

        Assert.That((await Api.Get("/fhir/metadata?_summary=true")).Expect(200).Text, Has.Length.LessThan(statement.ToJsonString().Length));
    }

    private static IReadOnlyList<string> Values(JsonNode bundle) =>
        [.. bundle["entry"]?.AsArray().Select(entry => entry!["resource"]!["valueInteger"]!.ToString()) ?? []];
}
