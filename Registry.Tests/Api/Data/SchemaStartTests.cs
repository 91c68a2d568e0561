using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Data;

/// <summary>What the program does to a database when it starts.</summary>
public sealed class SchemaStartTests(Engine engine) : DatabaseFixture(engine)
{
    private const string Journal = "SELECT script, checksum FROM schema_journal";
    private const string Tampered = "SELECT COUNT(*) FROM stay_summary";

    private static readonly string[] Tables =
    [
            .. AnalysisStore.Tables.Select(table => table.Name), "response_class", "analysis_state", "data_version", "registry_secret",
            "treatment_event", "assessment", "adverse_event", "cost_item", "hospital_stay", "treatment_case", "person", "site",
            "resource_version", "audit_entry", "access_key", "idempotent_request", "score_identifier", "saved_cohort_version",
            "snapshot_content", "snapshot", "snapshot_part", "schema_journal",
        ];

    private TestDatabase _where = null!;
    private IDatabase _database = null!;

    private string Relations => Engine == Engine.Sqlite
        ? "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
        : "SELECT name FROM sys.tables UNION ALL SELECT name FROM sys.views";

    [OneTimeSetUp]
    public async Task Create() => _database = Open(_where = await NewDatabase());

    // To make a database takes seconds on some servers; to empty one does not.
    [TearDown]
    public async Task Empty()
    {
        var views = Scripts.Views(_database.Engine).Reverse().Select(view => $"DROP VIEW IF EXISTS {view.Name};");
        var tables = Tables.Select(table => $"DROP TABLE IF EXISTS {table};");
        await _database.Execute(string.Join('\n', views.Concat(tables)));
        Assert.That(await _database.Records(Relations), Is.Empty);
    }

    [Test]
    public async Task Installs_every_table_and_view_and_notes_it_in_the_journal()
    {
        var database = await Installed();
        var journal = await database.Records(Journal);
        Assert.That(
            journal.Select(entry => entry["script"]),
            Is.EquivalentTo([.. Scripts.Migrations(database.Engine).Select(script => script.Path), .. ViewEntries(database)]));
        foreach (var view in Scripts.Views(database.Engine))
        {
            Assert.That(async () => await database.Rows($"SELECT COUNT(*) AS n FROM {view.Name}"), Throws.Nothing, view.Name);
        }
    }

    [Test]
    public async Task Does_nothing_at_the_second_start()
    {
        var database = await Installed();
        var journal = await database.Rows(Journal);
        await Tamper(database);
        await Installer.Install(database, CancellationToken.None);
        Assert.That(await database.Rows(Journal), Is.EqualTo(journal));
        Assert.That(await database.Single<int>(Tampered), Is.EqualTo(1), "a view that was replaced by hand is still as it was put");
    }

    [Test]
    public async Task Renews_the_views_when_they_are_not_those_of_the_journal()
    {
        var database = await Installed();
        var journal = await database.Rows(Journal);
        await Tamper(database);
        await database.Execute("UPDATE schema_journal SET checksum = 'of another build' WHERE script LIKE 'view/%/trial_summary'");
        await Installer.Install(database, CancellationToken.None);
        Assert.That(await database.Rows(Journal), Is.EqualTo(journal));
        Assert.That(await database.Single<int>(Tampered), Is.EqualTo(5), "a row for each procedure and one for all");
    }

    [Test]
    public async Task Drops_a_view_that_is_gone_from_the_source()
    {
        var database = await Installed();
        var (journal, relations) = (await database.Rows(Journal), await database.Rows(Relations));
        await database.Execute("CREATE VIEW of_another_build AS SELECT 1 AS one");
        await database.Execute("INSERT INTO schema_journal (script, checksum) VALUES ('view/999/of_another_build', 'x')");
        await Installer.Install(database, CancellationToken.None);
        Assert.That(await database.Rows(Journal), Is.EqualTo(journal));
        Assert.That(await database.Rows(Relations), Is.EqualTo(relations));
    }

