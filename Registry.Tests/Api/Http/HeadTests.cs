using System.Globalization;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>What holds of every address that can be read, whichever it is: each is asked in turn.</summary>
public sealed class HeadTests(Engine engine) : RegistryFixture(engine)
{
    private IReadOnlyList<string> _paths = null!;

    protected override TimeProvider Clock => StoppedClock.Noon;

    protected override async Task Prepare() => _paths = await EveryGet.Prepare(Api);

    [Test]
    public async Task Tags_its_answer_and_confirms_the_tag_by_the_weak_comparison()
    {
        foreach (var path in _paths)
        {
            var first = (await Api.Get(path)).Expect(200);
            Assert.That(first.ETag, Does.Match("^\"[^\"]+\"$"), $"{path}: a strong ETag");
            Assert.That(
                first.Headers["Cache-Control"],
                Does.Contain(
                    path.StartsWith("/snapshots/", StringComparison.Ordinal) && !path.EndsWith("/verify", StringComparison.Ordinal)
                        ? "immutable"
                        : "no-cache").And.Contain("private"),
                path);
            foreach (var known in (string[])[first.ETag!, "W/" + first.ETag, $"\"other\", W/{first.ETag}", $"W/\"other\",{first.ETag} ",
                "*"])
            {
                var confirmed = (await Api.Get(path, ("If-None-Match", known))).Expect(304);
                Assert.That((confirmed.ETag, confirmed.Text), Is.EqualTo((first.ETag, string.Empty)), $"{path} {known}");
                Assert.That(confirmed.Headers["Cache-Control"], Is.EqualTo(first.Headers["Cache-Control"]), path);
                Assert.That(confirmed.Headers["Vary"], Is.EqualTo(first.Headers["Vary"]), path);
            }

            foreach (var other in (string[])["\"other\"", "W/\"other\"", "other", ",", "\"", $"\"x{first.ETag![1..]}"])
            {
                (await Api.Get(path, ("If-None-Match", other))).Expect(200);
            }
        }
    }

    [Test]
    public async Task Answers_HEAD_as_GET_without_the_body()
    {
        foreach (var path in _paths.Append("/health/live").Append("/health/ready"))
        {
            var get = (await Api.Get(path)).Expect(200);
            var head = (await Api.Send(HttpMethod.Head, path, null, [])).Expect(200);
            Assert.That(head.Text, Is.Empty, path);
            Assert.That((head.ETag, head.ContentType), Is.EqualTo((get.ETag, get.ContentType)), path);
            Assert.That(Unlike(head), Is.EqualTo(Unlike(get)), path);
            if (get.ETag is { } tag)
            {
                (await Api.Send(HttpMethod.Head, path, null, [("If-None-Match", "W/" + tag)])).Expect(304);
            }
        }

        (await Api.Send(HttpMethod.Head, "/sites/nosuch", null, [])).Expect(404);
        (await Api.Send(HttpMethod.Head, "/assessments/batch", null, [])).Expect(405);
    }

    // What differs from one request to the next is left out.
    private static IEnumerable<string> Unlike(ApiAnswer answer) =>
        answer.Headers.Where(header => !header.Key.Equals("X-Request-Id", StringComparison.OrdinalIgnoreCase))
            .Select(header => $"{header.Key}: {header.Value}")
            .Order(StringComparer.Ordinal);

    [TestCase("*")]
    [TestCase("json")]
    [TestCase("application/json; indent=4")]
    [TestCase("application/*;q=0.5")]
    [TestCase("APPLICATION/JSON")]
    [TestCase("application/json;charset=iso-8859-1")]
    [TestCase("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2")]
    [TestCase("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")]
    [TestCase("nonsense, */*;q=x")]
    [TestCase("text/html;q=1.0, */*;q=.1")]
    [TestCase(";;;")]
    [TestCase("")]
    [TestCase(" ")]
    [TestCase("ä/ö")]
    public async Task Gives_JSON_to_who_accepts_it_or_says_nothing_that_can_be_read(string accept)
    {
        foreach (var path in _paths.Append("/health/live"))
        {
            Assert.That((await Api.Get(path, ("Accept", accept))).Expect(200).ContentType, Is.EqualTo("application/json"), path);
        }
    }

    [TestCase("application/xml")]
    [TestCase("application/json;q=0")]
    [TestCase("text/html, application/pdf;q=0.5")]
    [TestCase("json, image/png")]
    [TestCase("*/*;q=0")]
    public async Task Refuses_who_accepts_no_form_that_there_is(string accept)
    {
        foreach (var path in _paths.Append("/health/live").Where(path => path != "/openapi/v1.json"))
        {
            (await Api.Get(path, ("Accept", accept))).ExpectProblem(406, "not-acceptable");
        }
    }

    [Test]
    public async Task Refuses_a_write_whose_answer_could_not_be_read_and_records_nothing()
    {
        (await Api.Put("/sites/unread", Sample.Site, ("Accept", "application/xml"))).ExpectProblem(406, "not-acceptable");
        (await Api.Get("/sites/unread")).ExpectProblem(404);
        (await Api.Put("/sites/unread", Sample.Site, ("Accept", "json"))).Expect(201);
    }

    [TestCase("gzip", "gzip")]
    [TestCase("br", "br")]
    [TestCase("gzip, deflate, br", "br")]
    [TestCase("br;q=0, gzip", "gzip")]
    [TestCase("identity", null)]
    public async Task Compresses_for_who_accepts_it_and_tags_the_same(string accepted, string? coding)
    {
        foreach (var path in _paths)
        {
            var (plain, packed) = ((await Api.Get(path)).Expect(200), (await Api.Get(path, ("Accept-Encoding", accepted))).Expect(200));
            Assert.That(packed.Headers.GetValueOrDefault("Content-Encoding"), Is.EqualTo(coding), path);
            Assert.That((packed.ETag, packed.Text), Is.EqualTo((plain.ETag, plain.Text)), path);
            Assert.That(plain.Headers["Vary"], Does.Contain("Accept-Encoding"), path);
            Assert.That(packed.Headers["Vary"], Does.Contain("Accept-Encoding"), path);
            (await Api.Get(path, ("Accept-Encoding", accepted), ("If-None-Match", "W/" + packed.ETag))).Expect(304);
        }
    }

    [Test]
    public async Task Says_the_length_of_what_it_sends_plain()
    {
        foreach (var path in _paths)
        {
            var answer = (await Api.Get(path)).Expect(200);
            Assert.That(
                answer.Headers["Content-Length"],
                Is.EqualTo(System.Text.Encoding.UTF8.GetByteCount(answer.Text).ToString(CultureInfo.InvariantCulture)),
                path);
        }
    }
}
