using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Data;

/// <summary>What takes its time holds up nobody but others of its kind, and stops when nobody waits for it.</summary>
public sealed class ComputationTests(Engine engine) : DatabaseFixture(engine)
{
    // More than run and wait at the same time, on any machine.
    private const int FarTooMany = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private IDatabase _database = null!;

    [SetUp]
    public async Task Create()
    {
        _database = Open(await NewDatabase());
        await _database.Execute("CREATE TABLE schema_journal (script INT NOT NULL PRIMARY KEY)");
    }

    [Test]
    public async Task Refuses_what_is_too_much_and_lets_writing_and_reading_go_on()
    {
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var under = new List<Task<int>>();
        try
        {
            Task<int>? refused = null;
            while (refused is null && under.Count < FarTooMany)
            {
                var one = _database.Compute(
                    async session =>
                    {
                        await mayEnd.Task;
                        return await session.Single<int>("SELECT 1");
                    },
                    CancellationToken.None);
                if (one.IsFaulted)
                {
                    refused = one;
                }
                else
                {
                    under.Add(one);
                }
            }

            Assert.That(async () => await refused!, Throws.TypeOf<DatabaseBusyException>());
            Assert.That(under, Has.Count.GreaterThanOrEqualTo(64));
            await _database.Execute("INSERT INTO schema_journal (script) VALUES (1)").WaitAsync(Patience);
            Assert.That(await _database.Single<int>("SELECT COUNT(*) FROM schema_journal").WaitAsync(Patience), Is.EqualTo(1));
            Assert.That(await _database.WriterFault().WaitAsync(Patience), Is.Null);
        }
        finally
        {
            mayEnd.SetResult();
        }

        Assert.That(await Task.WhenAll(under).WaitAsync(Patience), Is.All.EqualTo(1));
        Assert.That(await Ask(CancellationToken.None).WaitAsync(Patience), Is.EqualTo(1), "there is room again");
    }

    [Test]
    public async Task Makes_room_when_somebody_leaves_who_waits_for_his_turn()
    {
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var leaving = new CancellationTokenSource();
        var under = new List<Task<int>>();
        try
        {
            while (under.Count < FarTooMany && under.All(one => !one.IsFaulted))
            {
                under.Add(_database.Compute(async _ => { await mayEnd.Task; return 1; }, leaving.Token));
            }

            await leaving.CancelAsync();
            using var patience = new CancellationTokenSource(Patience);
            var next = Ask(CancellationToken.None);
            while (next.IsFaulted)
            {
                await Task.Delay(10, patience.Token);
                next = Ask(CancellationToken.None);
            }

            mayEnd.SetResult();
            Assert.That(await next.WaitAsync(Patience), Is.EqualTo(1));
        }
        finally
        {
            mayEnd.TrySetResult();
            await Task.WhenAll(under).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    [Test]
    public async Task Stops_a_computation_that_nobody_waits_for()
    {
        if (Engine == Engine.SqlServer)
        {
            Assert.Ignore("Not every server stops a command on an encrypted connection before its time is up.");
        }

        const string Endless =
            "WITH RECURSIVE counting (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting) SELECT COUNT(*) FROM counting";
        for (var round = 0; round < 5; round++)
        {
            using var leaving = new CancellationTokenSource();
            var computations =
                Enumerable.Range(0, 4).Select(_ => _database.Compute(session => session.Single<long>(Endless), leaving.Token)).ToList();
            await Task.Delay(20);
            await leaving.CancelAsync();
            foreach (var computation in computations)
            {
                Assert.That(async () => await computation.WaitAsync(Patience), Throws.InstanceOf<OperationCanceledException>());
            }

            Assert.That(
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Ask(CancellationToken.None))).WaitAsync(Patience),
                Is.All.EqualTo(1),
                "the connections are as good as before");
        }
    }

    [Test]
    public async Task Does_not_begin_what_nobody_waits_for()
    {
        using var left = new CancellationTokenSource();
        await left.CancelAsync();
        var hasBegun = false;
        Assert.That(
            async () => await _database.Compute(session => { hasBegun = true; return session.Single<int>("SELECT 1"); }, left.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(hasBegun, Is.False);
    }

    [Test]
    public async Task Questions_asked_at_once_are_answered_in_order_and_all_of_the_same_data()
    {
        await _database.Execute("CREATE TABLE data_version (changes BIGINT NOT NULL)");
        await _database.Execute("CREATE TABLE marker (marker BIGINT NOT NULL)");
        await _database.Execute("INSERT INTO data_version (changes) VALUES (0)");
        await _database.Execute("INSERT INTO marker (marker) VALUES (0)");
        using var patience = new CancellationTokenSource(Patience);
        var isOver = false;
        var writing = Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                await _database.Write(
                    ["there"],
                    async session => await session.Execute("UPDATE data_version SET changes = changes + 1")
                        + await session.Execute("UPDATE marker SET marker = marker + 1"),
                    patience.Token);
            }
        });
        try
        {
            // On a thread that has worked before, as it is on the second round, the others are idle.
            for (var round = 0; round < 30; round++)
            {
                var answers = await _database.Compute(
                    session => session.Each<(int, long)>(
                        [.. Enumerable.Range(0, 20).Select(place => (Func<Session, Task<(int, long)>>)(async one =>
                            (place, await one.Single<long>("SELECT marker FROM marker"))))]),
                    patience.Token);
                Assert.That(answers.Select(answer => answer.Item1), Is.EqualTo(Enumerable.Range(0, 20)));

                // A server without snapshot isolation gives each statement the data of its moment.
                Assert.That(
                    answers.Select(answer => answer.Item2).Distinct().Count(),
                    Engine == Engine.Sqlite ? Is.EqualTo(1) : Is.GreaterThan(0),
                    "all see the same");
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            await writing;
        }
    }

    [Test]
    public async Task A_question_that_fails_fails_all_that_were_asked_with_it()
    {
        await _database.Execute("CREATE TABLE data_version (changes BIGINT NOT NULL)");
        Assert.That(await Ask(CancellationToken.None), Is.EqualTo(1));
        for (var round = 0; round < 10; round++)
        {
            Assert.That(
                async () => await _database.Compute(
                    session => session.Each<int>(
                        [.. Enumerable.Range(0, 8).Select(place => (Func<Session, Task<int>>)(one =>
                            place == round % 8 ? throw new InvalidOperationException("no") : one.Single<int>("SELECT 1")))]),
                    CancellationToken.None).WaitAsync(Patience),
                Throws.TypeOf<InvalidOperationException>());
        }

        Assert.That(await Ask(CancellationToken.None).WaitAsync(Patience), Is.EqualTo(1));
    }

    private Task<int> Ask(CancellationToken cancellation) => _database.Compute(session => session.Single<int>("SELECT 1"), cancellation);
}
