namespace Registry.Api.Summaries;

/// <summary>
/// A row of the view <c>score_summary</c>: counts and sums, whole numbers. Percentiles are in quarters or twentieths of a point.
/// </summary>
internal sealed record ScoreRow : IScoredRow
{
    public string Procedure_Group { get; init; } = string.Empty;
    public string Timepoint { get; init; } = string.Empty;
    public int Timepoint_Order { get; init; }
    public string Instrument { get; init; } = string.Empty;
    public string Analysis_Set { get; init; } = string.Empty;
    public long N { get; init; }
    public long Sum_Score { get; init; }
    public long Sum_Square_Score { get; init; }
    public int? Lowest { get; init; }
    public long? P5_Twentieths { get; init; }
    public long? Q1_Quarters { get; init; }
    public long? Median_Quarters { get; init; }
    public long? Q3_Quarters { get; init; }
    public long? P95_Twentieths { get; init; }
    public int? Highest { get; init; }
    public long Pairs { get; init; }
    public long Sum_Baseline { get; init; }
    public long Sum_Square_Baseline { get; init; }
    public long Sum_Change { get; init; }
    public long Sum_Square_Change { get; init; }
    public long Worse { get; init; }

    /// <summary>The rows that a question asks for, in no order.</summary>
    public static Task<IEnumerable<ScoreRow>> Of(SummaryQuery query) => query.Scored<ScoreRow>("score_summary", SharedParameters.Timepoint);
}
