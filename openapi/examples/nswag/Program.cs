// A hospital's morning with the client that NSwag generates, its models as by default; run.sh generates it, then runs this.
using Registry.Client;

using var http = new HttpClient { BaseAddress = new Uri(args[0]) };
http.DefaultRequestHeaders.Add("X-Api-Key", args[1]);
var registry = new RegistryClient(http) { BaseUrl = args[0] };
var (site, @case) = ("morning-nswag", "M-" + Guid.NewGuid().ToString("N")[..8]);

await registry.PutSiteAsync(site, body: new Site { Name = "Morning Hospital", Country = "DE", TimeZone = "Europe/Berlin" });
await registry.PutCaseAsync(site, @case, body: new Case
{
    Patient = new Patient { Reference = @case, Sex = Sex.Female, BirthYear = 1958 },
    Procedure = Procedure.Scs,
    Indication = Indication.Crps,
});
await Event("trial", new TreatmentEvent { Type = EventType.TrialStarted, OccurredOn = Day(2024, 2, 5), Lead = LeadType.Percutaneous });
await Event(
    "trial-end", new TreatmentEvent { Type = EventType.TrialEnded, OccurredOn = Day(2024, 2, 14), Outcome = TrialOutcome.Succeeded });
await Event("implant", new TreatmentEvent { Type = EventType.Implanted, OccurredOn = Day(2024, 3, 4) });
await Score(Timepoint.Baseline, new Assessment { AssessedOn = Day(2024, 2, 1), Nrs = 8 });
await Score(Timepoint.Month12, new Assessment { AssessedOn = Day(2025, 3, 4), Nrs = 3 });

// What was not stated was not sent, and is not read as a value.
var read = await registry.GetCaseAsync(site, @case);
Expect(read.PainSide is null && read.PainDurationMonths is null && read.PainLevels is null, "what was left out is not there");
Expect(read.Assessments.All(assessment => assessment.Pdi is null), "no score that nobody took");

// A correction names the version that was read, and says why.
var etag = read.Assessments.Single(assessment => assessment.Timepoint == Timepoint.Month12).Etag;
await registry.PutAssessmentAsync(
    site,
    @case,
    Timepoint.Month12,
    body: new Assessment { AssessedOn = Day(2025, 3, 4), Nrs = 2 },
    if_Match: etag,
    x_Change_Reason: "Transcription error");
try
{
    await Score(Timepoint.Month12, new Assessment { AssessedOn = Day(2025, 3, 4), Nrs = 9 });
    Expect(false, "other content is refused");
}
catch (ApiException<Problem> refused)
{
    Expect(refused.Result.Code == ProblemCode.Conflict && refused.Result.Current is not null, "a conflict says what is recorded");
}

var scores = await registry.GetScoresAsync(
    site: [site], procedure: [Procedure.Scs], timepoint: [Timepoint.Month12], instrument: [Instrument.Nrs], set: [AnalysisSet.Treated]);
Expect(scores.Items.First().N >= 1 && scores.Items.First().Min == 2, "the summary includes the correction");
Console.WriteLine("nswag: a morning's work is recorded and read back");

Task Event(string key, TreatmentEvent happened) => registry.PutEventAsync(site, @case, key, body: happened);
Task Score(Timepoint timepoint, Assessment assessment) => registry.PutAssessmentAsync(site, @case, timepoint, body: assessment);
static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
static void Expect(bool holds, string what)
{
    if (!holds)
    {
        throw new InvalidOperationException("Not so: " + what);
    }
}
