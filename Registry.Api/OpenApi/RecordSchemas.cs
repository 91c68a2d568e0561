using System.Reflection;
using Microsoft.OpenApi;
using Registry.Api.Assessments;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Swashbuckle.AspNetCore.SwaggerGen;
using static Registry.Api.OpenApi.SchemaParts;

namespace Registry.Api.OpenApi;

/// <summary>
/// The schemas of records as they are sent and read with what is not of their content: where they belong, their keys and tags.
/// </summary>
internal static class RecordSchemas
{
    private static readonly RecordKinds Kinds = new();

    /// <summary>The kind of record under a case that has this content; null for anything else.</summary>
    public static RecordKind? KindOf(Type content) => Kinds.UnderCase.FirstOrDefault(kind => kind.Content == content);

    /// <summary>Says what the lists of a case hold.</summary>
    public static void AddTo(IDictionary<string, IOpenApiSchema> properties, SchemaFilterContext context)
    {
        foreach (var kind in Kinds.UnderCase)
        {
            ((OpenApiSchema)properties[CodeSet.Camel(kind.Name) + "s"]).Items = OfCase(kind, context);
        }
    }

    /// <summary>Gives a schema the members of every part of a type, as <see cref="RecordView"/> writes them.</summary>
    public static void Join(Type type, OpenApiSchema owner, SchemaFilterContext context)
    {
        (owner.Properties, owner.Required) = (new Dictionary<string, IOpenApiSchema>(), new HashSet<string>());
        foreach (var part in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(member => member.PropertyType))
        {
            var (schema, own) = (context.Made(part), Http.Json.MembersOf(part).ToHashSet());
            foreach (var (name, property) in schema.Properties!.Where(property => own.Contains(property.Key)))
            {
                owner.Properties[name] = property;
            }

            owner.Required.UnionWith((schema.Required ?? new HashSet<string>()).Where(own.Contains));
        }
    }

    /// <summary>A record as the case that it lies under shows it: its own key and its tag always come.</summary>
    public static OpenApiSchemaReference OfCase(RecordKind kind, SchemaFilterContext context) =>
        context.SchemaRepository.Refer(kind.Content.Name + "OfCase", () =>
        {
            var members = context.Made(kind.Content);
            return Closed(members.Description, [.. members.Required
                ?? new HashSet<string>(), kind.RouteKey!, NamedMember.OfETag], new Dictionary<string, IOpenApiSchema>(members.Properties!)
                {
                    [kind.RouteKey!] = kind is AssessmentKind
                    ? new OpenApiSchemaReference(nameof(Timepoint)) { Description = "The timepoint." }
                    : Text("Its key."),
                    [NamedMember.OfETag] = Text("Its ETag, for If-Match."),
                });
        });

    /// <summary>A record of whatever kind with all that says where it belongs, told apart by its kind.</summary>
    public static OpenApiSchemaReference ToSend(SchemaFilterContext context)
    {
        var byKind = CodeSets.RecordKind.Codes.SelectMany(one => Kinds.UnderCase.Where(kind => kind.Name == one.Code))
            .ToDictionary(
                kind => kind.Name,
                kind => context.SchemaRepository.Refer(kind.Content.Name + "ToSend", () => ToSend(kind, withKind: true, context)));
        return context.SchemaRepository.Refer("RecordToSend", () => new OpenApiSchema
        {
            Description = "A record of whatever kind under a case, and where it belongs.",
            AnyOf = [.. byKind.Values],
            Discriminator = new OpenApiDiscriminator
            {
                PropertyName = "kind",
                Mapping = byKind.ToDictionary(one => one.Key, one => one.Value),
            },
        });
    }

    /// <summary>An assessment with all that says where it belongs.</summary>
    public static OpenApiSchemaReference AssessmentToSend(SchemaFilterContext context) =>
        context.SchemaRepository.Refer("BatchItem", () => ToSend(Kinds.Assessment, withKind: false, context));

    private static OpenApiSchema ToSend(RecordKind kind, bool withKind, SchemaFilterContext context)
    {
        var (members, key) = (context.Made(kind.Content), kind.RouteKey!);
        var identifier = context.SchemaRepository.Refer("Identifier", Key).Reference.Id!;
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

        var all = new Dictionary<string, IOpenApiSchema>(place.Concat(members.Properties!.Where(member => !place.ContainsKey(member.Key))));
        if (kind is AssessmentKind)
        {
            var timepoint = (OpenApiSchema)all[key].CreateShallowCopy();
            timepoint.Description = "The timepoint";
            all[key] = new MemberDeclaration(Missing: "left out, it is derived from assessedOn").AddTo(timepoint);
        }

        return Closed(members.Description, place.Keys.Concat(members.Required ?? new HashSet<string>()), all);
    }
}
