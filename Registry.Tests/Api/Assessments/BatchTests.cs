using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Assessments;

/// <summary>POST /assessments/batch: many cases of many sites in one call, with an answer to each item in order.</summary>
public sealed class BatchTests(Engine engine) : RegistryFixture(engine)
{
    private string _one = string.Empty;
    private string _other = string.Empty;

    protected override TimeProvider Clock => StoppedClock.Noon;

    [SetUp]
    public async Task TwoCasesAtTwoSites()
    {
        _one = await Api.NewCase("scs", null, ("trial-started", "2024-01-10"), ("implanted", "2024-01-10"));
        _other = await Api.NewCase("drez", null, ("lesioned", "2024-02-10"));
    }

    [TestCase("each")]
    [TestCase("all")]
    public async Task Records_items_of_several_sites(string mode)
    {
        var answer = await Send(
            mode,
            Item(_one, "2024-01-09", 9),
            Item(_other, "2024-02-09", 8),
            Item(_one, "2024-02-10", 4),
            Item(_other, "2024-05-10", 2, "3m"));
        Assert.That(Counts(answer), Is.EqualTo((4, 0, 0, 0, 0)));
        Assert.That(
            Locations(answer),
            Is.EqualTo([Location(_one, "baseline"), Location(_other, "baseline"), Location(_one, "1m"), Location(_other, "3m")]));
        foreach (var location in Locations(answer))
        {
            (await Api.Get(location!["/api/v1".Length..])).Expect(200);
        }
    }

    [TestCase("each")]
    [TestCase("all")]
    public async Task Changes_nothing_when_sent_again(string mode)
    {
        JsonObject[] items = [Item(_one, "2024-01-09", 9), Item(_other, "2024-02-09", 8)];
        await Send(mode, items);
        var before = await Changes();
        var again = await Send(mode, items);
        Assert.That((Counts(again), Statuses(again)), Is.EqualTo(((0, 2, 0, 0, 0), "unchanged unchanged")));
        Assert.That(Locations(again), Is.EqualTo([Location(_one, "baseline"), Location(_other, "baseline")]));
        Assert.That(await Changes(), Is.EqualTo(before));
    }

    [Test]
    public async Task Records_each_that_can_be_and_says_what_stands_in_the_way_of_the_others()
    {
        await Send("each", Item(_one, "2024-01-09", 9));
        var answer = await Send("each", Mixed());
        Assert.That(Counts(answer), Is.EqualTo((2, 1, 1, 6, 0)));
        Assert.That(
            Statuses(answer), Is.EqualTo("unchanged conflicting rejected created rejected rejected rejected rejected created rejected"));
        Assert.That(answer["items"]!.AsArray().Select(item => item!["index"]!.GetValue<int>()), Is.EqualTo(Enumerable.Range(0, 10)));
        Assert.That(
            answer["items"]!.AsArray().Select(item => item!["problem"]?["code"]!.GetValue<string>()),
            Is.EqualTo([null, "conflict", "invalid-content", null, "site-not-found", "case-not-found", "invalid-content",
                "invalid-content", null, "invalid-content"]));
        Assert.That(
            answer["items"]!.AsArray().Select(item => item!["problem"]?["status"]!.GetValue<int>()),
            Is.EqualTo((int?[])[null, 409, 422, null, 404, 404, 422, 422, null, 422]));

        var conflict = answer["items"]![1]!["problem"]!;
        Assert.That(
            (conflict["current"]!["value"]!["nrs"]!.GetValue<int>(), conflict["proposed"]!["nrs"]!.GetValue<int>()), Is.EqualTo((9, 8)));
        Assert.That(Faults(answer, 2), Is.EqualTo("/nrs out-of-range, /colour unknown-member"));
        Assert.That(Faults(answer, 6), Is.EqualTo("/site missing, /case not-an-identifier"));
        Assert.That(Faults(answer, 7), Is.EqualTo("/timepoint timepoint-not-derivable"));
        Assert.That(Faults(answer, 9), Is.EqualTo("/timepoint unknown-code"));
        Assert.That(await Assessments(_one), Is.EqualTo("baseline 1m"));
        Assert.That(await Assessments(_other), Is.EqualTo("baseline"));
    }

    [Test]
    public async Task Records_all_or_none()
    {
        await Send("each", Item(_one, "2024-01-09", 9));
        var before = await Changes();
        var answer = await Send("all", Mixed());
        Assert.That(Counts(answer), Is.EqualTo((0, 1, 1, 6, 2)));
        Assert.That(
            Statuses(answer),
            Is.EqualTo("unchanged conflicting rejected not-applied rejected rejected rejected rejected not-applied rejected"));
        Assert.That(
            answer["items"]![3]!.AsObject().Select(member => member.Key),
            Is.EqualTo(["index", "status"]),
            "nothing is wrong with it, and it is nowhere");
        Assert.That(await Changes(), Is.EqualTo(before));
        Assert.That(await Assessments(_one), Is.EqualTo("baseline"));
        Assert.That(await Assessments(_other), Is.Empty);
    }

