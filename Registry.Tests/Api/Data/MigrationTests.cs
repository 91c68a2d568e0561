using NUnit.Framework;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.Patients;
using Registry.Api.Recording;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Data;

/// <summary>
/// A database as the released program left it is brought up to date, and answers as one that was recorded by this program.
/// </summary>
public sealed class MigrationTests(Engine engine) : DatabaseFixture(engine)
{
    private static readonly string[] Released = ["001_registry", "002_counting"];
    private static readonly string[] Records =
    [
        "site", "treatment_case", "treatment_event", "assessment", "adverse_event", "cost_item", "hospital_stay", "resource_version",
    ];
    private static readonly string[] Since = ["person_id", "change_number", "key_id", "client_address", "sent_at", "hash"];

    private static readonly string[] Summaries =
    [
        "response-rates", "scores", "costs", "stays", "trials", "flow", "benchmarks", "adverse-events", "survival",
        "survival?event=loss-of-response", "completeness", "response-rates?asOf=2024-06-30",
    ];

    private readonly StoppedClock _clock = new(RandomRegistry.Today);

    [Test]
    public async Task Gives_the_same_answers_as_a_database_of_this_program()
    {
        var (here, there) = (await NewDatabase(), await NewDatabase());
        List<string> expected;
        List<Table> tables;
        await using (var program = new RegistryHost(here, _clock))
        {
            var kinds = new RecordKinds();
            var loader = new BulkLoader((IDatabase)program.Services.GetService(typeof(IDatabase))!, _clock);
            await loader.Begin(CancellationToken.None);
            await loader.Load(Registry().Records(kinds), CancellationToken.None);
            expected = await WriteResponses(program);
            tables = await Read((IDatabase)program.Services.GetService(typeof(IDatabase))!);
        }

        var released = there.Open();
        await InstallReleased(released);
        await released.Load(tables, CancellationToken.None);
        await StopHalfWay(released);
        await Close(released);
        await using (var program = new RegistryHost(there, _clock))
        {
            Assert.That(await WriteResponses(program), Is.EqualTo(expected));
            var page = (await program.Api.Get($"/sites/{Registry().Sites[0].Code}/changes?limit=1000")).Expect(200);
            Assert.That(
                page.Items.Select(item => item["change"]!.GetValue<long>()),
                Is.EqualTo(Enumerable.Range(1, page.Items.Count).Select(number => (long)number)),
                "changes are numbered without gaps");
            Assert.That(
                page.Items.Where(item => item["kind"]!.GetValue<string>() == "case")
                    .Select(item => item["value"]!["patient"]!["reference"]!.GetValue<string>()),
                Is.Not.Empty.And.None.StartsWith("#"),
                "each case is about its patient");
            var verified = (await program.Api.Get("/audit/verify")).Expect(200).Json;
            Assert.That(verified["verified"]!.GetValue<bool>(), verified.ToJsonString());
            var contents = await ((IDatabase)program.Services.GetService(typeof(IDatabase))!).Records(
                "SELECT content FROM resource_version WHERE kind = 'case'");
            Assert.That(
                contents.Select(row => row["content"]),
                Is.All.StartsWith("{\"patient\":{\"reference\":\"#"),
                "no reference is left in the records");
        }
    }

    [Test]
    public async Task Drops_the_views_that_are_gone()
    {
        var where = await NewDatabase();
        var database = Open(where);
        await InstallReleased(database);
        await database.Execute("CREATE VIEW visit_schedule AS SELECT site_code FROM site");
        await Installer.Install(database, CancellationToken.None);
        Assert.That(async () => await database.Single<int>("SELECT COUNT(*) FROM visit_schedule"), Throws.Exception);
    }

    private static RecordedRegistry Registry()
    {
        var registries = Enumerable.Range(1, 6).Select(seed => RandomRegistry.Make(seed, 8)).ToList();
        return new RecordedRegistry(
            [.. registries.SelectMany(registry => registry.Sites)], [.. registries.SelectMany(registry => registry.Cases)]);
    }

    private static async Task InstallReleased(IDatabase database)
    {
        await database.Execute("CREATE TABLE schema_journal (script VARCHAR(200) NOT NULL PRIMARY KEY, checksum VARCHAR(64) NOT NULL)");
        foreach (var script in Scripts.Migrations(database.Engine).Where(script => Released.Contains(script.Name)))
        {
            await database.Execute(script.Text);
            await database.Execute($"INSERT INTO schema_journal (script, checksum) VALUES ('{script.Path}', '{script.Checksum}')");
        }

        await database.Execute("INSERT INTO schema_journal (script, checksum) VALUES ('views', 'of the released program')");
    }

    // Without the version of the data, which counts what was recorded in this database.
    private static async Task<List<string>> WriteResponses(RegistryHost program)
    {
        var answers = new List<string>();
        foreach (var summary in Summaries)
        {
            var answer = (await program.Api.Get("/summaries/" + summary)).Expect(200).Json;
            answers.Add($"{summary} {answer["asOf"]} {answer["items"]!.ToJsonString()}");
        }

        return answers;
    }

    private static async Task<List<Table>> Read(IDatabase database)
    {
        var tables = new List<Table>();
        foreach (var name in Records)
        {
            var sql = name == "treatment_case"
                ? "SELECT t.*, p.patient_reference FROM treatment_case t JOIN person p ON p.person_id = t.person_id"
                : $"SELECT * FROM {name}";
            var rows = (await database.Read(
                session => session.Query<dynamic>(sql), CancellationToken.None)).Cast<IDictionary<string, object?>>().ToList();
            if (name == "resource_version")
            {
                await ShowPatients(database, rows);
            }

            var columns = rows[0].Keys.Except(Since).ToList();

            // A case comes after the one that it follows.
            tables.Add(new Table(name, columns, [.. rows.Select(row => columns.Select(column => row[column]).ToArray())]));
        }

        return tables;
    }

    // A first attempt ends when the records of one site are chained; the next start goes on from there.
    private static async Task StopHalfWay(IDatabase database)
    {
        await Installer.Install(database, CancellationToken.None);
        using var stopping = new CancellationTokenSource();
        var trail = new TrailUpgrade(database, new RecordKinds().Case);
        Assert.That(async () => await trail.Run(new Stopper(stopping), stopping.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await trail.Check(CancellationToken.None), Throws.TypeOf<SchemaException>());
        Assert.That(await database.Single<int>("SELECT COUNT(*) FROM resource_version WHERE hash IS NOT NULL"), Is.Positive);
    }

    // The released program kept the reference in the content.
    private static async Task ShowPatients(IDatabase database, List<IDictionary<string, object?>> versions)
    {
        var references = await database.Read(
            session => PatientToken.References(session, versions.Select(row => (string)row["content"]!)), CancellationToken.None);
        foreach (var row in versions)
        {
            row["content"] = PatientToken.Show((string)row["content"]!, references);
        }
    }

    private static async Task Close(IDatabase database)
    {
        if (database is IAsyncDisposable closable)
        {
            await closable.DisposeAsync();
        }
    }

    private sealed class Stopper(CancellationTokenSource stopping) : IProgress<(int Done, int Of)>
    {
        public void Report((int Done, int Of) value) => stopping.Cancel();
    }
}
