using System.Collections.Frozen;
using System.Globalization;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Assessments;
using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Domain.Cases;

/// <summary>
/// A case with everything recorded under it, and the rules that hold within it. Every rule is about the chart as it
/// stands, never about the order in which its parts arrived: senders repeat and reorder, so a part whose counterpart
/// has not arrived yet contradicts nothing. Rules among the cases of one person are in <see cref="Analysis.PersonRules"/>.
/// </summary>
/// <param name="Case">The case.</param>
/// <param name="Events">Its events, by the site's own keys.</param>
/// <param name="Assessments">Its assessments, by timepoint.</param>
/// <param name="AdverseEvents">Its adverse events, by the site's own keys.</param>
/// <param name="Costs">Its costs, by the site's own keys.</param>
/// <param name="Stays">Its stays in hospital, by the site's own keys.</param>
public sealed record CaseChart(
    CaseRecord Case,
    IReadOnlyDictionary<string, TreatmentEvent> Events,
    IReadOnlyDictionary<Timepoint, Assessment> Assessments,
    IReadOnlyDictionary<string, AdverseEvent> AdverseEvents,
    IReadOnlyDictionary<string, CostItem> Costs,
    IReadOnlyDictionary<string, HospitalStay> Stays)
{
    /// <summary>The chart of a case with nothing under it yet.</summary>
    public static CaseChart Of(CaseRecord subject) => new(
        subject,
        FrozenDictionary<string, TreatmentEvent>.Empty,
        FrozenDictionary<Timepoint, Assessment>.Empty,
        FrozenDictionary<string, AdverseEvent>.Empty,
        FrozenDictionary<string, CostItem>.Empty,
        FrozenDictionary<string, HospitalStay>.Empty);

    /// <summary>
    /// Time zero: the first implant for SCS and DRG, the operation for DREZ and cordotomy, the start of the trial for
    /// a case that was never implanted. Null when none of these is recorded.
    /// </summary>
    public DateOnly? TimeZero =>
        First(Case.Procedure.IsNeuromodulation() ? EventType.Implanted : EventType.Lesioned) ?? First(EventType.TrialStarted);

    /// <summary>
    /// The day treatment began: the start of the trial, or else the first implant, or the operation. Null when none is recorded.
    /// </summary>
    public DateOnly? TreatmentStart => Min(First(EventType.TrialStarted), Min(First(EventType.Implanted), First(EventType.Lesioned)));

    /// <summary>
    /// Whether time zero can no longer move: implanted, operated, or tried without success. A trial that may still
    /// lead to an implant has a time zero (its start) that the implant will move.
    /// </summary>
    public bool TimeZeroIsSettled =>
        First(EventType.Implanted) is not null
        || First(EventType.Lesioned) is not null
        || (First(EventType.TrialStarted) is not null && Of(EventType.TrialEnded).Any(ended => ended.Outcome == TrialOutcome.Failed));

    /// <summary>The days from time zero to <paramref name="date"/>, negative before it; null without a time zero or a date.</summary>
    public int? DaysFromTimeZero(DateOnly? date) => DayNumber.Of(date) - DayNumber.Of(TimeZero);

    /// <summary>
    /// The days from the target day of a follow-up to <paramref name="date"/>, negative before it; null for the baseline, and without a
    /// time zero or a date.
    /// </summary>
    public int? DaysFromTarget(Timepoint timepoint, DateOnly? date) =>
        timepoint == Timepoint.Baseline ? null : DaysFromTimeZero(date) - VisitWindow.Of(timepoint).TargetDay;

    /// <summary>Where the date of an assessment lies relative to the window of its timepoint.</summary>
    public WindowPosition Place(Timepoint timepoint, DateOnly? assessedOn)
    {
        if (timepoint == Timepoint.Baseline)
        {
            return assessedOn is { } day && TreatmentStart is { } start
                ? day <= start ? WindowPosition.In : WindowPosition.Late
                : WindowPosition.Unknown;
        }

        return DaysFromTimeZero(assessedOn) is { } days ? VisitWindow.Of(timepoint).Place(days) : WindowPosition.Unknown;
    }

    /// <summary>
    /// The timepoint that a date belongs to: that of the assessment the case already has on this date; else the baseline before
    /// the start of treatment, and after it the follow-up whose window holds the date. On the day itself the date cannot tell
    /// before from after.
    /// </summary>
    /// <returns>The timepoint, or the fault that says why the sender has to state it.</returns>
    public (Timepoint? Timepoint, Fault? Fault) TimepointOn(DateOnly assessedOn)
    {
        if (Assessments.Where(pair => pair.Value.AssessedOn == assessedOn)
            .OrderBy(pair => pair.Key)
            .Select(pair => (Timepoint?)pair.Key)
            .FirstOrDefault() is { } same)
        {
            return (same, null);
        }

        if (TreatmentStart is { } start && assessedOn <= start)
        {
            return assessedOn < start
                ? (Timepoint.Baseline, null)
                : (null, NotDerivable(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Treatment started on the day itself, {start:yyyy-MM-dd}: the date cannot tell a score before it from one after "
                            + $"it. State the timepoint."),
                    assessedOn));
        }

        if (!TimeZeroIsSettled)
        {
            return (null,
                NotDerivable(
                    "The timepoint cannot be derived from the date: the case has no implant, no operation and no failed trial yet, so its "
                        + "time zero may still move. State the timepoint."));
        }

        var days = DaysFromTimeZero(assessedOn)!.Value;
        return VisitWindow.Containing(days) is { } window
            ? (window.Timepoint, null)
            : (null, NotDerivable(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The date lies {days} days after time zero ({TimeZero:yyyy-MM-dd}), in no visit window (days 1 to "
                        + $"{VisitWindow.All[^1].Days.Max}). State the timepoint."),
                assessedOn));
    }

    private static Fault NotDerivable(string detail, DateOnly? assessedOn = null) => new(
        "/timepoint",
        "timepoint-not-derivable",
        detail,
        assessedOn is null ? null : FormattableString.Invariant($"{assessedOn:yyyy-MM-dd}"),
        string.Join(", ", Code.All<Timepoint>()));

    /// <summary>The latest day that anything of the case is dated; null when nothing is dated.</summary>
    public DayNumber? LastDatedDay => DayNumber.Of(Dates().Max(day => (DateOnly?)day));

    private IEnumerable<DateOnly> Dates() =>
        Events.Values.Select(happened => happened.OccurredOn)
            .Concat(Assessments.Values.Select(assessment => assessment.AssessedOn).OfType<DateOnly>())
            .Concat(AdverseEvents.Values.Select(adverse => adverse.ResolvedOn ?? adverse.OnsetOn))
            .Concat(Costs.Values.Select(cost => cost.IncurredOn).OfType<DateOnly>())
            .Concat(Stays.Values.Select(stay => stay.DischargedOn));

    /// <summary>
    /// What contradicts what in this chart; nothing for a chart that can be true.
    /// </summary>
    /// <remarks>
    /// The rules: events fit the procedure; single events are single; trial start ≤ trial end ≤ implant ≤ revision,
    /// replacement, explant; no implant after a failed trial or a permanent explant; nothing happens after death;
    /// baseline on or before the start of treatment; nothing before the year of birth. Scores before time zero, or after
    /// explant, crossover or death, are no contradiction: they are kept, and not credited.
    /// </remarks>
    public IEnumerable<Contradiction> Contradictions()
    {
        // An event of another procedure makes the order of events meaningless, so nothing else is reported beside it.
        var misfits = Misfits().ToList();
        return misfits.Count > 0
            ? misfits
            : Repetitions().Concat(Disorder()).Concat(ImpossibleImplants()).Concat(MisdatedBaseline()).Concat(BeforeBirth());
    }

    private IEnumerable<Contradiction> Misfits() =>
        from pair in Events
        where !EventRules.Fits(pair.Value.Type, Case.Procedure)
        select new Contradiction(
            "event-not-of-procedure",
            $"A case of {Code.Of(Case.Procedure)} has no event {Code.Of(pair.Value.Type)}.",
            Allowed: string.Join(
                ", ", Enum.GetValues<EventType>().Where(type => EventRules.Fits(type, Case.Procedure)).Select(type => Code.Of(type))),
            Value: Code.Of(pair.Value.Type),
            About: ContradictionAbout.EventType);

    private IEnumerable<Contradiction> Repetitions() =>
        from same in Events.GroupBy(pair => pair.Value.Type)
        where EventRules.IsSingle(same.Key) && same.Count() > 1
        select new Contradiction(
            "event-repeated",
            $"A case has one event {Code.Of(same.Key)} at most; these are recorded: "
                + $"{string.Join(", ", same.Select(pair => pair.Key).Order(StringComparer.Ordinal))}.",
            Value: Code.Of(same.Key),
            About: ContradictionAbout.EventType);

    private IEnumerable<Contradiction> Disorder()
    {
        (EventType Earlier, EventType[] Later)[] order =
        [
            (EventType.TrialStarted, [EventType.TrialEnded, EventType.Implanted]),
            (EventType.TrialEnded, [EventType.Implanted]),
            (EventType.Implanted, [EventType.Revised, EventType.GeneratorReplaced, EventType.Explanted]),
        ];

        foreach (var (earlier, laterTypes) in order)
        {
            if (FirstKeyed(earlier) is not { } first)
            {
                continue;
            }

            foreach (var later in Events.Where(
                pair => laterTypes.Contains(pair.Value.Type) && pair.Value.OccurredOn < first.Value.OccurredOn))
            {
                yield return OutOfOrder(later, first);
            }
        }

        if (FirstKeyed(EventType.Died) is { } death)
        {
            foreach (var later in Events.Where(pair => pair.Value.OccurredOn > death.Value.OccurredOn))
            {
                yield return OutOfOrder(death, later);
            }
        }
    }

    private IEnumerable<Contradiction> ImpossibleImplants()
    {
        var lastImplant =
            Events.Where(pair => pair.Value.Type == EventType.Implanted).OrderBy(pair => pair.Value.OccurredOn).LastOrDefault();
        if (lastImplant.Value is null)
        {
            yield break;
        }

        foreach (var failed in Events.Where(pair => pair.Value is { Type: EventType.TrialEnded, Outcome: TrialOutcome.Failed }))
        {
            yield return new Contradiction(
                "implant-after-failed-trial",
                $"{Describe(failed)} says that the trial failed, and {Describe(lastImplant)} that an implant followed.");
        }

        foreach (var final in Events.Where(
            pair => pair.Value is { Type: EventType.Explanted, Permanent: true } && pair.Value.OccurredOn < lastImplant.Value.OccurredOn))
        {
            yield return new Contradiction(
                "implant-after-permanent-explant", $"{Describe(final)} was stated as permanent, and {Describe(lastImplant)} came later.");
        }
    }

    private IEnumerable<Contradiction> MisdatedBaseline()
    {
        if (Assessments.GetValueOrDefault(Timepoint.Baseline)?.AssessedOn is { } day && TreatmentStart is { } start && day > start)
        {
            yield return new Contradiction(
                "baseline-after-treatment",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The baseline is taken on or before the start of treatment: it is dated {day:yyyy-MM-dd}, and treatment began on "
                        + $"{start:yyyy-MM-dd}."),
                FormattableString.Invariant($"{day:yyyy-MM-dd}"),
                FormattableString.Invariant($"up to {start:yyyy-MM-dd}"));
        }
    }

    private IEnumerable<Contradiction> BeforeBirth() =>
        from day in Dates().Concat(AdverseEvents.Values.Select(adverse => adverse.OnsetOn))
            .Concat(Stays.Values.Select(stay => stay.AdmittedOn))
            .Distinct()
        where day.Year < Case.Patient.BirthYear
        select new Contradiction(
            "before-birth-year",
            FormattableString.Invariant($"{day:yyyy-MM-dd} lies before the patient's year of birth, {Case.Patient.BirthYear}."),
            FormattableString.Invariant($"{day:yyyy-MM-dd}"),
            FormattableString.Invariant($"from {Case.Patient.BirthYear}-01-01"),
            ContradictionAbout.BirthYear);

    private IEnumerable<TreatmentEvent> Of(EventType type) => Events.Values.Where(happened => happened.Type == type);

    private DateOnly? First(EventType type) => Of(type).Min(happened => (DateOnly?)happened.OccurredOn);

    private KeyValuePair<string, TreatmentEvent>? FirstKeyed(EventType type) =>
        Events.Where(pair => pair.Value.Type == type)
            .OrderBy(pair => pair.Value.OccurredOn)
            .Select(pair => (KeyValuePair<string, TreatmentEvent>?)pair)
            .FirstOrDefault();

    private static DateOnly? Min(DateOnly? one, DateOnly? other) => one is null || other < one ? other ?? one : one;

    private static Contradiction OutOfOrder(KeyValuePair<string, TreatmentEvent> early, KeyValuePair<string, TreatmentEvent> late) => new(
        "event-out-of-order",
        $"{Describe(early)} cannot come before {Describe(late)}.");

    private static string Describe(KeyValuePair<string, TreatmentEvent> pair) =>
        FormattableString.Invariant($"{Code.Of(pair.Value.Type)} '{pair.Key}' on {pair.Value.OccurredOn:yyyy-MM-dd}");
}

/// <summary>What a contradiction is about, so that the sender is shown the member at fault.</summary>
public enum ContradictionAbout
{
    /// <summary>A date.</summary>
    Date,

    /// <summary>The type of an event.</summary>
    EventType,

    /// <summary>The patient's sex.</summary>
    Sex,

    /// <summary>The patient's year of birth.</summary>
    BirthYear,

    /// <summary>The preceding case.</summary>
    PrecedingCase,
}

/// <summary>One contradiction among the records of a person.</summary>
/// <param name="Code">Stable code of the rule that is broken.</param>
/// <param name="Detail">What contradicts what, with keys and dates.</param>
/// <param name="Value">The value at fault, where there is one.</param>
/// <param name="Allowed">The allowed values; null where they cannot be listed.</param>
/// <param name="About">What is at fault.</param>
public sealed record Contradiction(
    string Code, string Detail, string? Value = null, string? Allowed = null, ContradictionAbout About = ContradictionAbout.Date);
