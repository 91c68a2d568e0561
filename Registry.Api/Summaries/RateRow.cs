namespace Registry.Api.Summaries;

/// <summary>
/// What every question about the view <c>response_rate</c> reads of its rows: which rate it is, and its two numbers of cases.
/// </summary>
internal abstract record RateRow : IScoredRow
{
    public string Procedure_Group { get; init; } = string.Empty;
    public string Timepoint { get; init; } = string.Empty;
    public int Timepoint_Order { get; init; }
    public string Instrument { get; init; } = string.Empty;
    public int Threshold_Percent { get; init; }
    public string Analysis_Set { get; init; } = string.Empty;
    public long Responders { get; init; }
    public long Denominator { get; init; }
}
