using System.Security.Cryptography;
using Registry.Api.Demonstration;
using Registry.Domain.Common;

namespace Registry.Api.Access;

/// <summary>
/// The keys that stand in no table: the administrator's, from <c>Registry:AdminKey</c> or <c>Registry:AdminKeyFile</c>, and in development
/// one for each other role. Without any, nothing but health is answered until one is configured.
/// </summary>
internal sealed class ConfiguredKeys(IConfiguration configuration, IHostEnvironment environment)
{
    /// <summary>The id and the name of the administrator's key.</summary>
    public const string Administrator = "administrator";

    private readonly KnownKey[] _keys =
    [
        .. RegistrySettings.AdminKey(configuration) is { } key ? [Known(Administrator, key, Role.Admin, null)] : Array.Empty<KnownKey>(),
        .. environment.IsDevelopment()
            ? DemonstrationData.Keys.Select(
                demo => Known("demonstration-" + demo.Role.ToString().ToLowerInvariant(), demo.Key, demo.Role, demo.Site))
            : [],
    ];

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
}
