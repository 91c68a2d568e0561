using Registry.Api.Access;
using Registry.Api.Audit;
using Registry.Api.Cases;
using Registry.Api.Data;
using Registry.Api.Patients;
using Registry.Api.Recording;
using Registry.Domain.Analysis;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Sites;

namespace Registry.Api.Demonstration;

/// <summary>
/// Puts many new records into the tables at once, past the write rule: the same rows that recording them one by one
/// would leave. For records that are known to be new and right, in a database that nobody else is writing to. All records of
/// one person come in one load.
/// </summary>
internal sealed class BulkLoader(IDatabase database, TimeProvider clock)
{
    private static readonly Sender By = new(ReservedNames.Seeder);

    private static readonly string[] VersionColumns =
        [
            "site_code", "case_code", "kind", "resource_code", "version", "content", "is_retracted", "recorded_at", "recorded_by",
            "change_number", "hash",
        ];

    private readonly Dictionary<SiteCode, int> _sites = [];
    private readonly Dictionary<SiteCode, Head> _heads = [];
    private int _lastCase;
    private int _lastPerson;

    /// <summary>Finds out what is there already. Called once, first.</summary>
    public async Task Begin(CancellationToken cancellation)
    {
        var (sites, heads, lastCase, lastPerson) = await database.Read(
            async session => (
                await session.Query<Known>("SELECT site_id AS Number, site_code AS Code FROM site"),
                await Heads.OfSites(session),
                await session.Single<int>("SELECT COALESCE(MAX(case_id), 0) FROM treatment_case"),
                await session.Single<int>("SELECT COALESCE(MAX(person_id), 0) FROM person")),
            cancellation);
        foreach (var site in sites)
        {
            _sites[site.Code] = (int)site.Number;
        }

        foreach (var (site, head) in heads)
        {
            _heads[SiteCode.Of(site)] = head;
        }

        (_lastCase, _lastPerson) = (lastCase, lastPerson);
    }

    /// <summary>Whether the registry knows a site.</summary>
    public bool Knows(SiteCode site) => _sites.ContainsKey(site);

    /// <summary>Adds the records in one transaction.</summary>
    public async Task Load(IReadOnlyList<SentRecord> records, CancellationToken cancellation)
    {
        var prepared = Prepare(records);
        await database.Load(prepared.Tables, cancellation);
        await MoveHeads(prepared.Heads, cancellation);
    }

    /// <summary>Adds what was prepared, part by part.</summary>
    public async Task Load(IAsyncEnumerable<Prepared> parts, CancellationToken cancellation)
    {
        var heads = new Dictionary<SiteCode, Head>();
        await database.Load(
            parts.Select(part =>
            {
                foreach (var (site, head) in part.Heads)
                {
                    heads[site] = head;
                }

                return part.Tables;
            }),
            cancellation);
        await MoveHeads([.. heads], cancellation);
    }

    /// <summary>The rows of records, to be added in the order in which they are prepared.</summary>
    public Prepared Prepare(IReadOnlyList<SentRecord> records)
    {
        var (at, tables) = (Recorder.Instant(clock.GetUtcNow()), new Tables());
        var cases = records.Where(record => record.Kind.IsUnderSite)
            .GroupBy(record => (record.Address.Site, record.Address.Case))
            .Select(group => new LoadedCase(group.Key.Site, [.. group]))
            .ToList();
        var persons = cases.GroupBy(one => (one.Site, one.Record.Patient.Reference))
            .Select(person => (Number: ++_lastPerson, person.Key.Site, person.Key.Reference, Cases: person.ToList()))
            .ToList();
        var numbers = persons.SelectMany(person => person.Cases.Select(one => (one.Site, one.Code, person.Number)))
            .ToDictionary(one => (one.Site, one.Code), one => one.Number);
        foreach (var (kind, address, content) in records)
        {
            var (head, canonical) = (_heads.GetValueOrDefault(address.Site, Head.None), kind.Canonical(content));
            var row = new ChainedVersion(
                address.Site.ToString(),
                head.Number + 1,
                address.CaseColumn,
                kind.Name,
                address.Code!,
                1,
                content is CaseRecord ? PatientToken.Hide(canonical, numbers[(address.Site, address.Case)]) : canonical,
                false,
                at,
                By,
                null);
            var hash = Chain.Of(head.Hash, row);
            _heads[address.Site] = new Head(row.Change, hash);
            tables.Add(
                "resource_version",
                VersionColumns,
                [row.Site, row.Case, row.Kind, row.Code, row.Version, row.Content, 0, at, By.Name, row.Change, hash]);
            if (content is Site site)
            {
                _sites[address.Site] = _sites.Count + 1;
                tables.Add(
                    "site",
                    ["site_id", "site_code", .. FieldSet<Site>.Declared.ColumnNames],
                    FieldSet<Site>.Declared.Row(site, _sites[address.Site], address.Site));
            }
        }

        foreach (var (number, site, reference, all) in persons)
        {
            AddPerson(tables, number, site, reference, all);
        }

        return new Prepared(
            tables.InOrder,
            [.. records.Select(record => record.Address.Site).Distinct().Select(site => KeyValuePair.Create(site, _heads[site]))]);
    }

