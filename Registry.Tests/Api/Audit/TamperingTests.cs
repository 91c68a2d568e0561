using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Audit;

/// <summary>
/// Somebody changes the trail at a SQL prompt, past the triggers: the verification names the first row that is not as it was.
/// </summary>
public sealed class TamperingTests(Engine engine) : RegistryFixture(engine)
{
    private const int Changes = 7;

    private readonly string[] _triggers = engine == Engine.Sqlite
        ? ["resource_version_is_not_changed", "resource_version_is_not_deleted", "audit_entry_is_not_changed", "audit_entry_is_not_deleted"]
        : ["resource_version_is_not_changed", "audit_entry_is_not_changed"];

    private string _site = null!;

    private IDatabase Database => (IDatabase)Host.Services.GetService(typeof(IDatabase))!;

    protected override async Task Prepare()
    {
        foreach (var trigger in _triggers)
        {
            await Database.Execute($"DROP TRIGGER {trigger}");
        }
    }

    // Each test has a site of its own to tamper with.
    [SetUp]
    public async Task Record()
    {
        var site = await Api.NewSite();
        _site = Sample.KeyOf(site);
        for (var number = 1; number < Changes; number++)
        {
            (await Api.Put(
                FormattableString.Invariant($"{site}/cases/c{number}"),
                Sample.Case("scs", patient: FormattableString.Invariant($"P-{number}")))).Expect(201);
        }

        Assert.That((await Verify($"?site={_site}"))["verified"]!.GetValue<bool>());
    }

    [TestCase(
        "content",
        "'{\"patient\":{\"reference\":\"#1\",\"sex\":\"male\",\"birthYear\":1960},\"procedure\":\"scs\",\"indication\":\"crps\"}'")]
    [TestCase("recorded_at", "'2020-01-01T00:00:00.000000Z'")]
    [TestCase("recorded_by", "'somebody'")]
    [TestCase("key_id", "NULL")]
    [TestCase("client_address", "'192.0.2.1'")]
    [TestCase("sent_at", "'2020-01-01T00:00:00.000000Z'")]
    [TestCase("reason", "'Because'")]
    [TestCase("is_retracted", "1")]
    [TestCase("version", "2")]
    [TestCase("case_code", "'another'")]
    [TestCase("resource_code", "'x'")]
    [TestCase("hash", "NULL")]
    public async Task Names_a_row_of_which_a_field_was_changed(string column, string value)
    {
        await Database.Execute($"UPDATE resource_version SET {column} = {value} WHERE site_code = '{_site}' AND change_number = 4");
        await ExpectBreak(4, "altered");
    }

    [Test]
    public async Task Names_a_row_that_was_deleted_in_the_middle()
    {
        await Database.Execute($"DELETE FROM resource_version WHERE site_code = '{_site}' AND change_number = 3");
        await ExpectBreak(3, "missing");
    }

    [Test]
    public async Task Names_the_newest_row_that_was_deleted()
    {
        await Database.Execute($"DELETE FROM resource_version WHERE site_code = '{_site}' AND change_number = {Changes}");
        await ExpectBreak(Changes, "missing");
    }

    [Test]
    public async Task Names_a_row_that_was_put_in_at_the_end()
    {
        await Database.Execute(
            $"INSERT INTO resource_version (site_code, case_code, kind, resource_code, version, content, is_retracted, recorded_at, "
            + "recorded_by, change_number) "
            + $"VALUES ('{_site}', 'forged', 'case', '', 1, '{{}}', 0, '2024-01-01T00:00:00.000000Z', 'administrator', {Changes + 1})");
        await ExpectBreak(Changes + 1, "added");
    }

    [Test]
    public async Task Names_the_first_of_several()
    {
        await Database.Execute(
            $"UPDATE resource_version SET recorded_by = 'somebody' WHERE site_code = '{_site}' AND change_number IN (6, 5)");
        await Database.Execute($"DELETE FROM resource_version WHERE site_code = '{_site}' AND change_number = 7");
        await ExpectBreak(5, "altered");
    }

    [Test]
    public async Task Tells_from_an_anchor_that_the_newest_rows_and_the_head_were_put_back()
    {
        (await Api.Get("/audit/head")).Expect(200);
        await PutBack(Changes - 2);
        await ExpectBreak(Changes - 1, "missing");
    }

