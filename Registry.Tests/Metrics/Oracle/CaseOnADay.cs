using Registry.Domain.AdverseEvents;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Costs;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>One score of a case.</summary>
internal sealed record Score(DateOnly On, int Points);

/// <summary>What ended the observation of a case, and when.</summary>
internal sealed record EndOfObservation(string Reason, DateOnly On);

/// <summary>What the registry knows of one case when nothing dated after <paramref name="cutOff"/> is looked at.</summary>
/// <param name="recorded">The case.</param>
/// <param name="person">The person whose case it is.</param>
/// <param name="laterCases">The cases that lead back to this one by their preceding cases, directly or not.</param>
/// <param name="cutOff">The data cut-off, inclusive.</param>
internal sealed class CaseOnADay(RecordedCase recorded, PersonOnADay person, IReadOnlyList<RecordedCase> laterCases, DateOnly cutOff)
{
    /// <summary>How long a trial without an end, and after a success the implant, is waited for. Unit: days.</summary>
    public const int DaysOfTrial = 90;

    /// <summary>How long after a temporary explant a re-implant still makes it one, inclusive. Unit: days.</summary>
    public const int DaysOfGap = 180;

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

    public DateOnly CutOff => cutOff;

    public DateOnly? TrialStart { get; } = First(recorded.Events, person, EventType.TrialStarted);
    public TreatmentEvent? TrialEnd { get; } =
        recorded.Events.SingleOrDefault(happened => happened.Type == EventType.TrialEnded && happened.OccurredOn <= person.LastDay);

    public DateOnly? FirstImplant { get; } = First(recorded.Events, person, EventType.Implanted);

    /// <summary>The kind of lead of the trial.</summary>
    public LeadType? Lead => Of(EventType.TrialStarted).SingleOrDefault()?.Lead;

    /// <summary>The kind of the first generator; of two on one day, the first kind in the list that is recorded.</summary>
    public GeneratorType? Generator =>
        Of(EventType.Implanted).Where(implant => implant.OccurredOn == FirstImplant).Min(implant => implant.Generator);

    public DateOnly? GeneratorReplaced => Of(EventType.GeneratorReplaced).Min(happened => (DateOnly?)happened.OccurredOn);

    public DateOnly? Lesion { get; } = First(recorded.Events, person, EventType.Lesioned);

    /// <summary>The first day on which treatment started in a later case.</summary>
    public DateOnly? Crossover { get; } =
        First(laterCases.SelectMany(later => later.Events), person, EventType.TrialStarted, EventType.Implanted, EventType.Lesioned);

    public DateOnly? Death => person.Death;

    public DateOnly? Loss => person.Loss;

    public DateOnly? Withdrawal => person.Withdrawal;

    /// <summary>
    /// The first explant that was for good: stated so, or without an implant up to 180 days later, which is known on the last of these
    /// days.
    /// </summary>
    public DateOnly? PermanentExplant
    {
        get
        {
            DateOnly? first = null;
            foreach (var explant in Of(EventType.Explanted))
            {
                var day = explant.OccurredOn;
                var last = day.AddDays(DaysOfGap);
                var isForGood = explant.Permanent == true
                    || (cutOff >= last && !Of(EventType.Implanted).Any(implant => implant.OccurredOn >= day && implant.OccurredOn <= last));
                if (isForGood && (first is null || day < first))
                {
                    first = day;
                }
            }

            return first;
        }
    }

    /// <summary>
    /// Why it was explanted for good. Of two explants on the day, the first that was for good: a temporary one before one that is stated as
    /// permanent.
    /// </summary>
    public ExplantReason? ReasonOfPermanentExplant => Of(EventType.Explanted)
        .Where(explant => explant.OccurredOn == PermanentExplant)
        .OrderBy(explant => explant.Permanent)
        .ThenBy(explant => explant.Reason)
        .FirstOrDefault(explant => explant.Permanent == true || IsForGood(explant.OccurredOn))?.Reason;

    private bool IsForGood(DateOnly day) =>
        cutOff >= day.AddDays(DaysOfGap)
        && !Of(EventType.Implanted).Any(implant => implant.OccurredOn >= day && implant.OccurredOn <= day.AddDays(DaysOfGap));

    public bool IsTreated => FirstImplant is not null || Lesion is not null;

    public bool HasEntered => TrialStart is not null || IsTreated;

    /// <summary>The first implant, or the operation; the start of the trial of a case that had neither.</summary>
    public DateOnly? TimeZero => FirstImplant ?? Lesion ?? TrialStart;

