using System.Collections.Concurrent;
using System.Text;

namespace Registry.Api.Data;

/// <summary>
/// A view asked about a part of the registry. The text of the view, and of the views it reads, is run as it stands in
/// <c>db/views</c>, as one query with the views as its common table expressions; only three relations are narrowed on
/// the way: the cut-off day, the cohort and the response thresholds. So a figure has one definition, at a SQL prompt
/// and behind the HTTP interface.
/// </summary>
internal sealed class ScopedQuery
{
    private static readonly ConcurrentDictionary<(string Engine, string Name, bool OfNamedCases), ScopedQuery> Prepared = new();
    private readonly string _name;
    private readonly string _head;
    private readonly string _middle;
    private readonly string _tail;

    private ScopedQuery(string name, string head, string middle, string tail) => (_name, _head, _middle, _tail) = (name, head, middle, tail);

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

        var head = new StringBuilder("WITH as_of AS (SELECT @asOfDay AS as_of_day, @lastDataDay AS last_data_day)");
        var middle = new StringBuilder();
        var part = head;
        foreach (var view in all.Where(view => needed.Contains(view) && (ofNamedCases || !view.IsFloor) && view.Name != name && view.Name is not ("as_of" or "response_threshold")))
        {
            part.Append(",\n").Append(view.Name).Append(" AS (\n").Append(view.Query);
            if (view.IsFloor)
            {
                part.Append("\nWHERE case_id IN @cases");
            }
            else if (view.Name == "cohort")
            {
                part = middle;
            }

            part.Append("\n)");
        }

        var query = byName[name].Query;
        var tail = query.StartsWith("WITH ", StringComparison.Ordinal) ? ",\n" + query["WITH ".Length..] : "\n" + query;
        return new ScopedQuery(name, head.ToString(), middle.ToString(), tail);

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
    public string Text(IReadOnlyCollection<string> conditions, IReadOnlyCollection<int> thresholds, string? select = null)
    {
        var where = conditions.Count == 0 ? string.Empty : "\nWHERE " + string.Join(" AND ", conditions);
        var percents = string.Join(" UNION ALL ", thresholds.Select(percent => FormattableString.Invariant($"SELECT {percent} AS threshold_percent")));
        var threshold = thresholds.Count == 0 ? string.Empty : $",\nresponse_threshold AS ({percents})";
        var tail = select is null ? _tail : $",\n{_name} AS ({_tail}\n)\n{select}";
        return _head + where + _middle + threshold + tail;
    }
}
