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
    private static readonly ConcurrentDictionary<(string Engine, string Name, bool OfNamedCases), ScopedQuery> Prepared = new();

    // Of each relation that can be narrowed to one code: the column, and parameter, that holds it.
    private static readonly Dictionary<string, string> Codes = new() { ["visit_window"] = "timepoint", ["instrument"] = "instrument", ["analysis_set"] = "analysis_set", ["cost_per"] = "cost_per" };

    private readonly string _name;
    private readonly IReadOnlyList<(string Name, string Query)> _views;
    private readonly string _tail;

    private ScopedQuery(string name, IReadOnlyList<(string Name, string Query)> views, string tail) => (_name, _views, _tail) = (name, views, tail);

    /// <summary>The query over a view of an engine.</summary>
    /// <param name="engine">The engine's folder below <c>db/</c>.</param>
    /// <param name="name">The view.</param>
    /// <param name="ofNamedCases">
    /// Whether the floor, too, is narrowed, to the cases whose numbers are in the parameter <c>@cases</c>: a question about
    /// one case then reads the rows of that case alone. What follows from a later case needs that case among them.
    /// </param>
    public static ScopedQuery Over(string engine, string name, bool ofNamedCases = false) =>
        Prepared.GetOrAdd((engine, name, ofNamedCases), key => Prepare(key.Engine, key.Name, key.OfNamedCases));

    private static ScopedQuery Prepare(string engine, string name, bool ofNamedCases)
    {
        var all = Scripts.Views(engine);
        var byName = all.ToDictionary(view => view.Name);
        var needed = new HashSet<View>();
        Need(byName[name]);

        var views = all.Where(view => needed.Contains(view) && (ofNamedCases || !view.IsFloor) && view.Name != name && view.Name is not ("as_of" or "response_threshold"));
        var query = byName[name].Query;
        var tail = query.StartsWith("WITH ", StringComparison.Ordinal) ? ",\n" + query["WITH ".Length..] : "\n" + query;
        return new ScopedQuery(name, [.. views.Select(view => (view.Name, view.IsFloor ? view.Query + "\nWHERE case_id IN @cases" : view.Query))], tail);

        void Need(View view)
        {
            if (needed.Add(view))
            {
                foreach (var read in view.Reads(byName))
                {
                    Need(read);
                }
            }
        }
    }

    /// <summary>The query narrowed to the cases that meet every one of <paramref name="conditions"/> on the columns of <c>cohort</c>.</summary>
    /// <param name="conditions">SQL conditions made by the program; what a user stated is in parameters only.</param>
    /// <param name="thresholds">Response thresholds in percent, for the views that have them.</param>
    /// <param name="select">What to ask of the view, by its name; left out, every row. Not for a view that begins with <c>WITH</c>.</param>
    /// <param name="single">The columns among timepoint, instrument, analysis_set and cost_per of which only the one code in the parameter of that name is looked at.</param>
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
            if (Codes.GetValueOrDefault(name) is { } column && single.Contains(column))
            {
                text.Append(FormattableString.Invariant($"SELECT x.* FROM (\n{query}\n) x WHERE x.{column} = @{column}"));
            }
            else
            {
                text.Append(query).Append(name == "cohort" && conditions.Count > 0 ? "\nWHERE " + string.Join(" AND ", conditions) : string.Empty);
            }

            text.Append("\n)");
        }

        return text.Append(select is null ? _tail : $",\n{_name} AS ({_tail}\n)\n{select}").ToString();
    }
}
