using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Registry.Api.Audit;
using Registry.Api.Fhir;
using Registry.Api.Http;
using Registry.Api.Idempotency;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Common;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Registry.Api.OpenApi;

/// <summary>Says of every operation what it takes and every way in which it can answer, from the metadata of its route.</summary>
internal sealed class OperationContract : IOperationFilter
{
    /// <summary>The name of the schema of a refusal.</summary>
    public const string ProblemSchema = "Problem";

    private const string ETag = "ETag";

    private static readonly ProblemKind[] OfAll = [Problems.InvalidParameters, Problems.Unauthenticated, Problems.Forbidden, Problems.NotAcceptable, Problems.TooManyRequests, Problems.Unavailable];

    private static readonly Dictionary<string, string> Keys = new()
    {
        ["site"] = "The site's code.",
        ["case"] = "The site's own case number.",
        ["event"] = "The site's own key of the event.",
        ["adverseEvent"] = "The site's own key of the adverse event.",
        ["cost"] = "The site's own key of the cost.",
        ["stay"] = "The site's own key of the stay.",
        ["timepoint"] = "The timepoint.",
        ["id"] = "The id of the key.",
        ["resource"] = "The id of the resource, as the registry gives it.",
        ["version"] = "The number of the version, from 1.",
        ["reference"] = "The site's own reference of the patient.",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var path = context.ApiDescription.RelativePath!;
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var method = context.ApiDescription.HttpMethod!.ToLowerInvariant();
        operation.Tags = new HashSet<OpenApiTagReference> { new(Tag(path), context.Document) };
        operation.OperationId = method + string.Concat(path.Split('/', '-').Where(part => part is not ("api" or "v1")).Select(part => Capital(part.Trim('{', '}'))));
        if (method == "get" && path.StartsWith("api/", StringComparison.Ordinal))
        {
            operation.Responses!.TryAdd("304", new OpenApiResponse());
        }

        operation.Parameters =
        [
            .. path.Split('/').Where(part => part.StartsWith('{')).Select(part => PathParameter(part.Trim('{', '}'))),
            .. metadata.OfType<QueryParameters>().LastOrDefault()?.All.Select(QueryParameter) ?? [],
            .. metadata.OfType<TakesPreconditions>().Any() ? Preconditions(method) : [],
            .. metadata.OfType<TakesSentAt>().Any() ? [SentAt()] : Array.Empty<OpenApiParameter>(),
            .. metadata.OfType<TakesReason>().Any() ? [Header(RecordHeaders.ChangeReason, "Why, 1 to 500 characters, in UTF-8, in ISO 8859-1, or as RFC 8187 has it.", "Consent was withdrawn")] : Array.Empty<OpenApiParameter>(),
            .. method == "post" ? [Header(IdempotencyKeys.HeaderName, $"Names the request, so that it is carried out once: for 24 hours the same request with the same key gets the answer of the first. {char.ToUpperInvariant(IdempotencyKeys.Allowed[0])}{IdempotencyKeys.Allowed[1..]}.", "8e03978e-40d5-43dd-bc93-6894a57f9324")] : Array.Empty<OpenApiParameter>(),
            .. operation.Responses?.ContainsKey("304") == true ? [Header("If-None-Match", "The ETag of an answer that is at hand, or several, weak or strong: 304 if one still holds.", "\"5387-0a1b2c3d4e5f6a7b\"")] : Array.Empty<OpenApiParameter>(),
        ];

        if (metadata.OfType<BodyExample>().FirstOrDefault() is { } example && operation.RequestBody is OpenApiRequestBody body)
        {
            body.Required = true;
            ((OpenApiMediaType)body.Content![example.ContentType]).Example = JsonNode.Parse(example.Json);
        }

        if (metadata.OfType<OtherBody>().FirstOrDefault() is { } other)
        {
            operation.RequestBody!.Content![other.ContentType] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }

        if (metadata.OfType<OtherForm>().FirstOrDefault() is { } form)
        {
            operation.Responses!["200"].Content![form.ContentType.Split(';')[0]] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }

        if (metadata.OfType<ReadsView>().FirstOrDefault() is { Name: { } view })
        {
            CodesContract.Extend(operation, CodesContract.FromView, JsonValue.Create(view));
        }

        DescribeAnswers(operation, metadata.OfType<GivesETag>().Any(), metadata.OfType<TakesPreconditions>().Any());
        if (path.StartsWith("api/", StringComparison.Ordinal))
        {
            AddRefusals(operation, [.. OfAll, .. method == "post" ? [Problems.IdempotencyKeyInUse, Problems.IdempotencyKeyReused] : Array.Empty<ProblemKind>(), .. metadata.OfType<Refusals>().SelectMany(refusals => refusals.Kinds), .. NotFound(path)], context.Document, metadata.OfType<SpeaksFhir>().Any());
        }
        else
        {
            operation.Security = [];
        }
    }

    private static IEnumerable<ProblemKind> NotFound(string path) =>
        path.Contains("/{case}/", StringComparison.Ordinal) ? [Problems.SiteNotFound, Problems.CaseNotFound] : [];

