using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;
using NUnit.Framework;
using Registry.Tests.Support;
using Task = System.Threading.Tasks.Task;

namespace Registry.Tests.Api.Fhir;

/// <summary>A day of a hospital with a FHIR client that knows nothing of the registry.</summary>
public sealed class FhirClientTests(Engine engine) : RegistryFixture(engine)
{
    [TestCase(ResourceFormat.Json)]
    [TestCase(ResourceFormat.Xml)]
    public async Task Does_a_day(ResourceFormat format)
    {
        var path = await Api.NewCase("drez", null, ("lesioned", "2024-01-10"));
        var (site, @case) = (path.Split('/')[2], Sample.KeyOf(path));
        var (_, key, _) = await Host.Issue("site", site, site);
        using var http = Host.CreateClient();
        http.DefaultRequestHeaders.Add("X-Api-Key", key);
        using var client = new FhirClient(
            new Uri(http.BaseAddress!, "api/v1/fhir"), http, new FhirClientSettings { PreferredFormat = format, VerifyFhirVersion = true });

        var statement = (await client.CapabilityStatementAsync())!;
        Assert.That(statement.FhirVersion, Is.EqualTo(FHIRVersion.N4_0_1));

        var pain = (await client.CreateAsync(Score(site, @case, new CodeableConcept("http://loinc.org", "72514-3"), "2024-02-10", 4)))!;
        var disability =
            (await client.CreateAsync(Score(site, @case, new CodeableConcept("urn:registry:codes", "pdi"), "2024-02-10", 30)))!;
        Assert.That((pain.VersionId, disability.VersionId), Is.EqualTo(("1", "1")));

        pain.Value = new Integer(3);
        pain = (await client.UpdateAsync(pain, versionAware: true))!;
        Assert.That((pain.VersionId, ((Integer)pain.Value!).Value), Is.EqualTo(("2", 3)));
        pain.Meta!.VersionId = "1";
        pain.Value = new Integer(9);
        var stale = await Assert.ThrowsAsync<FhirOperationException>(() => client.UpdateAsync(pain, versionAware: true));
        Assert.That(((int)stale!.Status, stale.Outcome!.Issue[0].Code), Is.EqualTo((412, OperationOutcome.IssueType.Conflict)));

        var transaction = new Bundle { Type = Bundle.BundleType.Transaction };
        foreach (var day in new[] { "2024-04-10", "2024-07-10" })
        {
            transaction.AddResourceEntry(
                Score(site, @case, new CodeableConcept("http://loinc.org", "72514-3"), day, 5),
                "urn:uuid:" + Guid.NewGuid()).Request = new Bundle.RequestComponent
                {
                    Method = Bundle.HTTPVerb.POST,
                    Url = "Observation",
                };
        }

        Assert.That(
            (await client.TransactionAsync(transaction))!.Entry.Select(entry => entry.Response!.Status), Is.All.EqualTo("201 Created"));

        var error = Score(site, @case, new CodeableConcept("http://loinc.org", "72514-3"), "2024-07-10", 5);
        error.Status = ObservationStatus.EnteredInError;
        Assert.That((await client.CreateAsync(error))!.Status, Is.EqualTo(ObservationStatus.EnteredInError));

        var seen = new List<string>();
        for (var page = await client.SearchAsync<Observation>(
            [$"subject:identifier=urn:registry:site:{site}:patient|P-1"],
            pageSize: 2); page is not null; page = await client.ContinueAsync(page))
        {
            seen.AddRange(page.Entry.Select(entry => entry.Resource!)
                .Cast<Observation>()
                .Select(one => $"{((FhirDateTime)one.Effective!).Value} {((Integer)one.Value!).Value}"));
        }

        Assert.That(seen, Is.EquivalentTo(["2024-02-10 3", "2024-02-10 30", "2024-04-10 5"]));
        var read = (await client.ReadAsync<Observation>(pain.TypeName + "/" + pain.Id))!;
        Assert.That(((Integer)read.Value!).Value, Is.EqualTo(3));
    }

    private static Observation Score(string site, string @case, CodeableConcept code, string day, int value) => new()
    {
        Status = ObservationStatus.Final,
        Code = code,
        Subject = new ResourceReference { Identifier = new Identifier($"urn:registry:site:{site}:patient", "P-1") },
        PartOf = [new ResourceReference { Identifier = new Identifier($"urn:registry:site:{site}:case", @case) }],
        Effective = new FhirDateTime(day),
        Value = new Integer(value),
    };
}
