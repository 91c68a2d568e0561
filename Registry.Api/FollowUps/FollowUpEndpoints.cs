using System.Globalization;
using Dapper;
using Registry.Api.Access;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Sites;
using Registry.Api.Summaries;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.FollowUps;

/// <summary>The work list: the visits that are to be made, or to be accounted for.</summary>
internal static class FollowUpEndpoints
{
    // The most days by which a window goes on after its target day.
    private static readonly int LongestWindow = VisitWindow.All.Max(window => window.Days.Max - window.TargetDay);

    private static readonly QueryParameter State = new("state", "due: the window is open; overdue: it has closed. Left out: both.")
    {
        IsRepeatable = true,
        Codes = [Code.Of(VisitState.Due), Code.Of(VisitState.Overdue)],
        CodesName = "WorkListState",
    };

    private static readonly QueryParameter DaysOverdueMax = new(
        "daysOverdueMax", "The most days since the last day of the window, inclusive: older visits are left out.")
    {
        Range = new WholeRange(0, 36500),
    };

    private static readonly QueryParameter After = new(
        "after", "The cursor that the page before gave as 'next'; left out for the first page. The other parameters stay as they were.")
    {
        CursorPattern = FollowUpCursor.Pattern,
    };

    private static readonly QueryParameter Limit = Paging.Limit("visits");

    private static readonly IEnumerable<QueryParameter> OfCohort =
        CohortFilter.Takes.Where(parameter => parameter.Name is "site" or "procedure" or "asOf");

    public static void MapFollowUps(this RouteGroupBuilder api) =>
        api.MapGet("/follow-ups", Get)
            .WithName("listFollowUps")
            .WithSummary("List the visits that are due or overdue")
            .WithDescription(
                "The work list: follow-up visits whose target day has come and of which nothing is recorded, unless observation has ended. "
                + "By the day it is at each site, or as of a stated day. "
                + "Oldest target date first, then by site and case. Page by page: follow 'next' until it is absent.")
            .Takes([State, DaysOverdueMax, SharedParameters.FollowUp, .. OfCohort, After, Limit])
            .LooksUp(FilterLookUp.ProblemWith)
            .Refuses(Problems.UnknownInParameters);

    private static async Task<Results<Ok<FollowUpPage>, Problem>> Get(
        HttpRequest request, IDatabase database, SiteDirectory sites, CancellationToken cancellation)
    {
        var query = request.OwnQuery();
        var today = await sites.LatestDayBegunAnywhere(cancellation);
        var (cursor, badCursor) = FollowUpCursor.Read(query, After, today);
        var (filter, badFilter) = CohortFilter.Read(query, query.ContainsKey("asOf") ? today : cursor.AsOf);
        var (_, badSite) = await CohortFilter.WithSiteCodes(query, request.HttpContext.User, SiteNames.Codes, sites, cancellation);
        if (Problem.Together(Problem.Together(badFilter, badCursor), badSite) is { } bad)
        {
            return bad;
        }

        var limit = Paging.LimitOf(request);

        // A page that is turned after midnight stands on the days of the first.
        var sinceFirstPage = DayNumber.Of(today) - DayNumber.Of(cursor.AsOf);
        var days = query.ContainsKey("asOf")
            ? null
            : (await sites.DaysBySite(cancellation)).ToDictionary(site => site.Key, site => site.Value.AddDays(-sinceFirstPage));
        var question = Question(query, filter!, days, cursor, limit);
        var rows = await database.Read(
            async session => (IReadOnlyList<FollowUpRow>)
            [
                .. await session.Query<FollowUpRow>(Sql(database.Engine, "analysis_visit", question.Where), question.Parameters),
                .. await session.Query<FollowUpRow>(
                    Sql(database.Engine, "analysis_visit_earlier", question.WhereEarlier), question.Parameters),
            ],
            cancellation);

        // One row more than the page holds tells whether another page follows. A case has no two visits with one target day.
        var found = rows.OrderBy(row => row.TargetDay).ThenBy(row => row.Site).ThenBy(row => row.Case, StringComparer.Ordinal).ToList();
        var page = found.Take(limit).Select(row => row.ToItem(days?[row.Site] ?? filter!.Day)).ToList();
        return TypedResults.Ok(
            new FollowUpPage(filter!.Day, page, found.Count > limit ? FollowUpCursor.Behind(filter.Day, page[^1]).ToString() : null));
    }

