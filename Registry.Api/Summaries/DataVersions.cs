using System.Globalization;
using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>
/// How often the rows of each analysis table have changed, site by site: as long as none of those that an answer is derived
/// from has, the answer is what it was. On the embedded engine they are read once after a commit; elsewhere each time.
/// </summary>
internal sealed class DataVersions(IDatabase database)
{
    private static readonly Statement All = new(
        "SELECT site_code, table_name, changes FROM data_version UNION ALL SELECT '', '', CAST(MAX(last_dated_day) AS BIGINT) FROM person");

    private Snapshot? _known;

    /// <summary>The versions as they are now.</summary>
    public async ValueTask<Snapshot> Current(CancellationToken cancellation)
    {
        var commit = database.CommitNumber;
        if (commit is not null && Volatile.Read(ref _known) is { } known && known.CommitNumber == commit)
        {
            return known;
        }

        var read = await database.Read(session => Read(session, commit), cancellation);
        Volatile.Write(ref _known, read);
        return read;
    }

    /// <summary>The versions as a session sees them.</summary>
    public static async Task<Snapshot> Read(Session session, long? commitNumber = null)
    {
        var versions = new List<(SiteCode Site, string Table, long Changes)>();
        DayNumber? lastDatedDay = null;
        foreach (var row in await session.Rows(
            All,
            static row => (Site: row.GetString(0) is { Length: > 0 } site ? SiteCode.Of(site) : default,
                Table: row.GetString(1),
                Number: row.IsDBNull(2) ? (long?)null : Convert.ToInt64(row.GetValue(2), CultureInfo.InvariantCulture))))
        {
            if (row.Table.Length == 0)
            {
                lastDatedDay = row.Number is { } day ? new DayNumber((int)day) : null;
            }
            else
            {
                versions.Add((row.Site, row.Table, row.Number!.Value));
            }
        }

        return new Snapshot(commitNumber, lastDatedDay, versions);
    }

    /// <summary>The names under which the changes of tables are counted.</summary>
    public static IReadOnlySet<string> NamesOf(IEnumerable<string> tables) =>
        tables.Select(AnalysisTable.VersionOf).ToHashSet(StringComparer.Ordinal);

    /// <summary>The versions at one moment.</summary>
    /// <param name="CommitNumber">The commit from which on they were so; null where it is not known.</param>
    /// <param name="LastDatedDay">The latest day that anything is dated; null where nothing is.</param>
    /// <param name="All">How often the rows of each site in each table had changed; without a site those of none.</param>
    internal sealed record Snapshot(
        long? CommitNumber, DayNumber? LastDatedDay, IReadOnlyList<(SiteCode Site, string Table, long Changes)> All)
    {
        /// <summary>The latest day that can be a cut-off: that anything is dated, or that has begun, whichever is later.</summary>
        public DateOnly LatestDay(DateOnly begun) => DayNumber.Max(DayNumber.Of(begun), LastDatedDay ?? DayNumber.StartOfTime).ToDate();

        /// <summary>How often any of these tables had changed, at these sites or, with null, at any.</summary>
        public long Of(IReadOnlySet<string> tables, IReadOnlyCollection<SiteCode>? sites)
        {
            var sum = 0L;
            foreach (var (site, table, changes) in All)
            {
                sum += tables.Contains(table) && (sites is null || sites.Contains(site)) ? changes : 0;
            }

            return sum;
        }
    }
}
