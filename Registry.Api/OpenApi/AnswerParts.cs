using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Registry.Api.Http;
using Registry.Api.Idempotency;

namespace Registry.Api.OpenApi;

/// <summary>The parts of which the answers of the contract are made: the headers, and the refusals with a sample of each.</summary>
internal static class AnswerParts
{
    /// <summary>The name of the schema of a refusal.</summary>
    public const string ProblemSchema = "Problem";

    private static readonly string[] OfEveryAnswer =
        [RequestIdentity.HeaderName, "Cache-Control", "Vary", "X-Content-Type-Options", "Referrer-Policy", "Content-Security-Policy"];

    private static readonly Dictionary<string, string> Headers = new()
    {
        [RequestIdentity.HeaderName] = "The name of the request: the sender's or, without one, the registry's own.",
        ["Cache-Control"] = "Whether the answer may be kept: 'no-store', 'private, no-cache' with an ETag to confirm it by, or for a day and longer where it never changes.",
        ["Vary"] = "The headers of the request on which the answer depends: Accept-Encoding, and Accept where it chooses the form.",
        ["X-Content-Type-Options"] = "Always 'nosniff'.",
        ["Referrer-Policy"] = "Always 'no-referrer'.",
        ["Content-Security-Policy"] = "Who may frame the answer: nobody.",
        ["ETag"] = "The strong entity tag of the answer.",
        ["Location"] = "Where it is recorded.",
        ["Last-Modified"] = "When it was last changed.",
        ["X-Case-Count"] = "How many cases the cohort holds.",
        ["Content-Digest"] = "The SHA-256 of the answer as it is sent (RFC 9530).",
        ["Trailer"] = "The trailer that follows the body over HTTP/2.",
        ["Content-Disposition"] = "The name of a file for the body.",
        [StoredAnswer.ReplayedHeader] = "true where the answer is that of an earlier request with the same Idempotency-Key; absent otherwise.",
        ["Retry-After"] = "Seconds to wait before the request is repeated.",
        ["Accept-Encoding"] = "The codings of a body that are read, where that was at fault.",
        ["WWW-Authenticate"] = "How to state a key.",
    };

    // What belongs to a sample besides what every refusal has.
    private static readonly Dictionary<string, (string Detail, string? More)> Samples = new()
    {
        [Problems.InvalidParameters.Code] = (
            "'threshold' is '200'; it has to be a whole number from 1 to 100.",
            """{ "errors": [{ "pointer": "/threshold", "code": "out-of-range", "detail": "'threshold' is '200'; it has to be a whole number from 1 to 100.", "value": "200", "allowed": "a whole number from 1 to 100" }], "errorCount": 1 }"""),
        ["unknown-site"] = (
            "'site' is 'nosuch'; there is no such site.",
            """{ "errors": [{ "pointer": "/site", "code": "unknown-site", "detail": "'site' is 'nosuch'; there is no such site.", "value": "nosuch", "allowed": "the code of a site" }], "errorCount": 1 }"""),
        [Problems.InvalidContent.Code] = (
            "'nrs' is 11; it has to be from 0 to 10 points, higher is worse.",
            """{ "errors": [{ "pointer": "/nrs", "code": "out-of-range", "detail": "'nrs' is 11; it has to be from 0 to 10 points, higher is worse.", "value": "11", "allowed": "0 to 10" }], "errorCount": 1 }"""),
        [Problems.Conflict.Code] = (
            "Other content is recorded here. To correct it, repeat the request with If-Match naming the current ETag and X-Change-Reason "
                + "saying why.",
            """{ "current": { "etag": "\"1-0a1b2c3d4e5f\"", "value": { "assessedOn": "2024-02-01", "nrs": 3 } }, "proposed": { "assessedOn": "2024-02-01", "nrs": 4 } }"""),
        [Problems.Retracted.Code] = (
            "What was recorded here was retracted. To record it again, repeat the request with If-Match naming the retraction, "
                + "\"2-5f4e3d2c1b0a\", and X-Change-Reason saying why.",
            """{ "current": { "etag": "\"2-5f4e3d2c1b0a\"", "retracted": true, "value": { "assessedOn": "2024-02-01", "nrs": 3 } } }"""),
        [Problems.PreconditionFailed.Code] = (
            "What is recorded here has the ETag \"2-5f4e3d2c1b0a\".",
            """{ "current": { "etag": "\"2-5f4e3d2c1b0a\"", "value": { "assessedOn": "2024-02-01", "nrs": 3 } } }"""),
        [Problems.SiteNotFound.Code] = ("Site 'north' is not known. Record it first with PUT /api/v1/sites/north.", null),
        [Problems.CaseNotFound.Code] = ("Case 'PHN-099' is not known at site 'reference'. Record it first with PUT /api/v1/sites/reference/cases/PHN-099.", null),
        [Problems.NotFound.Code] = ("Nothing was ever recorded at this address.", null),
        [Problems.InUse.Code] = ("Site 'reference' has 11 cases. Retract them first.", null),
        [Problems.Unavailable.Code] = ("The database does not answer. Nothing is lost: repeat the request after the time in Retry-After.",
            null),
    };