    // Each site stands on its own day.
    private static (string Where, string WhereEarlier, DynamicParameters Parameters) Question(
        IQueryCollection query, CohortFilter filter, IReadOnlyDictionary<SiteCode, DateOnly>? days, FollowUpCursor cursor, int limit)
    {
        var states = Values(query, State);
        int? most = int.TryParse(query[DaysOverdueMax.Name], CultureInfo.InvariantCulture, out var stated) ? stated : null;
        var sites = query["site"].OfType<string>().ToHashSet(StringComparer.Ordinal);
        var groups = days is null
            ? [(Day: DayNumber.Of(filter.Day), Sites: sites.Count == 0 ? null : sites.ToArray())]
            : days.Where(pair => sites.Count == 0 || sites.Contains(pair.Key.ToString()))
                .GroupBy(pair => DayNumber.Of(pair.Value), pair => pair.Key.ToString())
                .Select(group => (Day: group.Key, Sites: (string[]?)[.. group]))
                .ToList();

        // Where only what is due, or not long overdue, is asked for, the list begins with the first target day that can be.
        var isBounded = most is not null || !states.Contains(Code.Of(VisitState.Overdue));
        var afterDay = DayNumber.Of(cursor.TargetDate);
        var earliest = groups.Select(group => group.Day).DefaultIfEmpty().Min();
        var parameters = new DynamicParameters(new
        {
            timepoints = Values(query, SharedParameters.FollowUp),
            procedures = query["procedure"].ToArray(),
            firstDay = DayNumber.Max(afterDay, isBounded ? earliest - (most ?? 0) - LongestWindow : DayNumber.StartOfTime),
            lastDay = groups.Select(group => group.Day).DefaultIfEmpty().Max(),
            afterDay,
            afterSite = cursor.Site,
            afterCase = cursor.Case,
            limit = limit + 1,
            earliest,
        });
        var (atSites, atSitesEarlier) = (new List<string>(), new List<string>());
        foreach (var (index, (day, codes)) in groups.Index())
        {
            var name = FormattableString.Invariant($"day{index}");
            parameters.Add(name, day);
            var condition = $"v.target_day <= @{name} AND v.known_from <= @{name}";
            if (codes is not null)
            {
                parameters.Add("sites" + name, codes);
                condition += $" AND v.site_code IN @sites{name}";
            }

            condition += states switch
            {
                ["due"] => $" AND v.window_last_day >= @{name}",
                ["overdue"] => $" AND v.window_last_day < @{name}",
                _ => string.Empty,
            };
            if (most is { } overdue)
            {
                condition += string.Create(CultureInfo.InvariantCulture, $" AND v.window_last_day >= @{name} - {overdue}");
            }

            atSites.Add($"({condition})");
            atSitesEarlier.Add($"({condition} AND v.known_until > @{name})");
        }

        var shared = "v.state = 'open' AND v.target_day BETWEEN @firstDay AND @lastDay"
            + (query.ContainsKey(SharedParameters.FollowUp.Name) ? " AND v.timepoint IN @timepoints" : string.Empty)
            + (query.ContainsKey("procedure") ? " AND v.procedure_code IN @procedures" : string.Empty)
            + " AND (v.target_day > @afterDay OR (v.target_day = @afterDay AND (v.site_code > @afterSite OR (v.site_code = @afterSite AND "
            + "c.case_code > @afterCase))))";
        // A visit that is recorded is not asked for, though its date may be that of a place where tomorrow has begun.
        const string Recorded =
            "SELECT 1 FROM analysis_visit n WHERE n.case_id = v.case_id AND n.timepoint = v.timepoint AND n.state IN ('done', 'not-done')";
        // The earliest of the days once more, for the index: what held at an earlier cut-off alone is next to everything of this table.
        return (With(atSites),
            With(atSitesEarlier) + " AND v.known_until > @earliest" + (days is null ? string.Empty : $" AND NOT EXISTS ({Recorded})"),
            parameters);

        string With(List<string> conditions) =>
            conditions.Count == 0 ? shared + " AND 1 = 0" : $"{shared} AND ({string.Join(" OR ", conditions)})";
    }

