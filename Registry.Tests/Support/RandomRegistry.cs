using System.Globalization;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Tests.Support;

/// <summary>
/// Random registries that are valid and as awkward as can be: everything the rules permit turns up, and dates and scores
/// fall on the edges of every rule far more often than by chance. The same seed gives the same registry.
/// </summary>
internal sealed class RandomRegistry
{
    /// <summary>The day on which the registries are looked at, in UTC.</summary>
    public static readonly DateOnly Today = new(2026, 3, 15);

    /// <summary>
    /// Half past ten in UTC, on that day: tomorrow has begun in the farthest east, and yesterday has not ended in the farthest west.
    /// </summary>
    public static readonly StoppedClock Clock = new(new DateTimeOffset(Today.ToDateTime(new TimeOnly(10, 30)), TimeSpan.Zero));

    /// <summary>The latest day that has begun at any site.</summary>
    public static readonly DateOnly LatestDay = Today.AddDays(1);

    private static readonly (string? TimeZone, DateOnly Today)[] OtherPlaces =
        [("Pacific/Pago_Pago", Today.AddDays(-1)), (null, Today), ("America/New_York", Today), ("Europe/Berlin", Today)];

    private static readonly DateOnly FirstDay = new(2022, 1, 1);
    private static readonly DateOnly[] LeapDays = [new(2024, 2, 28), new(2024, 2, 29), new(2024, 3, 1), new(2023, 3, 1), new(2025, 2, 28)];
    private static readonly (string Code, int Decimals)[] Currencies = [("EUR", 2), ("JPY", 0), ("KWD", 3)];

    private readonly Random _random;

    // Of what no figure but a cohort is about, so that the courses of a seed stay what they were.
    private readonly Random _details;
    private readonly RecordedSite[] _sites;
    private readonly List<RecordedCase> _cases = [];
    private DateOnly _lastDay;

    private RandomRegistry(int seed)
    {
        _random = new Random(seed);
        _details = new Random(-1 - seed);

        // Codes are case-sensitive: these are two sites.
        var (timeZone, today) = OtherPlaces[seed % OtherPlaces.Length];
        _sites =
        [
            new RecordedSite(string.Create(CultureInfo.InvariantCulture, $"r{seed}"), "Pacific/Kiritimati", LatestDay),
            new RecordedSite(string.Create(CultureInfo.InvariantCulture, $"R{seed}"), timeZone, today),
        ];
    }

    public static RecordedRegistry Make(int seed, int cases)
    {
        var registry = new RandomRegistry(seed);
        while (registry._cases.Count < cases)
        {
            registry.AddPerson();
        }

        return new RecordedRegistry(registry._sites, registry._cases);
    }

    private void AddPerson()
    {
        var number = (_cases.Count / 2) + 1;
        var site = Any(_sites);
        _lastDay = site.Today;

        // Two patients may differ in upper and lower case alone.
        var letter = Chance(0.5) ? 'P' : 'p';
        var reference = string.Create(CultureInfo.InvariantCulture, $"{letter}{number}");
        if (_cases.Any(one => one.Site == site.Code && one.Record.Patient.Reference == reference))
        {
            reference = string.Create(CultureInfo.InvariantCulture, $"{letter}{number}.{_cases.Count}");
        }

        var person = TreatedCases(
            site, new Patient { Reference = reference, Sex = Any(Enum.GetValues<Sex>()), BirthYear = _random.Next(1930, 2005) });
        AddLosses(person);
        AddWithdrawal(person);
        AddDeath(person);
        foreach (var one in person)
        {
            one.Events.RemoveAll(happened => happened.OccurredOn > _lastDay);
        }

        foreach (var one in person)
        {
            AddDetails(one, person);
            AddAssessments(one, person);
            AddAdverseEvents(one);
            AddCostsAndStays(one);
        }

        if (Chance(0.5))
        {
            NeverSeeAgain(person);
        }

        _cases.AddRange(person);
    }

