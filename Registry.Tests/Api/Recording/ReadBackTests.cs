using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Recording;

/// <summary>What was recorded is read back whole: a case with everything under it, and the cases of a site page by page.</summary>
public sealed class ReadBackTests(Engine engine) : RegistryFixture(engine)
{
    protected override TimeProvider Clock => StoppedClock.Noon;

    [Test]
    public async Task Holds_everything_under_a_case()
    {
        var @case = await Api.NewCase("scs");
        var etags = new Dictionary<string, string>();
        (string Path, string Body)[] records =
        [
            ("events/trial", """{"type":"trial-started","occurredOn":"2024-01-02","lead":"percutaneous"}"""),
            ("events/end", """{"type":"trial-ended","occurredOn":"2024-01-09","outcome":"succeeded","reliefPercent":60,"threshold":50}"""),
            ("events/a-implant", """{"type":"implanted","occurredOn":"2024-01-20","generator":"rechargeable"}"""),
            ("assessments/12m", """{"assessedOn":"2025-01-20","nrs":4,"pdi":20,"mode":"telephone"}"""),
            ("assessments/baseline",
                """{"assessedOn":"2024-01-01","nrs":9,"pdiItems":{"familyHome":1,"recreation":2,"social":3,"occupation":4,"sexual":5,"selfCare":6,"lifeSupport":7}}"""),
            ("assessments/3m", """{"notDone":"declined"}"""),
            ("adverse-events/ae",
                """{"category":"hardware-related","term":"lead-migration","onsetOn":"2024-03-01","severity":"mild","serious":false,"outcome":"recovered"}"""),
            ("costs/device", """{"category":"device","amount":12345.60,"currency":"EUR","priceYear":2024}"""),
            ("stays/stay", """{"admittedOn":"2024-01-19","dischargedOn":"2024-01-22"}"""),
        ];
        foreach (var (path, body) in records)
        {
            etags[path] = (await Api.Put($"{@case}/{path}", body)).Expect(201).ETag!;
        }

        var file = (await Api.Get(@case)).Expect(200);
        Assert.That(file.Json["case"]!.GetValue<string>(), Is.EqualTo(Sample.KeyOf(@case)));
        Assert.That((file.Json["timeZero"]!.GetValue<string>(), file.Json["ageYears"]!.GetValue<int>()), Is.EqualTo(("2024-01-20", 64)));
        Assert.That(Keys(file, "events", "event"), Is.EqualTo(["trial", "end", "a-implant"]), "by date");
        Assert.That(Keys(file, "assessments", "timepoint"), Is.EqualTo(["baseline", "3m", "12m"]), "from baseline on");
        foreach (var (path, body) in records)
        {
            var key = Sample.KeyOf(path);
            var held = Held(file.Json, path);
            var alone = (await Api.Get($"{@case}/{path}")).Expect(200);
            Assert.That(held["etag"]!.GetValue<string>(), Is.EqualTo(etags[path]), path);
            Assert.That(Sample.OwnTag(alone.ETag!), Is.EqualTo(etags[path]), path);
            foreach (var (name, value) in JsonNode.Parse(body)!.AsObject())
            {
                var expected = name == "amount" ? "12345.6" : value!.ToJsonString();
                Assert.That(
                    (held[name]!.ToJsonString(), alone.Json[name]!.ToJsonString()), Is.EqualTo((expected, expected)), $"{path} {name}");
            }
        }

        Assert.That(Held(file.Json, "assessments/baseline")["pdi"]!.GetValue<int>(), Is.EqualTo(28));
        Assert.That(
            (await Api.Put(@case, Sample.Case("scs"), ("If-None-Match", "*"))).Expect(200).ETag,
            Is.EqualTo(file.Json["etag"]!.GetValue<string>()),
            "the tag of the case itself");
        Assert.That(file.ETag, Is.Not.EqualTo(file.Json["etag"]!.GetValue<string>()), "the tag of all this");
    }

    [TestCase("post-op", 1, "in")]
    [TestCase("post-op", 0, "early")]
    [TestCase("post-op", 15, "late")]
    [TestCase("1m", 14, "early")]
    [TestCase("1m", 15, "in")]
    [TestCase("1m", 60, "in")]
    [TestCase("1m", 61, "late")]
    [TestCase("3m", 60, "early")]
    [TestCase("3m", 136, "in")]
    [TestCase("3m", 137, "late")]
    [TestCase("6m", 136, "early")]
    [TestCase("6m", 273, "in")]
    [TestCase("6m", 274, "late")]
    [TestCase("12m", 273, "early")]
    [TestCase("12m", 547, "in")]
    [TestCase("12m", 548, "late")]
    [TestCase("24m", 547, "early")]
    [TestCase("24m", 913, "in")]
    [TestCase("24m", 914, "late")]
    public async Task Says_where_the_date_lies_in_the_window(string timepoint, int days, string window)
    {
        var @case = await Api.NewCase("drez", null, ("lesioned", "2022-01-01"));
        var day = new DateOnly(2022, 1, 1).AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        (await Api.Put($"{@case}/assessments/{timepoint}", Sample.Assessment(day))).Expect(201);
        Assert.That(await Place(@case, timepoint), Is.EqualTo((days, window)));
    }

