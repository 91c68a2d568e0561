using NUnit.Framework;

namespace Registry.Tests.Support;

/// <summary>The base of every test that talks to the program: the same tests on each engine, each with an empty registry.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.SqlServer)]
public abstract class RegistryFixture(Engine engine)
{
    private TestDatabase _database = null!;
    private RegistryHost _host = null!;

    private protected Engine Engine => engine;

    private protected RegistryHost Host => _host;

    private protected ApiClient Api => _host.Api;

    /// <summary>Another instance of the program on the same database, just started.</summary>
    private protected RegistryHost NewHost() => new(_database, Clock);

    /// <summary>The clock of the program; null for the real one.</summary>
    protected virtual TimeProvider? Clock => null;

    [OneTimeSetUp]
    public async Task StartTheProgram()
    {
        _database = await TestDatabase.Create(engine);
        _host = new RegistryHost(_database, Clock);
        await Prepare();
    }

    [OneTimeTearDown]
    public async Task StopTheProgram()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    /// <summary>Records what all tests of the class look at.</summary>
    protected virtual Task Prepare() => Task.CompletedTask;
}
