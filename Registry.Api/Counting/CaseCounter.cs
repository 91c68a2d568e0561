using Registry.Api.Data;

namespace Registry.Api.Counting;

/// <summary>
/// Keeps the tallies of all scores and visits, so that a summary need not look at every case. A write only notes that its
/// case has changed. What a tally lacks of the changed cases is added when it is read, by the views themselves
/// (<c>db/views/counting</c>), so a figure is right whether or not they are counted yet; counting them merely keeps that
/// addition small.
/// </summary>
internal sealed class CaseCounter(IDatabase database, TimeProvider clock)
{
    /// <summary>With more stale cases than this it is quicker to look at every case.</summary>
    public const int MostStale = 2000;

    private const string ThoseCounted = "case_id IN (SELECT case_id FROM counting_case)";

    // Fewer rows of differences than this are not worth being summed up, nor are fewer than there are rows of sums.
    private const int FewDifferences = 20_000;

    // No site bears this name: a turn of counting waits for another one, and not for a writer.
    private static readonly string[] Turn = ["*"];

    private static readonly Counted[] Kinds =
    [
        new("case_score", "counted_score", "score_tally", "procedure_code, timepoint, timepoint_order, instrument, is_treated, is_due, is_observed, died_before, ended_before, baseline, score"),
        new("due_visit", "counted_visit", "visit_tally", "site_code, procedure_code, timepoint, state, reason, window_position"),
    ];

    private int _differences = FewDifferences;
    private int _sums;

    /// <summary>How many cases are not counted as they stand on a day.</summary>
    public static async Task<int> CountStale(Session session, string engine, DateOnly asOf) =>
        await session.Single<int>(ScopedQuery.Over(engine, "stale_case").Text([], [], "SELECT COUNT(*) FROM stale_case"), Days(asOf));

    /// <summary>Counts stale cases, each turn in one transaction, until none is left.</summary>
    /// <param name="atOnce">How many changes to count in one turn, about.</param>
    /// <param name="cancellation">Stops between two turns.</param>
    public async Task CountAll(int atOnce, CancellationToken cancellation)
    {
        while (await database.Read(session => session.Single<int>("SELECT COUNT(*) FROM changed_case"), cancellation) > 0)
        {
            await CountSome("change_id, case_id", "changed_case WHERE change_id < (SELECT MIN(change_id) FROM changed_case) + @atOnce", new { atOnce }, cancellation);
        }

        const string SinceAnotherDay = "counted_case WHERE (next_day <= @asOfDay OR counted_day > @asOfDay)";
        var asOfDay = Today.DayNumber;
        var others = await database.Read(session => session.Query<int>($"SELECT case_id FROM {SinceAnotherDay} ORDER BY case_id", new { asOfDay }), cancellation);
        foreach (var some in others.Chunk(atOnce))
        {
            await CountSome("case_id", SinceAnotherDay + " AND case_id BETWEEN @first AND @last", new { asOfDay, first = some[0], last = some[^1] }, cancellation);
        }
    }

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    private static object Days(DateOnly asOf) => new { asOfDay = asOf.DayNumber, lastDataDay = asOf.DayNumber + 1 };

    private async Task CountSome(string columns, string those, object parameters, CancellationToken cancellation)
    {
        var differences = await database.Write(
            Turn,
            async session =>
            {
                await session.Execute($"INSERT INTO counting_case ({columns}) SELECT {columns} FROM {those}", parameters);
                var counted = await Count(session);
                await session.Execute("DELETE FROM changed_case WHERE change_id IN (SELECT change_id FROM counting_case)");
                await session.Execute("DELETE FROM counting_case");
                return counted;
            },
            cancellation);
        _differences += differences;
        if (_differences >= Math.Max(FewDifferences, _sums))
        {
            _sums = await database.Write(Turn, SumUp, cancellation);
            _differences = 0;
        }
    }

    private async Task<int> Count(Session session)
    {
        var days = Days(Today);
        var differences = 0;
        foreach (var (view, table, tally, cell) in Kinds)
        {
            differences += await session.Execute($"INSERT INTO {tally} ({cell}, cases) SELECT {cell}, -COUNT(*) FROM {table} WHERE {ThoseCounted} GROUP BY {cell}");
            await session.Execute($"DELETE FROM {table} WHERE {ThoseCounted}");
            await session.Execute(
                ScopedQuery.Over(database.Engine, view, Reach.CountingCases).Text([], [], $"INSERT INTO {table} (case_id, {cell}) SELECT case_id, {cell} FROM {view}"), days);
            differences += await session.Execute($"INSERT INTO {tally} ({cell}, cases) SELECT {cell}, COUNT(*) FROM {table} WHERE {ThoseCounted} GROUP BY {cell}");
        }

        await session.Execute($"DELETE FROM counted_case WHERE {ThoseCounted}");
        await session.Execute(
            ScopedQuery.Over(database.Engine, "next_change", Reach.CountingCases)
                .Text([], [], "INSERT INTO counted_case (case_id, counted_day, next_day) SELECT n.case_id, a.as_of_day, n.next_day FROM next_change n CROSS JOIN as_of a"),
            days);
        return differences;
    }

    private static async Task<int> SumUp(Session session)
    {
        var sums = 0;
        foreach (var (_, _, tally, cell) in Kinds)
        {
            await session.Execute($"UPDATE {tally} SET is_new = 0");
            sums += await session.Execute($"INSERT INTO {tally} ({cell}, cases) SELECT {cell}, SUM(cases) FROM {tally} GROUP BY {cell} HAVING SUM(cases) <> 0");
            await session.Execute($"DELETE FROM {tally} WHERE is_new = 0");
        }

        return sums;
    }

    /// <summary>Something that is counted.</summary>
    /// <param name="View">The view that has its rows, one or more a case.</param>
    /// <param name="Table">The table that holds them as they were counted.</param>
    /// <param name="Tally">The table that holds how many are alike.</param>
    /// <param name="Cell">The columns by which they are alike.</param>
    private sealed record Counted(string View, string Table, string Tally, string Cell);
}
