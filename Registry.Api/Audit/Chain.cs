using System.Buffers;
using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace Registry.Api.Audit;

/// <summary>
/// Chains rows of the trail: the hash of each is the SHA-256 over the hash of the row before it and all that the row says, so that
/// none can be changed, removed or put in without changing every hash after it.
/// </summary>
/// <remarks>
/// The bytes that are hashed: the hash of the row before (32 zero bytes for the first), then each field in a fixed order: a text as
/// the number of its UTF-8 bytes (4 bytes, little-endian; -1 for none) and those bytes, a number as 8 bytes, little-endian. So no two
/// rows give the same bytes.
/// </remarks>
internal static class Chain
{
    /// <summary>The length of a hash. Unit: bytes.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>What stands for the hash of the row before the first.</summary>
    public static readonly byte[] Start = new byte[HashLength];

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>The hash of a recorded version.</summary>
    public static byte[] Of(byte[] previous, ChainedVersion row)
    {
        var bytes = Begin(previous, "version");
        Add(bytes, row.Site);
        Add(bytes, row.Change);
        Add(bytes, row.Case);
        Add(bytes, row.Kind);
        Add(bytes, row.Code);
        Add(bytes, row.Version);
        Add(bytes, row.Content);
        Add(bytes, row.IsRetracted ? 1 : 0);
        Add(bytes, row.RecordedAt);
        Add(bytes, row.By.Name);
        Add(bytes, row.By.KeyId);
        Add(bytes, row.By.Address);
        Add(bytes, row.By.SentAt);
        Add(bytes, row.Reason);
        return SHA256.HashData(bytes.WrittenSpan);
    }

    /// <summary>The hash of an entry about something else than a record.</summary>
    public static byte[] Of(byte[] previous, long number, string recordedAt, AuditEntry row)
    {
        var bytes = Begin(previous, "entry");
        Add(bytes, number);
        Add(bytes, row.Action);
        Add(bytes, row.Site);
        Add(bytes, row.Subject);
        Add(bytes, row.Detail);
        Add(bytes, row.Anchored?.Number ?? 0);
        Add(bytes, row.Anchored is { } anchored ? Convert.ToHexStringLower(anchored.Hash) : null);
        Add(bytes, recordedAt);
        Add(bytes, row.By.Name);
        Add(bytes, row.By.KeyId);
        Add(bytes, row.By.Address);
        Add(bytes, row.Reason);
        return SHA256.HashData(bytes.WrittenSpan);
    }

    private static ArrayBufferWriter<byte> Begin(byte[] previous, string form)
    {
        var bytes = _buffer ??= new ArrayBufferWriter<byte>(1024);
        bytes.ResetWrittenCount();
        bytes.Write(previous);
        Add(bytes, form);
        return bytes;
    }

    private static void Add(ArrayBufferWriter<byte> bytes, string? text)
    {
        var length = text is null ? 0 : Encoding.UTF8.GetByteCount(text);
        var span = bytes.GetSpan(sizeof(int) + length);
        BinaryPrimitives.WriteInt32LittleEndian(span, text is null ? -1 : length);
        Encoding.UTF8.GetBytes(text ?? string.Empty, span[sizeof(int)..]);
        bytes.Advance(sizeof(int) + length);
    }

    private static void Add(ArrayBufferWriter<byte> bytes, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(sizeof(long)), number);
        bytes.Advance(sizeof(long));
    }
}

/// <summary>The place that a chain has reached: the number of its latest row, and the hash of that.</summary>
/// <param name="Number">The number; 0 for a chain without rows. Unit: count.</param>
/// <param name="Hash">The hash.</param>
internal readonly record struct Head(long Number, byte[] Hash)
{
    /// <summary>A chain without rows.</summary>
    public static readonly Head None = new(0, Chain.Start);
}

/// <summary>A recorded version with all that its hash covers.</summary>
/// <param name="Site">The site.</param>
/// <param name="Change">The number of the change at the site.</param>
/// <param name="Case">The case; empty for the site itself.</param>
/// <param name="Kind">The kind of record.</param>
/// <param name="Code">The record's own key; empty for the site and for a case.</param>
/// <param name="Version">The version.</param>
/// <param name="Content">The content as stored, without any patient reference.</param>
/// <param name="IsRetracted">Whether the version withdraws the record.</param>
/// <param name="RecordedAt">The instant of receipt.</param>
/// <param name="By">Who sent it.</param>
/// <param name="Reason">Why; null for a first version.</param>
internal sealed record ChainedVersion(
    string Site,
    long Change,
    string Case,
    string Kind,
    string Code,
    int Version,
    string Content,
    bool IsRetracted,
    string RecordedAt,
    Sender By,
    string? Reason)
{
    /// <summary>The columns that <see cref="Read"/> reads, in its order.</summary>
    public const string Columns =
        "site_code, change_number, case_code, kind, resource_code, version, content, is_retracted, recorded_at, recorded_by, key_id, "
        + "client_address, sent_at, reason, hash";

    /// <summary>Reads a row.</summary>
    /// <returns>The version, and the hash that is stored with it; null for one that is not chained yet.</returns>
    public static (ChainedVersion Version, byte[]? Hash) Read(DbDataReader row) => (
        new ChainedVersion(
            row.GetString(0),
            row.GetInt64(1),
            row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            row.GetInt32(5),
            row.GetString(6),
            row.GetInt32(7) == 1,
            row.GetString(8),
            new Sender(row.GetString(9), Text(row, 10), Text(row, 11), Text(row, 12)),
            Text(row, 13)),
        row.GetValue(14) as byte[]);

    /// <summary>A text that may be NULL.</summary>
    public static string? Text(DbDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : row.GetString(ordinal);
}
