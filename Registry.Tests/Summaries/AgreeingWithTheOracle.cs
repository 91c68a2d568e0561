using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Tests.Summaries.Oracle;
using Registry.Tests.Support;

namespace Registry.Tests.Summaries;

/// <summary>
/// Many random registries in one database, each asked many random questions: every figure of every answer is the one
/// that the oracle finds by plain loops over the records.
/// </summary>
public sealed class AgreeingWithTheOracle(Engine engine) : RegistryFixture(engine)
{
    private const int CasesOfARegistry = 30;
    private const int QuestionsToARegistry = 2;

    private List<RecordedRegistry> _registries = [];

    protected override TimeProvider? Clock => new StoppedClock(RandomRegistry.Today);

    private int Registries => Engine == Engine.Sqlite ? 150 : 8;

    protected override async Task Prepare()
    {
        var resources = Host.Services.GetRequiredService<Resources>();
        _registries = [.. Enumerable.Range(1, Registries).Select(seed => RandomRegistry.Make(seed, CasesOfARegistry))];
        var loader = new BulkLoader(Host.Services.GetRequiredService<IDatabase>(), Host.Services.GetRequiredService<TimeProvider>());
        await loader.Begin(CancellationToken.None);
        await loader.Load([.. _registries.SelectMany(registry => registry.Records(resources))], CancellationToken.None);
    }

    [Test]
    public Task Every_response_rate_is_that_of_the_oracle() => Agrees(question => question.ResponseRates(), (oracle, question) => oracle.ResponseRates(question));

    [Test]
    public Task Every_score_is_that_of_the_oracle() => Agrees(question => question.Scores(), (oracle, question) => oracle.Scores(question), OneTimepointAsARule);

    [Test]
    public Task Every_cost_is_that_of_the_oracle() => Agrees(question => question.Costs(), (oracle, question) => oracle.Costs(question));

    [Test]
    public Task Every_stay_is_that_of_the_oracle() => Agrees(question => question.Stays(), (oracle, question) => oracle.Stays(question));

    [Test]
    public Task Every_trial_is_that_of_the_oracle() => Agrees(question => question.Trials(), (oracle, question) => oracle.Trials(question));

    // Power is slow to compute, on both sides.
    private static Question OneTimepointAsARule(Question question, int number) =>
        number % 30 == 0 ? question : question with { Timepoints = [(Timepoint)(1 + (number % 6))] };

    private async Task Agrees(
        Func<Question, string> path, Func<RegistryOracle, Question, IEnumerable<ExpectedRow>> expected, Func<Question, int, Question>? narrow = null)
    {
        var number = 0;
        foreach (var (index, registry) in _registries.Index())
        {
            var oracle = new RegistryOracle(registry.Cases);
            var questions = new RandomQuestions(index + 1, registry);
            for (var asked = 0; asked < QuestionsToARegistry; asked++)
            {
                var isPlain = asked == 0 && index % 4 == 0;
                await Agrees(oracle, isPlain ? new Question { Today = RandomRegistry.Today, Sites = registry.Sites } : questions.Next());
            }
        }

        // All of them at once.
        var whole = new RandomQuestions(0, _registries[0]);
        var all = new RegistryOracle([.. _registries.SelectMany(registry => registry.Cases)]);
        await Agrees(all, new Question { Today = RandomRegistry.Today });
        await Agrees(all, whole.Next() with { Sites = [] });

        async Task Agrees(RegistryOracle oracle, Question question)
        {
            question = narrow?.Invoke(question, number++) ?? question;
            var answer = (await Api.Get(path(question))).Expect(200);
            Assert.That(Agreement.Differences(answer, [.. expected(oracle, question)]), Is.Empty, () => answer.Request);
        }
    }
}
