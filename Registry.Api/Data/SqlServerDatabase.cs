using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.SqlClient;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using Registry.Api.Data.SqlServer;
using Registry.Domain.Common;

namespace Registry.Api.Data;

/// <summary>
/// SQL Server, Azure SQL or Babelfish. Every unit of work is repeatable, so a passing error is met by repeating the
/// whole of it; when that does not help, the caller is told to come back later.
/// </summary>
internal sealed partial class SqlServerDatabase : IDatabase, IDisposable
{
    private const int SettingTimeoutSeconds = 5;
    private const int MostComputing = 8;
    private const int MostParameters = 2000;
    private const int MostWaitingToCompute = 64;

    private static readonly Patience Everyday = new(CommandSeconds: 30, LockSeconds: 20, WholeSeconds: 45);

    // A snapshot of a large registry reads all of it.
    private static readonly Patience Computing = new(CommandSeconds: 300, LockSeconds: 20, WholeSeconds: 600);

    // A migration may have much to move, and another instance may be at it.
    private static readonly Patience Installing = new(CommandSeconds: 600, LockSeconds: 540, WholeSeconds: 660);

    /// <summary>Errors that pass: timeouts, broken connections, deadlocks, a database that is starting or throttled.</summary>
    private static readonly HashSet<int> PassingErrors =
    [
        -2, 20, 64, 121, 233, 911, 1205, 4060, 10053, 10054, 10060, 10928, 10929, 40197, 40501, 40613,
        41301, 41302, 41305, 41325, 41839, 49918, 49919, 49920,
    ];

    /// <summary>A unique constraint was met by two writers at once: repeated, the work finds what the other wrote.</summary>
    private static readonly HashSet<int> LostRaces = [2601, 2627];

    private static readonly ResiliencePropertyKey<Patience> Patient = new("patience");

    private readonly string _connectionString;
    private readonly ResiliencePipeline _repeating;
    private readonly ResiliencePipeline _connecting;
    private readonly SemaphoreSlim _computing = new(MostComputing);
    private readonly ILogger _log;
    private int _waitingToCompute;
    private int _waitingWrites;
    private int _isUnavailable;

    // A bool, null while it is not known: boxed, so that it is read and written as one.
    private volatile object? _hasSnapshots;

