using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Registry.Domain.Common;

namespace Registry.Api.OpenApi;

/// <summary>What a member declares of itself besides its meaning: in the contract as data, and in words behind the meaning.</summary>
/// <param name="Missing">What there is instead when it has no value, or null.</param>
/// <param name="Unit">The unit of a number, or null.</param>
/// <param name="Source">The instrument, the standard or the literature that it follows, or null.</param>
internal sealed record MemberDeclaration(string? Missing = null, string? Unit = null, string? Source = null)
{
    private const string MissingMember = "x-missing";
    private const string UnitMember = "x-unit";
    private const string SourceMember = "x-source";

    private string Words => (Missing is null ? "." : $"; {Missing}.") + (Unit is null ? string.Empty : $" Unit: {Unit}.")
        + (Source is null ? string.Empty : $" Source: {Source}.");

    /// <summary>What a member declares; null where it declares nothing.</summary>
    public static MemberDeclaration? Of(PropertyInfo? member)
    {
        var declared = member is null ? new MemberDeclaration() : new(
            member.Declared<MissingAttribute>()?.Words, member.Declared<UnitAttribute>()?.Unit, member.Declared<SourceAttribute>()?.Source);
        return declared == new MemberDeclaration() ? null : declared;
    }

    /// <summary>What the schema of a member says, as <see cref="AddTo"/> added it.</summary>
    public static MemberDeclaration Of(JsonObject schema) =>
        new(schema[MissingMember]?.GetValue<string>(), schema[UnitMember]?.GetValue<string>(), schema[SourceMember]?.GetValue<string>());

    /// <summary>Adds it to the schema of a member whose description is its meaning.</summary>
    public OpenApiSchema AddTo(OpenApiSchema schema)
    {
        schema.Description = schema.Description?.TrimEnd('.') + Words;
        foreach (var (name, words) in new[] { (MissingMember, Missing), (UnitMember, Unit), (SourceMember, Source) })
        {
            if (words is not null)
            {
                CodeSet.Extend(schema, name, JsonValue.Create(words));
            }
        }

        return schema;
    }

    /// <summary>The meaning in a description that <see cref="AddTo"/> made.</summary>
    public string MeaningIn(string description) =>
        description.EndsWith(Words, StringComparison.Ordinal) ? description[..^Words.Length] + "." : description;
}

/// <summary>Finds what a member declares.</summary>
internal static class DeclaredAttributes
{
    /// <summary>An attribute of a property, or of the parameter of a record that it comes from; null without one.</summary>
    public static TAttribute? Declared<TAttribute>(this PropertyInfo member)
        where TAttribute : Attribute =>
        member.GetCustomAttribute<TAttribute>()
            ?? member.DeclaringType!.GetConstructors().SelectMany(made => made.GetParameters()).FirstOrDefault(
                parameter => parameter.Name == member.Name)?.GetCustomAttribute<TAttribute>();
}
