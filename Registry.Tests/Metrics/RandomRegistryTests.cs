using NUnit.Framework;
using Registry.Api.Summaries;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Tests.Metrics.Oracle;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>The random registries can be recorded, and every situation that a figure has to tell apart turns up in them.</summary>
public sealed class RandomRegistryTests
{
    private const int Registries = 200;
    private const int CutOffs = 9;

    private static readonly List<RecordedRegistry> Made =
    [
        .. Enumerable.Range(1, Registries).Select(seed => RandomRegistry.Make(seed, 5 + (seed % 6))),
    ];

    /// <summary>What a case may be like on a day, given all cases of the person.</summary>
    private static readonly (string Name, Func<CaseOnADay, IReadOnlyList<RecordedCase>, bool> IsSo)[] Situations =
    [
        ("a case before treatment", (one, _) => !one.HasEntered),
        ("a loss in force", (one, _) => one.Loss is not null),
        ("a void loss", (one, person) => one.Loss is null && one.Withdrawal is null && IsLost(one, person)),
        ("the second of two losses in force", (one, person) => person.SelectMany(other => other.Events)
            .Any(happened => happened.Type == EventType.LostToFollowUp && happened.OccurredOn < one.Loss)),
        ("a loss that only an assessment makes void", (one, person) => one.Loss is null && VoidBy(one, person) is (false, true, false)),
        ("a loss that only an adverse event makes void", (one, person) => one.Loss is null && VoidBy(one, person) is (false, false, true)),
        ("a loss that only an event makes void", (one, person) => one.Loss is null && VoidBy(one, person) is (true, false, false)),
        ("a death recorded in another case", (one, _) => one.Death is not null && !one.Of(EventType.Died).Any()),
        ("a withdrawal recorded in another case", (one, _) => one.Withdrawal is not null && !one.Of(EventType.Withdrawn).Any()),
        ("a loss recorded in another case", (one, _) => one.Loss is not null && !one.Of(EventType.LostToFollowUp).Any()),
        ("a score after the withdrawal", (one, _) => one.Recorded.Assessments.Values.Any(
            assessment => assessment.AssessedOn > one.Withdrawal && assessment.AssessedOn <= one.CutOff)),
        ("a death after the withdrawal", (one, person) => HappenedAfter(one.Withdrawal, one, person, EventType.Died)),
        ("a treatment after the withdrawal",
            (one, person) => HappenedAfter(one.Withdrawal, one, person, EventType.Implanted, EventType.Lesioned, EventType.TrialStarted)),
        ("an undecided trial without an end", (one, _) => one.IsUndecided && one.TrialEnd is null),
        ("an undecided trial after a success", (one, _) => one.IsUndecided && one.TrialEnd is not null),
        ("an undecided trial of someone who left", (one, _) => one.IsUndecided && one.End is not null),
        ("a score while the trial is undecided", (one, _) => one.IsUndecided && Scores(one).Any(score => score.On >= one.TimeZero)),
        ("a trial without an end, decided",
            (one, _) => !one.IsTreated && !one.IsUndecided && one.TrialStart is not null && one.TrialEnd is null),
        ("a declined implant", (one, _) =>
            !one.IsTreated && !one.IsUndecided && one.TrialStart is not null && one.TrialEnd?.Outcome == TrialOutcome.Succeeded),
        ("an implant after it was declined", (one, _) => one.TrialEnd?.OccurredOn.AddDays(90) <= one.FirstImplant),
        ("a temporary explant that was for good",
            (one, _) => one.PermanentExplant is not null && one.Of(EventType.Explanted).All(explant => explant.Permanent == false)),
        ("a temporary explant, re-implant not known",
            (one, _) => one.PermanentExplant is null && one.IsTreated && one.Of(EventType.Explanted).Any() && one.IsInAGap(one.CutOff)),
        ("a re-implant on the last day of the gap", (one, _) => one.Of(EventType.Explanted)
            .Any(explant => one.Of(EventType.Implanted).Any(implant => implant.OccurredOn == explant.OccurredOn.AddDays(180)))),
        ("a re-implant a day too late", (one, _) => one.Of(EventType.Explanted)
            .Any(explant => one.Of(EventType.Implanted).Any(implant => implant.OccurredOn == explant.OccurredOn.AddDays(181)))),
        ("an explant without an implant", (one, _) => one.FirstImplant is null && one.Of(EventType.Explanted).Any()),
        ("an exchange on the day of the last explant",
            (one, _) => one.Of(EventType.Implanted).Any(implant => implant.OccurredOn == one.PermanentExplant)),
        ("a score in a gap", (one, _) => one.PermanentExplant is null && Scores(one).Any(score => one.IsInAGap(score.On))),
        ("a score on the day of a temporary explant", (one, _) => one.PermanentExplant is null
            && Scores(one).Any(score => one.Of(EventType.Explanted).Any(explant => explant.OccurredOn == score.On))),
        ("a score on the day of a re-implant", (one, _) => Scores(one).Any(
            score => one.Of(EventType.Implanted).Any(implant => implant.OccurredOn == score.On && implant.OccurredOn > one.FirstImplant))),
        ("a score before time zero", (one, _) => Scores(one).Any(score => score.On < one.TimeZero)),
        ("a score on time zero", (one, _) => Scores(one).Any(score => score.On == one.TimeZero)),
        ("a score after a permanent explant", (one, _) => Scores(one).Any(score => score.On > one.PermanentExplant)),
        ("a score after a crossover", (one, _) => Scores(one).Any(score => score.On > one.Crossover)),
        ("a score after death", (one, _) => Scores(one).Any(score => score.On > one.Death)),
        ("a score on the last day of observation", (one, _) => Scores(one).Any(score => score.On == one.End?.On)),
        ("a crossover past a case in between", (one, person) => one.Crossover is not null
            && person.Where(next => next.Record.PrecedingCase?.ToString() == one.Recorded.Code).All(next => TreatmentStart(next) is null)),
        ("a crossover before time zero", (one, _) => one.Crossover < one.TimeZero),
        ("a later case that is not linked", (one, person) =>
            one.Crossover is null && person.Any(other => TreatmentStart(other) > one.TimeZero && TreatmentStart(other) <= one.CutOff)),
        ("an unknown sex beside another", (_, person) => person.Select(other => other.Record.Patient.Sex).Distinct().Count() > 1),
        ("two ends on one day",
            (one, _) => new[] { one.Death, one.PermanentExplant, one.Crossover, one.Withdrawal, one.Loss }.Count(
                day => day is not null && day == one.End?.On) > 1),
        .. from reason in (string[])["died", "explanted", "crossed-over", "withdrawn", "lost-to-follow-up"]
           from situation in ((string, Func<CaseOnADay, IReadOnlyList<RecordedCase>, bool>)[])
           [
               ($"a visit missed, {reason}",
                   (one, _) => one.End?.Reason == reason && VisitOracle.Of(one).Any(visit => visit.State == VisitState.Missed)),
               ($"a visit missed on the last day, {reason}", (one, _) => one.End?.Reason == reason
                   && VisitOracle.Of(one).Any(visit => visit.State == VisitState.Missed && visit.Target == one.End.On)),
               ($"a visit censored, {reason}",
                   (one, _) => VisitOracle.Of(one).Any(visit => visit.State == VisitState.Censored && visit.Reason == reason)),
           ]
           select situation,
    ];

