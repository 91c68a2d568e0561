using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Domain.Analysis;

/// <summary>
/// What happened to a person in all cases together: death, withdrawal and loss to follow-up hold for every case. What is
/// dated after the withdrawal is kept, and used in no figure.
/// </summary>
public sealed class PersonCourse
{
    private readonly List<DayNumber> _losses = [];
    private readonly List<DayNumber> _seen = [];

    /// <summary>Works out the course of a person and of each case.</summary>
    public PersonCourse(Person person)
    {
        Person = person;
        Withdrawn = First(EventType.Withdrawn);
        Died = First(EventType.Died) is { } died && died <= LastUsedDay ? died : null;
        NoteLosses();
        Cases = person.Cases.Count == 1 ? [new CaseCourse(this, person.Cases[0], null)] : [.. CasesOf(person)];
    }

    /// <summary>The person.</summary>
    public Person Person { get; }

    /// <summary>The courses of the cases, in their order.</summary>
    public IReadOnlyList<CaseCourse> Cases { get; }

    /// <summary>The first withdrawal recorded in any case.</summary>
    public DayNumber? Withdrawn { get; }

    /// <summary>The death recorded in any case.</summary>
    public DayNumber? Died { get; }

    /// <summary>The last day whose data are used: the day of the withdrawal, or the end of time.</summary>
    public DayNumber LastUsedDay => Withdrawn ?? DayNumber.EndOfTime;

    /// <summary>Whether a loss to follow-up is recorded.</summary>
    public bool HasLosses => _losses.Count > 0;

    /// <summary>The cut-offs at which a loss begins to count or becomes void; none without a loss.</summary>
    public IEnumerable<DayNumber> TurnsOfLoss => _losses.Count == 0 ? [] : _seen;

    /// <summary>
    /// The loss to follow-up in force at a cut-off. A loss is void when anything dated after it is known of the person:
    /// a visit that was made, a treatment event, an adverse event.
    /// </summary>
    public DayNumber? LostAt(DayNumber cutOff)
    {
        if (_losses.Count == 0)
        {
            return null;
        }

        var last = _seen.FindLast(day => day <= cutOff);
        return last > DayNumber.StartOfTime && _losses.Contains(last) ? last : null;
    }

    private IEnumerable<CaseCourse> CasesOf(Person person)
    {
        var crossovers = Crossovers();
        return person.Cases.Select(one => new CaseCourse(this, one, crossovers.TryGetValue(one.Code, out var day) ? day : null));
    }

    private DayNumber? First(EventType type)
    {
        DayNumber? first = null;
        foreach (var one in Person.Cases)
        {
            foreach (var happened in one.Chart.Events.Values)
            {
                if (happened.Type == type && !(first <= DayNumber.Of(happened.OccurredOn)))
                {
                    first = DayNumber.Of(happened.OccurredOn);
                }
            }
        }

        return first;
    }

    private void NoteLosses()
    {
        foreach (var one in Person.Cases)
        {
            foreach (var happened in one.Chart.Events.Values)
            {
                if (happened.Type == EventType.LostToFollowUp && DayNumber.Of(happened.OccurredOn) <= LastUsedDay)
                {
                    _losses.Add(DayNumber.Of(happened.OccurredOn));
                }
            }
        }

        if (_losses.Count == 0)
        {
            return;
        }

        foreach (var chart in Person.Cases.Select(one => one.Chart))
        {
            _seen.AddRange(chart.Events.Values.Select(happened => DayNumber.Of(happened.OccurredOn)));
            _seen.AddRange(chart.Assessments.Values.Where(assessment => assessment is { NotDone: null, AssessedOn: not null })
                .Select(assessment => DayNumber.Of(assessment.AssessedOn!.Value)));
            _seen.AddRange(chart.AdverseEvents.Values.Select(adverse => DayNumber.Of(adverse.OnsetOn)));
        }

        _seen.RemoveAll(day => day > LastUsedDay);
        _seen.Sort();
    }

    // The earliest start of treatment in the cases that follow each case, directly or by way of others.
    private Dictionary<CaseCode, DayNumber> Crossovers()
    {
        var byCode = Person.Cases.ToDictionary(one => one.Code);
        var crossovers = new Dictionary<CaseCode, DayNumber>();
        foreach (var later in Person.Cases)
        {
            if (later.Chart.Case.PrecedingCase is null || DayNumber.Of(later.Chart.TreatmentStart) is not { } day || day > LastUsedDay)
            {
                continue;
            }

            var earlier = later.Chart.Case.PrecedingCase;
            for (var steps = 0; earlier is { } code && steps < Person.Cases.Count; steps++)
            {
                crossovers[code] = crossovers.TryGetValue(code, out var known) ? DayNumber.Min(known, day) : day;
                earlier = byCode.GetValueOrDefault(code)?.Chart.Case.PrecedingCase;
            }
        }

        return crossovers;
    }
}
