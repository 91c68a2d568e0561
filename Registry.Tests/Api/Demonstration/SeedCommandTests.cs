using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Demonstration;

/// <summary><c>Registry.Api seed --cases N --seed S</c>, as a user types it.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.SqlServer)]
public sealed class SeedCommandTests(Engine engine)
{
    private TestDatabase _where = null!;

    [OneTimeSetUp]
    public async Task Create() => _where = await TestDatabase.Create(engine);

    [OneTimeTearDown]
    public async Task Drop()
    {
        if (_where is not null)
        {
            await _where.DisposeAsync();
        }
    }

    [Test]
    public async Task Fills_an_empty_database_once_and_the_same_for_the_same_seed()
    {
        var (exitCode, output) = await RegistryProcess.RunToEnd(_where, "seed", "--cases", "40", "--seed", "3");
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.StartWith("40 cases in"));
        await using var twin = await SqliteRegistry.Create();
        await SyntheticData.Load(twin.Database, 40, 3);
        const string Everything = "SELECT site_code, case_code, kind, resource_code, content FROM resource_version";
        var seeded = await Ask(database => database.Rows(Everything));
        Assert.That(seeded, Is.EqualTo(await twin.Database.Rows(Everything)));

        var (secondExitCode, secondOutput) = await RegistryProcess.RunToEnd(_where, "seed", "--cases", "40", "--seed", "3");
        Assert.That((secondExitCode, secondOutput), Is.EqualTo((1, "The database holds synthetic cases already. Seed an empty one.")));
        Assert.That(await Ask(database => database.Rows(Everything)), Is.EqualTo(seeded));
        Assert.That(await Ask(database => database.Single<int>("SELECT COUNT(*) FROM treatment_case")), Is.EqualTo(40));
    }

    // One process at a time has the embedded database.
    private async Task<T> Ask<T>(Func<IDatabase, Task<T>> question)
    {
        var database = _where.Open();
        try
        {
            return await question(database);
        }
        finally
        {
            if (database is IAsyncDisposable file)
            {
                await file.DisposeAsync();
            }
        }
    }
}

/// <summary>Arguments that the command does not take.</summary>
public sealed class SeedingWithWrongArguments
{
    [TestCase("Option '--cases' is required.", "seed")]
    [TestCase("--cases is 0; it has to be 1 to 9000000.", "seed", "--cases", "0", "--seed", "1")]
    [TestCase("--cases is -5; it has to be 1 to 9000000.", "seed", "--cases", "-5", "--seed", "1")]
    [TestCase(
        "Cannot parse argument 'many' for option '--cases' as expected type 'System.Int32'.", "seed", "--cases", "many", "--seed", "1")]
    public async Task Says_what_is_wrong_and_touches_nothing(string why, params string[] arguments)
    {
        await using var where = await TestDatabase.Create(Engine.Sqlite);
        var (exitCode, output) = await RegistryProcess.RunToEnd(where, arguments);
        Assert.That((exitCode, output), Is.EqualTo((2, why + "\nSee --help.")));
        Assert.That(new FileInfo(where.ConnectionString["Data Source=".Length..]).Exists, Is.False);
    }
}