    [Test]
    public void Breaks_no_rule()
    {
        foreach (var registry in Made)
        {
            var today = registry.Sites.ToDictionary(site => site.Code, site => site.Today);
            foreach (var person in PersonsOf(registry))
            {
                Assert.That(
                    BrokenBy(person, today[person[0].Site]), Is.Empty, () => $"{person[0].Site} {person[0].Record.Patient.Reference}");
            }
        }
    }

    [Test]
    public void Is_taken_by_the_rules_of_the_registry() =>
        Assert.That(
            from registry in Made
            from person in RecordedPerson.In(registry)
            from broken in PersonRules.Contradictions(person).Concat(person.Cases.SelectMany(one => one.Chart.Contradictions()))
            select $"{person.Site} {broken.Detail}",
            Is.Empty);

    [Test]
    public void Meets_every_situation()
    {
        var met = Situations.ToDictionary(situation => situation.Name, _ => 0);
        foreach (var (one, person) in CasesOnDays())
        {
            foreach (var (name, isSo) in Situations)
            {
                met[name] += isSo(one, person) ? 1 : 0;
            }
        }

        Assert.That(met.Where(pair => pair.Value < 10).Select(pair => $"{pair.Key}: {pair.Value}"), Is.Empty);
    }

    [Test]
    public void Meets_every_state_of_a_visit() =>
        Assert.That(
            CasesOnDays().SelectMany(pair => VisitOracle.Of(pair.One)).Select(visit => visit.State).Distinct(),
            Is.EquivalentTo(Enum.GetValues<VisitState>()));

