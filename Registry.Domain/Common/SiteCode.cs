using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Registry.Domain.Common;

/// <summary>The code of a site. An <see cref="Identifier"/>; compared by code point.</summary>
/// <remarks>The default value is none: it is of no site. It equals itself alone, and has no text.</remarks>
[JsonConverter(typeof(IdentifierConverter<SiteCode>))]
public readonly record struct SiteCode : IIdentifier<SiteCode>, IComparable<SiteCode>
{
    private readonly string? _text;

    private SiteCode(string text) => _text = text;

    /// <inheritdoc/>
    public bool IsStated => _text is not null;

    /// <summary>The code with this text.</summary>
    /// <exception cref="FormatException">The text is no <see cref="Identifier"/>.</exception>
    public static SiteCode Of(string text) =>
        Identifier.IsValid(text) ? new SiteCode(text) : throw new FormatException($"The code of a site has to be {Identifier.Allowed}.");

    /// <inheritdoc/>
    public static SiteCode Parse(string s, IFormatProvider? provider) => Of(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SiteCode result)
    {
        result = s is not null && Identifier.IsValid(s) ? new SiteCode(s) : default;
        return result.IsStated;
    }

    /// <inheritdoc/>
    public int CompareTo(SiteCode other) => string.CompareOrdinal(_text, other._text);

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">No code is stated.</exception>
    public override string ToString() => _text ?? throw new InvalidOperationException("The code of a site is used, and none is stated.");

    /// <summary>Whether one comes before the other.</summary>
    public static bool operator <(SiteCode left, SiteCode right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes after the other.</summary>
    public static bool operator >(SiteCode left, SiteCode right) => left.CompareTo(right) > 0;

    /// <summary>Whether one comes before the other, or is the same.</summary>
    public static bool operator <=(SiteCode left, SiteCode right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one comes after the other, or is the same.</summary>
    public static bool operator >=(SiteCode left, SiteCode right) => left.CompareTo(right) >= 0;
}
