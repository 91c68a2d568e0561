using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Recording;

/// <summary>What was read is changed and sent back: members that are only ever read may say what they say now, and nothing else.</summary>
public sealed class ReadOnlyMemberTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly (string, string) Reason = ("X-Change-Reason", "read off wrongly");

    private string _case = string.Empty;

    protected override TimeProvider Clock => StoppedClock.Noon;

    [SetUp]
    public async Task ACaseWithRecords()
    {
        _case = await Api.NewCase("scs");
        (await Api.Put(_case + "/events/implant", Sample.Event("implanted", "2024-01-10"))).Expect(201);
        (await Api.Put(_case + "/assessments/1m", Sample.Assessment("2024-02-09", 5))).Expect(201);
        (await Api.Put(_case + "/costs/c", """{"category":"device","amount":12345.60,"currency":"EUR","priceYear":2024}""")).Expect(201);
    }

    [TestCase("/assessments/1m")]
    [TestCase("/events/implant")]
    [TestCase("/costs/c")]
    [TestCase("")]
    public async Task Takes_what_was_read_unchanged_for_the_same(string record)
    {
        var read = (await Api.Get(_case + record)).Expect(200);
        (await Api.Put(_case + record, read.Text)).Expect(200);
        (await Api.Put(_case + record, read.Text, ("If-Match", read.ETag!), Reason)).Expect(200);
        Assert.That((await Api.Get(_case + record + "/history")).Expect(200).Json.AsArray(), Has.Count.EqualTo(1));
    }

    [TestCase("/assessments/1m", "nrs", "4")]
    [TestCase("/assessments/1m", "assessedOn", "\"2024-02-19\"")]
    [TestCase("/events/implant", "occurredOn", "\"2024-01-11\"")]
    [TestCase("/costs/c", "amount", "1")]
    [TestCase("", "painDurationMonths", "7")]
    public async Task Takes_it_with_one_member_changed_for_a_correction(string record, string member, string value)
    {
        var read = (await Api.Get(_case + record)).Expect(200);
        var changed = read.Json;
        changed[member] = JsonNode.Parse(value);
        (await Api.Put(_case + record, changed.ToJsonString())).ExpectProblem(409, "conflict");
        (await Api.Put(_case + record, changed.ToJsonString(), ("If-Match", read.ETag!), Reason)).Expect(200);
        Assert.That((await Api.Get(_case + record)).Expect(200).Json[member]!.ToJsonString(), Is.EqualTo(value));
    }

    [Test]
    public async Task Takes_the_items_of_a_case_as_they_stand_in_it()
    {
        var file = (await Api.Get(_case)).Expect(200).Json;
        var score = file["assessments"]![0]!;
        var tag = score["etag"]!.GetValue<string>();
        (await Api.Put(_case + "/assessments/1m", score.ToJsonString())).Expect(200);
        score["nrs"] = 3;
        (await Api.Put(_case + "/assessments/1m", score.ToJsonString(), ("If-Match", tag), Reason)).Expect(200);
    }

    [TestCase("/assessments/1m", "window", "\"late\"", "\"in\"")]
    [TestCase("/assessments/1m", "daysFromTimeZero", "29", "30")]
    [TestCase("/assessments/1m", "etag", "\"x\"", null)]
    [TestCase("", "timeZero", "\"2024-01-11\"", "\"2024-01-10\"")]
    [TestCase("", "ageYears", "63", "64")]
    [TestCase("", "events", "[]", null)]
    [TestCase("", "schedule", "null", null)]
    public async Task Refuses_a_member_that_says_something_else(string record, string member, string value, string? now)
    {
        var read = (await Api.Get(_case + record)).Expect(200);
        var changed = read.Json;
        changed[member] = JsonNode.Parse(value);
        changed[record.Length == 0 ? "painDurationMonths" : "nrs"] = 7;
        var refused =
            (await Api.Put(_case + record, changed.ToJsonString(), ("If-Match", read.ETag!), Reason)).ExpectProblem(422, "invalid-content");
        Assert.That(refused.Faults, Is.EqualTo([("/" + member, "read-only")]));
        if (now is not null)
        {
            Assert.That(refused.Json["errors"]![0]!["allowed"]!.GetValue<string>(), Is.EqualTo(now));
        }

        Assert.That((await Api.Get(_case + record + "/history")).Expect(200).Json.AsArray(), Has.Count.EqualTo(1));
    }

    [TestCase("/assessments/1m", "timepoint", "3m", "not-the-address")]
    [TestCase("/assessments/1m", "vas", "5", "unknown-member")]
    [TestCase("", "case", "another", "read-only")]
    [TestCase("", "site", "another", "read-only")]
    public async Task Refuses_another_name_and_an_unknown_member_beside_what_is_recorded(
        string record, string member, string value, string code)
    {
        var changed = (await Api.Get(_case + record)).Expect(200).Json;
        changed[member] = value;
        Assert.That(
            (await Api.Put(_case + record, changed.ToJsonString())).ExpectProblem(422, "invalid-content").Faults,
            Is.EqualTo([("/" + member, code)]));
    }

    [Test]
    public async Task Takes_what_is_recorded_with_what_was_derived_of_it_earlier()
    {
        var changed = (await Api.Get(_case + "/assessments/1m")).Expect(200).Json;
        changed["window"] = "late";
        (await Api.Put(_case + "/assessments/1m", changed.ToJsonString())).Expect(200);
    }

    [Test]
    public async Task Refuses_a_window_stated_for_a_new_assessment_that_is_not_its_own()
    {
        Assert.That(
            (await Api.Put(_case + "/assessments/3m", """{"assessedOn":"2024-04-10","nrs":3,"window":"late"}""")).ExpectProblem(422).Faults,
            Is.EqualTo([("/window", "read-only")]));
        (await Api.Put(_case + "/assessments/3m", """{"assessedOn":"2024-04-10","nrs":3,"window":"in"}""")).Expect(201);
    }
}
