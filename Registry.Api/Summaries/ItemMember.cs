using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Registry.Api.OpenApi;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>A member of an item of a summary, or of what lies in it, as its JSON has it. Found once for each type.</summary>
internal sealed class ItemMember
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<ItemMember>> Known = new();

    private ItemMember(PropertyInfo property)
    {
        (Name, Type) = (JsonNamingPolicy.CamelCase.ConvertName(property.Name), property.PropertyType);
        Marks = property.GetCustomAttribute<DisclosureAttribute>() ?? new DisclosureAttribute();
        Unit = property.Declared<UnitAttribute>()?.Unit;
        IsCount = Value == typeof(long);
        IsFigure = (Value == typeof(double) || Value == typeof(decimal)) && !Marks.IsOfNoPatient;
    }

    /// <summary>Its name in JSON.</summary>
    public string Name { get; }

    /// <summary>Its type.</summary>
    public Type Type { get; }

    /// <summary>Its type, but for whether it may be null.</summary>
    public Type Value => Nullable.GetUnderlyingType(Type) ?? Type;

    /// <summary>The unit of a number, or null.</summary>
    public string? Unit { get; }

    /// <summary>What it is to disclosure control besides what its type says.</summary>
    public DisclosureAttribute Marks { get; }

    /// <summary>Whether it counts something.</summary>
    public bool IsCount { get; }

    /// <summary>Whether it is worked out from counts and values of patients.</summary>
    public bool IsFigure { get; }

    /// <summary>The members of a type, in their order.</summary>
    public static IReadOnlyList<ItemMember> Of(Type type) => Known.GetOrAdd(
        type,
        static owner => [.. owner.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
            .Select(property => new ItemMember(property))]);
}
