using System.Diagnostics;
using System.Globalization;
using Registry.Api.Data;
using Registry.Api.Recording;

namespace Registry.Api.Demonstration;

/// <summary><c>Registry.Api seed --cases N --seed S</c>: fills a database with synthetic cases, the same for the same S.</summary>
internal static class SeedCommand
{
    private const int CasesAtOnce = 5000;

    public static async Task<int> Run(IServiceProvider services, string[] args)
    {
        if (args is not ["--cases", var casesText, "--seed", var seedText]
            || !int.TryParse(casesText, NumberStyles.None, CultureInfo.InvariantCulture, out var cases)
            || !int.TryParse(seedText, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            || cases is < 1 or > 9_000_000)
        {
            await Console.Error.WriteLineAsync("Usage: Registry.Api seed --cases N --seed S   (N from 1 to 9000000, S a whole number)");
            return 2;
        }

        var database = services.GetRequiredService<IDatabase>();
        await Installer.Install(database, CancellationToken.None);
        await services.GetRequiredService<AnalysisRebuild>().Run(everything: false, null, CancellationToken.None);
        var loader = new BulkLoader(database, services.GetRequiredService<TimeProvider>());
        await loader.Begin(CancellationToken.None);
        var synthetic = new SyntheticRegistry(services.GetRequiredService<Resources>(), seed);
        var sites = synthetic.SiteRecords();
        if (sites.Any(site => loader.Knows(site.Address.Site)))
        {
            await Console.Error.WriteLineAsync("The database holds synthetic cases already. Seed an empty one.");
            return 1;
        }

        var watch = Stopwatch.StartNew();
        await loader.Load(sites, CancellationToken.None);
        for (var made = 0; made < cases; made += CasesAtOnce)
        {
            await loader.Load(synthetic.Cases(made + 1, Math.Min(CasesAtOnce, cases - made)), CancellationToken.None);
        }

        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{cases} cases in {watch.Elapsed.TotalSeconds:0.0} s."));
        await ((IAsyncDisposable)services).DisposeAsync();
        return 0;
    }
}
