using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Common;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>One response rate.</summary>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Group">The site, sex, indication or year that the row is about, as groupBy asks.</param>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="TargetDay">The target day of the follow-up, after time zero: a place on an axis.</param>
/// <param name="Instrument">The instrument.</param>
/// <param name="Threshold">The relief in percent of baseline from which a patient counts as a responder.</param>
/// <param name="Set">The analysis set: whom the denominator counts.</param>
/// <param name="Responders">The numerator, in cases.</param>
/// <param name="Denominator">The denominator, in cases.</param>
/// <param name="Rate">Responders / denominator, 0 to 1.</param>
/// <param name="CiLow">Lower end of the 95 % Wilson interval.</param>
/// <param name="CiHigh">Upper end of the 95 % Wilson interval.</param>
/// <param name="FellTwoPoints">Cases of the denominator whose NRS fell by 2 points or more.</param>
/// <param name="Worse">Cases of the denominator whose score is above their baseline.</param>
/// <param name="Missing">Cases without a score that counts: left out of 'observed', non-responders in the other sets.</param>
/// <param name="NotEvaluable">Cases left out because their baseline is missing or 0.</param>
/// <param name="NotDue">Cases left out because the timepoint lies after the cut-off.</param>
/// <param name="DiedBefore">Of the missing: died before the target day.</param>
/// <param name="ResponseRateExcludingDeaths">The same rate without those who died before the target day.</param>
/// <param name="Bounds">The lowest and the highest rate that the unknown responses allow.</param>
internal sealed record ResponseRateItem(
    [CodesIn(nameof(CodeSets.ProcedureGroup))] string Procedure,
    [Missing("null without groupBy")] string? Group,
    [CodesOf(typeof(Timepoint))] string Timepoint,
    [Unit("days")] int TargetDay,
    [CodesOf(typeof(Instrument))] string Instrument,
    [Unit("percent of baseline")] int Threshold,
    [CodesOf(typeof(AnalysisSet))] string Set,
    [Unit("cases")] long Responders,
    [Unit("cases")] long Denominator,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? Rate,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? CiLow,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? CiHigh,
    [Unit("cases"), Missing("null for PDI")] long? FellTwoPoints,
    [Unit("cases")] long Worse,
    [Unit("cases")] long Missing,
    [Unit("cases")] long NotEvaluable,
    [Unit("cases")] long NotDue,
    [Unit("cases")] long DiedBefore,
    [property: Disclosure(HiddenWith = "diedBefore")] RateExcludingDeaths ResponseRateExcludingDeaths,
    [property: Disclosure(HiddenWith = "bounds.undetermined")] ResponseBounds Bounds);

/// <summary>A response rate without the cases that died before the target day.</summary>
/// <param name="Responders">The numerator, in cases.</param>
/// <param name="Denominator">The denominator, in cases.</param>
/// <param name="Rate">Responders / denominator, 0 to 1.</param>
/// <param name="CiLow">Lower end of the 95 % Wilson interval.</param>
/// <param name="CiHigh">Upper end of the 95 % Wilson interval.</param>
internal sealed record RateExcludingDeaths(
    [Unit("cases")] long Responders,
    [Unit("cases")] long Denominator,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? Rate,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? CiLow,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? CiHigh);

/// <summary>Response rates, from the view <c>response_rate</c>.</summary>
[FromView("response_rate")]
internal static class ResponseRates
{
    public const string Description =
        "How many patients responded: 100 × (baseline − score) ≥ threshold × baseline, in whole numbers. Sets: 'observed' (treated, scored "
        + "while the therapy was "
        + "in place), 'treated' (implanted or operated, and due; missing is non-response), 'intention-to-treat' (the primary set: entered "
        + "treatment, and due; failed "
        + "trial, declined implant, explant, loss and death are non-response). Rates and intervals (95 %, Wilson score) are from 0 to 1, "
        + "null for an empty denominator. "
        + "'bounds' says how much the missing could change: the rate if none, and if all, of those responded whose response is unknown.";

    public static readonly QueryParameter Threshold = new(
        "threshold", "The relief, in percent of baseline, from which a patient counts as a responder. 30 when left out.")
    {
        IsRepeatable = true,
        Range = ResponseThreshold.Range,
    };

