using Microsoft.Extensions.Configuration;
using NUnit.Framework;
using Registry.Api.Data;

namespace Registry.Tests.Support;

/// <summary>The base of every test that talks to the database without the program: the same tests on each engine.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.SqlServer)]
public abstract class DatabaseFixture(Engine engine)
{
    private readonly List<IAsyncDisposable> _open = [];

    private protected Engine Engine => engine;

    [OneTimeTearDown]
    public async Task CloseWhatIsOpen()
    {
        foreach (var one in Enumerable.Reverse(_open))
        {
            await one.DisposeAsync();
        }
    }

    /// <summary>An empty database, dropped after the tests of the class.</summary>
    private protected async Task<TestDatabase> NewDatabase()
    {
        var database = await TestDatabase.Create(engine);
        _open.Add(database);
        return database;
    }

    /// <summary>A database as one instance of the program has it open, closed after the tests of the class.</summary>
    private protected IDatabase Open(TestDatabase where)
    {
        var database = where.Open();
        if (database is IAsyncDisposable closable)
        {
            _open.Add(closable);
        }

        return database;
    }

    /// <summary>A database of its own with everything installed.</summary>
    private protected async Task<IDatabase> NewRegistry()
    {
        var database = Open(await NewDatabase());
        await Installer.Install(database, CancellationToken.None);
        return database;
    }
}

/// <summary>Ways to a database that bypass the program.</summary>
internal static class DatabaseExtensions
{
    /// <summary>Opens a database as the program would.</summary>
    public static IDatabase Open(this TestDatabase where) => OpenDatabase(where.Setting, where.ConnectionString);

    /// <summary>Opens the database that settings name.</summary>
    public static IDatabase OpenDatabase(string engine, string connectionString) => DatabaseFactory.Create(
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?> { ["Registry:Database"] = engine, ["ConnectionStrings:Registry"] = connectionString })
            .Build(),
        TimeProvider.System);

    /// <summary>Runs one statement and keeps what it did.</summary>
    public static Task<int> Execute(this IDatabase database, string sql) =>
        database.Write([], session => session.Execute(sql), CancellationToken.None);

    /// <summary>Asks for one value.</summary>
    public static Task<T?> Single<T>(this IDatabase database, string sql) =>
        database.Read(session => session.Single<T>(sql), CancellationToken.None);

    /// <summary>Rows in a form that is the same on both engines: each as text, in order of that text.</summary>
    public static async Task<IReadOnlyList<string>> Rows(this IDatabase database, string sql, object? parameters = null) =>
        [.. (await database.Records(sql, parameters)).Select(row => string.Join(", ", row.Select(cell => $"{cell.Key}={cell.Value}")))
            .Order(StringComparer.Ordinal)];

    /// <summary>Rows, each by the names of its columns, with values as text that is the same on both engines.</summary>
    public static async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> Records(
        this IDatabase database, string sql, object? parameters = null)
    {
        var rows = await database.Read(session => session.Query<dynamic>(sql, parameters), CancellationToken.None);
        return [.. rows.Cast<IDictionary<string, object?>>().Select(row => row.ToDictionary(cell => cell.Key, cell => Text(cell.Value)))];
    }

    private static string Text(object? value) => value switch
    {
        null => "nothing",
        DateTime day when day.TimeOfDay == TimeSpan.Zero => FormattableString.Invariant($"{day:yyyy-MM-dd}"),
        DateTime instant => FormattableString.Invariant($"{instant:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}"),
        decimal or double or float =>
            FormattableString.Invariant($"{Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture):G15}"),
        _ => FormattableString.Invariant($"{value}"),
    };
}
