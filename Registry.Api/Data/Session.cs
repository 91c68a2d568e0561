using System.Data.Common;
using Dapper;
using Registry.Domain.Common;

namespace Registry.Api.Data;

/// <summary>A connection and the transaction on it.</summary>
internal abstract class Session(DbConnection connection, DbTransaction? transaction, int timeoutSeconds, CancellationToken cancellation)
{
    static Session()
    {
        SqlMapper.AddTypeHandler(new IdentifierHandler<SiteCode>());
        SqlMapper.AddTypeHandler(new IdentifierHandler<CaseCode>());
        SqlMapper.AddTypeHandler(new DayNumberHandler());
    }

    /// <summary>Stops what is asked.</summary>
    protected CancellationToken Cancellation => cancellation;

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

    /// <summary>
    /// Runs a kept statement with a value for each of its parameters. A <see cref="DateOnly"/> is stored as the engine stores
    /// days, a Boolean as 0 or 1, and a decimal as the nearest floating-point number on the embedded engine.
    /// </summary>
    /// <returns>The number of rows that it changed.</returns>
    public abstract ValueTask<int> Run(Statement statement, params object?[] values);

    /// <summary>
    /// Reads the rows of a kept statement, each as <paramref name="map"/> makes it. The getters of the reader convert between
    /// types of number, and between a day and its text, so one mapping serves both engines; NULL has to be asked for.
    /// </summary>
    public abstract ValueTask<List<T>> Rows<T>(Statement statement, Func<DbDataReader, T> map, params object?[] values);

    /// <summary>Runs statements in order, in one round trip where there is one.</summary>
    public abstract ValueTask Apply(IReadOnlyList<(Statement Statement, object?[] Values)> changes);

    /// <summary>
    /// Whether questions that are asked at once are answered side by side. If not, one question about all of it is answered sooner.
    /// </summary>
    public virtual bool HasHelpers => false;

    /// <summary>
    /// Asks questions that do not need each other's answers: side by side where the engine has room, each of a session that sees the same
    /// data as this one, else one after the other.
    /// </summary>
    public virtual async Task<T[]> Each<T>(IReadOnlyList<Func<Session, Task<T>>> questions)
    {
        var answers = new T[questions.Count];
        foreach (var (place, question) in questions.Index())
        {
            answers[place] = await question(this);
        }

        return answers;
    }

    /// <summary>Called before SQL that is given as text runs.</summary>
    protected virtual void OnText() => Cancellation.ThrowIfCancellationRequested();

    private CommandDefinition Command(string sql, object? parameters)
    {
        OnText();
        return new(sql, parameters, transaction, timeoutSeconds, cancellationToken: Cancellation);
    }
}
