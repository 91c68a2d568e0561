using System.Reflection;
using System.Text.Json;
using Microsoft.OpenApi;
using Registry.Api.Assessments;
using Registry.Api.Cases;
using Registry.Api.Cohorts.Saved;
using Registry.Api.Recording;
using Registry.Api.Sites;
using Registry.Api.Summaries;
using Registry.Domain.Assessments;
using Registry.Domain.Common;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Registry.Api.OpenApi;

/// <summary>
/// Puts the ranges, forms and codes of the domain into the schemas, and says of each member whether it always comes and whether it
/// can be null. A member that may be left out is nullable too: a client that is generated from the contract then has a place for
/// "not stated", and neither sends nor reads a 0 in its stead.
/// </summary>
internal sealed class SchemaContract : ISchemaFilter
{
    private static readonly RecordKinds Kinds = new();

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        var type = Nullable.GetUnderlyingType(context.Type) ?? context.Type;
        if (schema is not OpenApiSchema owner)
        {
            return;
        }

        if (type.IsEnum && owner.Enum is { Count: > 0 })
        {
            CodeSet.Describe(owner, [.. Enum.GetNames(type).Zip(Documentation.Labels(type)).Select(one => new CodeMeaning(string.Empty, one.First, one.Second))]);
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

    private static void DescribeMembers(Type type, OpenApiSchema owner, IDictionary<string, IOpenApiSchema> properties, SchemaFilterContext context)
    {
        var nullability = new NullabilityInfoContext();
        var members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name));
        var required = new HashSet<string>();
        foreach (var (name, property) in properties.ToList())
        {
            var isNullable = members.TryGetValue(name, out var member) && (nullability.Create(member).ReadState == NullabilityState.Nullable || IsHidable(type, name));
            properties[name] = Member(type, name, member, property, isNullable, context);
            if (member is not null && Disclosure.AreCounts(member.PropertyType) && properties[name] is OpenApiSchema { AdditionalProperties: OpenApiSchema count })
            {
                count.Type |= JsonSchemaType.Null;
            }

            if (!isNullable || Http.Json.KeepsNulls(type))
            {
                required.Add(name);
            }
        }

