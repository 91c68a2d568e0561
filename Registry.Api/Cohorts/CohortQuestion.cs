using System.Globalization;
using System.Security.Claims;
using Registry.Api.Access;
using Registry.Api.Http;
using Registry.Api.Sites;
using Registry.Api.Summaries;
using Registry.Domain.Common;

namespace Registry.Api.Cohorts;

/// <summary>What is asked of the cases of a cohort.</summary>
/// <param name="Filter">The cases, and the cut-off.</param>
/// <param name="Sort">Their order.</param>
/// <param name="After">The case behind which to begin; null for the first.</param>
/// <param name="Columns">The columns, in their order.</param>
/// <param name="Costs">The currency and price year of the costs; null for none.</param>
/// <param name="Codes">What was stated, with the codes of sites.</param>
internal sealed record CohortQuestion(
    CohortFilter Filter,
    CohortSort Sort,
    CohortKey? After,
    IReadOnlyList<CohortColumn> Columns,
    CostUnitOfCohort? Costs,
    IQueryCollection Codes)
{
    /// <summary>Where a page begins.</summary>
    public static readonly QueryParameter AfterParameter = new(
        "after", "The cursor that the page before gave as 'next'; left out for the first page.")
    {
        CursorPattern = CohortCursor.Pattern,
    };

    /// <summary>The order.</summary>
    public static readonly QueryParameter SortParameter = new(
        "sort",
        "The column to sort by, with - in front the highest first; what is missing is below everything. The order of recording when left "
            + "out, and among equals.")
    {
        Codes = [.. CohortSort.All.Keys],
        CodesName = "CohortOrder",
    };

    /// <summary>The columns.</summary>
    public static readonly QueryParameter FieldsParameter = new(
        "fields", "The columns, joined by commas, in any order: they come in theirs. All but the costs when left out.")
    {
        Form = ("^[A-Za-z0-9]+(,[A-Za-z0-9]+)*$", "columns joined by commas, such as case,procedure,age,nrsBaseline,nrs12m"),
    };

    /// <summary>The costs.</summary>
    public static readonly QueryParameter CostsParameter = new(
        "costs",
        "Adds the costs in this currency at the prices of this year, which are never pooled with others: EUR-2024. None when left out.")
    {
        Form = ("^[A-Z]{3}-[0-9]{4}$", "a currency and a price year, such as EUR-2024"),
    };

    /// <summary>The parameters that say which cases, in which order, with which columns.</summary>
    public static IEnumerable<QueryParameter> Takes =>
        [.. CohortFilter.Takes, SortParameter, FieldsParameter, CostsParameter, AfterParameter];

    /// <summary>The columns that are named and not known, and costs that are named as columns without their currency.</summary>
    public static IEnumerable<Fault> FaultsOf(IQueryCollection query) => FaultsOf(query, Offered(query, CohortColumns.All));

    /// <summary>The columns that are named and not among those that are offered, or more than once.</summary>
    public static IEnumerable<Fault> FaultsOf(IQueryCollection query, IEnumerable<Column> offered)
    {
        if (!query.TryGetValue(FieldsParameter.Name, out var stated))
        {
            yield break;
        }

        var known = offered.Select(column => column.Name).ToList();
        foreach (var name in stated.ToString().Split(',').Where(name => !known.Contains(name)))
        {
            yield return new Fault(
                "/" + FieldsParameter.Name,
                "unknown-field",
                $"'{FieldsParameter.Name}' names '{name}'; there is no such column.",
                name,
                "of " + string.Join(", ", known));
        }

        foreach (var name in stated.ToString().Split(',').GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key))
        {
            yield return new Fault(
                "/" + FieldsParameter.Name,
                "repeated",
                $"'{FieldsParameter.Name}' names '{name}' more than once.",
                name,
                "each column once");
        }
    }

    /// <summary>Reads a query whose parameters were each found well-formed.</summary>
    /// <param name="query">The query.</param>
    /// <param name="caller">Who asks: of a site that does not exist for it there is nothing.</param>
    /// <param name="names">The names of sites as the caller states them.</param>
    /// <param name="latest">The cut-off where none is stated, and the latest that can be.</param>
    /// <param name="sites">The sites there are.</param>
    /// <param name="seal">Opens the cursor.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async ValueTask<(CohortQuestion? Question, Problem? Problem)> Read(
        IQueryCollection query,
        ClaimsPrincipal caller,
        SiteNames names,
        DateOnly latest,
        SiteDirectory sites,
        CaseSeal seal,
        CancellationToken cancellation)
    {
        var sort = CohortSort.All[query.TryGetValue(SortParameter.Name, out var named) ? named.ToString() : CohortColumns.Case];
        if (sort.IsOfSites && names.AreMasked)
        {
            sort = sort.ByName(await sites.Codes(cancellation), names);
        }

        CohortCursor? cursor = null;
        if (query.TryGetValue(AfterParameter.Name, out var after) && after.ToString().Contains('~', StringComparison.Ordinal))
        {
            cursor = CohortCursor.Read(after.ToString(), sort, seal);
            var stated = query[CohortFilter.NameOfDay].ToString();
            if (cursor is null || cursor.AsOf > latest || (stated.Length > 0 && stated != cursor.AsOf.Iso()))
            {
                return (null, Problem.InvalidParameters(
                    [new Fault(
                        "/" + AfterParameter.Name,
                        "not-a-cursor",
                        $"'{AfterParameter.Name}' is '{after}', which belongs to another order or cut-off.",
                        after.ToString(),
                        AfterParameter.Allowed)]));
            }
        }

        // A cursor carries its day; a stated one is checked against the latest there can be.
        var (codes, unknown) = await CohortFilter.WithSiteCodes(query, caller, names, sites, cancellation);
        var (filter, problem) = CohortFilter.Read(
            codes, cursor is null || query.ContainsKey(CohortFilter.NameOfDay) ? latest : cursor.AsOf);
        if (Problem.Together(problem, unknown) is { } refused)
        {
            return (null, refused);
        }

        CostUnitOfCohort? unit = null;
        if (query.TryGetValue(CostsParameter.Name, out var costs))
        {
            unit = new CostUnitOfCohort(costs.ToString()[..3], int.Parse(costs.ToString().AsSpan(4), CultureInfo.InvariantCulture));
        }

        return (new CohortQuestion(
            filter!,
            sort,
            cursor?.Key,
            Chosen(query, [.. Offered(query, caller.SeesRecords() ? CohortColumns.All : CohortColumns.WithoutDates)]),
            unit,
            codes), null);
    }

    /// <summary>The columns that are asked for, of those that are offered.</summary>
    public static IReadOnlyList<T> Chosen<T>(IQueryCollection query, IReadOnlyList<T> offered)
        where T : Column
    {
        var fields =
            query[FieldsParameter.Name].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        return fields.Count == 0 ? offered : [.. offered.Where(column => fields.Contains(column.Name))];
    }

    private static IEnumerable<CohortColumn> Offered(IQueryCollection query, IReadOnlyList<CohortColumn> all) =>
        query.ContainsKey(CostsParameter.Name) ? all.Concat(CohortColumns.Costs) : all;
}
