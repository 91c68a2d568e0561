using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Domain.Analysis;

/// <summary>
/// The course of one case: its dated events, and what follows from them at any data cut-off. Every rule about
/// time zero, observation, explants and credit is here. Source: the registry's definitions, "Under observation".
/// </summary>
public sealed class CaseCourse
{
    /// <summary>
    /// Days, from a successful trial or from a trial without an end, after which an implant no longer counts as expected.
    /// </summary>
    public const int DecisionDays = 90;

    /// <summary>Days within which a re-implant makes an explant temporary, inclusive.</summary>
    public const int ReimplantDays = 180;

    private readonly PersonCourse _person;
    private readonly DayNumber? _trialStarted;
    private readonly DayNumber? _trialEnded;
    private readonly TrialOutcome? _trialOutcome;
    private readonly DayNumber? _treated;
    private readonly DayNumber? _crossover;
    private readonly DayNumber? _generatorReplaced;
    private readonly LeadType? _lead;
    private readonly GeneratorType? _generator;
    private readonly List<DayNumber> _implants = [];
    private readonly List<(DayNumber Day, bool IsPermanent, ExplantReason? Reason)> _explants = [];

    internal CaseCourse(PersonCourse person, PersonCase subject, DayNumber? crossover)
    {
        _person = person;
        Subject = subject;
        _crossover = crossover;
        foreach (var happened in subject.Chart.Events.Values)
        {
            var day = DayNumber.Of(happened.OccurredOn);
            if (day > person.LastUsedDay)
            {
                continue;
            }

            switch (happened.Type)
            {
                case EventType.TrialStarted when !(_trialStarted <= day):
                    (_trialStarted, _lead) = (day, happened.Lead);
                    break;
                case EventType.TrialEnded when !(_trialEnded <= day):
                    (_trialEnded, _trialOutcome) = (day, happened.Outcome);
                    break;
                case EventType.Implanted:
                    _implants.Add(day);
                    if (!(_treated < day))
                    {
                        // Of two on one day, the kind that is recorded.
                        _generator = _treated == day ? First(_generator, happened.Generator) : happened.Generator;
                        _treated = day;
                    }

                    break;
                case EventType.GeneratorReplaced:
                    _generatorReplaced = _generatorReplaced <= day ? _generatorReplaced : day;
                    break;
                case EventType.Lesioned:
                    _treated = _treated <= day ? _treated : day;
                    break;
                case EventType.Explanted:
                    _explants.Add((day, happened.Permanent == true, happened.Reason));
                    break;
            }
        }

        _implants.Sort();
        _explants.Sort();
        Final = At(DayNumber.EndOfTime);
    }

    /// <summary>The case.</summary>
    public PersonCase Subject { get; }

    /// <summary>What follows from everything recorded.</summary>
    public CaseStanding Final { get; }

    /// <summary>The cut-offs from which on the standing may be another: days in ascending order, with repetitions.</summary>
    public IReadOnlyList<DayNumber> Turns()
    {
        var turns = new List<DayNumber>(16);
        Add(_trialStarted, DecisionDays);
        Add(_trialEnded, DecisionDays);
        Add(_treated);
        Add(_generatorReplaced);
        Add(_crossover);
        Add(_person.Died);
        Add(_person.Withdrawn);
        turns.AddRange(_implants);
        foreach (var (day, _, _) in _explants)
        {
            Add(day, ReimplantDays);
        }

        turns.AddRange(_person.TurnsOfLoss);
        turns.Sort();
        return turns;

        void Add(DayNumber? day, int later = 0)
        {
            if (day is { } known)
            {
                turns.Add(known);
                if (later > 0)
                {
                    turns.Add(known + later);
                }
            }
        }
    }

