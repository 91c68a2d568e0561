using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>What every answer carries: the name of the request, and how a browser and a cache are to treat it.</summary>
public sealed class ResponseHeaderTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly (string Method, string Path, string? Body, int Status)[] Requests =
    [
        ("GET", "/sites", null, 200),
        ("PUT", "/sites/headers", Sample.Site, 201),
        ("PUT", "/sites/headers", Sample.Site, 200),
        ("GET", "/sites/nosuch", null, 404),
        ("GET", "/nosuch", null, 404),
        ("PATCH", "/sites/headers", "{}", 405),
        ("PUT", "/sites/headers", "{", 400),
        ("PUT", "/sites/headers", """{"name":"B","country":"DE"}""", 409),
        ("DELETE", "/sites/headers", null, 428),
        ("GET", "/summaries/trials?x=y", null, 400),
        ("GET", "/health/live", null, 200),
        ("GET", "/openapi/v1.json", null, 200),
        ("GET", "/swagger/index.html", null, 200),
    ];

    [Test]
    public async Task Names_the_request_as_its_sender_does()
    {
        foreach (var (method, path, body, status) in Requests)
        {
            var answer = (await Api.Send(new HttpMethod(method), path, body, [("X-Request-Id", "night-run.17:a/b=1")])).Expect(status);
            Assert.That(answer.Headers["X-Request-Id"], Is.EqualTo("night-run.17:a/b=1"), path);
            if (status >= 400)
            {
                Assert.That(answer.Json["traceId"]!.GetValue<string>(), Is.EqualTo("night-run.17:a/b=1"));
                Assert.That(answer.Json["instance"]!.GetValue<string>(), Is.EqualTo("urn:registry:request:night-run.17:a/b=1"));
            }
        }
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("a b")]
    [TestCase("ä")]
    [TestCase("<script>")]
    [TestCase("a\tb")]
    public async Task Names_the_request_itself_where_its_sender_gives_no_name(string? stated)
    {
        var answer = (await Api.Get("/sites/nosuch", stated is null ? [] : [("X-Request-Id", stated)])).ExpectProblem(404);
        Assert.That(answer.Headers["X-Request-Id"], Does.Match("^[0-9a-f]{32}$"));
        Assert.That(answer.Json["traceId"]!.GetValue<string>(), Is.EqualTo(answer.Headers["X-Request-Id"]));
        Assert.That((await Api.Get("/sites/nosuch")).Headers["X-Request-Id"], Is.Not.EqualTo(answer.Headers["X-Request-Id"]));
    }

    [TestCase("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [TestCase("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", true)]
    [TestCase("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false)]
    [TestCase("4bf92f3577b34da6a3ce929d0e0e4736", false)]
    public async Task Names_the_request_after_the_trace_that_it_is_a_part_of(string traceparent, bool isOne)
    {
        Assert.That(
            (await Api.Get("/sites", ("traceparent", traceparent))).Headers["X-Request-Id"],
            isOne ? Is.EqualTo("4bf92f3577b34da6a3ce929d0e0e4736") : Does.Match("^(?!4bf92f|0{32})[0-9a-f]{32}$"));
        Assert.That(
            (await Api.Get("/sites", ("traceparent", traceparent), ("X-Request-Id", "mine"))).Headers["X-Request-Id"], Is.EqualTo("mine"));
    }

    [Test]
    public async Task Gives_no_name_of_more_than_128_characters_back()
    {
        Assert.That((await Api.Get("/sites", ("X-Request-Id", new string('a', 128)))).Headers["X-Request-Id"], Has.Length.EqualTo(128));
        Assert.That((await Api.Get("/sites", ("X-Request-Id", new string('a', 129)))).Headers["X-Request-Id"], Has.Length.EqualTo(32));
    }

    [Test]
    public async Task Says_of_every_answer_how_it_is_to_be_kept_and_shown()
    {
        foreach (var (method, path, body, status) in Requests)
        {
            var answer = (await Api.Send(new HttpMethod(method), path, body, [])).Expect(status == 201 ? 200 : status);
            Assert.That(answer.Headers, Does.ContainKey("Cache-Control"), path);
            Assert.That(answer.Headers["X-Content-Type-Options"], Is.EqualTo("nosniff"), path);
            Assert.That(answer.Headers["Content-Security-Policy"], Does.Contain("frame-ancestors 'none'"), path);
            Assert.That(answer.Headers["Referrer-Policy"], Is.EqualTo("no-referrer"), path);
            Assert.That(answer.Headers["Vary"], Does.Contain("Accept-Encoding"), path);
            if (method != "GET" || status >= 400)
            {
                Assert.That(answer.Headers["Cache-Control"], Is.EqualTo("no-store"), path);
            }
        }

        using var stranger = Host.CreateClient();
        var refused = await new ApiClient(stranger, key: null).Get("/sites");
        Assert.That(refused.ExpectProblem(401).Headers["X-Content-Type-Options"], Is.EqualTo("nosniff"));
    }

    [Test]
    public async Task Says_that_an_answer_depends_on_Accept_exactly_where_it_does()
    {
        var contract = (await Api.Get("/openapi/v1.json")).Expect(200).Json["paths"]!;
        foreach (var path in (await EveryGet.Prepare(Api)).Append("/metrics").Append("/cohorts/export"))
        {
            var template = contract.AsObject().Where(known => EveryGet.IsAt(path, known.Key))
                .OrderBy(known => known.Key.Count(letter => letter == '{')).Select(known => known.Value!["get"]).FirstOrDefault();
            var types = template?["responses"]!["200"]!["content"]!.AsObject().Count ?? 1;
            foreach (var accept in (string[])["*/*", "application/json", "text/csv", "image/png"])
            {
                var answer = await Api.Get(path, ("Accept", accept));
                Assert.That(
                    answer.Headers["Vary"],
                    Is.EqualTo(types > 1 ? "Accept, Accept-Encoding" : "Accept-Encoding"),
                    $"{path} {accept} {answer.Status}");
            }
        }

        Assert.That(
            (await Api.Get("/codebook?format=csv", ("Accept", "image/png"))).Expect(200).Headers["Vary"], Is.EqualTo("Accept-Encoding"));
        Assert.That((await Api.Get("/fhir/metadata")).Headers["Vary"], Is.EqualTo("Accept, Accept-Encoding"));
        Assert.That((await Api.Get("/fhir/Nothing/1")).Headers["Vary"], Is.EqualTo("Accept, Accept-Encoding"));
        Assert.That((await Api.Get("/fhir/metadata?_format=json")).Headers["Vary"], Is.EqualTo("Accept-Encoding"));
    }

    [Test]
    public async Task Answers_OPTIONS_at_every_address_of_the_contract_with_the_methods_that_it_takes()
    {
        var contract = (await Api.Get("/openapi/v1.json")).Expect(200).Json["paths"]!.AsObject();
        foreach (var (template, operations) in contract)
        {
            var path = string.Concat(template.Where(letter => letter is not ('{' or '}'))).Replace("/api/v1", "", StringComparison.Ordinal);
            var allowed = (await Api.Send(HttpMethod.Options, path, null, [])).Expect(204).Headers["Allow"].Split(", ");
            var promised = operations!.AsObject().Select(operation => operation.Key.ToUpperInvariant())
                .Where(name => name is "GET" or "PUT" or "POST" or "DELETE").ToList();
            Assert.That(allowed, Is.SupersetOf(promised).And.Contains("OPTIONS").And.Unique, path);
            Assert.That(allowed.Contains("HEAD"), Is.EqualTo(allowed.Contains("GET")), path);
            foreach (var other in ((string[])["GET", "PUT", "POST", "DELETE", "PATCH"]).Except(allowed))
            {
                var refused = (await Api.Send(new HttpMethod(other), path, null, [])).Expect(405);
                Assert.That(refused.Headers["Allow"].Split(", "), Is.EqualTo(allowed));
            }
        }

        (await Api.Send(HttpMethod.Options, "/nowhere", null, [])).ExpectProblem(404);
    }

    [Test]
    public async Task Names_the_methods_that_an_address_takes()
    {
        Assert.That(
            (await Api.Send(HttpMethod.Patch, "/sites/s", "{}", [])).Expect(405).Headers["Allow"].Split(", "),
            Is.EquivalentTo((string[])["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]));
        Assert.That(
            (await Api.Send(HttpMethod.Delete, "/summaries/trials", null, [])).Expect(405).Headers["Allow"].Split(", "),
            Is.EquivalentTo((string[])["GET", "HEAD", "OPTIONS"]));
        Assert.That((await Api.Get("/assessments/batch")).Expect(405).Headers["Allow"], Is.EqualTo("POST, OPTIONS"));
        Assert.That(
            (await Api.Send(HttpMethod.Head, "/assessments/batch", null, [])).Expect(405).Headers["Allow"], Is.EqualTo("POST, OPTIONS"));
    }
}
