using System.Data.Common;
using Microsoft.Data.Sqlite;
using Registry.Api.Data.Sqlite;
using SQLitePCL;

namespace Registry.Api.Data;

/// <summary>
/// The embedded database: one file, which belongs to this process. Short look-ups are done where they are asked, each on a
/// connection that is kept; what takes its time has threads of its own, and all that is written goes through one writer.
/// </summary>
internal sealed class SqliteDatabase : IDatabase, IDisposable, IAsyncDisposable
{
    // What each connection keeps of the file, in KiB; those that compute share theirs. All but the writer read anew after every commit.
    private const int WriterCache = 16_000;
    private const int ComputingCaches = 16_000;
    private const int ReaderCache = 2_000;

    private static readonly TimeSpan ScrubbingPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenScrubbings = TimeSpan.FromMilliseconds(20);

    private readonly SqliteFile _file;
    private readonly Writer _writer;
    private readonly Readers _readers;
    private readonly Computations _computations;
    private readonly SemaphoreSlim _scrubbing = new(1);
    private Task _writesWait = Task.CompletedTask;
    private bool _isDisposed;

    static SqliteDatabase()
    {
        const int WithoutLocksOnConnections = 2;
        const int CountMemory = 9;

        // One thread at a time uses a connection, so SQLite need not guard each; and to count its memory it would guard that.
        Batteries_V2.Init();
        raw.sqlite3_config(WithoutLocksOnConnections);
        raw.sqlite3_config(CountMemory, 0);
    }

    /// <summary>Opens the file, and takes it for this process.</summary>
    /// <exception cref="UnusableDatabaseException">It cannot be used.</exception>
    public SqliteDatabase(string connectionString, ILogger log)
    {
        _file = SqliteFile.Take(connectionString);
        try
        {
            _file.CheckOwner();
            _writer = new Writer(_file, () => Open(WriterCache, mayWrite: true), log);
        }
        catch (SqliteException broken)
        {
            _file.Dispose();
            throw _file.Unusable(broken);
        }
        catch
        {
            _file.Dispose();
            throw;
        }

        _readers = new Readers(() => OpenToRead(ReaderCache));
        _computations = new Computations(() => OpenToRead(ComputingCaches / Computations.Threads));
    }

    public string Engine => "sqlite";

    public long? CommitNumber => _writer.Commits;

    public int WaitingWrites => _writer.Waiting;

    public Task<T> Read<T>(Func<Session, Task<T>> query, CancellationToken cancellation) => _readers.Read(query, cancellation);

    public Task<List<T>> LookUp<T>(
        Statement statement, Func<DbDataReader, T> map, CancellationToken cancellation, params object?[] values) =>
        Read(async session => await session.Rows(statement, map, values), cancellation);

    public Task<T> Compute<T>(Func<Session, Task<T>> query, CancellationToken cancellation) => _computations.Run(query, cancellation);

    public Task<T> Write<T>(IReadOnlyCollection<string> sites, Func<Session, Task<T>> change, CancellationToken cancellation) =>
        Write(new WaitingChange<T>(change, cancellation), cancellation);

    public Task<T> WriteJointly<TWork, T>(
        IReadOnlyCollection<string> sites, Func<Session, TWork> begin, Func<TWork, Task<T>> change, CancellationToken cancellation)
        where TWork : class, IJointWork =>
        Write(new WaitingJointChange<TWork, T>(begin, change, cancellation), cancellation);

    public Task Install(Func<Session, Task> work, CancellationToken cancellation) =>
        _writer.Write(new WaitingChange<bool>(
            async session =>
            {
                await work(session);
                return true;
            },
            cancellation));

    public Task Load(IReadOnlyList<Table> tables, CancellationToken cancellation) =>
        _writer.Write(new WaitingChange<bool>(
            session =>
            {
                ((SqliteSession)session).Load(tables, cancellation);
                return Task.FromResult(true);
            },
            cancellation));

    public Task Load(IAsyncEnumerable<IReadOnlyList<Table>> parts, CancellationToken cancellation) =>
        _writer.Write(new WaitingChange<bool>(
            async session =>
            {
                var loading = (SqliteSession)session;
                await loading.FillEmpty(
                    async () =>
                    {
                        await foreach (var part in parts.WithCancellation(cancellation))
                        {
                            loading.Load(part, cancellation);
                        }
                    },
                    cancellation);
                return true;
            },
            cancellation));

    public async Task Scrub(string? text, CancellationToken cancellation)
    {
        await _scrubbing.WaitAsync(cancellation);
        try
        {
            // Beside the writer, whose turn comes again in between: nothing but this empties the log while it is busy.
            using var connection = Open(ReaderCache, mayWrite: true);
            await EmptyLog(connection, cancellation);
            if (text is null || _file.Holds(text))
            {
                // What follows has to wait, and what waits already has its turn before, so that nobody is refused meanwhile.
                var isDone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Volatile.Write(ref _writesWait, isDone.Task);
                try
                {
                    await _writer.Write(new WaitingChange<bool>(static _ => Task.FromResult(true), cancellation));
                    connection.Vacuum();
                    await EmptyLog(connection, cancellation);
                }
                finally
                {
                    Volatile.Write(ref _writesWait, Task.CompletedTask);
                    isDone.SetResult();
                }
            }
        }
        finally
        {
            _scrubbing.Release();
        }
    }

    public Task<string?> WriterFault() => Task.FromResult(_writer.Fault is { } fault ? $"The database cannot be written: {fault}." : null);

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        // The writer last: whoever closes the file last leaves it whole, and without a log.
        _isDisposed = true;
        _computations.Dispose();
        _readers.Dispose();
        _writer.Dispose();
        _file.Dispose();
        _scrubbing.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<T> Write<T>(WaitingWrite<T> write, CancellationToken cancellation)
    {
        var before = Volatile.Read(ref _writesWait);
        return before.IsCompleted ? _writer.Write(write) : WriteAfter();

        async Task<T> WriteAfter()
        {
            await before.WaitAsync(cancellation);
            return await _writer.Write(write);
        }
    }

    private static async Task EmptyLog(KeptConnection connection, CancellationToken cancellation)
    {
        while (!connection.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE, ScrubbingPatience).IsDone)
        {
            await Task.Delay(BetweenScrubbings, cancellation);
        }
    }

    private KeptConnection OpenToRead(int cache)
    {
        try
        {
            return Open(cache, mayWrite: false);
        }
        catch (SqliteException broken) when (KeptConnection.IsOfTheDisk(broken))
        {
            throw new DatabaseUnavailableException($"The database cannot be read: {SqliteFile.Reason(broken)}.", broken);
        }
    }

    private KeptConnection Open(int cache, bool mayWrite) => new(_file.ConnectionString, cache, mayWrite);
}
