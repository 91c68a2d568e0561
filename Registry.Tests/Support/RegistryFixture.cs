using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.Recording;

namespace Registry.Tests.Support;

/// <summary>The base of every test that talks to the program: the same tests on each engine, each with an empty registry.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.SqlServer)]
public abstract class RegistryFixture(Engine engine)
{
    private TestDatabase _database = null!;
    private readonly List<RegistryHost> _hosts = [];

    private protected Engine Engine => engine;

    private protected RegistryHost Host => _hosts[^1];

    private protected ApiClient Api => Host.Api;

    /// <summary>Another instance of the program on the same database, just started.</summary>
    private protected RegistryHost NewHost()
    {
        Assume.That(engine, Is.Not.EqualTo(Engine.Sqlite), "One process owns the embedded database.");
        return new(_database, Clock, Settings);
    }

    /// <summary>Puts records into the empty registry at bulk speed.</summary>
    private protected async Task Load(Func<RecordKinds, IReadOnlyList<SentRecord>> records)
    {
        var services = Host.Services;
        var loader = new BulkLoader(services.GetRequiredService<IDatabase>(), services.GetRequiredService<TimeProvider>());
        await loader.Begin(CancellationToken.None);
        await loader.Load(records(services.GetRequiredService<RecordKinds>()), CancellationToken.None);
    }

    /// <summary>Ends the program and starts it anew on the same database.</summary>
    private protected async Task Restart()
    {
        await Host.DisposeAsync();
        _hosts.Add(new RegistryHost(_database, Clock, Settings));
    }

    /// <summary>The clock of the program; null for the real one.</summary>
    protected virtual TimeProvider? Clock => null;

    /// <summary>The settings of the program besides those of every test.</summary>
    private protected virtual Dictionary<string, string> Settings => [];

    [OneTimeSetUp]
    public async Task StartTheProgram()
    {
        _database = await TestDatabase.Create(engine);
        _hosts.Add(new RegistryHost(_database, Clock, Settings));
        await Prepare();
    }

    [OneTimeTearDown]
    public async Task StopTheProgram()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    /// <summary>Records what all tests of the class look at.</summary>
    protected virtual Task Prepare() => Task.CompletedTask;
}
