using Registry.Api.Events;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Cases;

/// <summary>Cases.</summary>
internal sealed class CaseKind : RecordKind<CaseRecord>
{
    public override string Name => "case";

    public override string? RouteKey => null;

    public override string PathOf(RecordAddress address) => $"/api/v1/sites/{address.Site}/cases/{address.Case}";

    /// <summary>Everything that a case is read back with.</summary>
    public override IReadOnlyList<string> ReadOnlyMembers { get; } =
        ["site", "case", "timeZero", "ageYears", "etag", "schedule", "events", "assessments", "adverseEvents", "costs", "stays"];

    public override string PointerOf(ContradictionAbout about) => about switch
    {
        ContradictionAbout.Date => string.Empty,
        ContradictionAbout.EventType => "/procedure",
        ContradictionAbout.Sex => "/patient/sex",
        ContradictionAbout.BirthYear => "/patient/birthYear",
        ContradictionAbout.PrecedingCase => "/precedingCase",
        _ => throw new ArgumentOutOfRangeException(nameof(about), about, "not a subject of a contradiction"),
    };

    public override IEnumerable<Fault> Check(CaseChart chart, object content) =>
        chart.Events.Values.SelectMany(happened => EventKind.DetailsOfOtherProcedure(chart.Case.Procedure, happened)).Select(fault => fault with { Where = "/procedure" });

    protected override CaseRecord? Read(FieldReader fields, string? code)
    {
        var patient = fields.Object("patient", required: true);
        var reference = patient?.Identifier("reference", required: true);
        var sex = patient?.Code<Sex>("sex", required: true);
        var birthYear = patient?.Year("birthYear", Patient.BirthYearRange, required: true);
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

    /// <summary>The columns of a case besides its keys, in the order of <see cref="Values"/>.</summary>
    public static readonly IReadOnlyList<string> Columns =
        ["sex", "birth_year", "procedure_code", "indication", "pain_side", "pain_levels", "pain_duration_months"];

    /// <summary>The values of <see cref="Columns"/>.</summary>
    public static object?[] Values(CaseRecord content) =>
    [
        Code.Of(content.Patient.Sex),
        content.Patient.BirthYear,
        Code.Of(content.Procedure),
        Code.Of(content.Indication),
        Code.Of(content.PainSide),
        Joined(content.PainLevels),
        content.PainDurationMonths,
    ];

    /// <summary>Spinal levels as one column.</summary>
    public static string? Joined(IReadOnlyList<string>? levels) => levels is null ? null : string.Join(' ', levels);
}
