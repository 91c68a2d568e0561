using System.Text.Json.Serialization;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Common;
using Registry.Domain.Costs;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>The unit over which costs are summed.</summary>
internal enum CostPer
{
    /// <summary>The case.</summary>
    Case,

    /// <summary>The pathway: all linked cases of one patient together, under the procedure of the first.</summary>
    Pathway,
}

/// <summary>
/// What a case, or a pathway of linked cases, costs in one group, in the major unit of the currency at the prices of one year.
/// </summary>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Basis">Which costs are added up.</param>
/// <param name="Per">What is counted: the case, or the pathway of all linked cases of one patient under the procedure of its first.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="PriceYear">The year of the prices.</param>
/// <param name="N">Cases (or pathways) with at least one such cost.</param>
/// <param name="Mean">Mean cost of a case (or pathway), rounded to 4 decimals.</param>
/// <param name="Sd">Sample standard deviation (n − 1), rounded to 4 decimals.</param>
/// <param name="Median">Median (type 7), exact.</param>
/// <param name="Q1">Lower quartile (type 7), exact.</param>
/// <param name="Q3">Upper quartile (type 7), exact.</param>
/// <param name="Total">The sum of all, exact.</param>
/// <param name="ByCategory">The same costs by category; a category without a cost has no row.</param>
/// <param name="CostPerResponder">What one responder cost: total / responders of costPerResponderOf, rounded to 4 decimals.</param>
/// <param name="CostPerResponderOf">Who is counted in costPerResponder.</param>
/// <param name="CasesWithoutCost">Cases (or pathways) of the group with no cost recorded on this basis: no cost, not cost 0.</param>
internal sealed record CostSummaryItem(
    [CodesIn(nameof(CodeSets.ProcedureGroup))] string Procedure,
    [CodesOf(typeof(CostBasis))] string Basis,
    [CodesOf(typeof(CostPer))] string Per,
    [Missing("null in the one row of a group without any cost")] string? Currency,
    [Unit("calendar year"), Missing("null in the one row of a group without any cost")] int? PriceYear,
    [Unit("cases (or pathways)")] long N,
    [Unit("major unit of the currency"), Missing("null for none")] decimal? Mean,
    [Unit("major unit of the currency"), Missing("null for fewer than two")] decimal? Sd,
    [Unit("major unit of the currency"), Missing("null for none")] decimal? Median,
    [Unit("major unit of the currency"), Missing("null for none")] decimal? Q1,
    [Unit("major unit of the currency"), Missing("null for none")] decimal? Q3,
    [Unit("major unit of the currency")] decimal Total,
    IReadOnlyList<CategoryFigures> ByCategory,
    [Unit("major unit of the currency"), Missing("null without a responder, and for pathways, because response is judged case by case")]
    decimal? CostPerResponder,
    [Missing("null for pathways")] ResponderCost? CostPerResponderOf,
    [Unit("cases (or pathways)")] long CasesWithoutCost);

/// <summary>The costs of one category, from the view <c>cost_category</c>.</summary>
/// <param name="Category">The category.</param>
/// <param name="N">Cases (or pathways) with at least one cost of the category.</param>
/// <param name="Mean">Mean cost of such a case (or pathway), rounded to 4 decimals.</param>
/// <param name="Total">The sum of all, exact.</param>
[FromView("cost_category")]
internal sealed record CategoryFigures(
    [CodesOf(typeof(CostCategory))] string Category,
    [Unit("cases (or pathways)")] long N,
    [Unit("major unit of the currency")] decimal Mean,
    [Unit("major unit of the currency")] decimal Total);

/// <summary>
/// Whose costs are shared among how many responders: every cost of the cases in the denominator of a response rate, failed
/// trials and explants included, and those of them who responded, from the view <c>cost_per_responder</c>. Within the currency and price
/// year of the row.
/// </summary>
/// <param name="Timepoint">The follow-up at which response is judged.</param>
/// <param name="Instrument">The instrument by which response is judged.</param>
/// <param name="Threshold">The relief in percent of baseline from which a patient counts as a responder.</param>
/// <param name="Set">The analysis set: whom the denominator of the response rate counts.</param>
/// <param name="Cases">Cases in that denominator with at least one such cost.</param>
/// <param name="Total">All such costs of these cases, exact.</param>
/// <param name="Responders">Responders among these cases.</param>
[FromView("cost_per_responder")]
internal sealed record ResponderCost(
    [CodesOf(typeof(Timepoint))] string Timepoint,
    [CodesOf(typeof(Instrument))] string Instrument,
    [Unit("percent of baseline")] int Threshold,
    [CodesOf(typeof(AnalysisSet))] string Set,
    [Unit("cases")] long Cases,
    [Unit("major unit of the currency")] decimal Total,
    [Unit("cases")] long Responders)
{
    /// <summary>Total / responders, rounded to 4 decimals.</summary>
    [Missing("null without a responder")]
    [JsonIgnore]
    public decimal? PerResponder => Responders == 0 ? null : Costs.Rounded(Total / Responders);
}

