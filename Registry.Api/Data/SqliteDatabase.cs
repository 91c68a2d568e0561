using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Registry.Api.Data;

/// <summary>
/// The embedded database. Readers each have a connection of their own. All writes go through one writer, which
/// lets the writes that wait at the same moment share one transaction and so one fsync: each has a savepoint of its
/// own, and none is answered before the commit.
/// </summary>
internal sealed class SqliteDatabase : IDatabase, IAsyncDisposable
{
    private const int LargestGroup = 256;
    private const int CheckpointAfterGroups = 200;
    private const int TimeoutSeconds = 30;

    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly Channel<WaitingWrite> _waiting = Channel.CreateBounded<WaitingWrite>(new BoundedChannelOptions(10_000) { SingleReader = true });
    private readonly Task _writing;
    private readonly SemaphoreSlim _computing = new(Math.Max(2, Environment.ProcessorCount));
    private readonly Dictionary<Statement, SqliteCommand> _kept = [];
    private long _commits;

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    public SqliteDatabase(string connectionString)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString) { DefaultTimeout = TimeoutSeconds, ForeignKeys = true };
        if (Path.GetDirectoryName(Path.GetFullPath(builder.DataSource)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        _connectionString = builder.ToString();
        _writer = Open();
        Pragma(_writer, "journal_mode = WAL");
        Pragma(_writer, "synchronous = FULL");
        Pragma(_writer, "wal_autocheckpoint = 0");
        _writing = Task.Run(WriteInGroups);
    }

    public string Engine => "sqlite";

    public long? CommitNumber => Volatile.Read(ref _commits);

    public async Task<T> Compute<T>(Func<Session, Task<T>> query, CancellationToken cancellation)
    {
        await _computing.WaitAsync(cancellation);
        try
        {
            return await Read(query, cancellation);
        }
        finally
        {
            _computing.Release();
        }
    }

    public Task<string?> WriterFault() => Task.FromResult<string?>(null);

    public async Task<T> Read<T>(Func<Session, Task<T>> query, CancellationToken cancellation)
    {
        try
        {
            await using var connection = Open();
            await using var snapshot = connection.BeginTransaction(deferred: true);
            return await query(new SqliteSession(connection, snapshot, [], cancellation));
        }
        catch (SqliteException broken) when (IsPassing(broken))
        {
            throw new DatabaseUnavailableException("The database is busy or its disk is full.", broken);
        }
    }

    public async Task<T> Write<T>(IReadOnlyCollection<string> sites, Func<Session, Task<T>> change, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync(new WaitingWrite<T>(change, answer, cancellation), cancellation);
        return await answer.Task;
    }

    public Task Install(Func<Session, Task> work, CancellationToken cancellation) =>
        Write(
            [],
            async session =>
            {
                await work(session);
                return true;
            },
            cancellation);

    public async Task Load(IReadOnlyList<Table> tables, CancellationToken cancellation)
    {
        await using var connection = Open();
        await using var transaction = connection.BeginTransaction();
        foreach (var table in tables)
        {
            await using var insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = $"INSERT INTO {table.Name} ({string.Join(", ", table.Columns)}) VALUES ({string.Join(", ", table.Columns.Select(column => "@" + column))})";
            var parameters = table.Columns.Select(column => insert.Parameters.AddWithValue("@" + column, DBNull.Value)).ToArray();
            foreach (var row in table.Rows)
            {
                for (var column = 0; column < parameters.Length; column++)
                {
                    parameters[column].Value = Stored(row[column]);
                }

                insert.ExecuteNonQuery();
            }

            cancellation.ThrowIfCancellationRequested();
        }

        transaction.Commit();
        Interlocked.Increment(ref _commits);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
        Pragma(_writer, "wal_checkpoint(TRUNCATE)");
        foreach (var command in _kept.Values)
        {
            await command.DisposeAsync();
        }

        await _writer.DisposeAsync();
        await using var pool = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(pool);
    }

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        DateOnly date => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        decimal number => (double)number,
        bool flag => flag ? 1 : 0,
        _ => value,
    };

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    private static void Pragma(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA " + pragma;
        command.ExecuteNonQuery();
    }

    private async Task WriteInGroups()
    {
        var group = new List<WaitingWrite>(LargestGroup);
        var sinceCheckpoint = 0;
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (group.Count < LargestGroup && _waiting.Reader.TryRead(out var next))
            {
                group.Add(next);
            }

            WriteTogether(group);
            group.Clear();

            if (++sinceCheckpoint >= CheckpointAfterGroups)
            {
                Checkpoint();
                sinceCheckpoint = 0;
            }
        }
    }

    private void WriteTogether(List<WaitingWrite> group)
    {
        try
        {
            using (var transaction = _writer.BeginTransaction())
            {
                foreach (var write in group)
                {
                    transaction.Save("one");
                    if (!write.Run(new SqliteSession(_writer, transaction, _kept, CancellationToken.None)))
                    {
                        transaction.Rollback("one");
                    }

                    transaction.Release("one");
                }

                transaction.Commit();
            }

            Interlocked.Increment(ref _commits);
            group.ForEach(write => write.Answer());
        }
        catch (Exception failed)
        {
            // Nothing of the group is stored: every sender is told so, and may repeat.
            var unavailable = new DatabaseUnavailableException("The database could not store the change.", failed);
            group.ForEach(write => write.Fail(unavailable));
        }
    }

    private void Checkpoint()
    {
        try
        {
            Pragma(_writer, "wal_checkpoint(PASSIVE)");
        }
        catch (SqliteException)
        {
            // The log goes on growing until the next try; nothing is lost by it.
        }
    }

    private static bool IsPassing(SqliteException broken) =>
        broken.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED or SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR;

    /// <summary>A write that waits for its turn.</summary>
    private abstract class WaitingWrite
    {
        /// <summary>Carries the change out in the open transaction.</summary>
        /// <returns>False when it has to be undone.</returns>
        public abstract bool Run(Session session);

        /// <summary>Tells the sender, once the transaction is committed.</summary>
        public abstract void Answer();

        /// <summary>Tells the sender that nothing was stored.</summary>
        public abstract void Fail(Exception why);
    }

    private sealed class WaitingWrite<T>(Func<Session, Task<T>> change, TaskCompletionSource<T> answer, CancellationToken cancellation) : WaitingWrite
    {
        private T? _result;
        private Exception? _failure;

        public override bool Run(Session session)
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();

                // Microsoft.Data.Sqlite completes every call synchronously: this never waits.
                _result = change(session).GetAwaiter().GetResult();
                return !session.IsDiscarded;
            }
            catch (Exception failed)
            {
                _failure = failed is SqliteException broken && IsPassing(broken)
                    ? new DatabaseUnavailableException("The database is busy or its disk is full.", broken)
                    : failed;
                return false;
            }
        }

        public override void Answer()
        {
            if (_failure is null)
            {
                answer.TrySetResult(_result!);
            }
            else
            {
                answer.TrySetException(_failure);
            }
        }

        public override void Fail(Exception why) => answer.TrySetException(_failure ?? why);
    }

    /// <summary>A connection with the statements that are kept on it.</summary>
    private sealed class SqliteSession(SqliteConnection connection, SqliteTransaction transaction, Dictionary<Statement, SqliteCommand> kept, CancellationToken cancellation)
        : Session(connection, transaction, TimeoutSeconds, cancellation)
    {
        public override ValueTask<int> Run(Statement statement, params object?[] values) => new(Prepared(statement, values).ExecuteNonQuery());

        public override ValueTask<List<T>> Rows<T>(Statement statement, Func<DbDataReader, T> map, params object?[] values)
        {
            using var reader = Prepared(statement, values).ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(map(reader));
            }

            return new(rows);
        }

        public override ValueTask Apply(IReadOnlyList<(Statement Statement, object?[] Values)> changes)
        {
            foreach (var (statement, values) in changes)
            {
                Prepared(statement, values).ExecuteNonQuery();
            }

            return ValueTask.CompletedTask;
        }

        private SqliteCommand Prepared(Statement statement, object?[] values)
        {
            if (!kept.TryGetValue(statement, out var command))
            {
                command = connection.CreateCommand();
                command.CommandText = statement.Sql;
                for (var position = 0; position < values.Length; position++)
                {
                    command.Parameters.AddWithValue(FormattableString.Invariant($"@p{position}"), DBNull.Value);
                }

                kept.Add(statement, command);
            }

            command.Transaction = transaction;
            for (var position = 0; position < values.Length; position++)
            {
                command.Parameters[position].Value = Stored(values[position]);
            }

            return command;
        }
    }
}
