using Registry.Domain.Assessments;

namespace Registry.Domain.Analysis;

/// <summary>
/// What a follow-up counts for in a response rate, for one instrument, stored as one number so that visits can be counted by it.
/// Every figure about response follows from how many visits have each class.
/// </summary>
/// <param name="IsTreated">Whether the case was implanted or operated.</param>
/// <param name="IsEvaluable">Whether there is a baseline above 0.</param>
/// <param name="IsScored">Whether there is a score that may be credited to the case.</param>
/// <param name="ReliefPercent">
/// Relief in whole percent of baseline, rounded down, 0 to 100; -1 for a worsening. Null without a credited score or an evaluable baseline.
/// A responder at p percent (1 to 100) has a relief of p or more: 100 × (baseline − score) ≥ p × baseline.
/// </param>
/// <param name="FellTwoPoints">Whether the score fell by 2 points or more.</param>
/// <param name="DiedBefore">Without a credited score: whether the person died before the target day.</param>
/// <param name="EndedBefore">Without a credited score: whether a permanent explant, a crossover or death came before the target
/// day.</param>
public readonly record struct ResponseClass(
    bool IsTreated, bool IsEvaluable, bool IsScored, int? ReliefPercent, bool FellTwoPoints, bool DiedBefore, bool EndedBefore)
{
    /// <summary>A worsening, as relief.</summary>
    public const int Worsening = -1;

    private const int TreatedPart = 1000;
    private const int EvaluablePart = 500;
    private const int ScoredPart = 250;
    private const int FellTwoPointsPart = 1;

    /// <summary>
    /// The lowest number of a treated case with a relief of this many percent of baseline, or more: every class with this number or a
    /// higher one is such a responder.
    /// </summary>
    public static int FirstNumberOfResponse(int percent) => new ResponseClass(true, true, true, percent, false, false, false).Number;

    /// <summary>Every class that can occur, by number.</summary>
    public static IReadOnlyList<ResponseClass> All =>
        [.. OfUntreated(), .. OfUntreated().Select(one => one with { IsTreated = true })];

    /// <summary>Whether the score rose above an evaluable baseline.</summary>
    public bool IsWorse => ReliefPercent == Worsening;

    /// <summary>The number of the class, by which it is stored.</summary>
    public int Number =>
        (IsTreated ? TreatedPart : 0)
        + (IsEvaluable ? EvaluablePart : 0)
        + (IsScored
            ? ScoredPart + (IsEvaluable ? 2 * (ReliefPercent!.Value - Worsening) : 0) + (FellTwoPoints ? FellTwoPointsPart : 0)
            : (DiedBefore ? 2 : 0) + (EndedBefore ? 1 : 0));

    /// <summary>The class of a follow-up with these scores, null where none counts.</summary>
    public static ResponseClass Of(bool isTreated, int? baseline, int? score, bool diedBefore, bool endedBefore)
    {
        var isEvaluable = baseline > 0;
        return score is not { } points ? new ResponseClass(isTreated, isEvaluable, false, null, false, diedBefore, endedBefore)
            : isEvaluable ? new ResponseClass(
                isTreated, true, true, Relief(baseline!.Value, points), baseline - points >= Nrs.NoticeableFall, false, false)
            : new ResponseClass(isTreated, false, true, null, false, false, false);
    }

    /// <summary>
    /// Relief in whole percent of a baseline above 0, rounded down; <see cref="Worsening"/> when the score is above the baseline.
    /// </summary>
    public static int Relief(int baseline, int score) => score > baseline ? Worsening : 100 * (baseline - score) / baseline;

    private static IEnumerable<ResponseClass> OfUntreated()
    {
        for (var flags = 0; flags < 8; flags++)
        {
            yield return new ResponseClass(false, (flags & 4) != 0, false, null, false, (flags & 2) != 0, (flags & 1) != 0);
        }

        yield return new ResponseClass(false, false, true, null, false, false, false);
        for (var relief = Worsening; relief <= 100; relief++)
        {
            yield return new ResponseClass(false, true, true, relief, false, false, false);
            if (relief > 0)
            {
                yield return new ResponseClass(false, true, true, relief, true, false, false);
            }
        }
    }
}
