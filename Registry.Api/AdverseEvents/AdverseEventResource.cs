using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Recording;

namespace Registry.Api.AdverseEvents;

/// <summary>Adverse events.</summary>
internal sealed class AdverseEventResource : CaseResource<AdverseEvent>
{
    public override string Kind => Dossier.AdverseEventKind;

    public override string? RouteKey => "adverseEvent";

    public override string TableName => "adverse_event";

    public override string KeyColumn => "adverse_event_code";

    protected override string Folder => "adverse-events";

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

    protected override Task<IReadOnlyList<Fault>> Check(Session session, Dossier dossier, ResourceAddress address, AdverseEvent content) =>
        Task.FromResult(dossier.BeforeBirth(("/onsetOn", content.OnsetOn)));

    public override IReadOnlyDictionary<string, object?> Columns(AdverseEvent content) => new Dictionary<string, object?>
    {
        ["category"] = Code.Of(content.Category),
        ["term"] = content.Term,
        ["onset_on"] = content.OnsetOn,
        ["severity"] = Code.Of(content.Severity),
        ["is_serious"] = content.Serious ? 1 : 0,
        ["outcome"] = Code.Of(content.Outcome),
        ["resolved_on"] = content.ResolvedOn,
    };
}
