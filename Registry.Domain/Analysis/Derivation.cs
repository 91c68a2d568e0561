using Registry.Domain.AdverseEvents;
using Registry.Domain.Assessments;
using Registry.Domain.Common;

namespace Registry.Domain.Analysis;

/// <summary>
/// Derives the analysis tables from everything recorded of one person. A pure function: the same records give the same rows,
/// on any day. What changes as the data cut-off moves is evaluated at each day on which it can change, and neighbouring
/// ranges with the same outcome are one row.
/// </summary>
public static class Derivation
{
    /// <summary>The version of the rules. Analysis tables derived by another version are derived anew at start.</summary>
    public const int RulesVersion = 2;

    /// <summary>The rows of a person.</summary>
    public static PersonAnalysis Derive(Person person) => Derive(person, PersonAnalysis.None);

    /// <summary>The rows of a person once something has changed: those of a case that nothing has changed for are taken over.</summary>
    /// <param name="person">The person as it is now.</param>
    /// <param name="before">What was derived of the person before.</param>
    public static PersonAnalysis Derive(Person person, PersonAnalysis before)
    {
        var course = new PersonCourse(person);
        var byCode = person.Cases.ToDictionary(one => one.Code);
        var pathways = person.Cases.Select(one => FirstOfPathway(byCode, one)).ToList();
        var members = course.Cases.Zip(pathways)
            .GroupBy(pair => pair.Second.Number, pair => pair.First)
            .ToDictionary(group => group.Key, group => group.ToList());
        var cases = new Dictionary<int, CaseAnalysis>(person.Cases.Count);
        foreach (var (index, one) in course.Cases.Index())
        {
            var (number, first) = (one.Subject.Number, pathways[index]);
            var basis = new CaseBasis(
                person.Number, one.Subject.Chart, one.Subject.Code, person.Cases.Count == 1, members[first.Number].Count == 1,
                course.LastUsedDay, course.Died, course.Withdrawn, course.HasLosses);
            cases[number] = basis.IsSelfContained && before.Cases.TryGetValue(number, out var known) && known.Basis == basis
                ? known
                : new CaseAnalysis(basis, Derive(course, one, first, members[first.Number]));
        }

        return new PersonAnalysis(cases);
    }

    private static AnalysisRows Derive(PersonCourse course, CaseCourse one, PersonCase first, IReadOnlyList<CaseCourse> pathway)
    {
        var cases = new List<CaseRow>();
        AddCase(cases, course, one, first.Number);
        var visits = new List<VisitRow>();
        for (var timepoint = Timepoint.Baseline; timepoint <= Timepoint.Month24; timepoint++)
        {
            AddVisits(visits, course, one, timepoint, cases);
        }

        var responses = new List<ResponseRow>();
        AddResponse(responses, course, one, Instrument.Nrs);
        AddResponse(responses, course, one, Instrument.Pdi);
        return new AnalysisRows(
            cases,
            visits,
            responses,
            CostDerivation.Derive(course.LastUsedDay, one, first, pathway),
            [.. Stays(course, one)],
            [.. AdverseEvents(course, one)],
            [.. Events(course, one)]);
    }

    /// <summary>The follow-up visits of a case as they stand on a day; none without a time zero, nor while a trial is undecided.</summary>
    /// <param name="person">The person.</param>
    /// <param name="case">The site's own number of the case.</param>
    /// <param name="day">The day: nothing that happened later is looked at.</param>
    /// <param name="lastRecordedDay">The day up to which recorded visits are looked at, where it is another: a visit may be dated at a
    /// place where tomorrow has begun.</param>
    public static IEnumerable<VisitStanding> Schedule(Person person, CaseCode @case, DayNumber day, DayNumber? lastRecordedDay = null)
    {
        var course = new PersonCourse(person);
        var one = course.Cases.Single(other => other.Subject.Code == @case);
        var standing = one.At(day);
        return standing.HasVisits
            ? VisitWindow.All.Select(window => VisitStanding.Of(
                window,
                Known(one.Subject.Chart.Assessments.GetValueOrDefault(window.Timepoint), lastRecordedDay ?? day),
                standing,
                course.LastUsedDay))
            : [];
    }

    // A visit that was not done and has no date is known at every cut-off.
    private static Assessment? Known(Assessment? assessment, DayNumber cutOff) =>
        DayNumber.Of(assessment?.AssessedOn) > cutOff ? null : assessment;

