// A hospital's morning with the client that Kiota generates: run.sh generates it, then runs this.
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Registry.Client;
using Registry.Client.Models;

// Over https, ApiKeyAuthenticationProvider states the key; this is a registry on the same machine.
using var http = KiotaClientFactory.Create();
http.DefaultRequestHeaders.Add("X-Api-Key", args[1]);
var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http);
var registry = new RegistryClient(adapter);
adapter.BaseUrl = args[0];
var (site, @case) = ("morning-kiota", "M-" + Guid.NewGuid().ToString("N")[..8]);
var atSite = registry.Api.V1.Sites[site];
var ofCase = atSite.Cases[@case];

await atSite.PutAsync(new Site { Name = "Morning Hospital", Country = "DE", TimeZone = "Europe/Berlin" });
await ofCase.PutAsync(new Case
{
    Patient = new Patient { Reference = @case, Sex = Sex.Female, BirthYear = 1958 },
    Procedure = Procedure.Scs,
    Indication = Indication.Crps,
});
await ofCase.Events["trial"].PutAsync(
    new TreatmentEvent { Type = EventType.TrialStarted, OccurredOn = new Date(2024, 2, 5), Lead = LeadType.Percutaneous });
await ofCase.Events["trial-end"].PutAsync(
    new TreatmentEvent { Type = EventType.TrialEnded, OccurredOn = new Date(2024, 2, 14), Outcome = TrialOutcome.Succeeded });
await ofCase.Events["implant"].PutAsync(new TreatmentEvent { Type = EventType.Implanted, OccurredOn = new Date(2024, 3, 4) });
await ofCase.Assessments["baseline"].PutAsync(new Assessment { AssessedOn = new Date(2024, 2, 1), Nrs = 8 });
await ofCase.Assessments["12m"].PutAsync(new Assessment { AssessedOn = new Date(2025, 3, 4), Nrs = 3 });

// What was not stated was not sent, and is not read as a value.
var read = (await ofCase.GetAsync())!;
Expect(read.PainSide is null && read.PainDurationMonths is null && read.PainLevels is null, "what was left out is not there");

// A correction names the version that was read, and says why.
var etag = read.Assessments!.Single(assessment => assessment.AssessedOn.ToString() == "2025-03-04").Etag!;
await ofCase.Assessments["12m"].PutAsync(new Assessment { AssessedOn = new Date(2025, 3, 4), Nrs = 2 }, request =>
{
    request.Headers.Add("If-Match", etag);
    request.Headers.Add("X-Change-Reason", "Transcription error");
});
try
{
    await ofCase.Assessments["12m"].PutAsync(new Assessment { AssessedOn = new Date(2025, 3, 4), Nrs = 9 });
    Expect(false, "other content is refused");
}
catch (Problem refused)
{
    Expect(refused.Code == ProblemCode.Conflict, "a conflict says so");
}

var scores = (await registry.Api.V1.Summaries.Scores.GetAsync(request =>
{
    request.QueryParameters.Site = [site];
    request.QueryParameters.TimepointAsTimepoint = [Timepoint.Month12];
    request.QueryParameters.InstrumentAsInstrument = [Instrument.Nrs];
    request.QueryParameters.SetAsAnalysisSet = [AnalysisSet.Treated];
}))!;
Expect(scores.Items!.Any(item => item.Min == 2), "the summary includes the correction");
Console.WriteLine("kiota: a morning's work is recorded and read back");

static void Expect(bool holds, string what)
{
    if (!holds)
    {
        throw new InvalidOperationException("Not so: " + what);
    }
}
