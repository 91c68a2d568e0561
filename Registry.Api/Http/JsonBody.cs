using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Registry.Domain.Common;

namespace Registry.Api.Http;

/// <summary>Reads a request body as strict JSON: UTF-8, no duplicate members, no comments, limited in size and depth.</summary>
internal static class JsonBody
{
    /// <summary>How deep objects and arrays may be nested.</summary>
    public const int MaxDepth = 8;

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
    };

    private static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement;

    /// <summary>The body, or the problem with it.</summary>
    public static async Task<(JsonElement Body, Problem? Problem)> Read(
        HttpRequest request, int limit, CancellationToken cancellation, int maxDepth = MaxDepth)
    {
        if (!request.HasJsonContentType() || request.ContentType!.Contains("problem", StringComparison.Ordinal))
        {
            return (default, RequestBody.NotTaken(request, ContentNegotiation.Json));
        }

        var (bytes, problem) = await RequestBody.Read(request, limit, cancellation);
        if (problem is not null)
        {
            return (default, problem);
        }

        if (bytes.Length == 0)
        {
            return (default, new Problem(Problems.MalformedJson, "The body is empty; it has to be a JSON object."));
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, Strict with { MaxDepth = maxDepth });
            if (bytes.Span.IndexOf("\\u"u8) >= 0 && LoneSurrogate(document.RootElement, string.Empty) is { } fault)
            {
                return (default, new Problem(Problems.MalformedJson, fault.Detail) { Faults = [fault] });
            }

            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (document.RootElement.Clone(), null)
                : (default, Problem.Invalid(
                    [new Fault(string.Empty, "not-an-object", $"The body has to be a JSON object, not {Kind(document.RootElement)}.")]));
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return (default, new Problem(Problems.MalformedJson, Reason(malformed)));
        }
    }

    /// <summary>The body of a request that may do without: an empty object where there is none.</summary>
    public static Task<(JsonElement Body, Problem? Problem)> ReadIfAny(HttpRequest request, int limit, CancellationToken cancellation) =>
        request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }
            ? Task.FromResult((Empty, (Problem?)null))
            : Read(request, limit, cancellation);

    /// <summary>The kind of a JSON value, in words.</summary>
    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    // What the parser says, without its advice to who calls it, and with the place as an editor counts.
    private static string Reason(Exception malformed) => malformed is JsonException { LineNumber: { } line, BytePositionInLine: { } place }
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"Line {line + 1}, byte {place + 1}: {malformed.Message.Split(" LineNumber: ")[0].Replace(" Change the reader options.", string.Empty, StringComparison.Ordinal)}")
        : malformed.Message;

    // The parser lets an escaped half of a surrogate pair pass and fails only when the text is asked for.
    private static Fault? LoneSurrogate(JsonElement value, string path)
    {
        try
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    return value.EnumerateObject()
                        .Select(member => LoneSurrogate(member.Value, $"{path}/{FieldReader.PointerPart(member.Name)}"))
                        .FirstOrDefault(fault => fault is not null);
                case JsonValueKind.Array:
                    return value.EnumerateArray()
                        .Select((item, index) => LoneSurrogate(item, FormattableString.Invariant($"{path}/{index}")))
                        .FirstOrDefault(fault => fault is not null);
                case JsonValueKind.String:
                    _ = value.GetString();
                    return null;
                default:
                    return null;
            }
        }
        catch (InvalidOperationException)
        {
            return new Fault(path, "invalid-unicode", "A string contains an unpaired surrogate.");
        }
    }
}