    /// <summary>The cases of a person, some of them linked, with their treatment.</summary>
    private List<RecordedCase> TreatedCases(RecordedSite site, Patient patient)
    {
        var person = new List<RecordedCase>();
        var start = AnyStart();
        RecordedCase? preceding = null;

        // A case starts no earlier than the one it follows, nor than any before that.
        DateOnly? pathwayStart = null;
        for (var count = Any([1, 1, 1, 1, 2, 2, 2, 3, PersonRules.MostCasesOfPathway]); count > 0; count--)
        {
            var isLinked = preceding is not null && !(pathwayStart > start) && Chance(0.75);
            var made = new RecordedCase(site.Code, string.Create(
                CultureInfo.InvariantCulture, $"{patient.Reference}-{(char)('a' + person.Count)}"), new CaseRecord
                {
                    // What is unknown in one case may be known in another.
                    Patient = Chance(0.1) ? patient with { Sex = Sex.Unknown } : patient,
                    Procedure = Any(Enum.GetValues<Procedure>()),
                    Indication = Any(Enum.GetValues<Indication>()),
                    PainSide = Chance(0.1) ? null : Any(Enum.GetValues<PainSide>()),
                    PainDurationMonths = Chance(0.1) ? null : _random.Next(0, 120),
                    PainLevels = Dermatomes(),
                    PrecedingCase = isLinked ? CaseCode.Of(preceding!.Code) : null,
                });
            AddTreatment(made, start);
            person.Add(made);
            if (preceding is null || Chance(isLinked ? 0.75 : 0.5))
            {
                var ofCase = TreatmentStart(made);
                pathwayStart = isLinked ? ofCase ?? pathwayStart : ofCase;
                preceding = made;
            }

            // The next case may begin on a day that matters to the first, soon, or even before it.
            start = Chance(0.3) && DaysOf(made).ToList() is { Count: > 0 } days
                ? Any(days).AddDays(_random.Next(-1, 2))
                : start.AddDays(_random.Next(-40, 700));
        }

        return person;
    }

    private void AddTreatment(RecordedCase made, DateOnly start)
    {
        if (Chance(0.05))
        {
            return;
        }

        if (!made.Record.Procedure.IsNeuromodulation())
        {
            Add(made, EventType.Lesioned, start);
            return;
        }

        var hasTrial = Chance(0.9);
        var ended = start.AddDays(_random.Next(0, 15));
        var outcome = Chance(0.75) ? TrialOutcome.Succeeded : TrialOutcome.Failed;
        var isEnded = Chance(0.85);
        if (hasTrial)
        {
            Add(made, EventType.TrialStarted, start);
        }

        if (isEnded)
        {
            made.Events.Add(new TreatmentEvent { Type = EventType.TrialEnded, OccurredOn = ended, Outcome = outcome });
        }

        if ((isEnded && outcome == TrialOutcome.Failed) || Chance(0.25))
        {
            if (Chance(0.05))
            {
                // An explant whose implant was not sent yet.
                AddExplant(made, ended.AddDays(_random.Next(0, 200)), Chance(0.5));
            }

            return;
        }

        // Some implants come when they are counted as declined already, or would be on the next day.
        var implant = ended.AddDays(_random.Next(8) switch { 0 => 0, 1 => Any([89, 90, 91, 200]), _ => _random.Next(0, 60) });
        Add(made, EventType.Implanted, implant);
        if (Chance(0.15))
        {
            Add(made, Chance(0.5) ? EventType.Revised : EventType.GeneratorReplaced, implant.AddDays(_random.Next(0, 500)));
        }

        AddExplants(made, implant);
    }

    private void AddExplants(RecordedCase made, DateOnly implant)
    {
        for (var from = implant; Chance(0.55);)
        {
            var explant = NearAVisit(implant, from);
            if (Chance(0.35))
            {
                AddExplant(made, explant, permanent: true);
                if (Chance(0.15))
                {
                    // Exchanged on the day that was stated as the last: the rules of a chart permit it.
                    Add(made, EventType.Implanted, explant);
                }

                return;
            }

            AddExplant(made, explant, permanent: false);
            if (Chance(0.3))
            {
                if (Chance(0.2))
                {
                    // What was left behind is taken out as well.
                    AddExplant(made, explant.AddDays(_random.Next(0, 300)), Chance(0.5));
                }

                return;
            }

            // A gap of up to 180 days leaves the explant a temporary one.
            from = explant.AddDays(Any([0, 1, 2, 30, 100, 179, 180, 180, 181, 181, 250]));
            Add(made, EventType.Implanted, from);
        }
    }

