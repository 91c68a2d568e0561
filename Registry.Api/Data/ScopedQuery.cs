using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Registry.Api.Data;

/// <summary>
/// A view asked about a part of the registry. The text of the view, and of the views it reads, is run as it stands in
/// <c>db/views</c>, as one query with the views as its common table expressions. Only the cut-off day and the response
/// thresholds are put in the place of their views, and the text is narrowed at the lines that the views mark for it. So a
/// figure has one definition, at a SQL prompt and behind the HTTP interface.
/// </summary>
/// <remarks>
/// The marks, which are comments at a SQL prompt: a line <c>-- [key] sql</c> is in force when the query is narrowed by the key;
/// <c>-- [cohort] sql</c> when it has any condition on the cohort, and <c>-- [cohort but a b] sql</c> when it has one besides those of
/// the filters a and b; <c>{conditions}</c> in it stands for the conditions, on the alias <c>c</c>, and a search in <c>cohort_member</c>
/// for what <see cref="Dialect.AskMembers"/> makes of it. A line that ends in <c>-- [unless a b]</c> is left out when the query is
/// narrowed by every one of these keys. A line <c>-- [instead key] sql</c> stands in the place of its whole view when the query is narrowed
/// by the key. The keys are the names of the filters and of the columns of which one code alone is asked for,
/// <c>threshold</c> when there is one threshold, <see cref="RatesAlone"/> and <see cref="Responses"/>.
/// </remarks>
internal sealed partial class ScopedQuery
{
    /// <summary>The key of a question about response that leaves the change of the scores out.</summary>
    public const string RatesAlone = "rates";

    /// <summary>The key of a question about one response rate whose cases are known, in <see cref="Dialect.Responses"/>.</summary>
    public const string Responses = "responses";

    private static readonly ConcurrentDictionary<(string Engine, string Name), ScopedQuery> Prepared = new();

    private readonly string _engine;
    private readonly string _name;
    private readonly IReadOnlyList<(string Name, string[] Lines)> _views;
    private readonly string[] _tail;

    private ScopedQuery(string engine, string name)
    {
        var all = Scripts.Views(engine);
        var byName = all.ToDictionary(view => view.Name);
        var needed = new HashSet<View>();
        Add(byName[name]);
        (_engine, _name) = (engine, name);
        _views = [.. all.Where(view => needed.Contains(view) && view.Name != name && view.Name is not ("as_of" or "response_threshold"))
            .Select(view => (view.Name, view.Query.Split('\n')))];
        var query = byName[name].Query;
        _tail = (query.StartsWith("WITH ", StringComparison.Ordinal) ? ",\n" + query["WITH ".Length..] : "\n" + query).Split('\n');
        Tables = needed.SelectMany(view => view.Tables(byName)).ToHashSet();

        void Add(View view)
        {
            if (needed.Add(view))
            {
                foreach (var read in view.Reads(byName))
                {
                    Add(read);
                }
            }
        }
    }

    /// <summary>The tables that the view reads, however indirectly, and names of parts of its query.</summary>
    public IReadOnlySet<string> Tables { get; }

    /// <summary>The query over a view of an engine.</summary>
    /// <param name="engine">The engine's folder below <c>db/</c>.</param>
    /// <param name="name">The view.</param>
    public static ScopedQuery Over(string engine, string name) =>
        Prepared.GetOrAdd((engine, name), static key => new ScopedQuery(key.Engine, key.Name));

    /// <summary>
    /// The text of the query. It names the parameter <c>@asOfDay</c>, those of the conditions and codes, and on the embedded engine perhaps
    /// <see cref="Dialect.Members"/>.
    /// </summary>
    /// <param name="conditions">By the name of its filter, each condition on the columns of <c>cohort</c>, whose alias is <c>c</c>: SQL
    /// made by the program; what a user stated is in parameters only.</param>
    /// <param name="thresholds">Response thresholds in percent; empty for a view without.</param>
    /// <param name="single">The columns of which the one code in the parameter of that name is asked for, and perhaps
    /// <see cref="RatesAlone"/> or <see cref="Responses"/>.</param>
    /// <param name="select">What to ask of the view, by its name; left out, every row. Not for a view that begins with <c>WITH</c>.</param>
    public string Text(
        IReadOnlyDictionary<string, string>? conditions = null,
        IReadOnlyCollection<int>? thresholds = null,
        IReadOnlyCollection<string>? single = null,
        string? select = null)
    {
        var filters = conditions ?? new Dictionary<string, string>();
        var keys = filters.Keys.Concat(single ?? []).Concat(thresholds?.Count == 1 ? ["threshold"] : []).ToHashSet();
        var joined = string.Join(" AND ", filters.Values);
        var text = new StringBuilder("WITH as_of AS (SELECT @asOfDay AS as_of_day)");
        if (thresholds?.Count > 0)
        {
            text.Append(",\nresponse_threshold AS (")
                .AppendJoin(
                    " UNION ALL ", thresholds.Select(percent => FormattableString.Invariant($"SELECT {percent} AS threshold_percent")))
                .Append(')');
        }

        foreach (var (name, lines) in _views)
        {
            text.Append(",\n").Append(name).Append(" AS (\n").Append(Narrowed(lines)).Append("\n)");
        }

        text = select is null
            ? text.Append(Narrowed(_tail))
            : text.Append(",\n").Append(_name).Append(" AS (").Append(Narrowed(_tail)).Append("\n)\n").Append(select);
        return Dialect.AskDay(_engine, text.ToString());

        string Narrowed(string[] lines) =>
            lines.Select(line => Replacing().Match(line)).FirstOrDefault(
                mark => mark.Success && keys.Contains(mark.Groups["key"].Value))?.Groups["sql"].Value
            ?? string.Join('\n', lines.Select(Line).OfType<string>());

        string? Line(string line)
        {
            if (Narrowing().Match(line) is { Success: true } mark)
            {
                var but = mark.Groups["but"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var isInForce =
                    mark.Groups["key"].Value is "cohort" ? filters.Keys.Except(but).Any() : keys.Contains(mark.Groups["key"].Value);
                return isInForce
                    ? Dialect.AskMembers(_engine, mark.Groups["sql"].Value).Replace("{conditions}", joined, StringComparison.Ordinal)
                    : null;
            }

            return Widening().Match(line) is { Success: true } end && end.Groups["keys"].Value.Split(' ').All(keys.Contains) ? null : line;
        }
    }

    [GeneratedRegex(@"^\s*-- \[(?<key>\w+)(?: but (?<but>[\w ]+))?\] (?<sql>.+)$")]
    private static partial Regex Narrowing();

    [GeneratedRegex(@"^-- \[instead (?<key>\w+)\] (?<sql>.+)$")]
    private static partial Regex Replacing();

    [GeneratedRegex(@"-- \[unless (?<keys>[\w ]+)\]$")]
    private static partial Regex Widening();
}
