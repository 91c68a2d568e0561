using System.Reflection;
using System.Text.Json;
using Microsoft.OpenApi;
using Registry.Api.Assessments;
using Registry.Api.Cases;
using Registry.Api.Cohorts;
using Registry.Api.Cohorts.Saved;
using Registry.Api.Recording;
using Registry.Api.Sites;
using Registry.Api.Summaries;
using Registry.Domain.Assessments;
using Registry.Domain.Common;
using Swashbuckle.AspNetCore.SwaggerGen;
using static Registry.Api.OpenApi.SchemaParts;

namespace Registry.Api.OpenApi;

/// <summary>
/// Puts the ranges, forms and codes of the domain into the schemas, and says of each member whether it always comes and whether it
/// can be null. A member that may be left out is nullable too: a client that is generated from the contract then has a place for
/// "not stated", and neither sends nor reads a 0 in its stead.
/// </summary>
internal sealed class SchemaContract : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        var type = Nullable.GetUnderlyingType(context.Type) ?? context.Type;
        if (schema is not OpenApiSchema owner)
        {
            return;
        }

        if (type.IsEnum && owner.Enum is { Count: > 0 })
        {
            CodeSet.Describe(owner, [.. Enum.GetNames(type)
                .Zip(Documentation.Labels(type))
                .Select(one => new CodeMeaning(string.Empty, one.First, one.Second))]);
        }
        else if (owner.Properties is { Count: > 0 } properties && type.Namespace?.StartsWith("Registry.", StringComparison.Ordinal) == true)
        {
            DescribeMembers(type, owner, properties, context);
            if (type.Namespace == typeof(CostSummaryItem).Namespace)
            {
                ViewContract.AddTo(owner, ViewContract.Of(type));
            }
        }
    }

    private static void DescribeMembers(
        Type type, OpenApiSchema owner, IDictionary<string, IOpenApiSchema> properties, SchemaFilterContext context)
    {
        var nullability = new NullabilityInfoContext();
        var members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .ToDictionary(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name));
        var required = new HashSet<string>();
        foreach (var (name, property) in properties.ToList())
        {
            var isNullable = members.TryGetValue(name, out var member)
                && (nullability.Create(member).ReadState == NullabilityState.Nullable || IsHidable(type, name));
            properties[name] = Member(type, name, member, property, isNullable, context);
            if (member is not null && Disclosure.AreCounts(member.PropertyType)
                && properties[name] is OpenApiSchema { AdditionalProperties: OpenApiSchema count })
            {
                count.Type |= JsonSchemaType.Null;
            }

            if (!isNullable || Http.Json.KeepsNulls(type))
            {
                required.Add(name);
            }
        }

        owner.Required = required;
        if (ItemsOf(type, context) is { } items)
        {
            ((OpenApiSchema)properties["items"]).Items = items;
        }
        else if (type == typeof(CaseContents))
        {
            RecordSchemas.AddTo(properties, context);
        }
        else if (type.IsSubclassOf(typeof(RecordView)))
        {
            RecordSchemas.Join(type, owner, context);
        }
        else if (RecordSchemas.KindOf(type) is { } kind)
        {
            properties[kind.RouteKey!] = kind is AssessmentKind
                ? OrNull(
                    context.ReferTo(typeof(Timepoint)), "The timepoint. In a body it may be stated, and has to be that of the address.")
                : ReadBack("Its key, as in the address.");
        }

        AddReadBack(type, properties, context);
        if (type == typeof(SavedCohort))
        {
            // It may be left out, though one that is read has it.
            ((OpenApiSchema)properties["shared"]).Type |= JsonSchemaType.Null;
            required.Remove("shared");
        }

        if (type.Namespace == typeof(CostSummaryItem).Namespace && type.Name.EndsWith("Item", StringComparison.Ordinal))
        {
            properties[Disclosure.Suppressed] = new MemberDeclaration(Missing: "absent otherwise").AddTo(
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Boolean | JsonSchemaType.Null,
                    Description = "True where a count is hidden, and null, because it is small.",
                });
        }

        if (ProblemSchemas.Contents.Contains(type))
        {
            properties.TryAdd(NamedMember.OfETag, ReadBack("Its ETag."));
        }
    }

    // What the items of a list are, where the program has them as what they are written as.
    private static OpenApiSchemaReference? ItemsOf(Type type, SchemaFilterContext context) => type switch
    {
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(RecordPage<>) =>
            RecordSchemas.OfCase(RecordSchemas.KindOf(type.GenericTypeArguments[0])!, context),
        _ when type == typeof(CohortPage) => context.SchemaRepository.Refer(nameof(CohortCase), () => CohortCase.Schema(context.ReferTo)),
        _ when type == typeof(RecordBatchBody) => RecordSchemas.ToSend(context),
        _ when type == typeof(BatchBody) => RecordSchemas.AssessmentToSend(context),
        _ => null,
    };

    // A content may be sent back as it was read: with the members of these records besides its own.
    private static void AddReadBack(Type content, IDictionary<string, IOpenApiSchema> properties, SchemaFilterContext context)
    {
        foreach (var (name, read) in ReadBackWithAttribute.Of(content).SelectMany(part => context.Made(part).Properties!))
        {
            var sentBack = OrNull(read);
            sentBack.ReadOnly = true;
            properties[name] = sentBack;
        }

        foreach (var name in ReadBackWithAttribute.Unstated(content))
        {
            ((OpenApiSchema)properties[name]).ReadOnly = true;
        }
    }

    // What disclosure control may hide of a summary.
    private static bool IsHidable(Type type, string name) =>
        type.Namespace == typeof(CostSummaryItem).Namespace && type != typeof(Summary<>) && Disclosure.CanHide(type, name);

    private static IOpenApiSchema Member(
        Type type, string name, PropertyInfo? member, IOpenApiSchema property, bool isNullable, SchemaFilterContext context)
    {
        var (description, declared) = (property is OpenApiSchemaReference ? null : property.Description, MemberDeclaration.Of(member));
        if ((Typed(type, name, member, context) ?? Reference(property)) is { } reference)
        {
            var codes = new OpenApiSchemaReference(reference.Reference.Id!);
            if (!isNullable && declared is null)
            {
                codes.Description = description;
                return codes;
            }

            var orNull = OrNull(codes, description);
            return declared?.AddTo(orNull) ?? orNull;
        }

        var known = (OpenApiSchema)property;
        known.Type = isNullable ? known.Type | JsonSchemaType.Null : known.Type & ~JsonSchemaType.Null;
        declared?.AddTo(known);
        Narrow(type, name, member, known);
        return known;
    }

    // What is text or free in the program, and has a type in the contract.
    private static OpenApiSchemaReference? Typed(Type type, string name, PropertyInfo? member, SchemaFilterContext context) =>
        name switch
        {
            _ when member?.Declared<CodesOfAttribute>()?.Codes is { } codes => context.ReferTo(codes),
            _ when member?.Declared<CodesInAttribute>()?.Set is { } set => context.SchemaRepository.ReferTo(set),
            "filter" when type == typeof(SavedCohort) => context.SchemaRepository.Refer("StatedFilter", () => new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Filters of a query, each with one value or several. A number, true or false may stand without quotation marks.",
                AdditionalProperties = new OpenApiSchema
                {
                    AnyOf =
                    [
                        new OpenApiSchema
                        {
                            Type = JsonSchemaType.Array,
                            MinItems = 1,
                            Items = new OpenApiSchema { Type = JsonSchemaType.String },
                        },
                        new OpenApiSchema { Type = JsonSchemaType.String },
                    ],
                },
            }),
            "filter" => context.SchemaRepository.Refer("AppliedFilter", () => new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Each stated parameter with its values.",
                AdditionalProperties = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            }),
            "value" when type == typeof(RecordedChange) => ProblemSchemas.Content(context.SchemaGenerator, context.SchemaRepository),
            "problem" when type == typeof(BatchItemAnswer) => new OpenApiSchemaReference(ProblemSchemas.OfItem),
            _ => null,
        };

    private static OpenApiSchemaReference? Reference(IOpenApiSchema property) => property switch
    {
        OpenApiSchemaReference reference => reference,
        OpenApiSchema known => (known.AllOf ?? []).Concat(known.OneOf ?? []).OfType<OpenApiSchemaReference>().SingleOrDefault(),
        _ => null,
    };

    private static void Narrow(Type type, string name, PropertyInfo? member, OpenApiSchema property)
    {
        if (member?.Declared<WholeRangeAttribute>()?.Range is { } whole)
        {
            (property.Minimum, property.Maximum) = (FormattableString.Invariant($"{whole.Min}"),
                FormattableString.Invariant($"{whole.Max}"));
        }

        if (member?.Declared<DecimalRangeAttribute>()?.Range is { } range)
        {
            (property.Minimum, property.Maximum) = (FormattableString.Invariant($"{range.Min}"),
                FormattableString.Invariant($"{range.Max}"));
        }

        if (member?.Declared<IdentifierAttribute>() is not null)
        {
            (property.Pattern, property.MinLength, property.MaxLength) = (Identifier.Pattern, 1, Identifier.MaxLength);
        }

        if ((type, name) == (typeof(Audit.AuditItem), "detail"))
        {
            property.AdditionalProperties = new OpenApiSchema
            {
                Type = JsonSchemaType.String | JsonSchemaType.Number | JsonSchemaType.Boolean | JsonSchemaType.Array
                    | JsonSchemaType.Object,
                Items = new OpenApiSchema(),
            };
        }
    }

    private static OpenApiSchema ReadBack(string description)
    {
        var member = Optional(description);
        member.ReadOnly = true;
        return member;
    }
}