    [Test]
    public void Meets_every_way_in_which_a_time_to_an_event_ends()
    {
        End[] ofExplant = [End.Event, End.Death, End.Loss, End.Withdrawal, End.Crossover, End.CutOff];
        Assert.That(Ends(SurvivalEvent.Explant), Is.EquivalentTo(ofExplant));

        // The last score that counts comes before any other end.
        End[] ofResponse = [End.Event, End.Death, End.LastScore];
        Assert.That(Ends(SurvivalEvent.LossOfResponse), Is.EquivalentTo(ofResponse));

        IEnumerable<End> Ends(SurvivalEvent awaited)
        {
            var question = new Question { DefaultAsOf = RandomRegistry.LatestDay, Awaited = awaited };
            return Made.SelectMany(registry => SurvivalOracle.Times(new Cohort(registry, question).Members, question))
                .Select(time => time.End)
                .Distinct();
        }
    }

    private static IEnumerable<(CaseOnADay One, IReadOnlyList<RecordedCase> Person)> CasesOnDays() =>
        from pair in Made.Index()
        let questions = new RandomQuestions(pair.Index, pair.Item)
        from _ in Enumerable.Range(0, CutOffs)
        let asOf = questions.Next().AsOf
        let persons = PersonsOf(pair.Item).ToDictionary(person => (person[0].Site, person[0].Record.Patient.Reference))
        from one in new Cohort(pair.Item, new Question { DefaultAsOf = RandomRegistry.LatestDay, AsOf = asOf }).All
        select (one, persons[(one.Recorded.Site, one.Record.Patient.Reference)]);

    private static IEnumerable<IReadOnlyList<RecordedCase>> PersonsOf(RecordedRegistry registry) =>
        registry.Cases.GroupBy(one => (one.Site, one.Record.Patient.Reference)).Select(IReadOnlyList<RecordedCase> (person) => [.. person]);

