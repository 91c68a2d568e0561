using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Costs;

namespace Registry.Api.Stays;

/// <summary>Stays in hospital.</summary>
internal sealed class StayKind : CaseItemKind<HospitalStay>
{
    public override string Name => "stay";

    public override string? RouteKey => "stay";

    public override string TableName => "hospital_stay";

    public override string KeyColumn => "stay_code";

    protected override string Folder => "stays";

    protected override string DateMember => "admittedOn";

    protected override HospitalStay? Read(FieldReader fields, string? code)
    {
        var admitted = fields.Date("admittedOn", required: true);
        var discharged = fields.Date("dischargedOn", required: true);
        if (discharged < admitted)
        {
            fields.Refuse("dischargedOn", "out-of-order", $"'dischargedOn' is {discharged.Value.Iso()}, before the admission on {admitted!.Value.Iso()}.", discharged.Value.Iso(), $"from {admitted.Value.Iso()}");
        }

        return admitted is null || discharged is null ? null : new HospitalStay { AdmittedOn = admitted.Value, DischargedOn = discharged.Value };
    }

    public override CaseChart Enter(CaseChart chart, IEnumerable<(string Code, object? Content)> changes) =>
        chart with { Stays = Changed(chart.Stays, changes, code => code) };

    protected override IReadOnlyList<string> Columns { get; } = ["admitted_on", "discharged_on"];

    protected override object?[] Values(HospitalStay content) => [content.AdmittedOn, content.DischargedOn];
}
