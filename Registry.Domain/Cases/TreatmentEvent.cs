using Registry.Domain.Common;

namespace Registry.Domain.Cases;

/// <summary>What can happen to a case on its way.</summary>
public enum EventType
{
    /// <summary>The trial lead was placed and stimulation tried with an external generator.</summary>
    TrialStarted,

    /// <summary>The trial was judged. Removing its leads is not an explant.</summary>
    TrialEnded,

    /// <summary>The pulse generator was implanted, for the first time or again.</summary>
    Implanted,

    /// <summary>The lesion was made: the operation of DREZ and cordotomy.</summary>
    Lesioned,

    /// <summary>The implanted system was revised.</summary>
    Revised,

    /// <summary>The pulse generator was replaced, as a rule because its battery was spent.</summary>
    GeneratorReplaced,

    /// <summary>The implanted system was taken out.</summary>
    Explanted,

    /// <summary>The patient died.</summary>
    Died,

    /// <summary>The site lost the patient from sight.</summary>
    LostToFollowUp,

    /// <summary>The patient withdrew from the registry.</summary>
    Withdrawn,
}

/// <summary>The kind of lead used for a trial.</summary>
public enum LeadType
{
    /// <summary>Placed through a needle.</summary>
    Percutaneous,

    /// <summary>Placed through a laminotomy.</summary>
    Paddle,
}

/// <summary>How a trial ended.</summary>
public enum TrialOutcome
{
    /// <summary>The patient may go on to a permanent implant.</summary>
    Succeeded,

    /// <summary>The patient may not.</summary>
    Failed,
}

/// <summary>The energy source of an implanted generator.</summary>
public enum GeneratorType
{
    /// <summary>Charged through the skin.</summary>
    Rechargeable,

    /// <summary>Replaced by surgery when spent.</summary>
    PrimaryCell,
}

/// <summary>Why an implanted system was taken out.</summary>
public enum ExplantReason
{
    /// <summary>Relief was lost or never came.</summary>
    LossOfEfficacy,

    /// <summary>Infection of the system or its pocket.</summary>
    Infection,

    /// <summary>A defect of the hardware.</summary>
    Hardware,

    /// <summary>The patient asked for it.</summary>
    PatientRequest,

    /// <summary>An MRI was needed that the system did not allow.</summary>
    MriNeed,

    /// <summary>Any other reason.</summary>
    Other,
}

/// <summary>The side of the cord that was lesioned.</summary>
public enum LesionSide
{
    /// <summary>Left.</summary>
    Left,

    /// <summary>Right.</summary>
    Right,

    /// <summary>Both sides.</summary>
    Bilateral,
}

/// <summary>How a cordotomy was guided.</summary>
public enum LesionGuidance
{
    /// <summary>Computed tomography.</summary>
    Ct,

    /// <summary>Fluoroscopy.</summary>
    Fluoroscopy,

    /// <summary>Under direct sight in open surgery.</summary>
    Open,

    /// <summary>Any other way.</summary>
    Other,
}

/// <summary>One dated step of a treatment. Which details a type may carry is said in <see cref="EventDetail"/>.</summary>
public sealed record TreatmentEvent
{
    /// <summary>Relief during a trial in percent of baseline: 100 is no pain left, a worsening is negative.</summary>
    public static readonly WholeRange ReliefRange = new(-1000, 100);

    /// <summary>The relief in percent that a trial had to reach.</summary>
    public static readonly WholeRange ThresholdRange = new(1, 100);

    /// <summary>Depth of a DREZ lesion in millimetres; at most one decimal.</summary>
    public static readonly WholeRange DepthRange = new(0, 20);

    /// <summary>Angle of a DREZ lesion in degrees; at most one decimal.</summary>
    public static readonly WholeRange AngleRange = new(0, 90);

    /// <summary>What happened.</summary>
    public required EventType Type { get; init; }

    /// <summary>The day it happened.</summary>
    public required DateOnly OccurredOn { get; init; }

    /// <summary>Trial started: the kind of lead; null when not recorded.</summary>
    public LeadType? Lead { get; init; }

    /// <summary>Trial ended: whether it succeeded. Always there for that type.</summary>
    public TrialOutcome? Outcome { get; init; }

    /// <summary>Trial ended: relief in percent of baseline; null when not recorded.</summary>
    public int? ReliefPercent { get; init; }

    /// <summary>Trial ended: the relief in percent that counted as success; null when not recorded.</summary>
    public int? Threshold { get; init; }

    /// <summary>Implanted, or generator replaced: the kind of generator; null when not recorded.</summary>
    public GeneratorType? Generator { get; init; }

    /// <summary>Explanted: why. Always there for that type.</summary>
    public ExplantReason? Reason { get; init; }

    /// <summary>Explanted: true when no re-implant is to follow. Always there for that type.</summary>
    public bool? Permanent { get; init; }

    /// <summary>Lesioned: the spinal levels from head to foot; null when not recorded, never empty.</summary>
    public IReadOnlyList<string>? Levels { get; init; }

    /// <summary>DREZ: depth of the lesions in millimetres; null when not recorded.</summary>
    public decimal? DepthMm { get; init; }

    /// <summary>DREZ: angle of the electrode in degrees; null when not recorded.</summary>
    public decimal? AngleDegrees { get; init; }

    /// <summary>Cordotomy: the side of the lesion; null when not recorded.</summary>
    public LesionSide? Side { get; init; }

    /// <summary>Cordotomy: how the lesion was guided; null when not recorded.</summary>
    public LesionGuidance? Guidance { get; init; }
}

/// <summary>Which members an event carries besides its type and date: one row of this table a type.</summary>
public static class EventDetail
{
    private static readonly Dictionary<EventType, (string[] Required, string[] Optional)> Members = new()
    {
        [EventType.TrialStarted] = ([], ["lead"]),
        [EventType.TrialEnded] = (["outcome"], ["reliefPercent", "threshold"]),
        [EventType.Implanted] = ([], ["generator"]),
        [EventType.Lesioned] = ([], ["levels", "depthMm", "angleDegrees", "side", "guidance"]),
        [EventType.Revised] = ([], []),
        [EventType.GeneratorReplaced] = ([], ["generator"]),
        [EventType.Explanted] = (["reason", "permanent"], []),
        [EventType.Died] = ([], []),
        [EventType.LostToFollowUp] = ([], []),
        [EventType.Withdrawn] = ([], []),
    };

    /// <summary>The members that an event of this type must carry.</summary>
    public static IReadOnlyList<string> Required(EventType type) => Members[type].Required;

    /// <summary>The members that an event of this type may carry, the required ones included.</summary>
    public static IReadOnlyList<string> Allowed(EventType type) => [.. Members[type].Required, .. Members[type].Optional];

    /// <summary>Whether a case of <paramref name="procedure"/> can have an event of this type: no implant on a lesion, no lesion on an implant.</summary>
    public static bool Fits(EventType type, Procedure procedure) => type switch
    {
        EventType.Died or EventType.LostToFollowUp or EventType.Withdrawn => true,
        EventType.Lesioned => !procedure.IsNeuromodulation(),
        EventType.TrialStarted or EventType.TrialEnded or EventType.Implanted or EventType.Revised
            or EventType.GeneratorReplaced or EventType.Explanted => procedure.IsNeuromodulation(),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an event type"),
    };

    /// <summary>Whether one case can have only one event of this type.</summary>
    public static bool IsSingle(EventType type) =>
        type is EventType.TrialStarted or EventType.TrialEnded or EventType.Lesioned or EventType.Died or EventType.Withdrawn;
}
