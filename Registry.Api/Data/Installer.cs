using System.Globalization;

namespace Registry.Api.Data;

/// <summary>The schema of the database is not one that this program can work on.</summary>
internal sealed class SchemaException(string message) : Exception(message);

/// <summary>
/// Brings the database up to date: the numbered migrations that its journal does not name, and then all views anew if any of
/// them changed, is new or is gone. Everything happens in one transaction; of two instances that start at once, the second
/// waits and then finds nothing to do.
/// </summary>
internal static class Installer
{
    private const string ViewEntry = "view/";

    /// <summary>Brings the schema up to date.</summary>
    /// <exception cref="SchemaException">The database is of a newer program, or an applied script has changed.</exception>
    public static Task Install(IDatabase database, CancellationToken cancellation) =>
        database.Install(session => Install(session, database.Engine), cancellation);

    /// <summary>The same, on a session that may change the schema.</summary>
    /// <exception cref="SchemaException">The database is of a newer program, or an applied script has changed.</exception>
    public static async Task Install(Session session, string engine)
    {
        await session.Execute(engine == "sqlite"
            ? "CREATE TABLE IF NOT EXISTS schema_journal (script TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL)"
            : "IF OBJECT_ID('schema_journal') IS NULL CREATE TABLE schema_journal (script VARCHAR(200) NOT NULL PRIMARY KEY, checksum VARCHAR(64) NOT NULL)");
        var journal = await ReadJournal(session);
        foreach (var migration in Missing(engine, journal))
        {
            await session.Execute(migration.Text);
            await session.Execute(
                "INSERT INTO schema_journal (script, checksum) VALUES (@Path, @Checksum)",
                new { migration.Path, migration.Checksum });
        }

        if (!ViewsAreCurrent(engine, journal))
        {
            await RenewViews(session, engine, journal);
        }
    }

    /// <summary>Looks at the schema without changing it.</summary>
    /// <exception cref="SchemaException">The schema is older or newer than the program.</exception>
    public static async Task Check(IDatabase database, CancellationToken cancellation)
    {
        var journal = await database.Read(
            async session => await session.Single<int>(database.Engine == "sqlite"
                ? "SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_journal'"
                : "SELECT COUNT(*) FROM sys.tables WHERE name = 'schema_journal'") == 0
                ? []
                : await ReadJournal(session),
            cancellation);
        if (Missing(database.Engine, journal) is [var first, ..])
        {
            throw new SchemaException(
                $"The schema of the database is older than this program: {first.Path} was not applied. Run 'Registry.Api migrate' first, "
                    + "with a login that may change the schema.");
        }

        if (!ViewsAreCurrent(database.Engine, journal))
        {
            throw new SchemaException(
                "The views of the database are not those of this program. Run 'Registry.Api migrate' first, with a login that may change "
                    + "the schema.");
        }
    }

    /// <summary>The newest migration that the program knows: the version of the schema.</summary>
    public static string Version(string engine) => Scripts.Migrations(engine)[^1].Name;

    private static async Task<Dictionary<string, string>> ReadJournal(Session session) =>
        (await session.Query<JournalEntry>("SELECT script AS Script, checksum AS Checksum FROM schema_journal"))
            .ToDictionary(entry => entry.Script, entry => entry.Checksum);

    private static List<Script> Missing(string engine, Dictionary<string, string> journal)
    {
        var migrations = Scripts.Migrations(engine);
        foreach (var migration in migrations)
        {
            if (journal.TryGetValue(migration.Path, out var applied) && applied != migration.Checksum)
            {
                throw new SchemaException(
                    $"{migration.Path} was changed after it was applied to this database. Restore it, and make the change in a new script.");
            }
        }

        return journal.Keys.Except(migrations.Select(migration => migration.Path))
            .Where(script => script.StartsWith("db/", StringComparison.Ordinal))
            .Max() is { } newer
            ? throw new SchemaException(
                $"The database is of a newer version than this program: {newer} was applied to it. Start that version, or restore a backup "
                    + "of this one's.")
            : [.. migrations.Where(migration => !journal.ContainsKey(migration.Path))];
    }

    private static bool ViewsAreCurrent(string engine, Dictionary<string, string> journal) =>
        Entries(Scripts.Views(engine)).ToHashSet()
            .SetEquals(journal.Where(entry => entry.Key.StartsWith(ViewEntry, StringComparison.Ordinal)));

    // Each with its place in the order of creation, so that they can be dropped the other way round.
    private static IEnumerable<KeyValuePair<string, string>> Entries(IReadOnlyList<View> views) =>
        views.Select((view, place) =>
            KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"{ViewEntry}{place:000}/{view.Name}"), view.Checksum));

    private static async Task RenewViews(Session session, string engine, Dictionary<string, string> journal)
    {
        var views = Scripts.Views(engine);
        foreach (var entry in journal.Keys.Where(script => script.StartsWith(ViewEntry, StringComparison.Ordinal))
            .OrderDescending(StringComparer.Ordinal))
        {
            await session.Execute($"DROP VIEW IF EXISTS {entry[(entry.LastIndexOf('/') + 1)..]}");
            await session.Execute("DELETE FROM schema_journal WHERE script = @entry", new { entry });
        }

        foreach (var view in views)
        {
            await session.Execute(view.Text);
        }

        foreach (var (script, checksum) in Entries(views))
        {
            await session.Execute("INSERT INTO schema_journal (script, checksum) VALUES (@script, @checksum)", new { script, checksum });
        }
    }

    private sealed record JournalEntry
    {
        public required string Script { get; init; }
        public required string Checksum { get; init; }
    }
}
