using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Dapper;
using Registry.Api.Access;
using Registry.Api.Http;
using Registry.Api.Sites;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>The one set of filters that every summary takes: which cases, and up to which day.</summary>
internal sealed class CohortFilter
{
    private static readonly WholeRange Ages = new(0, 150);

    private static readonly Condition[] Conditions =
    [
        new(QueryParameter.Coded<Procedure>("procedure", "The procedure. Left out: every procedure. The row 'all' pools the procedures asked for."), "procedure_code IN @procedure"),
        new(new QueryParameter("site", "The site's own code. Left out: every site.") { IsRepeatable = true, Example = "reference" }, "site_code IN @site"),
        new(QueryParameter.Coded<Indication>("indication", "What the patient is treated for. Left out: every indication."), "indication IN @indication"),
        new(QueryParameter.Coded<Sex>("sex", "The recorded sex. Left out: any."), "sex IN @sex"),
        new(new QueryParameter("ageMin", "The youngest age, in whole years at time zero, inclusive.") { Range = Ages }, "age_years >= @ageMin"),
        new(new QueryParameter("ageMax", "The oldest age, in whole years at time zero, inclusive.") { Range = Ages }, "age_years <= @ageMax"),
        new(QueryParameter.Coded<PainSide>("painSide", "The side of the pain. Left out: any, or not recorded."), "pain_side IN @painSide"),
        new(new QueryParameter("painDurationMin", "The shortest duration of the pain, in whole months, inclusive.") { Range = CaseRecord.PainDurationRange }, "pain_duration_months >= @painDurationMin"),
        new(new QueryParameter("painDurationMax", "The longest duration of the pain, in whole months, inclusive.") { Range = CaseRecord.PainDurationRange }, "pain_duration_months <= @painDurationMax"),
        new(new QueryParameter("from", "The first day of time zero, inclusive.") { IsDate = true }, "time_zero_day >= @from"),
        new(new QueryParameter("to", "The last day of time zero, inclusive.") { IsDate = true }, "time_zero_day <= @to"),
        new(new QueryParameter("primary", "true: only cases without a preceding case. Left out or false: all.") { Codes = ["true", "false"] }, "is_primary = 1"),
    ];

    /// <summary>The parameter that states the cut-off day.</summary>
    public const string NameOfDay = "asOf";

    private static readonly QueryParameter AsOf = new(NameOfDay, "The data cut-off: what is dated later is not looked at, and visits are due up to this day. When left out, the latest day that has begun at any site or that anything is dated, whichever is later.") { IsDate = true };

    private static readonly (string Low, string High)[] Pairs = [("ageMin", "ageMax"), ("painDurationMin", "painDurationMax"), ("from", "to")];

    private CohortFilter(DateOnly asOf, bool isDayStated, IReadOnlyDictionary<string, string> where, DynamicParameters parameters, IReadOnlyCollection<string> procedures)
    {
        Day = asOf;
        IsDayStated = isDayStated;
        Where = where;
        Parameters = parameters;
        Procedures = procedures;
        parameters.Add("asOfDay", asOf.DayNumber);
    }

    /// <summary>The parameters, for the contract and the check of a request.</summary>
    public static IEnumerable<QueryParameter> Takes => [.. Conditions.Select(condition => condition.Parameter), AsOf];

    /// <summary>The filters of one of several groups: each of <see cref="Takes"/> under the group's prefix, without the cut-off.</summary>
    public static IEnumerable<QueryParameter> TakesOf(string prefix) =>
        Conditions.Select(condition => condition.Parameter with { Name = prefix + condition.Parameter.Name, Meaning = $"For group {prefix.TrimEnd('.')} alone. {condition.Parameter.Meaning}" });

    /// <summary>The cut-off day.</summary>
    public DateOnly Day { get; }

    /// <summary>Whether the cut-off day was stated.</summary>
    public bool IsDayStated { get; }

    /// <summary>By the name of the parameter, each condition on a column of <c>cohort</c>.</summary>
    public IReadOnlyDictionary<string, string> Where { get; }

