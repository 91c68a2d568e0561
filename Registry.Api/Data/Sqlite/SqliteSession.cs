using System.Data.Common;

namespace Registry.Api.Data.Sqlite;

/// <summary>A session on a kept connection. Everything is done when a call returns.</summary>
internal class SqliteSession(KeptConnection kept, CancellationToken cancellation)
    : Session(kept.Connection, null, TimeoutSeconds, cancellation)
{
    private const int TimeoutSeconds = 30;

    /// <summary>Whether it ran SQL given as text, which may have changed what is not counted in rows.</summary>
    public bool HasRunText { get; private set; }

    public override ValueTask<int> Run(Statement statement, params object?[] values) => new(kept.Run(statement, values));

    public override ValueTask<List<T>> Rows<T>(Statement statement, Func<DbDataReader, T> map, params object?[] values) =>
        new(kept.Rows(statement, map, values));

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

    /// <summary>
    /// Has tables filled. Those that are empty get their indexes afterwards: made at once they cost less than kept in step row by row. In a
    /// transaction, so that no index is ever missing.
    /// </summary>
    /// <param name="fill">Adds the rows.</param>
    /// <param name="stopping">Ends it early.</param>
    /// <param name="unwanted">An index that is not made again.</param>
    public async Task FillEmpty(Func<Task> fill, CancellationToken stopping, string? unwanted = null)
    {
        var indexes = new List<Index>();
        foreach (var index in await Query<Index>(
            "SELECT name AS Name, tbl_name AS OfTable, sql AS Sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"))
        {
            if (await Single<int>($"SELECT CASE WHEN EXISTS (SELECT 1 FROM {index.OfTable}) THEN 1 ELSE 0 END") == 0)
            {
                indexes.Add(index);
                await Execute("DROP INDEX " + index.Name);
            }
        }

        await fill();
        foreach (var index in indexes.Where(index => index.Name != unwanted))
        {
            stopping.ThrowIfCancellationRequested();
            await Execute(index.Sql);
        }
    }

    protected override void OnText()
    {
        base.OnText();
        HasRunText = true;
    }

    private sealed record Index
    {
        public string Name { get; init; } = string.Empty;
        public string OfTable { get; init; } = string.Empty;
        public string Sql { get; init; } = string.Empty;
    }
}
