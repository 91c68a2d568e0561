using Registry.Api.OpenApi;
using Registry.Domain.Common;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>The stays in hospital of one group, in whole days from admission to discharge.</summary>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="N">How many stays there are.</param>
/// <param name="Cases">How many cases have at least one.</param>
/// <param name="MeanDays">The mean length.</param>
/// <param name="SdDays">The sample standard deviation (n − 1).</param>
/// <param name="MedianDays">The median (type 7).</param>
/// <param name="Q1Days">The lower quartile (type 7).</param>
/// <param name="Q3Days">The upper quartile (type 7).</param>
internal sealed record StayItem(
    [CodesIn(nameof(CodeSets.ProcedureGroup))] string Procedure,
    [Unit("stays")] long N,
    [Unit("cases")] long Cases,
    [Unit("days"), Missing("null for none")] double? MeanDays,
    [Unit("days"), Missing("null for fewer than two")] double? SdDays,
    [Unit("days"), Missing("null for none")] double? MedianDays,
    [Unit("days"), Missing("null for none")] double? Q1Days,
    [Unit("days"), Missing("null for none")] double? Q3Days);

/// <summary>Stays in hospital, from the view <c>stay_summary</c>.</summary>
[FromView("stay_summary")]
internal static class Stays
{
    public const string Description =
        "How long patients stay in hospital: one figure a stay, in whole days from admission to discharge (the same day is 0). Quartiles "
        + "by linear interpolation (type 7).";

    public static async Task<IReadOnlyList<StayItem>> Items(SummaryQuery query) =>
    [
        .. from row in await query.Rows<Row>("stay_summary")
           where query.Filter.WantsGroup(row.Procedure_Group)
           orderby SharedParameters.Rank(row.Procedure_Group)
           select row.ToItem(),
    ];

    private sealed record Row
    {
        public string Procedure_Group { get; init; } = string.Empty;
        public long N { get; init; }
        public long Cases { get; init; }
        public long Sum_Days { get; init; }
        public long Sum_Square_Days { get; init; }
        public long? Q1_Quarters { get; init; }
        public long? Median_Quarters { get; init; }
        public long? Q3_Quarters { get; init; }

        public StayItem ToItem()
        {
            var days = new Moments(N, Sum_Days, Sum_Square_Days);
            return new StayItem(Procedure_Group, N, Cases, days.Mean, days.Sd, Median_Quarters / 4.0, Q1_Quarters / 4.0, Q3_Quarters / 4.0);
        }
    }
}
