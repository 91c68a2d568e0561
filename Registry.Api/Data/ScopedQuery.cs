using System.Collections.Concurrent;
using System.Text;

namespace Registry.Api.Data;

/// <summary>
/// A view asked about a part of the registry. The text of the view, and of the views it reads, is run as it stands in
/// <c>db/views</c>, as one query with the views as its common table expressions; only a few relations are narrowed on
/// the way: the cut-off day, the cohort, the response thresholds and, for a figure about one code of a closed set alone (a
/// timepoint, say), that set. So a figure has one definition, at a SQL prompt and behind the HTTP interface.
/// </summary>
internal sealed class ScopedQuery
{
    private static readonly ConcurrentDictionary<(string Engine, string Name, Reach Reach), ScopedQuery> Prepared = new();

    // Of each relation that can be narrowed to one code: the column, and parameter, that holds it.
    private static readonly Dictionary<string, string> Codes = new() { ["visit_window"] = "timepoint", ["instrument"] = "instrument", ["analysis_set"] = "analysis_set", ["cost_per"] = "cost_per", ["cost_basis"] = "cost_basis" };

    // Of each view of cells: the one that tells the same from what is counted, and the columns that it can be narrowed by,
    // of a cohort and to one code.
    private static readonly Dictionary<string, (string Counted, IReadOnlySet<string> Columns, string[] Codes)> Cells = new()
    {
        ["score_cell"] = ("counted_score_cell", new HashSet<string> { "procedure_code" }, ["timepoint", "instrument"]),
        ["visit_cell"] = ("counted_visit_cell", new HashSet<string> { "procedure_code", "site_code" }, ["timepoint"]),
    };

    private readonly string _name;
    private readonly Reach _reach;
    private readonly IReadOnlyList<(string Name, string Query)> _views;
    private readonly string _tail;

    private ScopedQuery(string name, Reach reach, IReadOnlyList<(string Name, string Query)> views, string tail) => (_name, _reach, _views, _tail) = (name, reach, views, tail);

    /// <summary>The tables that the view is told from, however indirectly.</summary>
    public required IReadOnlySet<string> Tables { get; init; }

    /// <summary>The columns of <c>cohort</c> by which it can be narrowed and still be told from what is counted; null where it cannot be told so at all.</summary>
    public IReadOnlySet<string>? CountedBy { get; private init; }

    /// <summary>The query over a view of an engine.</summary>
    /// <param name="engine">The engine's folder below <c>db/</c>.</param>
    /// <param name="name">The view.</param>
    /// <param name="reach">Which cases it looks at.</param>
    public static ScopedQuery Over(string engine, string name, Reach reach = Reach.EveryCase) =>
        Prepared.GetOrAdd((engine, name, reach), key => Prepare(key.Engine, key.Name, key.Reach));

    private static ScopedQuery Prepare(string engine, string name, Reach reach)
    {
        var all = Scripts.Views(engine);
        var byName = all.ToDictionary(view => view.Name);
        var (kin, isOfStale) = reach switch
        {
            Reach.EveryCase => ("", false),
            Reach.NamedCases => ("\nWHERE case_id IN @cases", false),
            _ => ("\nWHERE case_id IN (SELECT case_id FROM stale_kin)", true),
        };
        View Told(View view) => reach == Reach.CountedCases && Cells.TryGetValue(view.Name, out var cell) ? byName[cell.Counted] : view;
        var needed = Below(byName[name], view => Told(view).Reads(byName)).Concat(isOfStale ? Below(byName["stale_kin"], view => view.Reads(byName)) : []).ToHashSet();
        var views =
            from view in all
            where needed.Contains(view) && (kin.Length > 0 || !IsOfRecords(view)) && view.Name != name && view.Name is not ("as_of" or "response_threshold")
            orderby view.Name is "stale_case" ? 0 : view.Name is "stale_kin" ? 1 : 2
            select (view.Name, IsOfRecords(view) ? view.Query + kin
                : view.Name == "stale_case" && reach == Reach.CountingCases ? "SELECT DISTINCT case_id FROM counting_case"
                : view.Name == "cohort" && isOfStale ? view.Query + "\nWHERE case_id IN (SELECT case_id FROM stale_case)"
                : Told(view).Query);
        var query = Told(byName[name]).Query;
        var tail = query.StartsWith("WITH ", StringComparison.Ordinal) ? ",\n" + query["WITH ".Length..] : "\n" + query;
        var besidesCells = Below(byName[name], view => Cells.ContainsKey(view.Name) ? [] : view.Reads(byName)).Select(view => view.Name).ToHashSet();
        return new ScopedQuery(name, reach, [.. views], tail)
        {
            Tables = Below(byName[name], view => view.Reads(byName)).SelectMany(view => view.Tables(byName)).ToHashSet(),
            CountedBy = besidesCells.Contains("cohort") ? null : Cells.Where(cell => besidesCells.Contains(cell.Key)).Select(cell => cell.Value.Columns).FirstOrDefault(),
        };
    }

