using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Sites;

/// <summary>Codes of sites are case-sensitive; whoever writes one in another spelling is told of the site that there is.</summary>
public sealed class OtherSpellingTests(Engine engine) : RegistryFixture(engine)
{
    protected override async Task Prepare()
    {
        (await Api.Put("/sites/aarhus", Sample.Site)).Expect(201);
        (await Api.Put("/sites/other", Sample.Site)).Expect(201);
    }

    private static readonly string[] Reads =
    [
        "/sites/Aarhus", "/sites/Aarhus/cases", "/sites/Aarhus/cases/c", "/sites/Aarhus/changes", "/audit?site=Aarhus",
        "/audit/verify?site=Aarhus", "/summaries/trials?site=Aarhus", "/summaries/comparison?a.site=Aarhus&b.sex=male",
        "/summaries/trials?site=Aarhus&foo=1", "/cohorts/cases?site=Aarhus", "/cohorts/export?site=Aarhus", "/follow-ups?site=Aarhus",
    ];

    [TestCaseSource(nameof(Reads))]
    public async Task Is_named_to_who_may_see_the_site(string path)
    {
        Assert.That((await Api.Get(path)).Text, Does.Contain("Did you mean 'aarhus'?"));
        var (_, _, own) = await Host.Issue("site", "aarhus", "own");
        var (_, _, stranger) = await Host.Issue("site", "other", "stranger");
        if (!path.StartsWith("/cohorts", StringComparison.Ordinal))
        {
            Assert.That((await own.Get(path)).Text, Does.Contain("'aarhus'"));
        }

        Assert.That((await stranger.Get(path)).Text, Does.Not.Contain("'aarhus'"));
    }

    [Test]
    public async Task Is_named_where_a_body_states_it()
    {
        Assert.That(
            (await Api.Put("/cohorts/spelt", """{"filter":{"site":"Aarhus"}}""")).ExpectProblem(422).Text, Does.Contain("'aarhus'"));
        Assert.That(
            (await Api.Post("/keys", """{"role":"site","site":"Aarhus","name":"spelt"}""")).ExpectProblem(422).Text,
            Does.Contain("'aarhus'"));
    }

    [Test]
    public async Task Is_not_named_where_sites_are_masked()
    {
        await using var database = await TestDatabase.Create(Engine);
        await using var host = new RegistryHost(database, settings: new() { ["Registry:Disclosure:MaskSites"] = "true" });
        (await host.Api.Put("/sites/aarhus", Sample.Site)).Expect(201);
        var (_, _, research) = await host.Issue("research");
        foreach (var path in Reads.Where(path => path.StartsWith("/summaries", StringComparison.Ordinal)
            || path.StartsWith("/cohorts", StringComparison.Ordinal)))
        {
            Assert.That((await research.Get(path)).Text, Does.Contain("unknown-site").And.Not.Contain("'aarhus'"), path);
        }
    }

    [Test]
    public async Task Is_another_site_where_an_administrator_records_it()
    {
        (await Api.Put("/sites/twice", Sample.Site)).Expect(201);
        var (_, _, own) = await Host.Issue("site", "twice", "of twice");
        (await own.Put("/sites/Twice", Sample.Site)).ExpectProblem(404);
        (await Api.Put("/sites/Twice", Sample.Site)).Expect(201);
        (await Api.Get("/sites/Twice")).Expect(200);
    }

    [Test]
    public async Task Is_another_case() =>
        await Assert.MultipleAsync(async () =>
        {
            (await Api.Put("/sites/other/cases/C-1", Sample.Case("scs", patient: "P-1"))).Expect(201);
            (await Api.Put("/sites/other/cases/c-1", Sample.Case("scs", patient: "P-2"))).Expect(201);
        });
}
