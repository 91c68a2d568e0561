using Registry.Api.Data;
using Registry.Api.Events;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Cases;
using Registry.Domain.Costs;
using Registry.Domain.Recording;

namespace Registry.Api.Cases;

/// <summary>Cases.</summary>
internal sealed class CaseResource : Resource<CaseRecord>
{
    public override string Kind => Dossier.CaseKind;

    public override bool MovesCounts => true;

    public override string? RouteKey => null;

    public override string PathOf(ResourceAddress address) => $"/api/v1/sites/{address.Site}/cases/{address.Case}";

    protected override CaseRecord? Read(FieldReader fields, string? code)
    {
        var patient = fields.Object("patient", required: true);
        var reference = patient?.Identifier("reference", required: true);
        var sex = patient?.Code<Sex>("sex", required: true);
        var birthYear = patient?.Whole("birthYear", new WholeRange(Patient.BirthYearRange.Min, fields.LastDay.Year), "calendar year", required: true);
        patient?.RefuseUnknown();

        var procedure = fields.Code<Procedure>("procedure", required: true);
        var indication = fields.Code<Indication>("indication", required: true);
        var side = fields.Code<PainSide>("painSide");
        var levels = fields.Levels("painLevels");
        var duration = fields.Whole("painDurationMonths", CaseRecord.PainDurationRange, "months");
        var preceding = fields.Identifier("precedingCase");
        return reference is null || sex is null || birthYear is null || procedure is null || indication is null
            ? null
            : new CaseRecord
            {
                Patient = new Patient { Reference = reference, Sex = sex.Value, BirthYear = birthYear.Value },
                Procedure = procedure.Value,
                Indication = indication.Value,
                PainSide = side,
                PainLevels = levels,
                PainDurationMonths = duration,
                PrecedingCase = preceding,
            };
    }

    protected override async Task<IReadOnlyList<Fault>> Check(Session session, Dossier dossier, ResourceAddress address, CaseRecord content)
    {
        var faults = new List<Fault>();
        if (dossier.HasCase)
        {
            faults.AddRange(dossier.NewContradictions(chart => chart with { Case = content }).Select(broken =>
                broken.AsFault(broken.AboutType ? "/procedure" : broken.Code == "before-birth-year" ? "/patient/birthYear" : string.Empty)));
            faults.AddRange(dossier.Chart.Events.Values.SelectMany(happened => EventResource.DetailsOfOtherProcedure(content.Procedure, happened)).Select(fault => fault with { Where = "/procedure" }));
            faults.AddRange(content.Patient.BeforeBirth([.. DaysBesideTheChart(dossier).Select(day => ("/patient/birthYear", day))]));
            faults.AddRange(await LaterCasesOfOtherPatients(session, address, content.Patient));
        }
        else
        {
            faults.AddRange(await DifferencesOfPatient(session, address, content.Patient));
        }

        if (content.PrecedingCase is { } preceding)
        {
            faults.AddRange(await FaultsOfPreceding(session, address, content, preceding));
            if (dossier.HasCase && dossier.Chart.Case.PrecedingCase != preceding)
            {
                faults.AddRange((await Pathway.Contradictions(session, address, preceding, dossier.Chart.TreatmentStart)).Select(broken => broken.AsFault("/precedingCase") with { Value = preceding }));
            }
        }

        return faults;
    }

    public override async Task<string?> Dependants(Session session, Dossier dossier, ResourceAddress address)
    {
        var under = new[] { Dossier.AssessmentKind, Dossier.EventKind, Dossier.AdverseEventKind, Dossier.CostKind, Dossier.StayKind }.Sum(kind => dossier.All(kind).Count());
        if (under > 0)
        {
            return FormattableString.Invariant($"Case '{address.Case}' holds {under} records. Retract them first.");
        }

        var later = await session.Query<string>(
            """
            SELECT n.case_code
            FROM treatment_case n
            JOIN treatment_case c ON c.case_id = n.preceding_case_id
            JOIN site s ON s.site_id = c.site_id
            WHERE s.site_code = @Site AND c.case_code = @Case
            """,
            address);
        return later.Count == 0 ? null : $"Case '{later[0]}' names case '{address.Case}' as its preceding case. Correct it first.";
    }

