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
        var records = _registry.Records(Host.Services.GetRequiredService<RecordKinds>()).ToList();
        var (lower, upper) = (records[0], records[1]);
        (await Api.Put(PathOf(lower), lower.Kind.Canonical(lower.Content))).Expect(201);
        await Api.PutBesideOtherSpelling(
            PathOf(upper), upper.Kind.Canonical(upper.Content), PathOf(lower), lower.Kind.Canonical(lower.Content));
        foreach (var record in records.Skip(2))
        {
            (await Api.Put(PathOf(record), record.Kind.Canonical(record.Content))).Expect(201);
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

    private static string PathOf(Registry.Api.Demonstration.SentRecord record) => record.Kind.PathOf(record.Address)["/api/v1".Length..];
}
