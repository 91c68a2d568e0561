using System.Text.Json;
using Microsoft.OpenApi;
using Registry.Api.Cohorts.Saved;
using Registry.Api.Http;
using Registry.Api.Recording;
using Swashbuckle.AspNetCore.SwaggerGen;
using static Registry.Api.OpenApi.SchemaParts;

namespace Registry.Api.OpenApi;

/// <summary>The schemas of a refusal, and of the records that it can show.</summary>
internal static class ProblemSchemas
{
    /// <summary>The name of the schema of a refusal of one item of a batch.</summary>
    public const string OfItem = "ItemProblem";

    /// <summary>The content of every kind of record.</summary>
    public static readonly IReadOnlyList<Type> Contents = [.. new RecordKinds().All.Select(kind => kind.Content), typeof(SavedCohort)];

    /// <summary>A reference to the schema of a record's content, of whatever kind.</summary>
    public static OpenApiSchemaReference Content(ISchemaGenerator generator, SchemaRepository schemas) =>
        schemas.Refer("RecordContent", () => Closed(
            "What is recorded, without what is derived from it: the members of whichever kind of record it is. What two kinds have under "
                + "one name is text here.",
            [],
            Members(generator, schemas)));

    // One object with the members of all kinds: many generated clients cannot tell alternatives apart that do not say which they are.
    private static Dictionary<string, IOpenApiSchema> Members(ISchemaGenerator generator, SchemaRepository schemas)
    {
        var members = new Dictionary<string, IOpenApiSchema>();
        foreach (var type in Contents)
        {
            var content = schemas.Made(type, generator);
            var stored = type.GetProperties().Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name)).ToHashSet();
            foreach (var (name, member) in content.Properties!.Where(member => !member.Value.ReadOnly || stored.Contains(member.Key)))
            {
                members[name] = members.ContainsKey(name) ? Optional("As the kind of record has it.")
                    : content.Required?.Contains(name) == true ? OrNull(member)
                    : member;
            }
        }

        return members;
    }

    /// <summary>Adds the schemas of refusals.</summary>
    public static void AddTo(ISchemaGenerator generator, SchemaRepository schemas)
    {
        var content = Content(generator, schemas);
        var codes =
            schemas.ReferTo(CodeSet.Labelled("ProblemCode", "The kind of refusal.", Problems.All.Select(kind => (kind.Code, kind.Title))));
        var nearer = schemas.ReferTo(CodeSet.Labelled(
            "NearerVisit",
            "Of two visits for one follow-up on different days: which is nearer to the target day.",
            ("current", "The recorded one."),
            ("proposed", "The one in the request."),
            ("equal", "Neither.")));
        var fault = schemas.Refer("Fault", () => Closed(
            "A member or parameter at fault.",
            ["pointer", "code", "detail"],
            new()
            {
                ["pointer"] = Text("JSON Pointer to the member at fault; for a parameter or header, / and its name."),
                ["code"] = Text("The rule that was broken."),
                ["detail"] = Text("The rule in a sentence, with unit and allowed range."),
                ["value"] = Optional("The value as stated, shortened."),
                ["allowed"] = Optional("What would have been allowed."),
            }));
        var current = schemas.Refer("CurrentRecord", () => Closed(
            "What is recorded now.",
            ["etag", "value"],
            new()
            {
                ["etag"] = Text("Its ETag, for If-Match."),
                ["retracted"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Boolean | JsonSchemaType.Null,
                    Description = "true where it was retracted.",
                },
                ["value"] = content,
            }));
        Dictionary<string, IOpenApiSchema> Members() => new()
        {
            ["type"] = Text("urn:registry:problem: and the code."),
            ["title"] = Text("What the code means. Always the same."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The HTTP status." },
            ["detail"] = Text("What happened this time."),
            ["code"] = new OpenApiSchemaReference(codes.Reference.Id!) { Description = "The kind of refusal." },
            ["instance"] = Optional("This refusal: urn:registry:request: and the name of the request."),
            ["traceId"] = Optional("The name of the request, as in the header X-Request-Id and in the log."),
            ["errorCount"] = new MemberDeclaration(Unit: "faults").AddTo(new OpenApiSchema
            {
                Type = JsonSchemaType.Integer | JsonSchemaType.Null,
                Format = "int32",
                Description = "How many faults there are.",
            }),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array | JsonSchemaType.Null,
                MaxItems = Problem.MostFaults,
                Description = "Every member or parameter at fault, at once: the first hundred.",
                Items = fault,
            },
            ["current"] = OrNull(current, "With 409 and 412: what is recorded, and its ETag."),
            ["proposed"] = OrNull(content, "With 409: what the request would have recorded."),
            ["nearerToTarget"] = OrNull(
                nearer, "With 409, of two visits for one follow-up on different days: which is nearer to the target day."),
        };
        var problem = Closed("A refusal, as RFC 9457 application/problem+json.", ["type", "title", "status", "detail", "code"], Members());
        problem.Examples = [AnswerParts.Sample(Problems.MethodNotAllowed)];
        schemas.Refer(AnswerParts.ProblemSchema, () => problem);
        schemas.Refer(
            OfItem,
            () => Closed(
                "What stood in the way of an item of a batch, as it would have been answered alone. Beyond the first 500 faults of a "
                    + "batch: status, code and errorCount.",
                ["status", "code"],
                Members()));
    }
}
