using NUnit.Framework;
using Registry.Domain.Recording;

namespace Registry.Tests.Unit.Recording;

/// <summary>The one write rule on its own: what is there, what is asked, what becomes of it.</summary>
public sealed class WriteRuleTests
{
    private const string Content = """{"nrs":6}""";
    private const string Other = """{"nrs":5}""";
    private const string Stale = "7-000000000000";

    private static readonly RecordedVersion First = new(1, Content, Retracted: false);
    private static readonly RecordedVersion Retracted = new(2, Content, Retracted: true);

    [Test]
    public void Creates_where_nothing_is() => Assert.That(WriteRule.Put(null, Content, Preconditions.None), Is.EqualTo(Verdict.Create));

    [TestCase(null, false, null, Verdict.Retracted)]
    [TestCase(null, false, "why", Verdict.Retracted)]
    [TestCase(null, true, "why", Verdict.Retracted)]
    [TestCase("retracted", false, "why", Verdict.Stale)]
    [TestCase(Stale, false, "why", Verdict.Stale)]
    [TestCase("retraction", false, null, Verdict.ReasonRequired)]
    [TestCase("retraction", false, "why", Verdict.Create)]
    public void Brings_back_what_was_retracted_only_for_who_names_the_retraction_and_a_reason(
        string? expected, bool onlyCreate, string? reason, Verdict verdict)
    {
        var tag = expected switch { "retracted" => First.Tag, "retraction" => Retracted.Tag, _ => expected };
        foreach (var content in (string[])[Content, Other])
        {
            Assert.That(WriteRule.Put(Retracted, content, new Preconditions(tag, onlyCreate, reason)), Is.EqualTo(verdict), content);
        }
    }

    [Test]
    public void Creates_when_asked_only_to_create() =>
        Assert.That(WriteRule.Put(null, Content, new Preconditions(OnlyCreate: true)), Is.EqualTo(Verdict.Create));

    [Test]
    public void Finds_no_version_to_correct_where_nothing_is() =>
        Assert.That(WriteRule.Put(null, Content, new Preconditions(First.Tag, Reason: "why")), Is.EqualTo(Verdict.Stale));

    [TestCase(null, false, null)]
    [TestCase(null, true, null)]
    [TestCase(Stale, false, null)]
    [TestCase(Stale, false, "why")]
    [TestCase(Stale, true, "why")]
    public void Leaves_the_same_content_alone_whatever_is_asked(string? expected, bool onlyCreate, string? reason) =>
        Assert.That(WriteRule.Put(First, Content, new Preconditions(expected, onlyCreate, reason)), Is.EqualTo(Verdict.Unchanged));

    [TestCase(null, false, null, Verdict.Conflict)]
    [TestCase(null, false, "why", Verdict.Conflict)]
    [TestCase(null, true, "why", Verdict.Stale)]
    [TestCase("current", true, "why", Verdict.Stale)]
    [TestCase(Stale, false, "why", Verdict.Stale)]
    [TestCase(Stale, false, null, Verdict.Stale)]
    [TestCase("current", false, null, Verdict.ReasonRequired)]
    [TestCase("current", false, "why", Verdict.Correct)]
    public void Decides_on_other_content(string? expected, bool onlyCreate, string? reason, Verdict verdict) =>
        Assert.That(
            WriteRule.Put(First, Other, new Preconditions(expected == "current" ? First.Tag : expected, onlyCreate, reason)),
            Is.EqualTo(verdict));

    [TestCase(null, null, Verdict.VersionRequired)]
    [TestCase(null, "why", Verdict.VersionRequired)]
    [TestCase(Stale, null, Verdict.Stale)]
    [TestCase(Stale, "why", Verdict.Stale)]
    [TestCase("current", null, Verdict.ReasonRequired)]
    [TestCase("current", "why", Verdict.Retract)]
    public void Decides_on_a_retraction(string? expected, string? reason, Verdict verdict) =>
        Assert.That(
            WriteRule.Delete(First, new Preconditions(expected == "current" ? First.Tag : expected, Reason: reason)), Is.EqualTo(verdict));

    [Test]
    public void Has_nothing_to_retract_where_nothing_is() =>
        Assert.That(WriteRule.Delete(null, new Preconditions(First.Tag, Reason: "why")), Is.EqualTo(Verdict.Absent));

    [Test]
    public void Knows_the_repeat_of_a_retraction_by_the_version_it_names() =>
        Assert.That(
            (WriteRule.Delete(Retracted, new Preconditions(First.Tag, Reason: "why")),
                WriteRule.Delete(Retracted, new Preconditions(Stale, Reason: "why")),
                WriteRule.Delete(Retracted, Preconditions.None)),
            Is.EqualTo((Verdict.Unchanged, Verdict.Absent, Verdict.Absent)));

    [Test]
    public void Names_each_version_apart_even_of_equal_content() =>
        Assert.That((string[])[First.Tag, (First with { Version = 3 }).Tag, (First with { Content = Other }).Tag], Is.Unique);

    [Test]
    public void Makes_every_write_safe_to_repeat()
    {
        var contents = new[] { Content, Other };
        var states = new RecordedVersion?[] { null, First, new(4, Other, false), Retracted };
        var asked =
            from tag in (string?[])[null, First.Tag, Retracted.Tag, Stale]
            from onlyCreate in (bool[])[false, true]
            from reason in (string?[])[null, "why"]
            select new Preconditions(tag, onlyCreate, reason);
        foreach (var (content, state, conditions) in from content in contents
                                                     from state in states
                                                     from conditions in asked
                                                     select (content, state, conditions))
        {
            var verdict = WriteRule.Put(state, content, conditions);
            var after =
                verdict is Verdict.Create or Verdict.Correct ? new RecordedVersion((state?.Version ?? 0) + 1, content, false) : state;
            var again = WriteRule.Put(after, content, conditions);
            Assert.That(
                again,
                Is.EqualTo(verdict is Verdict.Create or Verdict.Correct ? Verdict.Unchanged : verdict),
                () => $"{content} onto {state} under {conditions}: first {verdict}");
        }
    }
}
