namespace Registry.Domain.Analysis;

/// <summary>Whom a rate counts in its denominator, and what it makes of missing scores.</summary>
public enum AnalysisSet
{
    /// <summary>
    /// Treated, evaluable baseline, a score at the timepoint while the therapy was in place. What is missing is left out, and counted.
    /// </summary>
    Observed,

    /// <summary>
    /// Treated (implanted or operated), evaluable baseline, due at the timepoint. What is missing counts as non-response.
    /// </summary>
    Treated,

    /// <summary>
    /// The primary set: every case that entered treatment (trial started or operated), evaluable baseline, due.
    /// Failed trial, declined implant, explant, loss and death count as non-response.
    /// </summary>
    IntentionToTreat,
}
