using Registry.Api.Cases;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Recording;

namespace Registry.Api.Events;

/// <summary>Treatment events.</summary>
internal sealed class EventResource : CaseResource<TreatmentEvent>
{
    public override string Kind => Dossier.EventKind;

    public override bool MovesCounts => true;

    public override string? RouteKey => "event";

    public override string TableName => "treatment_event";

    public override string KeyColumn => "event_code";

    protected override string Folder => "events";

    protected override TreatmentEvent? Read(FieldReader fields, string? code)
    {
        var type = fields.Code<EventType>("type", required: true);
        var occurredOn = fields.Date("occurredOn", required: true);

        // Without a type no detail can be said to be out of place.
        var details = type is { } known ? EventDetail.Allowed(known) : [.. Enum.GetValues<EventType>().SelectMany(EventDetail.Allowed)];
        bool Takes(string member) => details.Contains(member);
        bool Needs(string member) => type is { } given && EventDetail.Required(given).Contains(member);

        var lead = Takes("lead") ? fields.Code<LeadType>("lead") : null;
        var outcome = Takes("outcome") ? fields.Code<TrialOutcome>("outcome", Needs("outcome")) : null;
        var relief = Takes("reliefPercent") ? fields.Whole("reliefPercent", TreatmentEvent.ReliefRange, "percent of baseline") : null;
        var threshold = Takes("threshold") ? fields.Whole("threshold", TreatmentEvent.ThresholdRange, "percent of baseline") : null;
        var generator = Takes("generator") ? fields.Code<GeneratorType>("generator") : null;
        var reason = Takes("reason") ? fields.Code<ExplantReason>("reason", Needs("reason")) : null;
        var permanent = Takes("permanent") ? fields.Flag("permanent", Needs("permanent")) : null;
        var levels = Takes("levels") ? fields.Levels("levels") : null;
        var depth = Takes("depthMm") ? fields.Decimal("depthMm", TreatmentEvent.DepthRange.Min, TreatmentEvent.DepthRange.Max, 1, "millimetres") : null;
        var angle = Takes("angleDegrees") ? fields.Decimal("angleDegrees", TreatmentEvent.AngleRange.Min, TreatmentEvent.AngleRange.Max, 1, "degrees") : null;
        var side = Takes("side") ? fields.Code<LesionSide>("side") : null;
        var guidance = Takes("guidance") ? fields.Code<LesionGuidance>("guidance") : null;
        return type is null || occurredOn is null
            ? null
            : new TreatmentEvent
            {
                Type = type.Value,
                OccurredOn = occurredOn.Value,
                Lead = lead,
                Outcome = outcome,
                ReliefPercent = relief,
                Threshold = threshold,
                Generator = generator,
                Reason = reason,
                Permanent = permanent,
                Levels = levels,
                DepthMm = depth,
                AngleDegrees = angle,
                Side = side,
                Guidance = guidance,
            };
    }

    protected override async Task<IReadOnlyList<Fault>> Check(Session session, Dossier dossier, ResourceAddress address, TreatmentEvent content)
    {
        var changed = dossier.Chart with { Events = dossier.Chart.Events.With(address.Code!, content) };
        return
        [
            .. dossier.NewContradictions(_ => changed).Select(broken => broken.AsFault(broken.AboutType ? "/type" : "/occurredOn")),
            .. DetailsOfOtherProcedure(dossier.Chart.Case.Procedure, content),
            .. (await Pathway.NewContradictions(session, address, dossier.Chart, changed)).Select(broken => broken.AsFault("/occurredOn") with { Value = content.OccurredOn.Iso() }),
        ];
    }

    public override async Task<string?> Dependants(Session session, Dossier dossier, ResourceAddress address)
    {
        var changed = dossier.Chart with { Events = dossier.Chart.Events.Without(address.Code!) };
        return dossier.NewContradictions(_ => changed).Concat(await Pathway.NewContradictions(session, address, dossier.Chart, changed)).FirstOrDefault()?.Detail;
    }

    public override IReadOnlyDictionary<string, object?> Columns(TreatmentEvent content) => new Dictionary<string, object?>
    {
        ["event_type"] = Code.Of(content.Type),
        ["occurred_on"] = content.OccurredOn,
        ["lead_type"] = Code.Of(content.Lead),
        ["outcome"] = Code.Of(content.Outcome),
        ["relief_percent"] = content.ReliefPercent,
        ["threshold_percent"] = content.Threshold,
        ["generator_type"] = Code.Of(content.Generator),
        ["explant_reason"] = Code.Of(content.Reason),
        ["is_permanent"] = content.Permanent is { } permanent ? permanent ? 1 : 0 : null,
        ["levels"] = CaseResource.Joined(content.Levels),
        ["depth_mm"] = content.DepthMm,
        ["angle_degrees"] = content.AngleDegrees,
        ["lesion_side"] = Code.Of(content.Side),
        ["guidance"] = Code.Of(content.Guidance),
    };

    /// <summary>The details that a case of this procedure does not have.</summary>
    public static IEnumerable<Fault> DetailsOfOtherProcedure(Procedure procedure, TreatmentEvent content) =>
        from detail in new (string Member, bool IsStated, Procedure Procedure)[]
        {
            ("depthMm", content.DepthMm is not null, Procedure.Drez),
            ("angleDegrees", content.AngleDegrees is not null, Procedure.Drez),
            ("side", content.Side is not null, Procedure.Cordotomy),
            ("guidance", content.Guidance is not null, Procedure.Cordotomy),
        }
        where detail.IsStated && procedure != detail.Procedure
        select new Fault("/" + detail.Member, "detail-not-of-procedure", $"'{detail.Member}' belongs to {Code.Of(detail.Procedure)}, and this is a case of {Code.Of(procedure)}.");
}
