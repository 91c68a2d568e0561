using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Cases;

namespace Registry.Api.AdverseEvents;

/// <summary>Adverse events.</summary>
internal sealed class AdverseEventKind : CaseItemKind<AdverseEvent>
{
    public override string Name => "adverse-event";

    public override string? RouteKey => "adverseEvent";

    public override string TableName => "adverse_event";

    public override string KeyColumn => "adverse_event_code";

    protected override string Folder => "adverse-events";

    protected override string DateMember => "onsetOn";

    public override CaseChart Enter(CaseChart chart, IEnumerable<(string Code, object? Content)> changes) =>
        chart with { AdverseEvents = Changed(chart.AdverseEvents, changes, code => code) };
}
