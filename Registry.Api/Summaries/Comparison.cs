using Registry.Api.Http;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Common;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>Two groups side by side at one timepoint. Descriptive, unadjusted.</summary>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="Instrument">The instrument.</param>
/// <param name="Set">The analysis set.</param>
/// <param name="Threshold">The relief in percent of baseline from which a patient counts as a responder.</param>
/// <param name="A">The first group.</param>
/// <param name="B">The second group.</param>
/// <param name="RateDifference">Response rate of A minus that of B.</param>
/// <param name="ChangeDifference">Mean change of A minus that of B: positive where A improved more.</param>
/// <param name="Note">What the figures cannot tell.</param>
internal sealed record ComparisonItem(
    [CodesOf(typeof(Timepoint))] string Timepoint,
    [CodesOf(typeof(Instrument))] string Instrument,
    [CodesOf(typeof(AnalysisSet))] string Set,
    [Unit("percent of baseline")] int Threshold,
    ComparedGroup A,
    ComparedGroup B,
    RateDifference RateDifference,
    ChangeDifference ChangeDifference,
    string Note);

/// <summary>One of the two groups.</summary>
/// <param name="Responders">The numerator of its response rate, in cases.</param>
/// <param name="Denominator">The denominator of its response rate, in cases.</param>
/// <param name="Rate">Responders / denominator, 0 to 1.</param>
/// <param name="CiLow">Lower end of the 95 % Wilson interval.</param>
/// <param name="CiHigh">Upper end of the 95 % Wilson interval.</param>
/// <param name="Paired">The change from baseline of its cases that have both scores, as in the summary of scores.</param>
internal sealed record ComparedGroup(
    [Unit("cases")] long Responders,
    [Unit("cases")] long Denominator,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? Rate,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? CiLow,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? CiHigh,
    PairedFigures Paired);

/// <summary>A difference of two response rates.</summary>
/// <param name="Estimate">The difference, −1 to 1.</param>
/// <param name="CiLow">Lower end of the 95 % interval.</param>
/// <param name="CiHigh">Upper end of the 95 % interval.</param>
/// <param name="Method">How the interval is made.</param>
internal sealed record RateDifference(
    [Unit("proportion, −1 to 1"), Missing("null where a denominator is empty")] double? Estimate,
    [Unit("proportion, −1 to 1"), Missing("null where a denominator is empty")] double? CiLow,
    [Unit("proportion, −1 to 1"), Missing("null where a denominator is empty")] double? CiHigh,
    string Method);

/// <summary>A difference of two mean changes from baseline, in points of the instrument.</summary>
/// <param name="Estimate">The difference.</param>
/// <param name="CiLow">Lower end of the 95 % interval.</param>
/// <param name="CiHigh">Upper end of the 95 % interval.</param>
/// <param name="Df">Satterthwaite's degrees of freedom.</param>
/// <param name="Method">How the interval is made.</param>
internal sealed record ChangeDifference(
    [Unit("points of the instrument"), Missing("null where a group has no pair of scores")] double? Estimate,
    [Unit("points of the instrument"), Missing("null where a group has fewer than two pairs, or neither any spread")] double? CiLow,
    [Unit("points of the instrument"), Missing("null where a group has fewer than two pairs, or neither any spread")] double? CiHigh,
    [Unit("degrees of freedom"), Missing("null without an interval")] double? Df,
    string Method);

/// <summary>Two groups side by side, each from the view <c>response_rate</c>, narrowed to the group.</summary>
[FromView("response_rate")]
internal static class Comparison
{
    public const string Description =
        "Two groups side by side: response rates with their difference (Newcombe's hybrid score interval, method 10) and mean changes from "
        + "baseline with theirs (Welch). "
        + "Descriptive and unadjusted: " + Caveat + " Every filter can be stated for one group with the prefix 'a.' or 'b.' "
        + "(a.procedure=scs&b.procedure=drg); without prefix it holds for both. "
        + "A group for which nothing is stated is everyone. Figures of an empty group are null.";

