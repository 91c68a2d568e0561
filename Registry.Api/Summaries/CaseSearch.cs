using Registry.Api.Data;

namespace Registry.Api.Summaries;

/// <summary>
/// Finds by an index the cases that meet a condition which would otherwise be checked case by case. For the embedded engine. Rows of
/// <c>{table}_earlier</c> hold at earlier cut-offs.
/// </summary>
/// <param name="Condition">The condition, word for word as it stands in that of its filter.</param>
/// <param name="IsExact">Whether it holds for every case that is found; otherwise it holds for none but those.</param>
/// <param name="Sources">Where they are found: a table; the condition on its rows, whose alias is <c>w</c>; and the key of the table of
/// earlier cut-offs, null where there is none.</param>
internal sealed record CaseSearch(
    string Condition, bool IsExact, params IReadOnlyList<(string Table, string Where, string? EarlierKey)> Sources)
{
    // To look at the rows of so many cases takes a millisecond or two. Where more are found, a page is full after some thousand cases have
    // been looked at in order.
    private const int Few = 2000;

    // The numbers of the cases, some perhaps more than once.
    private string Cases => string.Join(" UNION ALL ", Sources.SelectMany(CasesOf));

    /// <summary>
    /// The same filter, stated so that a page of its cases is found soon: on the embedded engine, by the cases that a search finds, where
    /// they are few; and where the cases are sorted, so that each of them is looked at, by all that the searches find, as bytes. Otherwise
    /// the filter as it is: cases in order are looked at until the page is full.
    /// </summary>
    /// <param name="session">Where to search.</param>
    /// <param name="engine">The engine's folder below <c>db/</c>.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="isSorted">Whether the cases are sorted.</param>
    /// <param name="few">The most cases that are few.</param>
    public static async Task<CohortFilter> ForPage(Session session, string engine, CohortFilter filter, bool isSorted, int few = Few)
    {
        if (!Dialect.LooksUpBytes(engine))
        {
            return filter;
        }

        foreach (var (index, search) in filter.Searches.Index())
        {
            var some = await session.Query<long>($"{search.Cases} LIMIT {few + 1}", filter.Parameters);
            if (some.Count <= few)
            {
                return search.Restate(filter, index, found => Dialect.IsListed(found, "c.case_id"), Dialect.ListOf(some));
            }
        }

        foreach (var (index, search) in filter.Searches.Where(_ => isSorted).Index())
        {
            filter = search.Restate(
                filter,
                index,
                found => Dialect.IsAmong(found, "c.case_id"),
                Dialect.BytesOf(await session.Query<long>(search.Cases, filter.Parameters)));
        }

        return filter;
    }

    private CohortFilter Restate(CohortFilter filter, int index, Func<string, string> isFound, object cases)
    {
        var found = FormattableString.Invariant($"@found{index}");
        return filter.Restated(Condition, IsExact ? isFound(found) : $"({isFound(found)} AND {Condition})", found, cases);
    }

    // The rows that hold at an earlier cut-off are chosen in the index first: the engine would look up every row that ends after the
    // cut-off.
    private static IEnumerable<string> CasesOf((string Table, string Where, string? EarlierKey) source) => source.EarlierKey is null
        ? [$"SELECT w.case_id FROM {source.Table} w WHERE {source.Where}"]
        :
        [
            $"SELECT w.case_id FROM {source.Table} w WHERE {source.Where} AND w.known_from <= @asOfDay",
            $"""
            SELECT w.case_id
            FROM (SELECT {source.EarlierKey} FROM {source.Table}_earlier WHERE known_until > @asOfDay AND known_from <= @asOfDay) k
            CROSS JOIN {source.Table}_earlier w USING ({source.EarlierKey})
            WHERE {source.Where}
            """,
        ];
}
