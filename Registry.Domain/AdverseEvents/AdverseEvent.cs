using Registry.Domain.Common;

namespace Registry.Domain.AdverseEvents;

/// <summary>The cause of an adverse event.</summary>
public enum AdverseEventCategory
{
    /// <summary>The operation.</summary>
    Surgical,

    /// <summary>The implanted hardware.</summary>
    HardwareRelated,

    /// <summary>The nervous system.</summary>
    Neurological,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>How severe an adverse event was. Not the same as serious.</summary>
public enum Severity
{
    /// <summary>Noticed, easily borne.</summary>
    Mild,

    /// <summary>Interferes with daily life.</summary>
    Moderate,

    /// <summary>Prevents daily life.</summary>
    Severe,
}

/// <summary>How an adverse event ended, as far as known.</summary>
public enum AdverseEventOutcome
{
    /// <summary>Recovered.</summary>
    Recovered,

    /// <summary>Recovered, with lasting effects.</summary>
    RecoveredWithSequelae,

    /// <summary>Still recovering.</summary>
    Recovering,

    /// <summary>Not recovered.</summary>
    NotRecovered,

    /// <summary>Fatal.</summary>
    Fatal,

    /// <summary>Not known.</summary>
    Unknown,
}

/// <summary>One adverse event of a case.</summary>
public sealed record AdverseEvent
{
    /// <summary>Its cause.</summary>
    public required AdverseEventCategory Category { get; init; }

    /// <summary>The coded term, in the form of an identifier; never free text.</summary>
    [Identifier]
    public required string Term { get; init; }

    /// <summary>The day it began.</summary>
    public required DateOnly OnsetOn { get; init; }

    /// <summary>How severe it was.</summary>
    public required Severity Severity { get; init; }

    /// <summary>Whether it was serious: fatal, life-threatening, disabling, or a reason for (a longer) stay in hospital.</summary>
    [Column("is_serious")]
    public required bool Serious { get; init; }

    /// <summary>How it ended.</summary>
    [Missing("left out when not recorded")]
    public AdverseEventOutcome? Outcome { get; init; }

    /// <summary>The day it was resolved, on or after its onset.</summary>
    [NotBefore(nameof(OnsetOn), "onset")]
    [Missing("left out when not (yet) resolved or not recorded")]
    public DateOnly? ResolvedOn { get; init; }
}
