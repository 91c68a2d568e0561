using System.Globalization;
using System.Text.Json.Nodes;
using Registry.Tests.Api.Fhir;

namespace Registry.Tests.Support;

/// <summary>A message of a hospital.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The address.</param>
/// <param name="Body">The body; null for a retraction.</param>
/// <param name="ContentType">The content type.</param>
internal sealed record HospitalMessage(string Method, string Path, string? Body, string ContentType = "application/json")
{
    /// <summary>The one record that it is about; null for one that carries many.</summary>
    public string? Record { get; init; }

    /// <summary>
    /// How many versions of the record the sender knows of: with fewer its turn has not come, with more it is a repetition. 0 for a first
    /// version.
    /// </summary>
    public int After { get; init; }
}

/// <summary>
/// What a hospital sends on a day: cases of two procedures with all kinds of records, corrections with If-Match and a reason, retractions,
/// batches, a sheet, and FHIR. Each seed makes the same messages.
/// </summary>
internal static class HospitalDay
{
    public const string Site = "hospital";
    public const string Reason = "Corrected at the source";

    private static readonly (string Timepoint, int Day)[] Visits = [("1m", 30), ("3m", 91), ("6m", 182), ("12m", 365)];

    /// <summary>The messages in the order in which they were written.</summary>
    public static IReadOnlyList<HospitalMessage> Messages(int cases, int seed)
    {
        var random = new Random(seed);
        var messages = new List<HospitalMessage>();
        var rows = new List<string>();
        var (items, observations) = (new JsonArray(), new List<(string, string, JsonObject)>());
        for (var number = 0; number < cases; number++)
        {
            var (code, isLesion) = (string.Create(CultureInfo.InvariantCulture, $"c{number}"), number % 2 == 0);
            var (path, patient) = ($"/sites/{Site}/cases/{code}", string.Create(CultureInfo.InvariantCulture, $"P-{number}"));
            var zero = new DateOnly(2024, 1, 10).AddDays(random.Next(200));
            Chain(messages, path, Sample.Case(isLesion ? "drez" : "scs", patient: patient), random.Next(4) == 0
                ? Sample.Case(isLesion ? "drez" : "scs", patient: patient).Replace("crps", "cancer-pain", StringComparison.Ordinal)
                : null);
            if (!isLesion)
            {
                Chain(messages, path + "/events/trial", Sample.Event("trial-started", Iso(zero.AddDays(-20))));
                Chain(messages, path + "/events/trial-end", Sample.Event("trial-ended", Iso(zero.AddDays(-10))));
            }

            Chain(messages, path + "/events/operation", Sample.Event(isLesion ? "lesioned" : "implanted", Iso(zero)));
            Chain(
                messages,
                path + "/assessments/baseline",
                Sample.Assessment(Iso(zero.AddDays(-30)), random.Next(6, 11)),
                Sample.Assessment(Iso(zero.AddDays(-30)), 5));
            foreach (var (visit, (timepoint, day)) in Visits.Index())
            {
                var (on, nrs, pdi) = (Iso(zero.AddDays(day + random.Next(-3, 4))), random.Next(11), random.Next(71));
                switch ((number + visit) % 4)
                {
                    case 0:
                        Chain(
                            messages,
                            $"{path}/assessments/{timepoint}",
                            Sample.Assessment(on, nrs),
                            random.Next(2) == 0 ? Sample.Assessment(on, (nrs + 1) % 11) : null,
                            random.Next(4) == 0);
                        break;
                    case 1:
                        rows.Add(string.Create(CultureInfo.InvariantCulture, $"{Site},{code},{timepoint},{on},{nrs},{pdi}"));
                        break;
                    case 2:
                        items.Add(JsonNode.Parse(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $$"""{"kind":"assessment","site":"{{Site}}","case":"{{code}}","timepoint":"{{timepoint}}","assessedOn":"{{on}}","nrs":{{nrs}}}""")));
                        break;
                    default:
                        var (pain, disability) = (Resource(FhirSample.Loinc, "72514-3", nrs), Resource(FhirSample.Own, "pdi", pdi));
                        if (random.Next(2) == 0)
                        {
                            observations.Add(("POST", "Observation", pain));
                        }
                        else
                        {
                            Scores(
                                messages,
                                $"{Site}.{code}.{timepoint}.nrs",
                                pain,
                                random.Next(2) == 0 ? pain.With(("status", "corrected"), ("valueInteger", (nrs + 1) % 11)) : null,
                                random.Next(4) == 0);
                        }

                        Scores(messages, $"{Site}.{code}.{timepoint}.pdi", disability, null, false);
                        break;

                        JsonObject Resource(string system, string instrument, int value) =>
                            FhirSample.Observation(path, on, system, instrument, value, timepoint: timepoint, patient: patient)
                                .With(("identifier", JsonNode.Parse(
                                    $$"""[{"system":"urn:hospital:scores","value":"{{code}}-{{timepoint}}-{{instrument}}"}]""")));
                }
            }

            Chain(
                messages,
                path + "/adverse-events/a",
                $$"""{"category":"surgical","term":"haematoma","onsetOn":"{{Iso(zero.AddDays(3))}}","severity":"mild","serious":false}""",
                null,
                random.Next(3) == 0);
            Chain(
                messages,
                path + "/costs/op",
                """{"category":"operation","amount":1200.5,"currency":"EUR","priceYear":2024}""",
                random.Next(2) == 0 ? """{"category":"operation","amount":1300,"currency":"EUR","priceYear":2024}""" : null);
            items.Add(JsonNode.Parse(
                $$"""{"kind":"stay","site":"{{Site}}","case":"{{code}}","stay":"s","admittedOn":"{{Iso(zero.AddDays(-1))}}","dischargedOn":"{{Iso(zero.AddDays(4))}}"}"""));
            items.Add(JsonNode.Parse(
                $$"""{"kind":"cost","site":"{{Site}}","case":"{{code}}","cost":"device","category":"device","amount":9000,"currency":"EUR","priceYear":2024}"""));
        }

