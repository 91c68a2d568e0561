using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Registry.Api.Access;
using Registry.Api.Audit;
using Registry.Api.Http;
using Registry.Api.Idempotency;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Common;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Registry.Api.OpenApi;

/// <summary>Says of every operation what it takes and every way in which it can answer, from the metadata of its route.</summary>
internal sealed class OperationContract(Limits limits) : IOperationFilter
{
    /// <summary>The member of a response that lists the codes of its refusals.</summary>
    public const string Codes = "x-problem-codes";

    private static readonly ProblemKind[] OfAll =
    [
        Problems.InvalidParameters, Problems.BadRequest, Problems.NotAcceptable, Problems.Unexpected, Problems.Unavailable,
    ];

    // What a record of the demonstration data, or a new one beside it, is called: the examples of the paths.
    private static readonly Dictionary<string, (string Meaning, string Example)> Keys = new()
    {
        ["site"] = ("The site's code.", "reference"),
        ["case"] = ("The site's own case number.", "PHN-01-SCS"),
        ["event"] = ("The site's own key of the event.", "trial-start"),
        ["adverseEvent"] = ("The site's own key of the adverse event.", "lead-migration"),
        ["cost"] = ("The site's own key of the cost.", "device"),
        ["stay"] = ("The site's own key of the stay.", "stay"),
        ["timepoint"] = ("The timepoint.", "24m"),
        ["reference"] = ("The site's own reference of the patient.", "P-01"),
        ["observation"] = ("The id of the Observation, as the registry gives it.", "reference.PHN--01--SCS.24m.nrs"),
        ["response"] = ("The id of the QuestionnaireResponse, as the registry gives it.", "reference.PHN--01--SCS.6m.pdi"),
        ["version"] = ("The number of the version, from 1.", "1"),
        ["id"] = ("The id of the key.", "0a1b2c3d4e5f"),
        ["name"] = ("The name of the cohort.", "percutaneous-women"),
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var path = context.ApiDescription.RelativePath!;
        var isApi = path.StartsWith("api/", StringComparison.Ordinal);
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var needsKey = isApi || metadata.OfType<IAuthorizeData>().Any();
        var method = context.ApiDescription.HttpMethod!.ToLowerInvariant();
        var isPost = method == "post";
        operation.Tags = new HashSet<OpenApiTagReference> { new(Tags.Of(path), context.Document) };
        operation.OperationId = metadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName ?? NameOf(method, path);
        if (operation.Description is not { Length: > 0 })
        {
            operation.Description = operation.Summary + ".";
        }

        if (method == "get" && isApi)
        {
            operation.Responses!.TryAdd("304", new OpenApiResponse());
        }

        operation.Parameters =
        [
            .. path.Split('/').Where(part => part.StartsWith('{')).Select(part => PathParameter(part.Trim('{', '}'), context)),
            .. metadata.OfType<QueryParameters>().LastOrDefault()?.All.Select(parameter => QueryParameter(parameter.Under(limits), context))
                ?? [],
            .. metadata.OfType<TakesPreconditions>().Any() ? Preconditions(method) : [],
            .. If(metadata.OfType<TakesSentAt>().Any(), SentAt()),
            .. If(
                isPost,
                Header(
                    IdempotencyKeys.HeaderName,
                    $"Names the request, so that it is carried out once: for 24 hours the same request with the same key gets the answer "
                        + $"of the first. {char.ToUpperInvariant(IdempotencyKeys.Allowed[0])}{IdempotencyKeys.Allowed[1..]}.")),
            .. If(
                operation.Responses?.ContainsKey("304") == true,
                Header("If-None-Match", "The ETag of an answer that is at hand, or several, weak or strong: 304 if one still holds.")),
            .. metadata.OfType<TakesHeaders>().SelectMany(taken => taken.All).Select(header => Header(header.Name, header.Meaning)),
        ];
        var speaksFhir = metadata.OfType<SpeaksFhir>().Any();
        if (speaksFhir)
        {
            FhirContract.Describe(operation, context.SchemaRepository);
        }

        DescribeBody(operation, metadata);
        DescribeAnswers(operation, metadata, isPost, hasETag: (isApi && method == "get") || metadata.OfType<TakesPreconditions>().Any());
        ViewContract.AddTo(operation, metadata.OfType<ReadsView>().FirstOrDefault()?.Name);
        AddRefusals(
            operation,
            isPost,
            [
                .. OfAll,
                .. If(needsKey, Problems.TooManyRequests),
                .. If(isPost, Problems.IdempotencyKeyInUse, Problems.IdempotencyKeyReused),
                .. metadata.OfType<Refusals>().SelectMany(refusals => refusals.Kinds),
                .. If(path.Contains("{site}", StringComparison.Ordinal), Problems.SiteNotFound),
                .. If(needsKey, Problems.Unauthenticated),
                .. If(CanBeForbidden(metadata), Problems.Forbidden),
            ]);
        if (speaksFhir)
        {
            FhirContract.DescribeRefusals(operation);
        }

        if (!needsKey)
        {
            operation.Security = [];
        }
    }

