using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Fhir;

/// <summary>Resources to send, and what an answer has to look like.</summary>
internal static class FhirSample
{
    public const string Json = "application/fhir+json", Xml = "application/fhir+xml";
    public const string Loinc = "http://loinc.org", Own = "urn:registry:codes";

    public static readonly string[] Items =
    [
        "pdi-family-home", "pdi-recreation", "pdi-social", "pdi-occupation", "pdi-sexual", "pdi-self-care", "pdi-life-support",
    ];

    /// <summary>An Observation of a score at the site and case of a path.</summary>
    public static JsonObject Observation(
        string path,
        string? on,
        string system,
        string code,
        JsonNode? value,
        string status = "final",
        string? timepoint = null,
        string patient = "P-1")
    {
        var (site, @case) = (path.Split('/')[2], path.Split('/')[4]);
        var observation = new JsonObject
        {
            ["resourceType"] = "Observation",
            ["status"] = status,
            ["code"] = Concept(system, code),
            ["subject"] = new JsonObject
            {
                ["identifier"] = new JsonObject { ["system"] = $"urn:registry:site:{site}:patient", ["value"] = patient },
            },
            ["partOf"] = new JsonArray(
                new JsonObject { ["identifier"] = new JsonObject { ["system"] = $"urn:registry:site:{site}:case", ["value"] = @case } }),
        };
        if (on is not null)
        {
            observation["effectiveDateTime"] = on;
        }

        if (value is not null)
        {
            observation["valueInteger"] = value;
        }

        if (timepoint is not null)
        {
            observation["extension"] = new JsonArray(new JsonObject { ["url"] = "urn:registry:timepoint", ["valueCode"] = timepoint });
        }

        return observation;
    }

    public static JsonObject Nrs(string path, string on, int value, string status = "final", string? timepoint = null) =>
        Observation(path, on, Loinc, "72514-3", value, status, timepoint);

    public static JsonObject Pdi(string path, string on, int value, string status = "final", string? timepoint = null) =>
        Observation(path, on, Own, "pdi", value, status, timepoint);

    public static JsonObject Concept(string system, string code) =>
        new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };

    /// <summary>The same resource with members changed; null takes one away.</summary>
    public static JsonObject With(this JsonObject resource, params (string Name, JsonNode? Value)[] members)
    {
        var changed = resource.DeepClone().AsObject();
        foreach (var (name, value) in members)
        {
            changed.Remove(name);
            if (value is not null)
            {
                changed[name] = value.DeepClone();
            }
        }

        return changed;
    }

    /// <summary>The seven items as components; null for one left unanswered.</summary>
    public static JsonArray Components(params int?[] answers) => new([.. Items.Zip(answers, (item, answer) =>
    {
        var component = new JsonObject { ["code"] = Concept(Own, item) };
        component[answer is null ? "dataAbsentReason" : "valueInteger"] = answer is null
            ? Concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown")
            : answer;
        return (JsonNode)component;
    })]);

    public static JsonObject Bundle(string type, params (string Method, string Url, JsonObject Resource)[] entries) => new()
    {
        ["resourceType"] = "Bundle",
        ["type"] = type,
        ["entry"] = new JsonArray([.. entries.Select(entry => (JsonNode)new JsonObject
        {
            ["fullUrl"] = $"urn:uuid:{Guid.NewGuid()}",
            ["resource"] = entry.Resource,
            ["request"] = new JsonObject { ["method"] = entry.Method, ["url"] = entry.Url },
        })]),
    };

    public static Task<ApiAnswer> PostFhir(this ApiClient api, JsonObject resource, params (string Name, string Value)[] headers) =>
        api.Send(
            HttpMethod.Post,
            resource["resourceType"]!.ToString() is "Bundle" ? "/fhir" : "/fhir/" + resource["resourceType"],
            resource.ToJsonString(),
            headers,
            Json);

    public static Task<ApiAnswer> PutFhir(
        this ApiClient api, string path, JsonObject resource, params (string Name, string Value)[] headers) =>
        api.Send(HttpMethod.Put, "/fhir/" + path, resource.ToJsonString(), headers, Json);

    /// <summary>The address of a resource, without its version, below the base path.</summary>
    public static string PathOf(this ApiAnswer answer) =>
        answer.Location![answer.Location!.IndexOf("/fhir/", StringComparison.Ordinal)..answer.Location!.IndexOf(
            "/_history/", StringComparison.Ordinal)];

    /// <summary>
    /// Fails unless the answer is an OperationOutcome of this status and code; gives the expression and the code of every issue.
    /// </summary>
    public static IReadOnlyList<(string? Expression, string Code)> ExpectOutcome(this ApiAnswer answer, int status, string code)
    {
        Assert.That(answer.ExpectProblem(status, code).ContentType, Is.EqualTo(Json));
        return Issues(answer.Json);
    }

    public static IReadOnlyList<(string? Expression, string Code)> Issues(JsonNode outcome) =>
        [.. outcome["issue"]!.AsArray()
            .Select(issue => (issue!["expression"]?[0]!.ToString(), issue["details"]!["coding"]!.AsArray()[^1]!["code"]!.ToString()))];
}
