using System.IO.Compression;
using System.Text;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>
/// Bodies in another character set, with a byte order mark, compressed: taken where that can be, and refused in plain words.
/// </summary>
public sealed class ContentEncodingTests(Engine engine) : RegistryFixture(engine)
{
    private const string Good = """{"name":"Zürich","country":"CH"}""";

    [Test]
    public async Task Skips_a_byte_order_mark()
    {
        var path = "/sites/" + Sample.Key("mark");
        (await Send(path, [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good)])).Expect(201);
        (await Send(path, Encoding.UTF8.GetBytes(Good))).Expect(200);
        Assert.That((await Api.Get(path)).Json["name"]!.GetValue<string>(), Is.EqualTo("Zürich"));
        var batch = """{"mode":"each","items":[{"site":"x","case":"y"}]}""";
        (await Send("/assessments/batch", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(batch)], method: "POST")).Expect(200);
    }

    [TestCase("PUT", "/sites/latin")]
    [TestCase("POST", "/assessments/batch")]
    public async Task Says_that_a_body_in_ISO_8859_1_is_not_UTF_8(string method, string path)
    {
        var answer = (await Send(path, Encoding.Latin1.GetBytes(Good), method: method)).ExpectProblem(400, "malformed-json");
        Assert.That(answer.Json["detail"]!.GetValue<string>(), Does.StartWith("Line 1, byte 11: 0xFC is not valid UTF-8. "));
    }

    [Test]
    public async Task Says_that_UTF_16_is_not_UTF_8()
    {
        foreach (var body in (byte[][])[Encoding.Unicode.GetBytes(Good),
            [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Good)], Encoding.BigEndianUnicode.GetBytes("{}"),
            [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Good)]])
        {
            Assert.That(
                (await Send("/sites/utf16", body)).ExpectProblem(400, "malformed-json").Json["detail"]!.GetValue<string>(),
                Does.Contain("UTF-8"));
        }
    }

    [TestCase("application/json; charset=iso-8859-1")]
    [TestCase("application/json;charset=\"windows-1252\"")]
    [TestCase("application/json; charset=utf-16")]
    [TestCase("application/json; charset=us-ascii")]
    public async Task Refuses_another_character_set(string contentType)
    {
        var answer = (await Send("/sites/charset", Encoding.Latin1.GetBytes("""{"name":"A","country":"DE"}"""), contentType))
            .ExpectProblem(415, "unsupported-media-type");
        Assert.That(answer.Json["detail"]!.GetValue<string>(), Does.Contain("UTF-8"));
    }

    [TestCase("application/json; charset=UTF-8")]
    [TestCase("application/json;charset=\"utf-8\"")]
    [TestCase("application/json; indent=4")]
    public async Task Takes_UTF_8_by_each_of_its_spellings(string contentType) =>
        (await Send("/sites/" + Sample.Key("utf8"), Encoding.UTF8.GetBytes(Good), contentType)).Expect(201);

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    [TestCase("GZIP")]
    [TestCase("identity")]
    public async Task Takes_a_compressed_body(string coding)
    {
        var path = "/sites/" + Sample.Key("packed");
        (await Send(path, Packed(coding, Encoding.UTF8.GetBytes(Good)), coding: coding)).Expect(201);
        (await Send(path, Encoding.UTF8.GetBytes(Good))).Expect(200);
        var batch = Encoding.UTF8.GetBytes("""{"mode":"each","items":[{"site":"x","case":"y"}]}""");
        (await Send("/assessments/batch", Packed(coding, batch), coding: coding, method: "POST")).Expect(200);
    }

    [TestCase("zstd")]
    [TestCase("compress")]
    [TestCase("gzip,gzip")]
    [TestCase("gzip,br")]
    [TestCase("rot13")]
    [TestCase("ä")]
    public async Task Refuses_another_coding_and_names_those_that_are_taken(string coding)
    {
        var answer =
            (await Send("/sites/coding", Encoding.UTF8.GetBytes(Good), coding: coding)).ExpectProblem(415, "unsupported-media-type");
        Assert.That(answer.Headers["Accept-Encoding"], Is.EqualTo("gzip, deflate, br"));
        Assert.That(answer.Json["detail"]!.GetValue<string>(), Does.Contain(coding).And.Contain("gzip, deflate, br"));
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task Refuses_what_is_not_compressed_as_it_says(string coding)
    {
        (await Send("/sites/broken", Encoding.UTF8.GetBytes(Good), coding: coding)).ExpectProblem(400, "malformed-body");
        var packed = Packed(coding, Encoding.UTF8.GetBytes(Good.PadRight(3000)));
        (await Send("/sites/broken", packed[..^5], coding: coding)).ExpectProblem(400);
        (await Api.Get("/sites/broken")).ExpectProblem(404);
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task Holds_the_limit_on_what_comes_out(string coding)
    {
        var path = "/sites/" + Sample.Key("bomb");
        (await Send(
            path,
            Packed(coding, Encoding.UTF8.GetBytes("""{"name":"A","country":"DE"}""".PadRight(DefaultLimits.RecordBytes + 1))),
            coding: coding)).ExpectProblem(413, "body-too-large");
        (await Send(
            path,
            Packed(coding, Encoding.UTF8.GetBytes("""{"name":"A","country":"DE"}""".PadRight(DefaultLimits.RecordBytes))),
            coding: coding)).Expect(201);
        (await Send("/assessments/batch", Packed(coding, new byte[100_000_000]), coding: coding, method: "POST"))
            .ExpectProblem(413, "body-too-large");
    }

    private static byte[] Packed(string coding, byte[] body)
    {
        using var packed = new MemoryStream();
        using (Stream packer = coding switch
        {
            "gzip" or "GZIP" => new GZipStream(packed, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest),
            _ => new BufferedStream(packed),
        })
        {
            packer.Write(body);
        }

        return packed.ToArray();
    }

    private async Task<ApiAnswer> Send(
        string path, byte[] body, string contentType = "application/json", string? coding = null, string method = "PUT")
    {
        using var content = new ByteArrayContent(body);
        return await Api.Send(new HttpMethod(method), path, content, coding is null ? [] : [("Content-Encoding", coding)], contentType);
    }
}
