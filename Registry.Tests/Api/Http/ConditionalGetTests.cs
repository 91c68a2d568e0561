using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>A summary that the caller has already is confirmed by its ETag; after a write it never is.</summary>
public sealed class ConditionalGetTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly string[] Summaries =
    [
        "response-rates", "scores", "costs?basis=surgical", "costs?per=case", "stays", "trials", "trials?procedure=scs&sex=female",
    ];

    [TestCaseSource(nameof(Summaries))]
    public async Task Confirms_what_has_not_changed(string summary)
    {
        var first = (await Api.Get("/summaries/" + summary)).Expect(200);
        Assert.That(first.ETag, Does.Match("^\"[^\"]+\"$"), "a strong ETag");
        foreach (var known in (string[])[first.ETag!, $"\"other\", {first.ETag}", "*"])
        {
            var confirmed = (await Api.Get("/summaries/" + summary, ("If-None-Match", known))).Expect(304);
            Assert.That((confirmed.ETag, confirmed.Text), Is.EqualTo((first.ETag, string.Empty)));
        }

        var again = (await Api.Get("/summaries/" + summary, ("If-None-Match", "\"other\""))).Expect(200);
        Assert.That((again.ETag, again.Text), Is.EqualTo((first.ETag, first.Text)));
    }

    [TestCaseSource(nameof(Summaries))]
    public async Task Answers_anew_after_a_write(string summary)
    {
        var before = (await Api.Get("/summaries/" + summary)).Expect(200);
        var @case = await Api.NewCase();
        var after = (await Api.Get("/summaries/" + summary, ("If-None-Match", before.ETag!))).Expect(200);
        Assert.That(after.ETag, Is.Not.EqualTo(before.ETag));
        Assert.That(after.Json["dataVersion"]!.GetValue<long>(), Is.GreaterThan(before.Json["dataVersion"]!.GetValue<long>()));

        // The same again changes nothing, and what is refused changes nothing either.
        (await Api.Put(@case, Sample.Case("scs"))).Expect(200);
        (await Api.Put(@case, Sample.Case("drez"))).Expect(409);
        (await Api.Put(@case + "/costs/c", "{}")).Expect(422);
        (await Api.Get("/summaries/" + summary, ("If-None-Match", after.ETag!))).Expect(304);
    }

    [Test]
    public async Task Has_another_ETag_for_another_question()
    {
        var etags = new List<string?>();
        foreach (var site in (string[])["etag", "ETAG"])
        {
            (await Api.Put("/sites/" + site, Sample.Site)).Expect(201);
        }

        foreach (var question in (string[])["trials", "stays", "trials?procedure=scs", "trials?procedure=drg",
            "trials?procedure=scs&procedure=drg", "trials?asOf=2020-01-01", "trials?asOf=2020-01-02", "trials?site=etag", "trials?site=ETAG"])
        {
            etags.Add((await Api.Get("/summaries/" + question)).Expect(200).ETag);
        }

        Assert.That(etags, Is.Unique);
    }

    [Test]
    public async Task Includes_every_write_that_was_acknowledged_before()
    {
        var site = await Api.NewSite();
        var trials = "/summaries/trials?site=" + Sample.KeyOf(site);
        var etag = (await Api.Get(trials)).Expect(200).ETag!;
        for (var count = 1; count <= 50; count++)
        {
            await Api.NewCase("scs", site, ("trial-started", "2024-01-10"));
            var summary = (await Api.Get(trials, ("If-None-Match", etag))).Expect(200);
            Assert.That(summary.Row(("procedure", "scs"))["started"]!.GetValue<int>(), Is.EqualTo(count));
            etag = summary.ETag!;
        }
    }

    [Test]
    public async Task Includes_every_write_that_was_acknowledged_before_while_others_write_and_read()
    {
        const int Writers = 4;
        const int Writes = 15;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var site = await Api.NewSite();
            for (var count = 1; count <= Writes; count++)
            {
                await Api.NewCase("drg", site, ("trial-started", "2024-01-10"));
                var summary = (await Api.Get("/summaries/trials?procedure=drg&site=" + Sample.KeyOf(site))).Expect(200);
                Assert.That(summary.Row(("procedure", "drg"))["started"]!.GetValue<int>(), Is.EqualTo(count));
            }
        }));
        Assert.That(
            (await Api.Get("/summaries/trials")).Row(("procedure", "drg"))["started"]!.GetValue<int>(), Is.EqualTo(Writers * Writes));
    }

    [Test]
    public async Task Includes_corrections_and_retractions()
    {
        var site = await Api.NewSite();
        var @case = await Api.NewCase("drez", site, ("lesioned", "2024-01-10"));
        var created = (await Api.Put(@case + "/assessments/baseline", Sample.Assessment("2024-01-10", 9))).Expect(201);
        Assert.That(await Mean(), Is.EqualTo(9));
        var corrected = (await Api.Put(
            @case + "/assessments/baseline",
            Sample.Assessment("2024-01-10", 8),
            ("If-Match", created.ETag!),
            ("X-Change-Reason", "typing error"))).Expect(200);
        Assert.That(await Mean(), Is.EqualTo(8));
        (await Api.Delete(@case + "/assessments/baseline", ("If-Match", corrected.ETag!), ("X-Change-Reason", "wrong patient")))
            .Expect(204);
        Assert.That(await Mean(), Is.Null);

        async Task<double?> Mean() =>
            (await Api.Get($"/summaries/scores?instrument=nrs&timepoint=baseline&set=treated&site={Sample.KeyOf(site)}")).Expect(200)
                .Row(("procedure", "drez"))["mean"]?.GetValue<double>();
    }

    [Test]
    public async Task Is_not_moved_by_what_its_figures_do_not_read()
    {
        var site = await Api.NewSite();
        var @case = await Api.NewCase("scs", site, ("implanted", "2024-01-10"));
        var (rates, costs) = ((await Api.Get("/summaries/response-rates")).Expect(200), (await Api.Get("/summaries/costs")).Expect(200));
        (await Api.Put(@case + "/costs/device", """{"category":"device","amount":1,"currency":"EUR","priceYear":2024}""")).Expect(201);
        (await Api.Get("/summaries/response-rates", ("If-None-Match", rates.ETag!))).Expect(304);
        (await Api.Get("/summaries/costs", ("If-None-Match", costs.ETag!))).Expect(200);
    }

    [Test]
    public async Task Is_not_moved_by_another_site_when_its_site_is_stated()
    {
        var (site, other) = (await Api.NewSite(), await Api.NewSite());
        var trials = "/summaries/trials?site=" + Sample.KeyOf(site);
        var before = (await Api.Get(trials)).Expect(200);
        await Api.NewCase("scs", other, ("trial-started", "2024-01-10"));
        (await Api.Get(trials, ("If-None-Match", before.ETag!))).Expect(304);
        await Api.NewCase("scs", site, ("trial-started", "2024-01-10"));
        (await Api.Get(trials, ("If-None-Match", before.ETag!))).Expect(200);
    }

    [Test]
    public async Task Gives_the_same_bytes_and_ETag_when_its_cut_off_is_stated()
    {
        var first = (await Api.Get("/summaries/completeness")).Expect(200);
        var stated = (await Api.Get("/summaries/completeness?asOf=" + first.Json["asOf"])).Expect(200);
        Assert.That((stated.Text, stated.ETag), Is.EqualTo((first.Text, first.ETag)));
    }

    [TestCase("trials?site=nowhere", "/site")]
    [TestCase("comparison?a.site=nowhere", "/a.site")]
    public async Task Refuses_a_site_that_is_not_known(string question, string where) =>
        Assert.That(
            (await Api.Get("/summaries/" + question)).ExpectProblem(422, "invalid-parameters").FaultsWithValues(),
            Is.EqualTo([(where, "unknown-site", "nowhere")]));
}
