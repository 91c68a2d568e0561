using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Registry.Api.Data;

namespace Registry.Api.Operations;

/// <summary>
/// The one line that the program prints at start in every environment: where it listens, on which database, in which schema version.
/// </summary>
internal static class StartLine
{
    public static async Task Prepare(WebApplication app)
    {
        var database = app.Services.GetRequiredService<IDatabase>();
        var applied = await database.Read(session => session.Query<string>("SELECT script FROM schema_journal"), CancellationToken.None);
        var text = $"database {DatabaseName.Of(database, app.Configuration)}; schema version {VersionOf(applied)}.";
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            // A host of tests listens nowhere.
            if (app.Services.GetRequiredService<IServer>().Features
                .Get<IServerAddressesFeature>() is { Addresses: { Count: > 0 } addresses })
            {
                Console.WriteLine($"Registry: listening on {string.Join(" and ", addresses)}; {text}");
            }
        });
    }

    // The number of the last migration that was applied: db/sqlite/migrations/003_analysis.sql is 003.
    private static string VersionOf(IEnumerable<string> applied) =>
        applied.Select(Path.GetFileName)
            .Where(name => char.IsAsciiDigit(name![0]))
            .Select(name => name!.Split('_')[0])
            .Max(StringComparer.Ordinal)
        ?? "none";
}
