using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Registry.Api.Access;
using Registry.Api.Data;
using Registry.Api.Summaries;

namespace Registry.Api.Cohorts;

/// <summary>
/// The names under which cases are handed out: a keyed hash (HMAC-SHA-256, 80 bits of it) of the site and its own case number. Where sites
/// are masked, a site goes by one of its code (48 bits). The key is random, made once and kept in the database: a name stays the same for
/// this registry always, and says nothing to who does not have the key.
/// </summary>
internal sealed class Pseudonyms(IDatabase database, Disclosure disclosure)
{
    private const string Name = "pseudonym";
    private const int KeyBytes = 32;
    private const int CaseBytes = 10;
    private const int SiteBytes = 6;

    // No case and no site has such a name: theirs are not empty.
    private const string OfSnapshots = "\nsnapshot";
    private const string OfCursors = "\ncursor";

    private readonly ConcurrentDictionary<string, string> _sites = new(StringComparer.Ordinal);
    private byte[]? _key;

    /// <summary>Names cases by the key of this registry, which is made where there is none yet.</summary>
    public async ValueTask<Func<string, string, string>> Current(CancellationToken cancellation)
    {
        var key = await Key(cancellation);

        // Neither holds a line break.
        return (site, code) => "c" + Of(key, $"{site}\n{code}", CaseBytes);
    }

    /// <summary>The names of sites as a caller sees them.</summary>
    public async ValueTask<SiteNames> SitesFor(ClaimsPrincipal caller, CancellationToken cancellation)
    {
        if (!disclosure.MasksSitesFor(caller))
        {
            return SiteNames.Codes;
        }

        // Of sites that there are alone: so many are remembered.
        var key = await Key(cancellation);
        return SiteNames.Masked(site => _sites.GetOrAdd(site, static (code, key) => "s" + Of(key, code, SiteBytes), key));
    }

    /// <summary>
    /// What the digests of snapshots are salted with: derived from the key of this registry, the same for it always, and shown to nobody.
    /// </summary>
    public async ValueTask<string> SnapshotSalt(CancellationToken cancellation) =>
        Of(await Key(cancellation), OfSnapshots, HMACSHA256.HashSizeInBytes);

    /// <summary>Seals the numbers of cases in cursors, by a key derived from that of this registry.</summary>
    public async ValueTask<CaseSeal> Seal(CancellationToken cancellation) =>
        new(Convert.FromHexString(Of(await Key(cancellation), OfCursors, CaseSeal.KeyBytes)));

    private static string Of(byte[] key, string text, int length)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes[..Encoding.UTF8.GetBytes(text, bytes)], hash);
        return Convert.ToHexStringLower(hash[..length]);
    }

    private async ValueTask<byte[]> Key(CancellationToken cancellation)
    {
        var key = Volatile.Read(ref _key) ?? await database.Read(Find, cancellation) ?? await database.Write([], Make, cancellation);
        Volatile.Write(ref _key, key);
        return key;
    }

    private static async Task<byte[]?> Find(Session session) =>
        await session.Single<string>("SELECT secret_value FROM registry_secret WHERE secret_name = @Name", new { Name }) is { } text
            ? Convert.FromHexString(text)
            : null;

    private static async Task<byte[]> Make(Session session)
    {
        await session.Execute(
            "INSERT INTO registry_secret (secret_name, secret_value) SELECT @Name, @value WHERE NOT EXISTS (SELECT 1 FROM registry_secret "
                + "WHERE secret_name = @Name)",
            new { Name, value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)) });
        return (await Find(session))!;
    }
}
