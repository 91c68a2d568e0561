using System.Globalization;
using System.Net;
using Registry.Api.Access;
using Registry.Api.Http;
using Registry.Api.Summaries;
using Registry.Domain.Common;

namespace Registry.Api;

/// <summary>Every setting below <c>Registry:</c>, read and checked in one place, with those of the framework that stop a start.</summary>
internal static class RegistrySettings
{
    /// <summary>The section they all lie in.</summary>
    public const string Section = "Registry";

    /// <summary>Their names below it.</summary>
    public static readonly IReadOnlyList<string> Known =
    [
        "AdminKey", "AdminKeyFile", "Cors:Origins", "Database", "Demo", Disclosure.MaskSitesName, Disclosure.MinimumCellName,
        Disclosure.RoundingName, .. Limits.All.Select(limit => "Limits:" + limit.Name), "Metrics:Open",
        "Oidc:Audience", "Oidc:Authority", "Oidc:RoleClaim", "Oidc:Roles", "Oidc:SiteClaim", "PathBase", "Proxies", "Schema", "Swagger",
    ];

    private static readonly char[] Separators = [',', ';', ' '];

    /// <summary>What is wrong with the settings, each in a sentence; empty when nothing is.</summary>
    public static IReadOnlyList<string> FaultsOf(IConfiguration configuration) =>
    [
        .. Leaves(configuration.GetSection(Section))
            .Where(name => !Known.Any(known =>
                name.Equals(known, StringComparison.OrdinalIgnoreCase) || name.StartsWith(known + ":", StringComparison.OrdinalIgnoreCase)))
            .Select(
                name => $"{Section}:{name} is not a setting. There are {string.Join(", ", Known.Select(known => $"{Section}:{known}"))}."),
        .. OneOf(configuration, "Database", "sqlite", "sqlserver"),
        .. OneOf(configuration, "Demo", "true", "false", "True", "False"),
        .. OneOf(configuration, Disclosure.MaskSitesName, "true", "false", "True", "False"),
        .. OneOf(configuration, "Metrics:Open", "true", "false", "True", "False"),
        .. OneOf(configuration, "Schema", "migrate", "check"),
        .. OneOf(configuration, "Swagger", "true", "false", "True", "False"),
        .. Values(configuration, "Cors:Origins").Where(origin => !IsOrigin(origin)).Select(
            origin => $"Registry:Cors:Origins holds '{origin}'; an origin is a scheme and a host such as https://dashboard.example.org, with a port where it has one, and no path."),
        .. Values(configuration, "Proxies").Where(proxy => Network(proxy) is null).Select(
            proxy => $"Registry:Proxies holds '{proxy}'; a proxy is an IP address such as 10.0.0.7, or a network such as 10.0.0.0/8."),
        .. FaultOfPathBase(configuration[Section + ":PathBase"]),
        .. Disclosure.FaultsOf(configuration),
        .. FaultOfLoneRounding(configuration),
        .. Limits.FaultsOf(configuration),
        .. IdentityProvider.FaultsOf(configuration),
        .. FaultsOfAdminKey(configuration),
        .. ListenAddresses.FaultsOf(configuration),
        .. FaultsOfLogLevels(configuration.GetSection("Logging")),
    ];

    /// <summary>The administrator's key, from the file when one is named; null when there is none.</summary>
    public static string? AdminKey(IConfiguration configuration)
    {
        var key = configuration[Section + ":AdminKeyFile"] is { Length: > 0 } path
            ? File.ReadAllText(path)
            : configuration[Section + ":AdminKey"];
        return string.IsNullOrWhiteSpace(key) ? null : key.Trim();
    }

    /// <summary>The origins whose pages may use the registry.</summary>
    public static IReadOnlyList<string> Origins(IConfiguration configuration) =>
        [.. Values(configuration, "Cors:Origins").Select(origin => origin.TrimEnd('/'))];

    /// <summary>The proxies that are believed, each a network of one or more addresses.</summary>
    public static IReadOnlyList<IPNetwork> Proxies(IConfiguration configuration) =>
        [.. Values(configuration, "Proxies").Select(proxy => Network(proxy)!.Value)];

