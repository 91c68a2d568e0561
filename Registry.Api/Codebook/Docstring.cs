using System.Text.RegularExpressions;

namespace Registry.Api.Codebook;

/// <summary>
/// A docstring taken apart. The house writes them alike: what it means; null (absent, left out) when it is missing.
/// Unit: … Source: … A unit that the sentence or the name tells ("in whole months", <c>meanDays</c>) is not said again.
/// </summary>
/// <param name="Meaning">What is left.</param>
/// <param name="Missing">What stands there when there is no value, or null.</param>
/// <param name="Unit">The unit, or null.</param>
/// <param name="Source">The source, or null.</param>
internal sealed partial record Docstring(string Meaning, string? Missing, string? Unit, string? Source)
{
    /// <summary>Takes apart the docstring of a member.</summary>
    public static Docstring Of(string text, string member)
    {
        var plain = Space().Replace(text, " ").Trim();
        var (source, unit, missing) = (SourceSentence().Match(plain), UnitSentence().Match(plain), MissingClause().Match(plain));
        var meaning = plain;
        foreach (var part in new[] { source, unit, missing }.Where(part => part.Success))
        {
            meaning = meaning.Replace(part.Value, ".", StringComparison.Ordinal);
        }

        return new Docstring(
            Stops().Replace(meaning, ".").Trim(),
            Value(missing),
            Value(unit) ?? Value(UnitInSentence().Match(plain)) ?? OfName(member),
            Value(source));
    }

    private static string? Value(Match match) => match.Success ? match.Groups["value"].Value : null;

    private static string? OfName(string member) => UnitInName().Match(member) is { Success: true } match ? match.Value.ToLowerInvariant() : null;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"[.\s]*\.(?=\s|$)")]
    private static partial Regex Stops();

    [GeneratedRegex(@"[.;] Source: (?<value>[^;]+?)\.?(?=$| Unit:)")]
    private static partial Regex SourceSentence();

    [GeneratedRegex(@"[.;] Unit: (?<value>[^.;]+)\.")]
    private static partial Regex UnitSentence();

    [GeneratedRegex(@"[.;] (?<value>(?:[Nn]ull|[Aa]bsent|[Ll]eft out)\b[^.;]*)[.;]?")]
    private static partial Regex MissingClause();

    [GeneratedRegex(@"\bin (?:whole )?(?<value>cases|trials|stays|days|months|years|points|millimetres|degrees|percent(?: of baseline)?)\b")]
    private static partial Regex UnitInSentence();

    [GeneratedRegex("(Days|Months|Years|Percent)$|^days(?=From)")]
    private static partial Regex UnitInName();
}