    [Test]
    public async Task Says_it_anew_when_time_zero_moves()
    {
        var @case = await Api.NewCase("scs");
        (await Api.Put(@case + "/assessments/1m", Sample.Assessment("2024-03-01"))).Expect(201);
        Assert.That(await Place(@case, "1m"), Is.EqualTo(((int?)null, "unknown")));
        (await Api.Put(@case + "/events/trial", Sample.Event("trial-started", "2024-01-01"))).Expect(201);
        Assert.That(await Place(@case, "1m"), Is.EqualTo((60, "in")));
        (await Api.Put(@case + "/events/implant", Sample.Event("implanted", "2024-02-20"))).Expect(201);
        Assert.That(await Place(@case, "1m"), Is.EqualTo((10, "early")));
    }

    [Test]
    public async Task Says_nothing_of_the_window_of_a_visit_without_date()
    {
        var @case = await Api.NewCase("drez", null, ("lesioned", "2022-01-01"));
        (await Api.Put(@case + "/assessments/1m", """{"notDone":"too-ill"}""")).Expect(201);
        Assert.That(await Place(@case, "1m"), Is.EqualTo(((int?)null, "unknown")));
        (await Api.Put(@case + "/assessments/baseline", Sample.Assessment("2021-12-25"))).Expect(201);
        Assert.That(await Place(@case, "baseline"), Is.EqualTo((-7, "in")));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(7)]
    [TestCase(8)]
    [TestCase(1000)]
    public async Task Lists_every_case_of_a_site_once_whatever_the_page(int limit)
    {
        var site = await Api.NewSite();
        string[] keys = ["b", "A", "a", "_0", "10", "9", "a.b"];
        foreach (var key in keys)
        {
            (await Api.Put($"{site}/cases/{key}", Sample.Case("scs", patient: "P-" + key))).Expect(201);
        }

        var (listed, after, pages) = (new List<string>(), (string?)null, 0);
        do
        {
            var page = (await Api.Get($"{site}/cases?limit={limit}{(after is null ? "" : "&after=" + after)}")).Expect(200).Json;
            var items = page["items"]!.AsArray();
            Assert.That(items.Count, Is.InRange(1, limit));
            listed.AddRange(items.Select(item => item!["case"]!.GetValue<string>()));
            after = page["next"]?.GetValue<string>();
            pages++;
        }
        while (after is not null);

        Assert.That(listed, Is.EqualTo(keys.Order(StringComparer.Ordinal)));
        Assert.That(pages, Is.EqualTo((keys.Length + limit - 1) / limit));
    }

    [Test]
    public async Task Lists_no_case_of_a_site_without_cases()
    {
        var page = (await Api.Get(await Api.NewSite() + "/cases")).Expect(200).Json;
        Assert.That((page["items"]!.AsArray().Count, page["next"]), Is.EqualTo((0, (JsonNode?)null)));
    }

    [Test]
    public async Task Lists_a_case_that_came_between_two_pages()
    {
        var site = await Api.NewSite();
        foreach (var key in (string[])["a", "c", "d"])
        {
            (await Api.Put($"{site}/cases/{key}", Sample.Case("scs"))).Expect(201);
        }

        var first = (await Api.Get(site + "/cases?limit=2")).Expect(200).Json;
        Assert.That(first["next"]!.GetValue<string>(), Is.EqualTo("c"));
        (await Api.Put(site + "/cases/b", Sample.Case("scs"))).Expect(201);
        (await Api.Put(site + "/cases/e", Sample.Case("scs"))).Expect(201);
        var second = (await Api.Get(site + "/cases?limit=2&after=c")).Expect(200).Json;
        Assert.That(second["items"]!.AsArray().Select(item => item!["case"]!.GetValue<string>()), Is.EqualTo(["d", "e"]));
    }

    private async Task<(int? Days, string Window)> Place(string @case, string timepoint)
    {
        var read = (await Api.Get($"{@case}/assessments/{timepoint}")).Expect(200).Json;
        var held = Held((await Api.Get(@case)).Expect(200).Json, "assessments/" + timepoint);
        Assert.That(held["window"]!.GetValue<string>(), Is.EqualTo(read["window"]!.GetValue<string>()));
        return (read["daysFromTimeZero"]?.GetValue<int>(), read["window"]!.GetValue<string>());
    }

    private static IEnumerable<string> Keys(ApiAnswer file, string list, string key) =>
        file.Json[list]!.AsArray().Select(item => item![key]!.GetValue<string>());

    private static JsonNode Held(JsonNode file, string path)
    {
        var (list, key) = path.Split('/')[0] switch
        {
            "events" => ("events", "event"),
            "assessments" => ("assessments", "timepoint"),
            "adverse-events" => ("adverseEvents", "adverseEvent"),
            "costs" => ("costs", "cost"),
            _ => ("stays", "stay"),
        };
        return file[list]!.AsArray().Single(item => item![key]!.GetValue<string>() == Sample.KeyOf(path))!;
    }
}
