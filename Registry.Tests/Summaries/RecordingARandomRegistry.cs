using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Recording;
using Registry.Tests.Summaries.Oracle;
using Registry.Tests.Support;

namespace Registry.Tests.Summaries;

/// <summary>A random registry, sent record by record as a site would: the summaries are those of the oracle all the same.</summary>
public sealed class RecordingARandomRegistry(Engine engine) : RegistryFixture(engine)
{
    private const int Seed = 2026;
    private const int Cases = 24;
    private const int Questions = 6;

    private readonly RecordedRegistry _registry = RandomRegistry.Make(Seed, Cases);

    protected override TimeProvider? Clock => new StoppedClock(RandomRegistry.Today);

    protected override async Task Prepare()
    {
        foreach (var record in _registry.Records(Host.Services.GetRequiredService<Resources>()))
        {
            (await Api.Put(record.Resource.PathOf(record.Address)["/api/v1".Length..], record.Resource.Canonical(record.Content))).Expect(201);
        }
    }

    [Test]
    public async Task Every_summary_is_that_of_the_oracle()
    {
        var oracle = new RegistryOracle(_registry.Cases);
        var random = new RandomQuestions(Seed, _registry);
        foreach (var question in Enumerable.Range(0, Questions).Select(_ => random.Next()).Prepend(new Question { Today = RandomRegistry.Today }))
        {
            await Agrees(question.ResponseRates(), oracle.ResponseRates(question));
            await Agrees(question.Scores(), oracle.Scores(question));
            await Agrees(question.Costs(), oracle.Costs(question));
            await Agrees(question.Stays(), oracle.Stays(question));
            await Agrees(question.Trials(), oracle.Trials(question));
        }
    }

    private async Task Agrees(string path, IEnumerable<ExpectedRow> expected)
    {
        var answer = (await Api.Get(path)).Expect(200);
        Assert.That(Agreement.Differences(answer, [.. expected]), Is.Empty, () => answer.Request);
    }
}
