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
    private readonly Dictionary<string, Resource> _byKind;

    public Resources() => _byKind = new Resource[] { Site, Case, Event, Assessment, AdverseEvent, Cost, Stay }.ToDictionary(resource => resource.Kind);

    public SiteResource Site { get; } = new();

    public CaseResource Case { get; } = new();

    public EventResource Event { get; } = new();

    public AssessmentResource Assessment { get; } = new();

    public AdverseEventResource AdverseEvent { get; } = new();

    public CostResource Cost { get; } = new();

    public StayResource Stay { get; } = new();

    /// <summary>The kind of a name, as stored.</summary>
    public Resource Of(string kind) => _byKind[kind];
}
