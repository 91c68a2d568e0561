using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.Primitives;
using Registry.Api.Access;
using Registry.Api.Http;
using Registry.Api.Sites;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>The one set of filters that every summary takes: which cases, and up to which day.</summary>
internal sealed class CohortFilter
{
    /// <summary>The parameter that states the cut-off day.</summary>
    public const string NameOfDay = "asOf";

    private static readonly QueryParameter AsOf = new(
        NameOfDay,
        "The data cut-off: what is dated later is not looked at, and visits are due up to this day. When left out, the latest day that has "
            + "begun at any site or that anything is dated, whichever is later.")
    {
        IsDate = true,
    };

    private static readonly HashSet<string> Filters = [.. CohortCondition.All.Select(condition => condition.Parameter.Name)];

    private CohortFilter(
        DateOnly asOf,
        bool isDayStated,
        IReadOnlyDictionary<string, string> where,
        DynamicParameters parameters,
        IReadOnlyCollection<string> procedures,
        IReadOnlyList<string> tables,
        IReadOnlySet<SiteCode>? sites,
        IReadOnlyList<CaseSearch> searches)
    {
        (Tables, Sites, Searches) = (tables, sites, searches);
        Day = asOf;
        IsDayStated = isDayStated;
        Where = where;
        Parameters = parameters;
        Procedures = procedures;
        parameters.Add("asOfDay", DayNumber.Of(asOf));
    }

    /// <summary>The parameters, for the contract and the check of a request.</summary>
    public static IEnumerable<QueryParameter> Takes => [.. CohortCondition.All.Select(condition => condition.Parameter), AsOf];

    /// <summary>The filters of one of several groups: each of <see cref="Takes"/> under the group's prefix, without the cut-off.</summary>
    public static IEnumerable<QueryParameter> TakesOf(string prefix) =>
        CohortCondition.All.Select(condition => condition.Parameter with
        {
            Name = prefix + condition.Parameter.Name,
            Meaning = $"For group {prefix.TrimEnd('.')} alone. {condition.Parameter.Meaning}",
        });

    /// <summary>The cut-off day.</summary>
    public DateOnly Day { get; }

    /// <summary>Whether the cut-off day was stated.</summary>
    public bool IsDayStated { get; }

    /// <summary>By the name of the parameter, each condition on the columns of <c>cohort</c>, whose alias is <c>c</c>.</summary>
    public IReadOnlyDictionary<string, string> Where { get; }

    /// <summary>What the conditions name.</summary>
    public DynamicParameters Parameters { get; }

    /// <summary>The tables that the conditions read besides that of the cases, those of groups included.</summary>
    public IReadOnlyList<string> Tables { get; }

    /// <summary>The searches that find the cases of conditions, or of parts of them.</summary>
    public IReadOnlyList<CaseSearch> Searches { get; }

    /// <summary>The sites that are asked for; null for every one.</summary>
    public IReadOnlySet<SiteCode>? Sites { get; }

    /// <summary>The procedures whose rows are asked for; empty for every one.</summary>
    public IReadOnlyCollection<string> Procedures { get; }

    /// <summary>The same filter with these conditions besides; one stands in the place of a filter of its name.</summary>
    public CohortFilter Within(IEnumerable<(string Name, string Sql, object Value)> conditions)
    {
        var (where, parameters) = (new Dictionary<string, string>(Where), new DynamicParameters(Parameters));
        foreach (var (name, sql, value) in conditions)
        {
            where[name] = sql;
            parameters.Add(name, value);
        }

        return new CohortFilter(Day, IsDayStated, where, parameters, Procedures, Tables, Sites, Searches);
    }

    /// <summary>The same filter with a condition, or a part of one, in other words, and the value that those name.</summary>
    public CohortFilter Restated(string condition, string otherwise, string name, object value)
    {
        var (where, parameters) = (Where.ToDictionary(
            one => one.Key, one => one.Value.Replace(condition, otherwise, StringComparison.Ordinal)),
            new DynamicParameters(Parameters));
        parameters.Add(name, value);
        return new CohortFilter(Day, IsDayStated, where, parameters, Procedures, Tables, Sites, Searches);
    }

    /// <summary>Whether a row of this procedure group is asked for: the procedures asked for, and 'all'.</summary>
    public bool WantsGroup(string group) => Procedures.Count == 0 || group == "all" || Procedures.Contains(group);

    /// <summary>Reads a query whose parameters were each found well-formed.</summary>
    /// <param name="query">The query.</param>
    /// <param name="latest">The cut-off where none is stated, and the latest that can be.</param>
    public static (CohortFilter? Filter, Problem? Problem) Read(IQueryCollection query, DateOnly latest)
    {
        var faults = FaultsOf(query, string.Empty).ToList();
        var asOf = query.TryGetValue(AsOf.Name, out var stated) ? Parse(stated.ToString()) : latest;
        if (asOf > latest)
        {
            faults.Add(new Fault(
                "/asOf",
                "date-in-the-future",
                $"'asOf' is {asOf.Iso()}; it cannot be after {latest.Iso()}.",
                asOf.Iso(),
                $"up to {latest.Iso()}"));
        }

        return faults.Count > 0 ? (null, Problem.InvalidParameters(faults)) : (Of(query, asOf, string.Empty), null);
    }

