using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Registry.Api.Access;
using Registry.Api.Assessments;
using Registry.Api.Cases;
using Registry.Api.Http;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;
using Registry.Domain.Sites;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Registry.Api.OpenApi;

/// <summary>Puts the ranges, forms and codes of the domain into the schemas.</summary>
internal sealed class SchemaContract : ISchemaFilter
{
    private static readonly Dictionary<(Type, string), WholeRange> Ranges = new()
    {
        [(typeof(Assessment), "nrs")] = Nrs.Range,
        [(typeof(Assessment), "pdi")] = Pdi.Range,
        [(typeof(BatchItem), "nrs")] = Nrs.Range,
        [(typeof(BatchItem), "pdi")] = Pdi.Range,
        [(typeof(Patient), "birthYear")] = Patient.BirthYearRange,
        [(typeof(CaseRecord), "painDurationMonths")] = CaseRecord.PainDurationRange,
        [(typeof(TreatmentEvent), "reliefPercent")] = TreatmentEvent.ReliefRange,
        [(typeof(TreatmentEvent), "threshold")] = TreatmentEvent.ThresholdRange,
        [(typeof(TreatmentEvent), "depthMm")] = TreatmentEvent.DepthRange,
        [(typeof(TreatmentEvent), "angleDegrees")] = TreatmentEvent.AngleRange,
        [(typeof(CostItem), "priceYear")] = CostItem.PriceYearRange,
    };

    private static readonly HashSet<(Type, string)> Identifiers =
    [
        (typeof(Patient), "reference"), (typeof(CaseRecord), "precedingCase"), (typeof(AdverseEvent), "term"), (typeof(BatchItem), "site"), (typeof(BatchItem), "case"), (typeof(NewKey), "site"),
    ];

    // Where null is refused: what was not recorded is left out.
    private static readonly HashSet<Type> Bodies =
        [typeof(Site), typeof(Patient), typeof(CaseRecord), typeof(TreatmentEvent), typeof(Assessment), typeof(AdverseEvent), typeof(CostItem), typeof(HospitalStay), typeof(BatchBody), typeof(BatchItem), typeof(NewKey)];

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties } owner)
        {
            return;
        }

        var type = context.Type;
        foreach (var (name, property) in properties)
        {
            if (property is not OpenApiSchema known)
            {
                continue;
            }

            if (Bodies.Contains(type))
            {
                known.Type &= ~JsonSchemaType.Null;
                known.Description = known.Description?.Replace("null when", "left out when", StringComparison.Ordinal).Replace("null for", "left out for", StringComparison.Ordinal);
            }

            Narrow(type, name, known);
        }

        if (type == typeof(Assessment))
        {
            AddReadBack(properties);
        }
        else if (type == typeof(PdiItems))
        {
            owner.Required = properties.Keys.ToHashSet();
        }
        else if (type == typeof(CaseResponse))
        {
            AddRecords(properties, context);
        }
    }

    private static void Narrow(Type type, string name, OpenApiSchema property)
    {
        if (Ranges.TryGetValue((type, name), out var range))
        {
            var whole = OperationContract.Whole(range);
            (property.Minimum, property.Maximum) = (whole.Minimum, whole.Maximum);
        }

        if (type == typeof(PdiItems))
        {
            var whole = OperationContract.Whole(Pdi.ItemRange);
            (property.Minimum, property.Maximum) = (whole.Minimum, whole.Maximum);
        }

        if ((type, name) == (typeof(CostItem), "amount"))
        {
            (property.Minimum, property.Maximum) = ("0", CostItem.MaxAmount.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (Identifiers.Contains((type, name)))
        {
            (property.Pattern, property.MinLength, property.MaxLength) = (Identifier.Pattern, 1, Identifier.MaxLength);
        }

        if ((type, name) == (typeof(Site), "name"))
        {
            (property.MinLength, property.MaxLength) = (1, Site.MaxNameLength);
        }
    }

    private static void AddReadBack(IDictionary<string, IOpenApiSchema> properties)
    {
        properties["timepoint"] = Coded<Timepoint>("The timepoint. In a body it may be stated, and has to be that of the address.");
        properties["daysFromTimeZero"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            ReadOnly = true,
            Description = "Days from time zero, negative before it; absent without a date or a time zero. Unit: days.",
        };
        properties["window"] = Coded<WindowPosition>("Where the date lies relative to the window of the timepoint.", readOnly: true);
    }

    private static void AddRecords(IDictionary<string, IOpenApiSchema> properties, SchemaFilterContext context)
    {
        (string List, string Key, Type Content)[] lists =
        [
            ("events", "event", typeof(TreatmentEvent)),
            ("assessments", "timepoint", typeof(Assessment)),
            ("adverseEvents", "adverseEvent", typeof(AdverseEvent)),
            ("costs", "cost", typeof(CostItem)),
            ("stays", "stay", typeof(HospitalStay)),
        ];
        foreach (var (list, key, content) in lists)
        {
            properties[list] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Description = properties[list].Description,
                Items = AddRecordOfCase(key, content, context),
            };
        }
    }

    // One closed schema with all members: two closed schemas together (allOf) can be met by nothing.
    private static OpenApiSchemaReference AddRecordOfCase(string key, Type content, SchemaFilterContext context)
    {
        _ = context.SchemaGenerator.GenerateSchema(content, context.SchemaRepository);
        var members = context.SchemaRepository.Schemas[content.Name];
        return context.SchemaRepository.AddDefinition(content.Name + "OfCase", new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = members.Description,
            AdditionalPropertiesAllowed = false,
            Required = new HashSet<string>(members.Required ?? new HashSet<string>()) { key, "etag" },
            Properties = new Dictionary<string, IOpenApiSchema>(members.Properties!)
            {
                [key] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Its key." },
                ["etag"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Its ETag, for If-Match." },
            },
        });
    }

    private static OpenApiSchema Coded<T>(string description, bool readOnly = false)
        where T : struct, Enum
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Enum = [.. Code.All<T>().Select(code => JsonValue.Create(code))],
            ReadOnly = readOnly,
            Description = description,
        };
        CodesContract.Describe(schema, Documentation.Labels(typeof(T)));
        return schema;
    }
}

