using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Audit;

/// <summary>What the audit trail tells: who did what, when, from where and why; filtered, and page by page.</summary>
public sealed class AuditTrailTests(Engine engine) : RegistryFixture(engine)
{
    private const string SentAt = "2026-11-20T08:30:00.5+01:00";

    private string _site = null!;

    private IDatabase Database => (IDatabase)Host.Services.GetService(typeof(IDatabase))!;

    protected override async Task Prepare()
    {
        _site = await Api.NewSite();
        (await Api.Put(_site + "/cases/one", Sample.Case("scs"))).Expect(201);
        var first = (await Api.Put(
            _site + "/cases/one/assessments/baseline", Sample.Assessment("2024-01-10", 8), ("X-Sent-At", SentAt))).Expect(201);
        var corrected = (await Api.Put(
            _site + "/cases/one/assessments/baseline",
            Sample.Assessment("2024-01-10", 7),
            ("If-Match", first.ETag!),
            ("X-Change-Reason", "Transcription error"))).Expect(200);
        (await Api.Delete(
            _site + "/cases/one/assessments/baseline", ("If-Match", corrected.ETag!), ("X-Change-Reason", "Another patient"))).Expect(204);
        (await Api.Put(_site + "/cases/two", Sample.Case("drg", patient: "P-2"))).Expect(201);
    }

    [Test]
    public async Task Tells_of_every_change_of_a_site_in_order()
    {
        var items = (await Trail()).Take(6).ToList();
        Assert.That(items.Select(item => item["number"]!.GetValue<int>()), Is.EqualTo([1, 2, 3, 4, 5, 6]));
        Assert.That(
            items.Select(item => item["action"]!.GetValue<string>()),
            Is.EqualTo(["recorded", "recorded", "recorded", "corrected", "retracted", "recorded"]));
        Assert.That(
            items.Select(item => item["kind"]!.GetValue<string>()),
            Is.EqualTo(["site", "case", "assessment", "assessment", "assessment", "case"]));
        Assert.That(items.Select(item => item["version"]!.GetValue<int>()), Is.EqualTo([1, 1, 1, 2, 3, 1]));
        Assert.That(
            items.Select(item => item["previousVersion"]?.GetValue<int>()), Is.EqualTo(new int?[] { null, null, null, 1, 2, null }));
        Assert.That(
            items.Select(item => item["reason"]?.GetValue<string>()),
            Is.EqualTo(new[] { null, null, null, "Transcription error", "Another patient", null }));
        Assert.That(items.Select(item => item["recordedBy"]!.GetValue<string>()), Is.All.EqualTo("administrator"));
        Assert.That(items.Select(item => item["keyId"]!.GetValue<string>()), Is.All.EqualTo("administrator"));
        Assert.That(items.Select(item => item["hash"]!.GetValue<string>()).Distinct().Count(), Is.EqualTo(6));
        Assert.That(items.Select(item => item["chain"]!.GetValue<string>()), Is.All.EqualTo(Sample.KeyOf(_site)));
    }

    [Test]
    public async Task Keeps_the_senders_own_instant_beside_that_of_receipt()
    {
        const string Utc = "2026-11-20T07:30:00.500000Z";
        Assert.That(
            (await Trail()).Take(6).Select(item => item["sentAt"]?.GetValue<string>()),
            Is.EqualTo(new[] { null, null, Utc, null, null, null }));
        var history = (await Api.Get(_site + "/cases/one/assessments/baseline/history")).Expect(200).Json.AsArray();
        Assert.That(history.Select(version => version!["sentAt"]?.GetValue<string>()), Is.EqualTo(new[] { Utc, null, null }));
        var changes = (await Api.Get(_site + "/changes")).Expect(200).Items;
        Assert.That(changes[2]["sentAt"]!.GetValue<string>(), Is.EqualTo(Utc));
    }

    [TestCase("yesterday")]
    [TestCase("2026-11-20")]
    [TestCase("2026-11-20T08:30:00")]
    [TestCase("2026-02-30T08:30:00Z")]
    public async Task Refuses_an_instant_that_is_none(string sentAt)
    {
        var answer = (await Api.Put(_site + "/cases/refused", Sample.Case("scs"), ("X-Sent-At", sentAt))).Expect(400);
        Assert.That(answer.Faults, Is.EqualTo([("/X-Sent-At", "not-an-instant")]));
        (await Api.Post(
            "/assessments/batch", """{"items": [{"site": "s", "case": "c", "notDone": "died"}]}""", ("X-Sent-At", sentAt))).Expect(400);
        (await Api.Get(_site + "/cases/refused")).Expect(404);
    }

