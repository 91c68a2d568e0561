using System.Data.Common;
using Registry.Api.Data;

namespace Registry.Api.Audit;

/// <summary>
/// The head of each chain, as it is stored: that of a site by its code, that of the registry by <see cref="AuditLog.Chain"/>.
/// </summary>
internal static class Heads
{
    private static readonly Statement Known = new("SELECT changes, head FROM data_version WHERE site_code = @p0 AND table_name = @p1");
    private static readonly Statement KnownOfSites =
        new("SELECT changes, head, site_code FROM data_version WHERE table_name = 'record' ORDER BY site_code");
    private static readonly Statement Moved =
        new("UPDATE data_version SET changes = @p2, head = @p3 WHERE site_code = @p0 AND table_name = @p1");
    private static readonly Statement New =
        new("INSERT INTO data_version (site_code, table_name, changes, head) VALUES (@p0, @p1, @p2, @p3)");

    /// <summary>The head of a chain.</summary>
    public static async ValueTask<Head> Of(Session session, string chain) =>
        await session.Rows(Known, Read, chain, TableOf(chain)) is [var head] ? head : Head.None;

    /// <summary>The heads of all sites, in the order of their codes.</summary>
    public static ValueTask<List<(string Site, Head Head)>> OfSites(Session session) =>
        session.Rows(KnownOfSites, static row => (row.GetString(2), Read(row)));

    /// <summary>Moves the head of a chain on.</summary>
    public static async ValueTask Move(Session session, string chain, Head head)
    {
        if (await session.Run(Moved, chain, TableOf(chain), head.Number, head.Hash) == 0)
        {
            await session.Run(New, chain, TableOf(chain), head.Number, head.Hash);
        }
    }

    /// <summary>Reads a number and a hash.</summary>
    public static Head Read(DbDataReader row) =>
        row.IsDBNull(1) ? new Head(row.GetInt64(0), Chain.Start) : new Head(row.GetInt64(0), row.GetValue(1) as byte[] ?? []);

    private static string TableOf(string chain) => chain == AuditLog.Chain ? "audit" : "record";
}
