using Microsoft.OpenApi;
using Registry.Domain.Common;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Registry.Api.OpenApi;

/// <summary>The parts of which the schemas of the contract are made.</summary>
internal static class SchemaParts
{
    /// <summary>The schema of a type, which is made where it is not there yet.</summary>
    public static OpenApiSchema Made(this SchemaRepository schemas, Type type, ISchemaGenerator generator) =>
        (OpenApiSchema)schemas.Schemas[((OpenApiSchemaReference)generator.GenerateSchema(type, schemas)).Reference.Id!];

    /// <summary>The schema of a type, which is made where it is not there yet.</summary>
    public static OpenApiSchema Made(this SchemaFilterContext context, Type type) =>
        context.SchemaRepository.Made(type, context.SchemaGenerator);

    /// <summary>A reference to a schema of this name, which is made where it is not there yet.</summary>
    public static OpenApiSchemaReference Refer(this SchemaRepository schemas, string name, Func<OpenApiSchema> make)
    {
        if (!schemas.Schemas.ContainsKey(name))
        {
            schemas.AddDefinition(name, make());
        }

        return new OpenApiSchemaReference(name);
    }

    /// <summary>A reference to the schema of a type, which is made where it is not there yet.</summary>
    public static OpenApiSchemaReference ReferTo(this SchemaFilterContext context, Type type) =>
        new(((OpenApiSchemaReference)context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository)).Reference.Id!);

    /// <summary>A reference to the schema of a set, which is made where it is not there yet.</summary>
    public static OpenApiSchemaReference ReferTo(this SchemaRepository schemas, CodeSet set) => schemas.Refer(set.Name, set.Schema);

    /// <summary>An object with these members and no other.</summary>
    public static OpenApiSchema Closed(string? description, IEnumerable<string> required, Dictionary<string, IOpenApiSchema> members) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = description,
            AdditionalPropertiesAllowed = false,
            Required = required.ToHashSet(),
            Properties = members,
        };

    /// <summary>A sender's own key.</summary>
    public static OpenApiSchema Key() =>
        new() { Type = JsonSchemaType.String, Pattern = Identifier.Pattern, MinLength = 1, MaxLength = Identifier.MaxLength };

    /// <summary>A text.</summary>
    public static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    /// <summary>A text, or null.</summary>
    public static OpenApiSchema Optional(string description) =>
        new() { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = description };

    /// <summary>What a reference refers to, or null.</summary>
    public static OpenApiSchema OrNull(OpenApiSchemaReference reference, string? description) =>
        new() { Description = description, OneOf = [reference, new OpenApiSchema { Type = JsonSchemaType.Null }] };

    /// <summary>A member that may be null besides.</summary>
    public static OpenApiSchema OrNull(IOpenApiSchema member)
    {
        if (member is OpenApiSchemaReference reference)
        {
            return OrNull(new OpenApiSchemaReference(reference.Reference.Id!), reference.Description ?? string.Empty);
        }

        var copy = (OpenApiSchema)member.CreateShallowCopy();
        copy.Type |= JsonSchemaType.Null;
        return copy;
    }
}