    private const string Caveat =
        "the groups were not randomised, and the intervals allow for no difference between them but chance; they take the groups as "
        + "independent, which groups that share cases or patients are not.";

    private static readonly string[] Prefixes = ["a.", "b."];

    public static IEnumerable<QueryParameter> Takes => [.. ResponseRates.Takes, .. Prefixes.SelectMany(CohortFilter.TakesOf)];

    /// <summary>A filter stated for one group and for both, or a range of a group that holds nothing.</summary>
    public static IEnumerable<Fault> FaultsOf(IQueryCollection query) =>
        Prefixes.SelectMany(prefix => Repeated(query, prefix).Concat(CohortFilter.FaultsOf(query, prefix)))
            .DistinctBy(fault => (fault.Where, fault.Code));

    public static async Task<IReadOnlyList<ComparisonItem>> Items(SummaryQuery query)
    {
        var groups = await query.Each(Prefixes, (one, prefix) => Groups(one.Group(prefix)));
        return [.. groups[0].Select(pair => Compare(pair.Key, pair.Value, groups[1][pair.Key]))];
    }

    private static IEnumerable<Fault> Repeated(IQueryCollection query, string prefix) =>
        from parameter in CohortFilter.Takes
        let own = prefix + parameter.Name
        where query.ContainsKey(own) && query.ContainsKey(parameter.Name)
        select new Fault(
            "/" + own,
            "stated-twice",
            $"'{own}' is stated for one group, and '{parameter.Name}' for both; only one of the two can be.",
            query[own].ToString());

    // In the order of the response rates. Each group pools the procedures that its own filter names.
    private static async Task<OrderedDictionary<Key, ComparedGroup>> Groups(SummaryQuery query) => new(
        from row in await query.Scored<Row>(
            "response_rate", SharedParameters.FollowUp, query.Numbers(ResponseRates.Threshold, ResponseThreshold.Moderate))
        where row.Procedure_Group == "all"
        orderby row.Timepoint_Order, row.Instrument, row.Threshold_Percent, Code.Parse<AnalysisSet>(row.Analysis_Set)
        select KeyValuePair.Create(new Key(row.Timepoint, row.Instrument, row.Analysis_Set, row.Threshold_Percent), row.ToGroup()));

    private static ComparisonItem Compare(Key key, ComparedGroup a, ComparedGroup b)
    {
        var rates = Difference.NewcombeMethod10(new Proportion(a.Responders, a.Denominator), new Proportion(b.Responders, b.Denominator));
        var changes =
            Difference.Welch(a.Paired.ChangeMean, a.Paired.ChangeSd, a.Paired.N, b.Paired.ChangeMean, b.Paired.ChangeSd, b.Paired.N);
        return new ComparisonItem(
            key.Timepoint,
            key.Instrument,
            key.Set,
            key.Threshold,
            a,
            b,
            new RateDifference(rates?.Estimate, rates?.Interval95?.Low, rates?.Interval95?.High, "Newcombe hybrid score, method 10"),
            new ChangeDifference(
                changes?.Estimate, changes?.Interval95?.Low, changes?.Interval95?.High, changes?.DegreesOfFreedom, "Welch"),
            "Descriptive, unadjusted: " + Caveat);
    }

    private sealed record Key(string Timepoint, string Instrument, string Set, int Threshold);

    private sealed record Row : RateRow
    {
        public long Pairs { get; init; }
        public long Sum_Baseline { get; init; }
        public long Sum_Square_Baseline { get; init; }
        public long Sum_Change { get; init; }
        public long Sum_Square_Change { get; init; }

        public ComparedGroup ToGroup()
        {
            var rate = new Proportion(Responders, Denominator);
            return new ComparedGroup(
                Responders,
                Denominator,
                rate.Rate,
                rate.Wilson95?.Low,
                rate.Wilson95?.High,
                PairedFigures.Of(Pairs, Sum_Baseline, Sum_Square_Baseline, Sum_Change, Sum_Square_Change));
        }
    }
}
