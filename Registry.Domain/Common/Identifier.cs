using System.Text.RegularExpressions;

namespace Registry.Domain.Common;

/// <summary>The form of every key a sender chooses: sites, cases, patients, events, costs and stays.</summary>
public static partial class Identifier
{
    /// <summary>The allowed form in words.</summary>
    public const string Allowed = "1 to 64 characters of A-Z a-z 0-9 . _ -, at least one of them a letter or digit";

    /// <summary>
    /// The allowed form as a regular expression, but for the length. A letter or digit is needed because <c>.</c> and
    /// <c>..</c> are steps in an address, which every client takes out before it is sent.
    /// </summary>
    public const string Pattern = "^[._-]*[A-Za-z0-9][A-Za-z0-9._-]*$";

    /// <summary>The greatest number of characters.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether <paramref name="text"/> is an identifier. Identifiers are compared case-sensitively.</summary>
    public static bool IsValid(string text) => text is { Length: <= MaxLength } && Form().IsMatch(text) && !text.EndsWith('\n');

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
