using System.Globalization;
using System.Net;

namespace Registry.Api.Http;

/// <summary>
/// What is said about where to listen, checked before anything is opened. The web server takes a host that it cannot read for all
/// interfaces; here only one that is written as such is.
/// </summary>
internal static class ListenAddresses
{
    private const int LastPort = 65535;
    private const string Example = "http://127.0.0.1:5080, or http://*:5080 for all interfaces";

    /// <summary>Whether anything is said.</summary>
    public static bool AreStated(IConfiguration configuration) =>
        new[] { WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey }.Any(
            key => !string.IsNullOrWhiteSpace(configuration[key]))
        || configuration.GetSection("Kestrel:Endpoints").Exists();

    /// <summary>What is said, in words.</summary>
    public static string Stated(IConfiguration configuration) =>
        configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } urls ? urls : "the addresses of its settings";

    /// <summary>What is wrong with the settings, each in a sentence.</summary>
    public static IEnumerable<string> FaultsOf(IConfiguration configuration) =>
    [
        .. FaultsOfUrls("--urls or ASPNETCORE_URLS", configuration[WebHostDefaults.ServerUrlsKey]),
        .. configuration.GetSection("Kestrel:Endpoints").GetChildren().SelectMany(
            endpoint => FaultsOfUrls($"{endpoint.Path}:Url", endpoint["Url"])),
        .. FaultsOfPorts("ASPNETCORE_HTTP_PORTS", configuration[WebHostDefaults.HttpPortsKey]),
        .. FaultsOfPorts("ASPNETCORE_HTTPS_PORTS", configuration[WebHostDefaults.HttpsPortsKey]),
    ];

    private static IEnumerable<string> FaultsOfUrls(string name, string? stated) =>
        Parts(stated).DefaultIfEmpty(string.Empty)
            .Where(address => !string.IsNullOrWhiteSpace(stated) && !IsAddress(address))
            .Select(address => $"{name} holds '{address}', which is no address to listen on. State one such as {Example}.");

    private static IEnumerable<string> FaultsOfPorts(string name, string? stated) =>
        Parts(stated).DefaultIfEmpty(string.Empty)
            .Where(port => !string.IsNullOrWhiteSpace(stated)
                && !(int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= LastPort))
            .Select(port => string.Create(
                CultureInfo.InvariantCulture,
                $"{name} holds '{port}'; a port is a whole number from 0 to {LastPort}, and several are separated by semicolons."));

    private static string[] Parts(string? stated) =>
        (stated ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsAddress(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            return address.Scheme.ToLowerInvariant() is "http" or "https" && address.PathBase.Length == 0
                && (address.IsUnixPipe || address.IsNamedPipe || (address.Port is >= 0 and <= LastPort && IsHost(address.Host)));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    // 127.1 and 1 are addresses to the parser, and hardly to who wrote them.
    private static bool IsHost(string host) =>
        host is "*" or "+"
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && (host.StartsWith('[') || address.ToString() == host));
}
