using System.Text.RegularExpressions;

namespace Registry.Domain.Recording;

/// <summary>The form of every key a sender chooses: sites, cases, patients, events, costs and stays.</summary>
public static partial class Identifier
{
    /// <summary>The allowed form in words.</summary>
    public const string Allowed = "1 to 64 characters of A-Z a-z 0-9 . _ -";

    /// <summary>The allowed form as a regular expression.</summary>
    public const string Pattern = "^[A-Za-z0-9._-]{1,64}$";

    /// <summary>The greatest number of characters.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether <paramref name="text"/> is an identifier. Identifiers are compared case-sensitively.</summary>
    public static bool IsValid(string text) => text is not null && Form().IsMatch(text) && !text.EndsWith('\n');

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