    private static string Tag(string path) => path switch
    {
        _ when path.Contains("/fhir", StringComparison.Ordinal) => "FHIR",
        _ when path.Contains("/cohorts", StringComparison.Ordinal) => "Cohorts",
        _ when path.Contains("/audit", StringComparison.Ordinal) => "Audit trail",
        _ when path.Contains("/patients", StringComparison.Ordinal) => "Patients",
        _ when path.Contains("/summaries", StringComparison.Ordinal) => "Summaries",
        _ when path.Contains("/follow-ups", StringComparison.Ordinal) => "Follow-ups",
        _ when path.Contains("/assessments", StringComparison.Ordinal) => "Assessments",
        _ when path.Contains("/adverse-events", StringComparison.Ordinal) => "Adverse events",
        _ when path.Contains("/events", StringComparison.Ordinal) => "Treatment events",
        _ when path.Contains("/costs", StringComparison.Ordinal) => "Costs",
        _ when path.Contains("/stays", StringComparison.Ordinal) => "Stays",
        _ when path.Contains("/codebook", StringComparison.Ordinal) => "Codebook",
        _ when path.Contains("/keys", StringComparison.Ordinal) => "Keys",
        _ when path.Contains("/cases", StringComparison.Ordinal) => "Cases",
        _ when path.Contains("/sites", StringComparison.Ordinal) => "Sites",
        _ => "Operations",
    };

    private static OpenApiParameter PathParameter(string name) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = Keys[name],
        Schema = name == "timepoint"
            ? new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Code.All<Timepoint>().Select(code => JsonValue.Create(code))] }
            : Key(),
    };

    private static OpenApiParameter QueryParameter(QueryParameter parameter)
    {
        var one = parameter switch
        {
            { Codes: { } codes } => new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. codes.Select(code => JsonValue.Create(code))] },
            { Range: { } range } => Whole(range),
            { Decimals: { } range } => Number(range),
            { IsDate: true } => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" },
            { Form: { } form } => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = form.Pattern },
            { CursorPattern: { } pattern } => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern },
            _ => Key(),
        };
        return new OpenApiParameter
        {
            Name = parameter.Name,
            In = ParameterLocation.Query,
            Description = parameter.Meaning + (parameter.IsRepeatable ? " May be repeated: any of the values." : string.Empty),
            Schema = parameter.IsRepeatable ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one } : one,
            Style = ParameterStyle.Form,
            Explode = true,
            Example = parameter.Example is { } example && !parameter.IsRepeatable ? JsonValue.Create(example) : null,
        };
    }

    private static OpenApiSchema Key() => new() { Type = JsonSchemaType.String, Pattern = Identifier.Pattern, MinLength = 1, MaxLength = Identifier.MaxLength };

    /// <summary>A whole number in a range.</summary>
    public static OpenApiSchema Whole(WholeRange range) => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = range.Min.ToString(CultureInfo.InvariantCulture),
        Maximum = range.Max.ToString(CultureInfo.InvariantCulture),
    };

    private static OpenApiSchema Number(DecimalRange range) => new()
    {
        Type = JsonSchemaType.Number,
        Minimum = range.Min.ToString(CultureInfo.InvariantCulture),
        Maximum = range.Max.ToString(CultureInfo.InvariantCulture),
    };

    private static IEnumerable<OpenApiParameter> Preconditions(string method)
    {
        yield return SentAt();
        yield return Header("If-Match", "The current ETag, strong, to change what is recorded.", "\"1-0a1b2c3d4e5f\"");
        yield return Header(RecordHeaders.ChangeReason, "Why it is changed, 1 to 500 characters, in UTF-8, in ISO 8859-1, or as RFC 8187 has it. Needed with If-Match.", "Transcription error");
        if (method != "delete")
        {
            yield return Header("If-None-Match", "Only *: record only where nothing is recorded yet.", "*");
        }
    }

    private static OpenApiParameter SentAt() =>
        Header(Sender.SentAtHeader, "The sender's own instant, RFC 3339 with its offset: kept in the history beside the instant of receipt.", "2026-11-20T08:30:00+01:00");

    private static OpenApiParameter Header(string name, string description, string example) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = JsonValue.Create(example),
    };

    private static void DescribeAnswers(OpenApiOperation operation, bool givesETag, bool givesLocation)
    {
        foreach (var (status, response) in operation.Responses ?? [])
        {
            var answer = (OpenApiResponse)response;
            answer.Description = status switch
            {
                "200" => "As it stands.",
                "201" => "Recorded.",
                "204" => operation.OperationId == "deleteKeysId" ? "Revoked." : "Retracted.",
                "304" => "Nothing has changed since the answer that If-None-Match names.",
                _ => response.Description,
            };
            answer.Headers = new Dictionary<string, IOpenApiHeader>();
            if (givesETag)
            {
                answer.Headers[ETag] = Text("The strong entity tag of the answer.");
            }

            if (status == "201" && givesLocation)
            {
                answer.Headers["Location"] = Text("Where it is recorded.");
            }
        }
    }

    private static void AddRefusals(OpenApiOperation operation, IEnumerable<ProblemKind> kinds, OpenApiDocument document, bool speaksFhir)
    {
        operation.Responses ??= [];
        foreach (var sameStatus in kinds.Distinct().GroupBy(kind => kind.Status).OrderBy(group => group.Key))
        {
            operation.Responses[sameStatus.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(" ", sameStatus.Select(kind => $"`{kind.Code}`: {kind.Title}")),
                Headers = sameStatus.Key is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests
                    ? new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = Text("Seconds to wait before the request is repeated.") }
                    : null,
                Content = speaksFhir
                    ? new Dictionary<string, IOpenApiMediaType> { [FhirForm.Json] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "An OperationOutcome." } } }
                    : new Dictionary<string, IOpenApiMediaType> { ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(ProblemSchema, document) } },
            };
        }
    }

    private static OpenApiHeader Text(string description) => new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static string Capital(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..];
}
