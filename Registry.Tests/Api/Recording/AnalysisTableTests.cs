using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Recording;

/// <summary>
/// After any sequence of writes, corrections and retractions in any order, with the program started anew in between, the analysis
/// tables are those derived from scratch.
/// </summary>
public sealed class AnalysisTableTests(Engine engine) : RegistryFixture(engine)
{
    protected override TimeProvider? Clock => new StoppedClock(RandomRegistry.Today);

    [Test]
    public async Task Holds_what_is_derived_from_scratch_after_any_history([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var registry = RandomRegistry.Make(1000 + seed, 14);
        var kinds = new RecordKinds();
        var records = registry.Records(kinds).ToArray();

        // Sites and cases first, in their order; what lies under them in any order, some of it twice, some corrected, some retracted.
        var (first, under) = (records.Where(record => !record.Kind.IsUnderCase).ToList(),
            records.Where(record => record.Kind.IsUnderCase).ToArray());
        random.Shuffle(under);
        foreach (var record in first)
        {
            (await Api.Put(PathOf(record), record.Kind.Canonical(record.Content))).Expect(201);
        }

        foreach (var record in under)
        {
            var path = PathOf(record);
            if ((await Api.Put(path, record.Kind.Canonical(record.Content))).Status != 201 || random.Next(4) > 0)
            {
                continue;
            }

            var read = (await Api.Get(path)).Expect(200);
            if (random.Next(2) == 0)
            {
                await Api.Delete(path, ("If-Match", read.ETag!), ("X-Change-Reason", "test"));
            }
            else if (records.Where(other => other.Kind == record.Kind).ToList() is { Count: > 0 } others)
            {
                var other = others[random.Next(others.Count)];
                await Api.Put(path, other.Kind.Canonical(other.Content), ("If-Match", read.ETag!), ("X-Change-Reason", "test"));
            }
        }

        await AnalysisTables.AssertDerivedFromScratch(
            Host.Services.GetRequiredService<IDatabase>(), FormattableString.Invariant($"seed {seed}"));
    }

    private static string PathOf(Registry.Api.Demonstration.SentRecord record) => record.Kind.PathOf(record.Address)["/api/v1".Length..];
}
