using System.Security.Cryptography;
using System.Text;
using Registry.Api.Data;

namespace Registry.Api.Cohorts;

/// <summary>
/// The names under which cases are handed out: a keyed hash (HMAC-SHA-256, 80 bits of it) of the site and its own case number.
/// The key is random, made once and kept in the database: a name stays the same for this registry always, and says nothing to
/// who does not have the key.
/// </summary>
internal sealed class Pseudonyms(IDatabase database)
{
    private const string Name = "pseudonym";
    private const int KeyBytes = 32;
    private const int NameBytes = 10;

    private byte[]? _key;

    /// <summary>Names cases by the key of this registry, which is made where there is none yet.</summary>
    public async ValueTask<Func<string, string, string>> Current(CancellationToken cancellation)
    {
        var key = Volatile.Read(ref _key) ?? await database.Read(Find, cancellation) ?? await database.Write([], Make, cancellation);
        Volatile.Write(ref _key, key);
        return (site, code) => Of(key, site, code);
    }

    private static string Of(byte[] key, string site, string code)
    {
        // Neither holds a line break.
        Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(site.Length + 1 + code.Length)];
        var length = Encoding.UTF8.GetBytes(site, text);
        text[length++] = (byte)'\n';
        length += Encoding.UTF8.GetBytes(code, text[length..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text[..length], hash);
        return "c" + Convert.ToHexStringLower(hash[..NameBytes]);
    }

    private static async Task<byte[]?> Find(Session session) =>
        await session.Single<string>("SELECT secret_value FROM registry_secret WHERE secret_name = @Name", new { Name }) is { } text ? Convert.FromHexString(text) : null;

    private static async Task<byte[]> Make(Session session)
    {
        await session.Execute(
            "INSERT INTO registry_secret (secret_name, secret_value) SELECT @Name, @value WHERE NOT EXISTS (SELECT 1 FROM registry_secret WHERE secret_name = @Name)",
            new { Name, value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)) });
        return (await Find(session))!;
    }
}