    protected override async Task Project(Session session, ResourceAddress address, CaseRecord content)
    {
        var row = new
        {
            address.Site,
            address.Case,
            content.Patient.Reference,
            Sex = Code.Of(content.Patient.Sex),
            content.Patient.BirthYear,
            Procedure = Code.Of(content.Procedure),
            Indication = Code.Of(content.Indication),
            PainSide = Code.Of(content.PainSide),
            PainLevels = Joined(content.PainLevels),
            content.PainDurationMonths,
            content.PrecedingCase,
        };
        var updated = await session.Execute(
            """
            UPDATE treatment_case SET
              patient_reference = @Reference, sex = @Sex, birth_year = @BirthYear, procedure_code = @Procedure, indication = @Indication,
              pain_side = @PainSide, pain_levels = @PainLevels, pain_duration_months = @PainDurationMonths,
              preceding_case_id = (SELECT p.case_id FROM treatment_case p WHERE p.site_id = treatment_case.site_id AND p.case_code = @PrecedingCase)
            WHERE case_code = @Case AND site_id = (SELECT s.site_id FROM site s WHERE s.site_code = @Site)
            """,
            row);
        if (updated == 0)
        {
            await session.Execute(
                """
                INSERT INTO treatment_case (site_id, case_code, patient_reference, sex, birth_year, procedure_code, indication, pain_side, pain_levels, pain_duration_months, preceding_case_id)
                SELECT s.site_id, @Case, @Reference, @Sex, @BirthYear, @Procedure, @Indication, @PainSide, @PainLevels, @PainDurationMonths,
                  (SELECT p.case_id FROM treatment_case p WHERE p.site_id = s.site_id AND p.case_code = @PrecedingCase)
                FROM site s
                WHERE s.site_code = @Site
                """,
                row);
        }
    }

    public override Task Remove(Session session, ResourceAddress address) =>
        session.Execute("DELETE FROM treatment_case WHERE case_code = @Case AND site_id = (SELECT s.site_id FROM site s WHERE s.site_code = @Site)", address);

    /// <summary>Spinal levels as one column.</summary>
    public static string? Joined(IReadOnlyList<string>? levels) => levels is null ? null : string.Join(' ', levels);

    private static async Task<IEnumerable<Fault>> DifferencesOfPatient(Session session, ResourceAddress address, Patient patient)
    {
        var others = await session.Query<PatientRow>(
            """
            SELECT c.case_code AS CaseCode, c.sex AS Sex, c.birth_year AS BirthYear
            FROM treatment_case c
            JOIN site s ON s.site_id = c.site_id
            WHERE s.site_code = @Site AND c.patient_reference = @Reference AND c.case_code <> @Case
              AND (c.sex <> @Sex OR c.birth_year <> @BirthYear)
            ORDER BY c.case_id
            """,
            new { address.Site, address.Case, patient.Reference, Sex = Code.Of(patient.Sex), patient.BirthYear });
        return others is not [var other, ..]
            ? []
            : new[] { ("/patient/sex", other.Sex, Code.Of(patient.Sex)), ("/patient/birthYear", other.BirthYear.ToString(System.Globalization.CultureInfo.InvariantCulture), patient.BirthYear.ToString(System.Globalization.CultureInfo.InvariantCulture)) }
                .Where(pair => pair.Item2 != pair.Item3)
                .Select(pair => new Fault(pair.Item1, "patient-differs", $"Patient '{patient.Reference}' is recorded with {pair.Item2} in case '{other.CaseCode}', and here with {pair.Item3}.", pair.Item3, pair.Item2));
    }

    private static IEnumerable<DateOnly?> DaysBesideTheChart(Dossier dossier) =>
    [
        .. dossier.All(Dossier.AdverseEventKind).Select(record => Json.Read<AdverseEvent>(record.Version.Content).OnsetOn),
        .. dossier.All(Dossier.CostKind).Select(record => Json.Read<CostItem>(record.Version.Content).IncurredOn),
        .. dossier.All(Dossier.StayKind).Select(record => Json.Read<HospitalStay>(record.Version.Content).AdmittedOn),
    ];

