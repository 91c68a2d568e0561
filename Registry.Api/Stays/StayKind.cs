using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Costs;

namespace Registry.Api.Stays;

/// <summary>Stays in hospital.</summary>
internal sealed class StayKind()
    : CaseItemKind<HospitalStay>("stay", key: "stay", table: "hospital_stay", keyColumn: "stay_code", folder: "stays", date: "admittedOn")
{
    public override CaseChart Enter(CaseChart chart, IEnumerable<(string Code, object? Content)> changes) =>
        chart with { Stays = Changed(chart.Stays, changes, code => code) };
}
