using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Costs;
using Registry.Domain.Recording;

namespace Registry.Api.Costs;

/// <summary>Stays in hospital.</summary>
internal sealed class StayResource : CaseResource<HospitalStay>
{
    public override string Kind => Dossier.StayKind;

    public override string? RouteKey => "stay";

    public override string TableName => "hospital_stay";

    public override string KeyColumn => "stay_code";

    protected override string Folder => "stays";

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

    protected override Task<IReadOnlyList<Fault>> Check(Session session, Dossier dossier, ResourceAddress address, HospitalStay content) =>
        Task.FromResult(dossier.BeforeBirth(("/admittedOn", content.AdmittedOn)));

    public override IReadOnlyDictionary<string, object?> Columns(HospitalStay content) => new Dictionary<string, object?>
    {
        ["admitted_on"] = content.AdmittedOn,
        ["discharged_on"] = content.DischargedOn,
    };
}
