using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>Keys, addresses, methods and query parameters that are not as documented.</summary>
public sealed class UnknownParameterTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly string LongestKey = new('k', 64);

    private static IReadOnlyList<SampleRecord> KindsUnderACase => [.. SampleRecord.All.Where(kind => kind.Name is not ("site" or "case"))];

    // Percent-encoded as it travels, and the text that is echoed.
    private static string[] BadKeys =>
    [
        "%20", "a%20b", "a%2Fb", "a%5Cb", "..%2F..", "a%0A", "a%0D%0AX-Api-Key:%20x", "%C3%A9", "%E2%80%8B", "a%F0%9F%98%80", "%EF%BC%A1",
        "a+b", "a:b", "a,b", "a;b", "a'b", "a%22b", "a*b", "a%25b", "%7Ba%7D", "a@b", "a~b", "(a)", "a=b", "a&b", "a%23b", "a%3Fb",
        "%D9%A1",
    ];

    [TestCaseSource(nameof(BadKeys))]
    public async Task Refuses_a_key_of_other_characters(string key)
    {
        var site = Sample.KeyOf(await Api.NewSite());
        Assert.That(
            (await Api.Put($"/sites/{key}", Sample.Site)).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/site", "not-an-identifier")]));
        Assert.That(
            (await Api.Put($"/sites/{site}/cases/{key}", Sample.Case("scs"))).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/case", "not-an-identifier")]));
        Assert.That(
            (await Api.Get($"/sites/{key}/cases/{key}/costs/{key}")).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/site", "not-an-identifier"), ("/case", "not-an-identifier"), ("/cost", "not-an-identifier")]));
        Assert.That(
            (await Api.Get($"/sites/{key}/cases/x/history")).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/site", "not-an-identifier")]));
        Assert.That(
            (await Api.Get($"/sites/{key}/cases")).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/site", "not-an-identifier")]));
        Assert.That(
            (await Api.Post($"/sites/{key}/cases/x/assessments", "{}")).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/site", "not-an-identifier")]));
        Assert.That(
            (await Api.Delete($"/sites/{key}")).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/site", "not-an-identifier")]));
        Assert.That(
            (await Api.Get(
                $"/summaries/trials?site={key.Replace("+", "%2B", StringComparison.Ordinal).Replace("&", "%26", StringComparison.Ordinal)}"))
                    .ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/site", "not-an-identifier")]));
    }

    [Test]
    public async Task Takes_a_key_of_64_characters_and_none_longer()
    {
        var path = $"/sites/{LongestKey}/cases/{LongestKey}";
        (await Api.Put("/sites/" + LongestKey, Sample.Site)).Expect(201);
        (await Api.Put(path, Sample.Case("scs", patient: LongestKey))).Expect(201);
        foreach (var kind in KindsUnderACase)
        {
            var address = kind.Path.Replace("{site}", LongestKey, StringComparison.Ordinal)
                .Replace("{case}", LongestKey, StringComparison.Ordinal)
                .Replace("{key}", LongestKey, StringComparison.Ordinal);
            (await Api.Put(address, kind.Body)).Expect(201);
            (await Api.Get(address)).Expect(200);
        }

        (await Api.Put($"/sites/{LongestKey}k", Sample.Site)).ExpectProblem(400, "invalid-parameters");
        (await Api.Put(path + "k", Sample.Case("scs"))).ExpectProblem(400, "invalid-parameters");
        (await Api.Put($"{path}/costs/{LongestKey}k", SampleRecord.All[5].Body)).ExpectProblem(400, "invalid-parameters");
        Assert.That(
            (await Api.Put(path, Sample.Case("scs", patient: LongestKey + "k"))).ExpectProblem(422).Faults,
            Is.EqualTo([("/patient/reference", "not-an-identifier")]));
    }

    [Test]
    public async Task Tells_keys_apart_by_case()
    {
        var lower = Sample.Key("key");
        var upper = lower.ToUpperInvariant();
        (await Api.Put("/sites/" + lower, """{"name":"lower","country":"DE"}""")).Expect(201);
        (await Api.Get("/sites/" + upper)).ExpectProblem(404, "site-not-found");
        (await Api.Put("/sites/" + upper, """{"name":"upper","country":"DE"}""")).Expect(201);
        foreach (var key in (string[])[lower, upper])
        {
            (await Api.Put($"/sites/{lower}/cases/{key}", Sample.Case("scs", patient: key, birthYear: key == lower ? 1960 : 1970)))
                .Expect(201);
            (await Api.Put(
                $"/sites/{lower}/cases/{lower}/costs/{key}",
                $$"""{"category":"other","amount":{{(key == lower ? 1 : 2)}},"currency":"EUR","priceYear":2024}""")).Expect(201);
        }

        Assert.That((await Api.Get("/sites/" + lower)).Json["name"]!.GetValue<string>(), Is.EqualTo("lower"));
        Assert.That((await Api.Get($"/sites/{lower}/cases/{upper}")).Json["patient"]!["birthYear"]!.GetValue<int>(), Is.EqualTo(1970));
        Assert.That((await Api.Get($"/sites/{lower}/cases/{lower}/costs/{upper}")).Json["amount"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(
            (await Api.Get($"/sites/{lower}/cases")).Json["items"]!.AsArray().Select(item => item!["case"]!.GetValue<string>()),
            Is.EqualTo([upper, lower]),
            "by code point");
    }

    [TestCase("0")]
    [TestCase("-0")]
    [TestCase("..a")]
    [TestCase("a..")]
    [TestCase("_a")]
    [TestCase("x.")]
    [TestCase("null")]
    [TestCase("history")]
    [TestCase("a.json")]
    public async Task Takes_every_key_of_allowed_characters(string key)
    {
        var site = await Api.NewSite();
        (await Api.Put($"{site}/cases/{key}", Sample.Case("scs"))).Expect(201);
        (await Api.Get($"{site}/cases/{key}")).Expect(200);
        (await Api.Get($"{site}/cases/{key}/history")).Expect(200);
    }

    [TestCase("-")]
    [TestCase("_")]
    [TestCase("...")]
    [TestCase("._-")]
    public async Task Refuses_a_key_without_a_letter_or_digit(string key)
    {
        var answer = (await Api.Put($"{await Api.NewSite()}/cases/{key}", Sample.Case("scs"))).ExpectProblem(400, "invalid-parameters");
        Assert.That(answer.Faults, Is.EqualTo([("/case", "not-an-identifier")]));
        Assert.That(answer.Json["detail"]!.GetValue<string>(), Does.Contain("a letter or digit"));
    }

    [TestCase(".")]
    [TestCase("..")]
    [TestCase("-")]
    public async Task Refuses_a_key_without_a_letter_or_digit_inside_a_body(string key)
    {
        var site = await Api.NewSite();
        Assert.That(
            (await Api.Put($"{site}/cases/c", Sample.Case("scs", patient: key))).ExpectProblem(422).Faults,
            Is.EqualTo([("/patient/reference", "not-an-identifier")]));
        Assert.That(
            (await Api.Put($"{site}/cases/c", Sample.Case("scs", preceding: key))).ExpectProblem(422).Faults,
            Is.EqualTo([("/precedingCase", "not-an-identifier")]));
        var batch = (await Api.Post(
            "/assessments/batch",
            $$"""{"mode":"each","items":[{"site":"{{key}}","case":"c","timepoint":"1m","assessedOn":"2024-01-01"}]}""")).Expect(200);
        Assert.That(batch.Json["items"]![0]!["problem"]!["errors"]![0]!["pointer"]!.GetValue<string>(), Is.EqualTo("/site"));
    }

    [TestCase("2m")]
    [TestCase("Baseline")]
    [TestCase("12M")]
    [TestCase("post_op")]
    public async Task Refuses_a_timepoint_that_is_none(string timepoint)
    {
        var answer = (await Api.Put($"{await Api.NewCase()}/assessments/{timepoint}", Sample.Assessment("2024-01-01")))
            .ExpectProblem(400, "invalid-parameters");
        Assert.That(answer.FaultsWithValues(), Is.EqualTo([("/timepoint", "unknown-code", timepoint)]));
        Assert.That(answer.Json["errors"]![0]!["allowed"]!.GetValue<string>(), Is.EqualTo("baseline, post-op, 1m, 3m, 6m, 12m, 24m"));
    }

    [TestCaseSource(nameof(KindsUnderACase))]
    public async Task Says_whether_the_site_or_the_case_is_not_known(SampleRecord kind)
    {
        var site = Sample.KeyOf(await Api.NewSite());
        string At(string siteKey) => kind.Path.Replace("{site}", siteKey, StringComparison.Ordinal)
            .Replace("{case}", "no-case", StringComparison.Ordinal)
            .Replace("{key}", "k", StringComparison.Ordinal);
        foreach (var answer in (ApiAnswer[])[await Api.Put(At("no-site"), kind.Body), await Api.Get(At("no-site")),
            await Api.Put(At("no-site"), "{}")])
        {
            Assert.That(answer.ExpectProblem(404, "site-not-found").Json["detail"]!.GetValue<string>(), Does.Contain("'no-site'"));
        }

        foreach (var answer in (ApiAnswer[])[await Api.Put(At(site), kind.Body), await Api.Get(At(site)), await Api.Put(At(site), "{}")])
        {
            Assert.That(
                answer.ExpectProblem(404, "case-not-found").Json["detail"]!.GetValue<string>(),
                Does.Contain("'no-case'").And.Contain($"'{site}'"));
        }
    }

    [Test]
    public async Task Says_that_the_site_of_a_case_is_not_known()
    {
        (await Api.Put("/sites/no-site/cases/c", Sample.Case("scs"))).ExpectProblem(404, "site-not-found");
        (await Api.Get("/sites/no-site/cases/c")).ExpectProblem(404, "site-not-found");
        (await Api.Get("/sites/no-site/cases")).ExpectProblem(404, "site-not-found");
        (await Api.Get("/sites/no-site")).ExpectProblem(404, "site-not-found");
        (await Api.Post("/sites/no-site/cases/c/assessments", Sample.Assessment("2024-01-01"))).ExpectProblem(404, "site-not-found");
        (await Api.Post(await Api.NewSite() + "/cases/c/assessments", Sample.Assessment("2024-01-01")))
            .ExpectProblem(404, "case-not-found");
    }

    [TestCase("/sites/s?dryRun=true", "/dryRun", "unknown-parameter")]
    [TestCase("/sites/s/cases?page=2", "/page", "unknown-parameter")]
    [TestCase("/sites/s/cases?Limit=2", "/Limit", "unknown-parameter")]
    [TestCase("/sites/s/cases?limit=0", "/limit", "out-of-range")]
    [TestCase("/sites/s/cases?limit=1001", "/limit", "out-of-range")]
    [TestCase("/sites/s/cases?limit=ten", "/limit", "not-a-whole-number")]
    [TestCase("/sites/s/cases?limit=1.0", "/limit", "not-a-whole-number")]
    [TestCase("/sites/s/cases?limit=", "/limit", "not-a-whole-number")]
    [TestCase("/sites/s/cases?limit=99999999999", "/limit", "not-a-whole-number")]
    [TestCase("/sites/s/cases?limit=1&limit=2", "/limit", "repeated")]
    [TestCase("/sites/s/cases?after=a%20b", "/after", "not-an-identifier")]
    [TestCase("/summaries/trials?threshold=30", "/threshold", "unknown-parameter")]
    [TestCase("/summaries/trials?=x", "/", "unknown-parameter")]
    [TestCase("/summaries/trials?procedure=SCS", "/procedure", "unknown-code")]
    [TestCase("/summaries/trials?procedure=", "/procedure", "unknown-code")]
    [TestCase("/summaries/trials?procedure", "/procedure", "unknown-code")]
    [TestCase("/summaries/trials?procedure=scs,drg", "/procedure", "unknown-code")]
    [TestCase("/summaries/trials?indication=pain", "/indication", "unknown-code")]
    [TestCase("/summaries/trials?sex=f", "/sex", "unknown-code")]
    [TestCase("/summaries/trials?painSide=l", "/painSide", "unknown-code")]
    [TestCase("/summaries/trials?primary=1", "/primary", "unknown-code")]
    [TestCase("/summaries/trials?ageMin=-1", "/ageMin", "out-of-range")]
    [TestCase("/summaries/trials?ageMax=151", "/ageMax", "out-of-range")]
    [TestCase("/summaries/trials?ageMin=60&ageMax=50", "/ageMin", "empty-range")]
    [TestCase("/summaries/trials?painDurationMin=x", "/painDurationMin", "not-a-whole-number")]
    [TestCase("/summaries/trials?painDurationMin=10&painDurationMax=9", "/painDurationMin", "empty-range")]
    [TestCase("/summaries/trials?from=2024-02-30", "/from", "not-a-date")]
    [TestCase("/summaries/trials?from=2024-02-02&to=2024-02-01", "/from", "empty-range")]
    [TestCase("/summaries/trials?asOf=9999-12-31", "/asOf", "date-in-the-future")]
    [TestCase("/summaries/trials?asOf=2024-01-01&asOf=2024-01-02", "/asOf", "repeated")]
    [TestCase("/summaries/response-rates?threshold=0", "/threshold", "out-of-range")]
    [TestCase("/summaries/response-rates?threshold=101", "/threshold", "out-of-range")]
    [TestCase("/summaries/response-rates?set=itt", "/set", "unknown-code")]
    [TestCase("/summaries/response-rates?instrument=vas", "/instrument", "unknown-code")]
    [TestCase("/summaries/response-rates?timepoint=18m", "/timepoint", "unknown-code")]
    [TestCase("/summaries/costs?basis=direct", "/basis", "unknown-code")]
    [TestCase("/summaries/costs?per=patient", "/per", "unknown-code")]
    [TestCase("/summaries/trials?lostResponseBy=24m%0A", "/lostResponseBy", "malformed")]
    [TestCase("/summaries/trials?responder=30@12m:pdi%0A", "/responder", "malformed")]
    [TestCase("/summaries/trials?has=baseline%0A", "/has", "malformed")]
    [TestCase("/summaries/trials?responder=%D9%A3%D9%A0@12m", "/responder", "malformed")]
    [TestCase("/audit?after=~%D9%A3", "/after", "not-a-cursor")]
    [TestCase("/audit/verify?number=1&hash=0000000000000000000000000000000000000000000000000000000000000000%0A", "/hash", "malformed")]
    [TestCase("/cohorts/cases?after=2026-11-26~case~~%D9%A3", "/after", "not-a-cursor")]
    [TestCase("/cohorts/cases?after=2026-11-26~case~~00000000000000000000000000000007", "/after", "not-a-cursor")]
    [TestCase("/follow-ups?after=0001-01-01~2020-01-01~a~b", "/after", "not-a-cursor")]
    [TestCase("/summaries/comparison?a.hadEventFrom=2022-01-01&b.hadEvent=implanted", "/a.hadEventFrom", "does-not-apply")]
    public async Task Refuses_a_query_parameter(string path, string parameter, string code) =>
        Assert.That((await Api.Get(path)).ExpectProblem(400, "invalid-parameters").Faults, Is.EqualTo([(parameter, code)]));

    [TestCase("/audit?from=0001-01-01&to=9999-12-31")]
    [TestCase("/summaries/trials?from=0001-01-01&to=9999-12-31")]
    [TestCase("/cohorts/cases?hadEvent=implanted&hadEventFrom=0001-01-01&hadEventTo=9999-12-31")]
    public async Task Takes_a_period_from_the_first_to_the_last_day_there_is(string path) => (await Api.Get(path)).Expect(200);

    [Test]
    public async Task Names_every_query_parameter_at_fault() =>
        Assert.That(
            (await Api.Get("/summaries/trials?sex=f&ageMin=x&colour=red&procedure=scs&procedure=tens"))
                .ExpectProblem(400, "invalid-parameters").FaultsWithValues(),
            Is.EquivalentTo(((string, string, string?)[])[("/sex", "unknown-code", "f"), ("/ageMin", "not-a-whole-number", "x"),
                ("/colour", "unknown-parameter", "colour"), ("/procedure", "unknown-code", "tens")]));

    [TestCase("ageMin=-0")]
    [TestCase("ageMax=-0")]
    [TestCase("painDurationMin=-0&painDurationMax=-0")]
    [TestCase("ageMin=%2B5")]
    [TestCase("ageMin=007")]
    [TestCase("from=0001-01-01&to=9999-12-31")]
    [TestCase("asOf=0001-01-01")]
    [TestCase("procedure=scs&procedure=scs&sex=male&sex=male")]
    public async Task Answers_every_parameter_that_it_takes(string query)
    {
        foreach (var summary in (string[])["response-rates", "scores", "costs", "stays", "trials"])
        {
            (await Api.Get($"/summaries/{summary}?{query}")).Expect(200);
        }
    }

    [TestCase("/")]
    [TestCase("/sites/s/")]
    [TestCase("/site")]
    [TestCase("/sites/s/cases/c/diagnoses/d")]
    [TestCase("/sites/s/cases/c/costs/c/history/1")]
    [TestCase("/summaries")]
    [TestCase("/summaries/everything")]
    [TestCase("/robots.txt")]
    public async Task Answers_an_unknown_address_with_a_problem(string path) =>
        (await Api.Get(path)).ExpectProblem(path.EndsWith("assessments", StringComparison.Ordinal) ? 405 : 404);

    [TestCase("POST", "/sites/s")]
    [TestCase("PATCH", "/sites/s/cases/c")]
    [TestCase("DELETE", "/summaries/trials")]
    [TestCase("GET", "/assessments/batch")]
    [TestCase("PUT", "/sites/s/cases")]
    [TestCase("PUT", "/sites/s/history")]
    public async Task Answers_another_method_with_a_problem(string method, string path) =>
        (await Api.Send(new HttpMethod(method), path, "{}", [])).ExpectProblem(405, "method-not-allowed");
}
