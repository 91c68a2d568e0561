using System.Data.Common;
using Microsoft.Data.Sqlite;
using Registry.Api.Data.Sqlite;

namespace Registry.Api.Data;

/// <summary>
/// An embedded database of rows that never change: a file that is filled once, then only read, and gone with this object. It has
/// the tables and views of the registry, whatever engine the registry itself is on.
/// </summary>
internal sealed class CopyDatabase : IDatabase, IDisposable
{
    private const int FillingCache = 64_000;
    private const int ReaderCache = 8_000;
    private const int ComputingCache = 32_000;
    private const string OfWorkList = "ix_analysis_visit_open";
    private const string Refusal = "A copy is only read.";

    private readonly string _path;
    private readonly Readers _readers;
    private readonly Computations _computations;

    private CopyDatabase(string path)
    {
        _path = path;
        _readers = new Readers(() => Open(path, ReaderCache, mayWrite: false));
        _computations = new Computations(() => Open(path, ComputingCache, mayWrite: false));
    }

    public string Engine => "sqlite";

    public long? CommitNumber => 0;

    public int WaitingWrites => 0;

    /// <summary>Makes a copy.</summary>
    /// <param name="path">The file, which is not there yet.</param>
    /// <param name="fill">Fills it. Indexes are made afterwards.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<CopyDatabase> Create(string path, Func<CopyFiller, Task> fill, CancellationToken cancellation)
    {
        try
        {
            using (var connection = Open(path, FillingCache, mayWrite: true))
            {
                // What is broken off is thrown away: nothing of it has to be safe.
                connection.Pragma("journal_mode = OFF");
                connection.Pragma("synchronous = OFF");
                connection.Pragma("locking_mode = EXCLUSIVE");
                var session = new SqliteSession(connection, cancellation);
                await Installer.Install(session, "sqlite");
                connection.BeginWriting();

                // The work list, of which a copy has none, alone asks for what is open.
                await session.FillEmpty(() => fill(new CopyFiller(connection, session)), cancellation, unwanted: OfWorkList);
                connection.Commit();
                connection.Pragma("optimize = 0x10012");
            }

            return new CopyDatabase(path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    public Task<T> Read<T>(Func<Session, Task<T>> query, CancellationToken cancellation) => _readers.Read(query, cancellation);

    public Task<List<T>> LookUp<T>(
        Statement statement, Func<DbDataReader, T> map, CancellationToken cancellation, params object?[] values) =>
        Read(async session => await session.Rows(statement, map, values), cancellation);

    public Task<T> Compute<T>(Func<Session, Task<T>> query, CancellationToken cancellation) => _computations.Run(query, cancellation);

    public Task<T> Write<T>(IReadOnlyCollection<string> sites, Func<Session, Task<T>> change, CancellationToken cancellation) =>
        throw new NotSupportedException(Refusal);

    public Task Install(Func<Session, Task> work, CancellationToken cancellation) => throw new NotSupportedException(Refusal);

    public Task Load(IReadOnlyList<Table> tables, CancellationToken cancellation) => throw new NotSupportedException(Refusal);

    public Task Scrub(string? text, CancellationToken cancellation) => throw new NotSupportedException(Refusal);

    public Task<string?> WriterFault() => Task.FromResult<string?>(Refusal);

    public void Dispose()
    {
        _computations.Dispose();
        _readers.Dispose();
        File.Delete(_path);
    }

    private static KeptConnection Open(string path, int cache, bool mayWrite) =>
        new(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = mayWrite ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ToString(),
            cache,
            mayWrite);
}

/// <summary>Fills a copy.</summary>
internal sealed class CopyFiller(KeptConnection connection, Session session)
{
    /// <summary>Runs statements on it.</summary>
    public Session Session => session;

    /// <summary>Adds rows that come as lines of text, with commas between the fields; nothing between two commas is NULL.</summary>
    /// <param name="insert">The statement, with a place for each field.</param>
    /// <param name="isText">Of each field, whether it is a text; else a whole number.</param>
    /// <param name="lines">The lines, each with its end.</param>
    /// <param name="offset">Is added to the first field.</param>
    public void Load(string insert, ReadOnlySpan<bool> isText, ReadOnlySpan<byte> lines, long offset) =>
        connection.Load(insert, isText, lines, offset);
}
