using System.Text.Json.Nodes;

namespace Registry.Tests.Support;

/// <summary>Records what a test needs before it begins, under keys that no other test uses.</summary>
internal static class Sample
{
    public const string Site = """{"name":"A clinic","country":"DE"}""";

    private static int _count;

    /// <summary>A key that was never used.</summary>
    public static string Key(string prefix) => FormattableString.Invariant($"{prefix}-{Interlocked.Increment(ref _count)}");

    /// <summary>Of the tag of an answer, that of the version: what is derived is named behind a dot.</summary>
    public static string OwnTag(string etag) => etag.Split('.')[0].TrimEnd('"') + '"';

    /// <summary>The body of a case.</summary>
    public static string Case(string procedure, int birthYear = 1960, string patient = "P-1", string? preceding = null)
    {
        var body = new JsonObject
        {
            ["patient"] = new JsonObject { ["reference"] = patient, ["sex"] = "female", ["birthYear"] = birthYear },
            ["procedure"] = procedure,
            ["indication"] = "crps",
        };
        if (preceding is not null)
        {
            body["precedingCase"] = preceding;
        }

        return body.ToJsonString();
    }

    /// <summary>The body of an event; what it needs besides its date is filled in.</summary>
    public static string Event(string type, string day) => type switch
    {
        "trial-failed" => $$"""{"type":"trial-ended","occurredOn":"{{day}}","outcome":"failed"}""",
        "trial-ended" => $$"""{"type":"trial-ended","occurredOn":"{{day}}","outcome":"succeeded"}""",
        "explanted" => $$"""{"type":"explanted","occurredOn":"{{day}}","reason":"other","permanent":true}""",
        "explanted-for-now" => $$"""{"type":"explanted","occurredOn":"{{day}}","reason":"infection","permanent":false}""",
        _ => $$"""{"type":"{{type}}","occurredOn":"{{day}}"}""",
    };

    /// <summary>The body of an assessment.</summary>
    public static string Assessment(string day, int nrs = 5) => FormattableString.Invariant($$"""{"assessedOn":"{{day}}","nrs":{{nrs}}}""");

    /// <summary>The key at the end of a path.</summary>
    public static string KeyOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Records a site and gives its path.</summary>
    public static async Task<string> NewSite(this ApiClient api, string body = Site)
    {
        var path = "/sites/" + Key("site");
        (await api.Put(path, body)).Expect(201);
        return path;
    }

    /// <summary>Records a case, at a site of its own unless one is given, with events on the days given, and gives its path.</summary>
    public static async Task<string> NewCase(
        this ApiClient api, string procedure = "scs", string? site = null, params (string Type, string Day)[] events)
    {
        var path = $"{site ?? await api.NewSite()}/cases/{Key("case")}";
        (await api.Put(path, Case(procedure))).Expect(201);
        foreach (var (type, day) in events)
        {
            (await api.Put($"{path}/events/{Key(type)}", Event(type, day))).Expect(201);
        }

        return path;
    }
}
