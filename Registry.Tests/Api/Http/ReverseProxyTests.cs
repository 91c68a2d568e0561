using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>Every address that the registry names is one by which it is reached from outside.</summary>
public sealed class ReverseProxyTests
{
    private static readonly string[] Loopback = ["127.0.0.1", "127.0.0.0/8", "10.0.0.7, 127.0.0.1; ::1"];

    private TestDatabase _database = null!;

    [SetUp]
    public async Task Create() => _database = await TestDatabase.Create(Engine.Sqlite);

    [TearDown]
    public async Task Drop() => await _database.DisposeAsync();

    [TestCaseSource(nameof(Loopback))]
    public async Task Follows_what_a_configured_proxy_forwards(string proxies)
    {
        await using var host = new KestrelHost(_database, new Dictionary<string, string> { ["Registry:Proxies"] = proxies });
        Assert.That(
            (await Put(
                host,
                "/api/v1/sites/a",
                "X-Forwarded-Prefix: /registry",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: data.example.org")).Expect(201).Location,
            Is.EqualTo("/registry/api/v1/sites/a"));
        var contract = (await Get(host, "/openapi/v1.json", "X-Forwarded-Prefix: /registry")).Expect(200).Json;
        Assert.That(contract["servers"]![0]!["url"]!.GetValue<string>(), Is.EqualTo("/registry"));
        Assert.That((await Get(host, "/openapi/v1.json")).Expect(200).Json["servers"]![0]!["url"]!.GetValue<string>(), Is.EqualTo("/"));
    }

    [TestCase(null)]
    [TestCase("10.0.0.7")]
    [TestCase("10.0.0.0/8")]
    public async Task Believes_no_one_else(string? proxies)
    {
        await using var host =
            new KestrelHost(_database, proxies is null ? [] : new Dictionary<string, string> { ["Registry:Proxies"] = proxies });
        Assert.That(
            (await Put(host, "/api/v1/sites/a", "X-Forwarded-Prefix: /registry")).Expect(201).Location, Is.EqualTo("/api/v1/sites/a"));
    }

    [TestCase("/registry")]
    [TestCase("/registry/")]
    public async Task Lies_below_its_path_whether_or_not_the_proxy_takes_it_off(string pathBase)
    {
        await using var host = new KestrelHost(_database, new Dictionary<string, string> { ["Registry:PathBase"] = pathBase });
        Assert.That((await Put(host, "/registry/api/v1/sites/a")).Expect(201).Location, Is.EqualTo("/registry/api/v1/sites/a"));
        Assert.That((await Put(host, "/api/v1/sites/b")).Expect(201).Location, Is.EqualTo("/registry/api/v1/sites/b"));
        (await Get(host, "/registry/health/live")).Expect(200);
        (await Get(host, "/health/live")).Expect(200);
        (await Get(host, "/registrynot/api/v1/sites/a")).ExpectProblem(404);
        Assert.That(
            (await Get(host, "/registry/openapi/v1.json")).Expect(200).Json["servers"]![0]!["url"]!.GetValue<string>(),
            Is.EqualTo("/registry"));
        (await Get(host, "/registry/swagger/index.html")).Expect(200);
        (await Send(host, "PUT", "/registry/api/v1/sites/a/cases/c", Sample.Case("scs"))).Expect(201);
        var batch = """{"mode":"each","items":[{"site":"a","case":"c","timepoint":"1m","assessedOn":"2024-01-01","nrs":1}]}""";
        Assert.That(
            (await Send(host, "POST", "/registry/api/v1/assessments/batch", batch)).Expect(200).Items[0]["location"]!.GetValue<string>(),
            Is.EqualTo("/registry/api/v1/sites/a/cases/c/assessments/1m"));
    }

    private static Task<ApiAnswer> Put(KestrelHost host, string path, params string[] headers) =>
        Send(host, "PUT", path, Sample.Site, headers);

    private static Task<ApiAnswer> Get(KestrelHost host, string path, params string[] headers) =>
        host.Send(
            string.Join(
                '\n', [$"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", "X-Api-Key: " + RegistryHost.Key, .. headers]),
            []);

    private static Task<ApiAnswer> Send(KestrelHost host, string method, string path, string body, params string[] headers) =>
        host.Send(
            string.Join('\n', [$"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", "Content-Type: application/json",
                $"Content-Length: {body.Length}", "X-Api-Key: " + RegistryHost.Key, .. headers]),
            System.Text.Encoding.ASCII.GetBytes(body));
}
