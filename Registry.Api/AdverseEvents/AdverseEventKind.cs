using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Cases;
using Registry.Domain.Common;

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

    protected override AdverseEvent? Read(FieldReader fields, string? code)
    {
        var category = fields.Code<AdverseEventCategory>("category", required: true);
        var term = fields.Identifier("term", required: true);
        var onset = fields.Date("onsetOn", required: true);
        var severity = fields.Code<Severity>("severity", required: true);
        var serious = fields.Flag("serious", required: true);
        var outcome = fields.Code<AdverseEventOutcome>("outcome");
        var resolved = fields.Date("resolvedOn");
        if (resolved < onset)
        {
            fields.Refuse("resolvedOn", "out-of-order", $"'resolvedOn' is {resolved.Value.Iso()}, before the onset on {onset!.Value.Iso()}.", resolved.Value.Iso(), $"from {onset.Value.Iso()}");
        }

        return category is null || term is null || onset is null || severity is null || serious is null
            ? null
            : new AdverseEvent { Category = category.Value, Term = term, OnsetOn = onset.Value, Severity = severity.Value, Serious = serious.Value, Outcome = outcome, ResolvedOn = resolved };
    }

    public override CaseChart Enter(CaseChart chart, IEnumerable<(string Code, object? Content)> changes) =>
        chart with { AdverseEvents = Changed(chart.AdverseEvents, changes, code => code) };

    protected override IReadOnlyList<string> Columns { get; } = ["category", "term", "onset_on", "severity", "is_serious", "outcome", "resolved_on"];

    protected override object?[] Values(AdverseEvent content) =>
    [
        Code.Of(content.Category), content.Term, content.OnsetOn, Code.Of(content.Severity), content.Serious ? 1 : 0, Code.Of(content.Outcome), content.ResolvedOn,
    ];
}
