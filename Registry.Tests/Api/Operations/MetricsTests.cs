using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Operations;

/// <summary>
/// What the program counts can be read by Prometheus, by administrators alone unless a setting says otherwise, and names nobody.
/// </summary>
/// <remarks>Not beside other tests: OpenTelemetry knows meters by their names, so that all hosts of a process count together.</remarks>
[NonParallelizable]
public sealed partial class MetricsTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task Create() => _database = await TestDatabase.Create(Engine.Sqlite);

    [TearDown]
    public async Task Drop() => await _database.DisposeAsync();

    [Test]
    public async Task Is_closed_to_all_but_administrators()
    {
        await using var host = new RegistryHost(_database);
        (await host.Api.Put("/sites/s", Sample.Site)).Expect(201);
        (await host.With(null).Get("/metrics")).ExpectProblem(401, "unauthenticated");
        foreach (var role in new[] { "site", "research", "dashboard" })
        {
            (await (await host.Issue(role, role == "site" ? "s" : null)).Client.Get("/metrics")).ExpectProblem(403, "forbidden");
        }

        Assert.That((await host.Api.Get("/metrics")).Expect(200).ContentType, Is.EqualTo("text/plain"));
        (await host.Api.Get("/metrics?all=true")).ExpectProblem(400, "invalid-parameters");
    }

    [Test]
    public async Task Is_open_where_a_setting_says_so()
    {
        await using var host = new RegistryHost(_database, settings: new() { ["Registry:Metrics:Open"] = "true" });
        (await host.With(null).Get("/metrics")).Expect(200);
        (await host.With("wrong").Get("/metrics")).Expect(200);
        (await host.With(null).Get("/sites")).ExpectProblem(401);
    }

    [Test]
    public async Task Is_in_the_format_of_Prometheus()
    {
        await using var host = new RegistryHost(_database);
        (await host.Api.Get("/sites")).Expect(200);
        var lines = (await host.Api.Get("/metrics")).Expect(200).Text.Split('\n');
        Assert.That(lines[^1], Is.Empty, "the last line ends");
        var samples = lines[..^1].Where(line => !line.StartsWith('#')).ToList();
        Assert.That(samples.Where(line => !OneSample().IsMatch(line)), Is.Empty);
        Assert.That(lines.Where(line => line.StartsWith('#') && !Comment().IsMatch(line)), Is.Empty);
        Assert.That(lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)), Is.Unique);
        Assert.That(samples.Select(line => line[..line.LastIndexOf(' ')]), Is.Unique);
        Assert.That(
            (await host.Api.Get("/metrics", ("Accept", "application/openmetrics-text"))).Expect(200).Text.TrimEnd(), Does.EndWith("# EOF"));
    }

    [Test]
    public async Task Counts_what_the_program_does()
    {
        await using var host = new RegistryHost(_database);
        var before = await Read(host);
        (await host.Api.Put("/sites/s", Sample.Site)).Expect(201);
        (await host.Api.Put("/sites/s/cases/c", Sample.Case("drez"))).Expect(201);
        (await host.Api.Put("/sites/s/cases/c", Sample.Case("drez"))).Expect(200);
        (await host.Api.Put("/sites/s/cases/c", Sample.Case("scs"))).Expect(409);
        (await host.Api.Put("/sites/s/cases/c", Sample.Case("none"))).Expect(422);
        (await host.Api.Post(
            "/batch",
            """{"items":[{"kind":"stay","site":"s","case":"c","stay":"k","admittedOn":"2024-01-09","dischargedOn":"2024-01-12"},{"kind":"x"}]}""")).Expect(200);
        (await host.Api.Get("/summaries/stays")).Expect(200);
        var etag = (await host.Api.Get("/summaries/stays")).Expect(200).ETag!;
        (await host.Api.Get("/summaries/stays", ("If-None-Match", etag))).Expect(304);
        (await host.With("wrong").Get("/sites")).Expect(401);
        var after = await Read(host);

        AssertMoved("registry_writes_total", 1, "kind=\"site\"", "outcome=\"created\"");
        AssertMoved("registry_writes_total", 1, "kind=\"case\"", "outcome=\"created\"");
        AssertMoved("registry_writes_total", 1, "kind=\"case\"", "outcome=\"unchanged\"");
        AssertMoved("registry_writes_total", 1, "kind=\"case\"", "outcome=\"conflict\"");
        AssertMoved("registry_writes_total", 1, "kind=\"case\"", "outcome=\"invalid-content\"");
        AssertMoved("registry_writes_total", 1, "kind=\"stay\"", "outcome=\"created\"");
        AssertMoved("registry_writes_total", 1, "kind=\"unknown\"", "outcome=\"invalid-content\"");
        AssertMoved("registry_summaries_total", 1, "source=\"computed\"");
        AssertMoved("registry_summaries_total", 1, "source=\"memory\"");
        AssertMoved("registry_summaries_total", 1, "source=\"confirmed\"");
        AssertMoved("registry_refused_credentials_total", 1);
        AssertMoved(
            "http_server_request_duration_seconds_count",
            2,
            "http_route=\"/api/v1/sites/{site}/cases/{case}/\"",
            "http_request_method=\"PUT\"",
            "http_response_status_code=\"201\"");
        Assert.That(after.Keys, Has.Some.StartsWith("registry_writes_waiting"));

        void AssertMoved(string name, int by, params string[] labels)
        {
            double Sum(Dictionary<string, double> samples) =>
                samples.Where(
                    pair => pair.Key.Split('{')[0] == name && labels.All(label => pair.Key.Contains(label, StringComparison.Ordinal)))
                        .Sum(pair => pair.Value);
            Assert.That(
                Sum(after) - Sum(before),
                Is.GreaterThanOrEqualTo(name.StartsWith("http", StringComparison.Ordinal) ? 1 : by),
                () => $"{name} {string.Join(' ', labels)}\n{string.Join('\n', after.Keys)}");
        }
    }

    [Test]
    public async Task Names_nobody()
    {
        await using var host = new RegistryHost(_database);
        (await host.Api.Put("/sites/secret-site", Sample.Site)).Expect(201);
        (await host.Api.Put("/sites/secret-site/cases/secret-case", Sample.Case("scs", patient: "secret-patient"))).Expect(201);
        (await host.Api.Get("/sites?limit=7&secret-name=secret-value")).Expect(400);
        (await host.Api.Get("/secret-path")).Expect(404);
        var (id, key, client) = await host.Issue("site", "secret-site", "secret-name");
        (await client.Send(new HttpMethod("SECRET"), "/sites", null, [])).Expect(405);
        var text = (await host.Api.Get("/metrics")).Expect(200).Text;
        Assert.That(text, Does.Not.Contain("secret").IgnoreCase.And.Not.Contain(id).And.Not.Contain(key));
    }

    private static async Task<Dictionary<string, double>> Read(RegistryHost host) =>
        (await host.Api.Get("/metrics")).Expect(200).Text.Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .ToDictionary(
                line => OneSample().Match(line).Groups["series"].Value,
                line => double.Parse(OneSample().Match(line).Groups["value"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(
        """^(?<series>[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*\})?) (?<value>[0-9.eE+-]+|NaN|[+-]Inf)( [0-9]+)?$""")]
    private static partial Regex OneSample();

    [GeneratedRegex("^# (TYPE [a-zA-Z_:][a-zA-Z0-9_:]* (counter|gauge|histogram|summary|untyped)|(HELP|UNIT) .*|EOF)$")]
    private static partial Regex Comment();
}
