using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.Recording;

namespace Registry.Tests.Support;

/// <summary>The synthetic registry of the demonstration, for tests that need many cases.</summary>
internal static class SyntheticData
{
    /// <summary>The sites and that many cases, in an order in which they can be sent.</summary>
    public static IReadOnlyList<SentRecord> Records(int cases, int seed)
    {
        var synthetic = new SyntheticRegistry(new RecordKinds(), seed);
        return [.. synthetic.SiteRecords(), .. synthetic.Cases(1, cases)];
    }

    /// <summary>Puts them into an empty registry at bulk speed.</summary>
    public static async Task Load(IDatabase database, int cases, int seed)
    {
        var loader = new BulkLoader(database, TimeProvider.System);
        await loader.Begin(CancellationToken.None);
        await loader.Load(Records(cases, seed), CancellationToken.None);
    }
}

/// <summary>A registry in the embedded database, without the program.</summary>
internal sealed class SqliteRegistry : IAsyncDisposable
{
    private readonly TestDatabase _where;

    private SqliteRegistry(TestDatabase where, IDatabase database) => (_where, Database) = (where, database);

    public IDatabase Database { get; private set; }

    public static async Task<SqliteRegistry> Create()
    {
        var where = await TestDatabase.Create(Engine.Sqlite);
        var registry = new SqliteRegistry(where, where.Open());
        await Installer.Install(registry.Database, CancellationToken.None);
        return registry;
    }

    /// <summary>The files of the database by the ends of their names.</summary>
    public IEnumerable<string> Files()
    {
        var main = new FileInfo(_where.ConnectionString["Data Source=".Length..]);
        return main.Directory!.EnumerateFiles().Select(file => file.Name.Replace(main.Name, string.Empty, StringComparison.Ordinal));
    }

    /// <summary>Closes the database and opens it again, as a restart of the program does.</summary>
    public async Task Restart(Action? between = null)
    {
        await ((IAsyncDisposable)Database).DisposeAsync();
        between?.Invoke();
        Database = _where.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)Database).DisposeAsync();
        await _where.DisposeAsync();
    }
}
