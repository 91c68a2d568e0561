using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Idempotency;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Idempotency;

/// <summary>A POST that names itself by Idempotency-Key is carried out once, and each repetition gets the answer of the first.</summary>
public sealed class IdempotencyKeyTests(Engine engine) : RegistryFixture(engine)
{
    private const string Header = IdempotencyKeys.HeaderName;

    private readonly SettableClock _clock = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    private string _case = null!;

    protected override TimeProvider Clock => _clock;

    private IDatabase Database => (IDatabase)Host.Services.GetService(typeof(IDatabase))!;

    [SetUp]
    public async Task RecordACase()
    {
        _case = await Api.NewCase();
        (await Api.Put(_case + "/events/1", Sample.Event("implanted", "2024-01-01"))).Expect(201);
    }

    [Test]
    public async Task Repeats_the_answer_of_the_first_with_its_status_and_headers()
    {
        var key = Sample.Key("key");
        var first = (await Post("2024-02-01", 4, key)).Expect(201);
        Assert.That(first.Headers, Does.Not.ContainKey(StoredAnswer.ReplayedHeader));
        for (var time = 0; time < 3; time++)
        {
            var again = (await Post("2024-02-01", 4, key)).Expect(201);
            Assert.That(
                (again.Text, again.ETag, again.Location, again.ContentType),
                Is.EqualTo((first.Text, first.ETag, first.Location, first.ContentType)));
            Assert.That(again.Headers[StoredAnswer.ReplayedHeader], Is.EqualTo("true"));
        }

        (await Post("2024-02-01", 4, null)).Expect(200);
        (await Post("2024-02-01", 4, $"\"{key}\"")).Expect(201);
    }

    [Test]
    public async Task Refuses_a_key_that_came_with_another_request()
    {
        var key = Sample.Key("key");
        (await Post("2024-02-01", 4, key)).Expect(201);
        var other = (await Post("2024-02-01", 5, key)).Expect(422);
        Assert.That(other.Json["code"]!.GetValue<string>(), Is.EqualTo("idempotency-key-reused"));
        Assert.That(
            (await Api.Post(
                _case + "/assessments?", Sample.Assessment("2024-02-01", 4), (Header, key), ("X-Change-Reason", "Because")))
                    .Expect(422).Json["code"]!.GetValue<string>(),
            Is.EqualTo("idempotency-key-reused"));
        (await Post("2024-02-01", 4, key)).Expect(201);
    }

    [Test]
    public async Task Keeps_a_refusal_for_the_content_and_lets_what_is_to_be_mended_be_sent_again()
    {
        var (conflicting, late) = (Sample.Key("key"), Sample.Key("key"));
        (await Post("2024-02-01", 4, null)).Expect(201);
        var conflict = (await Post("2024-02-01", 5, conflicting)).Expect(409);
        Assert.That((await Post("2024-02-01", 5, conflicting)).Expect(409).Text, Is.EqualTo(conflict.Text));

        var path = _case + "-later/assessments";
        var body = Sample.Assessment("2024-02-01", 4);
        (await Api.Post(path, body, (Header, late))).Expect(404);
        (await Api.Put(_case + "-later", Sample.Case("scs", patient: "P-2"))).Expect(201);
        (await Api.Put(_case + "-later/events/1", Sample.Event("implanted", "2024-01-01"))).Expect(201);
        (await Api.Post(path, body, (Header, late))).Expect(201);
        (await Api.Post(path, body, (Header, late))).Expect(201);
    }

