using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;
using Registry.Domain.Sites;
using AdverseEvent = Registry.Domain.AdverseEvents.AdverseEvent;

namespace Registry.Api.Demonstration;

/// <summary>One record as a site would send it.</summary>
internal sealed record SentRecord(RecordKind Kind, RecordAddress Address, object Content);

/// <summary>
/// A site with cases and all that is under them, as the site would send it: first the site, then each case before what it holds.
/// </summary>
internal sealed class RecordSet(RecordKinds kinds)
{
    private readonly List<SentRecord> _records = [];

    /// <summary>The records, in an order in which they can be sent.</summary>
    public IReadOnlyList<SentRecord> Records => _records;

    public void Site(SiteCode site, Site content) => _records.Add(new SentRecord(kinds.Site, new RecordAddress(site), content));

    public CaseRecords Case(SiteCode site, CaseCode @case, CaseRecord content)
    {
        _records.Add(new SentRecord(kinds.Case, new RecordAddress(site, @case), content));
        return new CaseRecords(this, kinds, site, @case);
    }

    /// <summary>Adds records under one case.</summary>
    internal sealed class CaseRecords(RecordSet set, RecordKinds kinds, SiteCode site, CaseCode @case)
    {
        public void Event(string code, TreatmentEvent content) => Add(kinds.Event, code, content);

        public void Assessment(Timepoint timepoint, Assessment content) => Add(kinds.Assessment, Code.Of(timepoint), content);

        public void AdverseEvent(string code, AdverseEvent content) => Add(kinds.AdverseEvent, code, content);

        public void Cost(string code, CostItem content) => Add(kinds.Cost, code, content);

        public void Stay(string code, HospitalStay content) => Add(kinds.Stay, code, content);

        private void Add(RecordKind kind, string code, object content) =>
            set._records.Add(new SentRecord(kind, new RecordAddress(site, @case, code), content));
    }
}
