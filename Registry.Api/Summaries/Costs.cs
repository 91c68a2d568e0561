using Registry.Api.Http;
using Registry.Domain.Costs;
using Registry.Domain.Recording;

namespace Registry.Api.Summaries;

/// <summary>Which costs are added up.</summary>
internal enum CostBasis
{
    /// <summary>Operation, device and anaesthesia.</summary>
    Surgical,

    /// <summary>Every category.</summary>
    All,
}

/// <summary>What a case costs in one group, in the major unit of the currency at the prices of one year.</summary>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Basis">Which costs are added up.</param>
/// <param name="Currency">ISO 4217; null in the one row of a group without any cost.</param>
/// <param name="PriceYear">The year of the prices; null in the one row of a group without any cost.</param>
/// <param name="N">Cases with at least one such cost.</param>
/// <param name="Mean">Mean cost of a case, rounded to 4 decimals; null for none.</param>
/// <param name="Sd">Sample standard deviation (n − 1), rounded to 4 decimals; null for fewer than two.</param>
/// <param name="Median">Median (type 7), exact; null for none.</param>
/// <param name="Q1">Lower quartile (type 7), exact; null for none.</param>
/// <param name="Q3">Upper quartile (type 7), exact; null for none.</param>
/// <param name="Total">The sum of all, exact.</param>
/// <param name="ByCategory">The same costs by category; a category without a cost has no row.</param>
/// <param name="CasesWithoutCost">Cases of the group with no cost recorded on this basis: no cost, not cost 0.</param>
internal sealed record CostSummaryItem(
    string Procedure,
    string Basis,
    string? Currency,
    int? PriceYear,
    long N,
    decimal? Mean,
    decimal? Sd,
    decimal? Median,
    decimal? Q1,
    decimal? Q3,
    decimal Total,
    IReadOnlyList<CategoryFigures> ByCategory,
    long CasesWithoutCost);

/// <summary>The costs of one category.</summary>
/// <param name="Category">The category.</param>
/// <param name="N">Cases with at least one cost of the category.</param>
/// <param name="Mean">Mean cost of such a case, rounded to 4 decimals.</param>
/// <param name="Total">The sum of all, exact.</param>
internal sealed record CategoryFigures(string Category, long N, decimal Mean, decimal Total);

/// <summary>Costs, from the views <c>cost_summary</c> and <c>cost_category</c>.</summary>
internal static class Costs
{
    public const string Description =
        "What a case costs. Currencies and price years are never pooled: each pair is its own row. Basis 'surgical' is operation, device and anaesthesia. A case with no "
        + "cost recorded has no cost, not cost 0: it is counted in casesWithoutCost. Median and quartiles by linear interpolation (type 7).";

    private static readonly QueryParameter Basis = QueryParameter.Coded<CostBasis>("basis", "Which costs are added up. Left out: both, in rows of their own.");
    private static readonly QueryParameter Per = new("per", "What a cost is counted for: the case.") { Codes = ["case"] };

    public static IEnumerable<QueryParameter> Takes => [Basis, Per];

    public static async Task<IReadOnlyList<CostSummaryItem>> Items(SummaryQuery query)
    {
        var categories = (await query.Rows<CategoryRow>("cost_category")).ToLookup(row => (row.Procedure_Group, row.Cost_Basis, row.Currency, row.Price_Year));
        return
        [
            .. from row in await query.Rows<Row>("cost_summary")
               where query.Filter.WantsGroup(row.Procedure_Group) && query.Wants(Basis, row.Cost_Basis)
               orderby SharedParameters.Rank(row.Procedure_Group), Code.Parse<CostBasis>(row.Cost_Basis), row.Currency, row.Price_Year
               select row.ToItem(categories[(row.Procedure_Group, row.Cost_Basis, row.Currency ?? string.Empty, row.Price_Year ?? 0)]),
        ];
    }

    private static decimal Rounded(decimal amount) => decimal.Round(amount, 4, MidpointRounding.AwayFromZero) / 1.0000000000000000000000000000m;

    private sealed record Row
    {
        public string Procedure_Group { get; init; } = string.Empty;

        public string Cost_Basis { get; init; } = string.Empty;

        public string? Currency { get; init; }

        public int? Price_Year { get; init; }

        public long N { get; init; }

        public long Total_Thousandths { get; init; }

        public long? Deviation { get; init; }

        public double? Square_Deviation { get; init; }

        public long? Q1_Quarters { get; init; }

        public long? Median_Quarters { get; init; }

        public long? Q3_Quarters { get; init; }

        public long Cases_Without_Cost { get; init; }

        public CostSummaryItem ToItem(IEnumerable<CategoryRow> categories) => new(
            Procedure_Group,
            Cost_Basis,
            Currency,
            Price_Year,
            N,
            N == 0 ? null : Rounded(Total_Thousandths / 1000m / N),
            Sd(),
            Quartile(Median_Quarters),
            Quartile(Q1_Quarters),
            Quartile(Q3_Quarters),
            Rounded(Total_Thousandths / 1000m),
            [.. categories.OrderBy(row => Code.Parse<CostCategory>(row.Category)).Select(row => row.ToItem())],
            Cases_Without_Cost);

        // The deviations are from a whole number near the mean, so nothing cancels.
        private decimal? Sd()
        {
            if (N < 2)
            {
                return null;
            }

            var squares = Square_Deviation!.Value - ((double)Deviation!.Value * Deviation.Value / N);
            return Rounded((decimal)Math.Sqrt(Math.Max(0, squares) / (N - 1)) / 1000m);
        }

        private static decimal? Quartile(long? quarters) => quarters is { } known ? known / 4000m : null;
    }

    private sealed record CategoryRow
    {
        public string Procedure_Group { get; init; } = string.Empty;

        public string Cost_Basis { get; init; } = string.Empty;

        public string Currency { get; init; } = string.Empty;

        public int Price_Year { get; init; }

        public string Category { get; init; } = string.Empty;

        public long N { get; init; }

        public long Total_Thousandths { get; init; }

        public CategoryFigures ToItem() => new(Category, N, Rounded(Total_Thousandths / 1000m / N), Rounded(Total_Thousandths / 1000m));
    }
}
