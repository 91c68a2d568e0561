using Microsoft.Data.Sqlite;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Data;

/// <summary>Which files the embedded database takes, and what it says of those that it does not.</summary>
public sealed class DatabaseFileTests
{
    private TestFile _file = null!;

    [SetUp]
    public void Create() => _file = new TestFile();

    [TearDown]
    public void Drop() => _file.Dispose();

    [Test]
    public async Task Makes_files_and_folders_that_only_their_owner_may_read()
    {
        var path = Path.Combine(Path.GetDirectoryName(_file.FullName)!, "a", "b", "registry.db");
        using var database = new SqliteDatabase($"Data Source={path}", Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await database.Execute("CREATE TABLE schema_journal (script TEXT)");
        foreach (var ending in new[] { string.Empty, "-wal", "-shm", ".lock" })
        {
            Assert.That(File.Exists(path + ending), ending);
            if (!OperatingSystem.IsWindows())
            {
                Assert.That(File.GetUnixFileMode(path + ending), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), ending);
            }
        }
    }

    [Test]
    public async Task Belongs_to_one_at_a_time()
    {
        using (var first = _file.Open())
        {
            await first.Execute("CREATE TABLE schema_journal (script TEXT)");
            Refuses(_file.ConnectionString, _file.FullName, "is in use by another process");
            await first.Execute("INSERT INTO schema_journal VALUES ('still mine')");
        }

        using var second = _file.Open();
        Assert.That(await second.Single<string>("SELECT script FROM schema_journal"), Is.EqualTo("still mine"));
    }

    [Test]
    public void Refuses_a_file_that_is_no_database()
    {
        const string Letter = "Dear colleague, enclosed you find the list of our patients.";
        File.WriteAllText(_file.FullName, Letter);
        Refuses(_file.ConnectionString, _file.FullName, "is not a database of this program");
        Assert.That(File.ReadAllText(_file.FullName), Is.EqualTo(Letter), "it is left as it was");
    }

    [Test]
    public void Refuses_the_database_of_another_program()
    {
        Directly("CREATE TABLE bookmark (address TEXT)");
        var before = File.ReadAllBytes(_file.FullName);
        Refuses(_file.ConnectionString, _file.FullName, "the tables of another program");
        Assert.That(File.ReadAllBytes(_file.FullName), Is.EqualTo(before), "it is left as it was");
    }

    [Test]
    public void Refuses_a_file_that_lacks_its_end()
    {
        Fill();
        using (var file = File.OpenWrite(_file.FullName))
        {
            file.SetLength(file.Length / 2);
        }

        Refuses(_file.ConnectionString, _file.FullName, "is damaged");
    }

    [TestCase(24, 200, TestName = "Refuses_a_file_whose_head_is_overwritten")]
    [TestCase(8192, 4096, TestName = "Refuses_a_file_with_an_overwritten_page")]
    public void Refuses_a_file_that_is_overwritten(int from, int length)
    {
        Fill();
        using (var file = File.OpenWrite(_file.FullName))
        {
            file.Position = from;
            file.Write([.. Enumerable.Repeat((byte)0xA5, length)]);
        }

        Refuses(_file.ConnectionString, _file.FullName, string.Empty);
    }

    [TestCase("/proc/registry/registry.db")]
    [TestCase("/dev/null/registry.db")]
    [Platform(Exclude = "Win", Reason = "The folders are those of Unix.")]
    public void Refuses_a_place_where_nothing_can_be_written(string path) =>
        Refuses($"Data Source={path}", path, "cannot be created or written");

    [TestCase("Data Source=:memory:")]
    [TestCase("Data Source=")]
    [TestCase("Data Source=x.db;Mode=ReadOnly")]
    [TestCase("Data Source=x.db;Mode=Memory")]
    [TestCase("Data Source=file:x.db")]
    [TestCase("Server=somewhere;Trusted=yes")]
    public void Refuses_settings_that_name_no_file(string connectionString) =>
        Refuses(connectionString, "ConnectionStrings:Registry", "Say Data Source=");

    private static void Refuses(string connectionString, string what, string why) => Assert.That(
        () => new SqliteDatabase(connectionString, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance),
        Throws.TypeOf<UnusableDatabaseException>().With.Message
            .Contains(what).And.Message
            .Contains(why).And.Message.Not
            .Contains('\n').And.Message
            .EndsWith("."));

    private void Fill() => Directly(
        """
        CREATE TABLE schema_journal (script TEXT);
        CREATE TABLE filled (content TEXT);
        INSERT INTO filled WITH RECURSIVE counting (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting
          WHERE n < 1000) SELECT 'row ' || n || hex(randomblob(50)) FROM counting
        """);

    private void Directly(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_file.FullName};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
