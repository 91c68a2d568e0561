using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Registry.Api.Access;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>
/// A sender that goes away in the middle is no error of the registry: at most a line at Information, without a stack trace.
/// </summary>
public sealed class AbortedRequestTests
{
    private TestDatabase _database = null!;
    private LogOfTheProgram _log = null!;
    private KestrelHost _host = null!;

    [OneTimeSetUp]
    public async Task StartTheProgram()
    {
        _database = await TestDatabase.Create(Engine.Sqlite);
        _log = new LogOfTheProgram();
        _host = new KestrelHost(_database, new() { ["Logging:LogLevel:Registry.Requests"] = "None" }, _log);
    }

    [OneTimeTearDown]
    public async Task StopTheProgram()
    {
        await _host.DisposeAsync();
        _log.Dispose();
        await _database.DisposeAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Is_no_error_in_the_middle_of_a_body(bool abruptly)
    {
        foreach (var framing in (string[])["Content-Length: 5000", "Transfer-Encoding: chunked", "Content-Length: 9000000",
            "Content-Encoding: gzip\nContent-Length: 5000"])
        {
            foreach (var request in (string[])["PUT /api/v1/sites/s", "POST /api/v1/assessments/batch", "PUT /api/v1/nothing"])
            {
                var before = _log.Lines.Count;
                await HangUp(
                    $"{request} HTTP/1.1\nHost: localhost\nX-Api-Key: {RegistryHost.Key}\nContent-Type: application/json\n{framing}",
                    "ff\r\n{\"name\":"u8.ToArray(),
                    abruptly);
                await Task.Delay(200);
                AssertQuiet(_log.Lines.Skip(before), $"{request} {framing}");
            }
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Is_no_error_in_the_middle_of_an_answer(bool abruptly)
    {
        foreach (var path in (string[])["/api/v1/codebook", "/api/v1/summaries/response-rates", "/openapi/v1.json", "/api/v1/follow-ups"])
        {
            var before = _log.Lines.Count;
            for (var times = 0; times < 5; times++)
            {
                await HangUp($"GET {path} HTTP/1.1\nHost: localhost\nX-Api-Key: {RegistryHost.Key}\nX: {times}", [], abruptly);
            }

            await Task.Delay(300);
            Assert.That(_log.Lines.Skip(before).Count(), Is.LessThanOrEqualTo(5), path);
            AssertQuiet(_log.Lines.Skip(before).Take(1), path);
            Assert.That(
                _log.Lines.Skip(before).Where(line => line.Level > LogLevel.Information || line.Exception is not null), Is.Empty, path);
        }
    }

    [Test]
    public async Task Leaves_the_program_at_work()
    {
        await HangUp(
            $"PUT /api/v1/sites/s HTTP/1.1\nHost: localhost\nX-Api-Key: {RegistryHost.Key}\nContent-Type: "
                + "application/json\nContent-Length: 500",
            "{"u8.ToArray(),
            abruptly: true);
        (await _host.Send($"GET /api/v1/sites HTTP/1.1\nHost: localhost\nConnection: close\nX-Api-Key: {RegistryHost.Key}", []))
            .Expect(200);
        (await _host.Send(
            $"GET /api/v1/sites/s HTTP/1.1\nHost: localhost\nConnection: close\nX-Api-Key: {RegistryHost.Key}", [])).ExpectProblem(404);
    }

    [Test]
    public async Task Is_told_from_refusals_which_are_not_logged_at_all()
    {
        var before = _log.Lines.Count;
        foreach (var request in (string[])["GET /nothing", "GET /api/v1/sites/..", "PATCH /api/v1/sites", "GET /api/v1/sites/nosuch",
            "GET /api/v1/sites?x=y", "BREW /", "GET /%zz"])
        {
            _ = await _host.Send($"{request} HTTP/1.1\nHost: localhost\nConnection: close\nX-Api-Key: {RegistryHost.Key}", []);
            _ = await _host.Send($"{request} HTTP/1.1\nHost: localhost\nConnection: close", []);
        }

        Assert.That(
            _log.Lines.Skip(before)
                .Where(line => line.Level > LogLevel.Information && line.Category != typeof(RefusedCredentials).FullName),
            Is.Empty);
    }

    private static void AssertQuiet(IEnumerable<LogLine> lines, string what)
    {
        var logged = lines.ToList();
        Assert.That(logged, Has.Count.LessThanOrEqualTo(1), what);
        Assert.That(logged.Where(line => line.Level > LogLevel.Information || line.Exception is not null), Is.Empty, what);
    }

    private async Task HangUp(string head, byte[] part, bool abruptly)
    {
        using var connection = await _host.Connect();
        if (abruptly)
        {
            connection.LingerState = new LingerOption(true, 0);
        }

        var stream = connection.GetStream();
        await stream.WriteAsync(KestrelHost.Head(head, Encoding.ASCII));
        await stream.WriteAsync(part);
        await Task.Delay(part.Length == 0 ? 2 : 50);
    }
}
