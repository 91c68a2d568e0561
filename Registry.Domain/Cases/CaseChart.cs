using Registry.Domain.Assessments;
using Registry.Domain.Recording;

namespace Registry.Domain.Cases;

/// <summary>
/// A case with its events and assessments, and the rules that hold among them. Every rule is about the chart as it
/// stands, never about the order in which its parts arrived: senders repeat and reorder, so a part whose counterpart
/// has not arrived yet contradicts nothing.
/// </summary>
/// <param name="Case">The case.</param>
/// <param name="Events">Its events, by the site's own keys.</param>
/// <param name="Assessments">Its assessments, by timepoint.</param>
public sealed record CaseChart(
    CaseRecord Case,
    IReadOnlyDictionary<string, TreatmentEvent> Events,
    IReadOnlyDictionary<Timepoint, Assessment> Assessments)
{
    /// <summary>The chart of a case with nothing under it yet.</summary>
    public static CaseChart Of(CaseRecord subject) => new(subject, new Dictionary<string, TreatmentEvent>(), new Dictionary<Timepoint, Assessment>());

    /// <summary>
    /// Time zero: the first implant for SCS and DRG, the operation for DREZ and cordotomy, the start of the trial for
    /// a case that was never implanted. Null when none of these is recorded.
    /// </summary>
    public DateOnly? TimeZero => First(Case.Procedure.IsNeuromodulation() ? EventType.Implanted : EventType.Lesioned) ?? First(EventType.TrialStarted);

    /// <summary>The day treatment began: the start of the trial, or else the first implant, or the operation. Null when none is recorded.</summary>
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
    public int? DaysFromTimeZero(DateOnly? date) => date is { } day && TimeZero is { } zero ? day.DayNumber - zero.DayNumber : null;

    /// <summary>The days from the target day of a follow-up to <paramref name="date"/>, negative before it; null for the baseline, and without a time zero or a date.</summary>
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
    /// The timepoint that a date belongs to: the baseline on or before the start of treatment, and after it the
    /// follow-up whose window holds the date.
    /// </summary>
    /// <returns>The timepoint, or the fault that says why the sender has to state it.</returns>
    public (Timepoint? Timepoint, Fault? Fault) TimepointOn(DateOnly assessedOn)
    {
        if (TreatmentStart is { } start && assessedOn <= start)
        {
            return (Timepoint.Baseline, null);
        }

        if (!TimeZeroIsSettled)
        {
            return (null, new Fault(
                "/timepoint",
                "timepoint-not-derivable",
                "The timepoint cannot be told from the date: the case has no implant, no operation and no failed trial yet, so its time zero may still move. State the timepoint.",
                Allowed: string.Join(", ", Code.All<Timepoint>())));
        }

        var days = DaysFromTimeZero(assessedOn)!.Value;
        return VisitWindow.Containing(days) is { } window
            ? (window.Timepoint, null)
            : (null, new Fault(
                "/timepoint",
                "timepoint-not-derivable",
                FormattableString.Invariant($"The date lies {days} days after time zero ({TimeZero:yyyy-MM-dd}), in no visit window (days 1 to {VisitWindow.All[^1].Days.Max}). State the timepoint."),
                FormattableString.Invariant($"{assessedOn:yyyy-MM-dd}"),
                string.Join(", ", Code.All<Timepoint>())));
    }

    /// <summary>
    /// What contradicts what in this chart; nothing for a chart that can be true.
    /// </summary>
    /// <remarks>
    /// The rules: events fit the procedure; single events are single; trial start ≤ trial end ≤ implant ≤ revision,
    /// replacement, explant; no implant after a failed trial or a permanent explant; nothing happens after death;
    /// baseline on or before the start of treatment; follow-up on or after time zero; nothing before the year of
    /// birth. Scores after explant, crossover or death are no contradiction: they are kept, and not credited.
    /// </remarks>
    public IEnumerable<Contradiction> Contradictions()
    {
        // With an event that does not belong here the course means nothing, and would only be blamed for it.
        var misfits = Misfits().ToList();
        return misfits.Count > 0
            ? misfits
            : Repetitions().Concat(Disorder()).Concat(ImpossibleImplants()).Concat(MisdatedAssessments()).Concat(BeforeBirth());
    }

    private IEnumerable<Contradiction> Misfits() =>
        from pair in Events
        where !EventDetail.Fits(pair.Value.Type, Case.Procedure)
        select new Contradiction(
            "event-not-of-procedure",
            $"A case of {Code.Of(Case.Procedure)} has no event {Code.Of(pair.Value.Type)}.",
            Allowed: string.Join(", ", Enum.GetValues<EventType>().Where(type => EventDetail.Fits(type, Case.Procedure)).Select(type => Code.Of(type))),
            Value: Code.Of(pair.Value.Type),
            AboutType: true);

    private IEnumerable<Contradiction> Repetitions() =>
        from same in Events.GroupBy(pair => pair.Value.Type)
        where EventDetail.IsSingle(same.Key) && same.Count() > 1
        select new Contradiction(
            "event-repeated",
            $"A case has one event {Code.Of(same.Key)} at most; these are recorded: {string.Join(", ", same.Select(pair => pair.Key).Order(StringComparer.Ordinal))}.",
            Value: Code.Of(same.Key),
            AboutType: true);

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

            foreach (var later in Events.Where(pair => laterTypes.Contains(pair.Value.Type) && pair.Value.OccurredOn < first.Value.OccurredOn))
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
        var lastImplant = Events.Where(pair => pair.Value.Type == EventType.Implanted).OrderBy(pair => pair.Value.OccurredOn).LastOrDefault();
        if (lastImplant.Value is null)
        {
            yield break;
        }

        foreach (var failed in Events.Where(pair => pair.Value is { Type: EventType.TrialEnded, Outcome: TrialOutcome.Failed }))
        {
            yield return new Contradiction("implant-after-failed-trial", $"{Describe(failed)} says that the trial failed, and {Describe(lastImplant)} that an implant followed.");
        }

        foreach (var final in Events.Where(pair => pair.Value is { Type: EventType.Explanted, Permanent: true } && pair.Value.OccurredOn < lastImplant.Value.OccurredOn))
        {
            yield return new Contradiction("implant-after-permanent-explant", $"{Describe(final)} was stated as permanent, and {Describe(lastImplant)} came later.");
        }
    }

    private IEnumerable<Contradiction> MisdatedAssessments()
    {
        foreach (var (timepoint, assessment) in Assessments)
        {
            if (assessment.AssessedOn is not { } day)
            {
                continue;
            }

            if (timepoint == Timepoint.Baseline && TreatmentStart is { } start && day > start)
            {
                yield return new Contradiction(
                    "baseline-after-treatment",
                    FormattableString.Invariant($"The baseline is taken on or before the start of treatment: it is dated {day:yyyy-MM-dd}, and treatment began on {start:yyyy-MM-dd}."),
                    FormattableString.Invariant($"{day:yyyy-MM-dd}"),
                    FormattableString.Invariant($"up to {start:yyyy-MM-dd}"));
            }

            if (timepoint != Timepoint.Baseline && TimeZero is { } zero && day < zero)
            {
                yield return new Contradiction(
                    "follow-up-before-time-zero",
                    FormattableString.Invariant($"A follow-up is taken on or after time zero: {Code.Of(timepoint)} is dated {day:yyyy-MM-dd}, and time zero is {zero:yyyy-MM-dd}."),
                    FormattableString.Invariant($"{day:yyyy-MM-dd}"),
                    FormattableString.Invariant($"from {zero:yyyy-MM-dd}"));
            }
        }
    }

    private IEnumerable<Contradiction> BeforeBirth() =>
        from day in Events.Values.Select(happened => (DateOnly?)happened.OccurredOn).Concat(Assessments.Values.Select(assessment => assessment.AssessedOn))
        where day is not null && IsBeforeBirth(Case.Patient, day.Value)
        select new Contradiction(
            "before-birth-year",
            FormattableString.Invariant($"{day:yyyy-MM-dd} lies before the patient's year of birth, {Case.Patient.BirthYear}."),
            FormattableString.Invariant($"{day:yyyy-MM-dd}"),
            FormattableString.Invariant($"from {Case.Patient.BirthYear}-01-01"));

    /// <summary>Whether <paramref name="day"/> lies before the year in which <paramref name="patient"/> was born.</summary>
    public static bool IsBeforeBirth(Patient patient, DateOnly day) => day.Year < patient.BirthYear;

    private IEnumerable<TreatmentEvent> Of(EventType type) => Events.Values.Where(happened => happened.Type == type);

    private DateOnly? First(EventType type) => Of(type).Min(happened => (DateOnly?)happened.OccurredOn);

    private KeyValuePair<string, TreatmentEvent>? FirstKeyed(EventType type) =>
        Events.Where(pair => pair.Value.Type == type).OrderBy(pair => pair.Value.OccurredOn).Select(pair => (KeyValuePair<string, TreatmentEvent>?)pair).FirstOrDefault();

    private static DateOnly? Min(DateOnly? one, DateOnly? other) => one is null || other < one ? other ?? one : one;

    private static Contradiction OutOfOrder(KeyValuePair<string, TreatmentEvent> early, KeyValuePair<string, TreatmentEvent> late) => new(
        "event-out-of-order",
        $"{Describe(early)} cannot come before {Describe(late)}.");

    private static string Describe(KeyValuePair<string, TreatmentEvent> pair) =>
        FormattableString.Invariant($"{Code.Of(pair.Value.Type)} '{pair.Key}' on {pair.Value.OccurredOn:yyyy-MM-dd}");
}

/// <summary>One contradiction in a chart.</summary>
/// <param name="Code">Stable code of the rule that is broken.</param>
/// <param name="Detail">What contradicts what, with keys and dates.</param>
/// <param name="Value">The value at fault, where there is one.</param>
/// <param name="Allowed">What would have been allowed, where it can be said.</param>
/// <param name="AboutType">True when the type of an event is at fault rather than its date.</param>
public sealed record Contradiction(string Code, string Detail, string? Value = null, string? Allowed = null, bool AboutType = false);
