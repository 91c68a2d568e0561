using Registry.Domain.Analysis;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>A record as it is stored.</summary>
/// <param name="Version">The newest version, be it a retraction.</param>
/// <param name="Content">Its content, read.</param>
/// <param name="Earlier">The versions before it, oldest first.</param>
internal sealed record StoredRecord(RecordedVersion Version, object Content, IReadOnlyList<RecordedVersion> Earlier);

/// <summary>Everything recorded of one case: the newest version of each record. Immutable.</summary>
internal sealed class CaseRecords
{
    private readonly Dictionary<(RecordKind Kind, string Code), StoredRecord> _records;

    private CaseRecords(int number, CaseCode code, Dictionary<(RecordKind Kind, string Code), StoredRecord> records, CaseChart? chart) =>
        (Number, Code, _records, Chart) = (number, code, records, chart);

    /// <summary>The registry's own number of the case; 0 while there is no case.</summary>
    public int Number { get; }

    /// <summary>The site's own case number; none for the records of the site itself.</summary>
    public CaseCode Code { get; }

    /// <summary>The case with what is under it; null when it was never recorded, or was retracted.</summary>
    public CaseChart? Chart { get; }

    /// <summary>How many records there are under the case, without those that were retracted.</summary>
    public int Count => _records.Count(pair => pair.Key.Kind.IsUnderCase && !pair.Value.Version.Retracted);

    /// <summary>A case of which nothing was ever recorded.</summary>
    public static CaseRecords Empty(CaseCode code) => new(0, code, [], null);

    /// <summary>A case with these records.</summary>
    public static CaseRecords Of(int number, CaseCode code, IEnumerable<(RecordKind Kind, string Code, StoredRecord Record)> records)
    {
        var all = records.ToDictionary(record => (record.Kind, record.Code), record => record.Record);
        return new CaseRecords(number, code, all, ChartOf(all));
    }

    /// <summary>The newest version of a record, be it a retraction; null when nothing was ever recorded.</summary>
    public StoredRecord? Latest(RecordKind kind, string code) => _records.GetValueOrDefault((kind, code));

    /// <summary>The newest version of a record; null when there is none or it was retracted.</summary>
    public RecordedVersion? Current(RecordKind kind, string code) =>
        Latest(kind, code)?.Version is { Retracted: false } version ? version : null;

    /// <summary>Every record of a kind that was not retracted, by its key.</summary>
    public IEnumerable<(string Code, StoredRecord Record)> All(RecordKind kind) =>
        _records.Where(pair => pair.Key.Kind == kind && !pair.Value.Version.Retracted)
            .OrderBy(pair => pair.Key.Code, StringComparer.Ordinal)
            .Select(pair => (pair.Key.Code, pair.Value));

    /// <summary>Every record of a kind with all its versions, those that were retracted included.</summary>
    public IEnumerable<(string Code, StoredRecord Record)> Ever(RecordKind kind) =>
        from pair in _records
        where pair.Key.Kind == kind
        select (pair.Key.Code, pair.Value);

    /// <summary>The same case once a further version of a record is stored.</summary>
    public CaseRecords With(RecordKind kind, string code, RecordedVersion version, object content)
    {
        var before = Latest(kind, code);
        var records = new Dictionary<(RecordKind, string), StoredRecord>(_records)
        {
            [(kind, code)] = new(version, content, before is null ? [] : [.. before.Earlier, before.Version]),
        };
        var chart = Chart is null || !kind.IsUnderCase ? ChartOf(records) : kind.Enter(Chart, [(code, version.Retracted ? null : content)]);
        return new CaseRecords(Number, Code, records, chart);
    }

    /// <summary>The same case under its number.</summary>
    public CaseRecords Numbered(int number) => new(number, Code, _records, Chart);

    private static CaseChart? ChartOf(Dictionary<(RecordKind Kind, string Code), StoredRecord> records)
    {
        var current = records.Where(pair => !pair.Value.Version.Retracted).ToList();
        return current.Select(pair => pair.Value.Content).OfType<CaseRecord>().FirstOrDefault() is not { } found
            ? null
            : current.Where(pair => pair.Key.Kind.IsUnderCase)
                .GroupBy(pair => pair.Key.Kind)
                .Aggregate(
                    CaseChart.Of(found),
                    (chart, kind) => kind.Key.Enter(chart, kind.Select(pair => (pair.Key.Code, (object?)pair.Value.Content))));
    }
}

/// <summary>Everything recorded of one person at one site, and what follows from it. Immutable.</summary>
internal sealed class PersonRecords
{
    private readonly Lazy<PersonAnalysis> _analysis;

    public PersonRecords(
        int number, long stamp, SiteCode site, string reference, IEnumerable<CaseRecords> cases, PersonRecords? before = null)
    {
        (Number, Stamp, Site, Reference) = (number, stamp, site, reference);
        Cases = [.. cases.OrderBy(one => one.Number)];
        Person = new Person(number, site, [.. Cases.Select(one => new PersonCase(one.Number, one.Code, one.Chart!))]);
        _analysis = new Lazy<PersonAnalysis>(
            () => Derivation.Derive(Person, before?._analysis is { IsValueCreated: true } known ? known.Value : PersonAnalysis.None));
    }

    /// <summary>The registry's own number of the person.</summary>
    public int Number { get; }

    /// <summary>
    /// Another number whenever anything of the person is recorded: what is kept is current as long as the database has the same.
    /// </summary>
    public long Stamp { get; }

    /// <summary>The site.</summary>
    public SiteCode Site { get; }

    /// <summary>The site's own reference of the patient.</summary>
    public string Reference { get; }

    /// <summary>The cases, in the order of their numbers; each has a chart.</summary>
    public IReadOnlyList<CaseRecords> Cases { get; }

    /// <summary>The person as the rules see it.</summary>
    public Person Person { get; }

    /// <summary>The rows of the analysis tables.</summary>
    public PersonAnalysis Analysis => _analysis.Value;

    /// <summary>The case with this number of the site's; null when it is not one of this person.</summary>
    public CaseRecords? Case(CaseCode code) => Cases.FirstOrDefault(one => one.Code == code);

    /// <summary>The same person with a case added, or in place of the one with the same code.</summary>
    public PersonRecords With(CaseRecords changed, long stamp) =>
        new(Number, stamp, Site, Reference, [.. Cases.Where(one => one.Code != changed.Code), changed], this);

    /// <summary>The same person without a case.</summary>
    public PersonRecords Without(CaseCode code, long stamp) =>
        new(Number, stamp, Site, Reference, Cases.Where(one => one.Code != code), this);

    /// <summary>The same person under its number in the registry.</summary>
    public PersonRecords Numbered(int number) => new(number, Stamp, Site, Reference, Cases, this);

    /// <summary>What contradicts what: within the case, and among the cases.</summary>
    public IEnumerable<Contradiction> Contradictions(CaseCode code) =>
        (Case(code)?.Chart?.Contradictions() ?? []).Concat(PersonRules.Contradictions(Person));
}
