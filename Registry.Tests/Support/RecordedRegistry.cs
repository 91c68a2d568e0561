using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;
using Registry.Domain.Sites;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Support;

/// <summary>A case with all that a site recorded under it, in plain lists.</summary>
internal sealed record RecordedCase(string Site, string Code, CaseRecord Record)
{
    public List<TreatmentEvent> Events { get; } = [];
    public Dictionary<Timepoint, Assessment> Assessments { get; } = [];
    public List<AdverseEvent> AdverseEvents { get; } = [];
    public List<CostItem> Costs { get; } = [];
    public List<HospitalStay> Stays { get; } = [];
}

/// <summary>A site, and which day it is there.</summary>
/// <param name="Code">The site's own code.</param>
/// <param name="TimeZone">The IANA name of its time zone; null where none is recorded, and the day is that of UTC.</param>
/// <param name="Today">The day at the site.</param>
internal sealed record RecordedSite(string Code, string? TimeZone, DateOnly Today);

/// <summary>Sites and cases as they are to be recorded: a preceding case comes before the one that follows it.</summary>
internal sealed record RecordedRegistry(IReadOnlyList<RecordedSite> Sites, IReadOnlyList<RecordedCase> Cases)
{
    /// <summary>Everything, in an order in which it can be sent.</summary>
    public IReadOnlyList<SentRecord> Records(RecordKinds kinds)
    {
        var set = new RecordSet(kinds);
        foreach (var site in Sites)
        {
            set.Site(SiteCode.Of(site.Code), new Site { Name = $"Site {site.Code}", Country = "KI", TimeZone = site.TimeZone });
        }

        foreach (var recorded in Cases)
        {
            Add(set.Case(SiteCode.Of(recorded.Site), CaseCode.Of(recorded.Code), recorded.Record), recorded);
        }

        return set.Records;
    }

    private static void Add(RecordSet.CaseRecords records, RecordedCase recorded)
    {
        foreach (var (number, happened) in recorded.Events.OrderBy(happened => happened.OccurredOn).Index())
        {
            records.Event(FormattableString.Invariant($"{number}-{Code.Of(happened.Type)}"), happened);
        }

        foreach (var (timepoint, assessment) in recorded.Assessments)
        {
            records.Assessment(timepoint, assessment);
        }

        foreach (var (number, suffered) in recorded.AdverseEvents.Index())
        {
            records.AdverseEvent(FormattableString.Invariant($"adverse-event-{number}"), suffered);
        }

        foreach (var (number, cost) in recorded.Costs.Index())
        {
            records.Cost(FormattableString.Invariant($"cost-{number}"), cost);
        }

        foreach (var (number, stay) in recorded.Stays.Index())
        {
            records.Stay(FormattableString.Invariant($"stay-{number}"), stay);
        }
    }
}
