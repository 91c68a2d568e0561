using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Metrics.Oracle;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Cohorts;

/// <summary>Cohorts that are kept under a name: how they are written, who sees them, and that they answer as the same query does.</summary>
public sealed class SavedCohortTests(Engine engine) : RegistryFixture(engine)
{
    private const string Women = """{"title":"Women","shared":true,"filter":{"sex":["female"],"procedure":["scs","drg"]}}""";
    private const string Men = """{"filter":{"sex":"male"}}""";

    private static readonly (string, string) Why = ("X-Change-Reason", "revised");

    private readonly RecordedRegistry _registry = RandomRegistry.Make(7, 40);
    private ApiClient _owner = null!;
    private ApiClient _other = null!;

    protected override TimeProvider? Clock => RandomRegistry.Clock;

    protected override async Task Prepare()
    {
        await Load(_registry.Records);
        (_owner, _other) = ((await Host.Issue("research", name: "owner")).Client, (await Host.Issue("research", name: "other")).Client);
    }

    [Test]
    public async Task Is_written_as_records_are()
    {
        var path = New();
        var made = (await _owner.Put(path, Women)).Expect(201);
        Assert.That(made.Location, Is.EqualTo("/api/v1" + path));
        Assert.That(made.Json["filter"]!.ToJsonString(), Is.EqualTo("""{"procedure":["drg","scs"],"sex":["female"]}"""));
        Assert.That(
            (made.Json["version"]!.GetValue<int>(), made.Json["owner"]!.ToString(), made.Json["etag"]!.ToString()),
            Is.EqualTo((1, "owner", made.ETag)));

        Assert.That(
            (await _owner.Put(
                path, """{"title":"Women","shared":true,"filter":{"procedure":["drg","scs","drg"],"sex":"female"}}""")).Expect(
                200).ETag,
            Is.EqualTo(made.ETag),
            "the same in other words");
        Assert.That((await _owner.Put(path, made.Text)).Expect(200).ETag, Is.EqualTo(made.ETag), "as it was read");
        var conflict = (await _owner.Put(path, Men)).ExpectProblem(409, "conflict");
        Assert.That(conflict.Json["current"]!["etag"]!.ToString(), Is.EqualTo(made.ETag));
        Assert.That(conflict.Json["proposed"]!["filter"]!["sex"]![0]!.ToString(), Is.EqualTo("male"));
        (await _owner.Put(path, Men, ("If-None-Match", "*"))).ExpectProblem(412, "precondition-failed");
        (await _owner.Put(path, Men, ("If-Match", "\"9-000000000000\""), Why)).ExpectProblem(412, "precondition-failed");
        (await _owner.Put(path, Men, ("If-Match", made.ETag!))).ExpectProblem(428, "precondition-required");
        var changed = (await _owner.Put(path, Men, ("If-Match", made.ETag!), Why)).Expect(200);
        Assert.That(changed.Json["version"]!.GetValue<int>(), Is.EqualTo(2));
        (await _owner.Put(path, Women, ("If-Match", made.ETag!), Why)).ExpectProblem(412, "precondition-failed");

        var read = (await _owner.Get(path)).Expect(200);
        Assert.That((read.ETag, read.Text), Is.EqualTo((changed.ETag, changed.Text)));
        (await _owner.Get(path, ("If-None-Match", read.ETag!))).Expect(304);

        (await _owner.Delete(path)).ExpectProblem(428, "precondition-required");
        var gone = (await _owner.Delete(path, ("If-Match", read.ETag!), Why)).Expect(204);
        (await _owner.Delete(path, ("If-Match", read.ETag!), Why)).Expect(204);
        (await _owner.Get(path)).ExpectProblem(404, "not-found");
        (await _owner.Get(path + "/table-one")).ExpectProblem(404, "not-found");
        (await _owner.Put(path, Men)).ExpectProblem(409, "retracted");
        (await _owner.Put(path, Women, ("If-Match", gone.ETag!), Why)).Expect(201);

        var history = (await _owner.Get(path + "/history")).Expect(200).Json.AsArray();
        Assert.That(
            history.Select(one => (one!["version"]!.GetValue<int>(), one["retracted"]!.GetValue<bool>(), one["reason"]?.ToString())),
            Is.EqualTo([(1, false, null), (2, false, "revised"), (3, true, "revised"), (4, false, (string?)"revised")]));
        Assert.That(history[0]!["value"]!["filter"]!["sex"]![0]!.ToString(), Is.EqualTo("female"));
    }

