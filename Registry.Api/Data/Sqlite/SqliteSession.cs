using System.Data.Common;

namespace Registry.Api.Data.Sqlite;

/// <summary>A session on a kept connection. Everything is done when a call returns.</summary>
internal class SqliteSession(KeptConnection kept, CancellationToken cancellation) : Session(kept.Connection, null, TimeoutSeconds, cancellation)
{
    private const int TimeoutSeconds = 30;

    /// <summary>Whether it ran a command of free text, which may have changed what is not counted in rows.</summary>
    public bool HasRunText { get; private set; }

    public override ValueTask<int> Run(Statement statement, params object?[] values) => new(kept.Run(statement, values));

    public override ValueTask<List<T>> Rows<T>(Statement statement, Func<DbDataReader, T> map, params object?[] values) => new(kept.Rows(statement, map, values));

    public override ValueTask Apply(IReadOnlyList<(Statement Statement, object?[] Values)> changes)
    {
        for (var change = 0; change < changes.Count; change++)
        {
            kept.Run(changes[change].Statement, changes[change].Values);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Adds many rows.</summary>
    public void Load(IReadOnlyList<Table> tables, CancellationToken stopping)
    {
        foreach (var table in tables)
        {
            kept.Load(table, stopping);
        }
    }

    protected override void OnText()
    {
        base.OnText();
        HasRunText = true;
    }
}