    /// <summary>
    /// Whether an implant may still follow the trial: it has no end, or ended as a success, and that is less than 90 days ago.
    /// </summary>
    public bool IsUndecided
    {
        get
        {
            if (IsTreated || TrialStart is not { } start || TrialEnd is { Outcome: TrialOutcome.Failed })
            {
                return false;
            }

            var since = TrialEnd?.OccurredOn ?? start;
            return cutOff.DayNumber - since.DayNumber < DaysOfTrial;
        }
    }

    /// <summary>Whether follow-up visits are scheduled.</summary>
    public bool HasVisits => HasEntered && !IsUndecided;

    /// <summary>
    /// The first of death, permanent explant, crossover, withdrawal and loss to follow-up; of several on one day, the first named here.
    /// Null while observation goes on.
    /// </summary>
    public EndOfObservation? End
    {
        get
        {
            (string Reason, DateOnly? On)[] ends =
                [
                    ("died", Death), ("explanted", PermanentExplant), ("crossed-over", Crossover), ("withdrawn", Withdrawal),
                    ("lost-to-follow-up", Loss),
                ];
            EndOfObservation? first = null;
            foreach (var (reason, on) in ends)
            {
                if (on is { } day && (first is null || day < first.On))
                {
                    first = new EndOfObservation(reason, day);
                }
            }

            return first;
        }
    }

    /// <summary>Age in whole years at time zero, from the year of birth.</summary>
    public int? Age => TimeZero is { } zero ? zero.Year - Record.Patient.BirthYear : null;

    public IEnumerable<CostItem> Costs => recorded.Costs.Where(cost => cost.IncurredOn is null || cost.IncurredOn <= person.LastDay);

    public IEnumerable<HospitalStay> Stays => recorded.Stays.Where(stay => stay.DischargedOn <= person.LastDay);

    public IEnumerable<AdverseEvent> AdverseEvents => recorded.AdverseEvents.Where(suffered => suffered.OnsetOn <= person.LastDay);

    public IEnumerable<TreatmentEvent> Of(EventType type) =>
        recorded.Events.Where(happened => happened.Type == type && happened.OccurredOn <= person.LastDay);

    public bool BelongsTo(AnalysisSet set) => set == AnalysisSet.IntentionToTreat ? HasEntered : IsTreated;

    public DateOnly? Target(Timepoint followUp) => TimeZero?.AddDays(FollowUps.Single(one => one.Timepoint == followUp).Target);

    public bool IsDue(Timepoint followUp) => HasVisits && Target(followUp) <= cutOff;

    /// <summary>What is recorded of the timepoint, done or not; what has no date counts on every day. Null for nothing.</summary>
    public Assessment? Assessment(Timepoint timepoint) =>
        recorded.Assessments.TryGetValue(timepoint, out var assessment) && !(assessment.AssessedOn > person.LastDay) ? assessment : null;

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

    /// <summary>
    /// The score of the timepoint, if it counts for the case. That of a follow-up counts from time zero to permanent explant,
    /// crossover, withdrawal or death, these days included, but not in a gap of the therapy and not while the trial is undecided.
    /// </summary>
    public Score? Credited(Timepoint timepoint, Instrument instrument)
    {
        if (Score(timepoint, instrument) is not { } score)
        {
            return null;
        }

        if (timepoint == Timepoint.Baseline)
        {
            return score;
        }

        var isBefore = score.On < TimeZero;
        var isAfter = score.On > PermanentExplant || score.On > Crossover || score.On > Withdrawal || score.On > Death;
        return HasVisits && !isBefore && !isAfter && !IsInAGap(score.On) ? score : null;
    }

    /// <summary>Whether a score is a response, in whole numbers; the baseline is above 0.</summary>
    public bool Responds(Score score, Instrument instrument, int threshold) =>
        100 * (Baseline(instrument)!.Value - score.Points) >= threshold * Baseline(instrument)!.Value;

    /// <summary>Whether the system was out on a day: after an explant, and before an implant that followed.</summary>
    public bool IsInAGap(DateOnly day)
    {
        foreach (var explant in Of(EventType.Explanted))
        {
            if (explant.OccurredOn < day
                && !Of(EventType.Implanted).Any(implant => implant.OccurredOn >= explant.OccurredOn && implant.OccurredOn <= day))
            {
                return true;
            }
        }

        return false;
    }

    private static DateOnly? First(IEnumerable<TreatmentEvent> events, PersonOnADay person, params EventType[] types)
    {
        DateOnly? first = null;
        foreach (var happened in events)
        {
            if (types.Contains(happened.Type) && happened.OccurredOn <= person.LastDay && (first is null || happened.OccurredOn < first))
            {
                first = happened.OccurredOn;
            }
        }

        return first;
    }
}
