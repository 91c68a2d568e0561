using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Recording;

/// <summary>
/// Two writers at one key at the same moment: exactly one wins, the other is told so, nothing is lost and nothing is
/// an error. Each race is run many times, several races at once.
/// </summary>
public sealed class ConcurrentWriteTests(Engine engine) : RegistryFixture(engine)
{
    private const int Races = 1000;
    private const int RacesPerCase = 25;
    private const int RacesAtOnce = 4;

    private static readonly (string, string) Reason = ("X-Change-Reason", "race");

    [Test]
    public async Task Lets_exactly_one_of_two_writers_create()
    {
        await Run(Races, async (path, number) =>
        {
            var bodies = (string[])[Cost(2 * number), Cost((2 * number) + 1)];
            var answers = await Task.WhenAll(
                bodies.Select(body => number % 3 == 0 ? Api.Put(path, body, ("If-None-Match", "*")) : Api.Put(path, body)));
            var winner = Array.FindIndex(answers, answer => answer.Status == 201);
            Assert.That(
                answers.Select(answer => answer.Status).Order(),
                Is.EqualTo([201, number % 3 == 0 ? 412 : 409]),
                () => string.Join('\n', answers.Select(answer => answer.Text)));
            answers[1 - winner].ExpectProblem(number % 3 == 0 ? 412 : 409);
            Assert.That(answers[1 - winner].Json["current"]!["etag"]!.GetValue<string>(), Is.EqualTo(answers[winner].ETag));
            return ((2 * number) + winner, answers[winner].ETag!, 1);
        });
    }

