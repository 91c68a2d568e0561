using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Costs;
using Registry.Domain.Sites;
using Code = Registry.Domain.Recording.Code;

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

/// <summary>Sites and cases as they are to be recorded: a preceding case comes before the one that follows it.</summary>
internal sealed record RecordedRegistry(IReadOnlyList<string> Sites, IReadOnlyList<RecordedCase> Cases)
{
    /// <summary>A place where the day is a day ahead of UTC, for most of the day.</summary>
    private const string FarEast = "Pacific/Kiritimati";

    /// <summary>Everything, in an order in which it can be sent.</summary>
    public IReadOnlyList<SentRecord> Records(Resources resources)
    {
        var set = new RecordSet(resources);
        foreach (var site in Sites)
        {
            set.Site(site, new Site { Name = $"Site {site}", Country = "KI", TimeZone = FarEast });
        }

        foreach (var recorded in Cases)
        {
            Add(set.Case(recorded.Site, recorded.Code, recorded.Record), recorded);
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
