using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Recording;

/// <summary>A record that others depend on stays until they are gone.</summary>
public sealed class RetractionTests(Engine engine) : RegistryFixture(engine)
{
    private static IReadOnlyList<SampleRecord> KindsUnderACase => [.. SampleRecord.All.Where(kind => kind.Name is not ("site" or "case"))];

    [Test]
    public async Task Keeps_a_site_that_has_cases()
    {
        var site = await Api.NewSite();
        var @case = await Api.NewCase(site: site);
        await ExpectInUse(site);
        await Retract(@case);
        await Retract(site);
        (await Api.Get(site)).ExpectProblem(404, "site-not-found");
    }

    [TestCaseSource(nameof(KindsUnderACase))]
    public async Task Keeps_a_case_that_holds_records(SampleRecord kind)
    {
        var path = await kind.NewAddress(Api);
        (await Api.Put(path, kind.Body)).Expect(201);
        var @case = string.Join('/', path.Split('/')[..5]);
        await ExpectInUse(@case);
        await Retract(path);
        await Retract(@case);
        (await Api.Get(@case)).ExpectProblem(404, "case-not-found");
        (await Api.Get(path)).ExpectProblem(404, "case-not-found");
        (await Api.Put(path, kind.Body)).ExpectProblem(404, "case-not-found");
        Assert.That(
            (await Api.Get(path + "/history")).Expect(200).Json.AsArray(), Has.Count.EqualTo(2), "what was recorded stays in history");
    }

    [Test]
    public async Task Keeps_a_case_that_a_later_one_names()
    {
        var site = await Api.NewSite();
        var first = site + "/cases/first";
        var later = site + "/cases/later";
        (await Api.Put(first, Sample.Case("scs"))).Expect(201);
        (await Api.Put(later, Sample.Case("drez", preceding: "first"))).Expect(201);
        await ExpectInUse(first);
        await Retract(later);
        await Retract(first);
    }

    [Test]
    public async Task Keeps_an_event_without_which_others_would_be_out_of_order()
    {
        var @case = await Api.NewCase();
        (await Api.Put(@case + "/events/first", Sample.Event("implanted", "2024-01-10"))).Expect(201);
        (await Api.Put(@case + "/events/revision", Sample.Event("revised", "2024-02-10"))).Expect(201);
        (await Api.Put(@case + "/events/again", Sample.Event("implanted", "2024-03-10"))).Expect(201);
        (await Api.Put(@case + "/assessments/1m", Sample.Assessment("2024-02-09"))).Expect(201);
        await ExpectInUse(@case + "/events/first");
        await Retract(@case + "/events/revision");
        await Retract(@case + "/events/first");
        Assert.That(
            (await Api.Get(@case + "/assessments/1m")).Expect(200).Json["window"]!.GetValue<string>(),
            Is.EqualTo("early"),
            "a score never stands in the way");
    }

    [Test]
    public async Task Takes_what_was_retracted_out_of_the_summaries()
    {
        var site = await Api.NewSite();
        var @case = await Api.NewCase(site: site, events: ("trial-started", "2024-01-10"));
        Assert.That(await Started(), Is.EqualTo(1));
        var listed = (await Api.Get(@case)).Expect(200).Json["events"]![0]!;
        await Retract($"{@case}/events/{listed["event"]}");
        Assert.That(await Started(), Is.EqualTo(0));

        async Task<int> Started() =>
            (await Api.Get("/summaries/trials?site=" + Sample.KeyOf(site))).Expect(200)
                .Row(("procedure", "scs"))["started"]!.GetValue<int>();
    }

    private async Task ExpectInUse(string path)
    {
        (await Api.Delete(path, ("If-Match", (await Api.Get(path)).Expect(200).ETag!), ("X-Change-Reason", "by mistake")))
            .ExpectProblem(409, "in-use");
        (await Api.Get(path)).Expect(200);
    }

    private async Task Retract(string path) =>
        (await Api.Delete(path, ("If-Match", (await Api.Get(path)).Expect(200).ETag!), ("X-Change-Reason", "by mistake"))).Expect(204);
}
