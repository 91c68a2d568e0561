using System.Globalization;
using Dapper;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Sites;
using Registry.Api.Summaries;
using Registry.Domain.Assessments;
using Registry.Domain.Recording;

namespace Registry.Api.FollowUps;

/// <summary>The work list: the visits that are to be made, or to be accounted for.</summary>
internal static class FollowUpEndpoints
{
    private const int DefaultLimit = 100;

    private static readonly QueryParameter State = new("state", "due: the window is open; overdue: it has closed. Left out: both.")
    {
        IsRepeatable = true,
        Codes = [Code.Of(VisitState.Due), Code.Of(VisitState.Overdue)],
    };

    private static readonly QueryParameter After = new("after", "The cursor that the page before gave as 'next'; left out for the first page. The other parameters stay as they were.")
    {
        CursorPattern = FollowUpCursor.Pattern,
        Example = "2026-11-20~2025-03-14~reference~PHN-01-SCS",
    };

    private static readonly QueryParameter Limit = new("limit", "How many visits a page holds; 100 when left out.") { Range = new WholeRange(1, 1000), Example = "100" };

    private static readonly IEnumerable<QueryParameter> OfCohort = CohortFilter.Takes.Where(parameter => parameter.Name is "site" or "procedure" or "asOf");

    public static void MapFollowUps(this RouteGroupBuilder api) =>
        api.MapGet("/follow-ups", Get)
            .WithSummary("List the visits that are due or overdue")
            .WithDescription(
                "The work list: follow-up visits whose target day has come and of which nothing is recorded, unless follow-up has ended. Oldest target date first, then by "
                + "site and case. Page by page: follow 'next' until it is absent. Every page looks at the cut-off day of the first.")
            .Takes([State, SharedParameters.FollowUp, .. OfCohort, After, Limit])
            .Gives<FollowUpPage>();

    private static async Task<IResult> Get(HttpRequest request, IDatabase database, SiteDirectory sites, CancellationToken cancellation)
    {
        var query = request.Query;
        var (cursor, badCursor) = FollowUpCursor.Read(query, After, sites.Today());
        var (filter, badFilter) = CohortFilter.Read(query, query.ContainsKey("asOf") ? sites.Today() : cursor.AsOf);
        if ((badFilter ?? badCursor) is { } bad)
        {
            return bad;
        }

        var limit = int.TryParse(query[Limit.Name], CultureInfo.InvariantCulture, out var asked) ? asked : DefaultLimit;
        var rows = await database.Read(session => Rows(session, database.Engine, filter!, query, cursor, limit), cancellation);
        var page = rows.Take(limit).Select(row => row.ToItem(filter!.Day)).ToList();
        return TypedResults.Ok(new FollowUpPage(filter!.Day, page, rows.Count > limit ? FollowUpCursor.Behind(filter.Day, page[^1]).ToString() : null));
    }

    // One row more than the page holds tells whether another page follows. A case has no two visits with one target day.
    private static Task<IReadOnlyList<FollowUpRow>> Rows(Session session, string engine, CohortFilter filter, IQueryCollection query, FollowUpCursor cursor, int limit)
    {
        var parameters = new DynamicParameters(filter.Parameters);
        parameters.AddDynamicParams(new
        {
            states = Values(query, State),
            timepoints = Values(query, SharedParameters.FollowUp),
            afterDay = cursor.TargetDate.DayNumber,
            afterSite = cursor.Site,
            afterCase = cursor.Case,
            limit,
        });
        return session.Query<FollowUpRow>(
            ScopedQuery.Over(engine, "visit_schedule").Text(
                filter.Where,
                [],
                """
                SELECT x.site_code AS Site, x.case_code AS "Case", x.patient_reference AS Patient, x.procedure_code AS "Procedure", x.timepoint AS Timepoint,
                  x.target_day AS TargetDay, x.last_day AS LastDay, x.state AS State
                FROM (
                  SELECT v.site_code, v.case_code, v.patient_reference, v.procedure_code, v.timepoint, v.target_day, v.last_day, v.state,
                    ROW_NUMBER() OVER (ORDER BY v.target_day, v.site_code, v.case_code) AS position
                  FROM visit_schedule v
                  WHERE v.state IN @states AND v.timepoint IN @timepoints
                    AND (v.target_day > @afterDay
                      OR (v.target_day = @afterDay AND (v.site_code > @afterSite OR (v.site_code = @afterSite AND v.case_code > @afterCase))))
                ) x
                WHERE x.position <= @limit + 1
                ORDER BY x.position
                """),
            parameters);
    }

    private static IEnumerable<string> Values(IQueryCollection query, QueryParameter parameter) =>
        query.TryGetValue(parameter.Name, out var values) ? values.OfType<string>() : parameter.Codes!;
}

/// <summary>One page of the work list.</summary>
/// <param name="AsOf">The day on which the visits stand so.</param>
/// <param name="Items">The visits, oldest target date first.</param>
/// <param name="Next">The cursor of the next page; absent on the last.</param>
internal sealed record FollowUpPage(DateOnly AsOf, IReadOnlyList<FollowUpItem> Items, string? Next);

/// <summary>A visit that is to be made, or to be accounted for.</summary>
/// <param name="Site">The site.</param>
/// <param name="Case">The site's own case number.</param>
/// <param name="Patient">The site's own reference of the patient.</param>
/// <param name="Procedure">The procedure.</param>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="TargetDate">The day the visit is due.</param>
/// <param name="WindowLast">The last day on which it is on time, inclusive.</param>
/// <param name="State">'due' or 'overdue'.</param>
/// <param name="DaysOverdue">Days since the last day of the window; 0 while it is open. Unit: days.</param>
internal sealed record FollowUpItem(
    string Site, string Case, string Patient, string Procedure, string Timepoint, DateOnly TargetDate, DateOnly WindowLast, string State, int DaysOverdue);

/// <summary>A row of the work list, as the database gives it.</summary>
internal sealed record FollowUpRow
{
    public string Site { get; init; } = string.Empty;

    public string Case { get; init; } = string.Empty;

    public string Patient { get; init; } = string.Empty;

    public string Procedure { get; init; } = string.Empty;

    public string Timepoint { get; init; } = string.Empty;

    public int TargetDay { get; init; }

    public int LastDay { get; init; }

    public string State { get; init; } = string.Empty;

    public FollowUpItem ToItem(DateOnly asOf) => new(
        Site,
        Case,
        Patient,
        Procedure,
        Timepoint,
        DateOnly.FromDayNumber(TargetDay),
        DateOnly.FromDayNumber(LastDay),
        State,
        Math.Max(0, asOf.DayNumber - LastDay));
}
