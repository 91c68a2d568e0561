using System.Text;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>A refusal arrives even at a sender that writes everything before it reads anything. Over the real web server.</summary>
public sealed class BodyLimitTests
{
    private const int NineMegabytes = 9_000_000;

    private TestDatabase _database = null!;
    private KestrelHost _host = null!;

    [OneTimeSetUp]
    public async Task StartTheProgram()
    {
        _database = await TestDatabase.Create(Engine.Sqlite);
        _host = new KestrelHost(_database);
    }

    [OneTimeTearDown]
    public async Task StopTheProgram()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("POST /api/v1/assessments/batch", "application/json", NineMegabytes, 413)]
    [TestCase("POST /api/v1/assessments/batch", "application/json", 40_000_000, 413)]
    [TestCase("PUT /api/v1/sites/s", "application/json", NineMegabytes, 413)]
    [TestCase("PUT /api/v1/sites/s", "text/plain", NineMegabytes, 415)]
    [TestCase("PUT /api/v1/sites/s/cases/c", "application/json", NineMegabytes, 413)]
    [TestCase("PUT /api/v1/nothing", "application/json", NineMegabytes, 404)]
    [TestCase("PATCH /api/v1/sites/s", "application/json", NineMegabytes, 405)]
    [TestCase("PUT /api/v1/sites/s?x=y", "application/json", NineMegabytes, 400)]
    public async Task Is_told_so(string request, string type, int size, int status)
    {
        var body = new byte[size];
        body.AsSpan().Fill((byte)' ');
        (await _host.SendThenRead(Head(request, $"Content-Type: {type}", $"Content-Length: {size}"), body)).ExpectProblem(status);
        (await _host.SendThenRead(Head(request, $"Content-Type: {type}", "Transfer-Encoding: chunked"), Chunked(body)))
            .ExpectProblem(status);
    }

    [Test]
    public async Task Is_told_that_the_key_is_missing()
    {
        var head = string.Join(
            '\n',
            "POST /api/v1/assessments/batch HTTP/1.1",
            "Host: localhost",
            "Connection: close",
            "Content-Type: application/json",
            $"Content-Length: {NineMegabytes}");
        (await _host.SendThenRead(head, new byte[NineMegabytes])).ExpectProblem(401);
    }

    [Test]
    public async Task Is_told_at_once_where_it_announces_more_than_would_ever_be_read()
    {
        (await _host.Send(Head("PUT /api/v1/sites/s", "Content-Type: application/json", "Content-Length: 9999999999"), []))
            .ExpectProblem(413, "body-too-large");
    }

    [Test]
    public async Task Is_told_while_it_keeps_the_connection_open_and_can_go_on()
    {
        using var connection = await _host.Connect();
        await using var stream = connection.GetStream();
        var tooLarge = new byte[DefaultLimits.RecordBytes + 1];
        await stream.WriteAsync(
            KestrelHost.Head(
                $"PUT /api/v1/sites/s HTTP/1.1\nHost: localhost\nX-Api-Key: {RegistryHost.Key}\nContent-Type: "
                    + $"application/json\nContent-Length: {tooLarge.Length}",
                Encoding.ASCII));
        await stream.WriteAsync(tooLarge);
        await stream.WriteAsync(KestrelHost.Head(Head("GET /health/live"), Encoding.ASCII));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        Assert.That(await reader.ReadToEndAsync(), Does.StartWith("HTTP/1.1 413 ").And.Contain("HTTP/1.1 200 OK"));
    }

    private static string Head(string request, params string[] headers) =>
        string.Join('\n', [request + " HTTP/1.1", "Host: localhost", "Connection: close", "X-Api-Key: " + RegistryHost.Key, .. headers]);

    private static byte[] Chunked(byte[] body)
    {
        using var chunks = new MemoryStream();
        foreach (var chunk in body.Chunk(100_000))
        {
            chunks.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{chunk.Length:x}\r\n")));
            chunks.Write(chunk);
            chunks.Write("\r\n"u8);
        }

        chunks.Write("0\r\n\r\n"u8);
        return chunks.ToArray();
    }
}
