namespace Registry.Api.Access;

/// <summary>
/// The names under which the program itself, its configured keys and the callers of an identity provider stand in history and in the audit
/// trail. No key that is issued has one of them, in upper or lower case.
/// </summary>
internal static class ReservedNames
{
    /// <summary>The id and the name of the administrator's key of the settings.</summary>
    public const string Administrator = "administrator";

    /// <summary>What the program does of itself, such as anchors.</summary>
    public const string Registry = "registry";

    /// <summary>What the program made up: demonstration and synthetic data.</summary>
    public const string Seeder = "seeder";

    /// <summary>How the ids and names of the keys of development begin.</summary>
    public const string Demonstration = "demonstration-";

    /// <summary>How the name of every caller with a token begins.</summary>
    public const string Oidc = "oidc:";

    /// <summary>The names that are reserved as a whole.</summary>
    public static readonly IReadOnlyList<string> Names = [Administrator, Registry, Seeder];

    /// <summary>What no other name begins with.</summary>
    public static readonly IReadOnlyList<string> Beginnings = [Demonstration, Oidc];

    /// <summary>What a name cannot be, in words.</summary>
    public static readonly string Words = $"not {Quoted(Names)} and not beginning with {Quoted(Beginnings)}";

    /// <summary>Whether a name is reserved.</summary>
    public static bool Has(string name) =>
        Names.Contains(name, StringComparer.OrdinalIgnoreCase)
        || Beginnings.Any(beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));

    private static string Quoted(IReadOnlyList<string> names) => string.Join(" or ", names.Select(name => $"'{name}'"));
}
