using Microsoft.Data.SqlClient;
using NUnit.Framework;

namespace Registry.Tests.Support;

/// <summary>The engines that every test with a database runs on.</summary>
public enum Engine
{
    /// <summary>The embedded database, in a folder of its own.</summary>
    Sqlite,

    /// <summary>The server that REGISTRY_TEST_SQLSERVER names, in a database of its own.</summary>
    SqlServer,
}

/// <summary>An empty database that is gone after the tests.</summary>
internal abstract class TestDatabase : IAsyncDisposable
{
    /// <summary>Names the variable that holds the connection string of a T-SQL server.</summary>
    public const string ServerVariable = "REGISTRY_TEST_SQLSERVER";

    public abstract string Setting { get; }
    public abstract string ConnectionString { get; }

    public abstract ValueTask DisposeAsync();

    /// <summary>Makes a database; skips the test, with the reason, where the engine is not to be had.</summary>
    public static async Task<TestDatabase> Create(Engine engine)
    {
        if (engine == Engine.Sqlite)
        {
            return new SqliteFile();
        }

        var server = Environment.GetEnvironmentVariable(ServerVariable);
        if (string.IsNullOrEmpty(server))
        {
            Assert.Ignore($"{ServerVariable} holds no connection string of a T-SQL server.");
        }

        return await ServerDatabase.Create(server!);
    }

    private sealed class SqliteFile : TestDatabase
    {
        private readonly TestFile _file = new();

        public override string Setting => "sqlite";

        public override string ConnectionString => _file.ConnectionString;

        public override ValueTask DisposeAsync()
        {
            _file.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class ServerDatabase(string server, string name) : TestDatabase
    {
        public override string Setting => "sqlserver";

        public override string ConnectionString => new SqlConnectionStringBuilder(server) { InitialCatalog = name }.ToString();

        public static async Task<TestDatabase> Create(string server)
        {
            var database = new ServerDatabase(server, "registry_test_" + Guid.NewGuid().ToString("N")[..12]);
            await Alone(server, $"CREATE DATABASE {database.Name}");
            return database;
        }

        private string Name => name;

        public override async ValueTask DisposeAsync()
        {
            // The program puts settings of its own into the connection string, so its pool has another name.
            SqlConnection.ClearAllPools();
            await Alone(server, $"DROP DATABASE {name}");
        }

        // One at a time: some servers do not like databases to come and go at once, or while a session is just leaving.
        private static async Task Alone(string server, string sql)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await using var connection =
                        new SqlConnection(new SqlConnectionStringBuilder(server) { InitialCatalog = "master", Pooling = false }.ToString());
                    await connection.OpenAsync();
                    await using var command = connection.CreateCommand();
                    command.CommandTimeout = 120;
                    command.CommandText = "EXEC sp_getapplock @Resource = 'registry-tests', @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 100000";
                    await command.ExecuteNonQueryAsync();
                    command.CommandText = sql;
                    await command.ExecuteNonQueryAsync();
                    return;
                }
                catch (SqlException) when (attempt < 40)
                {
                    await Task.Delay(50);
                }
            }
        }
    }
}
