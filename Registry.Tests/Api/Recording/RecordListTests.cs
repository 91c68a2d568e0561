using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Recording;

/// <summary>What is under a case can be listed kind by kind, page by page.</summary>
public sealed class RecordListTests(Engine engine) : RegistryFixture(engine)
{
    private const string Case = "/sites/list/cases/c";

    protected override async Task Prepare()
    {
        (await Api.Put("/sites/list", Sample.Site)).Expect(201);
        (await Api.Put(Case, Sample.Case("scs"))).Expect(201);
        (await Api.Put(Case + "/events/trial", Sample.Event("trial-started", "2024-01-02"))).Expect(201);
        (await Api.Put(Case + "/events/Implant", Sample.Event("implanted", "2024-02-01"))).Expect(201);
        (await Api.Put(Case + "/assessments/1m", Sample.Assessment("2024-03-01", 3))).Expect(201);
        (await Api.Put(Case + "/assessments/baseline", Sample.Assessment("2024-01-01", 8))).Expect(201);
        (await Api.Put(
            Case + "/adverse-events/a",
            """{"category":"surgical","term":"haematoma","onsetOn":"2024-02-02","severity":"mild","serious":false}""")).Expect(201);
        foreach (var cost in new[] { "b", "a", "C", "d", "e" })
        {
            (await Api.Put($"{Case}/costs/{cost}", """{"category":"other","amount":1,"currency":"EUR","priceYear":2024}""")).Expect(201);
        }
    }

    [TestCase("events", "event", "Implant trial")]
    [TestCase("assessments", "timepoint", "1m baseline")]
    [TestCase("adverse-events", "adverseEvent", "a")]
    [TestCase("costs", "cost", "C a b d e")]
    [TestCase("stays", "stay", "")]
    public async Task Lists_the_records_of_a_kind_by_key_as_the_case_shows_them(string list, string key, string expected)
    {
        var page = (await Api.Get($"{Case}/{list}")).Expect(200);
        Assert.That(string.Join(' ', page.Items.Select(item => item[key]!.GetValue<string>())), Is.EqualTo(expected));
        Assert.That(page.Json["next"], Is.Null);
        var member = list == "adverse-events" ? "adverseEvents" : list;
        var held = (await Api.Get(Case)).Expect(200).Json[member]!.AsArray().Select(item => item!.ToJsonString());
        Assert.That(page.Items.Select(item => item.ToJsonString()), Is.EquivalentTo(held));
    }

    [TestCase("events?type=implanted", "event", "Implant")]
    [TestCase("events?type=implanted&type=trial-started", "event", "Implant trial")]
    [TestCase("events?type=explanted", "event", "")]
    [TestCase("events?lead=paddle", "event", "")]
    [TestCase("adverse-events?severity=mild&severity=severe&serious=false", "adverseEvent", "a")]
    [TestCase("adverse-events?serious=true", "adverseEvent", "")]
    [TestCase("costs?category=other&after=C&limit=2", "cost", "a b")]
    [TestCase("costs?category=device", "cost", "")]
    public async Task Is_narrowed_by_codes_and_flags(string list, string key, string expected) =>
        Assert.That(
            string.Join(' ', (await Api.Get($"{Case}/{list}")).Expect(200).Items.Select(item => item[key]!.GetValue<string>())),
            Is.EqualTo(expected));

    [TestCase("/events?type=implant", "unknown-code")]
    [TestCase("/adverse-events?serious=yes", "unknown-code")]
    [TestCase("/costs?currency=EUR", "unknown-parameter")]
    public async Task Says_what_it_is_not_narrowed_by(string list, string code) =>
        Assert.That(
            (await Api.Get(Case + list)).ExpectProblem(400, "invalid-parameters").Json["errors"]![0]!["code"]!.GetValue<string>(),
            Is.EqualTo(code));

    [TestCase("patient=P-1", "a b")]
    [TestCase("patient=P-1&patient=P-2&procedure=scs", "a c")]
    [TestCase("procedure=drez&sex=female&indication=crps", "b")]
    [TestCase("sex=male", "")]
    [TestCase("patient=P-1&after=a", "b")]
    [TestCase("", "a b c")]
    public async Task Cases_are_found_by_their_patient_and_by_what_they_are(string query, string expected)
    {
        var site = await Api.NewSite();
        (await Api.Put(site + "/cases/a", Sample.Case("scs"))).Expect(201);
        (await Api.Put(site + "/cases/b", Sample.Case("drez"))).Expect(201);
        (await Api.Put(site + "/cases/c", Sample.Case("scs", patient: "P-2"))).Expect(201);
        var page = (await Api.Get($"{site}/cases?{query}")).Expect(200);
        Assert.That(string.Join(' ', page.Items.Select(item => item["case"]!.GetValue<string>())), Is.EqualTo(expected));
    }

    [Test]
    public async Task Turns_pages_without_a_gap_or_a_repeat()
    {
        var (found, next) = (new List<string>(), string.Empty);
        do
        {
            var page = (await Api.Get($"{Case}/costs?limit=2{next}")).Expect(200);
            Assert.That(page.Items, Has.Count.LessThanOrEqualTo(2));
            found.AddRange(page.Items.Select(item => item["cost"]!.GetValue<string>()));
            next = page.Json["next"] is { } cursor ? "&after=" + cursor : string.Empty;
        }
        while (next.Length > 0);
        Assert.That(found, Is.EqualTo(["C", "a", "b", "d", "e"]));
    }

    [Test]
    public async Task Has_a_tag_that_moves_with_what_it_shows()
    {
        var before = (await Api.Get(Case + "/stays")).Expect(200);
        (await Api.Get(Case + "/stays", ("If-None-Match", before.ETag!))).Expect(304);
        (await Api.Put(Case + "/stays/s", """{"admittedOn":"2024-01-31","dischargedOn":"2024-02-03"}""")).Expect(201);
        (await Api.Get(Case + "/stays", ("If-None-Match", before.ETag!))).Expect(200);
        (await Api.Delete(
            Case + "/stays/s",
            ("If-Match", (await Api.Get(Case + "/stays/s")).ETag!),
            ("X-Change-Reason", "Another patient's"))).Expect(204);
    }

    [TestCase("/sites/List/cases/c/events", "site-not-found", "Did you mean 'list'?")]
    [TestCase("/sites/none/cases/c/events", "site-not-found", "Site 'none' is not known")]
    [TestCase("/sites/list/cases/C/costs", "case-not-found", "Case 'C' is not known")]
    public async Task Says_what_of_the_address_is_not_there(string path, string code, string detail) =>
        Assert.That((await Api.Get(path)).ExpectProblem(404, code).Json["detail"]!.GetValue<string>(), Does.Contain(detail));
}