    [Test]
    public async Task Carries_a_request_out_once_that_comes_many_times_at_once()
    {
        var key = Sample.Key("key");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => Post("2024-02-01", 4, key))));
        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(201).Or.EqualTo(409));
        foreach (var refused in answers.Where(answer => answer.Status == 409))
        {
            Assert.That(refused.Json["code"]!.GetValue<string>(), Is.EqualTo("idempotency-key-in-use"));
            Assert.That(refused.Headers["Retry-After"], Is.EqualTo("1"));
        }

        Assert.That(
            answers.Count(answer => answer.Status == 201 && !answer.Headers.ContainsKey(StoredAnswer.ReplayedHeader)), Is.EqualTo(1));
    }

    [Test]
    public async Task Says_that_the_first_is_still_running_and_takes_it_for_broken_off_in_the_end()
    {
        var key = Sample.Key("key");
        (await Post("2024-02-01", 4, key)).Expect(201);
        await Database.Execute("UPDATE idempotent_request SET answer = NULL");
        var waiting = (await Post("2024-02-01", 4, key)).Expect(409);
        Assert.That(waiting.Json["code"]!.GetValue<string>(), Is.EqualTo("idempotency-key-in-use"));
        _clock.Now += TimeSpan.FromMinutes(3);
        (await Post("2024-02-01", 4, key)).Expect(200);
    }

    [Test]
    public async Task Takes_a_request_that_ended_with_the_program_before_for_broken_off()
    {
        var key = Sample.Key("key");
        (await Post("2024-02-01", 4, key)).Expect(201);
        await Database.Execute("UPDATE idempotent_request SET answer = NULL");
        _clock.Now += TimeSpan.FromSeconds(1);
        await Restart();

        // Where several instances serve one database, another may be at it.
        (await Post("2024-02-01", 4, key)).Expect(Engine == Engine.Sqlite ? 200 : 409);
    }

    [Test]
    public async Task Keeps_an_answer_over_a_restart_and_for_a_day()
    {
        var key = Sample.Key("key");
        var first = (await Post("2024-02-01", 4, key)).Expect(201);
        await Restart();
        Assert.That((await Post("2024-02-01", 4, key)).Expect(201).Text, Is.EqualTo(first.Text));
        _clock.Now += TimeSpan.FromHours(23);
        (await Post("2024-02-01", 4, key)).Expect(201);
        _clock.Now += TimeSpan.FromHours(2);
        (await Post("2024-02-01", 4, key)).Expect(200);
        Assert.That(await Database.Single<int>("SELECT COUNT(*) FROM idempotent_request"), Is.EqualTo(1), "what has expired is gone");
    }

    [Test]
    public async Task Keeps_a_batch_and_no_dry_run()
    {
        var (site, @case) = (Sample.KeyOf(_case[.._case.IndexOf("/cases/", StringComparison.Ordinal)]), Sample.KeyOf(_case));
        string Body(bool dryRun) =>
            $$"""{"dryRun": {{(dryRun ? "true" : "false")}}, "items": [{"site": "{{site}}", "case": "{{@case}}", "timepoint": "1m", "assessedOn": "2024-02-01", "nrs": 4}]}""";
        var (dry, wet) = (Sample.Key("key"), Sample.Key("key"));
        Assert.That(
            (await Api.Post("/assessments/batch", Body(true), (Header, dry))).Expect(200).Json["created"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(
            (await Api.Post("/assessments/batch", Body(false), (Header, wet))).Expect(200).Json["created"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(
            (await Api.Post("/assessments/batch", Body(true), (Header, dry))).Expect(200).Json["unchanged"]!.GetValue<int>(),
            Is.EqualTo(1));
        Assert.That(
            (await Api.Post("/assessments/batch", Body(false), (Header, wet))).Expect(200).Json["created"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task Gives_a_new_key_once_and_shows_it_to_whoever_repeats_the_request()
    {
        var (key, name) = (Sample.Key("key"), Sample.Key("engine"));
        var body = $$"""{"role": "dashboard", "name": "{{name}}"}""";
        var first = (await Api.Post("/keys", body, (Header, key))).Expect(201);
        Assert.That((await Api.Post("/keys", body, (Header, key))).Expect(201).Text, Is.EqualTo(first.Text));
        Assert.That((await Api.Get("/keys?limit=1000")).Items.Count(item => item["name"]!.GetValue<string>() == name), Is.EqualTo(1));
        var shown = first.Json["key"]!.GetValue<string>();
        foreach (var table in new[] { "idempotent_request", "access_key", "audit_entry" })
        {
            var rows = await Database.Read(session => session.Query<dynamic>($"SELECT * FROM {table}"), CancellationToken.None);
            var cells = rows.Cast<IDictionary<string, object?>>()
                .SelectMany(row => row.Values)
                .Select(cell => cell is byte[] bytes ? System.Text.Encoding.Latin1.GetString(bytes) : $"{cell}");
            Assert.That(cells.Where(cell => cell.Contains(shown, StringComparison.Ordinal)), Is.Empty, table);
        }
    }

    [Test]
    public async Task Keeps_the_keys_of_two_callers_apart()
    {
        var (key, site) = (Sample.Key("key"), Sample.KeyOf(_case[.._case.IndexOf("/cases/", StringComparison.Ordinal)]));
        var credential = (await Api.Post("/keys", $$"""{"role": "site", "site": "{{site}}", "name": "{{Sample.Key("engine")}}"}"""))
            .Expect(201).Json["key"]!.GetValue<string>();
        (await Post("2024-02-01", 4, key)).Expect(201);
        var other = (await new ApiClient(Host.CreateClient(), credential).Post(
            _case + "/assessments", Sample.Assessment("2024-02-01", 4), (Header, key))).Expect(200);
        Assert.That(other.Headers, Does.Not.ContainKey(StoredAnswer.ReplayedHeader));
    }

    [TestCase(" ")]
    [TestCase("two words")]
    [TestCase("ümlaut")]
    public async Task Refuses_a_key_that_is_none(string key)
    {
        var answer = (await Post("2024-02-01", 4, key)).Expect(400);
        Assert.That(answer.Faults, Is.EqualTo([("/" + Header, "not-an-idempotency-key")]));
        (await Api.Get(_case + "/assessments/1m")).Expect(404);
    }

    [Test]
    public async Task Refuses_a_key_that_is_too_long_or_stated_twice()
    {
        (await Post("2024-02-01", 4, new string('k', 256))).Expect(400);
        (await Api.Post(_case + "/assessments", Sample.Assessment("2024-02-01", 4), (Header, "one"), (Header, "two"))).Expect(400);
        (await Post("2024-02-01", 4, new string('k', 255))).Expect(201);
    }

    [Test]
    public async Task Keeps_nothing_that_can_be_read()
    {
        var key = Sample.Key("key");
        (await Post("2024-02-01", 4, key)).Expect(201);
        var answers = await Database.Read(
            session => session.Query<byte[]>("SELECT answer FROM idempotent_request WHERE answer IS NOT NULL"), CancellationToken.None);
        Assert.That(answers, Is.Not.Empty);
        foreach (var text in answers.Select(System.Text.Encoding.Latin1.GetString))
        {
            Assert.That(text, Does.Not.Contain("assessedOn").And.Not.Contain(key));
        }
    }

    private Task<ApiAnswer> Post(string day, int nrs, string? key) =>
        key is null
            ? Api.Post(_case + "/assessments", Sample.Assessment(day, nrs))
            : Api.Post(_case + "/assessments", Sample.Assessment(day, nrs), (Header, key));
}
