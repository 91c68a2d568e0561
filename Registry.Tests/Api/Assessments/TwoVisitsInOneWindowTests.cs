using NUnit.Framework;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Assessments;

/// <summary>A second visit for a timepoint is a conflict, and the conflict says which of the two is nearer to the target day.</summary>
public sealed class TwoVisitsInOneWindowTests(Engine engine) : CourseFixture(engine)
{
    private const string Path = "/sites/ulm/cases/a/assessments";

    protected override async Task Prepare()
    {
        // One month is due on 2024-02-09, three months on 2024-04-10.
        await Site("ulm");
        await Case("ulm", "a", Procedure.Drez);
        await Event("ulm", "a", EventType.Lesioned, "2024-01-10");
        await Visit("ulm", "a", "1m", "2024-02-05");
        await NotDone("ulm", "a", "3m", "declined");
        await Visit("ulm", "a", "baseline", "2024-01-05");
        await Case("ulm", "no-zero", Procedure.Scs);
        await Visit("ulm", "no-zero", "1m", "2024-02-05");
    }

    [TestCase("2024-02-20", "current", 11)]
    [TestCase("2024-02-04", "current", 5)]
    [TestCase("2024-02-10", "proposed", 1)]
    [TestCase("2024-02-09", "proposed", 0)]
    [TestCase("2024-02-13", "equal", 4)]
    public async Task Says_which_is_nearer_to_the_target_day(string on, string nearer, int days)
    {
        foreach (var answer in new[] { await Api.Put(Path + "/1m", Visited(on)), await Api.Post(Path, Visited(on)) })
        {
            var problem = answer.Expect(409).Json;
            Assert.That(problem["nearerToTarget"]!.ToString(), Is.EqualTo(nearer));
            Assert.That(
                problem["detail"]!.ToString(),
                Does.EndWith(
                    $"The current visit, on 2024-02-05, lies 4 days from the target day, 2024-02-09; the proposed one, on {on}, {days} days."));
            Assert.That(problem["current"]!["value"]!["assessedOn"]!.ToString(), Is.EqualTo("2024-02-05"));
            Assert.That(problem["proposed"]!["assessedOn"]!.ToString(), Is.EqualTo(on));
        }
    }

    [Test]
    public async Task Says_so_in_a_batch()
    {
        var answer = (await Api.Post(
            "/assessments/batch",
            """{"mode": "each", "items": [{"site": "ulm", "case": "a", "assessedOn": "2024-02-10", "nrs": 3}]}""")).Expect(200);
        Assert.That(answer.Items[0]["problem"]!["nearerToTarget"]!.ToString(), Is.EqualTo("proposed"));
    }

    [TestCase("a/assessments/1m", "2024-02-05", TestName = "Says_nothing_of_two_scores_of_one_day")]
    [TestCase("a/assessments/3m", "2024-04-10", TestName = "Says_nothing_of_a_visit_that_was_not_done")]
    [TestCase("a/assessments/baseline", "2024-01-04", TestName = "Says_nothing_of_a_baseline")]
    [TestCase("no-zero/assessments/1m", "2024-02-10", TestName = "Says_nothing_without_a_time_zero")]
    public async Task Says_nothing(string path, string on)
    {
        var problem = (await Api.Put("/sites/ulm/cases/" + path, Visited(on))).Expect(409).Json;
        Assert.That(problem["nearerToTarget"], Is.Null);
        Assert.That(problem["detail"]!.ToString(), Does.EndWith("X-Change-Reason saying why."));
    }

    private static string Visited(string on) => $$"""{"assessedOn": "{{on}}", "nrs": 3}""";
}