    /// <summary>What contradicts itself in a query, or in the group of it with this prefix.</summary>
    public static IEnumerable<Fault> FaultsOf(IQueryCollection query, string prefix) =>
        CohortCondition.FaultsOf(query, name => Stated(query, prefix, name));

    /// <summary>
    /// A query with the codes of the sites that the parameter <c>site</c> names, for all or for a group; and the problem with names of no
    /// site, at all or to the caller, null without one.
    /// </summary>
    public static async ValueTask<(IQueryCollection Query, Problem? Problem)> WithSiteCodes(
        IQueryCollection query, ClaimsPrincipal caller, SiteNames names, SiteDirectory sites, CancellationToken cancellation)
    {
        List<Fault>? faults = null;
        Dictionary<string, StringValues>? coded = null;
        foreach (var (name, values) in query)
        {
            if (name != SiteNames.Filter && !name.EndsWith("." + SiteNames.Filter, StringComparison.Ordinal))
            {
                continue;
            }

            var codes = new List<string>();
            foreach (var site in values.OfType<string>().Distinct())
            {
                if (await names.CodeOf(site, sites, cancellation) is { } code && caller.Sees(code)
                    && await sites.Today(code, cancellation) is not null)
                {
                    codes.Add(code.ToString());
                }
                else
                {
                    var known = names.AreMasked || !SiteCode.TryParse(site, null, out var stated)
                        ? null
                        : await sites.InOtherSpelling(stated, caller.SiteScope(), cancellation);
                    (faults ??= []).Add(OtherSpelling.UnknownSite(name, site, known));
                }
            }

            if (names.AreMasked)
            {
                (coded ??= query.ToDictionary(StringComparer.OrdinalIgnoreCase))[name] = codes.ToArray();
            }
        }

        return (
            coded is null ? query : new QueryCollection(coded),
            faults is null ? null : Problem.UnknownInParameters(faults));
    }

    /// <summary>
    /// The filter of a query without faults, or that of the group with this prefix: what is stated for the group, and what is stated for
    /// all.
    /// </summary>
    public static CohortFilter Of(IQueryCollection query, DateOnly asOf, string prefix)
    {
        var parameters = new DynamicParameters();
        var where = new Dictionary<string, string>();
        var searches = new List<CaseSearch>();
        foreach (var condition in CohortCondition.All)
        {
            if (query.TryGetValue(Stated(query, prefix, condition.Parameter.Name), out var stated)
                && stated.OfType<string>().ToList() is var values && condition.Sql(values, parameters) is { Length: > 0 } sql)
            {
                where.Add(condition.Parameter.Name, sql);
                searches.AddRange(condition.Searches(values, where));
            }
        }

        if (CohortCondition.EventCondition(query, name => Stated(query, prefix, name), parameters) is { } happened)
        {
            where.Add(CohortCondition.Event, happened);
        }

        var sites = query.TryGetValue("site", out var named)
            ? named.Select(site => SiteCode.TryParse(site, null, out var code) ? code : default).ToHashSet()
            : null;
        return new CohortFilter(
            asOf,
            query.ContainsKey(NameOfDay),
            where,
            parameters,
            [.. query[Stated(query, prefix, "procedure")].OfType<string>()],
            [.. TablesOf(query).Distinct()],
            sites,
            searches);
    }

    // Of every parameter, whatever group it is stated for.
    private static IEnumerable<string> TablesOf(IQueryCollection query) =>
        from parameter in query
        from condition in CohortCondition.All
        where parameter.Key == condition.Parameter.Name || parameter.Key.EndsWith("." + condition.Parameter.Name, StringComparison.Ordinal)
        from table in condition.Parameter.Name == CohortCondition.Event
            ? [CohortCondition.EventTable]
            : CohortCondition.TablesOf(condition.Sql([.. parameter.Value.OfType<string>()], new DynamicParameters()))
        select table;

    /// <summary>
    /// What was asked for, as the answer repeats it: every stated parameter, in order of name. Not the cut-off, which every
    /// answer states, so that asking again with it gives the same answer.
    /// </summary>
    public static JsonObject Echo(IQueryCollection query) =>
        new(from parameter in query.Where(parameter => parameter.Key != AsOf.Name)
            .OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
            select KeyValuePair.Create<string, JsonNode?>(
                parameter.Key,
                new JsonArray([.. parameter.Value.Distinct().Order(StringComparer.Ordinal).Select(value => JsonValue.Create(value))])));

    /// <summary>
    /// The filters alone of a query: with the cut-off they identify the cases of an answer, whatever its columns, order and form.
    /// </summary>
    public static JsonObject EchoFilters(IQueryCollection query) =>
        Echo(new QueryCollection(query.Where(parameter => Filters.Contains(parameter.Key)).ToDictionary()));

    private static string Stated(IQueryCollection query, string prefix, string name) =>
        query.ContainsKey(prefix + name) ? prefix + name : name;

    private static DateOnly Parse(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
