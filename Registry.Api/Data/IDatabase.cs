using System.Data.Common;
using Dapper;

namespace Registry.Api.Data;

/// <summary>The two ways to use the database. Nothing outside this folder knows which engine it is.</summary>
internal interface IDatabase
{
    /// <summary>The engine's folder below <c>db/</c>.</summary>
    string Engine { get; }

    /// <summary>Runs <paramref name="query"/> on a connection of its own, on one consistent state where the engine allows it.</summary>
    Task<T> Read<T>(Func<Session, Task<T>> query, CancellationToken cancellation);

    /// <summary>
    /// Runs <paramref name="change"/> as one unit: all of it is stored durably before this returns, or none of it.
    /// It may run more than once, so it must do the same each time, and it sees every acknowledged write of
    /// <paramref name="sites"/>: no two changes of one site run at the same time.
    /// </summary>
    Task<T> Write<T>(IReadOnlyCollection<string> sites, Func<Session, Task<T>> change, CancellationToken cancellation);

    /// <summary>Runs <paramref name="work"/> in one transaction while no other instance installs. Used at start only.</summary>
    Task Install(Func<Session, Task> work, CancellationToken cancellation);

    /// <summary>Adds many rows at bulk speed, in one transaction. Used by the seeder only.</summary>
    Task Load(IReadOnlyList<Table> tables, CancellationToken cancellation);
}

/// <summary>Rows for one table, in the order of its columns as named.</summary>
internal sealed record Table(string Name, IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows);

/// <summary>The database did not answer in time, however often it was asked. The caller may try again later.</summary>
internal sealed class DatabaseUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>A connection and the transaction on it.</summary>
internal sealed class Session(DbConnection connection, DbTransaction? transaction, int timeoutSeconds, CancellationToken cancellation)
{
    /// <summary>Whether what was changed is to be undone at the end.</summary>
    public bool IsDiscarded { get; private set; }

    /// <summary>Has everything that was changed undone at the end: the answer stands, the change does not.</summary>
    public void Discard() => IsDiscarded = true;

    public async Task<IReadOnlyList<T>> Query<T>(string sql, object? parameters = null) =>
        [.. await connection.QueryAsync<T>(Command(sql, parameters))];

    public Task<T?> Single<T>(string sql, object? parameters = null) =>
        connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters));

    public Task<int> Execute(string sql, object? parameters = null) =>
        connection.ExecuteAsync(Command(sql, parameters));

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, transaction, timeoutSeconds, cancellationToken: cancellation);
}