    /// <summary>What is known at a cut-off.</summary>
    /// <param name="cutOff">The last day that is looked at.</param>
    public CaseStanding At(DayNumber cutOff)
    {
        DayNumber? Known(DayNumber? day) => day <= cutOff ? day : null;

        var (started, ended, treated, crossover) = (Known(_trialStarted), Known(_trialEnded), Known(_treated), Known(_crossover));
        var (died, withdrawn, lost) = (Known(_person.Died), Known(_person.Withdrawn), _person.LostAt(cutOff));
        var outcome = ended is null ? null : _trialOutcome;
        var explanted = _explants.Count > 0 ? Known(_explants[0].Day) : null;
        var (permanent, explantReason) = PermanentExplant(cutOff);
        var (end, reason) = Earliest(died, permanent, crossover, withdrawn, lost);
        var isRecent = (ended ?? started) is { } last && cutOff - last < DecisionDays;
        return new CaseStanding
        {
            TrialStarted = started,
            Lead = started is null ? null : _lead,
            TrialEnded = ended,
            TrialOutcome = outcome,
            Treated = treated,
            Generator = treated is null ? null : _generator,
            GeneratorReplaced = Known(_generatorReplaced),
            Implant = outcome != TrialOutcome.Succeeded ? null
                : treated is not null ? ImplantStanding.Implanted
                : (died ?? withdrawn ?? lost ?? crossover) is not null ? ImplantStanding.Left
                : isRecent ? ImplantStanding.Awaiting
                : ImplantStanding.Declined,
            IsUndecided = started is not null && treated is null && outcome != TrialOutcome.Failed && isRecent,
            Explanted = explanted,
            Reimplanted = explanted is { } first ? LastImplant(first, cutOff) : null,
            PermanentExplant = permanent,
            ExplantReason = explantReason,
            Crossover = crossover,
            Died = died,
            Withdrawn = withdrawn,
            Lost = lost,
            End = end,
            EndReason = reason,
        };
    }

    /// <summary>
    /// Whether a score may be credited to the case at a cut-off: on or after time zero, not after a permanent explant, a
    /// crossover or death (that day itself still counts), and with the therapy in place.
    /// </summary>
    public bool IsCredited(DayNumber day, CaseStanding standing) =>
        day >= standing.TimeZero
        && !(day > standing.PermanentExplant)
        && !(day > standing.Crossover)
        && !(day > standing.Died)
        && IsInPlace(day);

    // An explant leaves a gap from the day after it to the day before the re-implant.
    private bool IsInPlace(DayNumber day)
    {
        for (var at = _explants.Count - 1; at >= 0; at--)
        {
            if (_explants[at].Day < day)
            {
                return HasImplant(_explants[at].Day, day);
            }
        }

        return true;
    }

    private (DayNumber? Day, ExplantReason? Reason) PermanentExplant(DayNumber cutOff)
    {
        foreach (var (day, isPermanent, reason) in _explants)
        {
            if (day > cutOff)
            {
                break;
            }

            if (isPermanent || (cutOff - day >= ReimplantDays && !HasImplant(day, day + ReimplantDays)))
            {
                return (day, reason);
            }
        }

        return (null, null);
    }

    private static GeneratorType? First(GeneratorType? one, GeneratorType? other) => one is null || other < one ? other ?? one : one;

    private bool HasImplant(DayNumber from, DayNumber to) => _implants.Exists(day => day >= from && day <= to);

    // The first implant is none that was made again.
    private DayNumber? LastImplant(DayNumber from, DayNumber to)
    {
        var last = _implants.FindLastIndex(day => day >= from && day <= to);
        return last < 1 ? null : _implants[last];
    }

    // On one day the first of the reasons, in their order.
    private static (DayNumber? Day, CensoringReason? Reason) Earliest(
        DayNumber? died, DayNumber? explanted, DayNumber? crossover, DayNumber? withdrawn, DayNumber? lost)
    {
        (DayNumber? Day, CensoringReason? Reason) earliest = (null, null);
        Consider(died, CensoringReason.Died);
        Consider(explanted, CensoringReason.Explanted);
        Consider(crossover, CensoringReason.CrossedOver);
        Consider(withdrawn, CensoringReason.Withdrawn);
        Consider(lost, CensoringReason.LostToFollowUp);
        return earliest;

        void Consider(DayNumber? day, CensoringReason reason)
        {
            if (day is not null && !(earliest.Day <= day))
            {
                earliest = (day, reason);
            }
        }
    }
}