    /// <summary>The kinds of lead and generator, where they are recorded, and what was replaced or revised.</summary>
    private void AddDetails(RecordedCase made, List<RecordedCase> person)
    {
        foreach (var implant in made.Events.Where(happened => happened.Type == EventType.Implanted && _details.Next(4) == 0).ToList())
        {
            var later = implant.OccurredOn.AddDays(_details.Next(0, 900));
            if (later <= _lastDay && !person.SelectMany(one => one.Events).Any(happened => happened.Type == EventType.LostToFollowUp)
                && !made.Events.Exists(happened => happened.Type is EventType.Died or EventType.Explanted && happened.OccurredOn <= later))
            {
                Add(made, _details.Next(3) == 0 ? EventType.Revised : EventType.GeneratorReplaced, later);
            }
        }

        for (var index = 0; index < made.Events.Count; index++)
        {
            var happened = made.Events[index];
            made.Events[index] = happened with
            {
                Lead = happened.Type == EventType.TrialStarted && _details.Next(5) > 0 ? (LeadType)_details.Next(2) : null,
                Generator = happened.Type is EventType.Implanted or EventType.GeneratorReplaced && _details.Next(5) > 0
                    ? (GeneratorType)_details.Next(2)
                    : null,
            };
        }
    }

    private IReadOnlyList<string>? Dermatomes() =>
        _details.Next(6) == 0 ? null : SpinalLevel.InOrder(_details.GetItems([.. SpinalLevel.All], _details.Next(1, 6)).Distinct());

    /// <summary>A person may be lost more than once, before treatment, and in any case; ends of any kind like to share a day.</summary>
    private void AddLosses(List<RecordedCase> person)
    {
        for (var count = Any([0, 0, 0, 0, 0, 1, 1, 2]); count > 0; count--)
        {
            Add(Any(person), EventType.LostToFollowUp, AnEnd(person));
        }
    }

    private void AddWithdrawal(List<RecordedCase> person)
    {
        if (Chance(0.12))
        {
            var day = AnEnd(person);
            Add(Any(person), EventType.Withdrawn, day);
            if (Chance(0.15) && person.Find(one => one.Events.TrueForAll(happened => happened.Type != EventType.Withdrawn)) is { } another)
            {
                Add(another, EventType.Withdrawn, day.AddDays(_random.Next(0, 60)));
            }
        }
    }

    /// <summary>A person dies once, in one case or in several, and nothing happens to any of them afterwards.</summary>
    private void AddDeath(List<RecordedCase> person)
    {
        if (Chance(0.2))
        {
            var day = AnEnd(person);
            foreach (var one in person)
            {
                one.Events.RemoveAll(happened => happened.OccurredOn > day);
            }

            foreach (var one in Chance(0.2) ? person : [Any(person)])
            {
                Add(one, EventType.Died, day);
            }
        }
    }

    /// <summary>
    /// A day on which observation may end: one on which something else happened, one near a visit, or one near the start.
    /// </summary>
    private DateOnly AnEnd(List<RecordedCase> person)
    {
        var days = person.SelectMany(DaysOf).ToList();
        var one = Any(person);
        var start = TreatmentStart(one) ?? AnyStart();
        return _random.Next(5) switch
        {
            0 when days.Count > 0 => Any(days),
            1 when days.Count > 0 => Any(days).AddDays(_random.Next(-1, 2)),
            2 => start.AddDays(_random.Next(-5, 30)),
            _ => NearAVisit(TimeZero(one) ?? start, start),
        };
    }

