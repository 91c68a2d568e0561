using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Registry.Domain.Common;

/// <summary>A site's own number of a case. An <see cref="Identifier"/>; compared by code point.</summary>
/// <remarks>
/// The default value is none: it is of no case, such as that of a record of the site itself. It equals itself alone, and has no text.
/// </remarks>
[JsonConverter(typeof(IdentifierConverter<CaseCode>))]
public readonly record struct CaseCode : IIdentifier<CaseCode>, IComparable<CaseCode>
{
    private readonly string? _text;

    private CaseCode(string text) => _text = text;

    /// <inheritdoc/>
    public bool IsStated => _text is not null;

    /// <summary>The code with this text.</summary>
    /// <exception cref="FormatException">The text is no <see cref="Identifier"/>.</exception>
    public static CaseCode Of(string text) =>
        Identifier.IsValid(text) ? new CaseCode(text) : throw new FormatException($"The number of a case has to be {Identifier.Allowed}.");

    /// <inheritdoc/>
    public static CaseCode Parse(string s, IFormatProvider? provider) => Of(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CaseCode result)
    {
        result = s is not null && Identifier.IsValid(s) ? new CaseCode(s) : default;
        return result.IsStated;
    }

    /// <inheritdoc/>
    public int CompareTo(CaseCode other) => string.CompareOrdinal(_text, other._text);

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">No code is stated.</exception>
    public override string ToString() => _text ?? throw new InvalidOperationException("The number of a case is used, and none is stated.");

    /// <summary>Whether one comes before the other.</summary>
    public static bool operator <(CaseCode left, CaseCode right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes after the other.</summary>
    public static bool operator >(CaseCode left, CaseCode right) => left.CompareTo(right) > 0;

    /// <summary>Whether one comes before the other, or is the same.</summary>
    public static bool operator <=(CaseCode left, CaseCode right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one comes after the other, or is the same.</summary>
    public static bool operator >=(CaseCode left, CaseCode right) => left.CompareTo(right) >= 0;
}
