using System.Text.Json.Nodes;
using Dapper;
using Registry.Api.Access;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Domain.Assessments;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>The answer of a summary.</summary>
/// <param name="AsOf">The cut-off day.</param>
/// <param name="DataVersion">How often the rows that the figures are derived from had changed, in the sites that were asked for: two
/// answers to the same question with the same number look at the same data.</param>
/// <param name="Filter">What was asked for but the cut-off, each parameter with its values.</param>
/// <param name="Items">The rows, in a fixed order; empty groups have theirs.</param>
internal sealed record Summary<TItem>(
    DateOnly AsOf,
    [Unit("changes")] long DataVersion,
    JsonObject Filter,
    IReadOnlyList<TItem> Items);

/// <summary>A rate with its 95 % interval (Wilson score, no continuity correction). All null for an empty denominator.</summary>
/// <param name="X">The numerator.</param>
/// <param name="N">The denominator.</param>
/// <param name="Rate">X / N, from 0 to 1.</param>
/// <param name="CiLow">Lower end of the interval.</param>
/// <param name="CiHigh">Upper end of the interval.</param>
internal sealed record RateFigure(
    [Unit("count")] long X,
    [Unit("count")] long N,
    [Unit("proportion, 0 to 1")] double? Rate,
    [Unit("proportion, 0 to 1")] double? CiLow,
    [Unit("proportion, 0 to 1")] double? CiHigh)
{
    public static RateFigure Of(long x, long n)
    {
        var proportion = new Domain.Statistics.Proportion(x, n);
        return new RateFigure(x, n, proportion.Rate, proportion.Wilson95?.Low, proportion.Wilson95?.High);
    }
}

/// <summary>A row of a view about scores, with the names of its columns, so that Dapper finds them.</summary>
internal interface IScoredRow
{
    /// <summary>The procedure, or 'all'.</summary>
    string Procedure_Group { get; }

    /// <summary>The timepoint.</summary>
    string Timepoint { get; }

    /// <summary>The place of the timepoint.</summary>
    int Timepoint_Order { get; }

    /// <summary>The instrument.</summary>
    string Instrument { get; }

    /// <summary>The analysis set.</summary>
    string Analysis_Set { get; }
}

