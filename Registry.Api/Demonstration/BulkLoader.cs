using Registry.Api.Cases;
using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Recording;
using Registry.Domain.Sites;

namespace Registry.Api.Demonstration;

/// <summary>
/// Puts many new records into the tables at once, past the write rule: the same rows that recording them one by one
/// would leave. For records that are known to be new and right, in a database that nobody else is writing to.
/// </summary>
internal sealed class BulkLoader(IDatabase database, TimeProvider clock)
{
    private const string By = "seeder";

    private static readonly string[] VersionColumns =
        ["site_code", "case_code", "kind", "resource_code", "version", "content", "is_retracted", "recorded_at", "recorded_by"];

    private static readonly string[] CaseColumns =
        ["case_id", "site_id", "case_code", "patient_reference", "sex", "birth_year", "procedure_code", "indication", "pain_side", "pain_levels", "pain_duration_months", "preceding_case_id"];

    private readonly Dictionary<string, int> _sites = [];
    private readonly Dictionary<(string Site, string Case), int> _cases = [];
    private int _lastCase;

    /// <summary>Finds out what is there already. Called once, first.</summary>
    public async Task Begin(CancellationToken cancellation)
    {
        var (sites, lastCase) = await database.Read(
            async session => (
                await session.Query<SiteRow>("SELECT site_id AS Id, site_code AS Code FROM site"),
                await session.Single<int>("SELECT COALESCE(MAX(case_id), 0) FROM treatment_case")),
            cancellation);
        foreach (var site in sites)
        {
            _sites[site.Code] = site.Id;
        }

        _lastCase = lastCase;
    }

    /// <summary>Whether the registry knows a site.</summary>
    public bool Knows(string site) => _sites.ContainsKey(site);

    /// <summary>Adds the records in one transaction.</summary>
    public async Task Load(IReadOnlyList<SentRecord> records, CancellationToken cancellation)
    {
        var at = Recorder.Instant(clock.GetUtcNow());
        var siteRows = new List<object?[]>();
        var caseRows = new List<object?[]>();
        var versionRows = new List<object?[]>(records.Count);
        var under = new Dictionary<string, (IReadOnlyList<string> Columns, List<object?[]> Rows)>();
        foreach (var (resource, address, content) in records)
        {
            versionRows.Add([address.Site, address.Case, resource.Kind, address.Code, 1, resource.Canonical(content), 0, at, By]);
            switch (content)
            {
                case Site site:
                    siteRows.Add([_sites[address.Site] = _sites.Count + 1, address.Site, site.Name, site.Country, site.TimeZone]);
                    break;
                case CaseRecord record:
                    caseRows.Add(CaseRow(address, record));
                    break;
                default:
                    var row = resource.RowOf(_cases[(address.Site, address.Case)], address.Code!, content);
                    if (!under.TryGetValue(row.Name, out var table))
                    {
                        under[row.Name] = table = (row.Columns, []);
                    }

                    table.Rows.AddRange(row.Rows);
                    break;
            }
        }

        await database.Load(
            [
                new Table("site", ["site_id", "site_code", "name", "country", "time_zone"], siteRows),
                new Table("treatment_case", CaseColumns, caseRows),
                .. under.Select(pair => new Table(pair.Key, pair.Value.Columns, pair.Value.Rows)),
                new Table("resource_version", VersionColumns, versionRows),
                new Table("changed_case", ["case_id"], [.. ChangedBy(records).Select(changed => (object?[])[changed])]),
            ],
            cancellation);
        await CountChanges(records, cancellation);
    }

    // What counts for the case that it follows depends on a case, too.
    private IEnumerable<int> ChangedBy(IReadOnlyList<SentRecord> records) =>
        records.Where(record => record.Resource.MovesCounts)
            .SelectMany(record => record.Content is CaseRecord { PrecedingCase: { } preceding } ? [record.Address.Case, preceding] : new[] { record.Address.Case }, (record, code) => _cases[(record.Address.Site, code)])
            .Distinct();

    private object?[] CaseRow(ResourceAddress address, CaseRecord record)
    {
        _cases[(address.Site, address.Case)] = ++_lastCase;
        return
        [
            _lastCase,
            _sites[address.Site],
            address.Case,
            record.Patient.Reference,
            Code.Of(record.Patient.Sex),
            record.Patient.BirthYear,
            Code.Of(record.Procedure),
            Code.Of(record.Indication),
            Code.Of(record.PainSide),
            CaseResource.Joined(record.PainLevels),
            record.PainDurationMonths,
            record.PrecedingCase is { } preceding ? _cases[(address.Site, preceding)] : null,
        ];
    }

    private Task<bool> CountChanges(IReadOnlyList<SentRecord> records, CancellationToken cancellation)
    {
        var changes = records.CountBy(record => (record.Address.Site, record.Resource.Kind)).ToList();
        return database.Write(
            [.. changes.Select(pair => pair.Key.Site).Distinct()],
            async session =>
            {
                foreach (var ((site, kind), count) in changes)
                {
                    await Recorder.CountChanges(session, site, kind, count);
                }

                return true;
            },
            cancellation);
    }

    private sealed record SiteRow
    {
        public int Id { get; init; }

        public string Code { get; init; } = string.Empty;
    }
}
