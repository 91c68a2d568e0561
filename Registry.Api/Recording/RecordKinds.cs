using Registry.Api.AdverseEvents;
using Registry.Api.Assessments;
using Registry.Api.Cases;
using Registry.Api.Costs;
using Registry.Api.Events;
using Registry.Api.Sites;
using Registry.Api.Stays;

namespace Registry.Api.Recording;

/// <summary>Every kind of record there is.</summary>
internal sealed class RecordKinds
{
    private readonly Dictionary<string, RecordKind> _byKind;

    public RecordKinds() => _byKind = All.ToDictionary(kind => kind.Name);

    public SiteKind Site { get; } = new();
    public CaseKind Case { get; } = new();
    public EventKind Event { get; } = new();
    public AssessmentKind Assessment { get; } = new();
    public AdverseEventKind AdverseEvent { get; } = new();
    public CostKind Cost { get; } = new();
    public StayKind Stay { get; } = new();

    /// <summary>All of them.</summary>
    public IReadOnlyList<RecordKind> All => [Site, Case, .. UnderCase];

    /// <summary>Those whose records lie under a case.</summary>
    public IReadOnlyList<RecordKind> UnderCase => [Event, Assessment, AdverseEvent, Cost, Stay];

    /// <summary>The kind of a name, as stored.</summary>
    public RecordKind Of(string kind) => _byKind[kind];
}
