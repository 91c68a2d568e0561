namespace Registry.Domain.Statistics;

/// <summary>What ended the follow-up of a case.</summary>
public enum EndOfFollowUp
{
    /// <summary>Observation ended first: data cut-off, loss, withdrawal. Either event may still have come later.</summary>
    Censored,

    /// <summary>The event of interest, such as explant.</summary>
    Event,

    /// <summary>An event after which the one of interest can no longer happen, such as death.</summary>
    CompetingEvent,
}
