namespace Registry.Api.Data;

/// <summary>A script that was applied to the database is no longer what it was. The program refuses to start.</summary>
internal sealed class ChangedScriptException(string path)
    : Exception($"{path} was applied to this database and has been changed since. Put it back, and say the change in a new script.");

/// <summary>
/// Brings the database up to date at start: the numbered migrations that its journal does not name, and then all views
/// anew if any of them changed. Everything happens in one transaction; of two instances that start at once, the
/// second waits and then finds nothing to do.
/// </summary>
internal static class Installer
{
    private const string ViewsEntry = "views";

    public static Task Install(IDatabase database, CancellationToken cancellation) =>
        database.Install(
            async session =>
            {
                var journal = await ReadJournal(session, database.Engine);
                foreach (var migration in Scripts.Migrations(database.Engine))
                {
                    await Apply(session, journal, migration);
                }

                await RenewViews(session, journal, Scripts.Views(database.Engine));
            },
            cancellation);

    private static async Task<Dictionary<string, string>> ReadJournal(Session session, string engine)
    {
        await session.Execute(engine == "sqlite"
            ? "CREATE TABLE IF NOT EXISTS schema_journal (script TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL)"
            : "IF OBJECT_ID('schema_journal') IS NULL CREATE TABLE schema_journal (script VARCHAR(200) NOT NULL PRIMARY KEY, checksum VARCHAR(64) NOT NULL)");
        var entries = await session.Query<JournalEntry>("SELECT script AS Script, checksum AS Checksum FROM schema_journal");
        return entries.ToDictionary(entry => entry.Script, entry => entry.Checksum);
    }

    private static async Task Apply(Session session, Dictionary<string, string> journal, Script migration)
    {
        if (journal.TryGetValue(migration.Path, out var applied))
        {
            if (applied != migration.Checksum)
            {
                throw new ChangedScriptException(migration.Path);
            }

            return;
        }

        await session.Execute(migration.Text);
        await session.Execute("INSERT INTO schema_journal (script, checksum) VALUES (@Path, @Checksum)", new { migration.Path, migration.Checksum });
    }

    private static async Task RenewViews(Session session, Dictionary<string, string> journal, IReadOnlyList<View> views)
    {
        var installed = journal.TryGetValue(ViewsEntry, out var checksum);
        var wanted = new Script(ViewsEntry, string.Concat(views.Select(view => view.Checksum))).Checksum;
        if (checksum == wanted)
        {
            return;
        }

        foreach (var view in views.Reverse())
        {
            await session.Execute($"DROP VIEW IF EXISTS {view.Name}");
        }

        foreach (var view in views)
        {
            await session.Execute(view.Text);
        }

        await session.Execute(
            installed
                ? "UPDATE schema_journal SET checksum = @wanted WHERE script = @ViewsEntry"
                : "INSERT INTO schema_journal (script, checksum) VALUES (@ViewsEntry, @wanted)",
            new { wanted, ViewsEntry });
    }

    private sealed record JournalEntry
    {
        public required string Script { get; init; }

        public required string Checksum { get; init; }
    }
}
