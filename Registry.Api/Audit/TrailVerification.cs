using Registry.Api.Data;
using Registry.Domain.Common;

namespace Registry.Api.Audit;

/// <summary>How a chain is broken.</summary>
internal enum BreakKind
{
    /// <summary>A row that has to be there is not, at the end or in the middle.</summary>
    Missing,

    /// <summary>A row does not say what it said when it was chained, or a row before it does not.</summary>
    Altered,

    /// <summary>A row is there that was never chained.</summary>
    Added,

    /// <summary>The chain is whole in itself, and is not the one whose head was anchored or kept elsewhere.</summary>
    Replaced,
}

/// <summary>The first break that was found.</summary>
/// <param name="Site">The site whose chain it is.</param>
/// <param name="Number">The number of the row: the change of the site, or the entry of the registry.</param>
/// <param name="Kind">How the chain is broken there.</param>
/// <param name="Detail">What differs, in a sentence.</param>
internal sealed record ChainBreak(
    [Missing("absent for the chain of the registry")] string? Site,
    [Unit("count")] long Number,
    BreakKind Kind,
    string Detail);

/// <summary>What a verification found.</summary>
/// <param name="Verified">True when every chain is whole, and is the one whose heads were anchored and kept.</param>
/// <param name="Rows">How many rows were looked at.</param>
/// <param name="Break">The first break.</param>
internal sealed record VerificationAnswer(
    bool Verified,
    [Unit("rows")] long Rows,
    [Missing("absent when there is none")] ChainBreak? Break);

/// <summary>
/// Computes every hash of the trail anew and holds it against the one that is stored, batch by batch, up to the head that each chain
/// had when its verification began; and holds the chains against their anchors.
/// </summary>
internal sealed class TrailVerification(IDatabase database)
{
    private const int RowsAtOnce = 5000;

    private static readonly Statement Sites = new(
        """
        SELECT s.site_code FROM site s
        UNION SELECT d.site_code FROM data_version d WHERE d.table_name = 'record'
        UNION SELECT e.site_code FROM audit_entry e WHERE e.change_number IS NOT NULL
        """);

    private static readonly Statement LastVersion = new("SELECT MAX(change_number) FROM resource_version WHERE site_code = @p0");
    private static readonly Statement LastEntry = new("SELECT MAX(entry_number) FROM audit_entry");
    private static readonly Statement LastAnchor =
        new("SELECT MAX(change_number) FROM audit_entry WHERE site_code = @p0 AND change_number IS NOT NULL");

    private static readonly Statement Versions = new(
        $"SELECT {ChainedVersion.Columns} FROM resource_version WHERE site_code = @p0 AND change_number > @p1 AND change_number <= @p1 + "
            + $"{RowsAtOnce} AND change_number <= @p2 ORDER BY change_number");

    private static readonly Statement AnchorsOf = new(
        $"SELECT change_number, head FROM audit_entry WHERE site_code = @p0 AND change_number > @p1 AND change_number <= @p1 + "
            + $"{RowsAtOnce} AND change_number <= @p2");

    private static readonly Statement Entries = new(
        $"""
        SELECT entry_number, action, site_code, subject, detail, change_number, head, recorded_at, recorded_by, key_id, client_address,
          reason, hash
        FROM audit_entry WHERE entry_number > @p0 AND entry_number <= @p0 + {RowsAtOnce} AND entry_number <= @p1 ORDER BY entry_number
        """);

    /// <summary>Verifies the chain of the registry and those of the sites.</summary>
    /// <param name="site">The one site whose chain is verified; null for all chains.</param>
    /// <param name="kept">A head that was kept elsewhere, of that site or, with no site, of the registry; null for none.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<VerificationAnswer> Verify(string? site, Head? kept, CancellationToken cancellation)
    {
        var rows = 0L;
        if (site is null)
        {
            var (read, broken) = await VerifyRegistry(kept, cancellation);
            rows += read;
            if (broken is not null)
            {
                return new VerificationAnswer(false, rows, broken);
            }
        }

        foreach (var one in site is null
            ? await database.Compute(session => session.Rows(Sites, static row => row.GetString(0)).AsTask(), cancellation)
            : [site])
        {
            var (read, broken) = await VerifySite(one, site is null ? null : kept, cancellation);
            rows += read;
            if (broken is not null)
            {
                return new VerificationAnswer(false, rows, broken);
            }
        }

        return new VerificationAnswer(true, rows, null);
    }

    private async Task<(long Rows, ChainBreak? Break)> VerifyRegistry(Head? kept, CancellationToken cancellation)
    {
        var (last, head) = await database.Compute(
            async session => (await Largest(session, LastEntry), await Heads.Of(session, AuditLog.Chain)), cancellation);
        var reached = Head.None;
        while (reached.Number < head.Number)
        {
            var batch =
                await database.Compute(session => session.Rows(Entries, ReadEntry, reached.Number, head.Number).AsTask(), cancellation);
            foreach (var (number, at, entry, hash) in batch)
            {
                if (Missing(null, reached.Number, number) is { } missing)
                {
                    return (reached.Number, missing);
                }

                reached = new Head(number, Chain.Of(reached.Hash, number, at, entry));
                if (!reached.Hash.AsSpan().SequenceEqual(hash))
                {
                    return (reached.Number, Altered(null, number, "the entry"));
                }

                if (Replaced(null, reached, kept, "kept elsewhere") is { } replaced)
                {
                    return (reached.Number, replaced);
                }
            }

            if (batch.Count == 0)
            {
                return (reached.Number, last > reached.Number
                    ? Missing(null, reached.Number, last)
                    : CutOff(null, reached.Number, head.Number, "the head says"));
            }
        }

        return (reached.Number, EndOf(null, reached, head, last, kept));
    }