    [Test]
    public async Task Tells_from_a_head_that_was_kept_that_rows_and_anchors_were_put_back()
    {
        var kept =
            (await Api.Get("/audit/head")).Expect(200).Json["sites"]!.AsArray().Single(site => site!["site"]!.GetValue<string>() == _site)!;
        var query = $"?site={_site}&number={kept["number"]}&hash={kept["hash"]}";
        Assert.That((await Verify(query))["verified"]!.GetValue<bool>());
        await PutBack(Changes - 2);
        await Database.Execute($"DELETE FROM audit_entry WHERE site_code = '{_site}'");
        Assert.That((await Verify($"?site={_site}"))["verified"]!.GetValue<bool>(), "the shorter chain is whole in itself");

        var answer = await Verify(query);
        Assert.That(answer["verified"]!.GetValue<bool>(), Is.False);
        Assert.That(answer["break"]!["kind"]!.GetValue<string>(), Is.EqualTo("missing"));
        Assert.That(answer["break"]!["number"]!.GetValue<int>(), Is.EqualTo(Changes - 1));

        // And where as many were recorded anew, others than were there.
        (await Api.Put($"/sites/{_site}/cases/c7", Sample.Case("drg", patient: "P-7"))).Expect(201);
        (await Api.Put($"/sites/{_site}/cases/c8", Sample.Case("drg", patient: "P-8"))).Expect(201);
        var anew = await Verify(query);
        Assert.That(anew["break"]!["kind"]!.GetValue<string>(), Is.EqualTo("replaced"), anew.ToJsonString());
    }

    [Test]
    public async Task Names_an_entry_of_the_registry_that_was_changed()
    {
        var head = (await Api.Get("/audit/head")).Expect(200).Json["registry"]!;
        var (number, query) = (head["number"]!.GetValue<int>(), $"?number={head["number"]}&hash={head["hash"]}");
        var before = await Verify(query);
        Assert.That(before["break"]?["site"] is not null || before["verified"]!.GetValue<bool>(), before.ToJsonString());
        await Database.Execute($"UPDATE audit_entry SET recorded_by = 'somebody' WHERE entry_number = {number}");
        var answer = await Verify(query);
        Assert.That(answer["break"]!["site"], Is.Null);
        Assert.That(answer["break"]!["number"]!.GetValue<int>(), Is.EqualTo(number));
        Assert.That(answer["break"]!["kind"]!.GetValue<string>(), Is.EqualTo("altered"));

        await Database.Execute($"DELETE FROM audit_entry WHERE entry_number = {number}");
        Assert.That((await Verify(query))["break"]!["kind"]!.GetValue<string>(), Is.EqualTo("missing"));

        // As it was, for the other tests.
        await Database.Execute(
            $"UPDATE data_version SET changes = {number - 1}, head = (SELECT e.hash FROM audit_entry e WHERE e.entry_number = "
                + $"{number - 1}) WHERE table_name = 'audit'");
    }

    [TestCase("number=3")]
    [TestCase("hash=00")]
    [TestCase("number=0&hash=0000000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("number=1&hash=xyz")]
    public async Task Refuses_a_head_that_is_none(string query) => (await Api.Get("/audit/verify?" + query)).Expect(400);

    private async Task<JsonNode> Verify(string query) => (await Api.Get("/audit/verify" + query)).Expect(200).Json;

    private async Task ExpectBreak(int number, string kind)
    {
        var answer = await Verify($"?site={_site}");
        Assert.That(answer["verified"]!.GetValue<bool>(), Is.False);
        Assert.That(answer["break"]!["site"]!.GetValue<string>(), Is.EqualTo(_site));
        Assert.That(answer["break"]!["number"]!.GetValue<int>(), Is.EqualTo(number), answer.ToJsonString());
        Assert.That(answer["break"]!["kind"]!.GetValue<string>(), Is.EqualTo(kind), answer.ToJsonString());
    }

    // The newest rows of the trail are taken away, and its head is put back; the anchors are as they were.
    private async Task PutBack(int last)
    {
        await Database.Execute($"DELETE FROM resource_version WHERE site_code = '{_site}' AND change_number > {last}");
        await Database.Execute(
            $"UPDATE data_version SET changes = {last}, head = (SELECT v.hash FROM resource_version v WHERE v.site_code = '{_site}' AND "
                + $"v.change_number = {last}) WHERE site_code = '{_site}' AND table_name = 'record'");
    }
}
