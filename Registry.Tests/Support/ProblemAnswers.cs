using System.Text.Encodings.Web;
using System.Text.Json;
using NUnit.Framework;

namespace Registry.Tests.Support;

/// <summary>How JSON is written where a test compares it as text.</summary>
internal static class Relaxed
{
    public static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>What every refusal has to look like.</summary>
internal static class ProblemAnswers
{
    /// <summary>
    /// Fails, with the whole answer, unless it is a problem of this status and code in the form of RFC 9457; below the FHIR path, as an
    /// OperationOutcome.
    /// </summary>
    public static ApiAnswer ExpectProblem(this ApiAnswer answer, int status, string? code = null)
    {
        answer.Expect(status);
        Assert.That(FlawOf(answer), Is.Null, () => $"{answer.Request}\n{answer.Text}");
        if (code is not null)
        {
            var stated = IsOfFhir(answer) ? answer.Json["issue"]![0]!["details"]!["coding"]![0]!["code"]! : answer.Json["code"]!;
            Assert.That(stated.GetValue<string>(), Is.EqualTo(code), () => $"{answer.Request}\n{answer.Text}");
        }

        return answer;
    }

    /// <summary>The faults of a problem, each as pointer, code and value.</summary>
    public static IReadOnlyList<(string Pointer, string Code, string? Value)> FaultsWithValues(this ApiAnswer answer) =>
    [
        .. answer.Json["errors"]!.AsArray().Select(fault =>
            (fault!["pointer"]!.GetValue<string>(), fault["code"]!.GetValue<string>(), fault["value"]?.GetValue<string>())),
    ];

    /// <summary>What is wrong with the form of a refusal, or null.</summary>
    public static string? FlawOf(ApiAnswer answer)
    {
        if (IsOfFhir(answer))
        {
            return answer.ContentType == "application/fhir+xml" || (answer.ContentType == "application/fhir+json"
                && answer.Json["resourceType"]?.ToString() == "OperationOutcome" && answer.Json["issue"]?.AsArray().Count > 0)
                ? null
                : "it is no OperationOutcome";
        }

        if (answer.ContentType != "application/problem+json")
        {
            return $"its content type is {answer.ContentType ?? "missing"}";
        }

        using var body = JsonDocument.Parse(answer.Text);
        foreach (var member in (string[])["type", "title", "detail", "code"])
        {
            if (!body.RootElement.TryGetProperty(member, out var value)
                || value.ValueKind != JsonValueKind.String
                || value.GetString()!.Length == 0)
            {
                return $"it has no '{member}'";
            }
        }

        if (body.RootElement.GetProperty("type").GetString() != "urn:registry:problem:" + body.RootElement.GetProperty("code").GetString())
        {
            return "its type is not that of its code";
        }

        if (body.RootElement.GetProperty("detail").GetString() == body.RootElement.GetProperty("title").GetString())
        {
            return "its detail says no more than its title";
        }

        return body.RootElement.TryGetProperty("status", out var status) && status.TryGetInt32(out var number) && number == answer.Status
            ? body.RootElement.TryGetProperty("errors", out var errors) ? FlawOf(errors) : null
            : "its status is not that of the answer";
    }

    private static bool IsOfFhir(ApiAnswer answer) => answer.Request.Contains(" /fhir", StringComparison.Ordinal);

    private static string? FlawOf(JsonElement errors) =>
        errors.EnumerateArray()
            .Select(fault => ((string[])["pointer", "code", "detail"]).FirstOrDefault(
                member => !fault.TryGetProperty(member, out var value) || value.ValueKind != JsonValueKind.String))
            .Where(missing => missing is not null)
            .Select(missing => $"a fault has no '{missing}'")
            .FirstOrDefault();
}
