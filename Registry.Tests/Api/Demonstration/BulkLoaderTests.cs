using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Demonstration;

/// <summary>The same cases are recorded one by one over HTTP, and loaded in bulk past the write rule: the tables are the same.</summary>
public sealed class BulkLoaderTests(Engine engine) : RegistryFixture(engine)
{
    private const int Cases = 36;
    private const int Seed = 11;

    private static readonly string[] Tables =
    [
        "site",
        "treatment_case",
        "treatment_event",
        "assessment",
        "adverse_event",
        "cost_item",
        "hospital_stay",
        "resource_version",
        "person",
        "data_version",
        .. AnalysisStore.Tables.Select(table => table.Name),
        "analysis_state",
    ];

    // The numbers that the database gives, and who recorded a version when. A stamp is a random number.
    private static readonly string[] MayDiffer =
    [
        "site_id", "case_id", "preceding_case_id", "person_id", "pathway_case_id", "unit_case_id", "stamp", "recorded_at", "recorded_by",
        "key_id", "client_address", "hash", "head",
    ];

    private static readonly IReadOnlyList<SentRecord> Records =
    [
        .. ReferenceCaseSeries.Records(new RecordKinds()),
        .. SyntheticData.Records(Cases, Seed),
    ];

    private readonly Dictionary<string, IReadOnlyList<string>> _recorded = [];
    private readonly Stack<IAsyncDisposable> _open = [];
    private IDatabase _loaded = null!;
    private ApiClient _afterwards = null!;

    protected override TimeProvider Clock => new StoppedClock(new DateOnly(2026, 11, 1));

    protected override async Task Prepare()
    {
        foreach (var record in Records)
        {
            (await Api.Put(PathOf(record), record.Kind.Canonical(record.Content))).Expect(201);
        }

        foreach (var table in Tables)
        {
            _recorded[table] = await Contents(DatabaseOf(Host), table);
        }

        var where = await TestDatabase.Create(Engine);
        _open.Push(where);
        var program = new RegistryHost(where, Clock);
        _open.Push(program);
        _afterwards = program.Api;
        _loaded = DatabaseOf(program);
        var loader = new BulkLoader(_loaded, Clock);
        await loader.Begin(CancellationToken.None);
        await loader.Load(Records, CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task DropWhatWasLoaded()
    {
        foreach (var one in _open)
        {
            await one.DisposeAsync();
        }
    }

    [TestCaseSource(nameof(Tables))]
    public async Task Leaves_the_rows_that_recording_leaves(string table)
    {
        Assert.That(_recorded[table], Is.Not.Empty);
        Assert.That(await Contents(_loaded, table), Is.EqualTo(_recorded[table]));
    }

    [Test]
    public async Task Chains_what_it_adds_and_what_is_recorded_afterwards()
    {
        Assert.That((await _afterwards.Get("/audit/verify")).Expect(200).Json["verified"]!.GetValue<bool>());
        var known = Records.Last(record => record.Content is CaseRecord);
        (await _afterwards.Put($"/sites/{known.Address.Site}/cases/chained", known.Kind.Canonical(known.Content))).Expect(201);
        var answer = (await _afterwards.Get("/audit/verify")).Expect(200).Json;
        Assert.That(answer["verified"]!.GetValue<bool>(), answer.ToJsonString());
        Assert.That(answer["rows"]!.GetValue<int>(), Is.GreaterThan(Records.Count));
    }

    [Test]
    public async Task Lets_recording_go_on()
    {
        var known = Records.Last(record => record.Content is CaseRecord);
        (await _afterwards.Put(PathOf(known), known.Kind.Canonical(known.Content))).Expect(200);
        (await _afterwards.Put($"/sites/{known.Address.Site}/cases/later", known.Kind.Canonical(known.Content))).Expect(201);
        (await _afterwards.Put("/sites/later", """{"name": "A site", "country": "DE"}""")).Expect(201);
        (await _afterwards.Put(
            "/sites/later/cases/first",
            """{"patient": {"reference": "P-1", "sex": "female", "birthYear": 1960}, "procedure": "scs", "indication": "crps"}""")).Expect(
                201);
        (await _afterwards.Put("/sites/later/cases/first/assessments/baseline", """{"assessedOn": "2026-10-01", "nrs": 7}""")).Expect(201);
        var rows = await _loaded.Records(
            "SELECT s.site_code, a.nrs FROM assessment a JOIN treatment_case c ON c.case_id = a.case_id JOIN site s ON s.site_id = "
                + "c.site_id WHERE c.case_code = 'first'");
        Assert.That(rows.Select(row => (row["site_code"], row["nrs"])), Is.EqualTo([("later", "7")]));
    }

    private static IDatabase DatabaseOf(RegistryHost program) => (IDatabase)program.Services.GetService(typeof(IDatabase))!;

    private static string PathOf(SentRecord record) => record.Kind.PathOf(record.Address)["/api/v1".Length..];

    private static async Task<IReadOnlyList<string>> Contents(IDatabase database, string table)
    {
        const string CaseNames = "JOIN treatment_case c ON c.case_id = t.case_id JOIN site s ON s.site_id = c.site_id";
        var sql = table switch
        {
            "site" or "resource_version" or "person" or "analysis_state" => $"SELECT t.* FROM {table} t",

            // What a bulk load moves on once, recording moves on with every record; the records are counted alike.
            "data_version" => "SELECT t.* FROM data_version t WHERE t.table_name = 'record'",
            "analysis_cost" or "analysis_cost_earlier" =>
                $"SELECT s.site_code AS of_site, c.case_code AS of_case, t.* FROM {table} t JOIN treatment_case c ON c.case_id = "
                    + "t.unit_case_id JOIN site s ON s.site_id = c.site_id",
            "analysis_case" or "analysis_case_earlier" =>
                $"SELECT p.case_code AS pathway_case, t.* FROM {table} t JOIN treatment_case p ON p.case_id = t.pathway_case_id",
            "treatment_case" =>
                "SELECT s.site_code, p.case_code AS preceding_case, t.* FROM treatment_case t JOIN site s ON s.site_id = t.site_id LEFT "
                    + "JOIN treatment_case p ON p.case_id = t.preceding_case_id",
            _ => $"SELECT s.site_code AS of_site, c.case_code AS of_case, t.* FROM {table} t {CaseNames}",
        };
        var rows = await database.Records(sql);
        return [.. rows.Select(
            row => string.Join(", ", row.Where(cell => !MayDiffer.Contains(cell.Key)).Select(cell => $"{cell.Key}={cell.Value}")))
                .Order(StringComparer.Ordinal)];
    }
}
