using System.Globalization;

namespace Registry.Tests.Support;

/// <summary>How much is tried: a default for every run, more in a campaign, as an environment variable says.</summary>
internal static class CampaignSize
{
    /// <summary>The random registries: REGISTRY_TEST_REGISTRIES.</summary>
    public static int Registries(int byDefault) => Stated("REGISTRY_TEST_REGISTRIES") ?? byDefault;

    /// <summary>How often the program is killed: REGISTRY_TEST_KILLS.</summary>
    public static int Kills(int byDefault) => Stated("REGISTRY_TEST_KILLS") ?? byDefault;

    private static int? Stated(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var stated) && stated > 0 ? stated : null;
}
