using System.Text.Json.Nodes;

namespace Registry.Tests.Support;

/// <summary>Every address that the contract says can be read, with something at it.</summary>
internal static class EveryGet
{
    private const string Site = "/sites/every", Case = Site + "/cases/get";

    /// <summary>Records one of each kind, and gives a path for every GET of the contract that is answered in JSON.</summary>
    public static async Task<IReadOnlyList<string>> Prepare(ApiClient api)
    {
        (await api.Put(Site, Sample.Site)).Expect(201);
        (await api.Put(Case, Sample.Case("drez"))).Expect(201);
        (await api.Put(Case + "/events/k", Sample.Event("lesioned", "2024-01-10"))).Expect(201);
        (await api.Put(Case + "/assessments/1m", Sample.Assessment("2024-02-10"))).Expect(201);
        (await api.Put(
            Case + "/adverse-events/k",
            """{"category":"surgical","term":"haematoma","onsetOn":"2024-01-11","severity":"mild","serious":false}""")).Expect(201);
        (await api.Put(Case + "/costs/k", """{"category":"operation","amount":1,"currency":"EUR","priceYear":2024}""")).Expect(201);
        (await api.Put(Case + "/stays/k", """{"admittedOn":"2024-01-09","dischargedOn":"2024-01-12"}""")).Expect(201);
        (await api.Put("/cohorts/k", """{"filter":{}}""")).Expect(201);
        var snapshot = (await api.Post("/cohorts/k/snapshots", "{}")).Expect(201).Json["snapshot"]!.ToString();
        var contract = (await api.Get("/openapi/v1.json")).Expect(200).Json;
        return
        [
            .. from path in contract["paths"]!.AsObject()
               where path.Value!["get"]?["responses"]!["200"]!["content"]?["application/json"] is not null
                   && path.Key.StartsWith("/api/v1/", StringComparison.Ordinal)
               select Filled(path.Key["/api/v1".Length..]).Replace("{snapshot}", snapshot, StringComparison.Ordinal)
                   + Needed(path.Value["get"]!),
            "/openapi/v1.json",
        ];
    }

    /// <summary>Whether a path is at an address of the contract.</summary>
    public static bool IsAt(string path, string template)
    {
        var parts = (path.StartsWith("/openapi", StringComparison.Ordinal) || path.StartsWith("/metrics", StringComparison.Ordinal)
            ? path : "/api/v1" + path).Split('?')[0].Split('/');
        var pattern = template.Split('/');
        return parts.Length == pattern.Length
            && parts.Zip(pattern).All(pair => pair.First == pair.Second || pair.Second.StartsWith('{'));
    }

    private static string Filled(string path) =>
        path.Replace("{site}", "every", StringComparison.Ordinal)
            .Replace("{case}", "get", StringComparison.Ordinal)
            .Replace("{timepoint}", "1m", StringComparison.Ordinal)
            .Replace("{event}", "k", StringComparison.Ordinal)
            .Replace("{adverseEvent}", "k", StringComparison.Ordinal)
            .Replace("{cost}", "k", StringComparison.Ordinal)
            .Replace("{stay}", "k", StringComparison.Ordinal)
            .Replace("{name}", "k", StringComparison.Ordinal);

    // The size of a study cannot be asked for without an effect.
    private static string Needed(JsonNode operation) =>
        operation["operationId"]!.GetValue<string>().EndsWith("Power", StringComparison.Ordinal) ? "?dz=0.5" : string.Empty;
}
