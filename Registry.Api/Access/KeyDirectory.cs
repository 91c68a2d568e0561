using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Domain.Common;
using Registry.Domain.Sites;

namespace Registry.Api.Access;

/// <summary>
/// Finds the key that a caller states. On the embedded engine, where this process is the only writer, all keys are kept in memory until one
/// is issued or revoked; elsewhere each request looks its key up by an index, so that a revocation on one instance holds on every other at
/// once.
/// </summary>
internal sealed class KeyDirectory(IDatabase database, TimeProvider clock, ConfiguredKeys configured)
{
    private const string Columns = "key_id, key_hash, name, role, site_code, expires_on, CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END";

    private static readonly Statement All = new($"SELECT {Columns} FROM access_key");
    private static readonly Statement One = new($"SELECT {Columns} FROM access_key WHERE key_id = @p0");
    private static readonly Statement Used =
        new("UPDATE access_key SET last_used_at = @p1 WHERE key_id = @p0 AND (last_used_at IS NULL OR last_used_at < @p1)");

    private readonly Remembered<Dictionary<ulong, KnownKey>> _kept = new();
    private readonly ConcurrentDictionary<string, long> _lastUse = new(StringComparer.Ordinal);
    private long _lastNoted = long.MinValue;

    /// <summary>The key, or null where there is none of this text. It may have ended.</summary>
    public async ValueTask<KnownKey?> Find(string key, CancellationToken cancellation)
    {
        var hash = ApiKey.Hash(key);
        if (configured.Find(hash) is { } known)
        {
            return known;
        }

        if (!ApiKey.IsWellFormed(key))
        {
            return null;
        }

        var found = database.CommitNumber is null
            ? (await database.LookUp(One, Read, cancellation, ApiKey.IdOf(hash))).FirstOrDefault()
            : (_kept.Value ?? await ReadAll(cancellation)).GetValueOrDefault(Beginning(hash));

        // The whole hash is compared in constant time: how long it takes tells nothing about the key.
        return found is not null && CryptographicOperations.FixedTimeEquals(hash, found.Hash) ? found : null;
    }

    /// <summary>Whether a key is no longer valid: revoked or expired.</summary>
    public bool HasEnded(KnownKey key) =>
        (key.IsRevoked || key.ExpiresOn is not null) && key.HasEnded(SiteTimeZone.DayAt(clock.GetUtcNow(), null));

    /// <summary>Forgets what is kept: a key was issued or revoked.</summary>
    public void Forget() => _kept.Forget();

    /// <summary>Notes that a key was used just now. Stored with <see cref="StoreLastUse"/>.</summary>
    public void NoteUse(KnownKey key)
    {
        var now = clock.GetUtcNow().UtcTicks;
        if (!_lastUse.TryGetValue(key.Id, out var last) || now - last >= TimeSpan.TicksPerSecond)
        {
            _lastUse[key.Id] = now;
        }
    }

    /// <summary>When a key was last used on this instance, to the second; null when it was not since the start.</summary>
    public DateTimeOffset? LastUseHere(string id) =>
        _lastUse.TryGetValue(id, out var ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Stores the last use of every key that was used since the last time.</summary>
    public async Task StoreLastUse(CancellationToken cancellation)
    {
        var used = _lastUse.Where(pair => pair.Value > _lastNoted && !configured.Has(pair.Key)).ToList();
        if (used.Count == 0)
        {
            return;
        }

        await database.Write(
            [],
            async session =>
            {
                await session.Apply([.. used.Select(
                    pair => (Used, new object?[] { pair.Key, Recorder.Instant(new DateTimeOffset(pair.Value, TimeSpan.Zero)) }))]);
                return true;
            },
            cancellation);
        _lastNoted = used.Max(pair => pair.Value);
    }

    private ValueTask<Dictionary<ulong, KnownKey>> ReadAll(CancellationToken cancellation) =>
        _kept.Read(async () => (await database.LookUp(All, Read, cancellation)).ToDictionary(key => Beginning(key.Hash)));

    private static KnownKey Read(DbDataReader row) => new(
        row.GetString(0),
        Convert.FromHexString(row.GetString(1)),
        row.GetString(2),
        Code.Parse<Role>(row.GetString(3))!.Value,
        row.IsDBNull(4) ? null : SiteCode.Of(row.GetString(4)),
        row.IsDBNull(5) ? null : DateOnly.ParseExact(row.GetString(5), "yyyy-MM-dd", CultureInfo.InvariantCulture),
        row.GetInt32(6) == 1);

    private static ulong Beginning(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64BigEndian(hash);
}

/// <summary>Stores once a minute, and at the end, when keys were last used.</summary>
internal sealed partial class LastUseWriter(KeyDirectory keys, TimeProvider clock, ILogger<LastUseWriter> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Store(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await Store(CancellationToken.None);
        }
    }

    private async Task Store(CancellationToken cancellation)
    {
        try
        {
            await keys.StoreLastUse(cancellation);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogNotStored(failed.GetType().Name);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The last use of the keys could not be stored ({Why}); it will be in a minute")]
    private partial void LogNotStored(string why);
}