    private static async Task<IEnumerable<Fault>> LaterCasesOfOtherPatients(Session session, ResourceAddress address, Patient patient)
    {
        var later = await session.Query<LaterRow>(
            """
            SELECT n.case_code AS CaseCode, n.patient_reference AS Reference
            FROM treatment_case n
            JOIN treatment_case c ON c.case_id = n.preceding_case_id
            JOIN site s ON s.site_id = c.site_id
            WHERE s.site_code = @Site AND c.case_code = @Case AND n.patient_reference <> @Reference
            ORDER BY n.case_code
            """,
            new { address.Site, address.Case, patient.Reference });
        return later.Select(row => new Fault(
            "/patient/reference",
            "other-patient",
            $"Case '{row.CaseCode}' follows this one and is about patient '{row.Reference}', and this one would be about '{patient.Reference}'.",
            patient.Reference,
            row.Reference));
    }

    private static async Task<IReadOnlyList<Fault>> FaultsOfPreceding(Session session, ResourceAddress address, CaseRecord content, string preceding)
    {
        const string Where = "/precedingCase";
        var visited = new HashSet<string>(StringComparer.Ordinal) { address.Case };
        for (var next = preceding; next is not null;)
        {
            if (!visited.Add(next))
            {
                return [new Fault(Where, "circle-of-cases", $"Case '{address.Case}' would precede itself.", preceding)];
            }

            var row = await session.Single<PrecedingRow>(
                """
                SELECT c.patient_reference AS Reference, p.case_code AS Preceding
                FROM treatment_case c
                JOIN site s ON s.site_id = c.site_id
                LEFT JOIN treatment_case p ON p.case_id = c.preceding_case_id
                WHERE s.site_code = @Site AND c.case_code = @next
                """,
                new { address.Site, next });
            if (row is null)
            {
                return [new Fault(Where, "case-not-found", $"Case '{next}' is not known at site '{address.Site}'. Record it first.", next)];
            }

            if (row.Reference != content.Patient.Reference)
            {
                return [new Fault(Where, "other-patient", $"Case '{next}' is about patient '{row.Reference}', and this one about '{content.Patient.Reference}'.", next)];
            }

            next = row.Preceding;
        }

        var linked = await session.Query<LinkRow>(
            """
            SELECT c.case_code AS CaseCode, p.case_code AS Preceding
            FROM treatment_case c
            JOIN site s ON s.site_id = c.site_id
            LEFT JOIN treatment_case p ON p.case_id = c.preceding_case_id
            WHERE s.site_code = @Site AND c.patient_reference = @Reference AND c.case_code <> @Case
            """,
            new { address.Site, address.Case, content.Patient.Reference });
        var pathway = new LinkedCases([.. linked.Select(row => (row.CaseCode, row.Preceding)), (address.Case, preceding)]);
        return pathway.CountWith(address.Case) is var cases && cases > LinkedCases.MostCases
            ? [new Fault(
                Where,
                "pathway-too-long",
                FormattableString.Invariant($"The pathway of case '{address.Case}' would hold {cases} cases; it can hold {LinkedCases.MostCases}."),
                preceding,
                FormattableString.Invariant($"up to {LinkedCases.MostCases} cases"))]
            : [];
    }

    private sealed record PatientRow
    {
        public string CaseCode { get; init; } = string.Empty;

        public string Sex { get; init; } = string.Empty;

        public int BirthYear { get; init; }
    }

    private sealed record LaterRow
    {
        public string CaseCode { get; init; } = string.Empty;

        public string Reference { get; init; } = string.Empty;
    }

    private sealed record LinkRow
    {
        public string CaseCode { get; init; } = string.Empty;

        public string? Preceding { get; init; }
    }

    private sealed record PrecedingRow
    {
        public string Reference { get; init; } = string.Empty;

        public string? Preceding { get; init; }
    }
}
