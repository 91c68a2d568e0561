using Registry.Domain.Common;

namespace Registry.Domain.Analysis;

/// <summary>
/// The relief, in percent of baseline, from which a patient counts as a responder. Relief is a fall of the score:
/// a responder at p percent has 100 × (baseline − score) ≥ p × baseline, in whole numbers.
/// Sources: IMMPACT (Dworkin 2008), Farrar 2001.
/// </summary>
public static class ResponseThreshold
{
    /// <summary>The percentages that can be asked for.</summary>
    public static readonly WholeRange Range = new(1, 100);

    /// <summary>Moderate improvement, in percent; the threshold when none is asked for.</summary>
    public const int Moderate = 30;

    /// <summary>Substantial improvement, in percent.</summary>
    public const int Substantial = 50;
}
