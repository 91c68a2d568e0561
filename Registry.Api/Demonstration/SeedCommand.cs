using System.Diagnostics;
using System.Globalization;
using Registry.Api.Audit;
using Registry.Api.Cases;
using Registry.Api.Data;
using Registry.Api.Operations;
using Registry.Api.Recording;

namespace Registry.Api.Demonstration;

/// <summary><c>Registry.Api seed --cases N --seed S</c>: fills a database with synthetic cases, the same for the same S.</summary>
internal static class SeedCommand
{
    // Few, so that what is made of them is gone before the garbage collector has to look at it twice.
    private const int PatientsAtOnce = 100;
    private const int MostAhead = 2;

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
        await Commands.WithProgress("Seeding", async progress =>
        {
            await loader.Load(Parts(progress), CancellationToken.None);
            return true;
        });
        await Console.Out.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"{cases} cases in {watch.Elapsed.TotalSeconds:0.0} s."));
        return 0;

        // The next patients are made and derived while those before them are stored.
        async IAsyncEnumerable<BulkLoader.Prepared> Parts(IProgress<(int Done, int Of)> progress)
        {
            yield return loader.Prepare(sites);
            var done = 0;
            await foreach (var (part, made) in synthetic.Patients(1, cases)
                .Chunk(PatientsAtOnce)
                .Select(Prepare)
                .ToAsyncEnumerable()
                .Ahead(MostAhead, CancellationToken.None))
            {
                yield return part;
                progress.Report((done += made, cases));
            }
        }

        (BulkLoader.Prepared Part, int Cases) Prepare(IReadOnlyList<SentRecord>[] patients)
        {
            IReadOnlyList<SentRecord> records = [.. patients.SelectMany(patient => patient)];
            return (loader.Prepare(records), records.Count(record => record.Kind is CaseKind));
        }
    }
}
