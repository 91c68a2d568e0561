using Registry.Api.AdverseEvents;
using Registry.Api.Assessments;
using Registry.Api.Cases;
using Registry.Api.Costs;
using Registry.Api.Events;
using Registry.Api.Sites;

namespace Registry.Api.Recording;

/// <summary>Every kind of record there is.</summary>
internal sealed class Resources
{
    public SiteResource Site { get; } = new();

    public CaseResource Case { get; } = new();

    public EventResource Event { get; } = new();

    public AssessmentResource Assessment { get; } = new();

    public AdverseEventResource AdverseEvent { get; } = new();

    public CostResource Cost { get; } = new();

    public StayResource Stay { get; } = new();
}
