using Registry.Api.Data;
using Registry.Api.Recording;

namespace Registry.Api.Audit;

/// <summary>An event other than a recorded version, as the trail holds it.</summary>
/// <param name="Action">What: one of <see cref="AuditActions"/>.</param>
/// <param name="Site">The site that it is about; empty for none.</param>
/// <param name="Subject">What it is about, such as the id of a key: up to 200 characters, and never a patient reference.</param>
/// <param name="By">Who did it.</param>
/// <param name="Reason">Why; null when not stated.</param>
/// <param name="Detail">More about it, as JSON; null for nothing more.</param>
internal sealed record AuditEntry(string Action, string Site, string Subject, Sender By, string? Reason = null, string? Detail = null)
{
    /// <summary>Of an anchor: the head of the site's chain.</summary>
    public Head? Anchored { get; init; }
}

/// <summary>The actions that are no records.</summary>
internal static class AuditActions
{
    /// <summary>The head of the chain of a site is anchored in the chain of the registry.</summary>
    public const string Anchor = "anchor";

    /// <summary>A patient reference was erased.</summary>
    public const string Erasure = "erasure";

    /// <summary>A key was created.</summary>
    public const string KeyCreated = "key-created";

    /// <summary>A key was revoked.</summary>
    public const string KeyRevoked = "key-revoked";

    /// <summary>Cases left the registry, row by row.</summary>
    public const string Export = "export";

    /// <summary>A state of the data was kept under a name.</summary>
    public const string Snapshot = "snapshot";
}

/// <summary>
/// Adds to the chain of the registry: what happened besides records. Records need no entry: their versions are chained themselves.
/// </summary>
internal sealed class AuditLog(TimeProvider clock)
{
    /// <summary>
    /// The name to state among the sites of <see cref="IDatabase.Write"/> where something is appended, so that one waits for the other.
    /// </summary>
    public const string Chain = "";

    private static readonly Statement NewEntry = new(
        """
        INSERT INTO audit_entry (entry_number, action, site_code, subject, detail, recorded_at, recorded_by, key_id, client_address,
          reason, hash)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)
        """);

    private static readonly Statement NewAnchor = new(
        """
        INSERT INTO audit_entry (entry_number, action, site_code, subject, detail, recorded_at, recorded_by, key_id, client_address,
          reason, hash, change_number, head)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)
        """);

    /// <summary>Adds entries, in the transaction of what they are about.</summary>
    /// <param name="session">A session that writes, with <see cref="Chain"/> among its sites.</param>
    /// <param name="entries">The entries, in order.</param>
    public async Task Append(Session session, params IReadOnlyList<AuditEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        var head = await Heads.Of(session, Chain);
        foreach (var entry in entries)
        {
            var (number, at) = (head.Number + 1, Recorder.Instant(clock.GetUtcNow()));
            head = new Head(number, Audit.Chain.Of(head.Hash, number, at, entry));
            object?[] values =
            [
                number, entry.Action, entry.Site, entry.Subject, entry.Detail, at, entry.By.Name, entry.By.KeyId, entry.By.Address,
                entry.Reason, head.Hash,
            ];
            await (entry.Anchored is { } anchored
                ? session.Run(NewAnchor, [.. values, anchored.Number, anchored.Hash])
                : session.Run(NewEntry, values));
        }

        await Heads.Move(session, Chain, head);
    }
}
