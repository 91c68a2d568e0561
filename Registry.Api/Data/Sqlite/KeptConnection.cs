using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using Registry.Domain.Common;
using SQLitePCL;

namespace Registry.Api.Data.Sqlite;

/// <summary>A connection that is kept, with the statements that were prepared on it. One thread uses it at a time.</summary>
internal sealed class KeptConnection : IDisposable
{
    private const uint PreparePersistent = 1;

    // In instructions of SQLite's virtual machine: a millisecond, or less.
    private const int BetweenLooks = 20_000;
    private const int LargestOnTheStack = 512;

    // A program other than this one may read the file, or copy it.
    private const int BusyMilliseconds = 5000;

    private static readonly Statement Begin = new("BEGIN");
    private static readonly Statement BeginToWrite = new("BEGIN IMMEDIATE");
    private static readonly Statement CommitAll = new("COMMIT");
    private static readonly Statement UndoAll = new("ROLLBACK");
    private static readonly Statement MarkOne = new("SAVEPOINT one");
    private static readonly Statement KeepOne = new("RELEASE one");
    private static readonly Statement UndoOne = new("ROLLBACK TO one");

    private readonly Dictionary<Statement, Kept> _kept = [];
    private readonly sqlite3 _database;

    // Of the reading that is under way.
    private CancellationToken _cancellation;

