using Registry.Domain.Analysis;
using Registry.Domain.Common;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>
/// How far the missing could move a response rate. Only a treated case without a score that counts, whose course had not
/// ended before the target day, is unknown: a failed trial, a declined implant, a permanent explant, a crossover and a
/// death before that day are non-response by definition, in both bounds.
/// </summary>
/// <param name="Undetermined">Cases of the missing whose response is unknown. In 'observed' both bounds add them to the
/// denominator.</param>
/// <param name="Worst">The rate if none of them responded.</param>
/// <param name="Best">The rate if all of them responded.</param>
internal sealed record ResponseBounds(
    [Unit("cases")] long Undetermined,
    ResponseBound Worst,
    ResponseBound Best)
{
    /// <summary>
    /// The bounds of a rate; of 'observed' the denominator grows by the undetermined, who are in the other denominators already.
    /// </summary>
    public static ResponseBounds Of(AnalysisSet set, long responders, long denominator, long undetermined)
    {
        var all = set == AnalysisSet.Observed ? denominator + undetermined : denominator;
        return new ResponseBounds(undetermined, ResponseBound.Of(responders, all), ResponseBound.Of(responders + undetermined, all));
    }
}

/// <summary>One bound of a response rate.</summary>
/// <param name="Responders">The numerator, in cases.</param>
/// <param name="Denominator">The denominator, in cases.</param>
/// <param name="Rate">Responders / denominator, 0 to 1.</param>
internal sealed record ResponseBound(
    [Unit("cases")] long Responders,
    [Unit("cases")] long Denominator,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? Rate)
{
    public static ResponseBound Of(long responders, long denominator) =>
        new(responders, denominator, new Proportion(responders, denominator).Rate);
}
