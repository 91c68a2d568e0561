using System.Data.Common;

namespace Registry.Api.Data;

/// <summary>The ways to use the database. Nothing outside this folder knows which engine it is.</summary>
internal interface IDatabase
{
    /// <summary>The engine's folder below <c>db/</c>.</summary>
    string Engine { get; }

    /// <summary>
    /// Increases with every commit on the embedded engine, where this process is the only writer; null elsewhere. Read before a
    /// query, it tells whether anything kept is still current.
    /// </summary>
    long? CommitNumber { get; }

    /// <summary>
    /// Runs <paramref name="query"/>, a short look-up, on a connection that is kept, on one consistent state where the engine
    /// allows it.
    /// </summary>
    Task<T> Read<T>(Func<Session, Task<T>> query, CancellationToken cancellation);

    /// <summary>Reads the rows of one kept statement on its own: one round trip, outside any transaction.</summary>
    Task<List<T>> LookUp<T>(Statement statement, Func<DbDataReader, T> map, CancellationToken cancellation, params object?[] values);

    /// <summary>
    /// Runs <paramref name="query"/>, which may take its time, on one of a few threads for such queries; it stops when
    /// <paramref name="cancellation"/> is cancelled.
    /// </summary>
    /// <exception cref="DatabaseBusyException">Too many wait already.</exception>
    Task<T> Compute<T>(Func<Session, Task<T>> query, CancellationToken cancellation);

    /// <summary>
    /// Runs <paramref name="change"/> as one unit: all of it is stored durably before this returns, or none of it.
    /// It may run more than once, so it must do the same each time, and it sees every acknowledged write of
    /// <paramref name="sites"/>: no two changes of one site run at the same time.
    /// </summary>
    Task<T> Write<T>(IReadOnlyCollection<string> sites, Func<Session, Task<T>> change, CancellationToken cancellation);

    /// <summary>
    /// The same for a change to what <paramref name="begin"/> makes: where changes share a transaction they share that too, and what it
    /// puts off is stored once for all of them.
    /// </summary>
    Task<T> WriteJointly<TWork, T>(
        IReadOnlyCollection<string> sites, Func<Session, TWork> begin, Func<TWork, Task<T>> change, CancellationToken cancellation)
        where TWork : class, IJointWork =>
        Write(
            sites,
            async session =>
            {
                var work = begin(session);
                var answer = await change(work);
                await work.Flush();
                return answer;
            },
            cancellation);

    /// <summary>Runs <paramref name="work"/> in one transaction while no other instance installs. Used at start only.</summary>
    Task Install(Func<Session, Task> work, CancellationToken cancellation);

    /// <summary>Adds many rows at bulk speed, in one transaction. Used by the seeder and to fill tables that are derived.</summary>
    Task Load(IReadOnlyList<Table> tables, CancellationToken cancellation);

    /// <summary>
    /// Adds the rows of many parts, each when its turn comes: in one transaction on the embedded engine, in one a part elsewhere.
    /// </summary>
    async Task Load(IAsyncEnumerable<IReadOnlyList<Table>> parts, CancellationToken cancellation)
    {
        await foreach (var part in parts.WithCancellation(cancellation))
        {
            await Load(part, cancellation);
        }
    }

    /// <summary>
    /// Removes deleted and overwritten data from the files of the embedded database: its log is emptied, and the file is rewritten
    /// where a page that was split still has it. The files of a server are the server's.
    /// </summary>
    /// <param name="text">What was deleted; null where it is not known, so that the file is written anew in any case.</param>
    /// <param name="cancellation">Stops waiting for those who still read an earlier state.</param>
    Task Scrub(string? text, CancellationToken cancellation);

    /// <summary>The writes that wait for their turn or, on a server, for its answer. Unit: count.</summary>
    int WaitingWrites { get; }

    /// <summary>Why nothing can be written at the moment; null when it can.</summary>
    Task<string?> WriterFault();
}

/// <summary>
/// What changes of one transaction work on together: each sees what those before it did, though some of it is not stored yet.
/// </summary>
internal interface IJointWork
{
    /// <summary>Stores what was put off. Called once, after the last change.</summary>
    Task Flush();
}

/// <summary>Rows for one table, in the order of its columns as named.</summary>
internal sealed record Table(string Name, IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows);

/// <summary>The database did not answer in time, however often it was asked. The caller may try again later.</summary>
internal class DatabaseUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>More is asked of the database than it can take. The caller may try again later.</summary>
internal sealed class DatabaseBusyException(string message) : DatabaseUnavailableException(message);
