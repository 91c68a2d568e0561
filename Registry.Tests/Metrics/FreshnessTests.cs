using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// The program keeps what it has worked out for as long as it holds. So after each kind of change it has to say the same
/// as an instance that was just started and has kept nothing.
/// </summary>
public sealed class FreshnessTests(Engine engine) : RegistryFixture(engine)
{
    private const string Stimulated = "/sites/here/cases/first";
    private const string Lesioned = "/sites/here/cases/second";

    private static readonly string[] Questions =
    [
        "response-rates", "response-rates?site=here&timepoint=12m", "response-rates?sex=female", "scores",
        "scores?procedure=scs&set=treated&instrument=nrs", "costs", "costs?per=pathway", "stays", "trials", "adverse-events", "survival",
        "survival?event=loss-of-response", "completeness", "completeness?site=here", "flow", "flow?site=there", "benchmarks",
        "comparison?a.procedure=scs&b.procedure=drez", "comparison?a.site=here&b.site=there", "power?procedure=scs",
    ];

    // Each change in turn: what is sent, and in the place of what it has to be stated as a correction.
    private static readonly (string Path, string? Body)[] Changes =
    [
        ("/sites/here", Sample.Site),
        ("/sites/there", Sample.Site),
        (Stimulated, Sample.Case("scs")),
        (Stimulated + "/events/start", Sample.Event("trial-started", "2023-01-02")),
        (Stimulated + "/events/end", Sample.Event("trial-ended", "2023-01-09")),
        (Stimulated + "/events/implant", Sample.Event("implanted", "2023-02-01")),
        (Stimulated + "/assessments/baseline", Sample.Assessment("2023-01-01", 9)),
        (Stimulated + "/assessments/12m", Sample.Assessment("2024-02-01", 3)),
        (Stimulated + "/assessments/12m", Sample.Assessment("2024-02-01", 8)),
        (Stimulated + "/adverse-events/a",
            """{"category":"surgical","term":"bleeding","onsetOn":"2023-02-02","severity":"mild","serious":false}"""),
        (Stimulated + "/adverse-events/a",
            """{"category":"surgical","term":"bleeding","onsetOn":"2023-02-02","severity":"severe","serious":true}"""),
        (Stimulated + "/costs/c", """{"category":"operation","amount":100,"currency":"EUR","priceYear":2023}"""),
        (Stimulated + "/costs/c", """{"category":"operation","amount":101,"currency":"EUR","priceYear":2023}"""),
        (Stimulated + "/stays/s", """{"admittedOn":"2023-02-01","dischargedOn":"2023-02-04"}"""),
        (Stimulated + "/stays/s", """{"admittedOn":"2023-02-01","dischargedOn":"2023-02-05"}"""),
        (Lesioned, Sample.Case("drez", preceding: "first")),
        (Lesioned + "/events/operation", Sample.Event("lesioned", "2023-12-01")),
        (Lesioned + "/costs/c", """{"category":"operation","amount":7,"currency":"EUR","priceYear":2023}"""),
        (Lesioned, Sample.Case("cordotomy", preceding: "first")),
        ("/sites/there/cases/far", Sample.Case("drez")),
        (Stimulated + "/events/out", Sample.Event("explanted", "2023-10-01")),
        (Stimulated + "/events/out", null),
        (Stimulated + "/stays/s", null),
        (Stimulated + "/costs/c", null),
        (Stimulated + "/adverse-events/a", null),
        (Stimulated + "/assessments/12m", null),
        (Lesioned, Sample.Case("cordotomy")),
        ("/sites/there/cases/far", null),
        ("/sites/there", null),
    ];

    protected override TimeProvider Clock => StoppedClock.Noon;

    [Test]
    public async Task Gives_what_an_instance_gives_that_was_just_started()
    {
        foreach (var (index, (path, body)) in Changes.Index())
        {
            var before = await Api.Get(path);
            (string, string)[] headers = before.Status == 200 ? [("If-Match", before.ETag!), ("X-Change-Reason", "corrected")] : [];
            var done = body is null ? await Api.Delete(path, headers) : await Api.Put(path, body, headers);
            Assert.That(
                done.Status, Is.EqualTo(body is null ? 204 : before.Status == 200 ? 200 : 201), () => $"{done.Request}\n{done.Text}");

            // To start anew and to ask everything takes its time.
            if (index % 6 != 5 && index < Changes.Length - 1)
            {
                await Api.Get("/summaries/" + Questions[index % Questions.Length]);
                continue;
            }

            var kept = await WriteResponses();
            await Restart();
            var anew = await WriteResponses();
            Assert.That(kept, Is.EqualTo(anew), () => $"after {done.Request}");
        }
    }

    // A site that is not there yet, or no more, is refused.
    private async Task<IReadOnlyList<string>> WriteResponses()
    {
        var answers = new List<string>();
        foreach (var question in Questions)
        {
            var answer = await Api.Get("/summaries/" + question);
            answers.Add($"{question} {answer.Status} {answer.ETag} {(answer.Status == 200 ? answer.Text : null)}");
        }

        return answers;
    }
}