    [Test]
    public async Task Belongs_to_the_key_that_made_it()
    {
        var (own, shared) = (New(), New());
        (await _owner.Put(own, Men)).Expect(201);
        (await _owner.Put(shared, Women)).Expect(201);
        var tag = (await _owner.Get(shared)).ETag!;

        foreach (var below in new[] { string.Empty, "/history", "/cases", "/export", "/table-one", "/summaries/flow" })
        {
            (await _other.Get(own + below)).ExpectProblem(404, "not-found");
            (await _other.Get(shared + below)).Expect(200);
            (await Api.Get(own + below)).Expect(200);
        }

        (await _other.Delete(own, ("If-Match", (await _owner.Get(own)).ETag!), Why)).ExpectProblem(404, "not-found");
        (await _other.Delete(shared, ("If-Match", tag), Why)).ExpectProblem(403, "forbidden");
        (await _other.Put(shared, Men, ("If-Match", tag), Why)).ExpectProblem(403, "forbidden");
        (await _other.Put(own, Men)).ExpectProblem(403, "forbidden");
        Assert.That(
            (await Names(_owner), await Names(Api)), Is.EqualTo((await Names(Api), await Names(_owner))), "they are all the owner's");
        Assert.That(await Names(_other), Does.Contain(shared).And.Not.Contain(own));

        // A key that replaces it has its name, and an administrator changes whatever there is: it stays the owner's.
        (await (await Host.Issue("research", name: "owner")).Client.Get(own)).Expect(200);
        var changed = (await Api.Put(own, Women, ("If-Match", (await _owner.Get(own)).ETag!), Why)).Expect(200);
        Assert.That((changed.Json["owner"]!.ToString(), changed.Json["recordedBy"]!.ToString()), Is.EqualTo(("owner", "administrator")));
    }