    /// <summary>Opens the file.</summary>
    /// <param name="connectionString">The file, as the driver wants it.</param>
    /// <param name="cacheKibibytes">The most that it keeps of the file in memory.</param>
    /// <param name="mayWrite">Whether it may change the file.</param>
    public KeptConnection(string connectionString, int cacheKibibytes, bool mayWrite)
    {
        Connection = new SqliteConnection(connectionString);
        try
        {
            Connection.Open();
            _database = Connection.Handle!;
            raw.sqlite3_busy_timeout(_database, BusyMilliseconds);
            Pragma("temp_store = MEMORY");
            Pragma(string.Create(CultureInfo.InvariantCulture, $"cache_size = -{cacheKibibytes}"));
            if (mayWrite)
            {
                Pragma("journal_mode = WAL");
                Pragma("synchronous = FULL");
                Pragma("secure_delete = ON");
                Pragma("wal_autocheckpoint = 0");
            }
            else
            {
                Pragma("query_only = 1");
                raw.sqlite3_progress_handler(_database, BetweenLooks, _ => _cancellation.IsCancellationRequested ? 1 : 0, null);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public SqliteConnection Connection { get; }

    /// <summary>False after an error of which nobody knows what it has done to the connection.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>How many rows were changed on this connection: two values that differ tell that something has.</summary>
    public int Changes => raw.sqlite3_total_changes(_database);

    /// <summary>Whether a transaction is open: some errors end it.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_database) == 0;

    /// <summary>Reads in one transaction, and so one state of the file. What runs when it is cancelled is interrupted.</summary>
    public Task<T> Read<T>(Func<Session, Task<T>> query, CancellationToken cancellation) =>
        Read(new SqliteSession(this, cancellation), query, cancellation);

    /// <summary>The same, in a session on this connection.</summary>
    public async Task<T> Read<T>(SqliteSession session, Func<Session, Task<T>> query, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        try
        {
            Run(Begin);
            var answer = await query(session);
            Run(CommitAll);
            return answer;
        }
        catch (SqliteException interrupted) when (interrupted.SqliteErrorCode == raw.SQLITE_INTERRUPT
            && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(interrupted.Message, interrupted, cancellation);
        }
        catch (SqliteException broken) when (IsOfTheDisk(broken))
        {
            IsSound = false;
            throw new DatabaseUnavailableException($"The database cannot be read: {SqliteFile.Reason(broken)}.", broken);
        }
        finally
        {
            _cancellation = default;
            EndReading();
        }
    }

    /// <summary>Begins a transaction that is going to change something.</summary>
    public void BeginWriting() => Run(BeginToWrite);

    public void Commit() => Run(CommitAll);

    /// <summary>Ends the transaction, if there is one still, and undoes all that it did.</summary>
    public void Undo()
    {
        if (IsInTransaction)
        {
            Run(UndoAll);
        }
    }

    /// <summary>Marks the place to which the next steps can be undone.</summary>
    public void Mark() => Run(MarkOne);

    /// <summary>Keeps what was done since the mark, or undoes it.</summary>
    public void Release(bool isKept)
    {
        if (!isKept)
        {
            Run(UndoOne);
        }

        Run(KeepOne);
    }

    /// <summary>Whether an error says that the file or its disk does not do what it should, not that a statement is wrong.</summary>
    public static bool IsOfTheDisk(SqliteException broken) => broken.SqliteErrorCode is
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN
        or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_NOMEM or raw.SQLITE_PROTOCOL;

    /// <summary>Gives the memory of its cache back.</summary>
    public void Shrink() => Pragma("shrink_memory");

    public int Run(Statement statement, params ReadOnlySpan<object?> values)
    {
        var kept = Bound(statement, values);
        try
        {
            int outcome;
            do
            {
                outcome = raw.sqlite3_step(kept.Prepared);
            }
            while (outcome == raw.SQLITE_ROW);

            if (outcome != raw.SQLITE_DONE)
            {
                SqliteException.ThrowExceptionForRC(outcome, _database);
            }

            return raw.sqlite3_changes(_database);
        }
        finally
        {
            raw.sqlite3_reset(kept.Prepared);
        }
    }

    public List<T> Rows<T>(Statement statement, Func<DbDataReader, T> map, ReadOnlySpan<object?> values)
    {
        var kept = Bound(statement, values);
        try
        {
            var rows = new List<T>();
            while (kept.Reader.Read())
            {
                rows.Add(map(kept.Reader));
            }

            return rows;
        }
        finally
        {
            raw.sqlite3_reset(kept.Prepared);
        }
    }

    /// <summary>Adds rows to a table.</summary>
    public void Load(Table table, CancellationToken cancellation)
    {
        const int RowsBetweenLooks = 10_000;

        var places = string.Join(", ", table.Columns.Select((_, position) => string.Create(CultureInfo.InvariantCulture, $"@p{position}")));
        var insert = new Statement($"INSERT INTO {table.Name} ({string.Join(", ", table.Columns)}) VALUES ({places})");
        try
        {
            for (var row = 0; row < table.Rows.Count; row++)
            {
                if (row % RowsBetweenLooks == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                }

                Run(insert, table.Rows[row]);
            }
        }
        finally
        {
            if (_kept.Remove(insert, out var kept))
            {
                kept.Prepared.Dispose();
            }
        }
    }

    /// <summary>Adds rows that come as lines of text, with commas between the fields; nothing between two commas is NULL.</summary>
    /// <param name="insert">The statement, with a place for each field.</param>
    /// <param name="isText">Of each field, whether it is a text; else a whole number.</param>
    /// <param name="lines">The lines, each with its end.</param>
    /// <param name="offset">Is added to the first field.</param>
    public void Load(string insert, ReadOnlySpan<bool> isText, ReadOnlySpan<byte> lines, long offset)
    {
        var statement = new Statement(insert);
        var kept = Bound(statement, new object?[isText.Length]);
        try
        {
            while (!lines.IsEmpty)
            {
                var end = lines.IndexOf((byte)'\n');
                var rest = lines[..end];
                lines = lines[(end + 1)..];
                for (var field = 0; field < isText.Length; field++)
                {
                    var comma = rest.IndexOf((byte)',');
                    var value = comma < 0 ? rest : rest[..comma];
                    rest = comma < 0 ? [] : rest[(comma + 1)..];
                    Check(value.IsEmpty ? raw.sqlite3_bind_null(kept.Prepared, kept.Places[field])
                        : isText[field] ? raw.sqlite3_bind_text(kept.Prepared, kept.Places[field], value)
                        : raw.sqlite3_bind_int64(
                            kept.Prepared,
                            kept.Places[field],
                            long.Parse(value, CultureInfo.InvariantCulture) + (field == 0 ? offset : 0)));
                }

                var outcome = raw.sqlite3_step(kept.Prepared);
                raw.sqlite3_reset(kept.Prepared);
                if (outcome != raw.SQLITE_DONE)
                {
                    SqliteException.ThrowExceptionForRC(outcome, _database);
                }
            }
        }
        finally
        {
            _kept.Remove(statement);
            kept.Prepared.Dispose();
        }

        void Check(int outcome)
        {
            if (outcome != raw.SQLITE_OK)
            {
                SqliteException.ThrowExceptionForRC(outcome, _database);
            }
        }
    }

    public void Pragma(string pragma)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = "PRAGMA " + pragma;
        command.ExecuteNonQuery();
    }

    /// <summary>Writes the whole file anew, without anything that was deleted.</summary>
    public void Vacuum()
    {
        using var command = Connection.CreateCommand();
        command.CommandText = "VACUUM";
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }

    /// <summary>Commits a change of its own, which has no meaning but that it can be written.</summary>
    public void Seal()
    {
        using var command = Connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        var version = (long)command.ExecuteScalar()!;
        Pragma(string.Create(CultureInfo.InvariantCulture, $"user_version = {(version + 1) % int.MaxValue}"));
    }

    /// <summary>Pages written to the log since this was last asked.</summary>
    public int PagesWritten()
    {
        const int CacheWrite = 9;
        raw.sqlite3_db_status(_database, CacheWrite, out var pages, out _, 1);
        return pages;
    }

    /// <summary>Copies the log into the file.</summary>
    /// <param name="mode">PASSIVE, RESTART or TRUNCATE, as SQLite numbers them.</param>
    /// <param name="patience">How long to wait for readers; PASSIVE never waits.</param>
    /// <returns>Whether all was done as asked, and how many pages the log has.</returns>
    /// <exception cref="SqliteException">The disk does not do what it should.</exception>
    public (bool IsDone, int Pages) Checkpoint(int mode, TimeSpan patience)
    {
        raw.sqlite3_busy_timeout(_database, (int)patience.TotalMilliseconds);
        try
        {
            var outcome = raw.sqlite3_wal_checkpoint_v2(_database, "main", mode, out var pages, out var copied);
            if (outcome is not (raw.SQLITE_OK or raw.SQLITE_BUSY))
            {
                SqliteException.ThrowExceptionForRC(outcome, _database);
            }

            return (outcome == raw.SQLITE_OK && copied == pages, pages);
        }
        finally
        {
            raw.sqlite3_busy_timeout(_database, BusyMilliseconds);
        }
    }

    public void Dispose()
    {
        foreach (var kept in _kept.Values)
        {
            kept.Prepared.Dispose();
        }

        _kept.Clear();
        Connection.Dispose();
    }

    private void EndReading()
    {
        try
        {
            Undo();
        }
        catch (SqliteException)
        {
            IsSound = false;
        }
    }

    private Kept Bound(Statement statement, ReadOnlySpan<object?> values)
    {
        _cancellation.ThrowIfCancellationRequested();
        ref var kept = ref CollectionsMarshal.GetValueRefOrAddDefault(_kept, statement, out var isKept);
        if (!isKept)
        {
            try
            {
                kept = Prepare(statement);
            }
            catch
            {
                _kept.Remove(statement);
                throw;
            }
        }

        statement.Check(values.Length);
        for (var position = 0; position < values.Length; position++)
        {
            var outcome = Bind(kept!.Prepared, kept.Places[position], values[position]);
            if (outcome != raw.SQLITE_OK)
            {
                SqliteException.ThrowExceptionForRC(outcome, _database);
            }
        }

        return kept!;
    }

    private Kept Prepare(Statement statement)
    {
        var outcome = raw.sqlite3_prepare_v3(_database, statement.Sql, PreparePersistent, out var prepared, out var rest);
        if (outcome != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(outcome, _database);
        }

        if (!string.IsNullOrWhiteSpace(rest))
        {
            prepared.Dispose();
            throw new ArgumentException("Only one statement can be kept at a time: " + statement.Sql, nameof(statement));
        }

        var places = Enumerable.Range(0, statement.Parameters)
            .Select(position => raw.sqlite3_bind_parameter_index(prepared, string.Create(CultureInfo.InvariantCulture, $"@p{position}")));
        return new Kept(prepared, [.. places], new KeptReader(_database, prepared));
    }

    private static int Bind(sqlite3_stmt prepared, int place, object? value) => value switch
    {
        // A position that the text does not name.
        _ when place == 0 => raw.SQLITE_OK,
        null or DBNull => raw.sqlite3_bind_null(prepared, place),
        string text => BindText(prepared, place, text),
        IIdentifier code => BindText(prepared, place, code.ToString()!),
        int number => raw.sqlite3_bind_int64(prepared, place, number),
        long number => raw.sqlite3_bind_int64(prepared, place, number),
        bool flag => raw.sqlite3_bind_int64(prepared, place, flag ? 1 : 0),
        double number => raw.sqlite3_bind_double(prepared, place, number),
        decimal number => raw.sqlite3_bind_double(prepared, place, (double)number),
        DateOnly day => BindText(prepared, place, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        short number => raw.sqlite3_bind_int64(prepared, place, number),
        byte number => raw.sqlite3_bind_int64(prepared, place, number),
        byte[] bytes => raw.sqlite3_bind_blob(prepared, place, bytes),
        _ => throw new ArgumentException($"SQLite has no place for a {value.GetType().Name}.", nameof(value)),
    };

    private static int BindText(sqlite3_stmt prepared, int place, string text)
    {
        // An empty span would be taken for NULL.
        if (text.Length == 0)
        {
            return raw.sqlite3_bind_text(prepared, place, text);
        }

        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most <= LargestOnTheStack)
        {
            Span<byte> near = stackalloc byte[LargestOnTheStack];
            return raw.sqlite3_bind_text(prepared, place, near[..Encoding.UTF8.GetBytes(text, near)]);
        }

        var far = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            return raw.sqlite3_bind_text(prepared, place, far.AsSpan(0, Encoding.UTF8.GetBytes(text, far)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(far);
        }
    }

    // Places: at each position, the number by which SQLite knows the parameter.
    private sealed record Kept(sqlite3_stmt Prepared, int[] Places, KeptReader Reader);
}
