using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Campaigns;

/// <summary>The real program is ended while sites are sending: what it had acknowledged is there afterwards.</summary>
[Platform(Exclude = "Win", Reason = "The signals are those of Unix.")]
public sealed class ShutdownTests
{
    private const string Body =
        """{"patient": {"reference": "P-1", "sex": "female", "birthYear": 1960}, "procedure": "drez", "indication": "crps"}""";

    private TestDatabase _where = null!;

    [SetUp]
    public async Task Create() => _where = await TestDatabase.Create(Engine.Sqlite);

    [TearDown]
    public async Task Drop() => await _where.DisposeAsync();

    [TestCase(3)]
    [TestCase(30, Explicit = true, Reason = "Takes minutes: run it by name.")]
    [TestCase(100, Explicit = true, Reason = "Takes many minutes: run it by name.")]
    public async Task Loses_no_acknowledged_write_when_it_is_killed(int kills)
    {
        var random = new Random(20_260_101);
        var sent = new ConcurrentDictionary<string, bool>();
        for (var round = 0; round < kills; round++)
        {
            await using var program = await RegistryProcess.Start(_where);
            await Record(program, "/sites/s", """{"name": "A site", "country": "DE"}""", sent);
            var acknowledgedBefore = Acknowledged(sent).Count();
            var sending =
                Enumerable.Range(0, 6).Select(client => Send(program, FormattableString.Invariant($"r{round}-{client}"), sent)).ToList();
            await UntilAcknowledged(sent, acknowledgedBefore + random.Next(20, 200));

            // Once it is killed while it counts, or about to.
            await Task.Delay(round % 3 == 1 ? random.Next(1000, 1500) : random.Next(0, 20));
            await program.Kill();
            await Task.WhenAll(sending);
            await CheckTheTrail(acknowledgedBefore);
            TestContext.Out.WriteLine(
                $"Round {round}: {Acknowledged(sent).Count() - acknowledgedBefore} acknowledged, "
                    + $"{sent.Values.Count(answered => !answered)} unanswered in all.");
        }

        await using var last = await RegistryProcess.Start(_where);
        (await last.Api.Get("/sites/s")).Expect(200);
        foreach (var path in Acknowledged(sent).Where(path => path.Split('/').Length == 5).OrderBy(_ => random.Next()).Take(50))
        {
            (await last.Api.Put(path, Body)).Expect(200);
        }

        await last.Stop();
        await CheckTheFile(sent);
    }

    [Test]
    public async Task Stops_cleanly_when_it_is_asked_to()
    {
        var sent = new ConcurrentDictionary<string, bool>();
        await using (var program = await RegistryProcess.Start(_where))
        {
            await Record(program, "/sites/s", """{"name": "A site", "country": "DE"}""", sent);
            var sending = Enumerable.Range(0, 6).Select(client => Send(program, FormattableString.Invariant($"c{client}"), sent)).ToList();
            await UntilAcknowledged(sent, 30);
            var exitCode = await program.Stop();
            await Task.WhenAll(sending);
            Assert.That(exitCode, Is.Zero, program.Output);
        }

        var file = new FileInfo(_where.ConnectionString["Data Source=".Length..]);
        Assert.That(
            file.Directory!.EnumerateFiles().Select(one => one.Name),
            Is.EquivalentTo([file.Name, file.Name + ".lock"]),
            "no log is left behind");
        await CheckTheFile(sent);
    }

    private static IEnumerable<string> Acknowledged(ConcurrentDictionary<string, bool> sent) =>
        sent.Where(write => write.Value).Select(write => write.Key);

    private static async Task UntilAcknowledged(ConcurrentDictionary<string, bool> sent, int writes)
    {
        for (var waited = 0; Acknowledged(sent).Count() < writes; waited++)
        {
            Assert.That(waited, Is.LessThan(12_000), "the program does not answer");
            await Task.Delay(10);
        }
    }

    // Sends one case after the other, each with its operation and a score, until the program is gone.
    private static async Task Send(RegistryProcess program, string client, ConcurrentDictionary<string, bool> sent)
    {
        try
        {
            for (var number = 0; ; number++)
            {
                var path = FormattableString.Invariant($"/sites/s/cases/{client}-{number}");
                await Record(program, path, Body, sent);
                await Record(program, path + "/events/operation", Sample.Event("lesioned", "2024-01-01"), sent);
                await Record(program, path + "/assessments/baseline", Sample.Assessment("2024-01-01"), sent);
            }
        }
        catch (HttpRequestException)
        {
            // The program has ended.
        }
        catch (IOException)
        {
            // It ended in the middle of an answer.
        }
    }

    private static async Task Record(RegistryProcess program, string path, string body, ConcurrentDictionary<string, bool> sent)
    {
        sent.TryAdd(path, false);
        var answer = await program.Api.Put(path, body);
        Assert.That(answer.Status, Is.EqualTo(201).Or.EqualTo(200), answer.Text);
        sent[path] = true;
    }

    // Opened as the program opens it at its next start: every chain is whole, up to its head and its anchors.
    private async Task CheckTheTrail(int atLeast)
    {
        using var database = new SqliteDatabase(_where.ConnectionString, NullLogger.Instance);
        var found = await new TrailVerification(database).Verify(null, null, CancellationToken.None);
        Assert.That(found.Verified, found.Break?.Detail);
        Assert.That(found.Rows, Is.GreaterThan(atLeast));
    }

    private async Task CheckTheFile(ConcurrentDictionary<string, bool> sent)
    {
        var database = _where.Open();
        Assert.That(await database.Single<string>("PRAGMA integrity_check"), Is.EqualTo("ok"));
        Assert.That(await database.Rows("PRAGMA foreign_key_check"), Is.Empty);
        var versions = (await database.Records(
            "SELECT site_code, case_code, kind, resource_code, version FROM resource_version")).ToDictionary(
            row => row["kind"] switch
            {
                "site" => "/sites/" + row["site_code"],
                "case" => $"/sites/{row["site_code"]}/cases/{row["case_code"]}",
                _ => $"/sites/{row["site_code"]}/cases/{row["case_code"]}/{row["kind"]}s/{row["resource_code"]}",
            },
            row => row["version"]);
        var projected = (await database.Records(
                """
                SELECT '/sites/' || site_code AS path FROM site
                UNION ALL SELECT '/sites/s/cases/' || case_code FROM treatment_case
                UNION ALL SELECT '/sites/s/cases/' || c.case_code || '/events/' || e.event_code
                  FROM treatment_event e JOIN treatment_case c ON c.case_id = e.case_id
                UNION ALL SELECT '/sites/s/cases/' || c.case_code || '/assessments/' || a.timepoint
                  FROM assessment a JOIN treatment_case c ON c.case_id = a.case_id
                """))
            .Select(row => row["path"]);
        Assert.That(Acknowledged(sent).Except(versions.Keys), Is.Empty, "acknowledged and lost");
        Assert.That(versions.Keys.Except(sent.Keys), Is.Empty, "never sent");
        Assert.That(versions.Values, Is.All.EqualTo("1"), "stored twice");
        Assert.That(projected, Is.EquivalentTo(versions.Keys), "the tables that the views read hold the same records");
        Assert.That(
            await database.Single<int>("SELECT SUM(changes) FROM data_version WHERE table_name = 'record'"), Is.EqualTo(versions.Count));
        await AnalysisTables.AssertDerivedFromScratch(database, "after the program was ended");
        await ((IAsyncDisposable)database).DisposeAsync();
    }
}