    private static PersonCase FirstOfPathway(Dictionary<CaseCode, PersonCase> byCode, PersonCase one)
    {
        for (var steps = 0; steps < byCode.Count; steps++)
        {
            if (one.Chart.Case.PrecedingCase is not { } code || byCode.GetValueOrDefault(code) is not { } preceding)
            {
                return one;
            }

            one = preceding;
        }

        return one;
    }

    private static void AddCase(List<CaseRow> rows, PersonCourse person, CaseCourse one, int pathway)
    {
        var (from, standing) = (DayNumber.StartOfTime, one.At(DayNumber.StartOfTime));
        foreach (var turn in one.Turns())
        {
            var next = one.At(turn);
            if (next != standing)
            {
                Add(from, turn, standing);
                (from, standing) = (turn, next);
            }
        }

        Add(from, DayNumber.EndOfTime, standing);

        void Add(DayNumber since, DayNumber until, CaseStanding known)
        {
            // A baseline was taken before the case entered treatment.
            var baseline =
                known.IsEntered ? Known(one.Subject.Chart.Assessments.GetValueOrDefault(Timepoint.Baseline), person.LastUsedDay) : null;
            rows.Add(new CaseRow(
                one.Subject.Number, one.Subject.Code, one.Subject.Chart.Case, new CutOffs(since, until), person.Person.Site,
                person.Person.Number, person.Cases.Count == 1, pathway, known, baseline?.Nrs, baseline?.Pdi));
        }
    }

    private static void AddVisits(List<VisitRow> rows, PersonCourse person, CaseCourse one, Timepoint timepoint, List<CaseRow> ranges)
    {
        var chart = one.Subject.Chart;
        var assessment = chart.Assessments.GetValueOrDefault(timepoint);
        var baseline = chart.Assessments.GetValueOrDefault(Timepoint.Baseline);
        Span<DayNumber> own =
        [
            DayNumber.Of(assessment?.AssessedOn) ?? DayNumber.StartOfTime,
            DayNumber.Of(baseline?.AssessedOn) ?? DayNumber.StartOfTime,
            DayNumber.StartOfTime,
        ];
        VisitRow? row = null;
        foreach (var range in ranges)
        {
            var standing = range.Standing;
            own[2] = timepoint != Timepoint.Baseline && standing.TimeZero is { } zero
                ? zero + VisitWindow.Of(timepoint).TargetDay
                : DayNumber.StartOfTime;
            for (var from = range.CutOffs.From; from < range.CutOffs.Until; from = Next(own, from, range.CutOffs.Until))
            {
                var next = Visit(person, one, timepoint, from, standing, assessment, baseline);
                if (row is { } before && next is { } after && after with { CutOffs = before.CutOffs } == before)
                {
                    continue;
                }

                Close(from);
                row = next;
            }
        }

        Close(DayNumber.EndOfTime);

        void Close(DayNumber until)
        {
            if (row is { } known)
            {
                rows.Add(known with { CutOffs = known.CutOffs with { Until = until } });
            }
        }

        static DayNumber Next(ReadOnlySpan<DayNumber> turns, DayNumber after, DayNumber until)
        {
            foreach (var turn in turns)
            {
                until = turn > after && turn < until ? turn : until;
            }

            return until;
        }
    }

