using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Recording;

namespace Registry.Api.Cases;

/// <summary>A follow-up visit in the schedule of a case.</summary>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="TargetDate">The day the visit is due.</param>
/// <param name="WindowFirst">The first day on which it is on time, inclusive.</param>
/// <param name="WindowLast">The last day on which it is on time, inclusive.</param>
/// <param name="State">How it stands.</param>
/// <param name="Reason">Why it was not done, or what ended the follow-up; absent unless not-done or censored.</param>
internal sealed record ScheduledVisit(Timepoint Timepoint, DateOnly TargetDate, DateOnly WindowFirst, DateOnly WindowLast, VisitState State, string? Reason);

/// <summary>The schedule of one case, from the view <c>visit_schedule</c>.</summary>
internal static class Schedule
{
    /// <summary>The six follow-up visits of a case that has a time zero, as they stand on <paramref name="today"/>.</summary>
    public static async Task<IReadOnlyList<ScheduledVisit>> Of(Session session, string engine, ResourceAddress address, DateOnly today)
    {
        // A crossover is told from the cases that followed.
        var cases = await session.Query<int>(
            """
            SELECT c.case_id
            FROM treatment_case c
            JOIN site s ON s.site_id = c.site_id
            WHERE s.site_code = @Site AND c.case_code = @Case
            UNION ALL
            SELECT n.case_id
            FROM treatment_case n
            JOIN treatment_case c ON c.case_id = n.preceding_case_id
            JOIN site s ON s.site_id = c.site_id
            WHERE s.site_code = @Site AND c.case_code = @Case
            """,
            address);
        var rows = await session.Query<Row>(
            ScopedQuery.Over(engine, "visit_schedule", Reach.NamedCases).Text(
                ["site_code = @Site", "case_code = @Case"],
                [],
                """
                SELECT timepoint AS Timepoint, target_day AS TargetDay, first_day AS FirstDay, last_day AS LastDay, state AS State, reason AS Reason
                FROM visit_schedule
                ORDER BY timepoint_order
                """),
            new { address.Site, address.Case, cases, asOfDay = today.DayNumber, lastDataDay = today.DayNumber + 1 });
        return [.. rows.Select(row => row.ToVisit())];
    }

    private sealed record Row
    {
        public string Timepoint { get; init; } = string.Empty;

        public int TargetDay { get; init; }

        public int FirstDay { get; init; }

        public int LastDay { get; init; }

        public string State { get; init; } = string.Empty;

        public string? Reason { get; init; }

        public ScheduledVisit ToVisit() => new(
            Code.Parse<Timepoint>(Timepoint)!.Value,
            DateOnly.FromDayNumber(TargetDay),
            DateOnly.FromDayNumber(FirstDay),
            DateOnly.FromDayNumber(LastDay),
            Code.Parse<VisitState>(State)!.Value,
            Reason);
    }
}
