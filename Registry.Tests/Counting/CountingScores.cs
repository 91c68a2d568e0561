using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Counting;
using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Tests.Support;

namespace Registry.Tests.Counting;

/// <summary>
/// What is told from the tally is what the views tell of every case: whatever was recorded, corrected or retracted since,
/// counted or not.
/// </summary>
public sealed class CountingScores(Engine engine) : RegistryFixture(engine)
{
    private static readonly DateOnly Today = RandomRegistry.Today;

    protected override TimeProvider Clock { get; } = new StoppedClock(Today);

    private IDatabase Database => Host.Services.GetRequiredService<IDatabase>();

    // A counter of its own: the one of the program counts whenever it likes.
    private CaseCounter Counter => new(Database, Clock);

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task Holds_after_every_change(int seed)
    {
        var random = new Random(seed);
        var registry = RandomRegistry.Make(9000 + seed, 20);
        foreach (var (resource, address, content) in registry.Records(Host.Services.GetRequiredService<Resources>()))
        {
            (await Api.Put(resource.PathOf(address)["/api/v1".Length..], resource.Canonical(content))).Expect(201);
            if (random.Next(20) == 0)
            {
                await Counter.CountAll(1 + random.Next(40), CancellationToken.None);
            }
        }

        await AssertHolds("recorded");
        await Counter.CountAll(1000, CancellationToken.None);
        foreach (var one in registry.Cases.Concat(registry.Cases).OrderBy(_ => random.Next()).Take(Engine == Engine.Sqlite ? int.MaxValue : 6))
        {
            await Change(random, $"/sites/{one.Site}/cases/{one.Code}");
            await AssertHolds($"{one.Site} {one.Code} changed");
            if (random.Next(6) == 0)
            {
                await Counter.CountAll(1 + random.Next(40), CancellationToken.None);
                await AssertHolds($"{one.Site} {one.Code} counted");
            }
        }
    }

    [Test]
    public async Task Is_summed_up_without_a_change()
    {
        await Counter.CountAll(3, CancellationToken.None);
        await AssertHolds("summed up");
        Assert.That(await Database.Single<int>("SELECT COUNT(*) FROM counting_case"), Is.Zero);
        Assert.That(await Database.Single<int>("SELECT SUM(cases) FROM score_tally"), Is.EqualTo(await Database.Single<int>("SELECT COUNT(*) FROM counted_score")));
        Assert.That(await Database.Single<int>("SELECT SUM(cases) FROM visit_tally"), Is.EqualTo(await Database.Single<int>("SELECT COUNT(*) FROM counted_visit")));
    }

    [Test]
    public async Task Two_may_count_at_once()
    {
        (await Api.Put("/sites/twice", Scene.Site)).Expect(201);
        for (var number = 0; number < 12; number++)
        {
            var path = FormattableString.Invariant($"/sites/twice/cases/c{number}");
            (await Api.Put(path, Scene.Case("drez", patient: "P-" + number))).Expect(201);
            (await Api.Put(path + "/events/operation", Scene.Event("lesioned", "2024-01-01"))).Expect(201);
        }

        await Task.WhenAll(Counter.CountAll(2, CancellationToken.None), Counter.CountAll(3, CancellationToken.None), Counter.CountAll(250, CancellationToken.None));
        await AssertHolds("counted by three");
    }

    // One change: a case that follows no longer, an event that did not happen, a score that is corrected or retracted.
    private async Task Change(Random random, string path)
    {
        var file = (await Api.Get(path)).Expect(200);
        var assessments = file.Json["assessments"]!.AsArray();
        var events = file.Json["events"]!.AsArray();
        if (file.Json["precedingCase"] is not null && random.Next(2) == 0)
        {
            var alone = Scene.Case(file.Json["procedure"]!.ToString(), patient: file.Json["patient"]!["reference"]!.ToString());
            await Api.Put(path, alone, ("If-Match", file.ETag!), ("X-Change-Reason", "it follows nothing"));
        }
        else if (events.Count > 0 && random.Next(2) == 0)
        {
            var one = events[random.Next(events.Count)]!;
            await Api.Delete($"{path}/events/{one["event"]}", ("If-Match", one["etag"]!.ToString()), ("X-Change-Reason", "did not happen"));
        }
        else if (assessments.Count > 0)
        {
            var one = assessments[random.Next(assessments.Count)]!;
            var address = $"{path}/assessments/{one["timepoint"]}";
            if (one["assessedOn"] is not { } day || random.Next(3) == 0)
            {
                await Api.Delete(address, ("If-Match", one["etag"]!.ToString()), ("X-Change-Reason", "of another patient"));
            }
            else
            {
                await Api.Put(address, $$"""{"assessedOn":"{{day}}","nrs":{{random.Next(11)}},"pdi":{{random.Next(71)}}}""", ("If-Match", one["etag"]!.ToString()), ("X-Change-Reason", "misread"));
            }
        }
    }

    private Task AssertHolds(string when) => Tally.AssertHolds(Database, Today, when);
}