    private static string Sql(string engine, string table, string where) =>
        $"""
        SELECT v.site_code AS Site, c.case_code AS "Case", p.patient_reference AS Patient, v.procedure_code AS "Procedure",
          v.timepoint AS Timepoint, v.target_day AS TargetDay, v.window_last_day AS LastDay
        FROM {table} v
        JOIN analysis_case c ON c.case_id = v.case_id
        JOIN person p ON p.person_id = c.person_id
        WHERE {where}
        ORDER BY v.target_day, v.site_code, c.case_code
        {Dialect.First(engine, "@limit")}
        """;

    private static string[] Values(IQueryCollection query, QueryParameter parameter) =>
        query.TryGetValue(parameter.Name, out var values) ? [.. values.OfType<string>().Distinct()] : [.. parameter.Codes!];
}

/// <summary>One page of the work list.</summary>
/// <param name="AsOf">The day on which the visits stand so; without a stated day the latest at any site: each site stands on its
/// own.</param>
/// <param name="Items">The visits, oldest target date first.</param>
/// <param name="Next">The cursor of the next page.</param>
internal sealed record FollowUpPage(
    DateOnly AsOf,
    IReadOnlyList<FollowUpItem> Items,
    [Missing("absent on the last")] string? Next);

/// <summary>A visit that is to be made, or to be accounted for.</summary>
/// <param name="Site">The site.</param>
/// <param name="Case">The site's own case number.</param>
/// <param name="Patient">The site's own reference of the patient.</param>
/// <param name="Procedure">The procedure.</param>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="TargetDate">The day the visit is due.</param>
/// <param name="WindowLast">The last day on which it is on time, inclusive.</param>
/// <param name="State">'due' or 'overdue'.</param>
/// <param name="DaysOverdue">Days since the last day of the window; 0 while it is open.</param>
internal sealed record FollowUpItem(
    string Site,
    string Case,
    string Patient,
    [CodesOf(typeof(Procedure))] string Procedure,
    [CodesIn(nameof(CodeSets.FollowUp))] string Timepoint,
    DateOnly TargetDate,
    DateOnly WindowLast,
    [CodesIn(nameof(CodeSets.WorkListState))] string State,
    [Unit("days")] int DaysOverdue);

/// <summary>A row of the work list, as the database gives it.</summary>
internal sealed record FollowUpRow
{
    public SiteCode Site { get; init; }
    public string Case { get; init; } = string.Empty;
    public string Patient { get; init; } = string.Empty;
    public string Procedure { get; init; } = string.Empty;
    public string Timepoint { get; init; } = string.Empty;
    public DayNumber TargetDay { get; init; }
    public DayNumber LastDay { get; init; }

    public FollowUpItem ToItem(DateOnly today) => new(
        Site.ToString(),
        Case,
        Patient,
        Procedure,
        Timepoint,
        TargetDay.ToDate(),
        LastDay.ToDate(),
        Code.Of(DayNumber.Of(today) <= LastDay ? VisitState.Due : VisitState.Overdue),
        Math.Max(0, DayNumber.Of(today) - LastDay));
}
