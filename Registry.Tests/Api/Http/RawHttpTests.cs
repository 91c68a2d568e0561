using System.Text;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>What only the real web server can meet: bodies of unknown length, bytes in the address, broken requests.</summary>
public sealed class RawHttpTests
{
    private const string Good = """{"name":"A","country":"DE"}""";

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

    [Test]
    public async Task Takes_a_body_of_unknown_length() =>
        (await _host.Send(
            Head("PUT /api/v1/sites/chunked", "Content-Type: application/json", "Transfer-Encoding: chunked"), Chunked(Good))).Expect(201);

    [Test]
    public async Task Takes_a_body_of_unknown_length_up_to_the_limit_and_none_above()
    {
        (await _host.Send(
            Head("PUT /api/v1/sites/limit", "Content-Type: application/json", "Transfer-Encoding: chunked"),
            Chunked(Good.PadRight(DefaultLimits.RecordBytes + 1)))).ExpectProblem(413, "body-too-large");
        (await _host.Send(
            Head("PUT /api/v1/sites/limit", "Content-Type: application/json", "Transfer-Encoding: chunked"),
            Chunked(Good.PadRight(DefaultLimits.RecordBytes)))).Expect(201);
    }

    [Test]
    public async Task Refuses_a_body_larger_than_the_server_takes_whether_or_not_its_length_is_known()
    {
        var body = """{"mode":"each","items":[{}]}""".PadRight(DefaultLimits.BatchBytes + 100_000);
        (await _host.Send(
            Head("POST /api/v1/assessments/batch", "Content-Type: application/json", $"Content-Length: {body.Length}"),
            Encoding.UTF8.GetBytes(body))).ExpectProblem(413, "body-too-large");
        (await _host.Send(
            Head("POST /api/v1/assessments/batch", "Content-Type: application/json", "Transfer-Encoding: chunked"),
            Chunked(body))).ExpectProblem(413, "body-too-large");
        (await _host.Send(
            Head("PUT /api/v1/sites/huge", "Content-Type: application/json", "Content-Length: 9999999999"), []))
                .ExpectProblem(413, "body-too-large");
    }

    [Test]
    public async Task Refuses_a_chunk_that_is_none() =>
        (await _host.Send(
            Head("PUT /api/v1/sites/chunk", "Content-Type: application/json", "Transfer-Encoding: chunked"),
            "zz\r\n{}\r\n0\r\n\r\n"u8.ToArray())).ExpectProblem(400);

    [TestCase("PUT /api/v1/sites/empty", 400, "Content-Type: application/json", "Content-Length: 0")]
    [TestCase("PUT /api/v1/sites/empty", 415, "Content-Length: 0")]
    [TestCase("PUT /api/v1/sites/empty", 400, "Content-Type: application/json")]
    [TestCase("PUT /api/v1/sites/empty", 415, "Content-Type: %%%", "Content-Length: 0")]
    [TestCase("PUT /api/v1/sites/empty", 415, "Content-Type: ", "Content-Length: 0")]
    [TestCase("PUT /api/v1/sites/a%00", 400, "Content-Type: application/json", "Content-Length: 0")]
    [TestCase("GET /api/v1/sites/%C0%AF", 400)]
    [TestCase("GET /api/v1/sites/%FF", 400)]
    [TestCase("GET /api/v1/sites/%zz", 400)]
    [TestCase("GET /api/v1/sites/%", 400)]
    [TestCase("GET /api/v1/sites/%ED%A0%80", 400)]
    [TestCase("GET /api/v1/sites/a%2Fb", 400)]
    [TestCase("GET /api/v1//sites//a", 404)]
    [TestCase("GET /api/v1/sites/../../../etc/passwd", 404)]
    [TestCase("GET /api/v1/sites/%2e%2e/%2e%2e/x", 404)]
    [TestCase("GET /api/v1/summaries/trials?procedure=%00", 400)]
    [TestCase("GET /api/v1/summaries/trials?%FF=%FE", 400)]
    [TestCase("GET /api/v1/summaries/trials?&&&=&", 400)]
    [TestCase("GET /api/v1/summaries/trials?site=%ED%A0%80", 400)]
    [TestCase("HEAD /api/v1/assessments/batch", 405)]
    [TestCase("BREW /api/v1/summaries/trials", 405)]
    [TestCase("GET http://localhost/api/v1/nothing", 404)]
    public async Task Answers_with_a_problem(string request, int status, params string[] headers)
    {
        var answer = await _host.Send(Head(request, headers), []);
        answer.Expect(status);

        // What the server finds before the program is asked, and what may have no body, has none.
        if (answer.Text.Length > 0)
        {
            answer.ExpectProblem(status);
        }
        else
        {
            Assert.That(request, Does.StartWith("HEAD").Or.Contain("%00"));
        }
    }

    [Test]
    public async Task Keeps_a_reason_in_UTF_8()
    {
        var created = (await _host.Send(
            Head("PUT /api/v1/sites/reason", "Content-Type: application/json", $"Content-Length: {Good.Length}"),
            Encoding.UTF8.GetBytes(Good))).Expect(201);
        var other = Good.Replace("DE", "AT", StringComparison.Ordinal);
        (await _host.Send(
            Head(
                "PUT /api/v1/sites/reason",
                "Content-Type: application/json",
                $"Content-Length: {other.Length}",
                $"If-Match: {created.ETag}",
                "X-Change-Reason: Österreich, 奥地利"),
            Encoding.UTF8.GetBytes(other))).Expect(200);
        var history = (await _host.Send(Head("GET /api/v1/sites/reason/history"), [])).Expect(200);
        Assert.That(history.Text, Does.Contain("Österreich, 奥地利"));
    }

    [TestCase("If-Match: \u0000")]
    [TestCase("X Y: z")]
    [TestCase("no colon")]
    public async Task Answers_a_broken_header_with_400(string header) =>
        (await _host.Send(Head("GET /api/v1/sites/s", header), [])).Expect(400);

    private static string Head(string request, params string[] headers) =>
        string.Join('\n', [request + " HTTP/1.1", "Host: localhost", "Connection: close", "X-Api-Key: " + RegistryHost.Key, .. headers]);

    private static byte[] Chunked(string body)
    {
        const int ChunkSize = 4000;
        var text = new StringBuilder();
        foreach (var chunk in body.Chunk(ChunkSize))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{chunk.Length:x}\r\n").Append(chunk).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("0\r\n\r\n").ToString());
    }
}