    private async Task<(long Rows, ChainBreak? Break)> VerifySite(string site, Head? kept, CancellationToken cancellation)
    {
        // The latest row before the head: a write that comes between moves both on.
        var (last, lastAnchor, head) = await database.Compute(
            async session =>
                (await Largest(session, LastVersion, site), await Largest(session, LastAnchor, site), await Heads.Of(session, site)),
            cancellation);
        var reached = Head.None;
        while (reached.Number < head.Number)
        {
            var (batch, anchors) = await database.Compute(
                async session => (
                    await session.Rows(Versions, ChainedVersion.Read, site, reached.Number, head.Number),
                    (await session.Rows(AnchorsOf, Heads.Read, site, reached.Number, head.Number))
                        .ToLookup(anchor => anchor.Number, anchor => anchor.Hash)),
                cancellation);
            foreach (var (version, hash) in batch)
            {
                if (Missing(site, reached.Number, version.Change) is { } missing)
                {
                    return (reached.Number, missing);
                }

                reached = new Head(version.Change, Chain.Of(reached.Hash, version));
                if (hash is null || !reached.Hash.AsSpan().SequenceEqual(hash))
                {
                    return (reached.Number, Altered(site, version.Change, Name(version)));
                }

                foreach (var anchor in anchors[version.Change])
                {
                    if (Replaced(site, reached, new Head(version.Change, anchor), "anchored in the chain of the registry") is { } replaced)
                    {
                        return (reached.Number, replaced);
                    }
                }

                if (Replaced(site, reached, kept, "kept elsewhere") is { } other)
                {
                    return (reached.Number, other);
                }
            }

            if (batch.Count == 0)
            {
                return (reached.Number, last > reached.Number
                    ? Missing(site, reached.Number, last)
                    : CutOff(site, reached.Number, head.Number, "the head says"));
            }
        }

        return (reached.Number, EndOf(site, reached, head, last, kept)
            ?? (lastAnchor > reached.Number ? CutOff(site, reached.Number, lastAnchor, "an anchor says") : null));
    }

    private static async Task<long> Largest(Session session, Statement statement, params object?[] values) =>
        (await session.Rows(statement, static row => row.IsDBNull(0) ? 0 : row.GetInt64(0), values)).Single();

    private static string Name(ChainedVersion version) => (version.Case, version.Code) switch
    {
        ("", _) => FormattableString.Invariant($"version {version.Version} of the site"),
        (_, "") => FormattableString.Invariant($"version {version.Version} of case '{version.Case}'"),
        _ => FormattableString.Invariant($"version {version.Version} of {version.Kind} '{version.Code}' of case '{version.Case}'"),
    };

    private static ChainBreak? Missing(string? site, long reached, long number) => number == reached + 1
        ? null
        : new ChainBreak(
            site, reached + 1, BreakKind.Missing, FormattableString.Invariant($"Number {reached + 1} is not there, and later ones are."));

    private static ChainBreak Altered(string? site, long number, string what) =>
        new(site, number, BreakKind.Altered, FormattableString.Invariant(
            $"The hash of number {number} is not that of what it says now: {what} was altered, or its hash was."));

    private static ChainBreak? Replaced(string? site, Head reached, Head? kept, string where) =>
        kept is { } other && other.Number == reached.Number && !other.Hash.AsSpan().SequenceEqual(reached.Hash)
            ? new ChainBreak(site, reached.Number, BreakKind.Replaced, FormattableString.Invariant(
                $"The hash of number {reached.Number} is not the one that was {where}: the chain was made anew."))
            : null;

    private static ChainBreak CutOff(string? site, long reached, long number, string whoSays) =>
        new(site, reached + 1, BreakKind.Missing, FormattableString.Invariant(
            $"The chain ends with number {reached}, and {whoSays} that it goes on to {number}: the newest rows are gone."));

    private static ChainBreak? EndOf(string? site, Head reached, Head head, long last, Head? kept) =>
        !reached.Hash.AsSpan().SequenceEqual(head.Hash) ? new ChainBreak(
            site,
            reached.Number,
            BreakKind.Altered,
            FormattableString.Invariant($"The head of the chain is not the hash of number {reached.Number}: the head was altered."))
        : last > reached.Number ? new ChainBreak(site, reached.Number + 1, BreakKind.Added, FormattableString.Invariant(
            $"The chain ends with number {reached.Number}, and there are rows after it: they were never chained, or the head was altered."))
        : kept is { } one && one.Number > reached.Number ? CutOff(site, reached.Number, one.Number, "the head that was kept says")
        : null;

    private static (long Number, string At, AuditEntry Entry, byte[] Hash) ReadEntry(System.Data.Common.DbDataReader row) => (
        row.GetInt64(0),
        row.GetString(7),
        new AuditEntry(
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            new Sender(row.GetString(8), ChainedVersion.Text(row, 9), ChainedVersion.Text(row, 10)),
            ChainedVersion.Text(row, 11),
            ChainedVersion.Text(row, 4))
        {
            Anchored = row.IsDBNull(5) ? null : new Head(row.GetInt64(5), row.GetValue(6) as byte[] ?? []),
        },
        row.GetValue(12) as byte[] ?? []);
}