/// <summary>Adds the schema of a refusal.</summary>
internal sealed class ProblemContract : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Components!.Schemas![OperationContract.ProblemSchema] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "A refusal, as RFC 9457 application/problem+json.",
            Required = new HashSet<string> { "type", "title", "status", "detail", "code" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text("urn:registry:problem: and the code."),
                ["title"] = Text("What the code means. Always the same."),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
                ["detail"] = Text("What happened this time."),
                ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The kind of refusal.", Enum = [.. Problems.All.Select(kind => JsonValue.Create(kind.Code))] },
                ["instance"] = Text("This refusal: urn:registry:request: and the name of the request."),
                ["traceId"] = Text("The name of the request, as in the header X-Request-Id and in the log."),
                ["errorCount"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "How many faults there are. Unit: faults." },
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    MaxItems = Problem.MostFaults,
                    Description = "Every member or parameter at fault, at once: the first hundred.",
                    Items = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = new HashSet<string> { "pointer", "code", "detail" },
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["pointer"] = Text("JSON Pointer to the member at fault; for a parameter or header, / and its name."),
                            ["code"] = Text("The rule that was broken."),
                            ["detail"] = Text("The rule in a sentence, with unit and allowed range."),
                            ["value"] = Text("The value as stated, shortened."),
                            ["allowed"] = Text("What would have been allowed."),
                        },
                    },
                },
                ["current"] = Record("With 409 and 412: what is recorded, and its ETag."),
                ["proposed"] = Record("With 409: what the request would have recorded."),
                ["nearerToTarget"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Enum = [JsonValue.Create("current"), JsonValue.Create("proposed"), JsonValue.Create("equal")],
                    Description = "With 409, of two visits for one follow-up on different days: which is nearer to the target day.",
                },
            },
        };
        swaggerDoc.Paths = SortedPaths(swaggerDoc.Paths);
    }

    private static OpenApiPaths SortedPaths(OpenApiPaths paths)
    {
        var sorted = new OpenApiPaths();
        foreach (var (path, item) in paths.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            sorted.Add(path, item);
        }

        return sorted;
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiSchema Record(string description) => new() { Type = JsonSchemaType.Object, Description = description };
}
