using System.Globalization;

namespace Registry.Tests.Support;

/// <summary>How much is tried: a default for every run, more in a campaign, as an environment variable says.</summary>
internal static class CampaignSize
{
    /// <summary>The random registries: what REGISTRY_TEST_REGISTRIES says, <paramref name="byDefault"/> where it says nothing.</summary>
    public static int Registries(int byDefault) =>
        int.TryParse(Environment.GetEnvironmentVariable("REGISTRY_TEST_REGISTRIES"), CultureInfo.InvariantCulture, out var stated)
            && stated > 0
            ? stated
            : byDefault;
}
