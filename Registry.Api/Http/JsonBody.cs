using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Registry.Domain.Recording;

namespace Registry.Api.Http;

/// <summary>Reads a request body as strict JSON: UTF-8, no duplicate members, no comments, limited in size and depth.</summary>
internal static class JsonBody
{
    /// <summary>The largest body of a single record, in bytes.</summary>
    public const int RecordLimit = 64 * 1024;

    /// <summary>The largest body of a batch, in bytes.</summary>
    public const int BatchLimit = 8 * 1024 * 1024;

    /// <summary>How deep objects and arrays may be nested.</summary>
    public const int MaxDepth = 8;

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = MaxDepth,
    };

    /// <summary>The body, or the problem with it.</summary>
    public static async Task<(JsonElement Body, Problem? Problem)> Read(HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType() || request.ContentType!.Contains("problem", StringComparison.Ordinal))
        {
            return (default, new Problem(Problems.UnsupportedMediaType, $"The content type is '{request.ContentType ?? "missing"}'; it has to be application/json."));
        }

        if (request.ContentLength > limit)
        {
            return (default, TooLarge(limit));
        }

        var (bytes, isTooLarge) = await ReadBytes(request.BodyReader, limit, cancellation);
        if (isTooLarge)
        {
            return (default, TooLarge(limit));
        }

        if (bytes.Length == 0)
        {
            return (default, new Problem(Problems.MalformedJson, "The body is empty; it has to be a JSON object."));
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            if (LoneSurrogate(document.RootElement, string.Empty) is { } fault)
            {
                return (default, new Problem(Problems.MalformedJson, fault.Detail) { Faults = [fault] });
            }

            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (document.RootElement.Clone(), null)
                : (default, Problem.Invalid([new Fault(string.Empty, "not-an-object", $"The body has to be a JSON object, not {Kind(document.RootElement)}.")]));
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return (default, new Problem(Problems.MalformedJson, malformed.Message));
        }
    }

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

    // The parser lets an escaped half of a surrogate pair pass and fails only when the text is asked for.
    private static Fault? LoneSurrogate(JsonElement value, string path)
    {
        try
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    return value.EnumerateObject().Select(member => LoneSurrogate(member.Value, $"{path}/{FieldReader.PointerPart(member.Name)}")).FirstOrDefault(fault => fault is not null);
                case JsonValueKind.Array:
                    return value.EnumerateArray().Select((item, index) => LoneSurrogate(item, FormattableString.Invariant($"{path}/{index}"))).FirstOrDefault(fault => fault is not null);
                case JsonValueKind.String:
                    _ = value.GetString();
                    return null;
                default:
                    return null;
            }
        }
        catch (InvalidOperationException)
        {
            return new Fault(path, "invalid-unicode", "A string holds half of a surrogate pair, which is no character.");
        }
    }

    private static async Task<(byte[] Bytes, bool IsTooLarge)> ReadBytes(PipeReader reader, int limit, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                return ([], true);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return (bytes, false);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static Problem TooLarge(int limit) => new(Problems.BodyTooLarge, FormattableString.Invariant($"The body may have {limit} bytes at most."));
}
