using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Recording;

/// <summary>The one rule for every write, held against every kind of record.</summary>
public sealed class WriteTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly (string, string) Reason = ("X-Change-Reason", "read off wrongly");

    private static IReadOnlyList<SampleRecord> Kinds => SampleRecord.All;

    protected override TimeProvider Clock => StoppedClock.Noon;

    [TestCaseSource(nameof(Kinds))]
    public async Task Creates_what_is_not_there_yet(SampleRecord kind)
    {
        var path = await kind.NewAddress(Api);
        var answer = (await Api.Put(path, kind.Body)).Expect(201);
        Assert.That(answer.Location, Is.EqualTo("/api/v1" + path));
        Assert.That(answer.ETag, Does.Match("^\"[^\"]+\"$"), "a strong ETag");
        var read = (await Api.Get(path)).Expect(200);
        Assert.That((Tag(read, kind), Member(read.Json, kind)), Is.EqualTo((answer.ETag, kind.Before)));
        Assert.That(Member(answer.Json, kind), Is.EqualTo(kind.Before));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Changes_nothing_when_the_same_is_sent_again(SampleRecord kind)
    {
        var (path, created) = await Recorded(kind);
        var again = (await Api.Put(path, kind.Body)).Expect(200);
        Assert.That((again.ETag, again.Location), Is.EqualTo((created.ETag, (string?)null)));
        Assert.That(await History(path), Has.Count.EqualTo(1));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Takes_the_same_content_written_otherwise_as_the_same(SampleRecord kind)
    {
        var (path, created) = await Recorded(kind);
        foreach (var same in kind.Same)
        {
            Assert.That((await Api.Put(path, same)).Expect(200).ETag, Is.EqualTo(created.ETag));
        }

        Assert.That(await History(path), Has.Count.EqualTo(1));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Gives_the_same_ETag_to_the_same_content_however_it_was_written_first(SampleRecord kind)
    {
        var (_, created) = await Recorded(kind);
        foreach (var same in kind.Same)
        {
            Assert.That((await Api.Put(await kind.NewAddress(Api), same)).Expect(201).ETag, Is.EqualTo(created.ETag));
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Answers_other_content_with_both_values(SampleRecord kind)
    {
        var (path, created) = await Recorded(kind);
        var conflict = (await Api.Put(path, kind.Other)).ExpectProblem(409, "conflict");
        var current = conflict.Json["current"]!;
        Assert.That(
            (current["etag"]!.GetValue<string>(), Member(current["value"]!, kind), Member(conflict.Json["proposed"]!, kind)),
            Is.EqualTo((created.ETag, kind.Before, kind.After)));
        await ExpectUntouched(kind, path, created);
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Corrects_what_the_sender_has_seen_and_keeps_both_versions(SampleRecord kind)
    {
        var (path, created) = await Recorded(kind);
        var corrected = (await Api.Put(path, kind.Other, IfMatch(created), Reason)).Expect(200);
        Assert.That(corrected.ETag, Is.Not.EqualTo(created.ETag).And.Not.Null);
        Assert.That(Member((await Api.Get(path)).Expect(200).Json, kind), Is.EqualTo(kind.After));

        var history = await History(path);
        Assert.That(history.Select(version => version["version"]!.GetValue<int>()), Is.EqualTo([1, 2]));
        Assert.That(history.Select(version => version["etag"]!.GetValue<string>()), Is.EqualTo([created.ETag, corrected.ETag]));
        Assert.That(history.Select(version => Member(version["value"]!, kind)), Is.EqualTo([kind.Before, kind.After]));
        Assert.That(history.Select(version => version["recordedBy"]!.GetValue<string>()), Is.All.EqualTo("administrator"));
        Assert.That(history.Select(version => version["recordedAt"]!.GetValue<string>()), Is.All.EqualTo("2025-06-15T12:00:00.000000Z"));
        Assert.That(history.Select(version => version["reason"]?.GetValue<string>()), Is.EqualTo([null, "read off wrongly"]));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Changes_nothing_when_a_correction_is_sent_again(SampleRecord kind)
    {
        var (path, created) = await Recorded(kind);
        var corrected = (await Api.Put(path, kind.Other, IfMatch(created), Reason)).Expect(200);
        Assert.That((await Api.Put(path, kind.Other, IfMatch(created), Reason)).Expect(200).ETag, Is.EqualTo(corrected.ETag));
        Assert.That(await History(path), Has.Count.EqualTo(2));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Refuses_a_correction_of_a_version_that_is_not_current(SampleRecord kind)
    {
        var (path, created) = await Recorded(kind);
        var corrected = (await Api.Put(path, kind.Other, IfMatch(created), Reason)).Expect(200);
        var stale = (await Api.Put(path, kind.Body, IfMatch(created), Reason)).ExpectProblem(412, "precondition-failed");
        Assert.That(
            (stale.Json["current"]!["etag"]!.GetValue<string>(), Member(stale.Json["current"]!["value"]!, kind)),
            Is.EqualTo((corrected.ETag, kind.After)));
        (await Api.Put(path, kind.Body, ("If-Match", "W/" + corrected.ETag), Reason)).ExpectProblem(412, "precondition-failed");
        Assert.That(await History(path), Has.Count.EqualTo(2));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Refuses_a_correction_without_a_reason(SampleRecord kind)
    {
        var (path, created) = await Recorded(kind);
        (await Api.Put(path, kind.Other, IfMatch(created))).ExpectProblem(428, "precondition-required");
        (await Api.Put(path, kind.Other, IfMatch(created), ("X-Change-Reason", "   "))).ExpectProblem(428, "precondition-required");
        await ExpectUntouched(kind, path, created);
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Needs_more_than_a_reason_to_correct(SampleRecord kind)
    {
        var (path, created) = await Recorded(kind);
        (await Api.Put(path, kind.Other, Reason)).ExpectProblem(409, "conflict");
        await ExpectUntouched(kind, path, created);
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Only_creates_when_asked_only_to_create(SampleRecord kind)
    {
        var path = await kind.NewAddress(Api);
        var created = (await Api.Put(path, kind.Body, OnlyCreate)).Expect(201);
        (await Api.Put(path, kind.Body, OnlyCreate)).Expect(200);
        (await Api.Put(path, kind.Other, OnlyCreate)).ExpectProblem(412, "precondition-failed");
        (await Api.Put(path, kind.Other, OnlyCreate, IfMatch(created), Reason)).ExpectProblem(412, "precondition-failed");
        await ExpectUntouched(kind, path, created);
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Corrects_nothing_where_nothing_is(SampleRecord kind)
    {
        var path = await kind.NewAddress(Api);
        (await Api.Put(path, kind.Body, ("If-Match", "\"1-000000000000\""), Reason)).ExpectProblem(412, "precondition-failed");
        (await Api.Get(path)).Expect(404);
        (await Api.Get(path + "/history")).ExpectProblem(404, "not-found");
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Refuses_headers_it_cannot_follow(SampleRecord kind)
    {
        var (path, created) = await Recorded(kind);
        Assert.That(
            (await Api.Put(path, kind.Other, ("If-Match", "*"), Reason)).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/If-Match", "not-an-etag")]));
        Assert.That(
            (await Api.Put(path, kind.Other, ("If-Match", "1-x"), Reason)).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/If-Match", "not-an-etag")]));
        Assert.That(
            (await Api.Put(path, kind.Other, ("If-None-Match", created.ETag!))).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/If-None-Match", "not-a-star")]));
        Assert.That(
            (await Api.Put(
                path, kind.Other, ("If-None-Match", "x"), ("If-Match", "y"), ("X-Change-Reason", new string('x', 501))))
                    .ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/If-Match", "not-an-etag"), ("/If-None-Match", "not-a-star"), ("/X-Change-Reason", "not-a-reason")]));
        await ExpectUntouched(kind, path, created);
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Retracts_only_what_the_sender_has_seen_and_for_a_reason(SampleRecord kind)
    {
        var (path, created) = await Recorded(kind);
        (await Api.Delete(path)).ExpectProblem(428, "precondition-required");
        (await Api.Delete(path, Reason)).ExpectProblem(428, "precondition-required");
        (await Api.Delete(path, IfMatch(created))).ExpectProblem(428, "precondition-required");
        (await Api.Delete(path, ("If-Match", "\"1-000000000000\""), Reason)).ExpectProblem(412, "precondition-failed");
        await ExpectUntouched(kind, path, created);
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Retracts_once_however_often_it_is_asked(SampleRecord kind)
    {
        var (path, created) = await Recorded(kind);
        (await Api.Delete(path, IfMatch(created), Reason)).Expect(204);
        (await Api.Delete(path, IfMatch(created), Reason)).Expect(204);
        (await Api.Get(path)).ExpectProblem(404);
        (await Api.Delete(path, ("If-Match", "\"9-000000000000\""), Reason)).ExpectProblem(404);

        var history = await History(path);
        Assert.That(history.Select(version => version["retracted"]!.GetValue<bool>()), Is.EqualTo([false, true]));
        Assert.That(history[1]["reason"]!.GetValue<string>(), Is.EqualTo("read off wrongly"));
        Assert.That(Member(history[1]["value"]!, kind), Is.EqualTo(kind.Before));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Leaves_a_retraction_alone_when_the_old_message_is_repeated(SampleRecord kind)
    {
        var (path, created) = await Recorded(kind);
        var retraction = (await Api.Delete(path, IfMatch(created), Reason)).Expect(204);
        foreach (var refused in (ApiAnswer[])[await Api.Put(path, kind.Body), await Api.Put(path, kind.Other, Reason),
            await Api.Put(path, kind.Body, OnlyCreate)])
        {
            refused.ExpectProblem(409, "retracted");
            var current = refused.Json["current"]!;
            Assert.That(
                (current["etag"]!.GetValue<string>(), current["retracted"]!.GetValue<bool>(), Member(current["value"]!, kind)),
                Is.EqualTo((retraction.ETag, true, kind.Before)));
        }

        (await Api.Put(path, kind.Body, IfMatch(created), Reason)).ExpectProblem(412, "precondition-failed");
        (await Api.Put(path, kind.Body, IfMatch(retraction))).ExpectProblem(428, "precondition-required");
        (await Api.Get(path)).ExpectProblem(404);
        Assert.That(await History(path), Has.Count.EqualTo(2));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Goes_on_counting_versions_after_a_retraction(SampleRecord kind)
    {
        var (path, created) = await Recorded(kind);
        var retraction = (await Api.Delete(path, IfMatch(created), Reason)).Expect(204);
        var second = (await Api.Put(path, kind.Body, IfMatch(retraction), Reason)).Expect(201);
        Assert.That(
            (await Api.Put(path, kind.Body, IfMatch(retraction), Reason)).Expect(200).ETag, Is.EqualTo(second.ETag), "the repeat of it");
        Assert.That(second.ETag, Is.Not.EqualTo(created.ETag), "an ETag names one version, even of equal content");
        Assert.That((await History(path)).Select(version => version["version"]!.GetValue<int>()), Is.EqualTo([1, 2, 3]));

        // The repeat of an old retraction does not hit what was recorded since.
        (await Api.Delete(path, IfMatch(created), Reason)).ExpectProblem(412, "precondition-failed");
        (await Api.Put(path, kind.Other, IfMatch(created), Reason)).ExpectProblem(412, "precondition-failed");
        (await Api.Get(path)).Expect(200);
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Has_nothing_to_retract_where_nothing_is(SampleRecord kind) =>
        (await Api.Delete(await kind.NewAddress(Api), ("If-Match", "\"1-000000000000\""), Reason)).ExpectProblem(404, "not-found");

    [Test]
    public async Task Takes_a_lesion_written_otherwise_as_the_same()
    {
        var path = await Api.NewCase("drez") + "/events/operation";
        var created = (await Api.Put(
            path,
            """{"type":"lesioned","occurredOn":"2024-01-10","levels":["C5","C6","T1"],"depthMm":2,"angleDegrees":35.0}""")).Expect(201);
        var again = (await Api.Put(
            path,
            """{"angleDegrees":35,"depthMm":2.0,"levels":["T1","C6","C5"],"occurredOn":"2024-01-10","type":"lesioned"}""")).Expect(200);
        Assert.That(again.ETag, Is.EqualTo(created.ETag));
    }

    [TestCase("0", "0.00")]
    [TestCase("0", "-0")]
    [TestCase("0", "0e5")]
    [TestCase("0.10", "1e-1")]
    [TestCase("10000000000", "1E10")]
    public async Task Takes_equal_amounts_as_the_same(string amount, string same)
    {
        var path = await Api.NewCase() + "/costs/c";
        var created = (await Api.Put(path, Cost(amount))).Expect(201);
        Assert.That((await Api.Put(path, Cost(same))).Expect(200).ETag, Is.EqualTo(created.ETag));

        static string Cost(string amount) => $$"""{"category":"other","amount":{{amount}},"currency":"EUR","priceYear":2024}""";
    }

    [Test]
    public async Task Keeps_a_reason_in_any_language()
    {
        var (path, created) = await Recorded(SampleRecord.All[0]);
        (await Api.Put(path, SampleRecord.All[0].Other, IfMatch(created), ("X-Change-Reason", "korrigiert: 5 ≤ 6 “µ” & \"7\", 改正")))
            .Expect(200);
        Assert.That((await History(path))[1]["reason"]!.GetValue<string>(), Is.EqualTo("korrigiert: 5 ≤ 6 “µ” & \"7\", 改正"));
    }

    private static (string, string) OnlyCreate => ("If-None-Match", "*");

    private static (string, string) IfMatch(ApiAnswer answer) => ("If-Match", answer.ETag!);

    // Of a case GET gives all it holds, and the tag of all that; its own tag stands beside it.
    private static string? Tag(ApiAnswer read, SampleRecord kind)
    {
        if (kind.Name != "case")
        {
            return Sample.OwnTag(read.ETag!);
        }

        var own = read.Json["etag"]!.GetValue<string>();
        Assert.That(read.ETag, Does.Match("^\"[^\"]+\"$").And.Not.EqualTo(own));
        return own;
    }

    private static string Member(JsonNode value, SampleRecord kind) => value[kind.Member]!.ToJsonString(Relaxed.Json);

    private async Task<(string Path, ApiAnswer Created)> Recorded(SampleRecord kind)
    {
        var path = await kind.NewAddress(Api);
        return (path, (await Api.Put(path, kind.Body)).Expect(201));
    }

    private async Task<IReadOnlyList<JsonNode>> History(string path) =>
        [.. (await Api.Get(path + "/history")).Expect(200).Json.AsArray().Select(version => version!)];

    private async Task ExpectUntouched(SampleRecord kind, string path, ApiAnswer created)
    {
        var read = (await Api.Get(path)).Expect(200);
        Assert.That((Tag(read, kind), Member(read.Json, kind)), Is.EqualTo((created.ETag, kind.Before)));
        Assert.That(await History(path), Has.Count.EqualTo(1));
    }
}
