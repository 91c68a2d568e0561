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

    /// <summary>The patient was lost to follow-up.</summary>
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

/// <summary>The types of event that have a member. Without it every type has it.</summary>
/// <param name="types">The types.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DetailOfAttribute(params EventType[] types) : Attribute
{
    /// <summary>The types.</summary>
    public IReadOnlyList<EventType> Types => types;

    /// <summary>Whether an event of these types cannot do without it.</summary>
    public bool IsRequired { get; init; }
}

/// <summary>The only procedure whose cases have a member.</summary>
/// <param name="procedure">The procedure.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DetailOfProcedureAttribute(Procedure procedure) : Attribute
{
    /// <summary>The procedure.</summary>
    public Procedure Procedure => procedure;
}

/// <summary>One dated step of a treatment. Besides its type and date an event has the details of its type.</summary>
public sealed record TreatmentEvent
{
    /// <summary>What happened.</summary>
    [Column("event_type")]
    public required EventType Type { get; init; }

    /// <summary>The day it happened.</summary>
    public required DateOnly OccurredOn { get; init; }

    /// <summary>Trial started: the kind of lead.</summary>
    [DetailOf(EventType.TrialStarted)]
    [Column("lead_type")]
    [Missing("left out when not recorded")]
    public LeadType? Lead { get; init; }

    /// <summary>Trial ended: whether it succeeded. Always there for that type.</summary>
    [DetailOf(EventType.TrialEnded, IsRequired = true)]
    public TrialOutcome? Outcome { get; init; }

    /// <summary>Trial ended: relief in percent of baseline.</summary>
    // 100 is no pain left, a worsening is negative.
    [DetailOf(EventType.TrialEnded)]
    [WholeRange(-1000, 100)]
    [Unit("percent of baseline")]
    [Missing("left out when not recorded")]
    public int? ReliefPercent { get; init; }

    /// <summary>Trial ended: the relief in percent that counted as success.</summary>
    [DetailOf(EventType.TrialEnded)]
    [WholeRange(1, 100)]
    [Column("threshold_percent")]
    [Unit("percent of baseline")]
    [Missing("left out when not recorded")]
    public int? Threshold { get; init; }

    /// <summary>Implanted, or generator replaced: the kind of generator.</summary>
    [DetailOf(EventType.Implanted, EventType.GeneratorReplaced)]
    [Column("generator_type")]
    [Missing("left out when not recorded")]
    public GeneratorType? Generator { get; init; }

    /// <summary>Explanted: why. Always there for that type.</summary>
    [DetailOf(EventType.Explanted, IsRequired = true)]
    [Column("explant_reason")]
    public ExplantReason? Reason { get; init; }

    /// <summary>Explanted: true when no re-implant is to follow. Always there for that type.</summary>
    [DetailOf(EventType.Explanted, IsRequired = true)]
    [Column("is_permanent")]
    public bool? Permanent { get; init; }

    /// <summary>Lesioned: the spinal levels from head to foot.</summary>
    [DetailOf(EventType.Lesioned)]
    [SpinalLevels]
    [Missing("left out when not recorded, never empty")]
    public IReadOnlyList<string>? Levels { get; init; }

    /// <summary>DREZ: depth of the lesions in millimetres.</summary>
    [DetailOf(EventType.Lesioned)]
    [DetailOfProcedure(Procedure.Drez)]
    [DecimalRange(0, 20, 1)]
    [Unit("millimetres")]
    [Missing("left out when not recorded")]
    public decimal? DepthMm { get; init; }

    /// <summary>DREZ: angle of the electrode in degrees.</summary>
    [DetailOf(EventType.Lesioned)]
    [DetailOfProcedure(Procedure.Drez)]
    [DecimalRange(0, 90, 1)]
    [Unit("degrees")]
    [Missing("left out when not recorded")]
    public decimal? AngleDegrees { get; init; }

    /// <summary>Cordotomy: the side of the lesion.</summary>
    [DetailOf(EventType.Lesioned)]
    [DetailOfProcedure(Procedure.Cordotomy)]
    [Column("lesion_side")]
    [Missing("left out when not recorded")]
    public LesionSide? Side { get; init; }

    /// <summary>Cordotomy: how the lesion was guided.</summary>
    [DetailOf(EventType.Lesioned)]
    [DetailOfProcedure(Procedure.Cordotomy)]
    [Missing("left out when not recorded")]
    public LesionGuidance? Guidance { get; init; }
}

/// <summary>Which events a case can have.</summary>
public static class EventRules
{
    /// <summary>
    /// Whether a case of <paramref name="procedure"/> can have an event of this type: no implant on a lesion, no lesion on an implant.
    /// </summary>
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