    /// <summary>The path below which the registry is reached from outside; empty when there is none.</summary>
    public static PathString PathBase(IConfiguration configuration) =>
        configuration[Section + ":PathBase"]?.TrimEnd('/') is { Length: > 0 } path ? new PathString(path) : PathString.Empty;

    private static IEnumerable<string> Leaves(IConfigurationSection section) =>
        section.GetChildren()
            .SelectMany(child => child.GetChildren().Any() ? Leaves(child).Select(name => $"{child.Key}:{name}") : [child.Key]);

    // A list as a whole in one value, or one value for each of Name:0, Name:1, …
    private static IEnumerable<string> Values(IConfiguration configuration, string name)
    {
        var section = configuration.GetSection($"{Section}:{name}");
        return section.GetChildren().Select(child => child.Value).Append(section.Value)
            .SelectMany(
                value => (value ?? string.Empty).Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    /// <summary>A whole number below the section; null where it is not stated, or at fault.</summary>
    public static int? Number(IConfiguration configuration, string name, WholeRange range) =>
        int.TryParse(configuration[$"{Section}:{name}"], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && range.Contains(number)
            ? number
            : null;

    /// <summary>What is wrong with a whole number below the section.</summary>
    public static IEnumerable<string> FaultsOfNumber(IConfiguration configuration, string name, WholeRange range) =>
        configuration[$"{Section}:{name}"] is { Length: > 0 } stated && Number(configuration, name, range) is null
            ? [$"{Section}:{name} is '{stated}'; it has to be a whole number from {range}."]
            : [];

    private static IEnumerable<string> OneOf(IConfiguration configuration, string name, params string[] allowed) =>
        configuration[$"{Section}:{name}"] is { Length: > 0 } value && !allowed.Contains(value)
            ? [$"Registry:{name} is '{value}'; it has to be {string.Join(" or ", allowed.Take(2))}."]
            : [];

    private static bool IsOrigin(string text) =>
        text == "*" || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.AbsolutePath == "/" && uri.Query.Length == 0
            && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0 && uri.Host.Length > 0);

    private static IPNetwork? Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    private static IEnumerable<string> FaultOfPathBase(string? path) =>
        path is { Length: > 0 }
            && (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal) || path.AsSpan().ContainsAny("?#% "))
            ? [$"Registry:PathBase is '{path}'; it has to begin with a slash, such as /registry."]
            : [];

    private static IEnumerable<string> FaultOfLoneRounding(IConfiguration configuration) =>
        configuration[$"{Section}:{Disclosure.RoundingName}"] is { Length: > 0 } rounding
            && string.IsNullOrEmpty(configuration[$"{Section}:{Disclosure.MinimumCellName}"])
            ? [$"{Section}:{Disclosure.RoundingName} is '{rounding}' without {Section}:{Disclosure.MinimumCellName}: "
                + "nothing is rounded where nothing is hidden. Set both, or neither."]
            : [];

    // As the framework reads them, of all providers and of one.
    private static IEnumerable<string> FaultsOfLogLevels(IConfigurationSection logging) =>
        logging.GetChildren()
            .Select(part => part.GetSection("LogLevel"))
            .Append(logging.GetSection("LogLevel"))
            .SelectMany(levels => levels.GetChildren())
            .Where(level => level.Value is { Length: > 0 } && !Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _))
            .Select(level => $"{level.Path} is '{level.Value}'; it has to be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");

    private static IEnumerable<string> FaultsOfAdminKey(IConfiguration configuration)
    {
        var (path, key) = (configuration[Section + ":AdminKeyFile"], configuration[Section + ":AdminKey"]);
        var name = string.IsNullOrEmpty(path) ? "AdminKey" : "AdminKeyFile";
        if (string.IsNullOrEmpty(path) && key is null)
        {
            return [];
        }

        try
        {
            return AdminKey(configuration) switch
            {
                null => [$"{Section}:{name} is set, and holds no key. State the administrator's key, or leave the setting out."],
                { Length: > ApiKey.LongestCredential } => [FormattableString.Invariant(
                    $"{Section}:{name} holds a key of more than {ApiKey.LongestCredential} characters, which no request can state.")],
                _ => [],
            };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [$"Registry:AdminKeyFile cannot be read: {unreadable.Message}"];
        }
    }
}
