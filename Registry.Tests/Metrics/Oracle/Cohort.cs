using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Tests.Support;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>A registry as a question sees it: on the cut-off day, through the filters.</summary>
internal sealed class Cohort
{
    private readonly RecordedRegistry _registry;
    private readonly List<CaseOnADay> _all = [];

    public Cohort(RecordedRegistry registry, Question question)
    {
        _registry = registry;
        Question = question;
        foreach (var cases in registry.Cases.GroupBy(one => (one.Site, one.Record.Patient.Reference)))
        {
            var person = new PersonOnADay([.. cases], question.CutOff);
            _all.AddRange(cases.Select(one => new CaseOnADay(one, person, [.. After(one, cases)], question.CutOff)));
        }

        Members = [.. All.Where(one => Passes(one, question))];
    }

    public Question Question { get; }

    /// <summary>The sites that the filters let through, those without a case too.</summary>
    public IEnumerable<RecordedSite> Sites =>
        _registry.Sites.Where(site => Question.Sites.Count == 0 || Question.Sites.Contains(site.Code, StringComparer.Ordinal));

    /// <summary>Every case, whatever the filters.</summary>
    public IReadOnlyList<CaseOnADay> All => _all;

    /// <summary>The cases that the filters let through.</summary>
    public IReadOnlyList<CaseOnADay> Members { get; }

    /// <summary>The same registry before another question.</summary>
    public Cohort Asked(Question question) => new(_registry, question);

    /// <summary>The groups that have rows: the procedures asked for (all, when none is), and 'all' for these together.</summary>
    public IEnumerable<(string Name, IReadOnlyList<CaseOnADay> Members)> Groups()
    {
        foreach (var procedure in Question.AskedOr(Question.Procedures, Enum.GetValues<Procedure>()))
        {
            yield return (Code.Of(procedure), [.. Members.Where(one => one.Record.Procedure == procedure)]);
        }

        yield return ("all", Members);
    }

    /// <summary>The cases that lead back to this one by their preceding cases, directly or not.</summary>
    private static IEnumerable<RecordedCase> After(RecordedCase one, IEnumerable<RecordedCase> ofThePerson) =>
        from next in ofThePerson
        where next.Record.PrecedingCase?.ToString() == one.Code
        from later in After(next, ofThePerson).Prepend(next)
        select later;

    private static bool Passes(CaseOnADay one, Question question) =>
        (question.Procedures.Count == 0 || question.Procedures.Contains(one.Record.Procedure))
        && (question.Sites.Count == 0 || question.Sites.Contains(one.Recorded.Site, StringComparer.Ordinal))
        && (question.Indications.Count == 0 || question.Indications.Contains(one.Record.Indication))
        && (question.Sexes.Count == 0 || question.Sexes.Contains(one.Record.Patient.Sex))
        && (question.PainSides.Count == 0 || (one.Record.PainSide is { } side && question.PainSides.Contains(side)))
        && (question.AgeMin is null || one.Age >= question.AgeMin)
        && (question.AgeMax is null || one.Age <= question.AgeMax)
        && (question.PainDurationMin is null || one.Record.PainDurationMonths >= question.PainDurationMin)
        && (question.PainDurationMax is null || one.Record.PainDurationMonths <= question.PainDurationMax)
        && (question.From is null || one.TimeZero >= question.From)
        && (question.To is null || one.TimeZero <= question.To)
        && (question.Primary != true || one.Record.PrecedingCase is null)
        && (question.Dermatomes.Count == 0
            || one.Record.PainLevels?.Any(level => question.Dermatomes.Contains(level, StringComparer.Ordinal)) == true)
        && (question.Leads.Count == 0 || question.Leads.Cast<LeadType?>().Contains(one.Lead))
        && (question.TrialOutcomes.Count == 0 || question.TrialOutcomes.Cast<TrialOutcome?>().Contains(one.TrialEnd?.Outcome))
        && (question.Generators.Count == 0 || question.Generators.Cast<GeneratorType?>().Contains(one.Generator))
        && (question.Events.Count == 0 || question.Events.SelectMany(one.Of)
            .Any(happened => !(happened.OccurredOn < question.EventFrom) && !(happened.OccurredOn > question.EventTo)))
        && IsWithin(one, Instrument.Nrs, question.BaselineNrsMin, question.BaselineNrsMax)
        && IsWithin(one, Instrument.Pdi, question.BaselinePdiMin, question.BaselinePdiMax)
        && (question.Responder is not { } asked || Responded(one, asked))
        && (question.LostResponseBy is not { } lost || LostResponse(one, lost))
        && question.Has.All(has => has.Instrument is { } instrument
            ? HasScore(one, has.Timepoint, instrument)
            : HasScore(one, has.Timepoint, Instrument.Nrs) || HasScore(one, has.Timepoint, Instrument.Pdi));

    private static bool IsWithin(CaseOnADay one, Instrument instrument, int? min, int? max)
    {
        var baseline = one.HasEntered ? one.Baseline(instrument) : null;
        return (min is null || baseline >= min) && (max is null || baseline <= max);
    }

    private static bool HasScore(CaseOnADay one, Timepoint timepoint, Instrument instrument) =>
        one.HasEntered && one.Credited(timepoint, instrument) is not null;

    private static bool Responded(CaseOnADay one, Answered asked) =>
        one.IsTreated && one.IsEvaluable(asked.Instrument) && one.Credited(asked.Timepoint, asked.Instrument) is { } score
        && one.Responds(score, asked.Instrument, asked.Threshold);

    // Seen without response, or explanted for good, up to the end of the window.
    private static bool LostResponse(CaseOnADay one, Answered asked)
    {
        var end = SurvivalOracle.ToLossOfResponse(one, asked.Instrument, asked.Threshold);
        var last = one.TimeZero?.AddDays(CaseOnADay.FollowUps.Single(visit => visit.Timepoint == asked.Timepoint).Last);
        return end is { How: End.Event } loss && loss.On <= last
            || (end is not null && one.End is { Reason: "explanted" } therapy && therapy.On <= last);
    }
}
