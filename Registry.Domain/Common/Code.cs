using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Registry.Domain.Common;

/// <summary>
/// The lower-case codes under which closed sets of values travel in JSON, in queries and in the database.
/// A code is the name of the enumeration member in kebab case (<c>TrialStarted</c> is <c>trial-started</c>),
/// unless a <see cref="JsonStringEnumMemberNameAttribute"/> on the member says otherwise.
/// </summary>
public static class Code
{
    /// <summary>The code of <paramref name="value"/>.</summary>
    /// <exception cref="KeyNotFoundException">The value is not a member of its enumeration.</exception>
    public static string Of<T>(T value)
        where T : struct, Enum => Codes<T>.ByValue[value];

    /// <summary>The code of <paramref name="value"/>, or null for none.</summary>
    public static string? Of<T>(T? value)
        where T : struct, Enum => value is { } known ? Of(known) : null;

    /// <summary>The value whose code is <paramref name="text"/> (case-sensitive), or null for an unknown code.</summary>
    public static T? Parse<T>(string text)
        where T : struct, Enum => Codes<T>.ByCode.TryGetValue(text, out var value) ? value : null;

    /// <summary>Every code of the set, in the order of its declaration.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => Codes<T>.InOrder;

    private static class Codes<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue = Enum.GetValues<T>().ToDictionary(value => value, Spell);
        public static readonly Dictionary<string, T> ByCode = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key);
        public static readonly IReadOnlyList<string> InOrder = [.. Enum.GetValues<T>().Select(value => ByValue[value])];

        private static string Spell(T value)
        {
            var name = value.ToString();
            return typeof(T).GetField(name)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
                ?? JsonNamingPolicy.KebabCaseLower.ConvertName(name);
        }
    }
}
