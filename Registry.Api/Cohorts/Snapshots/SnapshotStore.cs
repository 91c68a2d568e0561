using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Registry.Api.Audit;
using Registry.Api.Data;

namespace Registry.Api.Cohorts.Snapshots;

/// <summary>A text that is stored: its digest, and the text itself, compressed.</summary>
/// <param name="Digest">The SHA-256 of the text.</param>
/// <param name="Length">The length of the text. Unit: bytes.</param>
/// <param name="Content">The text, compressed.</param>
internal sealed record StoredText(byte[] Digest, int Length, byte[] Content)
{
    /// <summary>How texts are compressed.</summary>
    public const string Coding = "br";

    private const int Quality = 1;
    private const int Window = 22;

    /// <summary>Digests and compresses a text.</summary>
    public static StoredText Of(ReadOnlySpan<byte> text)
    {
        var content = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(text.Length));
        try
        {
            return BrotliEncoder.TryCompress(text, content, out var length, Quality, Window)
                ? new StoredText(SHA256.HashData(text), text.Length, content[..length])
                : throw new InvalidOperationException("A text cannot be compressed.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(content);
        }
    }

    /// <summary>The text; null where it is not the one that the digest names.</summary>
    public byte[]? Text() => Decompressed() is { } text && SHA256.HashData(text).AsSpan().SequenceEqual(Digest) ? text : null;

    /// <summary>The digest of the text as it is now; that of nothing where it cannot be decompressed.</summary>
    public byte[] DigestNow() => SHA256.HashData(Decompressed() ?? []);

    private byte[]? Decompressed()
    {
        var text = new byte[Math.Max(0, Length)];
        return BrotliDecoder.TryDecompress(Content, text, out var length) && length == Length ? text : null;
    }
}

/// <summary>Reads and writes snapshots. Nothing of them is ever changed.</summary>
internal static class SnapshotStore
{
    private const string Columns =
        "s.snapshot_id, s.cohort_name, s.cohort_version, s.title, s.filter, s.as_of_day, s.row_format, s.rules_version, s.data_version, "
        + "s.data_versions, s.cases, s.row_count, s.sha256, s.created_at, s.created_by";

    private static readonly Statement One = new($"SELECT {Columns} FROM snapshot s WHERE s.snapshot_id = @p0");

    private static readonly Dictionary<string, Statement> Lists = new[] { "sqlite", "sqlserver" }.ToDictionary(engine => engine, engine =>
        new Statement(
            $"SELECT {Columns} FROM snapshot s WHERE s.cohort_name = @p0 AND s.snapshot_id > @p1 ORDER BY s.snapshot_id "
                + $"{Dialect.First(engine, "@p2")}"));

    private static readonly Statement Contents =
        new("SELECT part_number, table_name, row_count, part_digest FROM snapshot_content WHERE snapshot_id = @p0 ORDER BY part_number");
    private static readonly Statement Part =
        new("SELECT part_digest, content_bytes, content FROM snapshot_part WHERE part_digest = @p0 AND coding = @p1");

    private static readonly Statement NewPart = new(
        "INSERT INTO snapshot_part (part_digest, coding, content_bytes, content) SELECT @p0, @p1, @p2, @p3 WHERE NOT EXISTS (SELECT 1 FROM "
            + "snapshot_part WHERE part_digest = @p0)");

    private static readonly Statement NewContent =
        new("INSERT INTO snapshot_content (snapshot_id, part_number, table_name, row_count, part_digest) VALUES (@p0, @p1, @p2, @p3, @p4)");

    private static readonly Statement NewSnapshot = new(
        """
        INSERT INTO snapshot (snapshot_id, cohort_name, cohort_version, title, filter, as_of_day, row_format, rules_version, data_version,
          data_versions, cases, row_count, sha256, created_at, created_by, key_id)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15)
        """);

    /// <summary>A snapshot; null where there is none of this id.</summary>
    public static async Task<Snapshot?> Find(IDatabase database, string id, CancellationToken cancellation) =>
        await database.LookUp(One, Read, cancellation, id) is [var found] ? found : null;

    /// <summary>The snapshots of a cohort behind an id, in the order of their ids.</summary>
    public static Task<List<Snapshot>> List(IDatabase database, string cohort, string after, int count, CancellationToken cancellation) =>
        database.LookUp(Lists[database.Engine], Read, cancellation, cohort, after, count);

    /// <summary>The parts of a snapshot, in their order.</summary>
    public static Task<List<SnapshotPart>> Parts(IDatabase database, string id, CancellationToken cancellation) =>
        database.LookUp(
            Contents,
            static row => new SnapshotPart(row.GetInt32(0), row.GetString(1), row.GetInt64(2), (byte[])row.GetValue(3)),
            cancellation,
            id);

    /// <summary>The text of a part as it is stored, with the digest and length that are stored with it; null where it is gone.</summary>
    public static async Task<StoredText?> Text(IDatabase database, byte[] digest, CancellationToken cancellation) =>
        await database.LookUp(
            Part,
            static row => new StoredText((byte[])row.GetValue(0), row.GetInt32(1), (byte[])row.GetValue(2)),
            cancellation,
            digest,
            StoredText.Coding) is [var found]
            ? found
            : null;

    /// <summary>Adds texts; what is there already stays as it is.</summary>
    public static ValueTask Add(Session session, IEnumerable<StoredText> texts) =>
        session.Apply([.. texts.Select(text => (NewPart, (object?[])[text.Digest, StoredText.Coding, text.Length, text.Content]))]);

    /// <summary>Adds a snapshot whose texts are there.</summary>
    public static async Task Add(Session session, Snapshot snapshot, IReadOnlyList<SnapshotPart> parts, Sender by)
    {
        await session.Run(
            NewSnapshot,
            snapshot.Id,
            snapshot.Cohort,
            snapshot.CohortVersion,
            snapshot.Title,
            snapshot.Filter,
            snapshot.AsOf.DayNumber,
            snapshot.Format,
            snapshot.RulesVersion,
            snapshot.DataVersion,
            snapshot.DataVersions,
            snapshot.Cases,
            snapshot.Rows,
            snapshot.Sha256,
            snapshot.CreatedAt,
            snapshot.CreatedBy,
            by.KeyId);
        await session.Apply(
            [.. parts.Select(part => (NewContent, (object?[])[snapshot.Id, part.Number, part.Table, part.Rows, part.Digest]))]);
    }

    private static Snapshot Read(DbDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetInt32(2),
        row.IsDBNull(3) ? null : row.GetString(3),
        row.GetString(4),
        DateOnly.FromDayNumber(row.GetInt32(5)),
        row.GetInt32(6),
        row.GetInt32(7),
        Convert.ToInt64(row.GetValue(8), CultureInfo.InvariantCulture),
        row.GetString(9),
        row.GetInt32(10),
        Convert.ToInt64(row.GetValue(11), CultureInfo.InvariantCulture),
        (byte[])row.GetValue(12),
        row.GetString(13),
        row.GetString(14));
}
