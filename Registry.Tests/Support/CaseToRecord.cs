using System.Globalization;
using System.Text.Json.Nodes;

namespace Registry.Tests.Support;

/// <summary>A case as a site tells it, step by step, and then records it over HTTP in the order it was told.</summary>
internal sealed class CaseToRecord
{
    private readonly string _path;
    private readonly List<(string Path, JsonObject Content)> _requests = [];

    private CaseToRecord(string code, string procedure, string site, string? follows, JsonObject? details)
    {
        _path = $"/sites/{site}/cases/{code}";
        var content = details ?? [];
        var patient = content["patient"]?.AsObject() ?? [];
        content["patient"] = new JsonObject
        {
            ["reference"] = follows is null ? $"P-{code}" : $"P-{follows}",
            ["sex"] = patient["sex"]?.DeepClone() ?? "female",
            ["birthYear"] = patient["birthYear"]?.DeepClone() ?? 1960,
        };
        content["procedure"] = procedure;
        content["indication"] ??= "other";
        if (follows is not null)
        {
            content["precedingCase"] = follows;
        }

        _requests.Add((_path, content));
    }

    public static CaseToRecord Scs(string code, string site = "hospital", JsonObject? details = null) =>
        new(code, "scs", site, null, details);

    public static CaseToRecord Drg(string code, string site = "hospital", JsonObject? details = null) =>
        new(code, "drg", site, null, details);

    public static CaseToRecord Drez(string code, string? follows = null, string site = "hospital", JsonObject? details = null) =>
        new(code, "drez", site, follows, details);

    public static CaseToRecord Cordotomy(string code, string site = "hospital", JsonObject? details = null) =>
        new(code, "cordotomy", site, null, details);

    /// <summary>A site, to be recorded before its cases.</summary>
    public static async Task Site(ApiClient api, string site = "hospital") =>
        (await api.Put($"/sites/{site}", """{ "name": "Hospital", "country": "DE", "timeZone": "UTC" }""")).Expect(201);

    public CaseToRecord Trial(string on, string? succeeded = null, string? failed = null)
    {
        Event("trial-started", on);
        return succeeded is not null ? Event("trial-ended", succeeded, ("outcome", "succeeded"))
            : failed is not null ? Event("trial-ended", failed, ("outcome", "failed"))
            : this;
    }

    public CaseToRecord Implanted(string on) => Event("implanted", on);

    public CaseToRecord Lesioned(string on) => Event("lesioned", on);

    public CaseToRecord Explanted(string on, bool permanent) => Event("explanted", on, ("reason", "other"), ("permanent", permanent));

    public CaseToRecord Died(string on) => Event("died", on);

    public CaseToRecord Lost(string on) => Event("lost-to-follow-up", on);

    public CaseToRecord Scored(string timepoint, string on, int? nrs = null, int? pdi = null)
    {
        var content = new JsonObject { ["assessedOn"] = on };
        if (nrs is not null)
        {
            content["nrs"] = nrs;
        }

        if (pdi is not null)
        {
            content["pdi"] = pdi;
        }

        return Add($"/assessments/{timepoint}", content);
    }

    public CaseToRecord Costed(string category, decimal amount, string currency, int priceYear, string? on = null)
    {
        var content = new JsonObject { ["category"] = category, ["amount"] = amount, ["currency"] = currency, ["priceYear"] = priceYear };
        if (on is not null)
        {
            content["incurredOn"] = on;
        }

        return Add($"/costs/{_requests.Count}", content);
    }

    public CaseToRecord Stayed(string admitted, string discharged) =>
        Add($"/stays/{_requests.Count}", new JsonObject { ["admittedOn"] = admitted, ["dischargedOn"] = discharged });

    /// <summary>Sends it all; every record has to be new, and taken.</summary>
    public async Task Record(ApiClient api)
    {
        foreach (var (path, content) in _requests)
        {
            (await api.Put(path, content.ToJsonString())).Expect(201);
        }
    }

    private CaseToRecord Event(string type, string on, params (string Name, JsonNode Value)[] details)
    {
        var content = new JsonObject { ["type"] = type, ["occurredOn"] = on };
        foreach (var (name, value) in details)
        {
            content[name] = value;
        }

        return Add(string.Create(CultureInfo.InvariantCulture, $"/events/{_requests.Count}-{type}"), content);
    }

    private CaseToRecord Add(string path, JsonObject content)
    {
        _requests.Add((_path + path, content));
        return this;
    }
}