    private static IEnumerable<string> BrokenBy(IReadOnlyList<RecordedCase> person, DateOnly today)
    {
        var events = person.SelectMany(one => one.Events).ToList();
        var deaths = events.Where(happened => happened.Type == EventType.Died).Select(happened => happened.OccurredOn).Distinct().ToList();
        if (deaths.Count > 1 || (deaths.Count == 1 && events.Exists(happened => happened.OccurredOn > deaths[0])))
        {
            yield return "died twice, or too early";
        }

        if (person.Select(one => one.Record.Patient.BirthYear).Distinct().Count() > 1
            || person.Select(one => one.Record.Patient.Sex).Where(sex => sex != Sex.Unknown).Distinct().Count() > 1)
        {
            yield return "is two persons";
        }

        var days = events.Select(happened => happened.OccurredOn)
            .Concat(person.SelectMany(one => one.Assessments.Values).Select(assessment => assessment.AssessedOn).OfType<DateOnly>())
            .Concat(person.SelectMany(one => one.AdverseEvents).Select(suffered => suffered.OnsetOn))
            .Concat(person.SelectMany(one => one.Costs).Select(cost => cost.IncurredOn).OfType<DateOnly>())
            .Concat(person.SelectMany(one => one.Stays).Select(stay => stay.DischargedOn));
        if (days.Any(day => day > today))
        {
            yield return "has a future";
        }

        foreach (var one in person)
        {
            IEnumerable<DateOnly> On(params EventType[] types) =>
                one.Events.Where(happened => types.Contains(happened.Type)).Select(happened => happened.OccurredOn).Order();
            if (((EventType[])[EventType.TrialStarted, EventType.TrialEnded, EventType.Lesioned, EventType.Died, EventType.Withdrawn])
                .Any(type => On(type).Count() > 1))
            {
                yield return $"{one.Code}: happened twice";
            }

            if (On(EventType.TrialEnded, EventType.Implanted).Any(day => day < On(EventType.TrialStarted).FirstOrDefault())
                || On(EventType.Implanted).Any(day => day < On(EventType.TrialEnded).FirstOrDefault())
                || On(EventType.Revised, EventType.GeneratorReplaced, EventType.Explanted)
                    .Any(day => day < On(EventType.Implanted).FirstOrDefault()))
            {
                yield return $"{one.Code}: out of order";
            }

            if (On(EventType.Implanted).Any(day => one.Events.Exists(
                happened => happened.Outcome == TrialOutcome.Failed || (happened.Permanent == true && happened.OccurredOn < day))))
            {
                yield return $"{one.Code}: implanted against what was said";
            }

            if (one.Assessments.GetValueOrDefault(Timepoint.Baseline)?.AssessedOn > TreatmentStart(one))
            {
                yield return $"{one.Code}: baseline too late";
            }

            if (one.Record.PrecedingCase is { } code
                && TreatmentStart(person.Single(other => other.Code == code.ToString())) > TreatmentStart(one))
            {
                yield return $"{one.Code}: before its preceding case";
            }
        }
    }

    private static DateOnly? TreatmentStart(RecordedCase one) =>
        one.Events.Where(happened => happened.Type is EventType.TrialStarted or EventType.Implanted or EventType.Lesioned)
            .Min(happened => (DateOnly?)happened.OccurredOn);

    private static IEnumerable<Score> Scores(CaseOnADay one) =>
        CaseOnADay.FollowUps.Select(visit => one.Score(visit.Timepoint, Instrument.Nrs)).OfType<Score>();

    private static bool IsLost(CaseOnADay one, IReadOnlyList<RecordedCase> person) =>
        person.SelectMany(other => other.Events)
            .Any(happened => happened.Type == EventType.LostToFollowUp && happened.OccurredOn <= one.CutOff);

    private static bool HappenedAfter(DateOnly? day, CaseOnADay one, IReadOnlyList<RecordedCase> person, params EventType[] types) =>
        person.SelectMany(other => other.Events)
            .Any(happened => types.Contains(happened.Type) && happened.OccurredOn > day && happened.OccurredOn <= one.CutOff);

    /// <summary>What there is after the last loss: an event, an assessment that was done, an adverse event.</summary>
    private static (bool Event, bool Assessment, bool AdverseEvent) VoidBy(CaseOnADay one, IReadOnlyList<RecordedCase> person)
    {
        if (!IsLost(one, person) || one.Withdrawal is not null)
        {
            return default;
        }

        var loss = person.SelectMany(other => other.Events)
            .Where(happened => happened.Type == EventType.LostToFollowUp && happened.OccurredOn <= one.CutOff)
            .Max(happened => happened.OccurredOn);
        return (
            person.SelectMany(other => other.Events).Any(happened => IsAfter(happened.OccurredOn)),
            person.SelectMany(other => other.Assessments.Values)
                .Any(assessment => assessment.NotDone is null && IsAfter(assessment.AssessedOn)),
            person.SelectMany(other => other.AdverseEvents).Any(suffered => IsAfter(suffered.OnsetOn)));

        bool IsAfter(DateOnly? day) => day > loss && day <= one.CutOff;
    }
}