    // The row of a timepoint at one cut-off; null where there is nothing to count.
    private static VisitRow? Visit(
        PersonCourse person,
        CaseCourse one,
        Timepoint timepoint,
        DayNumber cutOff,
        CaseStanding standing,
        Assessment? assessment,
        Assessment? baseline)
    {
        if (timepoint == Timepoint.Baseline ? !standing.IsEntered : !standing.HasVisits)
        {
            return null;
        }

        var last = DayNumber.Min(cutOff, person.LastUsedDay);
        var known = Known(assessment, last);
        var start = Known(baseline, last) is { NotDone: null } scored ? scored : null;
        var made = known is { NotDone: null } ? known : null;
        var row = new VisitRow(
            one.Subject.Number, timepoint, new CutOffs(cutOff, DayNumber.EndOfTime), person.Person.Site, one.Subject.Chart.Case.Procedure,
            standing.IsTreated, null, null, null, start?.Nrs, start?.Pdi, null, null);
        if (timepoint == Timepoint.Baseline)
        {
            return start is { Nrs: null, Pdi: null } or null ? null : row with { Nrs = start.Nrs, Pdi = start.Pdi };
        }

        var visit = VisitStanding.Of(VisitWindow.Of(timepoint), known, standing, person.LastUsedDay);
        if (made is null && cutOff < visit.TargetDay)
        {
            return null;
        }

        var isCredited = made is not null && one.IsCredited(DayNumber.Of(made.AssessedOn!.Value), standing);
        var (nrs, pdi) = isCredited ? (made!.Nrs, made.Pdi) : (null, null);
        var diedBefore = standing.Died < visit.TargetDay;
        var endedBefore = diedBefore || standing.PermanentExplant < visit.TargetDay || standing.Crossover < visit.TargetDay;
        return row with
        {
            Visit = visit,
            Nrs = nrs,
            Pdi = pdi,
            NrsClass = ResponseClass.Of(standing.IsTreated, start?.Nrs, nrs, diedBefore, endedBefore),
            PdiClass = ResponseClass.Of(standing.IsTreated, start?.Pdi, pdi, diedBefore, endedBefore),
        };
    }

    private static void AddResponse(List<ResponseRow> rows, PersonCourse person, CaseCourse one, Instrument instrument)
    {
        var chart = one.Subject.Chart;
        if (!one.Final.IsTreated || Score(chart.Assessments.GetValueOrDefault(Timepoint.Baseline)) is not (> 0 and var baseline))
        {
            return;
        }

        var visits = new List<(DayNumber Day, Timepoint Timepoint, int Relief)>();
        foreach (var (timepoint, assessment) in chart.Assessments)
        {
            if (timepoint != Timepoint.Baseline && Score(assessment) is { } score && DayNumber.Of(assessment.AssessedOn) is { } day
                && one.IsCredited(day, one.Final))
            {
                visits.Add((day, timepoint, ResponseClass.Relief(baseline, score)));
            }
        }

        if (visits.Count > 0)
        {
            visits.Sort();
            rows.Add(new ResponseRow(
                one.Subject.Number, instrument, chart.Case.Procedure, visits.ConvertAll(visit => (visit.Day, visit.Relief))));
        }

        int? Score(Assessment? assessment) =>
            assessment is { NotDone: null, AssessedOn: { } on } && DayNumber.Of(on) <= person.LastUsedDay
                ? instrument == Instrument.Nrs ? assessment.Nrs : assessment.Pdi
                : null;
    }

    private static IEnumerable<StayRow> Stays(PersonCourse person, CaseCourse one)
    {
        var isFirst = true;
        foreach (var (code, stay) in one.Subject.Chart.Stays.OrderBy(pair => pair.Value.DischargedOn)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var discharged = DayNumber.Of(stay.DischargedOn);
            if (discharged <= person.LastUsedDay)
            {
                yield return new StayRow(
                    one.Subject.Number, code, discharged, one.Subject.Chart.Case.Procedure, discharged - DayNumber.Of(stay.AdmittedOn),
                    isFirst);
                isFirst = false;
            }
        }
    }

    private static IEnumerable<AdverseEventRow> AdverseEvents(PersonCourse person, CaseCourse one)
    {
        var categories = new HashSet<AdverseEventCategory>();
        foreach (var (code, adverse) in one.Subject.Chart.AdverseEvents.OrderBy(pair => pair.Value.OnsetOn)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var onset = DayNumber.Of(adverse.OnsetOn);
            if (onset <= person.LastUsedDay)
            {
                var isFirst = categories.Count == 0;
                yield return new AdverseEventRow(
                    one.Subject.Number, code, onset, one.Subject.Chart.Case.Procedure, adverse.Category, adverse.Severity, adverse.Serious,
                    isFirst, categories.Add(adverse.Category));
            }
        }
    }

    private static IEnumerable<EventRow> Events(PersonCourse person, CaseCourse one) =>
        from happened in one.Subject.Chart.Events.OrderBy(pair => pair.Value.OccurredOn).ThenBy(pair => pair.Key, StringComparer.Ordinal)
        let day = DayNumber.Of(happened.Value.OccurredOn)
        where day <= person.LastUsedDay
        select new EventRow(one.Subject.Number, happened.Key, day, happened.Value.Type);
}