    [TestCase("kind=assessment", 3, 4, 5)]
    [TestCase("case=two", 6)]
    [TestCase("case=one&kind=case", 2)]
    [TestCase("code=baseline", 3, 4, 5)]
    [TestCase("key=administrator&kind=site", 1)]
    [TestCase("key=another")]
    [TestCase("to=2000-01-01")]
    [TestCase("from=2000-01-01&to=2999-12-31&kind=case&case=two", 6)]
    [TestCase("from=2999-12-31")]
    public async Task Filters(string filter, params int[] numbers)
    {
        var items = (await Api.Get($"/audit?site={Sample.KeyOf(_site)}&{filter}")).Expect(200).Items;
        Assert.That(items.Where(item => item["chain"] is not null).Select(item => item["number"]!.GetValue<int>()), Is.EqualTo(numbers));
    }

    [Test]
    public async Task Turns_page_by_page_without_a_gap()
    {
        (await Api.Get("/audit/head")).Expect(200);
        var whole = (await Api.Get("/audit?limit=1000")).Expect(200).Items;
        var turned = new List<JsonNode>();
        for (string? next = string.Empty; next is not null;)
        {
            var page =
                (await Api.Get("/audit?limit=2" + (next.Length == 0 ? string.Empty : "&after=" + Uri.EscapeDataString(next)))).Expect(200);
            turned.AddRange(page.Items);
            next = page.Json["next"]?.GetValue<string>();
        }

        Assert.That(turned.Select(item => item.ToJsonString()), Is.EqualTo(whole.Select(item => item.ToJsonString())));
        Assert.That(whole.Select(item => item["action"]!.GetValue<string>()), Does.Contain("anchor").And.Contain("recorded"));
    }

    [TestCase("kind=visit", "/kind", "unknown-code")]
    [TestCase("from=today", "/from", "not-a-date")]
    [TestCase("after=here", "/after", "not-a-cursor")]
    [TestCase("who=me", "/who", "unknown-parameter")]
    public async Task Refuses_a_filter_that_is_none(string query, string at, string code) =>
        Assert.That((await Api.Get("/audit?" + query)).Expect(400).Faults, Is.EqualTo([(at, code)]));

    [Test]
    public async Task Knows_no_trail_of_a_site_that_never_was()
    {
        (await Api.Get("/audit?site=never")).Expect(404);
        (await Api.Get("/audit/verify?site=never")).Expect(404);
    }

    [Test]
    public async Task Shows_a_site_its_own_trail_and_no_other()
    {
        var (own, other) = (Sample.KeyOf(_site), Sample.KeyOf(await Api.NewSite()));
        var key =
            (await Api.Post("/keys", $$"""{"role": "site", "site": "{{own}}", "name": "{{Sample.Key("engine")}}"}""")).Expect(201).Json;
        (await Api.Get("/audit/head")).Expect(200);
        var site = new ApiClient(Host.CreateClient(), key["key"]!.GetValue<string>());
        var items = (await site.Get("/audit?limit=1000")).Expect(200).Items;
        Assert.That(items.Select(item => item["site"]!.GetValue<string>()), Is.All.EqualTo(own));
        Assert.That(items.Select(item => item["action"]!.GetValue<string>()), Does.Contain("recorded").And.Contain("key-created"));
        Assert.That(
            items.Single(item => item["action"]!.GetValue<string>() == "key-created")["subject"]!.GetValue<string>(),
            Is.EqualTo(key["id"]!.GetValue<string>()));

        var heads = (await site.Get("/audit/head")).Expect(200).Json;
        Assert.That(heads["registry"], Is.Null);
        Assert.That(heads["sites"]!.AsArray().Select(head => head!["site"]!.GetValue<string>()), Is.EqualTo([own]));
        Assert.That((await site.Get("/audit/verify")).Expect(200).Json["verified"]!.GetValue<bool>());
        foreach (var query in new[] { "/audit?site=", "/audit/verify?site=" })
        {
            var foreign = (await site.Get(query + other)).Expect(404).Json;
            var never = (await site.Get(query + "never")).Expect(404).Json;
            Assert.That(
                foreign["detail"]!.GetValue<string>().Replace(other, "never", StringComparison.Ordinal),
                Is.EqualTo(never["detail"]!.GetValue<string>()));
        }

        // What comes with the key is told with its name and its id.
        (await site.Put(_site + "/cases/of-the-engine", Sample.Case("scs"))).Expect(201);
        var recorded = (await Api.Get($"/audit?site={own}&key={key["id"]}")).Expect(200).Items;
        Assert.That(
            recorded.Single(item => item["kind"] is not null)["recordedBy"]!.GetValue<string>(),
            Is.EqualTo(key["name"]!.GetValue<string>()));
        (await site.Delete(
            _site + "/cases/of-the-engine",
            ("If-Match", (await site.Get(_site + "/cases/of-the-engine")).ETag!),
            ("X-Change-Reason", "Only a test"))).Expect(204);
        (await site.Delete(_site + "/patients/P-2", ("X-Change-Reason", "Consent was withdrawn"))).Expect(403);
    }

