using System.Globalization;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;
using Registry.Domain.Sites;

namespace Registry.Api.Demonstration;

/// <summary>
/// The ten patients of Jin et al., Spinal Cord Stimulation and DREZ Lesioning for Refractory Postherpetic Neuralgia: An
/// Exploratory Case Series (Journal of Pain Research). Patient 8 is two cases: a trial that failed, then DREZ.
/// </summary>
/// <remarks>
/// The paper gives scores, ages and courses, but no dates, no individual costs and no individual stays. Here the dates are
/// made up (trials from March 2021, the final visit on day 730); each implanted case and each DREZ case carries the
/// published mean cost of its group (CNY at 2023 prices); the stays are whole days with the published means.
/// </remarks>
internal static class ReferenceCaseSeries
{
    /// <summary>The code of the site that holds the series.</summary>
    public static readonly SiteCode Place = SiteCode.Of("reference");

    private const int Year = 2021;
    private static readonly int[] ScsStays = [18, 18, 18, 18, 19, 19, 19, 18];
    private static readonly int[] DrezStays = [13, 14, 14];

    public static IReadOnlyList<SentRecord> Records(RecordKinds kinds)
    {
        var set = new RecordSet(kinds);
        set.Site(Place, new Site { Name = "Reference case series (Jin et al.)", Country = "CN", TimeZone = "Asia/Shanghai" });
        foreach (var patient in Patients())
        {
            var preceding = patient.HadTrial ? AddScs(set, patient) : (CaseCode?)null;
            if (patient.HadDrez)
            {
                AddDrez(set, patient, preceding);
            }
        }

        return set.Records;
    }

    private static CaseCode AddScs(RecordSet set, PublishedPatient patient)
    {
        var code = patient.CodeOf("SCS");
        var trial = new DateOnly(Year, 3, 1).AddDays(7 * patient.Number);
        var implant = trial.AddDays(24);
        var records = set.Case(Place, code, patient.Case(Procedure.Scs, null));
        records.Event(
            "trial-start", new TreatmentEvent { Type = EventType.TrialStarted, OccurredOn = trial, Lead = LeadType.Percutaneous });
        records.Event("trial-end", new TreatmentEvent
        {
            Type = EventType.TrialEnded,
            OccurredOn = trial.AddDays(10),
            Outcome = patient.WasImplanted ? TrialOutcome.Succeeded : TrialOutcome.Failed,
        });
        if (patient.WasImplanted)
        {
            records.Event("implant", new TreatmentEvent { Type = EventType.Implanted, OccurredOn = implant });
            AddCosts(records, implant, (CostCategory.Device, 105_000), (CostCategory.Operation, 25_700), (CostCategory.Anaesthesia, 3_000));
        }

        if (patient is { WasImplanted: true, Final.Nrs: 10 })
        {
            records.Event("explant", new TreatmentEvent
            {
                Type = EventType.Explanted,
                OccurredOn = implant.AddDays(760),
                Reason = ExplantReason.LossOfEfficacy,
                Permanent = true,
            });
        }

        records.Stay(
            "stay", new HospitalStay { AdmittedOn = trial.AddDays(-2), DischargedOn = trial.AddDays(ScsStays[patient.Number - 1] - 2) });
        AddScores(records, patient, trial, patient.WasImplanted ? implant : trial, withFollowUp: !patient.HadDrez);
        return code;
    }

    private static void AddDrez(RecordSet set, PublishedPatient patient, CaseCode? preceding)
    {
        var operation = new DateOnly(Year, 5, 3).AddDays(7 * patient.Number);
        var records = set.Case(Place, patient.CodeOf("DREZ"), patient.Case(Procedure.Drez, preceding));
        records.Event("operation", new TreatmentEvent { Type = EventType.Lesioned, OccurredOn = operation, Levels = patient.Levels });
        AddCosts(records, operation, (CostCategory.Operation, 48_100), (CostCategory.Anaesthesia, 8_000));
        records.Stay(
            "stay",
            new HospitalStay { AdmittedOn = operation.AddDays(-3), DischargedOn = operation.AddDays(DrezStays[patient.Number - 8] - 3) });
        AddScores(records, patient, operation, operation, withFollowUp: true);
    }

