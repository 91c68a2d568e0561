using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace Registry.Api.Data;

/// <summary>Says which database is used, for people, without a secret.</summary>
internal static class DatabaseName
{
    /// <summary>The engine and where its database is.</summary>
    public static string Of(IDatabase database, IConfiguration configuration)
    {
        var where = configuration.GetConnectionString("Registry");
        if (database.Engine == "sqlite")
        {
            return $"SQLite at {Path.GetFullPath(new SqliteConnectionStringBuilder(where is { Length: > 0 } ? where : DatabaseFactory.DefaultSqlite).DataSource)}";
        }

        var server = new SqlConnectionStringBuilder(where);
        return $"SQL Server at {server.DataSource}, database {server.InitialCatalog}";
    }
}
