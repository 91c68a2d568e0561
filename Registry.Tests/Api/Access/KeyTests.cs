using NUnit.Framework;
using Registry.Api.Access;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Access;

/// <summary>Keys are issued, listed and revoked; what has ended opens nothing.</summary>
public sealed class KeyTests(Engine engine) : RegistryFixture(engine)
{
    private readonly SettableClock _clock = new(new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));

    protected override TimeProvider Clock => _clock;

    protected override async Task Prepare() => (await Api.Put("/sites/own", Sample.Site)).Expect(201);

    [Test]
    public async Task Is_shown_once_and_stored_nowhere()
    {
        var answer =
            (await Api.Post("/keys", """{"role":"site","site":"own","name":"Integration engine","expiresOn":"2026-12-31"}""")).Expect(201);
        var (id, key) = (answer.Json["id"]!.GetValue<string>(), answer.Json["key"]!.GetValue<string>());
        Assert.That(ApiKey.IsWellFormed(key), key);
        Assert.That(answer.Headers["Cache-Control"], Is.EqualTo("no-store"));
        Assert.That(id, Is.EqualTo(ApiKey.IdOf(ApiKey.Hash(key))));

        var listed = await Listed(id);
        Assert.That(
            (listed["name"]!.ToString(),
                listed["role"]!.ToString(),
                listed["site"]!.ToString(),
                listed["state"]!.ToString(),
                listed["expiresOn"]!.ToString(),
                listed["createdBy"]!.ToString(),
                listed["createdAt"]!.ToString()),
            Is.EqualTo(("Integration engine", "site", "own", "valid", "2026-12-31", "administrator", "2026-03-10T12:00:00.000000Z")));
        Assert.That((await Api.Get("/keys")).Text, Does.Not.Contain(key).And.Not.Contain("hash"));
        var rows = await ((IDatabase)Host.Services.GetService(typeof(IDatabase))!).Read(
            session => session.Query<dynamic>("SELECT * FROM access_key"), CancellationToken.None);
        Assert.That(
            string.Join('\n', rows.Select(row => string.Join('|', ((IDictionary<string, object>)row).Values))),
            Does.Contain(Convert.ToHexStringLower(ApiKey.Hash(key))).And.Not.Contain(key[4..20]));
    }

    [TestCase("""{"role":"site","name":"k"}""", "/site", "missing")]
    [TestCase("""{"role":"site","site":"nowhere","name":"k"}""", "/site", "unknown-site")]
    [TestCase("""{"role":"site","site":"a b","name":"k"}""", "/site", "not-an-identifier")]
    [TestCase("""{"role":"research","site":"own","name":"k"}""", "/site", "does-not-apply")]
    [TestCase("""{"role":"root","name":"k"}""", "/role", "unknown-code")]
    [TestCase("""{"name":"k"}""", "/role", "missing")]
    [TestCase("""{"role":"admin"}""", "/name", "missing")]
    [TestCase("""{"role":"admin","name":""}""", "/name", "not-a-name")]
    [TestCase("""{"role":"admin","name":" k"}""", "/name", "not-a-name")]
    [TestCase("""{"role":"admin","name":"k","expiresOn":"2026-03-09"}""", "/expiresOn", "date-in-the-past")]
    [TestCase("""{"role":"admin","name":"k","expiresOn":"2026-02-30"}""", "/expiresOn", "not-a-date")]
    [TestCase("""{"role":"admin","name":"k","key":"mine"}""", "/key", "unknown-member")]
    public async Task Is_not_issued_with_a_fault(string body, string member, string code)
    {
        var before = (await Api.Get("/keys?limit=1000")).Text;
        Assert.That((await Api.Post("/keys", body)).ExpectProblem(422, "invalid-content").Faults, Does.Contain((member, code)));
        Assert.That((await Api.Get("/keys?limit=1000")).Text, Is.EqualTo(before));
    }

    [Test]
    public async Task Has_no_name_under_which_the_program_or_another_caller_stands_in_history()
    {
        foreach (var name in ReservedNames.Names.Concat(ReservedNames.Beginnings.Select(beginning => beginning + "me"))
            .SelectMany(name => (string[])[name, name.ToUpperInvariant()]))
        {
            var answer = await Api.Post("/keys", $$"""{"role":"admin","name":"{{name}}"}""");
            Assert.That(answer.ExpectProblem(422, "invalid-content").Faults, Is.EqualTo([("/name", "not-a-name")]), name);
        }

        Assert.That(
            ((string[])[Sender.Registry.Name, ReservedNames.Seeder, .. DemonstrationData.Keys.Select(
                key => ReservedNames.Demonstration + Registry.Domain.Common.Code.Of(key.Role))]).Where(name => !ReservedNames.Has(name)),
            Is.Empty);
        Assert.That(
            SourceTree.Code("Registry.Api").Where(
                file => System.Text.RegularExpressions.Regex.IsMatch(file.Text, @"\bSender(\(| \w+ = new\()""")).Select(file => file.Path),
            Is.Empty,
            "a name that the program signs with is in the list");
        (await Api.Post("/keys", """{"role":"dashboard","name":"registry of Kiel"}""")).Expect(201);
    }

    [Test]
    public async Task Opens_nothing_once_it_is_revoked_on_every_instance()
    {
        var (id, key, client) = await Host.Issue("dashboard", name: "revoked");
        (await client.Get("/summaries/trials")).Expect(200);
        if (Engine == Engine.SqlServer)
        {
            await using var other = NewHost();
            var there = other.With(key);
            (await there.Get("/summaries/trials")).Expect(200);
            (await Api.Delete("/keys/" + id)).Expect(204);
            (await there.Get("/summaries/trials")).ExpectProblem(401, "unauthenticated");
        }

        (await Api.Delete("/keys/" + id)).Expect(204);
        (await client.Get("/summaries/trials")).ExpectProblem(401, "unauthenticated");
        Assert.That((await Listed(id))["state"]!.ToString(), Is.EqualTo("revoked"));
        Assert.That((await Listed(id))["revokedBy"]!.ToString(), Is.EqualTo("administrator"));
    }

    [Test]
    public async Task Is_revoked_by_its_id_alone()
    {
        (await Api.Delete("/keys/0123456789ab")).ExpectProblem(404, "not-found");
        (await Api.Delete("/keys/a%20b")).ExpectProblem(400, "invalid-parameters");
    }

    [Test]
    public async Task Is_valid_up_to_its_last_day_and_no_longer()
    {
        var key = (await Api.Post("/keys", """{"role":"dashboard","name":"short","expiresOn":"2026-03-10"}""")).Expect(201).Json;
        var client = Host.With(key["key"]!.ToString());
        var before = _clock.Now;
        try
        {
            _clock.Now = new DateTimeOffset(2026, 3, 10, 23, 59, 59, TimeSpan.Zero);
            (await client.Get("/summaries/trials")).Expect(200);
            _clock.Now = _clock.Now.AddSeconds(1);
            var refused = (await client.Get("/summaries/trials")).ExpectProblem(401, "unauthenticated");
            Assert.That(refused.Json["detail"]!.ToString(), Does.Contain("2026-03-10"));
            Assert.That((await Listed(key["id"]!.ToString()))["state"]!.ToString(), Is.EqualTo("expired"));
        }
        finally
        {
            _clock.Now = before;
        }
    }

    [Test]
    public async Task Is_replaced_by_another_of_its_name_without_a_gap()
    {
        var (old, _, before) = await Host.Issue("site", "own", "rotated");
        var (_, _, after) = await Host.Issue("site", "own", "rotated");
        (await before.Get("/sites/own")).Expect(200);
        (await after.Get("/sites/own")).Expect(200);
        (await Api.Delete("/keys/" + old)).Expect(204);
        (await before.Get("/sites/own")).ExpectProblem(401);
        (await after.Get("/sites/own")).Expect(200);
    }

    [Test]
    public async Task Shares_its_name_with_no_valid_key_of_another_role_or_site()
    {
        var (id, _, _) = await Host.Issue("research", name: "shared");
        Assert.That(
            (await Api.Post("/keys", """{"role":"dashboard","name":"shared"}""")).ExpectProblem(422).Faults,
            Is.EqualTo([("/name", "name-in-use")]));
        Assert.That(
            (await Api.Post("/keys", """{"role":"site","site":"own","name":"shared"}""")).ExpectProblem(422).Faults,
            Is.EqualTo([("/name", "name-in-use")]));
        (await Api.Delete("/keys/" + id)).Expect(204);
        (await Api.Post("/keys", """{"role":"dashboard","name":"shared"}""")).Expect(201);
    }

    [Test]
    public async Task Stands_in_the_history_of_what_it_recorded()
    {
        var (_, _, client) = await Host.Issue("site", "own", "Übertragung");
        (await client.Put("/sites/own/cases/c", Sample.Case("drez"))).Expect(201);
        Assert.That(
            (await client.Get("/sites/own/cases/c/history")).Expect(200).Json[0]!["recordedBy"]!.ToString(), Is.EqualTo("Übertragung"));
    }

    [Test]
    public async Task Tells_when_it_was_last_used_after_a_restart_too()
    {
        var (used, key, client) = await Host.Issue("dashboard", name: "used");
        var (unused, _, _) = await Host.Issue("dashboard", name: "unused");
        (await client.Get("/summaries/trials")).Expect(200);
        Assert.That((await Listed(used))["lastUsedAt"]!.ToString(), Is.EqualTo("2026-03-10T12:00:00.000000Z"));
        await Restart();
        Assert.That(
            (await Listed(used))["lastUsedAt"]!.ToString(), Is.EqualTo("2026-03-10T12:00:00.000000Z"), "stored when the program ended");
        Assert.That((await Listed(unused))["lastUsedAt"], Is.Null);
        (await Host.With(key).Get("/summaries/trials")).Expect(200);
    }

    [Test]
    public async Task Are_listed_page_by_page()
    {
        for (var number = 0; number < 3; number++)
        {
            await Host.Issue("dashboard", name: "paged");
        }

        var all = (await Api.Get("/keys?limit=1000")).Expect(200).Items.Select(item => item["id"]!.ToString()).ToList();
        var paged = new List<string>();
        for (var next = string.Empty; next is not null;)
        {
            var page = (await Api.Get($"/keys?limit=2{(next.Length == 0 ? "" : "&after=" + next)}")).Expect(200);
            paged.AddRange(page.Items.Select(item => item["id"]!.ToString()));
            next = page.Json["next"]?.ToString();
        }

        Assert.That(paged, Is.EqualTo(all).And.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
    }

    [Test]
    public async Task Leaves_a_trail_of_its_issue_and_end_without_the_key()
    {
        var (id, key, _) = await Host.Issue("site", "own", "trailed");
        (await Api.Delete("/keys/" + id)).Expect(204);
        (await Api.Delete("/keys/" + id)).Expect(204);
        var trail = (await Api.Get("/audit?limit=1000")).Expect(200);
        Assert.That(
            trail.Items.Where(item => item["subject"]?.ToString() == id)
                .Select(item => (item["action"]!.ToString(), item["site"]!.ToString())),
            Is.EqualTo([("key-created", "own"), ("key-revoked", "own")]));
        Assert.That(trail.Text, Does.Not.Contain(key));
    }

    private async Task<System.Text.Json.Nodes.JsonNode> Listed(string id) =>
        (await Api.Get("/keys?limit=1000")).Expect(200).Items.Single(item => item["id"]!.ToString() == id);
}