    [Test]
    public async Task Lets_exactly_one_of_two_corrections_of_one_version_through()
    {
        await Run(Races / 2, async (path, number) =>
        {
            var created = (await Api.Put(path, Cost(0))).Expect(201);
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 2).Select(which => Api.Put(path, Cost((2 * number) + which + 1), ("If-Match", created.ETag!), Reason)));
            var winner = Array.FindIndex(answers, answer => answer.Status == 200);
            Assert.That(
                answers.Select(answer => answer.Status).Order(),
                Is.EqualTo([200, 412]),
                () => string.Join('\n', answers.Select(answer => answer.Text)));
            answers[1 - winner].ExpectProblem(412, "precondition-failed");
            return ((2 * number) + winner + 1, answers[winner].ETag!, 2);
        });
    }

    [Test]
    public async Task Lets_two_writers_of_the_same_content_both_succeed()
    {
        await Run(Races / 10, async (path, number) =>
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Api.Put(path, Cost(number))));
            Assert.That(
                answers.Select(answer => answer.Status).Order(),
                Is.EqualTo([200, 201]),
                () => string.Join('\n', answers.Select(answer => answer.Text)));
            Assert.That(answers[0].ETag, Is.EqualTo(answers[1].ETag));
            return (number, answers[0].ETag!, 1);
        });
    }

    [Test]
    public async Task Lets_either_a_correction_or_a_retraction_through()
    {
        await Run(Races / 10, async (path, number) =>
        {
            var created = (await Api.Put(path, Cost(0))).Expect(201);
            var answers = await Task.WhenAll(
                Api.Put(path, Cost(number + 1), ("If-Match", created.ETag!), Reason),
                Api.Delete(path, ("If-Match", created.ETag!), Reason));
            Assert.That(
                (answers[0].Status, answers[1].Status),
                Is.EqualTo((200, 412)).Or.EqualTo((412, 204)),
                () => string.Join('\n', answers.Select(answer => answer.Text)));
            return answers[0].Status == 200 ? (number + 1, answers[0].ETag!, 2) : (null, null, 2);
        });
    }

    [Test]
    public async Task Lets_exactly_one_of_two_records_that_contradict_each_other_in()
    {
        await Parallel.ForAsync(0, Races / 20, new ParallelOptions { MaxDegreeOfParallelism = RacesAtOnce }, async (_, _) =>
        {
            var @case = await Api.NewCase();
            var answers = await Task.WhenAll(
                Api.Put(@case + "/events/death", Sample.Event("died", "2024-01-10")),
                Api.Put(@case + "/events/implant", Sample.Event("implanted", "2024-01-11")));
            Assert.That(
                answers.Select(answer => answer.Status).Order(),
                Is.EqualTo([201, 422]),
                () => string.Join('\n', answers.Select(answer => answer.Text)));
            Assert.That((await Api.Get(@case)).Json["events"]!.AsArray(), Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task Lets_either_a_case_go_or_a_record_into_it()
    {
        await Parallel.ForAsync(0, Races / 20, new ParallelOptions { MaxDegreeOfParallelism = RacesAtOnce }, async (number, _) =>
        {
            var @case = await Api.NewCase();
            var read = await Api.Get(@case);

            // The tag of all that a case holds is out of date as soon as it holds a record; its own is not.
            var (etag, refused) = number % 2 == 0 ? (read.ETag!, 412) : (read.Json["etag"]!.GetValue<string>(), 409);
            var answers = await Task.WhenAll(Api.Put(@case + "/costs/c", Cost(1)), Api.Delete(@case, ("If-Match", etag), Reason));
            Assert.That(
                (answers[0].Status, answers[1].Status),
                Is.EqualTo((201, refused)).Or.EqualTo((404, 204)),
                () => string.Join('\n', answers.Select(answer => answer.Text)));
            (await Api.Get(@case)).Expect(answers[0].Status == 201 ? 200 : 404);
        });
    }

    [Test]
    public async Task Leaves_of_writes_at_once_what_is_left_of_one_after_the_other()
    {
        (string Path, string Body, int Status)[] writes =
        [
            ("/assessments/baseline", Sample.Assessment("2024-01-03", 8), 201),
            ("/assessments/post-op", Sample.Assessment("2024-01-20", 3), 201),
            ("/assessments/1m", Sample.Assessment("2024-02-10", 4), 201),
            ("/assessments/3m", Sample.Assessment("2024-04-10", 11), 422),
            ("/assessments/6m", Sample.Assessment("2024-07-10", 2), 201),
            ("/assessments/12m", """{"notDone":"declined"}""", 201),
            ("/costs/device", Cost(20_000), 201),
            ("/costs/operation", Cost(3_000), 201),
            ("/costs/none", """{"amount":1}""", 422),
            ("/events/lost", Sample.Event("lost-to-follow-up", "2024-08-01"), 201),
            ("/stays/first", """{"admittedOn":"2024-01-09","dischargedOn":"2024-01-14"}""", 201),
            ("/adverse-events/infection",
                """{"category":"surgical","term":"Infection","onsetOn":"2024-01-30","severity":"mild","serious":false}""",
                201),
        ];
        await Parallel.ForAsync(0, Races / 40, new ParallelOptions { MaxDegreeOfParallelism = RacesAtOnce }, async (_, _) =>
        {
            var cases = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Api.NewCase()));
            await Task.WhenAll(cases.Select(@case => Api.Put(@case + "/events/implant", Sample.Event("implanted", "2024-01-10"))));
            foreach (var (path, body, status) in writes)
            {
                (await Api.Put(cases[0] + path, body)).Expect(status);
            }

            foreach (var (answer, status) in await Task.WhenAll(writes.SelectMany(
                write => cases[1..].Select(async @case => (await Api.Put(@case + write.Path, write.Body), write.Status)))))
            {
                answer.Expect(status);
            }

            var shown = await Task.WhenAll(cases.Select(async @case => Shown((await Api.Get(@case)).Expect(200).Json.AsObject())));
            Assert.That(shown[1..], Is.All.EqualTo(shown[0]));
        });

        await AnalysisTables.AssertDerivedFromScratch(Host.Services.GetRequiredService<IDatabase>(), "after writes at once");

        static string Shown(JsonObject @case)
        {
            foreach (var own in (string[])["site", "case", "patient", "etag"])
            {
                @case.Remove(own);
            }

            return @case.ToJsonString();
        }
    }

    // Each race gives what has to be found afterwards: the amount and its ETag, or nothing, and the number of versions.
    private async Task Run(int races, Func<string, int, Task<(int? Amount, string? ETag, int Versions)>> race)
    {
        await Parallel.ForAsync(0, races / RacesPerCase, new ParallelOptions { MaxDegreeOfParallelism = RacesAtOnce }, async (group, _) =>
        {
            var @case = await Api.NewCase();
            var expected = new Dictionary<string, (int? Amount, string? ETag, int Versions)>();
            for (var number = group * RacesPerCase; number < (group + 1) * RacesPerCase; number++)
            {
                var key = FormattableString.Invariant($"c{number}");
                expected[key] = await race($"{@case}/costs/{key}", number);
            }

            var costs = (await Api.Get(@case)).Expect(200).Json["costs"]!.AsArray()
                .ToDictionary(cost => cost!["cost"]!.GetValue<string>(), cost => cost!);
            Assert.That(costs.Keys, Is.EquivalentTo(expected.Where(pair => pair.Value.Amount is not null).Select(pair => pair.Key)));
            foreach (var (key, cost) in costs)
            {
                Assert.That(
                    (cost["amount"]!.GetValue<int>(), cost["etag"]!.GetValue<string>()),
                    Is.EqualTo((expected[key].Amount, expected[key].ETag)));
            }

            foreach (var (key, (_, _, versions)) in expected.Take(3))
            {
                Assert.That((await Api.Get($"{@case}/costs/{key}/history")).Expect(200).Json.AsArray(), Has.Count.EqualTo(versions));
            }
        });
    }

    private static string Cost(int amount) =>
        new JsonObject { ["category"] = "other", ["amount"] = amount, ["currency"] = "EUR", ["priceYear"] = 2024 }.ToJsonString();
}