    /// <summary>A refusal of one of these kinds, which share a status.</summary>
    /// <param name="kinds">The kinds.</param>
    /// <param name="isPost">Whether the operation is a POST, whose answers are kept for a repeat.</param>
    public static OpenApiResponse Refusal(IReadOnlyList<ProblemKind> kinds, bool isPost)
    {
        var response = new OpenApiResponse
        {
            Description = string.Join(" ", kinds.Select(kind => $"`{kind.Code}`: {kind.Title}")),
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                ["application/problem+json"] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchemaReference(ProblemSchema),
                    Examples = kinds.ToDictionary(kind => kind.Code, IOpenApiExample (kind) => new OpenApiExampleReference(SampleOf(kind))),
                },
            },
        };
        CodeSet.Extend(response, OperationContract.Codes, new JsonArray([.. kinds.Select(kind => JsonValue.Create(kind.Code))]));
        string[] ofKind = kinds[0].Status switch
        {
            StatusCodes.Status415UnsupportedMediaType => ["Accept-Encoding"],
            StatusCodes.Status401Unauthorized => ["WWW-Authenticate"],
            StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests => ["Retry-After"],
            _ when kinds.Contains(Problems.IdempotencyKeyInUse) => ["Retry-After"],
            _ => [],
        };
        AddHeaders(response, [.. ofKind, .. isPost ? [StoredAnswer.ReplayedHeader] : Array.Empty<string>()]);
        return response;
    }

    /// <summary>Names the headers of an answer: those of every answer, and these.</summary>
    public static void AddHeaders(OpenApiResponse response, IEnumerable<string> names) =>
        response.Headers = OfEveryAnswer.Concat(names)
            .ToDictionary(name => name, IOpenApiHeader (name) => new OpenApiHeaderReference(name));

    /// <summary>Adds the headers and samples that the answers refer to.</summary>
    public static void AddTo(OpenApiComponents components)
    {
        components.Headers = Headers.ToDictionary(
            header => header.Key,
            IOpenApiHeader (header) => new OpenApiHeader
            {
                Description = header.Value,
                Required = OfEveryAnswer.Contains(header.Key),
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        components.Examples = Problems.All.Where(kind => kind != Problems.MethodNotAllowed)
            .Append(Problems.UnknownInParameters)
            .ToDictionary(SampleOf, IOpenApiExample (kind) => new OpenApiExample { Summary = kind.Title, Value = Sample(kind) });
    }

    private static string SampleOf(ProblemKind kind) => kind == Problems.UnknownInParameters ? "unknown-site" : kind.Code;

    /// <summary>A sample of a refusal.</summary>
    public static JsonObject Sample(ProblemKind kind)
    {
        var (detail, more) = Samples.GetValueOrDefault(SampleOf(kind), (kind.Title, null));
        var json = new Problem(kind, detail) { More = more is null ? null : JsonNode.Parse(more)!.AsObject() }.ToJson();
        json["instance"] = "urn:registry:request:0HN5JQ2V1K3M4";
        json["traceId"] = "0HN5JQ2V1K3M4";
        return json;
    }
}
