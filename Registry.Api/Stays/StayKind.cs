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

    public override CaseChart Enter(CaseChart chart, IEnumerable<(string Code, object? Content)> changes) =>
        chart with { Stays = Changed(chart.Stays, changes, code => code) };
}
