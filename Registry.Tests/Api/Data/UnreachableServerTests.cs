using System.Data.Common;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Data;

/// <summary>The SQL Server that the settings name does not answer. No server is needed to see what happens then.</summary>
public sealed class UnreachableServerTests
{

    private IDatabase _nowhere = null!;
    private SqliteRegistry _installed = null!;
    private ProgramOver _program = null!;
    private HttpClient _http = null!;

    [OneTimeSetUp]
    public async Task StartAProgramWhoseDatabaseIsGoneAfterwards()
    {
        _nowhere = DatabaseExtensions.OpenDatabase("sqlserver", ClosedPort.ConnectionString());
        _installed = await SqliteRegistry.Create();
        var database = new FailingOver(_installed.Database, _nowhere);
        _program = new ProgramOver(database);
        _http = _program.CreateClient();
        database.HasFailed = true;
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _http.Dispose();
        await _program.DisposeAsync();
        await _installed.DisposeAsync();
    }

    [Test]
    public void Reading_says_that_the_database_is_unavailable() =>
        Expect(() => _nowhere.Read(session => session.Single<int>("SELECT 1"), CancellationToken.None));

    [Test]
    public void Writing_says_that_the_database_is_unavailable() =>
        Expect(() => _nowhere.Write(["s"], session => session.Execute("SELECT 1"), CancellationToken.None));

    [Test]
    public void Installing_says_that_the_database_is_unavailable() =>
        Expect(() => Installer.Install(_nowhere, CancellationToken.None));

    [Test]
    public void A_sender_that_leaves_is_not_kept_waiting()
    {
        using var left = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Assert.That(
            async () => await _nowhere.Read(session => session.Single<int>("SELECT 1"), left.Token),
            Throws.InstanceOf<OperationCanceledException>().Or.TypeOf<DatabaseUnavailableException>());
    }

    [Test]
    public async Task Waiting_for_a_connection_in_vain_says_that_the_database_is_unavailable()
    {
        await using var server = await TestDatabase.Create(Engine.SqlServer);
        var database = DatabaseExtensions.OpenDatabase("sqlserver", server.ConnectionString + ";Max Pool Size=1;Connect Timeout=1");
        var answer = await database.Read(
            async session =>
            {
                Expect(() => database.Read(other => other.Single<int>("SELECT 1"), CancellationToken.None));
                return await session.Single<int>("SELECT 2");
            },
            CancellationToken.None);
        Assert.That(answer, Is.EqualTo(2));
    }

    [TestCase("GET", "/sites/s")]
    [TestCase("PUT", "/sites/s")]
    [TestCase("PUT", "/sites/s/cases/c")]
    [TestCase("GET", "/summaries/response-rates")]
    [TestCase("GET", "/health/ready")]
    public async Task Over_HTTP_it_is_503_with_a_time_to_try_again(string method, string path)
    {
        using var request =
            new HttpRequestMessage(new HttpMethod(method), path.StartsWith("/health", StringComparison.Ordinal) ? path : "/api/v1" + path);
        request.Headers.Add("X-Api-Key", RegistryHost.Key);
        request.Content = method == "PUT"
            ? new StringContent(
                """{"name": "A site", "country": "DE"}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"))
            : null;
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That((int)response.StatusCode, Is.EqualTo(503), text);
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(response.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(
            text,
            Does.Contain("\"code\":\"unavailable\"").And.Not.Contain("   at ").And.Not.Contain("Exception").And.Not.Contain("127.0.0.1"));
    }

    private static void Expect(Func<Task> call)
    {
        Assert.That(async () => await call(), Throws.TypeOf<DatabaseUnavailableException>());
    }

    private sealed class ProgramOver(IDatabase database) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");
            builder.UseSetting("Registry:AdminKey", RegistryHost.Key);
            builder.ConfigureTestServices(services => services.Replace(ServiceDescriptor.Singleton(database)));
        }
    }

    // One database until it fails, and another from then on.
    private sealed class FailingOver(IDatabase before, IDatabase after) : IDatabase
    {
        public bool HasFailed { get; set; }

        public string Engine => Now.Engine;

        public long? CommitNumber => Now.CommitNumber;

        public int WaitingWrites => Now.WaitingWrites;

        private IDatabase Now => HasFailed ? after : before;

        public Task<T> Read<T>(Func<Session, Task<T>> query, CancellationToken cancellation) => Now.Read(query, cancellation);

        public Task<List<T>> LookUp<T>(
            Statement statement, Func<DbDataReader, T> map, CancellationToken cancellation, params object?[] values) =>
            Now.LookUp(statement, map, cancellation, values);

        public Task<T> Compute<T>(Func<Session, Task<T>> query, CancellationToken cancellation) => Now.Compute(query, cancellation);

        public Task<T> Write<T>(IReadOnlyCollection<string> sites, Func<Session, Task<T>> change, CancellationToken cancellation) =>
            Now.Write(sites, change, cancellation);

        public Task Install(Func<Session, Task> work, CancellationToken cancellation) => Now.Install(work, cancellation);

        public Task Load(IReadOnlyList<Table> tables, CancellationToken cancellation) => Now.Load(tables, cancellation);

        public Task Scrub(string? text, CancellationToken cancellation) => Now.Scrub(text, cancellation);

        public Task<string?> WriterFault() => Now.WriterFault();
    }
}
