using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Campaigns;

/// <summary>The write-ahead log of the embedded database stays short, and a copy of the file at rest is whole.</summary>
public sealed class WriteAheadLogTests
{
    private const int MiB = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TestFile _file = null!;
    private SqliteDatabase _database = null!;

    [SetUp]
    public async Task Create()
    {
        _file = new TestFile();
        _database = _file.Open();
        await _database.Execute("CREATE TABLE schema_journal (script INTEGER NOT NULL PRIMARY KEY, content BLOB)");
    }

    [TearDown]
    public void Drop()
    {
        _database.Dispose();
        _file.Dispose();
    }

    [Test]
    public async Task Stays_short_while_others_read_without_a_pause()
    {
        using var ending = new CancellationTokenSource();
        var reading = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ReadWithoutPause(ending.Token))).ToList();
        var longest = 0L;
        for (var written = 0; written < 150; written++)
        {
            await Write(MiB);
            longest = Math.Max(longest, _file.LogLength);
        }

        await ending.CancelAsync();
        Assert.That((await Task.WhenAll(reading)).Sum(), Is.GreaterThan(4));
        Assert.That(longest, Is.LessThan(70 * MiB));
    }

    [Test]
    public async Task Does_not_keep_writers_waiting_for_a_long_reading()
    {
        await _database.Read(
            async session =>
            {
                var before = await session.Single<int>("SELECT COUNT(*) FROM schema_journal");
                for (var written = 0; written < 40; written++)
                {
                    await Write(MiB);
                }

                Assert.That(await session.Single<int>("SELECT COUNT(*) FROM schema_journal"), Is.EqualTo(before), "it sees one state");
                return 0;
            },
            CancellationToken.None).WaitAsync(Patience);
        await UntilAtRest();
    }

    [Test]
    public async Task Is_empty_when_nothing_has_been_written_for_a_while_so_that_a_copy_of_the_file_is_whole()
    {
        await Write(MiB);
        Assert.That(_file.LogLength, Is.GreaterThan(MiB));
        await UntilAtRest();
        using var copied = new TestFile();
        File.Copy(_file.FullName, copied.FullName);
        using var copy = copied.Open();
        Assert.That(await copy.Single<int>("SELECT length(content) FROM schema_journal"), Is.EqualTo(MiB));
    }

    private async Task UntilAtRest()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (_file.LogLength > 0)
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private Task<int> Write(int bytes) =>
        _database.Execute(FormattableString.Invariant($"INSERT INTO schema_journal (content) VALUES (zeroblob({bytes}))"));

    // Each of several begins before another ends.
    private async Task<int> ReadWithoutPause(CancellationToken ending)
    {
        for (var readings = 0; ; readings++)
        {
            if (ending.IsCancellationRequested)
            {
                return readings;
            }

            await _database.Read(
                async session =>
                {
                    var rows = await session.Single<int>("SELECT COUNT(*) FROM schema_journal");
                    await Task.Delay(5, CancellationToken.None);
                    return rows;
                },
                CancellationToken.None);
        }
    }
}