    public static IEnumerable<QueryParameter> Takes =>
        [Threshold, SharedParameters.Instrument, SharedParameters.FollowUp, SharedParameters.Set];

    /// <summary>The parameters of the summary of its own.</summary>
    public static IEnumerable<QueryParameter> TakesOfSummary => [.. Takes, Grouping.By];

    public static Task<IReadOnlyList<ResponseRateItem>> Items(SummaryQuery query) =>
        Grouping.Each(query, Ungrouped, static (item, group) => item with { Group = group });

    private static async Task<IReadOnlyList<ResponseRateItem>> Ungrouped(SummaryQuery query) =>
    [
        .. from row in await query.Scored<Row>(
            "response_rate", SharedParameters.FollowUp, query.Numbers(Threshold, ResponseThreshold.Moderate), ScopedQuery.RatesAlone)
           orderby SharedParameters.Rank(row.Procedure_Group), row.Timepoint_Order, row.Instrument, row.Threshold_Percent,
                   Code.Parse<AnalysisSet>(row.Analysis_Set)
           select row.ToItem(),
    ];

    /// <summary>The response rate of each procedure group at one follow-up, by one instrument, threshold and set.</summary>
    public static async Task<IReadOnlyList<ResponseRateItem>> Of(
        SummaryQuery query, Timepoint timepoint, Instrument instrument, int threshold, AnalysisSet set) =>
    [
        .. from row in await query.Rows<Row>(
            "response_rate",
            [threshold],
            ("timepoint", Code.Of(timepoint)),
            ("instrument", Code.Of(instrument)),
            ("analysis_set", Code.Of(set)),
            (ScopedQuery.RatesAlone, null))
           select row.ToItem(),
    ];

    private sealed record Row : RateRow
    {
        public long? Noticeable { get; init; }
        public long Worse { get; init; }
        public long Missing { get; init; }
        public long Not_Evaluable { get; init; }
        public long Not_Due { get; init; }
        public long Died_Before { get; init; }
        public long Undetermined { get; init; }
        public long Excluding_Deaths { get; init; }

        public ResponseRateItem ToItem()
        {
            var rate = new Proportion(Responders, Denominator);
            var surviving = new Proportion(Responders, Excluding_Deaths);
            return new ResponseRateItem(
                Procedure_Group,
                null,
                Timepoint,
                SharedParameters.TargetDay(Timepoint),
                Instrument,
                Threshold_Percent,
                Analysis_Set,
                Responders,
                Denominator,
                rate.Rate,
                rate.Wilson95?.Low,
                rate.Wilson95?.High,
                Noticeable,
                Worse,
                Missing,
                Not_Evaluable,
                Not_Due,
                Died_Before,
                new RateExcludingDeaths(Responders, Excluding_Deaths, surviving.Rate, surviving.Wilson95?.Low, surviving.Wilson95?.High),
                ResponseBounds.Of(Code.Parse<AnalysisSet>(Analysis_Set)!.Value, Responders, Denominator, Undetermined));
        }
    }
}

/// <summary>Parameters that several summaries take.</summary>
internal static class SharedParameters
{
    public static readonly QueryParameter Instrument = QueryParameter.Coded<Instrument>("instrument", "The instrument. Left out: both.");

    public static readonly QueryParameter Timepoint = QueryParameter.Coded<Timepoint>("timepoint", "The timepoint. Left out: every one.");

    public static readonly QueryParameter FollowUp = Timepoint with
    {
        Codes = [.. VisitWindow.All.Select(window => Code.Of(window.Timepoint))],
        CodesName = "FollowUp",
        Meaning = "The follow-up. Left out: every one.",
    };

    public static readonly QueryParameter Set = QueryParameter.Coded<AnalysisSet>("set", "The analysis set. Left out: every one.");

    /// <summary>The target day of a timepoint, after time zero; 0 for the baseline.</summary>
    public static int TargetDay(string timepoint) =>
        VisitWindow.All.FirstOrDefault(window => Code.Of(window.Timepoint) == timepoint)?.TargetDay ?? 0;

    /// <summary>The place of a procedure group in every answer: the procedures as declared, then 'all'.</summary>
    public static int Rank(string group) => Code.Parse<Domain.Cases.Procedure>(group) is { } procedure ? (int)procedure : int.MaxValue;
}