        owner.Required = required;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(RecordPage<>))
        {
            ((OpenApiSchema)properties["items"]).Items = RecordOfCase(KindOf(type.GenericTypeArguments[0])!, context);
        }
        else if (type == typeof(Cohorts.CohortPage))
        {
            ((OpenApiSchema)properties["items"]).Items = context.SchemaRepository.Refer(
                nameof(Cohorts.CohortCase),
                () => Cohorts.CohortCase.Schema(codes => new OpenApiSchemaReference(((OpenApiSchemaReference)context.SchemaGenerator.GenerateSchema(codes, context.SchemaRepository)).Reference.Id!)));
        }
        else if (type == typeof(RecordBatchBody))
        {
            ((OpenApiSchema)properties["items"]).Items = RecordToSend(context);
        }
        else if (type == typeof(BatchBody))
        {
            ((OpenApiSchema)properties["items"]).Items = context.SchemaRepository.Refer("BatchItem", () => ToSend(Kinds.Assessment, withKind: false, context));
        }
        else if (type == typeof(CaseContents))
        {
            AddRecords(properties, context);
        }
        else if (type.IsSubclassOf(typeof(RecordView)))
        {
            Join(type, owner, context);
        }
        else if (KindOf(type) is { } kind)
        {
            properties[kind.RouteKey!] = kind is AssessmentKind
                ? ReadBack("The timepoint. In a body it may be stated, and has to be that of the address.", typeof(Timepoint), context)
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
                new OpenApiSchema { Type = JsonSchemaType.Boolean | JsonSchemaType.Null, Description = "True where a count is hidden, and null, because it is small." });
        }

        if (ProblemSchemas.Contents.Contains(type))
        {
            properties.TryAdd(NamedMember.OfETag, ReadBack("Its ETag."));
        }
    }

    // A content may be sent back as it was read: with the members of these records besides its own.
    private static void AddReadBack(Type content, IDictionary<string, IOpenApiSchema> properties, SchemaFilterContext context)
    {
        foreach (var (name, read) in ReadBackWithAttribute.Of(content).SelectMany(part => context.SchemaRepository.Made(part, context.SchemaGenerator).Properties!))
        {
            var sentBack = ProblemSchemas.OrNull(read);
            sentBack.ReadOnly = true;
            properties[name] = sentBack;
        }

        foreach (var name in ReadBackWithAttribute.Unstated(content))
        {
            ((OpenApiSchema)properties[name]).ReadOnly = true;
        }
    }

    // The members of every part, as RecordView writes them.
    private static void Join(Type type, OpenApiSchema owner, SchemaFilterContext context)
    {
        (owner.Properties, owner.Required) = (new Dictionary<string, IOpenApiSchema>(), new HashSet<string>());
        foreach (var part in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(member => member.PropertyType))
        {
            var (schema, own) = (context.SchemaRepository.Made(part, context.SchemaGenerator), Http.Json.MembersOf(part).ToHashSet());
            foreach (var (name, property) in schema.Properties!.Where(property => own.Contains(property.Key)))
            {
                owner.Properties[name] = property;
            }

            owner.Required.UnionWith((schema.Required ?? new HashSet<string>()).Where(own.Contains));
        }
    }

    // What disclosure control may hide of a summary.
    private static bool IsHidable(Type type, string name) =>
        type.Namespace == typeof(CostSummaryItem).Namespace && type != typeof(Summary<>) && Disclosure.CanHide(type, name);

    private static IOpenApiSchema Member(Type type, string name, PropertyInfo? member, IOpenApiSchema property, bool isNullable, SchemaFilterContext context)
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

            var orNull = new OpenApiSchema { Description = description, OneOf = [codes, new OpenApiSchema { Type = JsonSchemaType.Null }] };
            return declared?.AddTo(orNull) ?? orNull;
        }

        var known = (OpenApiSchema)property;
        known.Type = isNullable ? known.Type | JsonSchemaType.Null : known.Type & ~JsonSchemaType.Null;
        declared?.AddTo(known);
        Narrow(type, name, member, known);
        return known;
    }

    // What is text or free in the program, and has a type in the contract.
    private static OpenApiSchemaReference? Typed(Type type, string name, PropertyInfo? member, SchemaFilterContext context)
    {
        return name switch
        {
            _ when member?.Declared<CodesOfAttribute>()?.Codes is { } codes => (OpenApiSchemaReference)context.SchemaGenerator.GenerateSchema(codes, context.SchemaRepository),
            _ when member?.Declared<CodesInAttribute>()?.Set is { } set => context.SchemaRepository.ReferTo(set),
            "filter" when type == typeof(SavedCohort) => context.SchemaRepository.Refer("StatedFilter", () => new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Filters of a query, each with one value or several. A number, true or false may stand without quotation marks.",
                AdditionalProperties = new OpenApiSchema { AnyOf = [new OpenApiSchema { Type = JsonSchemaType.Array, MinItems = 1, Items = new OpenApiSchema { Type = JsonSchemaType.String } }, new OpenApiSchema { Type = JsonSchemaType.String }] },
            }),
            "filter" => context.SchemaRepository.Refer("AppliedFilter", () => new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Each stated parameter with its values.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            }),
            "value" when type == typeof(RecordedChange) => ProblemSchemas.Content(context.SchemaGenerator, context.SchemaRepository),
            "problem" when type == typeof(BatchItemAnswer) => new OpenApiSchemaReference(ProblemSchemas.OfItem),
            _ => null,
        };
    }

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
            (property.Minimum, property.Maximum) = (FormattableString.Invariant($"{whole.Min}"), FormattableString.Invariant($"{whole.Max}"));
        }

        if (member?.Declared<DecimalRangeAttribute>()?.Range is { } range)
        {
            (property.Minimum, property.Maximum) = (FormattableString.Invariant($"{range.Min}"), FormattableString.Invariant($"{range.Max}"));
        }

        if (member?.Declared<IdentifierAttribute>() is not null)
        {
            (property.Pattern, property.MinLength, property.MaxLength) = (Identifier.Pattern, 1, Identifier.MaxLength);
        }

        if ((type, name) == (typeof(Audit.AuditItem), "detail"))
        {
            property.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Number | JsonSchemaType.Boolean | JsonSchemaType.Array | JsonSchemaType.Object, Items = new OpenApiSchema() };
        }
    }

    private static void AddRecords(IDictionary<string, IOpenApiSchema> properties, SchemaFilterContext context)
    {
        foreach (var kind in Kinds.UnderCase)
        {
            ((OpenApiSchema)properties[JsonNamingPolicy.CamelCase.ConvertName(CodeSet.Pascal(kind.Name)) + "s"]).Items = RecordOfCase(kind, context);
        }
    }

    // The kind of record under a case that has this content.
    private static RecordKind? KindOf(Type content) => Kinds.UnderCase.FirstOrDefault(kind => kind.Content == content);

    // A record as the case that it lies under shows it: its own key and its tag always come.
    private static OpenApiSchemaReference RecordOfCase(RecordKind kind, SchemaFilterContext context) =>
        context.SchemaRepository.Refer(kind.Content.Name + "OfCase", () =>
        {
            var members = context.SchemaRepository.Made(kind.Content, context.SchemaGenerator);
            return new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = members.Description,
                AdditionalPropertiesAllowed = false,
                Required = new HashSet<string>(members.Required ?? new HashSet<string>()) { kind.RouteKey!, NamedMember.OfETag },
                Properties = new Dictionary<string, IOpenApiSchema>(members.Properties!)
                {
                    [kind.RouteKey!] = kind is AssessmentKind
                        ? new OpenApiSchemaReference(nameof(Timepoint)) { Description = "The timepoint." }
                        : new OpenApiSchema { Type = JsonSchemaType.String, Description = "Its key." },
                    [NamedMember.OfETag] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Its ETag, for If-Match." },
                },
            };
        });

    // A record of whatever kind with all that says where it belongs, told apart by its kind.
    private static OpenApiSchemaReference RecordToSend(SchemaFilterContext context)
    {
        var byKind = CodeSets.RecordKind.Codes.SelectMany(one => Kinds.UnderCase.Where(kind => kind.Name == one.Code))
            .ToDictionary(kind => kind.Name, kind => context.SchemaRepository.Refer(kind.Content.Name + "ToSend", () => ToSend(kind, withKind: true, context)));
        return context.SchemaRepository.Refer("RecordToSend", () => new OpenApiSchema
        {
            Description = "A record of whatever kind under a case, and where it belongs.",
            AnyOf = [.. byKind.Values],
            Discriminator = new OpenApiDiscriminator { PropertyName = "kind", Mapping = byKind.ToDictionary(one => one.Key, one => one.Value) },
        });
    }

    // A record with where it belongs and, where there are several, its kind.
    private static OpenApiSchema ToSend(RecordKind kind, bool withKind, SchemaFilterContext context)
    {
        var (members, key) = (context.SchemaRepository.Made(kind.Content, context.SchemaGenerator), kind.RouteKey!);
        var identifier = context.SchemaRepository.Refer("Identifier", () => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Identifier.Pattern, MinLength = 1, MaxLength = Identifier.MaxLength }).Reference.Id!;
        var place = new Dictionary<string, IOpenApiSchema>();
        if (withKind)
        {
            place["kind"] = new OpenApiSchema { Type = JsonSchemaType.String, Const = kind.Name, Description = "The kind of record." };
        }

        place["site"] = new OpenApiSchemaReference(identifier) { Description = "The site." };
        place["case"] = new OpenApiSchemaReference(identifier) { Description = "The case." };
        if (kind is not AssessmentKind)
        {
            place[key] = new OpenApiSchemaReference(identifier) { Description = "Its own key." };
        }

        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = members.Description,
            AdditionalPropertiesAllowed = false,
            Required = new HashSet<string>(place.Keys.Concat(members.Required ?? new HashSet<string>())),
            Properties = new Dictionary<string, IOpenApiSchema>(place.Concat(members.Properties!.Where(member => !place.ContainsKey(member.Key)))),
        };
        if (kind is AssessmentKind)
        {
            var timepoint = (OpenApiSchema)schema.Properties[key].CreateShallowCopy();
            timepoint.Description = "The timepoint";
            schema.Properties[key] = new MemberDeclaration(Missing: "left out, it is derived from assessedOn").AddTo(timepoint);
        }

        return schema;
    }

    private static OpenApiSchema ReadBack(string description) => new() { Type = JsonSchemaType.String | JsonSchemaType.Null, ReadOnly = true, Description = description };

    private static OpenApiSchema ReadBack(string description, Type codes, SchemaFilterContext context) => new()
    {
        Description = description,
        OneOf = [new OpenApiSchemaReference(((OpenApiSchemaReference)context.SchemaGenerator.GenerateSchema(codes, context.SchemaRepository)).Reference.Id!), new OpenApiSchema { Type = JsonSchemaType.Null }],
    };
}
