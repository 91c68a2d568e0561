using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Cases;

namespace Registry.Api.AdverseEvents;

/// <summary>Adverse events.</summary>
internal sealed class AdverseEventKind() : CaseItemKind<AdverseEvent>(
    "adverse-event", key: "adverseEvent", table: "adverse_event", keyColumn: "adverse_event_code", folder: "adverse-events",
    date: "onsetOn")
{
    public override CaseChart Enter(CaseChart chart, IEnumerable<(string Code, object? Content)> changes) =>
        chart with { AdverseEvents = Changed(chart.AdverseEvents, changes, code => code) };
}
