using System.Security.Cryptography;
using Registry.Api.Demonstration;
using Registry.Domain.Common;

namespace Registry.Api.Access;

/// <summary>
/// The keys that stand in no table: the administrator's, from <c>Registry:AdminKey</c> or <c>Registry:AdminKeyFile</c>, and in development
/// one for each other role. Without any, nothing but health is answered until one is configured.
/// </summary>
internal sealed partial class ConfiguredKeys
{
    // Of letters and digits drawn at random, more than anyone can try; what people make up is guessed sooner. Unit: characters.
    private const int ShortestKey = 16;

    private readonly KnownKey[] _keys;

    public ConfiguredKeys(IConfiguration configuration, IHostEnvironment environment, ILogger<ConfiguredKeys> log)
    {
        var key = RegistrySettings.AdminKey(configuration);
        _keys =
        [
            .. key is null ? Array.Empty<KnownKey>() : [Known(ReservedNames.Administrator, key, Role.Admin, null)],
            .. environment.IsDevelopment()
                ? DemonstrationData.Keys.Select(
                    demo => Known(ReservedNames.Demonstration + demo.Role.ToString().ToLowerInvariant(), demo.Key, demo.Role, demo.Site))
                : [],
        ];
        if (key is { Length: < ShortestKey })
        {
            LogShortKey(log, ShortestKey);
        }
    }

    /// <summary>The key with this hash, or null. Each is compared in constant time.</summary>
    public KnownKey? Find(ReadOnlySpan<byte> hash)
    {
        foreach (var key in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash))
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>Whether one of them has this id.</summary>
    public bool Has(string id) => _keys.Any(key => key.Id == id);

    private static KnownKey Known(string id, string key, Role role, SiteCode? site) =>
        new(id, ApiKey.Hash(key), id, role, site, null, IsRevoked: false);

    [LoggerMessage(
        LogLevel.Warning,
        "The administrator's key of the settings has fewer than {Shortest} characters and can be guessed; use a random one")]
    private static partial void LogShortKey(ILogger log, int shortest);
}