/// <summary>What a summary is asked, and where it finds the answer.</summary>
/// <param name="session">Where to ask.</param>
/// <param name="engine">The engine's folder below <c>db/</c>.</param>
/// <param name="views">The views that can be asked: on what they read depends whether an answer is still current.</param>
/// <param name="filter">The cases and the cut-off.</param>
/// <param name="query">Everything that was stated, with the codes of sites.</param>
/// <param name="sites">The names of sites as who asks sees them.</param>
internal sealed class SummaryQuery(
    Session session, string engine, IReadOnlyCollection<string> views, CohortFilter filter, IQueryCollection query, SiteNames sites)
{
    // Of all questions about the same cases.
    private CohortMembers _members = new();

    /// <summary>The names of sites as who asks sees them.</summary>
    public SiteNames Sites => sites;

    /// <summary>The cases and the cut-off.</summary>
    public CohortFilter Filter => filter;

    /// <summary>The same question about one of several groups, whose filters carry this prefix.</summary>
    public SummaryQuery Group(string prefix) => new(session, engine, views, CohortFilter.Of(query, filter.Day, prefix), query, sites);

    /// <summary>
    /// The same question about the cases that meet these conditions, too; a condition stands in the place of one of its name.
    /// </summary>
    public SummaryQuery Within(IEnumerable<(string Name, string Sql, object Value)> conditions) =>
        new(session, engine, views, filter.Within(conditions), query, sites);

    /// <summary>Asks a question about each of several things, all of the same data: none needs the answer about another.</summary>
    public Task<T[]> Each<TAbout, T>(IReadOnlyList<TAbout> about, Func<SummaryQuery, TAbout, Task<T>> question) =>
        session.Each<T>([.. about.Select(thing => (Func<Session, Task<T>>)(other =>
            question(new SummaryQuery(other, engine, views, filter, query, sites) { _members = _members }, thing)))]);

    /// <summary>The same for questions of different kinds, each of which keeps its own answer.</summary>
    public Task Each(params IReadOnlyList<Func<SummaryQuery, Task>> questions) =>
        Each(questions, static async (one, question) =>
        {
            await question(one);
            return true;
        });

    /// <summary>What a statement finds in the cohort.</summary>
    /// <param name="select">The statement, on <c>cohort</c>: SQL made by the program.</param>
    public Task<IReadOnlyList<TRow>> Cohort<TRow>(string select) => Select<TRow>("cohort", select);

    /// <summary>The rows of a view, narrowed to the cohort.</summary>
    public Task<IReadOnlyList<TRow>> Rows<TRow>(string view, IReadOnlyCollection<int>? thresholds = null) =>
        Rows<TRow>(view, thresholds ?? [], []);

    /// <summary>What a query asks of a view, by its name, narrowed to the cohort.</summary>
    public Task<IReadOnlyList<TRow>> Select<TRow>(string view, string select) =>
        Ask<TRow>(ScopedQuery.Over(engine, view).Text(filter.Where, select: select));

    /// <summary>
    /// The rows of a view about one code of each of these columns: timepoint, instrument, analysis_set, cost_per, cost_basis. A key of a
    /// view that is no column has no code.
    /// </summary>
    public Task<IReadOnlyList<TRow>> Rows<TRow>(
        string view, IReadOnlyCollection<int> thresholds, params IReadOnlyCollection<(string Column, string? Code)> single)
    {
        Check(view);
        return Ask<TRow>(ScopedQuery.Over(engine, view).Text(filter.Where, thresholds, [.. single.Select(one => one.Column)]), [.. single]);
    }

    /// <summary>
    /// The rows of a view that reads <c>response_member</c>, about one response rate: one threshold, and one code each of timepoint,
    /// instrument and analysis_set. Where bytes are looked up sooner, the cases that it counts are found first.
    /// </summary>
    public async Task<IReadOnlyList<TRow>> OfResponse<TRow>(
        string view, int threshold, params IReadOnlyCollection<(string Column, string? Code)> single)
    {
        Check(view);
        if (!Dialect.LooksUpBytes(engine))
        {
            return await Rows<TRow>(view, [threshold], single);
        }

        string[] columns = [.. single.Select(one => one.Column)];
        var sql = ScopedQuery.Over(engine, "response_member")
            .Text(filter.Where, [threshold], columns, "SELECT 2 * m.case_id + m.responded FROM response_member m");
        var counted = await Ask<long>(sql, [.. single]);
        var responses = new byte[counted.DefaultIfEmpty().Max() / 2];
        foreach (var one in counted)
        {
            responses[(one / 2) - 1] = (byte)(1 + (one % 2));
        }

        return await Ask<TRow>(
            ScopedQuery.Over(engine, view).Text(filter.Where, [threshold], [.. columns, ScopedQuery.Responses]),
            [.. single, (Dialect.Responses, responses)]);
    }

    /// <summary>
    /// The rows of a view with a procedure group, timepoint, instrument and analysis set, as far as the question asks for them, in no
    /// order.
    /// </summary>
    /// <param name="view">The view.</param>
    /// <param name="timepoint">The parameter that says which timepoints.</param>
    /// <param name="thresholds">Response thresholds in percent; none for a view without.</param>
    /// <param name="keys">What else narrows the view: its keys that are no columns.</param>
    public async Task<IEnumerable<TRow>> Scored<TRow>(
        string view, QueryParameter timepoint, IReadOnlyCollection<int>? thresholds = null, params IReadOnlyCollection<string> keys)
        where TRow : IScoredRow
    {
        var only = Only(("timepoint", timepoint), ("instrument", SharedParameters.Instrument), ("analysis_set", SharedParameters.Set))
            .Concat(keys.Select(key => (Column: key, Code: (string?)null)))
            .ToList();
        var isSplit = session.HasHelpers && !only.Any(one => one.Column == "instrument");
        var parts =
            isSplit ? Code.All<Instrument>().Select(instrument => only.Append(("instrument", instrument)).ToList()).ToList() : [only];
        var rows = await Each(parts, (one, part) => one.Rows<TRow>(view, thresholds ?? [], part));
        return from row in rows.SelectMany(some => some)
               where Filter.WantsGroup(row.Procedure_Group)
                   && Wants(timepoint, row.Timepoint)
                   && Wants(SharedParameters.Instrument, row.Instrument)
                   && Wants(SharedParameters.Set, row.Analysis_Set)
               select row;
    }

    /// <summary>The one code of a parameter that is stated once at most, or the default.</summary>
    public string Single(QueryParameter parameter, string otherwise) =>
        query.TryGetValue(parameter.Name, out var values) ? values.ToString() : otherwise;

    /// <summary>Whether a value of a parameter is asked for: any is when it is left out.</summary>
    public bool Wants(QueryParameter parameter, string value) =>
        !query.TryGetValue(parameter.Name, out var values) || values.Contains(value);

    /// <summary>Whether a value of a parameter is asked for: the default is when it is left out.</summary>
    public bool Wants(QueryParameter parameter, string value, string otherwise) =>
        query.TryGetValue(parameter.Name, out var values) ? values.Contains(value) : value == otherwise;

    /// <summary>The decimal number of a parameter, or null when it is left out.</summary>
    public decimal? Decimal(QueryParameter parameter) =>
        query.TryGetValue(parameter.Name, out var values) ? QueryParameter.ParseDecimal(values.ToString()) : null;

    /// <summary>The column and the code of each parameter of which one code is asked for, for the rows of a view.</summary>
    public IReadOnlyCollection<(string Column, string? Code)> Only(
        params IEnumerable<(string Column, QueryParameter Parameter)> parameters) =>
        [.. from one in parameters
            where query.TryGetValue(one.Parameter.Name, out var values) && values.Distinct().Count() == 1
            select (one.Column, query[one.Parameter.Name][0]!)];

    /// <summary>The whole numbers of a parameter, or the default.</summary>
    public IReadOnlyCollection<int> Numbers(QueryParameter parameter, params int[] otherwise) =>
        query.TryGetValue(parameter.Name, out var values)
            ? [.. values.Select(value => int.Parse(value!, System.Globalization.CultureInfo.InvariantCulture)).Distinct().Order()]
            : otherwise;

    private void Check(string view)
    {
        if (!views.Contains(view))
        {
            throw new InvalidOperationException($"The summary does not say that it reads {view}.");
        }
    }

    private async Task<IReadOnlyList<TRow>> Ask<TRow>(string sql, params IEnumerable<(string Name, object? Value)> stated)
    {
        var parameters = new DynamicParameters(filter.Parameters);
        foreach (var (name, value) in stated.Where(one => one.Value is not null))
        {
            parameters.Add(name, value);
        }

        if (sql.Contains(Dialect.Members, StringComparison.Ordinal))
        {
            parameters.Add(Dialect.Members, await _members.FoundBy(Members));
        }

        return await session.Query<TRow>(sql, parameters);
    }

    private async Task<byte[]> Members() =>
        Dialect.BytesOf(await session.Query<long>(ScopedQuery.Over(engine, "cohort_member").Text(filter.Where), filter.Parameters));

    /// <summary>
    /// The members of a cohort, found once: by the first question that needs them, in its own session, while the others wait.
    /// </summary>
    private sealed class CohortMembers
    {
        private readonly Lock _gate = new();
        private Task<byte[]>? _found;

        public Task<byte[]> FoundBy(Func<Task<byte[]>> find)
        {
            lock (_gate)
            {
                return _found ??= find();
            }
        }
    }
}
