using Registry.Api.Cases;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Events;

/// <summary>Treatment events.</summary>
internal sealed class EventKind : CaseItemKind<TreatmentEvent>
{
    public override string Name => "event";

    public override string? RouteKey => "event";

    public override string TableName => "treatment_event";

    public override string KeyColumn => "event_code";

    protected override string Folder => "events";

    protected override string DateMember => "occurredOn";

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

    public override CaseChart Enter(CaseChart chart, IEnumerable<(string Code, object? Content)> changes) =>
        chart with { Events = Changed(chart.Events, changes, code => code) };

    public override IEnumerable<Fault> Check(CaseChart chart, object content) => DetailsOfOtherProcedure(chart.Case.Procedure, (TreatmentEvent)content);

    public override string PointerOf(ContradictionAbout about) => about == ContradictionAbout.EventType ? "/type" : base.PointerOf(about);

    protected override IReadOnlyList<string> Columns { get; } =
    [
        "event_type", "occurred_on", "lead_type", "outcome", "relief_percent", "threshold_percent", "generator_type", "explant_reason", "is_permanent",
        "levels", "depth_mm", "angle_degrees", "lesion_side", "guidance",
    ];

    protected override object?[] Values(TreatmentEvent content) =>
    [
        Code.Of(content.Type),
        content.OccurredOn,
        Code.Of(content.Lead),
        Code.Of(content.Outcome),
        content.ReliefPercent,
        content.Threshold,
        Code.Of(content.Generator),
        Code.Of(content.Reason),
        content.Permanent is { } permanent ? permanent ? 1 : 0 : null,
        CaseKind.Joined(content.Levels),
        content.DepthMm,
        content.AngleDegrees,
        Code.Of(content.Side),
        Code.Of(content.Guidance),
    ];

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