    private static void AddCosts(RecordSet.CaseRecords records, DateOnly on, params (CostCategory Category, decimal Amount)[] items)
    {
        foreach (var (category, amount) in items)
        {
            records.Cost(
                Domain.Common.Code.Of(category),
                new CostItem { Category = category, Amount = amount, Currency = "CNY", PriceYear = 2023, IncurredOn = on });
        }
    }

    private static void AddScores(RecordSet.CaseRecords records, PublishedPatient patient, DateOnly start, DateOnly zero, bool withFollowUp)
    {
        records.Assessment(Timepoint.Baseline, Clinic(start.AddDays(-3), patient.Baseline));
        if (withFollowUp)
        {
            records.Assessment(Timepoint.PostOp, Clinic(zero.AddDays(VisitWindow.Of(Timepoint.PostOp).TargetDay), patient.PostOp));
            records.Assessment(Timepoint.Month24, Clinic(zero.AddDays(VisitWindow.Of(Timepoint.Month24).TargetDay), patient.Final));
        }
    }

    private static Assessment Clinic(DateOnly on, (int Nrs, int Pdi) scores) =>
        new() { AssessedOn = on, Nrs = scores.Nrs, Pdi = scores.Pdi, Mode = AssessmentMode.Clinic };

    private static IEnumerable<PublishedPatient> Patients()
    {
        using var table = new StreamReader(typeof(ReferenceCaseSeries).Assembly.GetManifestResourceStream("phn-case-series.csv")!);
        return [.. table.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(line => new PublishedPatient(line.Trim().Split(',')))];
    }

    /// <summary>One row of the published table.</summary>
    private sealed class PublishedPatient(string[] row)
    {
        public int Number { get; } = Whole(row[0]);
        public bool HadTrial { get; } = row[6] == "Y";
        public bool WasImplanted { get; } = row[7] == "Y";
        public bool HadDrez { get; } = row[8] == "Y";
        public (int Nrs, int Pdi) Baseline { get; } = (Whole(row[9]), Whole(row[12]));
        public (int Nrs, int Pdi) PostOp { get; } = (Whole(row[10]), Whole(row[13]));
        public (int Nrs, int Pdi) Final { get; } = (Whole(row[11]), Whole(row[14]));

        /// <summary>The painful levels: T9, T4-6 and T8-T12 are the forms in the table.</summary>
        public IReadOnlyList<string> Levels { get; } =
        [
            .. Range(row[3].Replace("T", string.Empty, StringComparison.Ordinal).Split('-'))
                .Select(level => FormattableString.Invariant($"T{level}")),
        ];

        public CaseCode CodeOf(string procedure) =>
            CaseCode.Of(string.Create(CultureInfo.InvariantCulture, $"PHN-{Number:00}-{procedure}"));

        public CaseRecord Case(Procedure procedure, CaseCode? preceding) => new()
        {
            Patient = new Patient
            {
                Reference = string.Create(CultureInfo.InvariantCulture, $"P-{Number:00}"),
                Sex = row[1] == "M" ? Sex.Male : Sex.Female,
                BirthYear = Year - Whole(row[2]),
            },
            Procedure = procedure,
            Indication = Indication.PostherpeticNeuralgia,
            PainSide = row[4] == "R" ? PainSide.Right : PainSide.Left,
            PainLevels = Levels,
            PainDurationMonths = Whole(row[5]),
            PrecedingCase = preceding,
        };

        private static IEnumerable<int> Range(string[] ends) => Enumerable.Range(Whole(ends[0]), Whole(ends[^1]) - Whole(ends[0]) + 1);

        private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }
}
