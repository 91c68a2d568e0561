using System.Globalization;
using Bogus;
using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;
using Registry.Domain.Sites;
using Code = Registry.Domain.Common.Code;

namespace Registry.Api.Demonstration;

/// <summary>
/// Synthetic cases of all four procedures with plausible courses: failed trials, declined implants, explants and
/// re-implants, crossover to DREZ, deaths after cordotomy, loss to follow-up, late and missing visits. The same seed
/// gives the same registry, whatever the day. The numbers are plausible, not evidence.
/// </summary>
internal sealed class SyntheticRegistry(RecordKinds kinds, int seed)
{
    private static readonly DateOnly FirstStart = new(2019, 1, 7);
    private static readonly DateOnly LastStart = new(2026, 6, 30);

    // Nothing is dated later, so that the registry never lies in the future.
    private static readonly DateOnly DataEnd = new(2026, 10, 31);

    private static readonly (SiteCode Code, string Name, string Country, string Zone, string Currency)[] Sites =
    [
        (SiteCode.Of("aarhus"), "Aarhus pain centre (synthetic)", "DK", "Europe/Copenhagen", "EUR"),
        (SiteCode.Of("boston"), "Boston functional neurosurgery (synthetic)", "US", "America/New_York", "USD"),
        (SiteCode.Of("freiburg"), "Freiburg stereotaxy (synthetic)", "DE", "Europe/Berlin", "EUR"),
        (SiteCode.Of("leeds"), "Leeds pain service (synthetic)", "GB", "Europe/London", "GBP"),
        (SiteCode.Of("melbourne"), "Melbourne neuromodulation (synthetic)", "AU", "Australia/Melbourne", "AUD"),
        (SiteCode.Of("nantes"), "Nantes neurochirurgie (synthetic)", "FR", "Europe/Paris", "EUR"),
        (SiteCode.Of("osaka"), "Osaka pain clinic (synthetic)", "JP", "Asia/Tokyo", "JPY"),
        (SiteCode.Of("toronto"), "Toronto western pain (synthetic)", "CA", "America/Toronto", "CAD"),
    ];

    private readonly Randomizer _random = new(seed);

    /// <summary>The sites, once.</summary>
    public IReadOnlyList<SentRecord> SiteRecords()
    {
        var set = new RecordSet(kinds);
        foreach (var site in Sites)
        {
            set.Site(site.Code, new Site { Name = site.Name, Country = site.Country, TimeZone = site.Zone });
        }

        return set.Records;
    }

    /// <summary>
    /// That many cases, numbered on from <paramref name="first"/>: each case before what it holds, and a preceding case before the one that
    /// follows it.
    /// </summary>
    public IReadOnlyList<SentRecord> Cases(int first, int count) => [.. Patients(first, count).SelectMany(records => records)];

    /// <summary>The same, patient by patient: all records of one at a time.</summary>
    public IEnumerable<IReadOnlyList<SentRecord>> Patients(int first, int count)
    {
        for (var made = 0; made < count;)
        {
            var set = new RecordSet(kinds);
            made += AddPatient(set, first + made, count - made);
            yield return set.Records;
        }
    }

    private int AddPatient(RecordSet set, int number, int room)
    {
        var site = _random.ArrayElement(Sites);
        var procedure =
            _random.WeightedRandom([Procedure.Scs, Procedure.Drg, Procedure.Drez, Procedure.Cordotomy], [0.45f, 0.22f, 0.15f, 0.18f]);
        var start = FirstStart.AddDays(_random.Int(0, LastStart.DayNumber - FirstStart.DayNumber));
        var patient = new Patient
        {
            Reference = string.Create(CultureInfo.InvariantCulture, $"S{number:0000000}"),
            Sex = _random.WeightedRandom([Sex.Male, Sex.Female, Sex.Unknown], [0.49f, 0.5f, 0.01f]),
            BirthYear = start.Year - _random.Int(procedure == Procedure.Cordotomy ? 45 : 28, 84),
        };
        var first = new Course(this, set, site.Code, site.Currency, CodeOf(number), patient, procedure, start);
        var (code, canCrossOver) = first.Add(null);
        if (!canCrossOver || room < 2 || !_random.Bool(0.15f))
        {
            return 1;
        }

        var crossover = start.AddDays(_random.Int(60, 200));
        if (crossover > DataEnd)
        {
            return 1;
        }

        new Course(this, set, site.Code, site.Currency, CodeOf(number + 1), patient, Procedure.Drez, crossover).Add(code);
        return 2;
    }

