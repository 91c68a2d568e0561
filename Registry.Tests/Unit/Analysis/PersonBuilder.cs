using Registry.Domain.AdverseEvents;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Tests.Unit.Analysis;

/// <summary>Builds a person by hand, case by case. Days are ISO dates.</summary>
internal sealed class PersonBuilder
{
    private readonly List<PersonCase> _cases = [];

    /// <summary>Adds a case; what follows is recorded under it.</summary>
    public PersonBuilder Case(string code, Procedure procedure = Procedure.Scs, string? preceding = null)
    {
        var record = new CaseRecord
        {
            Patient = new Patient { Reference = "P", Sex = Sex.Female, BirthYear = 1960 },
            Procedure = procedure,
            Indication = Indication.Crps,
            PrecedingCase = preceding is null ? null : CaseCode.Of(preceding),
        };
        _cases.Add(new PersonCase(_cases.Count + 1, CaseCode.Of(code), CaseChart.Of(record)));
        return this;
    }

    public PersonBuilder Event(EventType type, string on, TrialOutcome? outcome = null, bool? permanent = null)
    {
        var happened = new TreatmentEvent
        {
            Type = type,
            OccurredOn = Day(on),
            Outcome = outcome,
            Permanent = permanent,
            Reason = permanent is null ? null : ExplantReason.Other,
        };
        return Change(
            chart => chart with { Events = new Dictionary<string, TreatmentEvent>(chart.Events) { [$"{type}-{on}"] = happened } });
    }

    public PersonBuilder Score(Timepoint timepoint, string on, int? nrs, int? pdi = null) =>
        Change(chart => chart with
        {
            Assessments = new Dictionary<Timepoint, Assessment>(chart.Assessments)
            {
                [timepoint] = new Assessment { AssessedOn = Day(on), Nrs = nrs, Pdi = pdi },
            }
        });

    public PersonBuilder NotDone(Timepoint timepoint, NotDoneReason reason) =>
        Change(chart => chart with
        {
            Assessments = new Dictionary<Timepoint, Assessment>(chart.Assessments) { [timepoint] = new Assessment { NotDone = reason } },
        });

    public PersonBuilder AdverseEvent(string on) => Change(chart => chart with
    {
        AdverseEvents = new Dictionary<string, AdverseEvent>(chart.AdverseEvents)
        {
            [on] = new AdverseEvent
            {
                Category = AdverseEventCategory.Other,
                Term = "headache",
                OnsetOn = Day(on),
                Severity = Severity.Mild,
                Serious = false,
            },
        },
    });

    public PersonBuilder Cost(CostCategory category, decimal amount, string? on, string currency = "EUR", int year = 2024) =>
        Change(chart => chart with
        {
            Costs = new Dictionary<string, CostItem>(chart.Costs)
            {
                [FormattableString.Invariant($"{chart.Costs.Count}")] = new CostItem
                {
                    Category = category,
                    Amount = amount,
                    Currency = currency,
                    PriceYear = year,
                    IncurredOn = on is null ? null : Day(on),
                },
            },
        });

    public Person Person() => new(7, SiteCode.Of("site"), [.. _cases]);

    /// <summary>What is known of a case at a cut-off; at the end of time without one.</summary>
    public CaseStanding Standing(string code, string? cutOff = null) =>
        new PersonCourse(Person()).Cases.Single(one => one.Subject.Code == CaseCode.Of(code))
            .At(cutOff is null ? DayNumber.EndOfTime : Number(cutOff));

    /// <summary>How a follow-up stands on a day; null without visits.</summary>
    public VisitState? Visit(string code, Timepoint timepoint, string on) =>
        Derivation.Schedule(Person(), CaseCode.Of(code), Number(on))
            .Where(visit => visit.Timepoint == timepoint)
            .Select(visit => (VisitState?)visit.On(Number(on)))
            .FirstOrDefault();

    /// <summary>The row of a visit that holds at a cut-off; null where there is none.</summary>
    public VisitRow? Row(string code, Timepoint timepoint, string cutOff)
    {
        var number = _cases.Single(one => one.Code == CaseCode.Of(code)).Number;
        var rows = Derivation.Derive(Person()).Cases[number].Rows.Visits
            .Where(row => row.Timepoint == timepoint && row.CutOffs.From <= Number(cutOff) && Number(cutOff) < row.CutOffs.Until)
            .ToList();
        return rows.Count == 0 ? null : rows.Single();
    }

    public static DayNumber Number(string day) => DayNumber.Of(Day(day));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private PersonBuilder Change(Func<CaseChart, CaseChart> change)
    {
        _cases[^1] = _cases[^1] with { Chart = change(_cases[^1].Chart) };
        return this;
    }
}