    /// <summary>A whole number in a range.</summary>
    public static OpenApiSchema Whole(WholeRange range) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int32",
        Minimum = range.Min.ToString(CultureInfo.InvariantCulture),
        Maximum = range.Max.ToString(CultureInfo.InvariantCulture),
    };

    private static T[] If<T>(bool holds, params T[] parts) => holds ? parts : [];

    // Where not every role is let in.
    private static bool CanBeForbidden(IList<object> metadata) =>
        metadata.OfType<IAuthorizeData>()
            .Select(data => data.Policy)
            .OfType<string>()
            .Any(policy => Policies.Roles[policy].Count < Enum.GetValues<Role>().Length);

    // Where a route has no name: the method and the words of its path.
    private static string NameOf(string method, string path) =>
        method
        + string.Concat(path.Split('/').Where(part => part is not ("api" or "v1")).Select(part => CodeSet.Pascal(part.Trim('{', '}'))));

    private static OpenApiParameter PathParameter(string name, OperationFilterContext context)
    {
        var (meaning, example) = Keys.GetValueOrDefault(name, ("The key.", string.Empty));
        return new()
        {
            Name = name,
            In = ParameterLocation.Path,
            Required = true,
            Description = meaning,
            Schema = name == "timepoint"
                ? context.SchemaGenerator.GenerateSchema(typeof(Timepoint), context.SchemaRepository)
                : SchemaParts.Key(),
            Example = example.Length > 0 ? JsonValue.Create(example) : null,
        };
    }

    private static OpenApiParameter QueryParameter(QueryParameter parameter, OperationFilterContext context)
    {
        IOpenApiSchema one = parameter switch
        {
            { IsBoolean: true } => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            { Codes: not null } => CodesOf(parameter, context),
            { Range: { } range } => Whole(range),
            { Decimals: { } range } => Number(range),
            { IsDate: true } => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" },
            { Form: { } form } => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = form.Pattern },
            { CursorPattern: { } pattern } => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern },
            _ => SchemaParts.Key(),
        };
        return new OpenApiParameter
        {
            Name = parameter.Name,
            In = ParameterLocation.Query,
            Description = parameter.Meaning + (parameter.IsRepeatable ? " May be repeated: any of the values." : string.Empty),
            Schema = parameter.IsRepeatable ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one } : one,
            Style = ParameterStyle.Form,
            Explode = true,
            // What may be left out is left out by who tries it.
            Example = (parameter.Prefilled, parameter.Range, parameter.Decimals) switch
            {
                (null, _, _) => null,
                ({ } text, null, null) => JsonValue.Create(text),
                ({ } number, _, _) => JsonNode.Parse(number),
            },
        };
    }

    private static IOpenApiSchema CodesOf(QueryParameter parameter, OperationFilterContext context) => parameter switch
    {
        { CodesName: { } name } => context.SchemaRepository.ReferTo(CodeSets.Named(name, parameter.Meaning, parameter.Codes!)),
        { Enumeration: { } type } when Enum.GetValues(type).Length == parameter.Codes!.Count =>
            context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository),
        _ => context.SchemaRepository.ReferTo(CodeSets.Named(CodeSet.Pascal(parameter.Name) + "Code", parameter.Meaning, parameter.Codes!)),
    };

    private static OpenApiSchema Number(DecimalRange range) => new()
    {
        Type = JsonSchemaType.Number,
        Format = "double",
        Minimum = range.Min.ToString(CultureInfo.InvariantCulture),
        Maximum = range.Max.ToString(CultureInfo.InvariantCulture),
    };

    private static IEnumerable<OpenApiParameter> Preconditions(string method)
    {
        yield return SentAt();
        yield return Header("If-Match", "The current ETag, strong, to change what is recorded.");
        yield return Header(
            RecordHeaders.ChangeReason,
            "Why it is changed, 1 to 500 characters, in UTF-8, in ISO 8859-1, or as RFC 8187 has it. Needed with If-Match.");
        if (method != "delete")
        {
            yield return Header("If-None-Match", "Only *: record only where nothing is recorded yet.");
        }
    }

    private static OpenApiParameter SentAt() => Header(
        Sender.SentAtHeader, "The sender's own instant, RFC 3339 with its offset: kept in the history beside the instant of receipt.");

    private static OpenApiParameter Header(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static void DescribeBody(OpenApiOperation operation, IList<object> metadata)
    {
        if (metadata.OfType<BodyExample>().FirstOrDefault() is { } example && operation.RequestBody is OpenApiRequestBody body)
        {
            body.Required = true;
            ((OpenApiMediaType)body.Content![ContentNegotiation.Json]).Example = JsonNode.Parse(example.Json);
        }

        foreach (var other in metadata.OfType<OtherBody>())
        {
            operation.RequestBody!.Content![other.ContentType] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = JsonValue.Create(other.Example),
            };
        }
    }

    private static void DescribeAnswers(OpenApiOperation operation, IList<object> metadata, bool isPost, bool hasETag)
    {
        foreach (var (status, response) in operation.Responses ?? [])
        {
            var answer = (OpenApiResponse)response;
            answer.Description = status switch
            {
                "200" => "As it stands.",
                "201" => "Recorded.",
                "204" => "Withdrawn.",
                "304" => "Nothing has changed since the answer that If-None-Match names.",
                _ => response.Description,
            };
            AnswerParts.AddHeaders(answer,
            [
                .. metadata.OfType<GivesHeaders>().SelectMany(given => given.Names),
                .. If(isPost, StoredAnswer.ReplayedHeader),
                .. If(hasETag, "ETag"),
                .. If(status == "201" && metadata.OfType<TakesPreconditions>().Any(), "Location"),
            ]);
        }

        foreach (var form in metadata.OfType<OtherForm>())
        {
            operation.Responses!["200"].Content![form.ContentType.Split(';')[0]] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
        }
    }

    private static void AddRefusals(OpenApiOperation operation, bool isPost, IEnumerable<ProblemKind> kinds)
    {
        operation.Responses ??= [];
        foreach (var sameStatus in kinds.Distinct().GroupBy(kind => kind.Status).OrderBy(group => group.Key))
        {
            operation.Responses[sameStatus.Key.ToString(CultureInfo.InvariantCulture)] = AnswerParts.Refusal([.. sameStatus], isPost);
        }
    }
}
