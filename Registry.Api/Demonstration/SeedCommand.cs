using System.Diagnostics;
using System.Globalization;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Api.Operations;
using Registry.Api.Recording;

namespace Registry.Api.Demonstration;

/// <summary><c>Registry.Api seed --cases N --seed S</c>: fills a database with synthetic cases, the same for the same S.</summary>
internal static class SeedCommand
{
    private const int CasesAtOnce = 5000;

    public static async Task<int> Run(IServiceProvider services, int cases, int seed)
    {
        var database = services.GetRequiredService<IDatabase>();
        await Installer.Install(database, CancellationToken.None);
        await services.GetRequiredService<TrailUpgrade>().Run(null, CancellationToken.None);
        await services.GetRequiredService<AnalysisRebuild>().Run(everything: false, null, CancellationToken.None);
        var loader = new BulkLoader(database, services.GetRequiredService<TimeProvider>());
        await loader.Begin(CancellationToken.None);
        var synthetic = new SyntheticRegistry(services.GetRequiredService<RecordKinds>(), seed);
        var sites = synthetic.SiteRecords();
        if (sites.Any(site => loader.Knows(site.Address.Site)))
        {
            await Console.Error.WriteLineAsync("The database holds synthetic cases already. Seed an empty one.");
            return 1;
        }

        var watch = Stopwatch.StartNew();
        await loader.Load(loader.Prepare(sites), CancellationToken.None);
        await Commands.WithProgress("Seeding", async progress =>
        {
            // The next cases are made and derived while those before them are stored.
            var next = Task.Run(() => Prepare(0));
            for (var made = 0; made < cases; made += CasesAtOnce)
            {
                var prepared = await next;
                var after = made + CasesAtOnce;
                next = after < cases ? Task.Run(() => Prepare(after)) : next;
                await loader.Load(prepared, CancellationToken.None);
                progress.Report((Math.Min(after, cases), cases));
            }

            return true;
        });
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{cases} cases in {watch.Elapsed.TotalSeconds:0.0} s."));
        return 0;

        BulkLoader.Prepared Prepare(int made) => loader.Prepare(synthetic.Cases(made + 1, Math.Min(CasesAtOnce, cases - made)));
    }
}