/// <summary>Costs, from the views <c>cost_summary</c>, <c>cost_category</c> and <c>cost_per_responder</c>.</summary>
[FromView("cost_summary")]
internal static class Costs
{
    public const string Description =
        "What a case costs, and what a pathway costs: all linked cases of one patient together, in the row of the procedure of the first. "
        + "A filter picks pathways by their "
        + "first case; a pathway that is picked is whole. Currencies and price years are never pooled: each pair is its own row. Basis "
        + "'surgical' is operation, device and "
        + "anaesthesia. A case with no cost recorded has no cost, not cost 0: it is counted in casesWithoutCost. Median and quartiles by "
        + "linear interpolation (type 7). "
        + "costPerResponder: all costs of the denominator of a response rate (failed trials and explants included) over its responders.";

    private static readonly QueryParameter Basis =
        QueryParameter.Coded<CostBasis>("basis", "Which costs are added up. Left out: both, in separate rows.");
    private static readonly QueryParameter Per =
        QueryParameter.Coded<CostPer>("per", "Whether costs are summed per case or per pathway. Left out: both, in separate rows.");
    private static readonly QueryParameter FollowUp = SharedParameters.FollowUp with
    {
        IsRepeatable = false,
        Meaning = "The follow-up at which response is judged, for costPerResponder. 12m when left out.",
    };
    private static readonly QueryParameter Instrument = SharedParameters.Instrument with
    {
        IsRepeatable = false,
        Meaning = "The instrument by which response is judged, for costPerResponder. nrs when left out.",
    };
    private static readonly QueryParameter Set = SharedParameters.Set with
    {
        IsRepeatable = false,
        Meaning = "The analysis set of costPerResponder. intention-to-treat when left out.",
    };
    private static readonly QueryParameter Threshold = new(
        "threshold",
        "The relief, in percent of baseline, from which a patient counts as a responder, for costPerResponder. 30 when left out.")
    {
        Range = ResponseThreshold.Range,
    };

    private static readonly QueryParameter Currency = new(
        "currency",
        "The currency, ISO 4217. Left out: every one, each in rows of its own. A group without a cost in it has one row, without a "
            + "currency.")
    {
        IsRepeatable = true,
        Form = new TextForm("^[A-Z]{3}$", "an ISO 4217 code such as CNY or EUR", text => Domain.Costs.Currency.Decimals(text) is not null),
    };

    public static IEnumerable<QueryParameter> Takes => [Basis, Per, Currency, FollowUp, Instrument, Threshold, Set];

    public static async Task<IReadOnlyList<CostSummaryItem>> Items(SummaryQuery query)
    {
        var only = query.Only(("cost_per", Per), ("cost_basis", Basis));
        var nobody = new ResponderCost(
            query.Single(FollowUp, Code.Of(Timepoint.Month12)),
            query.Single(Instrument, Code.Of(Domain.Assessments.Instrument.Nrs)),
            query.Numbers(Threshold, ResponseThreshold.Moderate).Single(),
            query.Single(Set, Code.Of(AnalysisSet.IntentionToTreat)),
            0,
            0,
            0);
        IReadOnlyList<Row> rows = [];
        IReadOnlyList<CategoryRow> categoryRows = [];
        IReadOnlyList<ResponderRow> responders = [];
        await query.Each(
            async one => rows = await one.Rows<Row>("cost_summary", [], only),
            async one => categoryRows = await one.Rows<CategoryRow>("cost_category", [], only),
            async one => responders = one.Wants(Per, Code.Of(CostPer.Case))
                ? await one.OfResponse<ResponderRow>(
                    "cost_per_responder",
                    nobody.Threshold,
                    [.. one.Only(("cost_basis", Basis)), ("timepoint", nobody.Timepoint), ("instrument", nobody.Instrument),
                        ("analysis_set", nobody.Set), ("cost_per", Code.Of(CostPer.Case))])
                : []);
        var categories = categoryRows.ToLookup(row => (row.Procedure_Group, row.Cost_Basis, row.Cost_Per, row.Currency, row.Price_Year));
        var shares = responders.ToDictionary(row => (row.Procedure_Group, row.Cost_Basis, row.Currency, row.Price_Year));
        return
        [
            .. from row in OfCurrencies(rows, query)
               where query.Filter.WantsGroup(row.Procedure_Group) && query.Wants(Basis, row.Cost_Basis) && query.Wants(Per, row.Cost_Per)
               orderby SharedParameters.Rank(row.Procedure_Group), Code.Parse<CostBasis>(row.Cost_Basis),
                       Code.Parse<CostPer>(row.Cost_Per), row.Currency, row.Price_Year
               select row.ToItem(
                   categories[(row.Procedure_Group, row.Cost_Basis, row.Cost_Per, row.Currency ?? string.Empty, row.Price_Year ?? 0)],
                   row.Cost_Per != Code.Of(CostPer.Case) ? null
                       : shares.GetValueOrDefault(
                           (row.Procedure_Group, row.Cost_Basis, row.Currency ?? string.Empty, row.Price_Year ?? 0))?.ToFigure(nobody)
                           ?? nobody),
        ];
    }

