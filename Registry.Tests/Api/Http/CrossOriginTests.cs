using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>A page of another origin uses the registry from a browser where that origin is configured, and nowhere else.</summary>
public sealed class CrossOriginTests
{
    private const string Dashboard = "https://dashboard.example.org";

    private TestDatabase _database = null!;

    [SetUp]
    public async Task Create() => _database = await TestDatabase.Create(Engine.Sqlite);

    [TearDown]
    public async Task Drop() => await _database.DisposeAsync();

    [TestCase(Dashboard)]
    [TestCase("https://other.example.org " + Dashboard)]
    [TestCase(Dashboard + "/, http://localhost:3000")]
    [TestCase("*")]
    public async Task Is_let_in_where_it_is_configured(string origins)
    {
        await using var host = Host(origins);
        using var browser = host.CreateClient();
        var page = new ApiClient(browser, key: null);
        foreach (var method in (string[])["GET", "PUT", "POST", "DELETE", "HEAD"])
        {
            var preflight = (await Preflight(page, method)).Expect(204);
            Assert.That(preflight.Headers["Access-Control-Allow-Origin"], Is.EqualTo(origins == "*" ? "*" : Dashboard));
            Assert.That(
                preflight.Headers["Access-Control-Allow-Headers"].ToLowerInvariant(),
                Does.Contain("x-api-key").And.Contain("if-match").And.Contain("x-change-reason"));
            Assert.That(
                method is "GET" or "HEAD" or "POST"
                    || preflight.Headers["Access-Control-Allow-Methods"].Contains(method, StringComparison.Ordinal),
                method);
        }

        foreach (var answer in (ApiAnswer[])[
            (await host.Api.Put("/sites/s", Sample.Site, ("Origin", Dashboard))).Expect(201),
            (await host.Api.Get("/sites/nosuch", ("Origin", Dashboard))).ExpectProblem(404),
            (await page.Get("/sites", ("Origin", Dashboard))).ExpectProblem(401)])
        {
            Assert.That(answer.Headers, Does.ContainKey("Access-Control-Allow-Origin"), answer.Request);
            Assert.That(
                answer.Headers["Access-Control-Expose-Headers"].Split(','),
                Is.SupersetOf((string[])["ETag", "Location", "X-Request-Id", "Retry-After"]),
                answer.Request);
        }
    }

    [Test]
    public async Task Is_not_let_in_from_an_origin_that_is_not_configured()
    {
        await using var host = Host("https://other.example.org");
        Assert.That(
            (await host.Api.Get("/sites", ("Origin", Dashboard))).Expect(200).Headers, Does.Not.ContainKey("Access-Control-Allow-Origin"));
        Assert.That((await Preflight(host.Api, "PUT")).Headers, Does.Not.ContainKey("Access-Control-Allow-Origin"));
    }

    [Test]
    public async Task Is_not_let_in_where_nothing_is_configured()
    {
        await using var host = new RegistryHost(_database);
        using var browser = host.CreateClient();
        (await Preflight(new ApiClient(browser, key: null), "PUT")).ExpectProblem(401);
        Assert.That(
            (await host.Api.Get("/sites", ("Origin", Dashboard))).Expect(200).Headers, Does.Not.ContainKey("Access-Control-Allow-Origin"));
    }

    private static Task<ApiAnswer> Preflight(ApiClient client, string method) => client.Send(
        HttpMethod.Options,
        "/sites/s",
        null,
        [("Origin", Dashboard), ("Access-Control-Request-Method", method),
            ("Access-Control-Request-Headers", "x-api-key,content-type,if-match,x-change-reason")]);

    private RegistryHost Host(string origins) =>
        new(_database, settings: new Dictionary<string, string> { ["Registry:Cors:Origins"] = origins });
}
