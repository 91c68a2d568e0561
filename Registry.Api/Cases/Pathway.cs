using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Domain.Cases;

namespace Registry.Api.Cases;

/// <summary>
/// The order of the cases of one patient: a preceding case starts no later than the case that follows it. A case starts
/// with its earliest trial start, implant or lesion; a case that has none yet contradicts nothing.
/// </summary>
internal static class Pathway
{
    private const string StartDay = "MIN(CASE WHEN d.event_type IN ('trial-started', 'implanted', 'lesioned') THEN d.occurred_day END)";

    /// <summary>What contradicts naming <paramref name="preceding"/> as the preceding case of a case that starts on <paramref name="start"/>.</summary>
    public static async Task<IReadOnlyList<Contradiction>> Contradictions(Session session, ResourceAddress address, string preceding, DateOnly? start)
    {
        var rows = await session.Query<StartRow>(
            $"""
            SELECT c.case_code AS "Case", {StartDay} AS StartDay
            FROM treatment_case c
            JOIN site s ON s.site_id = c.site_id
            JOIN dated_event d ON d.case_id = c.case_id
            WHERE s.site_code = @Site AND c.case_code = @preceding
            GROUP BY c.case_code
            """,
            new { address.Site, preceding });
        return [.. rows.Where(row => row.StartDay > start?.DayNumber).Select(row => Broken((row.Case, row.Start), (address.Case, start)))];
    }

    /// <summary>What a change of the events of a case brings into the order of the cases before and after it.</summary>
    public static async Task<IReadOnlyList<Contradiction>> NewContradictions(Session session, ResourceAddress address, CaseChart chart, CaseChart changed)
    {
        if (changed.TreatmentStart is not { } start || start == chart.TreatmentStart)
        {
            return [];
        }

        var following = await session.Query<StartRow>(
            $"""
            SELECT n.case_code AS "Case", {StartDay} AS StartDay
            FROM treatment_case n
            JOIN treatment_case c ON c.case_id = n.preceding_case_id
            JOIN site s ON s.site_id = c.site_id
            JOIN dated_event d ON d.case_id = n.case_id
            WHERE s.site_code = @Site AND c.case_code = @Case
            GROUP BY n.case_code
            ORDER BY n.case_code
            """,
            address);
        return
        [
            .. chart.Case.PrecedingCase is { } preceding ? await Contradictions(session, address, preceding, start) : [],
            .. following.Where(row => row.StartDay < start.DayNumber).Select(row => Broken((address.Case, start), (row.Case, row.Start))),
        ];
    }

    private static Contradiction Broken((string Case, DateOnly? Start) preceding, (string Case, DateOnly? Start) following) => new(
        "preceding-case-started-later",
        FormattableString.Invariant($"Case '{preceding.Case}' precedes case '{following.Case}', but it started later: on {preceding.Start:yyyy-MM-dd}, and '{following.Case}' on {following.Start:yyyy-MM-dd}."));

    private sealed record StartRow
    {
        public string Case { get; init; } = string.Empty;

        public int? StartDay { get; init; }

        public DateOnly? Start => StartDay is { } day ? DateOnly.FromDayNumber(day) : null;
    }
}