    // A group whose costs are all in other currencies has the row of a group without any.
    private static IEnumerable<Row> OfCurrencies(IReadOnlyList<Row> rows, SummaryQuery query) =>
        from row in rows
        group row by (row.Procedure_Group, row.Cost_Basis, row.Cost_Per) into ofGroup
        let wanted = ofGroup.Where(row => row.Currency is null || query.Wants(Currency, row.Currency)).ToList()
        from row in wanted.Count > 0 ? wanted : [ofGroup.First().WithoutCost()]
        select row;

    // Sums come in two parts, so that the database cannot overflow: thousandths are e9 x 10^9 + e0.
    private static decimal Amount(long e9, long e0) => (e9 * 1_000_000m) + (e0 / 1000m);

    public static decimal Rounded(decimal amount) =>
        decimal.Round(amount, 4, MidpointRounding.AwayFromZero).WithoutTrailingZeros();

    private sealed record Row
    {
        public string Procedure_Group { get; init; } = string.Empty;
        public string Cost_Basis { get; init; } = string.Empty;
        public string Cost_Per { get; init; } = string.Empty;
        public string? Currency { get; init; }
        public int? Price_Year { get; init; }
        public long N { get; init; }
        public long Total_E9 { get; init; }
        public long Total_E0 { get; init; }
        public long Square_E22 { get; init; }
        public long Square_E11 { get; init; }
        public long Square_E0 { get; init; }
        public long? Q1_Quarters { get; init; }
        public long? Median_Quarters { get; init; }
        public long? Q3_Quarters { get; init; }
        public long Cases_Without_Cost { get; init; }

        public Row WithoutCost() => new()
        {
            Procedure_Group = Procedure_Group,
            Cost_Basis = Cost_Basis,
            Cost_Per = Cost_Per,
            Cases_Without_Cost = Cases_Without_Cost,
        };

        public CostSummaryItem ToItem(IEnumerable<CategoryRow> categories, ResponderCost? perResponder) => new(
            Procedure_Group,
            Cost_Basis,
            Cost_Per,
            Currency,
            Price_Year,
            N,
            N == 0 ? null : Rounded(Amount(Total_E9, Total_E0) / N),
            new Moments(N, ((Int128)Total_E9 * 1_000_000_000) + Total_E0, SumOfSquares()).RoundedSd(1) / 1000m,
            Quartile(Median_Quarters),
            Quartile(Q1_Quarters),
            Quartile(Q3_Quarters),
            Rounded(Amount(Total_E9, Total_E0)),
            [.. categories.OrderBy(row => Code.Parse<CostCategory>(row.Category)).Select(row => row.ToItem())],
            perResponder?.PerResponder,
            perResponder,
            Cases_Without_Cost);

        private Int128 SumOfSquares() => (((((Int128)Square_E22 * 100_000_000_000) + Square_E11) * 100_000_000_000) + Square_E0);

        private static decimal? Quartile(long? quarters) => quarters is { } known ? known / 4000m : null;
    }

    private sealed record CategoryRow
    {
        public string Procedure_Group { get; init; } = string.Empty;
        public string Cost_Basis { get; init; } = string.Empty;
        public string Cost_Per { get; init; } = string.Empty;
        public string Currency { get; init; } = string.Empty;
        public int Price_Year { get; init; }
        public string Category { get; init; } = string.Empty;
        public long N { get; init; }
        public long Total_E9 { get; init; }
        public long Total_E0 { get; init; }

        public CategoryFigures ToItem() => new(Category, N, Rounded(Amount(Total_E9, Total_E0) / N), Rounded(Amount(Total_E9, Total_E0)));
    }

    private sealed record ResponderRow
    {
        public string Procedure_Group { get; init; } = string.Empty;
        public string Cost_Basis { get; init; } = string.Empty;
        public string Currency { get; init; } = string.Empty;
        public int Price_Year { get; init; }
        public long Cases { get; init; }
        public long Total_E9 { get; init; }
        public long Total_E0 { get; init; }
        public long Responders { get; init; }

        public ResponderCost ToFigure(ResponderCost asked) => asked with
        {
            Cases = Cases,
            Total = Rounded(Amount(Total_E9, Total_E0)),
            Responders = Responders,
        };
    }
}
