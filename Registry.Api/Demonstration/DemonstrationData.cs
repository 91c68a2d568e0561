using Registry.Api.Access;
using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Domain.Common;

namespace Registry.Api.Demonstration;

/// <summary>Fills an empty development database, and says where to look.</summary>
internal static class DemonstrationData
{
    /// <summary>How many synthetic cases the demonstration holds.</summary>
    public const int Cases = 400;

    /// <summary>The seed they are made from.</summary>
    public const int Seed = 20_240_101;

    /// <summary>
    /// Keys for whoever tries the program in development: one for each role but the administrator's, which is a setting. They are known to
    /// everybody, and open nothing elsewhere.
    /// </summary>
    public static readonly IReadOnlyList<(Role Role, string Key, SiteCode? Site)> Keys =
    [
        (Role.Site, "demonstration-site-key", ReferenceCaseSeries.Place),
        (Role.Research, "demonstration-research-key", null),
        (Role.Dashboard, "demonstration-dashboard-key", null),
    ];

    public static async Task Prepare(WebApplication app)
    {
        var isWanted = app.Configuration.GetValue("Registry:Demo", app.Environment.IsDevelopment());
        if (!isWanted)
        {
            return;
        }

        var database = app.Services.GetRequiredService<IDatabase>();
        var sites = await database.Read(session => session.Single<int>("SELECT COUNT(*) FROM site"), CancellationToken.None);
        if (sites == 0)
        {
            await Fill(database, app.Services.GetRequiredService<RecordKinds>(), app.Services.GetRequiredService<TimeProvider>());
        }

        app.Lifetime.ApplicationStarted.Register(() => Announce(app));
    }

    private static async Task Fill(IDatabase database, RecordKinds kinds, TimeProvider clock)
    {
        var loader = new BulkLoader(database, clock);
        await loader.Begin(CancellationToken.None);
        var synthetic = new SyntheticRegistry(kinds, Seed);
        await loader.Load(
            [.. ReferenceCaseSeries.Records(kinds), .. synthetic.SiteRecords(), .. synthetic.Cases(1, Cases)], CancellationToken.None);
    }

    private static void Announce(WebApplication app)
    {
        var url = app.Urls.First();

        // The key itself is shown in development alone: elsewhere what is printed ends in a log.
        var key = (app.Environment.IsDevelopment() ? RegistrySettings.AdminKey(app.Configuration) : null) ?? "$REGISTRY_KEY";
        var others = app.Environment.IsDevelopment()
            ? string.Concat(
                Keys.Select(demo =>
                    $"  A key with the role {Code.Of(demo.Role) + (demo.Site is null ? string.Empty : $" (of the site {demo.Site})"),-30} "
                        + $"{demo.Key}\n"))
            : string.Empty;
        Console.WriteLine(
            $$"""

            The registry is running with demonstration data: the reference case series and {{Cases}} synthetic cases.

              Swagger page     {{url}}/swagger      (key: {{key}})

            {{others}}
            Post a score:

              curl -X PUT {{url}}/api/v1/sites/{{ReferenceCaseSeries.Place}}/cases/PHN-01-SCS/assessments/12m \
                -H "X-Api-Key: {{key}}" -H 'Content-Type: application/json' \
                -d '{"assessedOn": "2022-04-01", "nrs": 3, "pdi": 24}'

            Read the response rates at 24 months:

              curl '{{url}}/api/v1/summaries/response-rates?timepoint=24m&instrument=nrs&site={{ReferenceCaseSeries.Place}}' \
                -H "X-Api-Key: {{key}}"

            """);
    }
}
