using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Summaries.Oracle;

/// <summary>One score of a case.</summary>
internal sealed record Score(DateOnly On, int Points);

/// <summary>What the registry knows of one case when nothing dated after <paramref name="lastDataDay"/> is looked at.</summary>
/// <param name="recorded">The case.</param>
/// <param name="followers">The cases that name this one as their preceding case.</param>
/// <param name="lastDataDay">The last day whose data count, inclusive.</param>
internal sealed class CaseOnADay(RecordedCase recorded, IEnumerable<RecordedCase> followers, DateOnly lastDataDay)
{
    public RecordedCase Recorded => recorded;

    public CaseRecord Record => recorded.Record;

    public DateOnly? TrialStart { get; } = Earliest(recorded, EventType.TrialStarted, lastDataDay);

    public DateOnly? FirstImplant { get; } = Earliest(recorded, EventType.Implanted, lastDataDay);

    public DateOnly? Lesion { get; } = Earliest(recorded, EventType.Lesioned, lastDataDay);

    public DateOnly? Death { get; } = Earliest(recorded, EventType.Died, lastDataDay);

    public DateOnly? PermanentExplant { get; } = Earliest(recorded.Events.Where(happened => happened is { Type: EventType.Explanted, Permanent: true }), lastDataDay);

    /// <summary>The day on which a later case, one that names this case as its preceding one, entered treatment.</summary>
    public DateOnly? Crossover { get; } =
        Earliest(followers.SelectMany(follower => follower.Events).Where(happened => happened.Type is EventType.TrialStarted or EventType.Implanted or EventType.Lesioned), lastDataDay);

    public bool IsTreated => FirstImplant is not null || Lesion is not null;

    public bool HasEntered => TrialStart is not null || IsTreated;

    /// <summary>The first implant, or the operation; the start of the trial of a case that had neither.</summary>
    public DateOnly? TimeZero => FirstImplant ?? Lesion ?? TrialStart;

    /// <summary>Age in whole years at time zero, from the year of birth.</summary>
    public int? Age => TimeZero is { } zero ? zero.Year - Record.Patient.BirthYear : null;

    public IEnumerable<TreatmentEvent> Of(EventType type) => recorded.Events.Where(happened => happened.Type == type && happened.OccurredOn <= lastDataDay);

    public DateOnly? Target(Timepoint followUp) => TimeZero?.AddDays(TargetDay(followUp));

    public bool IsDue(Timepoint followUp, DateOnly dueBy) => Target(followUp) is { } target && target <= dueBy;

    /// <summary>The score of the timepoint, whenever it was taken; null for none.</summary>
    public Score? Score(Timepoint timepoint, Instrument instrument)
    {
        if (!recorded.Assessments.TryGetValue(timepoint, out var assessment) || assessment.NotDone is not null || assessment.AssessedOn is not { } day || day > lastDataDay)
        {
            return null;
        }

        var points = instrument == Instrument.Nrs ? assessment.Nrs : assessment.Pdi ?? assessment.PdiItems?.Total();
        return points is { } known ? new Score(day, known) : null;
    }

    /// <summary>The baseline in points, 0 included; null for none. Nothing ever stands in for it.</summary>
    public int? Baseline(Instrument instrument) => Score(Timepoint.Baseline, instrument)?.Points;

    public bool IsEvaluable(Instrument instrument) => Baseline(instrument) > 0;

    /// <summary>The score of the timepoint unless it is dated after permanent explant, crossover or death; the day itself counts.</summary>
    public Score? Credited(Timepoint timepoint, Instrument instrument)
    {
        var score = Score(timepoint, instrument);
        return score is null || score.On > PermanentExplant || score.On > Crossover || score.On > Death ? null : score;
    }

    /// <summary>The credited score of the timepoint if it was taken while the therapy was in place.</summary>
    public Score? CreditedInPlace(Timepoint timepoint, Instrument instrument) =>
        Credited(timepoint, instrument) is { } score && IsInPlace(score.On) ? score : null;

    /// <summary>Whether every explant before that day was followed by an implant by that day.</summary>
    private bool IsInPlace(DateOnly day)
    {
        foreach (var explant in Of(EventType.Explanted))
        {
            if (explant.OccurredOn < day && !Of(EventType.Implanted).Any(implant => implant.OccurredOn >= explant.OccurredOn && implant.OccurredOn <= day))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Days from time zero to the day a follow-up is due.</summary>
    private static int TargetDay(Timepoint followUp) => followUp switch
    {
        Timepoint.PostOp => 7,
        Timepoint.Month1 => 30,
        Timepoint.Month3 => 91,
        Timepoint.Month6 => 183,
        Timepoint.Month12 => 365,
        Timepoint.Month24 => 730,
        _ => throw new ArgumentOutOfRangeException(nameof(followUp), followUp, "not a follow-up"),
    };

    private static DateOnly? Earliest(RecordedCase of, EventType type, DateOnly lastDataDay) => Earliest(of.Events.Where(happened => happened.Type == type), lastDataDay);

    private static DateOnly? Earliest(IEnumerable<TreatmentEvent> events, DateOnly lastDataDay)
    {
        DateOnly? earliest = null;
        foreach (var happened in events)
        {
            if (happened.OccurredOn <= lastDataDay && (earliest is null || happened.OccurredOn < earliest))
            {
                earliest = happened.OccurredOn;
            }
        }

        return earliest;
    }
}