    // The views of what was recorded: they have case_id, and no condition of their own.
    private static bool IsOfRecords(View view) => view.IsFloor || view.Name == "case_follower";

    // A view and all that it reads, however indirectly.
    private static HashSet<View> Below(View top, Func<View, IEnumerable<View>> reads)
    {
        var found = new HashSet<View>();
        Add(top);
        return found;

        void Add(View view)
        {
            if (found.Add(view))
            {
                foreach (var read in reads(view))
                {
                    Add(read);
                }
            }
        }
    }

    /// <summary>The query narrowed to the cases that meet every one of <paramref name="conditions"/> on the columns of <c>cohort</c>.</summary>
    /// <param name="conditions">SQL conditions made by the program; what a user stated is in parameters only.</param>
    /// <param name="thresholds">Response thresholds in percent, for the views that have them.</param>
    /// <param name="select">What to ask of the view, by its name; left out, every row. Not for a view that begins with <c>WITH</c>.</param>
    /// <param name="single">The columns among timepoint, instrument, analysis_set, cost_per and cost_basis of which only the one code in the parameter of that name is looked at.</param>
    public string Text(IReadOnlyCollection<string> conditions, IReadOnlyCollection<int> thresholds, string? select = null, params IReadOnlyCollection<string> single)
    {
        var text = new StringBuilder("WITH as_of AS (SELECT @asOfDay AS as_of_day, @lastDataDay AS last_data_day)");
        if (thresholds.Count > 0)
        {
            text.Append(",\nresponse_threshold AS (").AppendJoin(" UNION ALL ", thresholds.Select(percent => FormattableString.Invariant($"SELECT {percent} AS threshold_percent"))).Append(')');
        }

        foreach (var (name, query) in _views)
        {
            text.Append(",\n").Append(name).Append(" AS (\n");
            text.Append(name switch
            {
                "cohort" when _reach is Reach.EveryCase or Reach.NamedCases => Narrowed(query, conditions),
                _ when _reach == Reach.CountedCases && Cells.ContainsKey(name) => Narrowed($"SELECT x.* FROM (\n{query}\n) x", [.. conditions, .. single.Intersect(Cells[name].Codes).Select(IsTheOne)]),
                _ when Codes.GetValueOrDefault(name) is { } column && single.Contains(column) => Narrowed($"SELECT x.* FROM (\n{query}\n) x", [IsTheOne(column)]),
                _ => query,
            });
            text.Append("\n)");
        }

        return text.Append(select is null ? _tail : $",\n{_name} AS ({_tail}\n)\n{select}").ToString();

        static string IsTheOne(string column) => $"{column} = @{column}";
        static string Narrowed(string query, IReadOnlyCollection<string> conditions) => conditions.Count == 0 ? query : $"{query}\nWHERE {string.Join(" AND ", conditions)}";
    }
}

/// <summary>Which cases a query looks at.</summary>
internal enum Reach
{
    /// <summary>All that meet its conditions.</summary>
    EveryCase,

    /// <summary>
    /// Those whose numbers are in the parameter <c>@cases</c>: a question about one case then reads the rows of that case
    /// alone. What follows from a later case needs that case among them.
    /// </summary>
    NamedCases,

    /// <summary>Those in the table <c>counting_case</c>.</summary>
    CountingCases,

    /// <summary>Every case, by what is counted already and by the stale cases; the conditions are on the columns of <see cref="ScopedQuery.CountedBy"/>.</summary>
    CountedCases,
}