    /// <summary>Nothing is heard of the person after the first loss, if there was one.</summary>
    private static void NeverSeeAgain(List<RecordedCase> person)
    {
        if (person.SelectMany(one => one.Events)
            .Where(happened => happened.Type == EventType.LostToFollowUp)
            .Min(happened => (DateOnly?)happened.OccurredOn) is not { } loss)
        {
            return;
        }

        foreach (var one in person)
        {
            one.Events.RemoveAll(happened => happened.OccurredOn > loss);
            one.AdverseEvents.RemoveAll(suffered => suffered.OnsetOn > loss);
            foreach (var timepoint in one.Assessments.Where(pair => pair.Value.NotDone is null && pair.Value.AssessedOn > loss)
                .Select(pair => pair.Key)
                .ToList())
            {
                one.Assessments.Remove(timepoint);
            }
        }
    }

    private void AddAssessments(RecordedCase made, List<RecordedCase> person)
    {
        var begun = TreatmentStart(made) ?? AnyStart();
        var nrs = Any([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]);
        var pdi = Chance(0.08) ? 0 : _random.Next(1, 71);
        if (Chance(0.9))
        {
            Assess(made, Timepoint.Baseline, begun.AddDays(-Any([0, 0, 1, 14, 60])), nrs, pdi);
        }

        var zero = TimeZero(made) ?? begun;
        var days = person.SelectMany(DaysOf).ToList();
        foreach (var window in VisitWindow.All.Where(_ => Chance(0.75)))
        {
            var day = _random.Next(9) switch
            {
                0 => zero.AddDays(window.TargetDay),
                1 => zero.AddDays(Any([window.Days.Min, window.Days.Max])),
                2 => zero.AddDays(Any([window.Days.Min - 1, window.Days.Max + 1])),
                3 => zero.AddDays(_random.Next(0, 1200)),
                4 => begun.AddDays(Any([-1, 0, 1, 5, 20])),
                5 when days.Count > 0 => Any(days),
                6 when days.Count > 0 => Any(days).AddDays(_random.Next(-1, 2)),
                _ => zero.AddDays(window.TargetDay + _random.Next(-20, 21)),
            };

            // A follow-up before time zero is kept all the same.
            Assess(made, window.Timepoint, day < zero && Chance(0.5) ? zero : day, Later(nrs, 10), Later(pdi, 70));
        }
    }

    /// <summary>A later score: often right on the edge of a usual threshold, sometimes the same or worse.</summary>
    private int Later(int baseline, int worst) => _random.Next(7) switch
    {
        0 => baseline,
        1 => Math.Min(worst, baseline + _random.Next(1, 4)),
        2 => (int)Math.Floor(baseline * 0.7m),
        3 => (int)Math.Ceiling(baseline * 0.7m),
        4 => baseline / 2,
        5 => Math.Max(0, baseline - 2),
        _ => _random.Next(0, worst + 1),
    };

    private void Assess(RecordedCase made, Timepoint timepoint, DateOnly on, int nrs, int pdi)
    {
        if (on > _lastDay)
        {
            return;
        }

        if (Chance(0.1))
        {
            made.Assessments[timepoint] = new Assessment
            {
                NotDone = Any(Enum.GetValues<NotDoneReason>()),
                AssessedOn = Chance(0.5) ? on : null,
            };
            return;
        }

        var items = Chance(0.3) ? Items(pdi, Chance(0.3)) : null;
        made.Assessments[timepoint] = new Assessment
        {
            AssessedOn = on,
            Nrs = Chance(0.06) && items is not null ? null : nrs,
            PdiItems = items,
            Pdi = items is not null ? items.Total() : Chance(0.1) ? null : pdi,
        };
    }

    /// <summary>Seven items that add up to the total; with one left unanswered, they add up to nothing.</summary>
    private PdiItems Items(int total, bool isIncomplete)
    {
        var items = new int[7];
        for (var left = total; left > 0;)
        {
            var item = _random.Next(7);
            if (items[item] < 10)
            {
                items[item]++;
                left--;
            }
        }

        return new PdiItems(items[0], items[1], items[2], items[3], isIncomplete ? null : items[4], items[5], items[6]);
    }