    private void AddPerson(Tables tables, int number, SiteCode site, string reference, List<LoadedCase> cases)
    {
        var numbers = cases.ToDictionary(one => one.Code, _ => ++_lastCase);
        var person = new Person(number, site, [.. cases.Select(one => new PersonCase(numbers[one.Code], one.Code, one.Chart()))]);
        tables.Add(
            "person",
            ["person_id", "site_code", "patient_reference", "stamp", "last_dated_day"],
            [person.Number, site, reference, (long)person.Number, person.LastDatedDay?.Value]);
        foreach (var one in cases)
        {
            tables.Add(
                "treatment_case",
                ["case_id", "site_id", "case_code", "person_id", .. CaseKind.Columns, "preceding_case_id"],
                [numbers[one.Code], _sites[site], one.Code, person.Number, .. CaseKind.Values(one.Record),
                    one.Record.PrecedingCase is { } preceding ? numbers[preceding] : null]);
            foreach (var (kind, address, content) in one.Under)
            {
                tables.Add(((IRowKind)kind).RowOf(numbers[one.Code], address.Code!, content));
            }
        }

        foreach (var row in AnalysisStore.RowsOf(Derivation.Derive(person)))
        {
            tables.Add(row.Table.Name, row.Table.All, row.Values);
        }
    }

    private Task<bool> MoveHeads(IReadOnlyList<KeyValuePair<SiteCode, Head>> heads, CancellationToken cancellation) =>
        database.Write(
            [.. heads.Select(pair => pair.Key.ToString())],
            async session =>
            {
                foreach (var (site, head) in heads)
                {
                    await Heads.Move(session, site.ToString(), head);
                    await AnalysisStore.CountChanges(session, site);
                }

                return true;
            },
            cancellation);

    /// <summary>Rows that are ready to be added.</summary>
    /// <param name="Tables">The rows by table.</param>
    /// <param name="Heads">The head of the chain of each site once they are added.</param>
    internal sealed record Prepared(IReadOnlyList<Table> Tables, IReadOnlyList<KeyValuePair<SiteCode, Head>> Heads);

    private sealed record LoadedCase(SiteCode Site, List<SentRecord> All)
    {
        public CaseCode Code => All[0].Address.Case;

        public CaseRecord Record { get; } = All.Select(record => record.Content).OfType<CaseRecord>().Single();

        public IEnumerable<SentRecord> Under => All.Where(record => record.Kind.IsUnderCase);

        public CaseChart Chart() => Under.GroupBy(record => record.Kind)
            .Aggregate(
                CaseChart.Of(Record),
                (chart, kind) => kind.Key.Enter(chart, kind.Select(record => (record.Address.Code!, (object?)record.Content))));
    }

    /// <summary>Rows by table, each table after those it refers to.</summary>
    private sealed class Tables
    {
        private readonly Dictionary<string, (IReadOnlyList<string> Columns, List<object?[]> Rows)> _tables = [];

        public IReadOnlyList<Table> InOrder =>
            [.. _tables.OrderBy(pair => pair.Key switch { "site" => 0, "person" => 1, "treatment_case" => 2, _ => 3 })
                .Select(pair => new Table(pair.Key, pair.Value.Columns, pair.Value.Rows))];

        public void Add(string name, IReadOnlyList<string> columns, object?[] row)
        {
            if (!_tables.TryGetValue(name, out var table))
            {
                _tables[name] = table = (columns, []);
            }

            table.Rows.Add(row);
        }

        public void Add(Table table)
        {
            foreach (var row in table.Rows)
            {
                Add(table.Name, table.Columns, row);
            }
        }
    }

    private sealed record Known
    {
        public long Number { get; init; }
        public SiteCode Code { get; init; }
    }
}