    private static CaseCode CodeOf(int number) => CaseCode.Of(string.Create(CultureInfo.InvariantCulture, $"C{number:0000000}"));

    /// <summary>Makes up one case.</summary>
    private sealed class Course(
        SyntheticRegistry registry,
        RecordSet set,
        SiteCode site,
        string currency,
        CaseCode code,
        Patient patient,
        Procedure procedure,
        DateOnly start)
    {
        private readonly Randomizer _random = registry._random;
        private RecordSet.CaseRecords _records = null!;
        private DateOnly _zero;
        private DateOnly? _died;
        private DateOnly? _lost;
        private DateOnly? _explanted;
        private bool _treated;

        public (CaseCode Code, bool CanCrossOver) Add(CaseCode? preceding)
        {
            var indication = procedure switch
            {
                Procedure.Cordotomy => Indication.CancerPain,
                Procedure.Drez =>
                    _random.WeightedRandom(
                        [Indication.BrachialPlexusAvulsion, Indication.PostherpeticNeuralgia, Indication.SpinalCordInjury,
                            Indication.PhantomLimbPain],
                        [0.45f, 0.3f, 0.15f, 0.1f]),
                _ => _random.WeightedRandom(
                    [Indication.PersistentSpinalPainSyndrome, Indication.Crps, Indication.PostherpeticNeuralgia,
                        Indication.PainfulDiabeticNeuropathy, Indication.PeripheralNerveInjury, Indication.Other],
                    [0.42f, 0.22f, 0.1f, 0.14f, 0.08f, 0.04f]),
            };
            _records = set.Case(site, code, new CaseRecord
            {
                Patient = patient,
                Procedure = procedure,
                Indication = indication,
                PainSide = _random.WeightedRandom<PainSide?>(
                    [PainSide.Left, PainSide.Right, PainSide.Bilateral, PainSide.Midline, null], [0.38f, 0.38f, 0.14f, 0.05f, 0.05f]),
                PainLevels = Levels(),
                PainDurationMonths = _random.Bool(0.95f) ? _random.Int(6, 180) : null,
                PrecedingCase = preceding,
            });

            _zero = start;
            var failed = Treat();
            FollowCourse();
            AddAssessments();
            AddAdverseEvents();
            AddCostsAndStays();
            return (code, failed);
        }

        private bool Treat()
        {
            if (!procedure.IsNeuromodulation())
            {
                _treated = true;
                Event("operation", procedure == Procedure.Drez
                    ? new TreatmentEvent
                    {
                        Type = EventType.Lesioned,
                        OccurredOn = start,
                        DepthMm = _random.Int(15, 25) / 10m,
                        AngleDegrees = _random.Int(25, 45),
                    }
                    : new TreatmentEvent
                    {
                        Type = EventType.Lesioned,
                        OccurredOn = start,
                        Side = _random.Bool() ? LesionSide.Left : LesionSide.Right,
                        Guidance = _random.Bool(0.85f) ? LesionGuidance.Ct : LesionGuidance.Fluoroscopy,
                    });
                return false;
            }

            var ended = start.AddDays(_random.Int(5, 14));
            var succeeded = _random.Bool(0.76f);
            Event("trial-start", new TreatmentEvent
            {
                Type = EventType.TrialStarted,
                OccurredOn = start,
                Lead = _random.Bool(0.8f) ? LeadType.Percutaneous : LeadType.Paddle,
            });
            Event("trial-end", new TreatmentEvent
            {
                Type = EventType.TrialEnded,
                OccurredOn = ended,
                Outcome = succeeded ? TrialOutcome.Succeeded : TrialOutcome.Failed,
                ReliefPercent = succeeded ? _random.Int(50, 95) : _random.Int(-10, 49),
                Threshold = 50,
            });
            if (succeeded && _random.Bool(0.95f))
            {
                var implant = ended.AddDays(_random.Int(7, 45));
                _treated = Event("implant", new TreatmentEvent
                {
                    Type = EventType.Implanted,
                    OccurredOn = implant,
                    Generator = _random.Bool(0.6f) ? GeneratorType.Rechargeable : GeneratorType.PrimaryCell,
                });
                _zero = _treated ? implant : start;
            }

            return !succeeded;
        }

        private void FollowCourse()
        {
            if (procedure == Procedure.Cordotomy && _random.Bool(0.85f))
            {
                // Median survival of about five months.
                _died = _zero.AddDays(10 + (int)(-210 * Math.Log(_random.Double(0.0001, 1))));
            }
            else if (_random.Bool(0.03f))
            {
                _died = _zero.AddDays(_random.Int(60, 900));
            }

            if (_died is null && _random.Bool(0.08f))
            {
                _lost = _zero.AddDays(_random.Int(40, 700));
            }

            if (_treated && procedure.IsNeuromodulation() && _random.Bool(0.12f))
            {
                var explant = _zero.AddDays(_random.Int(60, 700));
                var permanent = _random.Bool(0.75f);
                if (Event("explant", new TreatmentEvent
                {
                    Type = EventType.Explanted,
                    OccurredOn = explant,
                    Reason = _random.WeightedRandom(
                        [ExplantReason.LossOfEfficacy, ExplantReason.Infection, ExplantReason.Hardware, ExplantReason.PatientRequest,
                            ExplantReason.MriNeed],
                        [0.5f, 0.25f, 0.1f, 0.1f, 0.05f]),
                    Permanent = permanent,
                }))
                {
                    _explanted = permanent ? explant : null;
                    if (!permanent)
                    {
                        Event("re-implant", new TreatmentEvent
                        {
                            Type = EventType.Implanted,
                            OccurredOn = explant.AddDays(_random.Int(30, 120)),
                            Generator = GeneratorType.Rechargeable,
                        });
                    }
                }
            }
            else if (_treated && procedure.IsNeuromodulation() && _random.Bool(0.08f))
            {
                Event("revision", new TreatmentEvent { Type = EventType.Revised, OccurredOn = _zero.AddDays(_random.Int(20, 500)) });
            }

            if (_died is { } died)
            {
                Event("death", new TreatmentEvent { Type = EventType.Died, OccurredOn = died });
            }

            if (_lost is { } lost)
            {
                Event("loss", new TreatmentEvent { Type = EventType.LostToFollowUp, OccurredOn = lost });
            }
        }

        private bool Event(string key, TreatmentEvent content)
        {
            if (content.OccurredOn > DataEnd || (content.Type != EventType.Died && content.OccurredOn > _died))
            {
                return false;
            }

            _records.Event(key, content);
            return true;
        }

        private void AddAssessments()
        {
            var nrs = _random.WeightedRandom([5, 6, 7, 8, 9, 10], [0.05f, 0.12f, 0.25f, 0.3f, 0.18f, 0.1f]);
            var pdi = Math.Clamp((nrs * 5) + _random.Int(-8, 16), 5, 70);
            if (_random.Bool(0.97f))
            {
                Assess(Timepoint.Baseline, start.AddDays(-_random.Int(0, 30)), nrs, pdi);
            }

            // Relief as a share of baseline: how well this patient does, and how fast it wears off.
            var relief = _treated
                ? _random.Bool(0.72f) ? _random.Double(0.4, 0.95) : _random.Double(-0.15, 0.35)
                : _random.Double(-0.1, 0.2);
            var yearlyLoss = procedure == Procedure.Cordotomy ? _random.Double(0.1, 0.5) : _random.Double(0, 0.25);
            foreach (var window in VisitWindow.All)
            {
                var late = _random.Bool(0.05f);
                var day = late ? window.Days.Max + _random.Int(1, 20) : Math.Clamp(
                    window.TargetDay + _random.Int(-window.TargetDay / 8, window.TargetDay / 8), window.Days.Min, window.Days.Max);
                var on = _zero.AddDays(day);
                var reason = on > _died ? NotDoneReason.Died
                    : on > _lost ? NotDoneReason.LostToFollowUp
                    : _random.Bool(0.04f)
                    ? _random.ArrayElement([NotDoneReason.Declined, NotDoneReason.TooIll, NotDoneReason.NotDoneBySite])
                    : (NotDoneReason?)null;
                if (on > DataEnd || _random.Bool(0.05f))
                {
                    continue;
                }

                if (reason is not null)
                {
                    _records.Assessment(window.Timepoint, new Assessment { NotDone = reason });
                    continue;
                }

                var present = on > _explanted ? 0.05 : relief - (yearlyLoss * day / 365);
                Assess(
                    window.Timepoint,
                    on,
                    Math.Clamp((int)Math.Round((nrs * (1 - present)) + _random.Double(-1, 1)), 0, 10),
                    Math.Clamp((int)Math.Round((pdi * (1 - (0.8 * present))) + _random.Double(-5, 5)), 0, 70));
            }
        }

        private void Assess(Timepoint timepoint, DateOnly on, int nrs, int pdi) => _records.Assessment(timepoint, new Assessment
        {
            AssessedOn = on,
            Nrs = _random.Bool(0.99f) ? nrs : null,
            Pdi = _random.Bool(0.93f) ? pdi : null,
            Mode = timepoint is Timepoint.Baseline or Timepoint.PostOp ? AssessmentMode.Clinic : _random.Enum<AssessmentMode>(),
            NotDone = null,
        } is var made && made is { Nrs: null, Pdi: null } ? made with { Nrs = nrs } : made);

        private void AddAdverseEvents()
        {
            if (!_random.Bool(0.14f))
            {
                return;
            }

            var hardware = procedure.IsNeuromodulation();
            var onset = _zero.AddDays(_random.Int(0, hardware ? 400 : 30));
            if (onset > DataEnd || onset > _died)
            {
                return;
            }

            _records.AdverseEvent("ae-1", new AdverseEvent
            {
                Category = hardware ? AdverseEventCategory.HardwareRelated
                    : _random.Bool(0.7f)
                    ? AdverseEventCategory.Neurological
                    : AdverseEventCategory.Surgical,
                Term = hardware
                    ? _random.ArrayElement(["lead-migration", "lead-fracture", "pocket-pain", "infection"])
                    : _random.ArrayElement(["ataxia", "sensory-deficit", "headache", "wound-infection"]),
                OnsetOn = onset,
                Severity = _random.Enum<Severity>(),
                Serious = _random.Bool(0.3f),
            });
        }

        private void AddCostsAndStays()
        {
            var stay = _random.Int(1, 9);
            if (_zero.AddDays(stay) <= DataEnd)
            {
                _records.Stay("stay-1", new HospitalStay { AdmittedOn = _zero.AddDays(-1), DischargedOn = _zero.AddDays(stay - 1) });
            }

            if (!_random.Bool(0.85f))
            {
                return;
            }

            var scale = currency switch { "JPY" => 150m, "GBP" => 0.85m, "USD" => 1.4m, "AUD" or "CAD" => 1.6m, _ => 1m };
            if (procedure.IsNeuromodulation())
            {
                Cost(CostCategory.Trial, 3_500, start);
            }

            if (_treated)
            {
                Cost(CostCategory.Operation, procedure.IsNeuromodulation() ? 4_500 : 6_500, _zero);
                Cost(CostCategory.Anaesthesia, 900, _zero);
                if (procedure.IsNeuromodulation())
                {
                    Cost(CostCategory.Device, 17_500, _zero);
                }
            }

            void Cost(CostCategory category, int euros, DateOnly on)
            {
                var amount = euros * scale * _random.Int(80, 130) / 100m;
                _records.Cost(Code.Of(category), new CostItem
                {
                    Category = category,
                    Amount = decimal.Round(amount, currency == "JPY" ? 0 : 2).WithoutTrailingZeros(),
                    Currency = currency,
                    PriceYear = 2024,
                    IncurredOn = on,
                });
            }
        }

        private IReadOnlyList<string>? Levels()
        {
            if (_random.Bool(0.1f))
            {
                return null;
            }

            var first = _random.Int(1, 10);
            return [.. Enumerable.Range(first, _random.Int(1, 3)).Select(level => FormattableString.Invariant($"T{level}"))];
        }
    }
}
