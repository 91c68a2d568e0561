using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Costs;
using Registry.Domain.Recording;
using Registry.Domain.Sites;
using AdverseEvent = Registry.Domain.AdverseEvents.AdverseEvent;

namespace Registry.Api.Demonstration;

/// <summary>One record as a site would send it.</summary>
internal sealed record SentRecord(Resource Resource, ResourceAddress Address, object Content);

/// <summary>A site with cases and all that is under them, as the site would send it: first the site, then each case before what it holds.</summary>
internal sealed class RecordSet(Resources resources)
{
    private readonly List<SentRecord> _records = [];

    /// <summary>The records, in an order in which they can be sent.</summary>
    public IReadOnlyList<SentRecord> Records => _records;

    public void Site(string site, Site content) => _records.Add(new SentRecord(resources.Site, new ResourceAddress(site), content));

    public CaseRecords Case(string site, string @case, CaseRecord content)
    {
        _records.Add(new SentRecord(resources.Case, new ResourceAddress(site, @case), content));
        return new CaseRecords(this, resources, site, @case);
    }

    /// <summary>Adds records under one case.</summary>
    internal sealed class CaseRecords(RecordSet set, Resources resources, string site, string @case)
    {
        public void Event(string code, TreatmentEvent content) => Add(resources.Event, code, content);

        public void Assessment(Timepoint timepoint, Assessment content) => Add(resources.Assessment, Code.Of(timepoint), content);

        public void AdverseEvent(string code, AdverseEvent content) => Add(resources.AdverseEvent, code, content);

        public void Cost(string code, CostItem content) => Add(resources.Cost, code, content);

        public void Stay(string code, HospitalStay content) => Add(resources.Stay, code, content);

        private void Add(Resource resource, string code, object content) =>
            set._records.Add(new SentRecord(resource, new ResourceAddress(site, @case, code), content));
    }
}