    [TestCase("each")]
    [TestCase("all")]
    public async Task Answers_a_dry_run_as_if_and_records_nothing(string mode)
    {
        var before = await Changes();
        JsonObject[] items = [Item(_one, "2024-01-09", 9), Item(_one, "2024-01-09", 9), Item(_one, "2024-01-08", 9)];
        var dry = await Send(mode, true, items);
        Assert.That(dry["dryRun"]!.GetValue<bool>(), Is.True);
        Assert.That(await Changes(), Is.EqualTo(before));
        Assert.That(await Assessments(_one), Is.Empty);

        var wet = await Send(mode, items);
        Assert.That(wet["dryRun"]!.GetValue<bool>(), Is.False);
        Assert.That((Counts(wet), Statuses(wet)), Is.EqualTo((Counts(dry), Statuses(dry))));
    }

    [Test]
    public async Task Records_each_when_no_mode_is_stated()
    {
        var body = new JsonObject { ["items"] = new JsonArray(Item(_one, "2024-01-09", 9), Item(_one, "2024-01-09", 11)) };
        Assert.That(Statuses((await Api.Post("/assessments/batch", body.ToJsonString())).Expect(200).Json), Is.EqualTo("created rejected"));
    }

    [Test]
    public async Task Treats_duplicates_within_a_batch_as_if_sent_one_after_the_other()
    {
        JsonObject[] items = [Item(_one, "2024-01-09", 9), Item(_one, "2024-01-09", 9, "baseline"), Item(_one, "2024-01-09", 8)];
        Assert.That(
            Statuses(await Send("all", items)),
            Is.EqualTo("not-applied unchanged conflicting").Or.EqualTo("not-applied not-applied conflicting"));
        Assert.That(await Assessments(_one), Is.Empty);
        Assert.That(Statuses(await Send("each", items)), Is.EqualTo("created unchanged conflicting"));
        Assert.That((await Api.Get(_one + "/assessments/baseline")).Json["nrs"]!.GetValue<int>(), Is.EqualTo(9));
        Assert.That((await Api.Get(_one + "/assessments/baseline/history")).Json.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Never_corrects()
    {
        var created = (await Api.Put(_one + "/assessments/baseline", Sample.Assessment("2024-01-09", 9))).Expect(201);
        var body = new JsonObject { ["mode"] = "each", ["items"] = new JsonArray(Item(_one, "2024-01-09", 8)) };
        var answer =
            (await Api.Post("/assessments/batch", body.ToJsonString(), ("If-Match", created.ETag!), ("X-Change-Reason", "x"))).Expect(200);
        Assert.That(Statuses(answer.Json), Is.EqualTo("conflicting"));
    }

    [Test]
    public async Task Takes_more_items_than_one_group()
    {
        var cases = new List<string>();
        var site = await Api.NewSite();
        for (var index = 0; index < 15; index++)
        {
            cases.Add(await Api.NewCase("drez", site, ("lesioned", "2022-01-10")));
        }

        string[] timepoints = ["baseline", "post-op", "1m", "3m", "6m", "12m", "24m"];
        string[] days = ["2022-01-09", "2022-01-15", "2022-02-10", "2022-04-10", "2022-07-10", "2023-01-10", "2024-01-10"];
        JsonObject[] items = [.. from @case in cases from pair in timepoints.Zip(days) select Item(@case, pair.Second, 5)];
        var answer = await Send("each", [.. items, Item(site + "/cases/unknown", "2022-01-09", 5), .. items]);
        Assert.That(Counts(answer), Is.EqualTo((105, 105, 0, 1, 0)));
        Assert.That(answer["items"]!.AsArray().Select(item => item!["index"]!.GetValue<int>()), Is.EqualTo(Enumerable.Range(0, 211)));
        Assert.That(
            Locations(answer).Take(105), Is.EqualTo(from @case in cases from timepoint in timepoints select Location(@case, timepoint)));
    }

    [TestCase("{}", "/items missing")]
    [TestCase(
        """{"mode":"some","items":[],"dryRun":"no","more":1}""",
        "/mode unknown-code, /dryRun not-a-boolean, /items not-a-list, /more unknown-member")]
    [TestCase("""{"mode":"each","items":null}""", "/items null-not-allowed")]
    [TestCase("""{"mode":"each","items":{}}""", "/items not-a-list")]
    [TestCase(
        """{"mode":"each","items":[{},[],"x",null,1]}""",
        "/items/1 not-an-object, /items/2 not-an-object, /items/3 not-an-object, /items/4 not-an-object")]
    public async Task Refuses_a_batch_that_is_none(string body, string faults)
    {
        var refused = (await Api.Post("/assessments/batch", body)).ExpectProblem(422, "invalid-content");
        Assert.That(refused.Faults.Select(fault => $"{fault.Pointer} {fault.Code}"), Is.EquivalentTo(faults.Split(", ")));
    }

    [Test]
    public async Task Refuses_more_items_than_a_batch_may_hold()
    {
        var items = string.Join(',', Enumerable.Repeat("{}", DefaultLimits.BatchItems + 1));
        var refused =
            (await Api.Post("/assessments/batch", $$"""{"mode":"each","items":[{{items}}]}""")).ExpectProblem(422, "invalid-content");
        Assert.That(refused.Faults, Is.EqualTo([("/items", "not-a-list")]));
        Assert.That(refused.Json["errors"]![0]!["allowed"]!.GetValue<string>(), Is.EqualTo("a list of 1 to 5000 objects"));
    }

    [Test]
    public async Task Answers_as_many_rejected_items_as_a_batch_may_hold()
    {
        var items = string.Join(',', Enumerable.Range(0, DefaultLimits.BatchItems)
            .Select(index => FormattableString.Invariant($$"""{"site":"unknown{{index % 7}}","case":"c","nrs":{{index}}}""")));
        var answer = (await Api.Post("/assessments/batch", $$"""{"mode":"each","items":[{{items}}]}""")).Expect(200).Json;
        Assert.That(Counts(answer), Is.EqualTo((0, 0, 0, DefaultLimits.BatchItems, 0)));
    }

    private JsonObject[] Mixed() =>
    [
        Item(_one, "2024-01-09", 9),
        Item(_one, "2024-01-09", 8),
        Item(_one, "2024-01-09", 11, "3m", ("colour", "red")),
        Item(_one, "2024-02-10", 4),
        Item("/sites/no-site/cases/c", "2024-02-10", 4),
        Item(string.Join('/', _one.Split('/')[..4]) + "/no-case", "2024-02-10", 4),
        new JsonObject { ["case"] = "a b", ["assessedOn"] = "2024-01-01", ["nrs"] = 1 },
        Item(_one, "2024-01-10", 4),
        Item(_other, "2024-02-09", 7),
        Item(_other, "2024-03-10", 7, "2m"),
    ];

    private static JsonObject Item(string @case, string day, int nrs, string? timepoint = null, params (string Name, string? Value)[] more)
    {
        var parts = @case.Split('/');
        var item = new JsonObject { ["site"] = parts[2], ["case"] = parts[4], ["assessedOn"] = day, ["nrs"] = nrs };
        if (timepoint is not null)
        {
            item["timepoint"] = timepoint;
        }

        foreach (var (name, value) in more)
        {
            item[name] = value;
        }

        return item;
    }

    private Task<JsonNode> Send(string mode, params JsonObject[] items) => Send(mode, false, items);

    private async Task<JsonNode> Send(string mode, bool dryRun, params JsonObject[] items)
    {
        var body = new JsonObject { ["mode"] = mode, ["items"] = new JsonArray([.. items.Select(item => item.DeepClone())]) };
        if (dryRun)
        {
            body["dryRun"] = true;
        }

        return (await Api.Post("/assessments/batch", body.ToJsonString())).Expect(200).Json;
    }

    private async Task<string> Assessments(string @case) =>
        string.Join(' ', (await Api.Get(@case)).Expect(200).Json["assessments"]!.AsArray()
            .Select(assessment => assessment!["timepoint"]!.GetValue<string>()));

    private async Task<(long One, long Other)> Changes() => (await Latest(_one), await Latest(_other));

    private async Task<long> Latest(string @case) =>
        (await Api.Get(@case[..@case.IndexOf("/cases/", StringComparison.Ordinal)] + "/changes"))
            .Expect(200).Json["latest"]!.GetValue<long>();

    private static (int Created, int Unchanged, int Conflicting, int Rejected, int NotApplied) Counts(JsonNode answer) =>
        (Count(answer, "created"),
            Count(answer, "unchanged"),
            Count(answer, "conflicting"),
            Count(answer, "rejected"),
            Count(answer, "notApplied"));

    private static int Count(JsonNode answer, string name) => answer[name]!.GetValue<int>();

    private static string Statuses(JsonNode answer) =>
        string.Join(' ', answer["items"]!.AsArray().Select(item => item!["status"]!.GetValue<string>()));

    private static IEnumerable<string?> Locations(JsonNode answer) =>
        answer["items"]!.AsArray().Select(item => item!["location"]?.GetValue<string>());

    private static string Location(string @case, string timepoint) => $"/api/v1{@case}/assessments/{timepoint}";

    private static string Faults(JsonNode answer, int index) =>
        string.Join(
            ", ", answer["items"]![index]!["problem"]!["errors"]!.AsArray().Select(fault => $"{fault!["pointer"]} {fault["code"]}"));
}
