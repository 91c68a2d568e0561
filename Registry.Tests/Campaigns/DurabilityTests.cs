using System.Data.Common;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Campaigns;

/// <summary>How the embedded database keeps what it was given: its settings, and its commits in groups.</summary>
public sealed class DurabilityTests
{
    private SqliteRegistry _registry = null!;
    private IDatabase _database = null!;
    private int _flushed;

    [SetUp]
    public async Task Create()
    {
        _registry = await SqliteRegistry.Create();
        _database = _registry.Database;
        _flushed = 0;
    }

    [TearDown]
    public async Task Drop() => await _registry.DisposeAsync();

    [Test]
    public async Task Writes_ahead_and_flushes_at_every_commit()
    {
        Assert.That(await Written<string>("PRAGMA journal_mode"), Is.EqualTo("wal"));
        Assert.That(await Written<int>("PRAGMA synchronous"), Is.EqualTo(2), "FULL");
        Assert.That(await Written<int>("PRAGMA foreign_keys"), Is.EqualTo(1));
        Assert.That(await _database.Single<int>("PRAGMA foreign_keys"), Is.EqualTo(1));
    }

    [Test]
    public async Task Stores_every_one_of_many_writes_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => Task.Run(() => AddSite(number))));
        Assert.That(answers, Is.All.EqualTo(1));
        await _registry.Restart();
        Assert.That(await _registry.Database.Single<int>("SELECT COUNT(*) FROM site"), Is.EqualTo(1000));
        Assert.That(await _registry.Database.Single<string>("PRAGMA integrity_check"), Is.EqualTo("ok"));
        Assert.That(await _registry.Database.Rows("PRAGMA foreign_key_check"), Is.Empty);
    }

    [Test]
    public async Task Answers_nobody_of_a_group_before_its_commit()
    {
        using var lastMayEnd = new ManualResetEventSlim();
        var group = await InOneGroup(
            () => AddSite(1),
            () => _database.Write([], session =>
                {
                    lastMayEnd.Wait();
                    return session.Execute("INSERT INTO site (site_code, name, country) VALUES ('last', 'a site', 'DE')");
                },
                CancellationToken.None));
        await Task.Delay(100);
        Assert.That(group.Select(write => write.IsCompleted), Is.All.False);
        Assert.That(await _database.Single<int>("SELECT COUNT(*) FROM site"), Is.Zero, "nobody sees what is not committed");

        lastMayEnd.Set();
        Assert.That(await Task.WhenAll(group), Is.All.EqualTo(1));
        Assert.That(await _database.Single<int>("SELECT COUNT(*) FROM site"), Is.EqualTo(2));
    }

    [Test]
    public async Task Keeps_the_neighbours_of_a_write_that_fails()
    {
        var group = await InOneGroup(
            () => AddSite(1),
            () => _database.Write<int>([], async session =>
                {
                    await session.Execute("INSERT INTO site (site_code, name, country) VALUES ('half', 'a site', 'DE')");
                    throw new InvalidOperationException("A defect in the change.");
                },
                CancellationToken.None),
            () => AddSite(2),
            () => AddSite(2),
            () => _database.Execute("INSERT INTO assessment (case_id, timepoint, assessed_on) VALUES (999, '1m', '2024-01-01')"),
            () => _database.Execute("this is no SQL"),
            () => AddSite(3));

        Assert.That(async () => await group[1], Throws.InvalidOperationException.With.Message.EqualTo("A defect in the change."));
        Assert.That(async () => await group[3], Throws.InstanceOf<DbException>());
        Assert.That(async () => await group[4], Throws.InstanceOf<DbException>());
        Assert.That(async () => await group[5], Throws.InstanceOf<DbException>());
        Assert.That(await Task.WhenAll(group[0], group[2], group[6]), Is.All.EqualTo(1));
        Assert.That(await Sites(), Is.EqualTo(["site-1", "site-2", "site-3"]));
    }

    [Test]
    public async Task Keeps_nothing_of_a_session_that_is_discarded()
    {
        var group = await InOneGroup(
            () => AddSite(1),
            () => _database.Write([], async session =>
                {
                    session.Discard();
                    await session.Execute("INSERT INTO site (site_code, name, country) VALUES ('tried', 'a site', 'DE')");
                    return await session.Single<int>("SELECT COUNT(*) FROM site");
                },
                CancellationToken.None),
            () => AddSite(2));
        Assert.That(await Task.WhenAll(group), Is.EqualTo([1, 2, 1]), "the answer stands");
        Assert.That(await Sites(), Is.EqualTo(["site-1", "site-2"]), "the change does not");
    }

    [Test]
    public async Task Does_not_carry_out_a_write_whose_sender_has_left()
    {
        using var left = new CancellationTokenSource();
        var group = await InOneGroup(
            () => AddSite(1),
            () => _database.Write(
                [], session => session.Execute("INSERT INTO site (site_code, name, country) VALUES ('late', 'a site', 'DE')"), left.Token),
            () =>
            {
                left.Cancel();
                return AddSite(2);
            });
        Assert.That(async () => await group[1], Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Task.WhenAll(group[0], group[2]), Is.All.EqualTo(1));
        Assert.That(await Sites(), Is.EqualTo(["site-1", "site-2"]));
    }

    [Test]
    public async Task Leaves_no_log_when_it_is_closed()
    {
        await AddSite(1);
        Assert.That(_registry.Files(), Does.Contain("-wal"));
        IReadOnlyList<string> files = [];
        await _registry.Restart(() => files = [.. _registry.Files()]);
        Assert.That(files, Is.EquivalentTo([string.Empty, ".lock"]));
    }

    [Test]
    public async Task Ends_a_group_that_takes_long_so_that_others_get_their_answers()
    {
        var batchIsAnswered = new TaskCompletionSource();
        var batch = _database.Write(
            [],
            session =>
            {
                Thread.Sleep(100);
                return session.Execute("INSERT INTO site (site_code, name, country) VALUES ('batch', 'a site', 'DE')");
            },
            CancellationToken.None);
        var next = _database.Write(
            [],
            async session =>
            {
                await batchIsAnswered.Task.WaitAsync(TimeSpan.FromSeconds(30));
                return await session.Execute("INSERT INTO site (site_code, name, country) VALUES ('next', 'a site', 'DE')");
            },
            CancellationToken.None);
        Assert.That(await batch, Is.EqualTo(1));
        batchIsAnswered.SetResult();
        Assert.That(await next, Is.EqualTo(1), "it was not in the group of the batch");
    }

    [Test]
    public async Task Stores_nothing_of_a_group_whose_transaction_has_ended_before_its_time_and_goes_on()
    {
        await AddSite(0);
        var group = await InOneGroup(
            () => AddSite(1),
            () => _database.Write(
                [],
                async session =>
                {
                    await session.Execute($"PRAGMA max_page_count = {await session.Single<int>("PRAGMA page_count")}");
                    return await session.Execute("INSERT INTO site (site_code, name, country) VALUES ('large', zeroblob(1000000), 'DE')");
                },
                CancellationToken.None),
            () => AddSite(2));
        const string Full = "The database could not store the change: the disk is full.";
        Assert.That(async () => await group[0], Throws.TypeOf<DatabaseUnavailableException>().With.Message.EqualTo(Full));
        Assert.That(async () => await group[1], Throws.TypeOf<DatabaseUnavailableException>().With.Message.EqualTo(Full));
        Assert.That(await group[2], Is.EqualTo(1));
        Assert.That(await _database.WriterFault(), Is.Null);
        Assert.That(await AddSite(3), Is.EqualTo(1));
        Assert.That(await Sites(), Is.EqualTo(["site-0", "site-2", "site-3"]));
    }

    [Test]
    public async Task Counts_the_commits_that_change_something()
    {
        var before = _database.CommitNumber;
        await AddSite(1);
        var after = _database.CommitNumber;
        Assert.That(after > before);
        var insert = new Statement("INSERT INTO site (site_code, name, country) SELECT @p0, 'a site', 'DE' WHERE 1 = 0");
        Assert.That(await _database.Write([], async session => await session.Run(insert, "none"), CancellationToken.None), Is.Zero);
        Assert.That(_database.CommitNumber, Is.EqualTo(after));
    }

    [Test]
    public async Task Stores_once_what_joint_changes_of_a_group_put_off()
    {
        var group = await InOneGroup(
            () => PutOff(1),
            () => PutOff(2),
            () => _database.Write([], session => session.Single<int>("SELECT COUNT(*) FROM site"), CancellationToken.None),
            () => PutOff(3),
            () => PutOff(4),
            () => PutOff(5));
        Assert.That(
            await Task.WhenAll(group),
            Is.EqualTo([1, 2, 2, 1, 2, 3]),
            "a change by itself sees what those before it put off, and those after it begin anew");
        Assert.That(await Sites(), Is.EqualTo(["site-1", "site-2", "site-3", "site-4", "site-5"]));
        Assert.That(_flushed, Is.EqualTo(2));
    }

    [Test]
    public async Task Keeps_the_neighbours_of_a_joint_change_that_fails_at_once_or_at_the_end()
    {
        using var left = new CancellationTokenSource();
        await left.CancelAsync();
        var group = await InOneGroup(
            () => PutOff(1),
            () => _database.WriteJointly<SitesToCome, int>(
                [],
                session => new SitesToCome(session, this),
                _ => throw new InvalidOperationException("A defect in the change."),
                CancellationToken.None),
            () => PutOff(2),
            () => _database.WriteJointly([], session => new SitesToCome(session, this), sites => sites.Add(9), left.Token),
            () => PutOff(1),
            () => PutOff(3));
        Assert.That(async () => await group[1], Throws.InvalidOperationException.With.Message.EqualTo("A defect in the change."));
        Assert.That(async () => await group[3], Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await group[4], Throws.InstanceOf<DbException>(), "there is such a site");
        Assert.That(await Task.WhenAll(group[0], group[2], group[5]), Is.All.EqualTo(1), "each by itself");
        Assert.That(await Sites(), Is.EqualTo(["site-1", "site-2", "site-3"]));

        group = await InOneGroup(() => PutOff(4), () => PutOff(4), () => PutOff(5));
        Assert.That(async () => await group[1], Throws.InstanceOf<DbException>(), "found when it is stored");
        Assert.That(await Task.WhenAll(group[0], group[2]), Is.All.EqualTo(1));
        Assert.That(await Sites(), Is.EqualTo(["site-1", "site-2", "site-3", "site-4", "site-5"]));
    }

    private Task<int> PutOff(int number) =>
        _database.WriteJointly([], session => new SitesToCome(session, this), sites => sites.Add(number), CancellationToken.None);

    private Task<int> AddSite(int number) => _database.Write(
        [],
        session => session.Execute(
            "INSERT INTO site (site_code, name, country) VALUES (@code, 'a site', 'DE')",
            new { code = FormattableString.Invariant($"site-{number}") }),
        CancellationToken.None);

    private async Task<IEnumerable<string>> Sites() =>
        (await _database.Records("SELECT site_code FROM site ORDER BY site_code")).Select(row => row["site_code"]);

    private Task<T?> Written<T>(string sql) => _database.Write([], session => session.Single<T>(sql), CancellationToken.None);

    /// <summary>Sites that are stored at the end, and how many there are so far.</summary>
    private sealed class SitesToCome(Session session, DurabilityTests test) : IJointWork
    {
        private readonly List<int> _numbers = [];

        public Task<int> Add(int number)
        {
            _numbers.Add(number);
            return Task.FromResult(_numbers.Count);
        }

        public async Task Flush()
        {
            test._flushed++;
            foreach (var number in _numbers)
            {
                await session.Execute(
                    "INSERT INTO site (site_code, name, country) VALUES (@code, 'a site', 'DE')",
                    new { code = FormattableString.Invariant($"site-{number}") });
            }
        }
    }

    // Holds the writer up until every write of the group waits.
    private async Task<IReadOnlyList<Task<int>>> InOneGroup(params Func<Task<int>>[] writes)
    {
        var writerIsBusy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writerMayGoOn = new TaskCompletionSource();
        _ = _database.Write(
            [],
            async _ =>
            {
                writerIsBusy.TrySetResult();
                await writerMayGoOn.Task;
                return 0;
            },
            CancellationToken.None);
        await writerIsBusy.Task;
        IReadOnlyList<Task<int>> group = [.. writes.Select(write => write())];
        writerMayGoOn.SetResult();
        return group;
    }
}
