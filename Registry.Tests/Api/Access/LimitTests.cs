using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NUnit.Framework;
using Registry.Api.Access;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Access;

/// <summary>One key cannot take what others need.</summary>
public sealed class LimitTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task Create() => _database = await TestDatabase.Create(Engine.Sqlite);

    [TearDown]
    public async Task Drop() => await _database.DisposeAsync();

    [Test]
    public async Task Sends_away_a_key_that_asks_too_often_and_serves_the_others()
    {
        await using var host = new RegistryHost(
            _database, settings: new() { ["Registry:Limits:RequestsPerSecond"] = "1", ["Registry:Limits:RequestBurst"] = "5" });
        var (_, _, greedy) = await host.Issue("dashboard");
        var (_, _, modest) = await host.Issue("research");

        var answers = new List<ApiAnswer>();
        for (var number = 0; number < 20; number++)
        {
            answers.Add(await greedy.Get("/codebook"));
        }

        Assert.That(answers.Take(5).Select(answer => answer.Status), Is.All.EqualTo(200));
        var refused = answers.First(answer => answer.Status != 200).ExpectProblem(429, "too-many-requests");
        Assert.That(
            int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), Is.GreaterThanOrEqualTo(1));
        (await modest.Get("/codebook")).Expect(200);
        (await host.With(null).Get("/health/live")).Expect(200);
    }

    [Test]
    public async Task Works_on_some_summaries_of_a_key_at_a_time_and_on_its_writes_meanwhile()
    {
        using var held = new SemaphoreSlim(0);
        await using var host = new RegistryHost(
            _database,
            settings: new() { ["Registry:Limits:ConcurrentSummaries"] = "1", ["Registry:Limits:WaitingSummaries"] = "1" },
            services: services =>
            {
                var made = services.Single(service => service.ServiceType == typeof(IDatabase));
                services.Replace(
                    ServiceDescriptor.Singleton<IDatabase>(provider => new Held((IDatabase)made.ImplementationFactory!(provider), held)));
            });
        var (_, _, dashboard) = await host.Issue("dashboard");
        var (_, _, research) = await host.Issue("research");

        var working = dashboard.Get("/summaries/trials");
        await Held.UntilComputing(host, 1);

        // One of the two waits, whichever comes first, and the other is refused.
        var (one, other) = (dashboard.Get("/summaries/stays"), dashboard.Get("/summaries/flow"));
        var refused = await Task.WhenAny(one, other).WaitAsync(TimeSpan.FromSeconds(30));
        (await refused).ExpectProblem(429, "too-many-requests");
        var waiting = refused == one ? other : one;
        Assert.That(working.IsCompleted || waiting.IsCompleted, Is.False);

        var another = research.Get("/summaries/costs");
        await Held.UntilComputing(host, 2);
        (await dashboard.Get("/codebook")).Expect(200);
        (await host.Api.Put("/sites/s", Sample.Site)).Expect(201);
        held.Release(10);
        (await working).Expect(200);
        (await waiting).Expect(200);
        (await another).Expect(200);
    }

    [TestCase("GET /api/v1/sites HTTP/1.1\r\nHost: x\r\nX-Api-Key: ")]
    [TestCase("PUT /api/v1/sites/s HTTP/1.1\r\nHost: x\r\nContent-Type")]
    public async Task Waits_for_the_head_of_a_request_for_a_while_only(string head)
    {
        await using var host = new KestrelHost(_database, new() { ["Registry:Limits:HeaderSeconds"] = "1" });
        using var connection = await host.Connect();
        await using var stream = connection.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(head));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var received = new MemoryStream();
        await stream.CopyToAsync(received, patience.Token);
        Assert.That(System.Text.Encoding.ASCII.GetString(received.ToArray()), Does.StartWith("HTTP/1.1 408").Or.Empty);
    }

    [Test]
    public async Task Takes_bodies_batches_and_pages_as_large_as_the_settings_say_and_says_so_in_the_contract()
    {
        await using var host = new RegistryHost(_database, settings: new()
        {
            ["Registry:Limits:RecordBytes"] = "2048",
            ["Registry:Limits:BatchBytes"] = "4096",
            ["Registry:Limits:BatchItems"] = "2",
            ["Registry:Limits:PageRows"] = "3",
        });
        (await host.Api.Put("/sites/s", Sample.Site.PadRight(2048))).Expect(201);
        (await host.Api.Put("/sites/s", Sample.Site.PadRight(2049))).ExpectProblem(413, "body-too-large");
        (await host.Api.Post("/batch", """{"items":[{},{}]}""".PadRight(4096))).Expect(200);
        (await host.Api.Post("/batch", """{"items":[{},{}]}""".PadRight(4097))).ExpectProblem(413, "body-too-large");
        (await host.Api.Send(HttpMethod.Post, "/fhir", "{}".PadRight(4097), [], "application/fhir+json"))
            .ExpectProblem(413, "body-too-large");
        (await host.Api.Post("/batch", """{"items":[{},{},{}]}""", ("Idempotency-Key", "k"))).ExpectProblem(422, "invalid-content");
        (await host.Api.Post("/assessments/batch", """{"items":[{},{},{}]}""")).ExpectProblem(422, "invalid-content");
        Assert.That(
            (await host.Api.Send(HttpMethod.Post, "/assessments/batch", "site,case\na,a\na,a\na,a\n", [], "text/csv")).Status,
            Is.InRange(400, 422));
        var refused = (await host.Api.Get("/sites?limit=4")).ExpectProblem(400, "invalid-parameters");
        Assert.That(refused.Json["errors"]![0]!["allowed"]!.ToString(), Is.EqualTo("a whole number from 1 to 3"));
        (await host.Api.Get("/fhir/Observation?_count=4")).ExpectProblem(400, "invalid-parameters");
        for (var number = 0; number < 4; number++)
        {
            (await host.Api.Put($"/sites/s/cases/c{number}", Sample.Case("scs"))).Expect(201);
        }

        Assert.That(
            (await host.Api.Get("/sites/s/cases")).Expect(200).Items,
            Has.Count.EqualTo(3),
            "a page is no larger than the largest when nothing is said");
        var contract = (await host.Api.Get("/openapi/v1.json")).Expect(200).Json;
        Assert.That(
            contract["info"]!["description"]!.ToString(),
            Does.Contain("RecordBytes 2048:").And.Contain("BatchBytes 4096:").And.Contain("BatchItems 2:").And.Contain("PageRows 3:"));
        var sizes =
            contract["components"]!["parameters"]!.AsObject().Where(one => one.Value!["name"]!.ToString() is "limit" or "_count").ToList();
        Assert.That(sizes, Has.Count.GreaterThan(2));
        Assert.That(sizes.Select(one => one.Value!["schema"]!["maximum"]!.GetValue<int>()), Is.All.EqualTo(3));
    }

    [Test]
    public void States_each_default_within_its_range()
    {
        Assert.That(Limits.All.Where(limit => !limit.Range.Contains(limit.Default)), Is.Empty);
        Assert.That(Limits.All.Select(limit => limit.Name), Is.Unique);
        var written = File.ReadAllText(Checkout.PathOf("Registry.Api/Access/README.md"));
        Assert.That(
            Limits.All.Where(
                limit => !written.Contains(FormattableString.Invariant($"| `{limit.Name}` | {limit.Default} |"), StringComparison.Ordinal)),
            Is.Empty);
    }

    // Computes when it is let.
    private sealed class Held(IDatabase inner, SemaphoreSlim leave) : IDatabase, IDisposable
    {
        private int _computing;

        public string Engine => inner.Engine;

        public long? CommitNumber => inner.CommitNumber;

        public int WaitingWrites => inner.WaitingWrites;

        public static async Task UntilComputing(RegistryHost host, int many)
        {
            var held = (Held)host.Services.GetRequiredService<IDatabase>();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (Volatile.Read(ref held._computing) < many)
            {
                await Task.Delay(5, patience.Token);
            }
        }

        public Task<T> Read<T>(Func<Session, Task<T>> query, CancellationToken cancellation) => inner.Read(query, cancellation);

        public Task<List<T>> LookUp<T>(
            Statement statement, Func<DbDataReader, T> map, CancellationToken cancellation, params object?[] values) =>
            inner.LookUp(statement, map, cancellation, values);

        public async Task<T> Compute<T>(Func<Session, Task<T>> query, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _computing);
            await leave.WaitAsync(cancellation);
            return await inner.Compute(query, cancellation);
        }

        public Task<T> Write<T>(IReadOnlyCollection<string> sites, Func<Session, Task<T>> change, CancellationToken cancellation) =>
            inner.Write(sites, change, cancellation);

        public Task Install(Func<Session, Task> work, CancellationToken cancellation) => inner.Install(work, cancellation);

        public Task Load(IReadOnlyList<Table> tables, CancellationToken cancellation) => inner.Load(tables, cancellation);

        public Task Scrub(string? reference, CancellationToken cancellation) => inner.Scrub(reference, cancellation);

        public Task<string?> WriterFault() => inner.WriterFault();

        public void Dispose() => (inner as IDisposable)?.Dispose();
    }
}
