using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Tests.Support;

namespace Registry.Tests.Recording;

/// <summary>
/// After any sequence of writes, corrections and retractions in any order, with the program started anew in between, the analysis
/// tables are those derived from scratch.
/// </summary>
public sealed class KeepingTheAnalysisTables(Engine engine) : RegistryFixture(engine)
{
    protected override TimeProvider? Clock => new StoppedClock(RandomRegistry.Today);

    [Test]
    public async Task Holds_what_is_derived_from_scratch_after_any_history([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var registry = RandomRegistry.Make(1000 + seed, 14);
        var resources = new Resources();
        var records = registry.Records(resources).ToArray();

        // Sites and cases first, in their order; what lies under them in any order, some of it twice, some corrected, some retracted.
        var (first, under) = (records.Where(record => !record.Resource.IsUnderCase).ToList(), records.Where(record => record.Resource.IsUnderCase).ToArray());
        random.Shuffle(under);
        foreach (var record in first)
        {
            (await Api.Put(PathOf(record), record.Resource.Canonical(record.Content))).Expect(201);
        }

        foreach (var record in under)
        {
            var path = PathOf(record);
            if ((await Api.Put(path, record.Resource.Canonical(record.Content))).Status != 201 || random.Next(4) > 0)
            {
                continue;
            }

            var read = (await Api.Get(path)).Expect(200);
            if (random.Next(2) == 0)
            {
                await Api.Delete(path, ("If-Match", read.ETag!), ("X-Change-Reason", "test"));
            }
            else if (records.Where(other => other.Resource == record.Resource).ToList() is { Count: > 0 } others)
            {
                var other = others[random.Next(others.Count)];
                await Api.Put(path, other.Resource.Canonical(other.Content), ("If-Match", read.ETag!), ("X-Change-Reason", "test"));
            }
        }

        await AnalysisTables.AssertDerivedFromScratch(Host.Services.GetRequiredService<IDatabase>(), FormattableString.Invariant($"seed {seed}"));
    }

    private static string PathOf(Registry.Api.Demonstration.SentRecord record) => record.Resource.PathOf(record.Address)["/api/v1".Length..];
}
