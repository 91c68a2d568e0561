using System.Text;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>Text in headers, in whichever character set a sender has: taken, and read back right. Over the real web server.</summary>
public sealed class ChangeReasonTests
{
    private const string Good = """{"name":"A","country":"DE"}""";

    private TestDatabase _database = null!;
    private KestrelHost _host = null!;

    [OneTimeSetUp]
    public async Task StartTheProgram()
    {
        _database = await TestDatabase.Create(Engine.Sqlite);
        _host = new KestrelHost(_database, new Dictionary<string, string> { ["Registry:AdminKey"] = "schlüssel" });
    }

    [OneTimeTearDown]
    public async Task StopTheProgram()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static TestCaseData[] Reasons =>
    [
        Reason("in ISO 8859-1", "Übertragungsfehler", Encoding.Latin1, "Übertragungsfehler"),
        Reason("in UTF-8", "Übertragungsfehler", Encoding.UTF8, "Übertragungsfehler"),
        Reason("as RFC 8187 has it", "UTF-8''%C3%9Cbertragungsfehler", Encoding.Latin1, "Übertragungsfehler"),
        Reason("as RFC 8187 has it, with a language", "utf-8'de'%c3%9cbertragungsfehler", Encoding.Latin1, "Übertragungsfehler"),
        Reason("as RFC 8187 has it, in ISO 8859-1", "iso-8859-1''%DCbertragungsfehler", Encoding.Latin1, "Übertragungsfehler"),
        Reason("in UTF-8, from outside Latin", "転記ミス – Ошибка", Encoding.UTF8, "転記ミス – Ошибка"),
        Reason("as RFC 8187 has it, from outside Latin", "UTF-8''%E8%BB%A2%E8%A8%98%E3%83%9F%E3%82%B9", Encoding.Latin1, "転記ミス"),
        Reason("in ISO 8859-1, an accent alone", "d\u00e9j\u00e0 corrig\u00e9", Encoding.Latin1, "déjà corrigé"),
        Reason(
            "in ASCII, with quotes and percent signs", "O'Brien's 50% rule: 'mistyped'", Encoding.Latin1, "O'Brien's 50% rule: 'mistyped'"),
        Reason("of 500 characters beyond ASCII", new string('ä', 500), Encoding.UTF8, new string('ä', 500)),
    ];

    [TestCaseSource(nameof(Reasons))]
    public async Task Is_read_back_as_it_was_meant(string stated, Encoding encoding, string meant)
    {
        var site = Sample.Key("reason");
        var created = (await Put(site, Good)).Expect(201);
        (await Put(
            site,
            Good.Replace("DE", "AT", StringComparison.Ordinal),
            encoding,
            $"If-Match: {created.ETag}",
            "X-Change-Reason: " + stated)).Expect(200);
        var history = (await _host.Send(Head($"GET /api/v1/sites/{site}/history"), [], Encoding.Latin1)).Expect(200);
        Assert.That(history.Json[1]!["reason"]!.GetValue<string>(), Is.EqualTo(meant));
    }

    [TestCase("UTF-8''%C3", "half a character")]
    [TestCase("UTF-8''%ZZ", "no hexadecimal digits")]
    [TestCase("UTF-8''a b", "a blank that was not escaped")]
    [TestCase("UTF-8''a%0Ab", "a control character")]
    public async Task Is_refused_where_it_is_no_text(string stated, string why)
    {
        _ = why;
        var answer = await Put("refused", Good, Encoding.Latin1, "X-Change-Reason: " + stated);
        Assert.That(answer.ExpectProblem(400, "invalid-parameters").Faults, Is.EqualTo([("/X-Change-Reason", "not-a-reason")]));
    }

    [Test]
    public async Task Is_not_given_by_blanks_alone()
    {
        var created = (await Put("blank", Good)).Expect(201);
        foreach (var blank in (string[])["", " ", "UTF-8''", "UTF-8''%20"])
        {
            (await Put(
                "blank",
                Good.Replace("DE", "AT", StringComparison.Ordinal),
                Encoding.Latin1,
                $"If-Match: {created.ETag}",
                "X-Change-Reason: " + blank)).ExpectProblem(428);
        }
    }

    [TestCase("User-Agent: Krankenhaus Österreich")]
    [TestCase("X-Request-Id: ä")]
    [TestCase("Accept-Language: ü")]
    [TestCase("Cookie: name=Müller")]
    [TestCase("X-Anything: ÄÖÜäöüß")]
    [TestCase("If-None-Match: \"ä\"")]
    [TestCase("Accept: ä/ö")]
    [TestCase("Referer: http://häuser.example/")]
    public async Task Comes_among_other_headers_beyond_ASCII_that_do_no_harm(string header)
    {
        foreach (var encoding in (Encoding[])[Encoding.Latin1, Encoding.UTF8])
        {
            (await _host.Send(Head("GET /api/v1/sites", header), [], encoding)).Expect(200);
        }
    }

    [TestCase("If-Match: \"ä\"", 412)]
    [TestCase("If-Match: ä", 400)]
    [TestCase("If-None-Match: ä", 400)]
    [TestCase("Content-Encoding: ä", 415)]
    public async Task Comes_among_other_headers_that_are_answered_in_words(string header, int status)
    {
        Assert.That((await Put("words", Good)).Status, Is.AnyOf(200, 201));
        foreach (var encoding in (Encoding[])[Encoding.Latin1, Encoding.UTF8])
        {
            (await Put("words", Good.Replace("DE", "AT", StringComparison.Ordinal), encoding, header)).ExpectProblem(status);
        }
    }

    private static TestCaseData Reason(string what, string stated, Encoding encoding, string meant) =>
        new TestCaseData(stated, encoding, meant).SetArgDisplayNames(what);

    private Task<ApiAnswer> Put(string site, string body, Encoding? encoding = null, params string[] headers) =>
        _host.Send(
            Head(
                $"PUT /api/v1/sites/{site}",
                ["Content-Type: application/json", $"Content-Length: {Encoding.UTF8.GetByteCount(body)}", .. headers]),
            Encoding.UTF8.GetBytes(body),
            encoding ?? Encoding.Latin1);

    // The key has an umlaut, too: it is recognised in whichever encoding the head is sent.
    private static string Head(string request, params string[] headers) =>
        string.Join('\n', [request + " HTTP/1.1", "Host: localhost", "Connection: close", .. headers, "X-Api-Key: schlüssel"]);
}
