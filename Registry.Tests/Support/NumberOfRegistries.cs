using System.Globalization;

namespace Registry.Tests.Support;

/// <summary>How many random registries are tried: a default for every run, more in a campaign.</summary>
internal static class NumberOfRegistries
{
    /// <summary>What the environment variable REGISTRY_TEST_REGISTRIES says; <paramref name="byDefault"/> where it says nothing.</summary>
    public static int Or(int byDefault) =>
        int.TryParse(Environment.GetEnvironmentVariable("REGISTRY_TEST_REGISTRIES"), CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked : byDefault;
}
