using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Domain.Analysis;

/// <summary>What became of a trial that succeeded, as known at a cut-off.</summary>
public enum ImplantStanding
{
    /// <summary>The generator was implanted.</summary>
    Implanted,

    /// <summary>The patient died, was lost, withdrew or crossed over before an implant.</summary>
    Left,

    /// <summary>None of these, and 90 days or more have gone by without an implant.</summary>
    Declined,

    /// <summary>None of these, and fewer than 90 days have gone by.</summary>
    Awaiting,
}

/// <summary>How the observation of a therapy ended.</summary>
public enum TherapyEnd
{
    /// <summary>The system was explanted for good.</summary>
    Explanted,

    /// <summary>The patient died with the therapy in place.</summary>
    Died,

    /// <summary>Observation ended otherwise: by crossover, withdrawal or loss to follow-up.</summary>
    Censored,
}

/// <summary>
/// What is known of one case at a data cut-off: nothing dated later is looked at, nor anything dated after the person's
/// withdrawal. A day is null where the event did not happen.
/// </summary>
public sealed record CaseStanding
{
    /// <summary>A case of which nothing dated is known.</summary>
    public static readonly CaseStanding NotStarted = new();

    /// <summary>The start of the trial.</summary>
    public DayNumber? TrialStarted { get; init; }

    /// <summary>The kind of lead of the trial; null when not recorded.</summary>
    public LeadType? Lead { get; init; }

    /// <summary>The end of the trial.</summary>
    public DayNumber? TrialEnded { get; init; }

    /// <summary>How the trial ended.</summary>
    public TrialOutcome? TrialOutcome { get; init; }

    /// <summary>What became of a trial that succeeded; null without one.</summary>
    public ImplantStanding? Implant { get; init; }

    /// <summary>The first implant, or the operation.</summary>
    public DayNumber? Treated { get; init; }

    /// <summary>The kind of the generator first implanted; null when not recorded.</summary>
    public GeneratorType? Generator { get; init; }

    /// <summary>The first replacement of the generator.</summary>
    public DayNumber? GeneratorReplaced { get; init; }

    /// <summary>The first explant, for good or not.</summary>
    public DayNumber? Explanted { get; init; }

    /// <summary>The last implant on or after the first explant.</summary>
    public DayNumber? Reimplanted { get; init; }

    /// <summary>The explant for good: stated as permanent, or not followed by a re-implant within 180 days.</summary>
    public DayNumber? PermanentExplant { get; init; }

    /// <summary>Why the system was explanted for good.</summary>
    public ExplantReason? ExplantReason { get; init; }

    /// <summary>The start of treatment in a later case of the same chain.</summary>
    public DayNumber? Crossover { get; init; }

    /// <summary>The death of the person.</summary>
    public DayNumber? Died { get; init; }

    /// <summary>The withdrawal of the person.</summary>
    public DayNumber? Withdrawn { get; init; }

    /// <summary>The loss to follow-up of the person, unless anything dated after it is known.</summary>
    public DayNumber? Lost { get; init; }

    /// <summary>Whether the trial is undecided: an implant may still follow, so no follow-up visit is scheduled.</summary>
    public bool IsUndecided { get; init; }

    /// <summary>The end of observation: the first of death, permanent explant, crossover, withdrawal and loss.</summary>
    public DayNumber? End { get; init; }

    /// <summary>What ended observation.</summary>
    public CensoringReason? EndReason { get; init; }

    /// <summary>Time zero: the first implant or the operation, else the start of the trial.</summary>
    public DayNumber? TimeZero => Treated ?? TrialStarted;

    /// <summary>Whether the case was implanted or operated.</summary>
    public bool IsTreated => Treated is not null;

    /// <summary>Whether the case entered treatment: trial started, implanted or operated.</summary>
    public bool IsEntered => TimeZero is not null;

    /// <summary>Whether follow-up visits are scheduled.</summary>
    public bool HasVisits => IsEntered && !IsUndecided;

    /// <summary>
    /// How observation of the therapy ended; null while it goes on, and for an untreated case. An explant or a death counts on or before
    /// the end of observation.
    /// </summary>
    public TherapyEnd? Therapy =>
        !IsTreated || End is null ? null
        : PermanentExplant <= End ? TherapyEnd.Explanted
        : Died <= End ? TherapyEnd.Died
        : TherapyEnd.Censored;
}
