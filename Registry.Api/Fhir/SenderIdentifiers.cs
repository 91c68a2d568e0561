using Registry.Api.Data;
using Registry.Domain.Assessments;
using Registry.Domain.Common;

namespace Registry.Api.Fhir;

/// <summary>An identifier by which the sender itself knows a score.</summary>
/// <param name="ResourceType">The type of the resource that stated it.</param>
/// <param name="System">Its system; empty where none was stated.</param>
/// <param name="Value">Its value; empty where it was erased.</param>
internal sealed record SenderIdentifier(string ResourceType, string System, string Value);

/// <summary>Stores and finds the senders' own identifiers of scores.</summary>
internal static class SenderIdentifiers
{
    /// <summary>The most identifiers that a resource may have, and the longest system and value of one. Unit: characters.</summary>
    public const int Most = 20, LongestSystem = 200, LongestValue = 300;

    private static readonly Statement OfScore = new(
        "SELECT resource_type, system_uri, identifier_value FROM score_identifier WHERE site_code = @p0 AND case_code = @p1 AND timepoint "
            + "= @p2 AND instrument = @p3 ORDER BY identifier_number");

    private static readonly Statement NewIdentifier = new(
        "INSERT INTO score_identifier (site_code, case_code, timepoint, instrument, identifier_number, resource_type, system_uri, "
            + "identifier_value) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7)");

    private static readonly Statement Erased = new(
        """
        UPDATE score_identifier SET system_uri = '', identifier_value = ''
        WHERE site_code = @p0 AND case_code IN (SELECT v.case_code FROM resource_version v WHERE v.site_code = @p0 AND v.kind = 'case'
          AND v.content LIKE @p1)
        """);

    /// <summary>The identifiers of a score, in the order of their numbers.</summary>
    public static async ValueTask<IReadOnlyList<SenderIdentifier>> Of(Session session, ScoreAddress address) =>
        await session.Rows(
            OfScore,
            static row => new SenderIdentifier(row.GetString(0), row.GetString(1), row.GetString(2)),
            address.Site,
            address.Case,
            address.Timepoint,
            Code.Of(address.Instrument));

    /// <summary>The scores that have an identifier, in their order: withdrawn ones as well.</summary>
    /// <param name="session">Where to look.</param>
    /// <param name="site">The site; null for any.</param>
    /// <param name="system">The system, empty for none; null for any.</param>
    /// <param name="value">The value.</param>
    public static async Task<IReadOnlyList<ScoreAddress>> Find(Session session, SiteCode? site, string? system, string value)
    {
        var rows = await session.Query<Row>(
            $"""
            SELECT DISTINCT site_code AS Site, case_code AS "Case", timepoint AS Timepoint, instrument AS Instrument
            FROM score_identifier
            WHERE identifier_value = @value{(system is null ? string.Empty : " AND system_uri = @system")}{(site is null ? string.Empty : " AND site_code = @site")}
            ORDER BY site_code, case_code, timepoint, instrument
            """,
            new { site, system, value });
        return [.. rows.Select(row => new ScoreAddress(row.Site, row.Case, row.Timepoint, Code.Parse<Instrument>(row.Instrument)!.Value))];
    }

    /// <summary>Adds identifiers to a score that has some already.</summary>
    public static async Task Add(Session session, ScoreAddress address, int known, IEnumerable<SenderIdentifier> further)
    {
        foreach (var one in further)
        {
            await session.Run(
                NewIdentifier, address.Site, address.Case, address.Timepoint, Code.Of(address.Instrument), ++known, one.ResourceType,
                one.System, one.Value);
        }
    }

    /// <summary>Erases the identifiers of all scores of cases that are, or ever were, about a person.</summary>
    /// <returns>How many rows that is.</returns>
    public static ValueTask<int> Erase(Session session, SiteCode site, int person) =>
        session.Run(Erased, site, FormattableString.Invariant($"{{\"patient\":{{\"reference\":\"#{person}\"%"));

    private sealed record Row
    {
        public SiteCode Site { get; init; }
        public CaseCode Case { get; init; }
        public string Timepoint { get; init; } = string.Empty;
        public string Instrument { get; init; } = string.Empty;
    }
}