    [Test]
    public async Task Shows_a_site_no_caller_of_another_site()
    {
        var readers = new List<(string Site, string Id, string Name, ApiClient Client)>();
        foreach (var site in new[] { _site, await Api.NewSite(), await Api.NewSite() })
        {
            var (code, name) = (Sample.KeyOf(site), Sample.Key("reader"));
            var (id, _, client) = await Host.Issue("site", code, name);
            readers.Add((code, id, name, client));
        }

        foreach (var reader in readers)
        {
            foreach (var writer in readers)
            {
                (await writer.Client.Put($"/sites/{writer.Site}/cases/{Sample.Key("c")}", Sample.Case("scs"))).Expect(201);
            }

            foreach (var path in (string[])["/audit", "/audit/head", "/audit/verify", $"/sites/{reader.Site}/changes", "/sites"])
            {
                (await reader.Client.Get(path)).Expect(200);
            }
        }

        // An older program anchored every site in the name of whoever read the heads.
        var foreign = readers[1];
        var (log, by) = (Host.Services.GetRequiredService<AuditLog>(), new Sender(foreign.Name, foreign.Id, "203.0.113.77"));
        await Database.Write(
            [AuditLog.Chain],
            async session =>
            {
                var head = await Heads.Of(session, readers[0].Site);
                await log.Append(session, new AuditEntry(AuditActions.Anchor, readers[0].Site, string.Empty, by) { Anchored = head });
                return true;
            },
            CancellationToken.None);

        foreach (var (site, id, name, client) in readers)
        {
            var trail = (await client.Get("/audit?limit=1000")).Expect(200);
            Assert.That(trail.Items.Select(item => item["action"]!.ToString()), Does.Contain("anchor").And.Contain("recorded"));
            Assert.That(
                trail.Items.Where(item => item["action"]!.ToString() == "anchor")
                    .Select(item => (item["recordedBy"]!.ToString(), item["keyId"], item["address"])),
                Is.All.EqualTo(("registry", (JsonNode?)null, (JsonNode?)null)));
            foreach (var other in readers.Where(reader => reader.Site != site))
            {
                Assert.That(trail.Text, Does.Not.Contain(other.Id).And.Not.Contain(other.Name).And.Not.Contain("203.0.113.77"));
                Assert.That((await client.Get("/audit?key=" + other.Id)).Expect(200).Items, Is.Empty);
            }
        }

        Assert.That((await Api.Get("/audit/verify")).Expect(200).Json["verified"]!.GetValue<bool>());
    }

    [Test]
    public async Task Tells_of_an_export_that_was_sent()
    {
        async Task<List<JsonNode>> Exports() =>
            [.. (await Api.Get("/audit?limit=1000")).Expect(200).Items.Where(item => item["action"]!.GetValue<string>() == "export")];
        var before = (await Exports()).Count;
        var export = (await Api.Get("/cohorts/export?format=ndjson&procedure=scs")).Expect(200);
        (await Api.Send(HttpMethod.Head, "/cohorts/export?format=ndjson&procedure=scs", null, [])).Expect(200);
        (await Api.Get("/cohorts/export?format=ndjson&procedure=scs", ("If-None-Match", export.ETag!))).Expect(304);
        var after = await Exports();
        Assert.That(after, Has.Count.EqualTo(before + 1));
        Assert.That(after[^1]["subject"]!.GetValue<string>(), Is.EqualTo("ndjson"));
        Assert.That(after[^1]["detail"]!["filter"]!["procedure"]!.ToJsonString(), Does.Contain("scs"));
        Assert.That(after[^1]["recordedBy"]!.GetValue<string>(), Is.EqualTo("administrator"));
    }

    [Test]
    public async Task A_retraction_obscures_nothing_that_was_recorded()
    {
        var history = (await Api.Get(_site + "/cases/one/assessments/baseline/history")).Expect(200).Json.AsArray();
        Assert.That(history.Select(version => version!["value"]!["nrs"]!.GetValue<int>()), Is.EqualTo([8, 7, 7]));
        Assert.That(history.Select(version => version!["retracted"]!.GetValue<bool>()), Is.EqualTo([false, false, true]));
    }

    [TestCase("UPDATE resource_version SET content = '{}' WHERE version = 1")]
    [TestCase("UPDATE resource_version SET recorded_by = 'nobody'")]
    [TestCase("UPDATE resource_version SET hash = NULL")]
    [TestCase("DELETE FROM resource_version")]
    [TestCase("UPDATE audit_entry SET recorded_by = 'nobody'")]
    [TestCase("DELETE FROM audit_entry")]
    public async Task The_database_refuses_to_change_the_trail(string sql)
    {
        (await Api.Get("/audit/head")).Expect(200);
        var before = await Database.Rows("SELECT * FROM resource_version");
        Assert.That(async () => await Database.Execute(sql), Throws.Exception.With.Message.Contains("only ever added to"));
        Assert.That(await Database.Rows("SELECT * FROM resource_version"), Is.EqualTo(before));
    }

    private async Task<IEnumerable<JsonNode>> Trail() =>
        (await Api.Get("/audit?site=" + Sample.KeyOf(_site))).Expect(200).Items.Where(item => item["chain"] is not null);
}
