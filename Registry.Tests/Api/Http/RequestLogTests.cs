using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>The log says of every request what kind it was and how it went, and nothing of what was in it.</summary>
public sealed class RequestLogTests
{
    private const string Reference = "REF-7f3a9c", Case = "case-5b21d0", Query = "leeds-no-such-place", Score = "57", Reason =
        "typing-error-c1";

    private LogOfTheProgram _log = null!;
    private TestDatabase _database = null!;
    private RegistryHost _host = null!;

    [SetUp]
    public async Task StartTheProgram()
    {
        _log = new LogOfTheProgram();
        _database = await TestDatabase.Create(Engine.Sqlite);
        _host = new RegistryHost(_database, log: _log, settings: new() { ["Logging:LogLevel:Default"] = "Information" });
    }

    [TearDown]
    public async Task StopTheProgram()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
        _log.Dispose();
    }

    [Test]
    public async Task Has_one_line_a_request()
    {
        var (id, _, client) = await _host.Issue("dashboard");
        var before = Lines().Count;
        var answer = await client.Get("/summaries/trials", ("X-Request-Id", "visit-1"));
        (await client.Send(HttpMethod.Head, "/codebook", null, [])).Expect(200);
        (await client.Get("/sites/s/cases/c")).Expect(403);
        (await client.Get("/nothing/here")).Expect(404);
        (await _host.With(null).Get("/sites")).Expect(401);
        (await _host.With(null).Get("/health/live")).Expect(200);

        answer.Expect(200);
        var lines = Lines().Skip(before)
            .Select(line => System.Text.RegularExpressions.Regex.Replace(line.Text, @" in [\d.]+ ms", string.Empty))
            .ToList();
        Assert.That(lines, Has.Count.EqualTo(6));
        Assert.That(lines[0], Is.EqualTo($"GET /api/v1/summaries/trials 200, key {id}, request visit-1"));
        Assert.That(lines[1], Does.StartWith($"HEAD /api/v1/codebook 200, key {id}, request "));
        Assert.That(lines[2], Does.StartWith($"GET /api/v1/sites/{{site}}/cases/{{case}} 403, key {id}, request "));
        Assert.That(lines[3], Does.StartWith($"GET none 404, key {id}, request "));
        Assert.That(lines[4], Does.StartWith("GET /api/v1/sites 401, key none, request "));
        Assert.That(lines[5], Does.StartWith("GET /health/live 200, key none, request "));
    }

    [Test]
    public async Task Holds_no_key_reference_query_or_score()
    {
        (await _host.Api.Put("/sites/own", Sample.Site)).Expect(201);
        var (_, key, client) = await _host.Issue("site", "own");
        var address = $"/sites/own/cases/{Case}";
        (await client.Put(address, Sample.Case("drez", patient: Reference))).Expect(201);
        (await client.Put(address + "/events/k", Sample.Event("lesioned", "2024-01-10"))).Expect(201);
        var scored =
            (await client.Put(address + "/assessments/12m", $$"""{"assessedOn":"2025-01-10","nrs":3,"pdi":{{Score}}}""")).Expect(201);
        (await client.Put(address + "/assessments/12m", $$"""{"assessedOn":"2025-01-10","nrs":4,"pdi":{{Score}}}""")).Expect(409);
        (await client.Put(
            address + "/assessments/12m",
            $$"""{"assessedOn":"2025-01-10","nrs":4,"pdi":{{Score}}}""",
            ("If-Match", scored.ETag!),
            ("X-Change-Reason", Reason))).Expect(200);
        (await client.Put(
            address + "/assessments/12m", $$"""{"assessedOn":"2025-01-10","nrs":99,"pdi":{{Score}},"note":"{{Reference}}"}""")).Expect(422);
        (await client.Put(address + "/assessments/12m", "{" + Reference)).Expect(400);
        (await client.Post(
            "/assessments/batch",
            $$"""{"items":[{"site":"own","case":"{{Case}}","timepoint":"3m","assessedOn":"2024-04-10","nrs":1,"pdi":{{Score}}}]}""")).Expect(200);
        (await client.Get($"/summaries/response-rates?site={Query}")).Expect(422);
        (await client.Get($"/follow-ups?patient={Reference}")).Expect(400);
        (await client.Get($"/{Reference}?{Query}={key}")).Expect(404);
        (await client.Get($"/sites/{Reference}/cases")).Expect(404);
        (await _host.With(null).Get("/sites", ("X-Api-Key", key + "x"))).Expect(401);
        (await _host.With(null).Get("/sites", ("Authorization", "Bearer " + key), ("X-Api-Key", key + "x"))).Expect(401);
        (await client.Get("/sites/own/cases/" + Case)).Expect(200);

        Assert.That(Lines(), Has.Count.GreaterThan(15));
        foreach (var secret in new[] { key, key[4..30], RegistryHost.Key, Reference, Case, Query, Reason, $":{Score}" })
        {
            Assert.That(
                _log.Lines.Where(line => line.Text.Contains(secret, StringComparison.Ordinal)
                    || line.Exception?.ToString().Contains(secret, StringComparison.Ordinal) == true),
                Is.Empty,
                secret);
        }
    }

    private List<LogLine> Lines() => [.. _log.Lines.Where(line => line.Category == "Registry.Requests")];
}
