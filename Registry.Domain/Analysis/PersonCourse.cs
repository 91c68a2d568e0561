using Registry.Domain.Cases;

namespace Registry.Domain.Analysis;

/// <summary>
/// What happened to a person in all cases together: death, withdrawal and loss to follow-up hold for every case. What is
/// dated after the withdrawal is kept, and used in no figure.
/// </summary>
public sealed class PersonCourse
{
    private readonly List<int> _losses = [];
    private readonly List<int> _seen = [];

    /// <summary>Works out the course of a person and of each case.</summary>
    public PersonCourse(Person person)
    {
        Person = person;
        Withdrawn = First(EventType.Withdrawn);
        Died = First(EventType.Died) is { } died && died <= LastUsedDay ? died : null;
        NoteLosses();
        var starts = person.Cases.ToDictionary(one => one.Code, one => one.Chart.TreatmentStart?.DayNumber is { } day && day <= LastUsedDay ? (int?)day : null, StringComparer.Ordinal);
        Cases = [.. person.Cases.Select(one => new CaseCourse(this, one, Crossover(one, starts)))];
    }

    /// <summary>The person.</summary>
    public Person Person { get; }

    /// <summary>The courses of the cases, in their order.</summary>
    public IReadOnlyList<CaseCourse> Cases { get; }

    /// <summary>The first withdrawal recorded in any case.</summary>
    public int? Withdrawn { get; }

    /// <summary>The death recorded in any case.</summary>
    public int? Died { get; }

    /// <summary>The last day whose data are used: the day of the withdrawal, or the end of time.</summary>
    public int LastUsedDay => Withdrawn ?? CaseCourse.EndOfTime;

    /// <summary>Whether a loss to follow-up is recorded.</summary>
    public bool HasLosses => _losses.Count > 0;

    /// <summary>The cut-offs at which a loss begins to count or becomes void; none without a loss.</summary>
    public IEnumerable<int> TurnsOfLoss => _losses.Count == 0 ? [] : _seen;

    /// <summary>
    /// The loss to follow-up in force at a cut-off. A loss is void when anything dated after it is known of the person:
    /// a visit that was made, a treatment event, an adverse event.
    /// </summary>
    public int? LostAt(int cutOff)
    {
        if (_losses.Count == 0)
        {
            return null;
        }

        var last = _seen.FindLast(day => day <= cutOff);
        return last > 0 && _losses.Contains(last) ? last : null;
    }

    private int? First(EventType type)
    {
        int? first = null;
        foreach (var one in Person.Cases)
        {
            foreach (var happened in one.Chart.Events.Values)
            {
                if (happened.Type == type && !(first <= happened.OccurredOn.DayNumber))
                {
                    first = happened.OccurredOn.DayNumber;
                }
            }
        }

        return first;
    }

    private void NoteLosses()
    {
        var charts = Person.Cases.Select(one => one.Chart);
        _losses.AddRange(charts.SelectMany(chart => chart.Events.Values).Where(happened => happened.Type == EventType.LostToFollowUp).Select(happened => happened.OccurredOn.DayNumber).Where(day => day <= LastUsedDay));
        if (_losses.Count == 0)
        {
            return;
        }

        foreach (var chart in charts)
        {
            _seen.AddRange(chart.Events.Values.Select(happened => happened.OccurredOn.DayNumber));
            _seen.AddRange(chart.Assessments.Values.Where(assessment => assessment is { NotDone: null, AssessedOn: not null }).Select(assessment => assessment.AssessedOn!.Value.DayNumber));
            _seen.AddRange(chart.AdverseEvents.Values.Select(adverse => adverse.OnsetOn.DayNumber));
        }

        _seen.RemoveAll(day => day > LastUsedDay);
        _seen.Sort();
    }

    // The start of treatment in any case that follows, directly or by way of others.
    private int? Crossover(PersonCase subject, Dictionary<string, int?> starts)
    {
        if (Person.Cases.Count == 1)
        {
            return null;
        }

        int? earliest = null;
        foreach (var other in Person.Cases)
        {
            if (Follows(other, subject.Code) && starts[other.Code] is { } day && !(earliest <= day))
            {
                earliest = day;
            }
        }

        return earliest;
    }

    private bool Follows(PersonCase later, string earlier)
    {
        var preceding = later.Chart.Case.PrecedingCase;
        for (var steps = 0; preceding is not null && steps < Person.Cases.Count; steps++)
        {
            if (preceding == earlier)
            {
                return true;
            }

            preceding = Person.Cases.FirstOrDefault(one => one.Code == preceding)?.Chart.Case.PrecedingCase;
        }

        return false;
    }
}
