using Microsoft.Extensions.Logging.Abstractions;

namespace Registry.Api.Data;

/// <summary>Opens the database that the configuration names.</summary>
internal static class DatabaseFactory
{
    /// <summary>Where the embedded database lies when nothing is said.</summary>
    public const string DefaultSqlite = "Data Source=data/registry.db";

    /// <summary>The database: SQLite unless <c>Registry:Database</c> says <c>sqlserver</c>.</summary>
    /// <exception cref="InvalidOperationException">The configuration names no database that there is.</exception>
    /// <exception cref="UnusableDatabaseException">It names one that cannot be used.</exception>
    public static IDatabase Create(IConfiguration configuration, TimeProvider clock, ILoggerFactory? logs = null)
    {
        var log = (logs ?? NullLoggerFactory.Instance).CreateLogger("Registry.Database");
        var where = configuration.GetConnectionString("Registry");
        return configuration["Registry:Database"] switch
        {
            null or "" or "sqlite" => new SqliteDatabase(where is { Length: > 0 } ? where : DefaultSqlite, log),
            "sqlserver" when where is { Length: > 0 } => new SqlServerDatabase(where, clock, log),
            "sqlserver" => throw new InvalidOperationException("ConnectionStrings:Registry has to say where the SQL Server is."),
            var other => throw new InvalidOperationException($"Registry:Database is '{other}'; it has to be sqlite or sqlserver."),
        };
    }
}
