using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Recording;
using Registry.Tests.Metrics.Oracle;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>A random registry, sent record by record as a site would: the summaries are those of the oracle all the same.</summary>
public sealed class RandomRegistryRecordingTests(Engine engine) : RegistryFixture(engine)
{
    private const int Seed = 2026;
    private const int Cases = 60;
    private const int Questions = 3;

    private readonly RecordedRegistry _registry = RandomRegistry.Make(Seed, Cases);

    protected override TimeProvider? Clock => RandomRegistry.Clock;

    protected override async Task Prepare()
    {
        foreach (var record in _registry.Records(Host.Services.GetRequiredService<RecordKinds>()))
        {
            (await Api.Put(record.Kind.PathOf(record.Address)["/api/v1".Length..], record.Kind.Canonical(record.Content))).Expect(201);
        }
    }

    [Test]
    public async Task Every_summary_is_that_of_the_oracle()
    {
        var random = new RandomQuestions(Seed, _registry);
        foreach (var question in Enumerable.Range(0, Questions)
            .Select(_ => random.Next())
            .Prepend(new Question { DefaultAsOf = RandomRegistry.LatestDay }))
        {
            foreach (var summary in AskedSummary.All)
            {
                await summary.Agree(Api, _registry, question);
            }
        }
    }
}