    [Test]
    public async Task Is_listed_page_by_page()
    {
        var made = Enumerable.Range(0, 3).Select(_ => New()).ToList();
        foreach (var path in made)
        {
            (await _owner.Put(path, Men)).Expect(201);
        }

        var told = new List<string>();
        for (var next = string.Empty; next is not null;)
        {
            var page = (await _owner.Get("/cohorts?limit=2" + next)).Expect(200);
            told.AddRange(page.Items.Select(item => "/cohorts/" + item["name"]));
            next = page.Json["next"] is { } cursor ? "&after=" + cursor : null;
        }

        Assert.That(told, Is.Unique.And.SupersetOf(made).And.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
    }

    [TestCase("cases")]
    [TestCase("export")]
    [TestCase("Trajectories")]
    [TestCase("responder-curve")]
    [TestCase("response-domains")]
    [TestCase("table-one")]
    public async Task Is_not_named_as_another_address_is(string name) =>
        Assert.That(
            (await _owner.Put("/cohorts/" + name, Men)).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/name", "reserved")]));

    [TestCase("a%20b")]
    [TestCase("...")]
    public async Task Has_a_name_as_every_key_is(string name) =>
        Assert.That(
            (await _owner.Put("/cohorts/" + name, Men)).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/name", "not-an-identifier")]));

    [Test]
    public async Task Takes_numbers_and_flags_for_what_they_are_in_a_query()
    {
        var path = New();
        var answer =
            (await _owner.Put(path, """{"filter":{"ageMin":60,"primary":true,"procedure":["scs"],"has":"baseline"}}""")).Expect(201);
        Assert.That(
            answer.Json["filter"]!.ToJsonString(),
            Is.EqualTo("""{"ageMin":["60"],"has":["baseline"],"primary":["true"],"procedure":["scs"]}"""));
        (await _owner.Put(path, """{"filter":{"ageMin":"60","primary":["true"],"procedure":"scs","has":"baseline"}}""")).Expect(200);
        Assert.That(
            (await _owner.Put(New(), """{"filter":{"ageMin":1.5,"sex":false}}""")).ExpectProblem(422, "invalid-content").Faults
                .Select(fault => fault.Pointer),
            Is.EquivalentTo(["/filter/ageMin", "/filter/sex"]));
    }

    [TestCase("""{"filter":{"ageMin":"60","ageMax":"50"}}""", "/filter/ageMin empty-range")]
    [TestCase(
        """{"filter":{"sex":"f","ageMin":["1","2"],"colour":"red","has":{"baseline":true},"site":[]}}""",
        "/filter/ageMin repeated, /filter/colour unknown-parameter, /filter/has not-a-text, /filter/sex unknown-code, /filter/site "
            + "not-a-text")]
    [TestCase(
        """{"filter":{"site":["nowhere","nobody"],"asOf":"2999-01-01"}}""",
        "/filter/asOf date-in-the-future, /filter/site unknown-site, /filter/site unknown-site")]
    [TestCase("""{"filter":{"limit":"5"}}""", "/filter/limit unknown-parameter")]
    [TestCase(
        """{"filter":{"generator":"primary-cell","procedure":"drez"},"title":" x","shared":1,"color":2}""",
        "/color unknown-member, /filter/generator contradiction, /shared not-a-boolean, /title not-a-text")]
    [TestCase("""{"title":"x"}""", "/filter missing")]
    [TestCase("""{"filter":{},"owner":"me"}""", "/owner read-only")]
    public async Task Is_refused_with_every_fault(string body, string faults)
    {
        var refused = (await _owner.Put(New(), body)).ExpectProblem(422, "invalid-content");
        Assert.That(
            string.Join(", ", refused.Faults.Select(fault => $"{fault.Pointer} {fault.Code}").Order(StringComparer.Ordinal)),
            Is.EqualTo(faults));
    }

    [TestCase("/cases?sex=male", "/sex")]
    [TestCase("/cases?sex=female", "/sex")]
    [TestCase("/export?procedure=scs", "/procedure")]
    [TestCase("/summaries/comparison?a.sex=male&b.indication=crps", "/a.sex")]
    public async Task Is_contradicted_by_a_filter_that_it_states_itself(string below, string where)
    {
        var path = New();
        (await _owner.Put(path, Women)).Expect(201);
        Assert.That(
            (await _owner.Get(path + below)).ExpectProblem(422, "invalid-parameters").Faults, Is.EqualTo([(where, "stated-twice")]));
    }

    [Test]
    public async Task Goes_together_with_what_a_request_states_besides()
    {
        var path = New();
        (await _owner.Put(path, """{"filter":{"ageMin":"60","hadEvent":"implanted"}}""")).Expect(201);
        Assert.That((await _owner.Get(path + "/cases?ageMax=50")).ExpectProblem(400).Faults, Is.EqualTo([("/ageMin", "empty-range")]));
        Assert.That(
            (await _owner.Get(path + "/cases?hadEventFrom=2020-01-01")).Expect(200).Text,
            Is.EqualTo((await _owner.Get("/cohorts/cases?ageMin=60&hadEvent=implanted&hadEventFrom=2020-01-01")).Expect(200).Text));
        Assert.That(
            (await _owner.Get(path + "/cases?colour=red")).ExpectProblem(400).Faults, Is.EqualTo([("/colour", "unknown-parameter")]));
    }

    [Test]
    public async Task Answers_as_the_same_query_does()
    {
        var questions = new RandomQuestions(3, _registry);
        for (var round = 0; round < 12; round++)
        {
            foreach (var summary in AskedSummary.All.Where(summary => !summary.IsSlow))
            {
                await Compare(summary.Path(summary.Fit(questions.Next())));
            }

            await Compare(questions.Next().Path("/cohorts/cases", ("limit", "7"), ("total", "true"), ("sort", "-age")));
            await Compare(questions.Next().Path("/cohorts/export", ("shape", "long")));
        }
    }

    private static string New() => "/cohorts/" + Sample.Key("cohort");

    private static async Task<string> Names(ApiClient client) =>
        string.Join(' ', (await client.Get("/cohorts?limit=1000")).Expect(200).Items.Select(item => "/cohorts/" + item["name"]));

    // Half of the filters are saved, all of them at times; the answer is the same to the last byte.
    private async Task Compare(string asked)
    {
        var (path, filter) = (New(), new JsonObject());
        var (address, query) = (asked.Split('?')[0], asked.Split('?')[1].Split('&', StringSplitOptions.RemoveEmptyEntries));
        var left = new List<string>();
        foreach (var same in query.GroupBy(one => one.Split('=')[0]))
        {
            if (IsFilter(same.Key) && (same.Key.Length + query.Length) % 3 > 0)
            {
                filter[same.Key] = new JsonArray([.. same.Select(one => (JsonNode)one.Split('=')[1])]);
            }
            else
            {
                left.AddRange(same);
            }
        }

        (await _owner.Put(path, new JsonObject { ["filter"] = filter }.ToJsonString())).Expect(201);
        var saved = (await _owner.Get(
            $"{path}{(address.StartsWith("/cohorts", StringComparison.Ordinal) ? address["/cohorts".Length..] : address)}?{string.Join('&', left)}")).Expect(200);
        Assert.That(saved.Text, Is.EqualTo((await _owner.Get(asked)).Expect(200).Text), $"{asked}\n{filter}");
    }

    // What goes with an event goes with it: hadEventFrom alone states nothing.
    private static bool IsFilter(string name) =>
        name is not ("hadEventFrom" or "hadEventTo") && Registry.Api.Summaries.CohortFilter.Takes.Any(parameter => parameter.Name == name);
}
