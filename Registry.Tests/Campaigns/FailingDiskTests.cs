using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Campaigns;

/// <summary>The disk does not do what it should for a while: the program says so, and goes on by itself when all is well again.</summary>
[Platform(Include = "Linux", Reason = "The tools that make a disk fail are those of Linux.")]
public sealed class FailingDiskTests
{
    private const string Site = """{"name": "A site", "country": "DE"}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TestDatabase _where = null!;

    [SetUp]
    public async Task Create() => _where = await TestDatabase.Create(Engine.Sqlite);

    [TearDown]
    public async Task Drop() => await _where.DisposeAsync();

    [Test]
    public async Task Says_so_once_and_recovers_by_itself()
    {
        await using var program = await RegistryProcess.Start(_where);
        (await program.Api.Put("/sites/before", Site)).Expect(201);

        await LimitFiles(program, "65536");
        var (path, refused) = await PutUntilRefused(program);
        Assert.That(refused.Json["code"]!.GetValue<string>(), Is.EqualTo("unavailable"));
        Assert.That(
            refused.Json["detail"]!.GetValue<string>(),
            Does.StartWith("The database could not store the change: the disk").And.Not.Contain("may be stored"));
        for (var again = 0; again < 50; again++)
        {
            (await program.Api.Put(path, Site)).Expect(503);
        }

        Assert.That(
            (await program.Api.Get("/health/ready")).Expect(503).Json["detail"]!.GetValue<string>(),
            Does.StartWith("The database cannot be written: the disk"));
        (await program.Api.Get("/health/live")).Expect(200);
        (await program.Api.Get("/sites/before")).Expect(200);
        (await program.Api.Get(path)).Expect(404);

        await LimitFiles(program, "unlimited");
        await Until(program, "/health/ready", 200);
        (await program.Api.Put(path, Site)).Expect(201);
        Assert.That(await program.Stop(), Is.Zero, program.Output);
        Assert.That(Times(program, "The database cannot be written"), Is.EqualTo(1), program.Output);
        Assert.That(Times(program, "The database can be written again"), Is.EqualTo(1), program.Output);
        Assert.That(program.Output, Does.Not.Contain("Exception"));
    }

    [Test]
    public async Task Stops_cleanly_while_nothing_can_be_written_and_has_nothing_that_was_refused()
    {
        string[] stored;
        string path;
        await using (var program = await RegistryProcess.Start(_where))
        {
            await LimitFiles(program, "262144");
            (path, _) = await PutUntilRefused(program);
            stored = [.. await Sites(program)];
            Assert.That(await program.Stop(), Is.Zero, program.Output);
        }

        await using var next = await RegistryProcess.Start(_where);
        Assert.That(await Sites(next), Is.EqualTo(stored));
        (await next.Api.Put(path, Site)).Expect(201);
    }

    [Explicit("It needs strace, and the right to trace.")]
    [Category("Campaign")]
    [TestCase("fsync,fdatasync:error=EIO", true)]
    [TestCase("fsync,fdatasync:error=EIO", false)]
    [TestCase("fsync,fdatasync:error=EIO:when=1", true)]
    [TestCase("fsync,fdatasync:error=EIO:when=1", false)]
    [TestCase("pwrite64:error=ENOSPC", true)]
    [TestCase("pwrite64:error=EIO", true)]
    [TestCase("pwrite64:error=EIO:when=2", true)]
    public async Task Has_after_a_kill_what_it_said_it_has(string fault, bool recovers)
    {
        var answers = new Dictionary<string, string>();
        await using (var program = await RegistryProcess.Start(_where))
        {
            await Note(program, "before", answers);
            using (var strace = Process.Start(
                new ProcessStartInfo(
                    "strace",
                    ["-f", "-q", "-p", program.Id.ToString(CultureInfo.InvariantCulture), "-e", "inject=" + fault, "-o", "/dev/null"])
                {
                    RedirectStandardError = true,
                })!)
            {
                await Task.Delay(1000);
                for (var number = 0; number < 10; number++)
                {
                    await Note(program, FormattableString.Invariant($"during-{number}"), answers);
                }

                if (recovers)
                {
                    using var interrupt = Process.Start("kill", ["-INT", strace.Id.ToString(CultureInfo.InvariantCulture)]);
                    await strace.WaitForExitAsync();
                    await Until(program, "/health/ready", 200);
                    await Note(program, "after", answers);
                }

                foreach (var (site, answer) in answers)
                {
                    var status = (await program.Api.Get("/sites/" + site)).Status;
                    Assert.That(
                        status,
                        answer == "stored" ? Is.EqualTo(200) : answer == "refused" ? Is.EqualTo(404) : Is.AnyOf(200, 404),
                        $"{site}: {answer}");
                }

                await program.Kill();
                await strace.WaitForExitAsync();
            }
        }

        TestContext.Out.WriteLine(string.Join('\n', answers));
        Assert.That(answers.Values, Has.Some.Not.EqualTo("stored"), "the disk did fail");
        await using var next = await RegistryProcess.Start(_where);
        foreach (var (site, answer) in answers)
        {
            var status = (await next.Api.Get("/sites/" + site)).Status;
            Assert.That(
                status,
                answer == "stored" ? Is.EqualTo(200) : answer == "refused" ? Is.EqualTo(404) : Is.AnyOf(200, 404),
                $"{site}: {answer}");
        }
    }

    [Test]
    [Explicit("It mounts a small disk, for which it has to be root.")]
    [Category("Campaign")]
    public async Task Fills_a_disk_and_goes_on_when_there_is_room_again()
    {
        var folder = Path.GetDirectoryName(_where.ConnectionString["Data Source=".Length..])!;
        await Do("mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", folder);
        try
        {
            await using var program = await RegistryProcess.Start(_where);
            var filler = Path.Combine(folder, "filler");
            await Do("sh", "-c", $"head -c 30000000 /dev/zero > {filler} || true");
            var last = string.Empty;
            for (var number = 0; last != "refused"; number++)
            {
                Assert.That(number, Is.LessThan(20_000));
                last = await Note(program, FormattableString.Invariant($"site-{number}"), []);
            }

            (await program.Api.Get("/health/ready")).Expect(503);
            File.Delete(filler);
            await Until(program, "/health/ready", 200);
            (await program.Api.Put("/sites/after", Site)).Expect(201);
            Assert.That(await program.Stop(), Is.Zero, program.Output);
        }
        finally
        {
            await Do("umount", folder);
        }
    }

    private static int Times(RegistryProcess program, string line) =>
        program.Output.Split('\n').Count(printed => printed.Contains(line, StringComparison.Ordinal));

    private static async Task<IEnumerable<string>> Sites(RegistryProcess program) =>
        (await program.Api.Get("/sites")).Expect(200).Items.Select(site => site["site"]!.GetValue<string>());

    // What was answered: stored, refused, or uncertain.
    private static async Task<string> Note(RegistryProcess program, string site, Dictionary<string, string> answers)
    {
        var answer = await program.Api.Put("/sites/" + site, Site);
        return answers[site] = answer switch
        {
            { Status: 201 } => "stored",
            { Status: 503 } when answer.Text.Contains("may be stored", StringComparison.Ordinal) => "uncertain",
            { Status: 503 } => "refused",
            _ => answer.Text,
        };
    }

    // The log has some room left, now and then.
    private static async Task<(string Path, ApiAnswer Answer)> PutUntilRefused(RegistryProcess program)
    {
        for (var number = 0; ; number++)
        {
            Assert.That(number, Is.LessThan(10_000), "the files do not grow");
            var path = FormattableString.Invariant($"/sites/during-{number}");
            var answer = await program.Api.Put(path, Site);
            if (answer.Status != 201)
            {
                return (path, answer.Expect(503));
            }
        }
    }

    private static async Task Until(RegistryProcess program, string path, int status)
    {
        var waited = Stopwatch.StartNew();
        while ((await program.Api.Get(path)).Status != status)
        {
            Assert.That(waited.Elapsed, Is.LessThan(Patience), $"{path} does not answer {status}");
            await Task.Delay(100);
        }
    }

    private static Task LimitFiles(RegistryProcess program, string bytes) =>
        Do("prlimit", "--pid", program.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={bytes}:unlimited");

    private static async Task Do(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}");
    }
}
