using Registry.Domain.AdverseEvents;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Costs;
using Registry.Domain.Responses;
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
    /// <summary>The follow-ups, and in days from time zero their target, and the first and last day of their window.</summary>
    public static readonly IReadOnlyList<(Timepoint Timepoint, int Target, int First, int Last)> FollowUps =
    [
        (Timepoint.PostOp, 7, 1, 14),
        (Timepoint.Month1, 30, 15, 60),
        (Timepoint.Month3, 91, 61, 136),
        (Timepoint.Month6, 183, 137, 273),
        (Timepoint.Month12, 365, 274, 547),
        (Timepoint.Month24, 730, 548, 913),
    ];

    public RecordedCase Recorded => recorded;

    public CaseRecord Record => recorded.Record;

    public DateOnly? TrialStart { get; } = Earliest(recorded, EventType.TrialStarted, lastDataDay);

    public DateOnly? FirstImplant { get; } = Earliest(recorded, EventType.Implanted, lastDataDay);

    public DateOnly? Lesion { get; } = Earliest(recorded, EventType.Lesioned, lastDataDay);

    public DateOnly? Death { get; } = Earliest(recorded, EventType.Died, lastDataDay);

    public DateOnly? Loss { get; } = Earliest(recorded, EventType.LostToFollowUp, lastDataDay);

    public DateOnly? Withdrawal { get; } = Earliest(recorded, EventType.Withdrawn, lastDataDay);

    public DateOnly? PermanentExplant { get; } = Earliest(recorded.Events.Where(happened => happened is { Type: EventType.Explanted, Permanent: true }), lastDataDay);

    /// <summary>The day on which a later case, one that names this case as its preceding one, entered treatment.</summary>
    public DateOnly? Crossover { get; } =
        Earliest(followers.SelectMany(follower => follower.Events).Where(happened => happened.Type is EventType.TrialStarted or EventType.Implanted or EventType.Lesioned), lastDataDay);

    /// <summary>The last day whose scores count: permanent explant, crossover or death, whichever comes first; null for a course that has not ended.</summary>
    public DateOnly? CourseEnd => new[] { PermanentExplant, Crossover, Death }.Min();

    public bool IsTreated => FirstImplant is not null || Lesion is not null;

    public bool HasEntered => TrialStart is not null || IsTreated;

    /// <summary>The first implant, or the operation; the start of the trial of a case that had neither.</summary>
    public DateOnly? TimeZero => FirstImplant ?? Lesion ?? TrialStart;

    /// <summary>Age in whole years at time zero, from the year of birth.</summary>
    public int? Age => TimeZero is { } zero ? zero.Year - Record.Patient.BirthYear : null;

    public IEnumerable<CostItem> Costs => recorded.Costs.Where(cost => cost.IncurredOn is null || cost.IncurredOn <= lastDataDay);

    public IEnumerable<HospitalStay> Stays => recorded.Stays.Where(stay => stay.DischargedOn <= lastDataDay);

    public IEnumerable<AdverseEvent> AdverseEvents => recorded.AdverseEvents.Where(suffered => suffered.OnsetOn <= lastDataDay);

    public IEnumerable<TreatmentEvent> Of(EventType type) => recorded.Events.Where(happened => happened.Type == type && happened.OccurredOn <= lastDataDay);

    public bool BelongsTo(AnalysisSet set) => set == AnalysisSet.IntentionToTreat ? HasEntered : IsTreated;

    public DateOnly? Target(Timepoint followUp) => TimeZero?.AddDays(FollowUps.Single(one => one.Timepoint == followUp).Target);

    public bool IsDue(Timepoint followUp, DateOnly dueBy) => Target(followUp) is { } target && target <= dueBy;

    /// <summary>What is recorded of the timepoint, done or not; what has no date counts on every day. Null for nothing.</summary>
    public Assessment? Assessment(Timepoint timepoint) =>
        recorded.Assessments.TryGetValue(timepoint, out var assessment) && !(assessment.AssessedOn > lastDataDay) ? assessment : null;

    /// <summary>The score of the timepoint, whenever it was taken; null for none.</summary>
    public Score? Score(Timepoint timepoint, Instrument instrument)
    {
        if (Assessment(timepoint) is not { NotDone: null, AssessedOn: { } day } assessment)
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
    public Score? Credited(Timepoint timepoint, Instrument instrument) =>
        Score(timepoint, instrument) is { } score && !(score.On > CourseEnd) ? score : null;

    /// <summary>The score of the timepoint that counts in a set: credited, and in 'observed' taken while the therapy was in place.</summary>
    public Score? Counted(Timepoint timepoint, Instrument instrument, AnalysisSet set) =>
        Credited(timepoint, instrument) is { } score && (set != AnalysisSet.Observed || IsInPlace(score.On)) ? score : null;

    /// <summary>Whether a score is a response, in whole numbers; the baseline is above 0.</summary>
    public bool Responds(Score score, Instrument instrument, int threshold) =>
        100 * (Baseline(instrument)!.Value - score.Points) >= threshold * Baseline(instrument)!.Value;

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