    [Test]
    public async Task Refuses_a_script_that_changed_after_it_was_applied()
    {
        var database = await Installed();
        await Tamper(database);
        await database.Execute("UPDATE schema_journal SET checksum = 'of another text' WHERE script NOT LIKE 'view/%'");
        await database.Execute("UPDATE schema_journal SET checksum = 'of another build' WHERE script LIKE 'view/%'");
        Assert.That(
            async () => await Installer.Install(database, CancellationToken.None),
            Throws.TypeOf<SchemaException>().With.Message.Contains($"db/{database.Engine}/migrations/001_registry.sql"));
        Assert.That(await database.Single<int>(Tampered), Is.EqualTo(1), "nothing was touched");
    }

    [TestCase(2)]
    [TestCase(5)]
    public async Task Lets_several_instances_start_at_once_on_an_empty_database(int instances)
    {
        if (Engine == Engine.Sqlite)
        {
            Assert.Ignore("The embedded database belongs to one process.");
        }

        using var together = new Barrier(instances);
        var started = await Task.WhenAll(Enumerable.Range(0, instances).Select(_ => Task.Factory.StartNew(
            async () =>
            {
                together.SignalAndWait();
                var database = _where.Open();
                await Installer.Install(database, CancellationToken.None);
                return database;
            },
            TaskCreationOptions.LongRunning).Unwrap()));

        foreach (var database in started)
        {
            Assert.That(
                await database.Single<int>("SELECT COUNT(*) FROM schema_journal"),
                Is.EqualTo(Scripts.Migrations(database.Engine).Count + Scripts.Views(database.Engine).Count));
            Assert.That(await database.Single<int>("SELECT COUNT(*) FROM trial_summary"), Is.EqualTo(5));
        }

        foreach (var database in started.OfType<IAsyncDisposable>())
        {
            await database.DisposeAsync();
        }
    }

    [Test]
    public async Task Waits_for_no_other_registry_on_the_same_server()
    {
        var elsewhere = await NewRegistry();
        var here = await Installed();
        var isDone = await elsewhere.Write(
            ["s"],
            async _ => await Task.WhenAny(
                here.Write(["s"], session => session.Execute("UPDATE site SET name = 'x'"), CancellationToken.None),
                Task.Delay(10_000)) is Task<int>,
            CancellationToken.None);
        Assert.That(isDone, Is.True);
    }

    [Test]
    public async Task Leaves_nothing_behind_when_a_script_fails_half_way()
    {
        var database = _database;
        await database.Execute("CREATE TABLE hospital_stay (in_the_way INT NOT NULL PRIMARY KEY)");
        Assert.That(async () => await Installer.Install(database, CancellationToken.None), Throws.Exception);
        Assert.That((await database.Records(Relations)).Select(row => row["name"]), Is.EqualTo(["hospital_stay"]));

        await database.Execute("DROP TABLE hospital_stay");
        await Installer.Install(database, CancellationToken.None);
        Assert.That(
            await database.Single<int>("SELECT COUNT(*) FROM schema_journal"),
            Is.EqualTo(Scripts.Migrations(database.Engine).Count + Scripts.Views(database.Engine).Count),
            "the next start finishes the work");
    }

    private static IEnumerable<string> ViewEntries(IDatabase database) =>
        Scripts.Views(database.Engine).Select((view, place) => FormattableString.Invariant($"view/{place:000}/{view.Name}"));

    private async Task<IDatabase> Installed()
    {
        await Installer.Install(_database, CancellationToken.None);
        return _database;
    }

    // Stands for a view of another build.
    private static async Task Tamper(IDatabase database)
    {
        await database.Execute("DROP VIEW stay_summary");
        await database.Execute("CREATE VIEW stay_summary AS SELECT 1 AS tampered");
    }
}