    /// <summary>What the conditions name.</summary>
    public DynamicParameters Parameters { get; }

    /// <summary>The procedures whose rows are asked for; empty for every one.</summary>
    public IReadOnlyCollection<string> Procedures { get; }

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
            faults.Add(new Fault("/asOf", "date-in-the-future", $"'asOf' is {asOf.Iso()}; it cannot be after {latest.Iso()}.", asOf.Iso(), $"up to {latest.Iso()}"));
        }

        return faults.Count > 0 ? (null, Problem.InvalidParameters(faults)) : (Of(query, asOf, string.Empty), null);
    }

    /// <summary>The ranges of a query, or of the group with this prefix, that hold nothing.</summary>
    public static IEnumerable<Fault> FaultsOf(IQueryCollection query, string prefix) =>
        from pair in Pairs
        let low = Stated(query, prefix, pair.Low)
        let high = Stated(query, prefix, pair.High)
        where query.ContainsKey(low) && query.ContainsKey(high) && Number(query[low].ToString()) > Number(query[high].ToString())
        select new Fault("/" + low, "empty-range", $"'{low}' is {query[low]}, above '{high}', which is {query[high]}.", query[low].ToString(), $"up to {query[high]}");

    /// <summary>The problem with sites that are named and not known, at all or to the caller, in the parameter <c>site</c> of the query or of a group; null without one.</summary>
    public static async ValueTask<Problem?> UnknownSites(IQueryCollection query, ClaimsPrincipal caller, SiteDirectory sites, CancellationToken cancellation)
    {
        List<Fault>? faults = null;
        foreach (var (name, values) in query)
        {
            if (name != "site" && !name.EndsWith(".site", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var site in values.OfType<string>().Distinct())
            {
                if (!caller.Sees(site) || await sites.Today(site, cancellation) is null)
                {
                    (faults ??= []).Add(new Fault("/" + name, "unknown-site", $"'{name}' is '{site}'; there is no such site.", site, "the code of a site"));
                }
            }
        }

        return faults is null ? null : Problem.InvalidParameters(faults) with { Status = StatusCodes.Status422UnprocessableEntity };
    }

    /// <summary>The filter of a query without faults, or that of the group with this prefix: what is stated for the group, and what is stated for all.</summary>
    public static CohortFilter Of(IQueryCollection query, DateOnly asOf, string prefix)
    {
        var parameters = new DynamicParameters();
        var where = new Dictionary<string, string>();
        foreach (var (parameter, sql) in Conditions)
        {
            if (!query.TryGetValue(Stated(query, prefix, parameter.Name), out var values) || (parameter.Name == "primary" && values.ToString() == "false"))
            {
                continue;
            }

            where.Add(parameter.Name, sql);
            parameters.Add(parameter.Name, parameter.IsRepeatable ? values.ToArray() : Number(values.ToString()));
        }

        return new CohortFilter(asOf, query.ContainsKey(NameOfDay), where, parameters, [.. query[Stated(query, prefix, "procedure")].OfType<string>()]);
    }

    /// <summary>
    /// What was asked for, as the answer repeats it: every stated parameter, in order of name. Not the cut-off, which every
    /// answer states, so that asking again with it gives the same answer.
    /// </summary>
    public static JsonObject Echo(IQueryCollection query) =>
        new(from parameter in query.Where(parameter => parameter.Key != AsOf.Name).OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
            select KeyValuePair.Create<string, JsonNode?>(parameter.Key, new JsonArray([.. parameter.Value.Distinct().Order(StringComparer.Ordinal).Select(value => JsonValue.Create(value))])));

    private static string Stated(IQueryCollection query, string prefix, string name) => query.ContainsKey(prefix + name) ? prefix + name : name;

    private static DateOnly Parse(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static int Number(string text) => text switch
    {
        "true" or "false" => 1,
        _ when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => Parse(text).DayNumber,
    };

    private sealed record Condition(QueryParameter Parameter, string Sql);
}
