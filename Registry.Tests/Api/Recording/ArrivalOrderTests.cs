using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Recording;

/// <summary>
/// Senders repeat and reorder. One that goes on sending what was refused until nothing changes ends with everything
/// recorded, and with the same summaries as one that sent everything in order.
/// </summary>
public sealed class ArrivalOrderTests(Engine engine) : RegistryFixture(engine)
{
    private const int Cases = 10;

    private static readonly string[] Summaries =
    [
        "response-rates?", "scores?", "trials?", "costs?", "stays?", "adverse-events?", "survival?", "survival?event=loss-of-response&",
        "completeness?", "flow?", "benchmarks?", "comparison?a.procedure=scs&b.procedure=drez&", "power?procedure=scs&procedure=drg&",
    ];

    protected override TimeProvider Clock => StoppedClock.Noon;

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public async Task Ends_in_the_same_summaries(int seed)
    {
        var (inOrder, shuffled) = (Sample.Key("in-order"), Sample.Key("shuffled"));
        foreach (var (path, body) in ValidHistories.Of(seed, inOrder, Cases))
        {
            (await Api.Put(path, body)).Expect(201);
        }

        await SendUntilNothingChanges(ValidHistories.Of(seed, shuffled, Cases), new Random(seed));
        foreach (var summary in Summaries)
        {
            var one = (await Api.Get($"/summaries/{summary}site={inOrder}")).Expect(200);
            var other = (await Api.Get($"/summaries/{summary}site={shuffled}")).Expect(200);
            Assert.That(
                other.Json["items"]!.ToJsonString().Replace(shuffled, inOrder, StringComparison.Ordinal),
                Is.EqualTo(one.Json["items"]!.ToJsonString()),
                summary);
        }
    }

    [Test]
    public async Task Ends_in_the_same_case_whatever_comes_first()
    {
        const int Seed = 7;
        var sites = new List<string>();
        for (var order = 0; order < 6; order++)
        {
            var site = Sample.Key("order");
            sites.Add(site);
            await SendUntilNothingChanges(ValidHistories.Of(Seed, site, 3), new Random(order));
        }

        for (var number = 0; number < 3; number++)
        {
            var read = new List<string>();
            foreach (var site in sites)
            {
                read.Add(
                    (await Api.Get($"/sites/{site}/cases/case-{number}")).Expect(200).Text.Replace(site, "site", StringComparison.Ordinal));
            }

            Assert.That(read.Distinct().Count(), Is.EqualTo(1), () => string.Join('\n', read.Distinct()));
        }
    }

    // Refused for now is what lies under something that is not there yet (404), or contradicts what is there until
    // something else has arrived (422). A conflict (409) would be an error: nobody changes anything.
    private async Task SendUntilNothingChanges(IReadOnlyList<(string Path, string Body)> requests, Random random)
    {
        var pending = requests.ToList();
        for (var progress = true; progress && pending.Count > 0;)
        {
            progress = false;
            foreach (var request in pending.ToArray().OrderBy(_ => random.Next()))
            {
                var answer = await Api.Put(request.Path, request.Body);
                Assert.That(answer.Status, Is.EqualTo(201).Or.EqualTo(404).Or.EqualTo(422), () => $"{answer.Request}\n{answer.Text}");
                if (answer.Status != 201)
                {
                    answer.ExpectProblem(answer.Status);
                    continue;
                }

                progress = true;
                pending.Remove(request);
                if (random.Next(4) == 0)
                {
                    (await Api.Put(request.Path, request.Body)).Expect(200);
                }
            }
        }

        Assert.That(pending, Is.Empty, "everything is recorded in the end");
        foreach (var (path, body) in requests)
        {
            (await Api.Put(path, body)).Expect(200);
        }
    }
}