        foreach (var some in items.Chunk(7))
        {
            messages.Add(new HospitalMessage(
                "POST",
                "/batch",
                new JsonObject { ["items"] = new JsonArray([.. some.Select(item => item!.DeepClone())]) }.ToJsonString()));
        }

        foreach (var some in rows.Chunk(5))
        {
            messages.Add(new HospitalMessage(
                "POST", "/assessments/batch", "site,case,timepoint,assessedOn,nrs,pdi\n" + string.Join('\n', some) + "\n", "text/csv"));
        }

        foreach (var (index, some) in observations.Chunk(3).Index())
        {
            messages.Add(new HospitalMessage(
                "POST", "/fhir", FhirSample.Bundle(index % 2 == 0 ? "batch" : "transaction", some).ToJsonString(), FhirSample.Json));
        }

        return messages;
    }

    private static void Chain(List<HospitalMessage> messages, string path, string body, string? corrected = null, bool isRetracted = false)
    {
        messages.Add(new HospitalMessage("PUT", path, body) { Record = path });
        if (corrected is not null)
        {
            messages.Add(new HospitalMessage("PUT", path, corrected) { Record = path, After = 1 });
        }

        if (isRetracted)
        {
            messages.Add(new HospitalMessage("DELETE", path, null) { Record = path, After = corrected is null ? 1 : 2 });
        }
    }

    private static void Scores(List<HospitalMessage> messages, string id, JsonObject resource, JsonObject? corrected, bool isWithdrawn)
    {
        var record = "/fhir/Observation/" + id;
        messages.Add(new HospitalMessage("POST", "/fhir/Observation", resource.ToJsonString(), FhirSample.Json) { Record = record });
        if (corrected is not null)
        {
            messages.Add(
                new HospitalMessage("POST", "/fhir/Observation", corrected.ToJsonString(), FhirSample.Json) { Record = record, After = 1 });
        }

        if (isWithdrawn)
        {
            messages.Add(
                new HospitalMessage(
                    "POST", "/fhir/Observation", resource.With(("status", "entered-in-error")).ToJsonString(), FhirSample.Json)
                {
                    Record = record,
                    After = corrected is null ? 1 : 2,
                });
        }
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>
/// Sends messages as an integration engine does: what is refused for now is put back, and what has been recorded already is done.
/// </summary>
internal sealed class HospitalEngine(ApiClient api)
{
    /// <summary>Sends a message. True when it is done with; false when it is to be sent again later.</summary>
    public async Task<bool> Send(HospitalMessage message)
    {
        var known = message is { Record: not null, After: > 0 } ? await Versions(message.Record) : 0;
        if (known != message.After)
        {
            return known > message.After;
        }

        var answer =
            await api.Send(new HttpMethod(message.Method), message.Path, message.Body, await Headers(message), message.ContentType);
        return answer.Status switch
        {
            200 or 201 or 204 => message.Record is not null || !HasRefusals(answer),

            // Other content is there: a later version of the same, or somebody else's.
            409 when message.Record is not null => await Versions(message.Record) > message.After,

            // What it belongs to is still to come, or another message was faster.
            404 or 409 or 412 or 422 or 428 or 429 or 503 => false,
            _ => throw new InvalidOperationException($"{answer.Request} {answer.Status}\n{answer.Text}"),
        };
    }

    /// <summary>What has to go with a message: of a correction, the version that is corrected, and why.</summary>
    public async Task<(string Name, string Value)[]> Headers(HospitalMessage message) =>
        message.After == 0 || message.Record!.StartsWith("/fhir", StringComparison.Ordinal)
            ? []
            : [("If-Match", (await api.Get(message.Record + "/history")).Json.AsArray()[message.After - 1]!["etag"]!.ToString()),
                ("X-Change-Reason", HospitalDay.Reason)];

    private async Task<int> Versions(string record)
    {
        if (record.StartsWith("/fhir", StringComparison.Ordinal))
        {
            return (await api.Get(record)) is { Status: 200 } found
                ? int.Parse(found.Json["meta"]!["versionId"]!.ToString(), CultureInfo.InvariantCulture)
                : 0;
        }

        return (await api.Get(record + "/history")) is { Status: 200 } history ? history.Json.AsArray().Count : 0;
    }

    private static bool HasRefusals(ApiAnswer answer) => answer.Json["entry"] is JsonArray entries
        ? entries.Any(
            entry => entry!["response"]!["status"]!.ToString()[0] != '2' && !IsLater(entry["response"]!["outcome"]!.ToJsonString()))
        : answer.Json["items"]!.AsArray().Any(item => item!["problem"] is not null);

    // A score of a Bundle that was corrected since.
    private static bool IsLater(string outcome) =>
        outcome.Contains("\"conflict\"", StringComparison.Ordinal) || outcome.Contains("\"retracted\"", StringComparison.Ordinal);
}