    public SqlServerDatabase(string connectionString, TimeProvider clock, ILogger log)
    {
        _log = log;

        // The pool would answer every caller by the last failed login, for up to a minute after the server is back; the
        // retries and the circuit breaker here are there for that.
        var builder = new SqlConnectionStringBuilder(connectionString) { PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock };

        _connectionString = builder.ToString();
        _repeating = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = arguments => new(arguments.Context.Properties.GetValue(Patient, Everyday).Whole),
            })
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<SqlException>(IsWorthARetry).Handle<LostConnectionException>(),
                MaxRetryAttempts = 5,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(5),
                UseJitter = true,
            })
            .Build();

        // Of connecting alone: a line that was cut in the middle of some work says nothing about whether the server can be reached.
        _connecting = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<SqlException>(IsPassing),
                FailureRatio = 0.5,
                MinimumThroughput = 20,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(5),
            })
            .Build();
    }

    public string Engine => "sqlserver";

    public long? CommitNumber => null;

    public int WaitingWrites => Volatile.Read(ref _waitingWrites);

    public Task<T> Read<T>(Func<Session, Task<T>> query, CancellationToken cancellation) => Read(query, Everyday, cancellation);

    public Task<List<T>> LookUp<T>(
        Statement statement, Func<DbDataReader, T> map, CancellationToken cancellation, params object?[] values) =>
        Resiliently(
            async (connection, token) =>
                await new ServerSession(connection, null, Everyday.CommandSeconds, token).Rows(statement, map, values),
            Everyday,
            cancellation);

    public async Task<T> Compute<T>(Func<Session, Task<T>> query, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waitingToCompute) > MostComputing + MostWaitingToCompute)
        {
            Interlocked.Decrement(ref _waitingToCompute);
            throw new DatabaseBusyException("Too many figures are being computed.");
        }

        try
        {
            await _computing.WaitAsync(cancellation);
            try
            {
                return await Read(query, Computing, cancellation);
            }
            finally
            {
                _computing.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waitingToCompute);
        }
    }

    public async Task<T> Write<T>(IReadOnlyCollection<string> sites, Func<Session, Task<T>> change, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waitingWrites);
        try
        {
            return await InTransaction(
                [.. sites.Select(site => "registry-site-" + site).Order(StringComparer.Ordinal)], change, Everyday, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waitingWrites);
        }
    }

    public async Task Install(Func<Session, Task> work, CancellationToken cancellation)
    {
        await Set(
            "IF EXISTS (SELECT name FROM sys.databases WHERE database_id = DB_ID() AND is_read_committed_snapshot_on = 0) ALTER DATABASE "
                + "CURRENT SET READ_COMMITTED_SNAPSHOT ON",
            cancellation);
        await Set(
            "IF EXISTS (SELECT name FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 0) ALTER DATABASE "
                + "CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON",
            cancellation);
        _hasSnapshots = null;
        await InTransaction(
            ["registry-install"],
            async session =>
            {
                await work(session);
                return true;
            },
            Installing,
            cancellation);
    }

    public async Task Load(IReadOnlyList<Table> tables, CancellationToken cancellation)
    {
        await using var connection = await Open(cancellation);
        await using var transaction = (SqlTransaction)await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        var isBabelfish = await Single<int?>("SELECT CAST(SERVERPROPERTY('Babelfish') AS INT)", transaction, cancellation) == 1;
        foreach (var table in tables)
        {
            using var rows = Typed(table);
            if (isBabelfish)
            {
                await Insert(rows, table.Name, transaction, cancellation);
                continue;
            }

            using var copy = new SqlBulkCopy(connection, SqlBulkCopyOptions.KeepIdentity | SqlBulkCopyOptions.CheckConstraints, transaction)
            {
                DestinationTableName = table.Name,
                BulkCopyTimeout = Installing.CommandSeconds,
            };
            foreach (var column in table.Columns)
            {
                copy.ColumnMappings.Add(column, column);
            }

            await copy.WriteToServerAsync(rows, cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    public Task Scrub(string? text, CancellationToken cancellation) => Task.CompletedTask;

    public async Task<string?> WriterFault()
    {
        try
        {
            var isReadOnly = await Read(
                session =>
                    session.Single<int>("SELECT CASE WHEN DATABASEPROPERTYEX(DB_NAME(), 'Updateability') = 'READ_ONLY' THEN 1 ELSE 0 END"),
                CancellationToken.None);
            return isReadOnly == 1 ? "The database is read-only." : null;
        }
        catch (DatabaseUnavailableException unavailable)
        {
            return unavailable.Message;
        }
    }

    public void Dispose() => _computing.Dispose();

    // For Babelfish, of which the driver's bulk copy finds only one column: before it copies, it asks for them by adding up names over
    // rows.
    private static async Task Insert(DataTable rows, string table, SqlTransaction transaction, CancellationToken cancellation)
    {
        var columns = rows.Columns.Cast<DataColumn>().ToList();
        var hasIdentity = await Single<int?>(
            $"SELECT COUNT(*) FROM sys.identity_columns WHERE object_id = OBJECT_ID('{table}')", transaction, cancellation) > 0;
        foreach (var some in rows.Rows.Cast<DataRow>().Chunk(MostParameters / columns.Count))
        {
            await using var command = new SqlCommand
            {
                Connection = transaction.Connection,
                Transaction = transaction,
                CommandTimeout = Installing.CommandSeconds,
            };
            var values = some.Select(
                row => "(" + string.Join(", ", columns.Select(column => Parameter(command, row[column], column.DataType))) + ")").ToList();
            var insert = $"INSERT INTO {table} ({string.Join(", ", columns.Select(column => column.ColumnName))}) VALUES {string.Join(", ", values)};";
            command.CommandText = hasIdentity ? $"SET IDENTITY_INSERT {table} ON; {insert} SET IDENTITY_INSERT {table} OFF;" : insert;
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static string Parameter(SqlCommand command, object value, Type type)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@p{command.Parameters.Count}");
        command.Parameters.Add(new SqlParameter
        {
            ParameterName = name,
            SqlDbType = type == typeof(long) ? SqlDbType.BigInt
                : type == typeof(int) ? SqlDbType.Int
                : type == typeof(DateTime) ? SqlDbType.DateTime2
                : type == typeof(byte[])
                ? SqlDbType.VarBinary
                : SqlDbType.NVarChar,
            Value = value,
        });
        return name;
    }

    private static async Task<T?> Single<T>(string sql, SqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new SqlCommand(sql, transaction.Connection, transaction);
        return await command.ExecuteScalarAsync(cancellation) is T found ? found : default;
    }

    // Each column has the type of its values; where some are int and some long, it is long.
    private static DataTable Typed(Table table)
    {
        var rows = new DataTable();
        var stored = table.Rows.Select(row => Array.ConvertAll(row, Stored)).ToList();
        for (var column = 0; column < table.Columns.Count; column++)
        {
            var types = stored.Select(row => row[column].GetType()).Where(type => type != typeof(DBNull)).ToHashSet();
            rows.Columns.Add(table.Columns[column], types.Contains(typeof(long)) ? typeof(long) : types.FirstOrDefault(typeof(string)));
        }

        foreach (var row in stored)
        {
            rows.Rows.Add(row);
        }

        return rows;
    }

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        DateOnly day => day.ToDateTime(TimeOnly.MinValue),
        IIdentifier code => code.ToString()!,
        bool flag => flag ? 1 : 0,
        _ => value,
    };

    // With row versions a summary does not wait for a write, and all that it asks is of one moment. A server that knows no
    // such setting, or is too busy to change it now, works all the same.
    private async Task Set(string setting, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await Open(cancellation);
            await using var command = connection.CreateCommand();
            command.CommandTimeout = SettingTimeoutSeconds;
            command.CommandText = setting;
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (SqlException)
        {
            // Refused, or not in time.
        }
    }

    // All that is asked at once is of one moment.
    private Task<T> Read<T>(Func<Session, Task<T>> query, Patience patience, CancellationToken cancellation) =>
        Resiliently(
            async (connection, token) =>
            {
                if (!(bool)(_hasSnapshots ??= await HasSnapshots(token)))
                {
                    return await query(new ServerSession(connection, null, patience.CommandSeconds, token));
                }

                await using var snapshot = (SqlTransaction)await connection.BeginTransactionAsync(IsolationLevel.Snapshot, token);
                var answer = await query(new ServerSession(connection, snapshot, patience.CommandSeconds, token));
                await snapshot.CommitAsync(token);
                return answer;
            },
            patience,
            cancellation);

    // On a connection of its own: a refused one keeps the level.
    private async Task<bool> HasSnapshots(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await Open(cancellation);
            await using var snapshot = (SqlTransaction)await connection.BeginTransactionAsync(IsolationLevel.Snapshot, cancellation);
            await using var command = connection.CreateCommand();
            command.Transaction = snapshot;
            command.CommandTimeout = SettingTimeoutSeconds;
            command.CommandText = "SELECT COUNT(*) FROM sys.tables";
            await command.ExecuteScalarAsync(cancellation);
            await snapshot.CommitAsync(cancellation);
            return true;
        }
        catch (SqlException refused) when (!IsPassing(refused) && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private Task<T> InTransaction<T>(
        IReadOnlyList<string> locks, Func<Session, Task<T>> work, Patience patience, CancellationToken cancellation) =>
        Resiliently(
            async (connection, token) =>
            {
                await using var transaction = (SqlTransaction)await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, token);
                var session = new ServerSession(connection, transaction, patience.CommandSeconds, token);
                foreach (var name in locks)
                {
                    await Lock(session, name, patience);
                }

                var result = await work(session);
                if (!session.IsDiscarded)
                {
                    await transaction.CommitAsync(token);
                }

                return result;
            },
            patience,
            cancellation);

    private static async Task Lock(Session session, string name, Patience patience)
    {
        // With the name of the database: on some servers a lock is one for all their databases.
        var granted = await session.Single<int>(
            """
            SET XACT_ABORT ON;
            DECLARE @granted INT, @resource NVARCHAR(255) = DB_NAME() + N'/' + @name;
            EXEC @granted = sp_getapplock @Resource = @resource, @LockMode = 'Exclusive', @LockOwner = 'Transaction',
              @LockTimeout = @milliseconds;
            SELECT @granted;
            """,
            new { name, milliseconds = 1000 * patience.LockSeconds });
        if (granted < 0)
        {
            throw new DatabaseUnavailableException("Other writers held the lock for too long.");
        }
    }

    private async Task<SqlConnection> Open(CancellationToken cancellation)
    {
        var connection = new SqlConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch (Exception failed)
        {
            await connection.DisposeAsync();

            if (cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(failed.Message, failed, cancellation);
            }

            // No connection of the pool became free in time: the driver has no error number for that.
            if (failed is InvalidOperationException)
            {
                throw new DatabaseUnavailableException("Every connection to the database was in use for too long.", failed);
            }

            throw;
        }
    }

    private async Task<T> Resiliently<T>(
        Func<SqlConnection, CancellationToken, Task<T>> work, Patience patience, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        context.Properties.Set(Patient, patience);
        try
        {
            var answer = await _repeating.ExecuteAsync(
                async running =>
                {
                    var token = running.CancellationToken;
                    await using var connection = await _connecting.ExecuteAsync(async connecting => await Open(connecting), token);
                    try
                    {
                        return await work(connection, token);
                    }
                    catch (SqlException cancelled) when (token.IsCancellationRequested)
                    {
                        throw new OperationCanceledException(cancelled.Message, cancelled, token);
                    }
                    catch (Exception broken) when (IsLost(connection, broken))
                    {
                        throw new LostConnectionException(broken);
                    }
                },
                context);
            NoteAvailable();
            return answer;
        }
        catch (SqlException broken) when (IsWorthARetry(broken))
        {
            NoteUnavailable(broken);
            throw new DatabaseUnavailableException("The database did not answer.", broken);
        }
        catch (Exception gaveUp) when (gaveUp is LostConnectionException or BrokenCircuitException or TimeoutRejectedException)
        {
            NoteUnavailable(gaveUp);
            throw new DatabaseUnavailableException("The database did not answer.", gaveUp);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private void NoteUnavailable(Exception cause)
    {
        if (Interlocked.Exchange(ref _isUnavailable, 1) == 0)
        {
            LogUnavailable(cause);
        }
    }

    private void NoteAvailable()
    {
        if (Volatile.Read(ref _isUnavailable) == 1 && Interlocked.Exchange(ref _isUnavailable, 0) == 1)
        {
            LogAvailable();
        }
    }

    private static bool IsWorthARetry(SqlException broken) => IsPassing(broken) || LostRaces.Contains(broken.Number);

    // A refused connection carries the number of the operating system's error; its class is 20, a fatal one.
    private static bool IsPassing(SqlException broken) => PassingErrors.Contains(broken.Number) || broken.Class >= 20;

    // What the driver says of a connection that is gone has many forms: some have no number, some are no SqlException.
    private static bool IsLost(SqlConnection connection, Exception broken) =>
        broken is SqlException { Number: 0 } or InvalidOperationException { Source: "Microsoft.Data.SqlClient" }
        || (connection.State != ConnectionState.Open && broken is not (OperationCanceledException or DatabaseUnavailableException));

    /// <summary>How long to wait: for one command, for a lock, and for a unit of work with all its repetitions.</summary>
    private sealed record Patience(int CommandSeconds, int LockSeconds, int WholeSeconds)
    {
        public TimeSpan Whole => TimeSpan.FromSeconds(WholeSeconds);
    }

    /// <summary>The connection was lost in the middle of the work.</summary>
    private sealed class LostConnectionException(Exception cause) : Exception("The connection was lost.", cause);

    [LoggerMessage(LogLevel.Error, "The database does not answer. It is asked again with every request.")]
    private partial void LogUnavailable(Exception cause);

    [LoggerMessage(LogLevel.Warning, "The database answers again.")]
    private partial void LogAvailable();
}