    private void AddAdverseEvents(RecordedCase made)
    {
        var start = TreatmentStart(made) ?? AnyStart();
        for (var count = Any([0, 0, 1, 2, 3]); count > 0; count--)
        {
            var onset = Chance(0.3) && made.Events.Count > 0 ? Any([.. DaysOf(made)]) : start.AddDays(_random.Next(-3, 600));
            if (onset <= _lastDay)
            {
                made.AdverseEvents.Add(new AdverseEvent
                {
                    Category = Any(Enum.GetValues<AdverseEventCategory>()),
                    Term = "term",
                    OnsetOn = onset,
                    Severity = Any(Enum.GetValues<Severity>()),
                    Serious = Chance(0.3),
                });
            }
        }
    }

    private void AddCostsAndStays(RecordedCase made)
    {
        var zero = TimeZero(made) ?? AnyStart();
        var currency = Any(Currencies);
        for (var count = _random.Next(0, 6); count > 0; count--)
        {
            currency = Chance(0.15) ? Any(Currencies) : currency;
            var on = zero.AddDays(_random.Next(-10, 600));
            made.Costs.Add(new CostItem
            {
                Category = Any(Enum.GetValues<CostCategory>()),
                Amount = Amount(currency.Decimals),
                Currency = currency.Code,
                PriceYear = Chance(0.8) ? 2023 : 2024,
                IncurredOn = Chance(0.2) || on > _lastDay ? null : on,
            });
        }

        for (var count = Any([0, 1, 1, 1, 2]); count > 0; count--)
        {
            var admitted = zero.AddDays(_random.Next(-3, 200));
            var discharged = admitted.AddDays(Any([0, 1, 2, 3, 5, 8, 13, 400]));
            if (discharged <= _lastDay)
            {
                made.Stays.Add(new HospitalStay { AdmittedOn = admitted, DischargedOn = discharged });
            }
        }
    }

    private decimal Amount(int decimals)
    {
        var unit = decimals switch { 0 => 1m, 2 => 0.01m, _ => 0.001m };
        return _random.Next(20) switch
        {
            < 3 => 0m,
            3 => 9_999_999_999m + ((1 - unit) * (decimals == 0 ? 0 : 1)),
            4 => unit,
            < 10 => _random.Next(1, 50_000),
            _ => _random.Next(1, 50_000_000) * unit,
        };
    }

    private DateOnly AnyStart() => _random.Next(6) switch
    {
        0 => Any(LeapDays),
        1 => Today.AddDays(_random.Next(-1, 2) - Any(VisitWindow.All).TargetDay),
        2 => Today.AddDays(-_random.Next(0, 120)),
        _ => FirstDay.AddDays(_random.Next(0, Today.DayNumber - FirstDay.DayNumber)),
    };

    /// <summary>A day on or after <paramref name="earliest"/>, half the time within a day of the target of a visit.</summary>
    private DateOnly NearAVisit(DateOnly zero, DateOnly earliest)
    {
        var day = Chance(0.5) ? zero.AddDays(Any(VisitWindow.All).TargetDay + Any([-1, 0, 0, 1])) : zero.AddDays(_random.Next(0, 900));
        return day < earliest ? earliest : day;
    }

    private static IEnumerable<DateOnly> DaysOf(RecordedCase made) => made.Events.Select(happened => happened.OccurredOn);

    private static void Add(RecordedCase made, EventType type, DateOnly on) =>
        made.Events.Add(new TreatmentEvent { Type = type, OccurredOn = on });

    private void AddExplant(RecordedCase made, DateOnly on, bool permanent) =>
        made.Events.Add(new TreatmentEvent
        {
            Type = EventType.Explanted,
            OccurredOn = on,
            Reason = Any(Enum.GetValues<ExplantReason>()),
            Permanent = permanent,
        });

    private static DateOnly? TreatmentStart(RecordedCase made) =>
        First(made, EventType.TrialStarted, EventType.Implanted, EventType.Lesioned);

    private static DateOnly? TimeZero(RecordedCase made) =>
        First(made, EventType.Implanted, EventType.Lesioned) ?? First(made, EventType.TrialStarted);

    private static DateOnly? First(RecordedCase made, params EventType[] types) =>
        made.Events.Where(happened => types.Contains(happened.Type)).Min(happened => (DateOnly?)happened.OccurredOn);

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private T Any<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];
}
