using System.Text;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>A body that is not strict JSON, or not an object, or too large, is refused before anything is read from it.</summary>
public sealed class MalformedBodyTests(Engine engine) : RegistryFixture(engine)
{
    private const string Good = """{"name":"A","country":"DE"}""";

    private static TestCaseData[] Malformed =>
    [
        Body("an empty body", ""),
        Body("white space", " \r\n\t"),
        Body("a truncated object", """{"name":"A","country":"DE" """),
        Body("a truncated string", """{"name":"A"""),
        Body("a trailing comma", """{"name":"A","country":"DE",}"""),
        Body("a comment", """{"name":"A",/* here */"country":"DE"}"""),
        Body("a comment to the end of the line", "{\"name\":\"A\",// here\n\"country\":\"DE\"}"),
        Body("NaN", """{"name":NaN,"country":"DE"}"""),
        Body("Infinity", """{"name":-Infinity,"country":"DE"}"""),
        Body("a number with leading zeros", """{"name":007,"country":"DE"}"""),
        Body("a hexadecimal number", """{"name":0x10,"country":"DE"}"""),
        Body("a plus sign", """{"name":+1,"country":"DE"}"""),
        Body("single quotes", "{'name':'A','country':'DE'}"),
        Body("a name without quotes", """{name:"A","country":"DE"}"""),
        Body("two objects", Good + Good),
        Body("an object and more", Good + " x"),
        Body("a line break in a string", "{\"name\":\"A\nB\",\"country\":\"DE\"}"),
        Body("an escape that is none", """{"name":"\x41","country":"DE"}"""),
        Body("a duplicate member", """{"name":"A","name":"A","country":"DE"}"""),
        Body("a duplicate member, written otherwise", """{"name":"A","n\u0061me":"B","country":"DE"}"""),
        Body("a duplicate member further down", """{"name":"A","country":"DE","more":{"x":1,"x":2}}"""),
        Body("half a surrogate pair in a value", """{"name":"A\ud800","country":"DE"}"""),
        Body("the other half of a surrogate pair", """{"name":"\udc00A","country":"DE"}"""),
        Body("a surrogate pair the wrong way round", """{"name":"\udc00\ud800","country":"DE"}"""),
        Body("half a surrogate pair in a list", """{"name":["x","\ud800"],"country":"DE"}"""),
        Body("half a surrogate pair in the name of a member", """{"name":"A","country":"DE","\ud800":1}"""),
        Body("half a surrogate pair in two names of members", """{"\ud800":"A","\ud800":"DE"}"""),
        Body("half a surrogate pair in a name further down", """{"name":"A","country":"DE","more":[{"\udfff":{}}]}"""),
        Bytes("bytes that are no UTF-8", [.. "{\"name\":\""u8, 0xC3, 0x28, .. "\",\"country\":\"DE\"}"u8]),
        Bytes("bytes that are no UTF-8 in the name of a member", [.. "{\"name\":\"A\",\"country\":\"DE\",\""u8, 0xFF, 0xFE, .. "\":1}"u8]),
        Bytes("an overlong encoding", [.. "{\"name\":\""u8, 0xC0, 0xAF, .. "\",\"country\":\"DE\"}"u8]),
        Bytes("an encoded surrogate", [.. "{\"name\":\""u8, 0xED, 0xA0, 0x80, .. "\",\"country\":\"DE\"}"u8]),
        Bytes("a sequence that ends too soon", [.. "{\"name\":\"A"u8, 0xE2, 0x82]),
        Bytes("a byte order mark alone", [0xEF, 0xBB, 0xBF]),
        Bytes("two byte order marks", [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good)]),
        Bytes("UTF-16", Encoding.Unicode.GetBytes(Good)),
        Bytes("a zero byte", [.. Encoding.UTF8.GetBytes(Good), 0]),
        Body("10 000 nested arrays", new string('[', 10_000) + new string(']', 10_000)),
        Body("10 000 nested arrays never closed", new string('[', 10_000)),
        Body(
            "10 000 nested objects",
            """{"name":""" + string.Concat(Enumerable.Repeat("""{"a":""", 10_000)) + "1" + new string('}', 10_000) + "}"),
        Body("one level too deep", """{"name":[[[[[[[[]]]]]]]],"country":"DE"}"""),
    ];

    private static TestCaseData[] Refused =>
    [
        Body("a list", "[]"),
        Body("a string", "\"x\""),
        Body("null", "null"),
        Body("a number", "1"),
        Body("true", " true "),
        Body("a list of the object", $"[{Good}]"),
    ];

    [TestCaseSource(nameof(Malformed))]
    public async Task Refuses(string what, byte[] body)
    {
        _ = what;
        (await Send("/sites/malformed", body)).ExpectProblem(400, "malformed-json");
        (await Api.Get("/sites/malformed")).ExpectProblem(404, "site-not-found");
    }

    [TestCaseSource(nameof(Malformed))]
    public async Task Refuses_in_a_batch(string what, byte[] body)
    {
        _ = what;
        using var content = new ByteArrayContent(body);
        (await Api.Send(HttpMethod.Post, "/assessments/batch", content, [], "application/json")).ExpectProblem(400, "malformed-json");
    }

    [TestCaseSource(nameof(Refused))]
    public async Task Refuses_instead_of_an_object(string what, byte[] body)
    {
        _ = what;
        Assert.That(
            (await Send("/sites/malformed", body)).ExpectProblem(422, "invalid-content").Faults,
            Is.EqualTo([(string.Empty, "not-an-object")]));
    }

    [TestCase("text/plain")]
    [TestCase("application/xml")]
    [TestCase("application/problem+json")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("multipart/form-data; boundary=x")]
    [TestCase("application/jsonx")]
    [TestCase(null)]
    public async Task Refuses_a_content_type_that_is_not_JSON(string? contentType)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Good));
        var answer =
            (await Api.Send(HttpMethod.Put, "/sites/malformed", content, [], contentType)).ExpectProblem(415, "unsupported-media-type");
        Assert.That(
            answer.Json["detail"]!.GetValue<string>(),
            Is.EqualTo($"The content type is '{contentType ?? "missing"}'; it has to be application/json."));
    }

    [TestCase("/assessments/batch", "application/json or text/csv")]
    [TestCase("/batch", "application/json")]
    public async Task Says_what_an_address_takes(string path, string taken)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("a=b"));
        var answer = (await Api.Send(HttpMethod.Post, path, content, [], "application/x-www-form-urlencoded"))
            .ExpectProblem(415, "unsupported-media-type");
        Assert.That(answer.Json["detail"]!.GetValue<string>(), Does.EndWith($"it has to be {taken}."));
    }

    [TestCase("{\"name\":\"A\",}", "Line 1, byte 13: The JSON object contains a trailing comma")]
    [TestCase("{\"name\":\"A\",\n  \"country\":DE}", "Line 2, byte 13: 'D' is an invalid start of a value")]
    public async Task Says_where_the_JSON_is_malformed(string body, string detail)
    {
        var answer = (await Send("/sites/malformed", Encoding.UTF8.GetBytes(body))).ExpectProblem(400, "malformed-json");
        Assert.That(answer.Json["detail"]!.GetValue<string>(), Does.StartWith(detail).And.Not.Contains("LineNumber"));
    }

    [TestCase("application/json")]
    [TestCase("application/json; charset=utf-8")]
    [TestCase("Application/JSON")]
    [TestCase("application/merge+json")]
    public async Task Takes_every_content_type_that_is_JSON(string contentType)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Good));
        (await Api.Send(HttpMethod.Put, "/sites/" + Sample.Key("json"), content, [], contentType)).Expect(201);
    }

    [Test]
    public async Task Refuses_a_write_without_any_body() =>
        (await Api.Send(HttpMethod.Put, "/sites/malformed", null, [])).ExpectProblem(415, "unsupported-media-type");

    [Test]
    public async Task Takes_a_body_of_exactly_the_limit_and_none_above()
    {
        var path = "/sites/" + Sample.Key("large");
        (await Send(path, Encoding.UTF8.GetBytes(Good.PadRight(DefaultLimits.RecordBytes + 1)))).ExpectProblem(413, "body-too-large");
        (await Api.Get(path)).ExpectProblem(404);
        (await Send(path, Encoding.UTF8.GetBytes(Good.PadRight(DefaultLimits.RecordBytes)))).Expect(201);
    }

    [Test]
    public async Task Refuses_a_batch_above_the_limit()
    {
        using var content =
            new ByteArrayContent(Encoding.UTF8.GetBytes("""{"mode":"each","items":[{}]}""".PadRight(DefaultLimits.BatchBytes + 1)));
        (await Api.Send(HttpMethod.Post, "/assessments/batch", content, [], "application/json")).ExpectProblem(413, "body-too-large");
    }

    [TestCase(100)]
    [TestCase(60_000)]
    public async Task Names_a_member_with_a_huge_name_without_repeating_all_of_it(int length)
    {
        var answer = (await Send(
            "/sites/malformed",
            Encoding.UTF8.GetBytes("{\"name\":\"A\",\"country\":\"DE\",\"" + new string('/', length) + "\":1}")))
                .ExpectProblem(422, "invalid-content");
        var fault = answer.Json["errors"]![0]!;
        Assert.That(fault["code"]!.GetValue<string>(), Is.EqualTo("unknown-member"));
        Assert.That(answer.Text, Has.Length.LessThan(2000));
        Assert.That(fault["pointer"]!.GetValue<string>(), Does.StartWith("/~1~1~1"));
    }

    [Test]
    public async Task Names_a_broken_string_under_a_huge_name_without_repeating_all_of_it()
    {
        var answer = (await Send(
            "/sites/malformed", Encoding.UTF8.GetBytes("{\"" + new string('/', 60_000) + "\":\"\\ud800\"}")))
                .ExpectProblem(400, "malformed-json");
        Assert.That(answer.Text, Has.Length.LessThan(2000));
        Assert.That(answer.Faults, Has.One.Matches<(string Pointer, string Code)>(
            fault => fault.Code == "invalid-unicode" && fault.Pointer.StartsWith("/~1~1", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Names_the_first_hundred_of_many_unknown_members_and_counts_them_all()
    {
        var members = string.Join(',', Enumerable.Range(0, 3000).Select(index => FormattableString.Invariant($"\"m{index}\":{index}")));
        var answer = (await Send("/sites/malformed", Encoding.UTF8.GetBytes("{" + members + "}"))).ExpectProblem(422, "invalid-content");
        Assert.That(answer.Faults, Has.Count.EqualTo(100));
        Assert.That(answer.Json["errorCount"]!.GetValue<int>(), Is.EqualTo(3002));
    }

    private async Task<ApiAnswer> Send(string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        return await Api.Send(HttpMethod.Put, path, content, [], "application/json");
    }

    private static TestCaseData Body(string what, string body) => Bytes(what, Encoding.UTF8.GetBytes(body));

    private static TestCaseData Bytes(string what, byte[] body) => new TestCaseData(what, body).SetArgDisplayNames(what);
}
