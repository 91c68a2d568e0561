using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Operations;

/// <summary>The commands of the program, as a user types them.</summary>
public sealed class CommandTests
{
    private TestDatabase _where = null!;

    [SetUp]
    public async Task Create() => _where = await TestDatabase.Create(Engine.Sqlite);

    [TearDown]
    public async Task Drop() => await _where.DisposeAsync();

    [Test]
    public async Task Says_which_there_are()
    {
        var (exitCode, output) = await RegistryProcess.RunToEnd(_where, "--help");
        Assert.That(exitCode, Is.Zero, output);
        foreach (var command in (string[])["serve", "migrate", "rebuild", "seed"])
        {
            Assert.That(output, Does.Match($@"(?m)^\s+{command}\s"), output);
        }

        Assert.That((await RegistryProcess.RunToEnd(_where, "seed", "--help")).Output, Does.Contain("--cases").And.Contain("--seed"));
        Assert.That(File.Exists(PathOf(_where)), Is.False, "no database is made");
    }

    [Test]
    public async Task Brings_a_database_up_to_date_and_says_of_which_version_it_is()
    {
        for (var times = 0; times < 2; times++)
        {
            var (exitCode, output) = await RegistryProcess.RunToEnd(_where, "migrate");
            Assert.That(
                (exitCode, output), Is.EqualTo((0, $"The schema is that of {Installer.Version("sqlite")}; 0 persons were derived anew.")));
        }

        var (code, said) = await RegistryProcess.RunToEnd(_where, "migrate", "--Registry:Schema=check");
        Assert.That(code, Is.Zero, said);
    }

    [Test]
    public async Task Derives_the_analysis_tables_anew()
    {
        var (refused, why) = await RegistryProcess.RunToEnd(_where, "rebuild");
        Assert.That((refused, why.Split('\n').Length), Is.EqualTo((1, 1)), why);
        Assert.That(why, Does.Contain("Run 'Registry.Api migrate' first"));

        var (seeded, output) = await RegistryProcess.RunToEnd(_where, "seed", "--cases", "12", "--seed", "1");
        Assert.That(seeded, Is.Zero, output);
        var (exitCode, told) = await RegistryProcess.RunToEnd(_where, "rebuild");
        Assert.That(exitCode, Is.Zero, told);
        Assert.That(told, Does.Match(@"^\d+ persons were derived anew\.$").And.Not.StartWith("0 "));
    }

    [TestCase("--nonsense")]
    [TestCase("sreve")]
    [TestCase("migrate", "now")]
    [TestCase("migrate", "--Registry:Database")]
    [TestCase("rebuild", "--cases", "3")]
    [TestCase("serve", "-v")]
    [TestCase("--Registri:Database=sqlite")]
    public async Task Refuses_an_argument_that_is_none_and_touches_nothing(params string[] arguments)
    {
        var (exitCode, output) = await RegistryProcess.RunToEnd(_where, arguments);
        Assert.That((exitCode, output.Split('\n').Length), Is.EqualTo((2, 1)), output);
        Assert.That(File.Exists(PathOf(_where)), Is.False);
    }

    private static string PathOf(TestDatabase where) => where.ConnectionString["Data Source=".Length..];
}
