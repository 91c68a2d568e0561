using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// Ten SCS implants of 2 January 2023, baseline 8, at one month 2, each lost on 12 April 2023 (day 100). All were scored
/// again on 2 January 2024 (day 365), with 2, and all but the first on 1 January 2025 (day 730), with 2. The first was
/// explanted for good on 16 May 2024 (day 500).
/// </summary>
public sealed class VoidLossTests(Engine engine) : CourseFixture(engine)
{
    private const string Ulm = "ulm";
    private const string ToExplant = "/summaries/survival?event=explant";
    private const string ToLoss = "/summaries/survival?event=loss-of-response";

    protected override async Task Prepare()
    {
        await Site(Ulm);
        for (var number = 1; number <= 10; number++)
        {
            var name = FormattableString.Invariant($"c{number}");
            await Case(Ulm, name, Procedure.Scs);
            await Event(Ulm, name, EventType.Implanted, "2023-01-02");
            await Visit(Ulm, name, "baseline", "2023-01-01", 8);
            await Visit(Ulm, name, "1m", "2023-02-01", 2);
            await Event(Ulm, name, EventType.LostToFollowUp, "2023-04-12");
            await Visit(Ulm, name, "12m", "2024-01-02", 2);
            if (number > 1)
            {
                await Visit(Ulm, name, "24m", "2025-01-01", 2);
            }
        }

        await Explant(Ulm, "c1", "2024-05-16", permanent: true);
    }

    [TestCase(ToExplant)]
    [TestCase(ToLoss)]
    public async Task A_loss_is_void_once_the_patient_is_seen_again(string summary)
    {
        var row = await Row(summary, string.Empty, 500);
        Assert.That(Counts(row), Is.EqualTo("10 at risk, 1 events, 0 censored"));
        Assert.That(
            (double[])[row["survival"]!.GetValue<double>(), row["incidence"]!.GetValue<double>()],
            Is.EqualTo((double[])[0.9, 0.1]).Within(1e-12));
    }

    // Up to the day before they are seen again the ten are lost on day 100; who is lost responded until the last score, on day 30.
    [TestCase(ToExplant, 100)]
    [TestCase(ToLoss, 30)]
    public async Task A_loss_holds_until_the_patient_is_seen_again(string summary, int day)
    {
        Assert.That(
            Counts(await Row(summary, $"&asOf=2024-01-01&at={day}&at={day + 1}", day)), Is.EqualTo("10 at risk, 0 events, 10 censored"));
        Assert.That(
            Counts(await Row(summary, $"&asOf=2024-01-01&at={day}&at={day + 1}", day + 1)), Is.EqualTo("0 at risk, 0 events, 0 censored"));
        Assert.That(
            Counts(await Row(summary, $"&asOf=2024-01-02&at={day}&at={day + 1}", day + 1)), Is.EqualTo("10 at risk, 0 events, 0 censored"));
    }

    [TestCase("2023-04-11", 0)]
    [TestCase("2023-04-12", 10)]
    [TestCase("2024-01-01", 10)]
    [TestCase("2024-01-02", 0)]
    [TestCase("2026-11-20", 0)]
    public async Task Who_was_seen_again_is_not_counted_as_lost(string asOf, int lost) =>
        Assert.That(
            (await Api.Get($"/summaries/flow?asOf={asOf}")).Expect(200).Row(("procedure", "scs"))["lost"]!.GetValue<int>(),
            Is.EqualTo(lost));

    // Three months were due on day 91, before the loss; six months on day 183, in the months without a word.
    [TestCase("3m", "2024-01-01", "missed")]
    [TestCase("6m", "2024-01-01", "censored.lost-to-follow-up")]
    [TestCase("3m", "2024-01-02", "overdue")]
    [TestCase("6m", "2024-01-02", "overdue")]
    public async Task Visits_in_between_are_overdue_once_the_patient_is_seen_again(string timepoint, string asOf, string state)
    {
        var row = (await Api.Get($"/summaries/completeness?timepoint={timepoint}&asOf={asOf}")).Expect(200)
            .Row(("site", Ulm), ("procedure", "scs"));
        var place = state.Split('.').Aggregate((JsonNode)row, (node, name) => node[name]!);
        Assert.That((row["due"]!.GetValue<int>(), place.GetValue<int>()), Is.EqualTo((10, 10)));
    }

    private async Task<JsonNode> Row(string summary, string query, int day) =>
        (await Api.Get(summary + query)).Expect(200).Row(("procedure", "scs"), ("day", FormattableString.Invariant($"{day}")));

    private static string Counts(JsonNode row) => $"{row["atRisk"]} at risk, {row["events"]} events, {row["censored"]} censored";
}

/// <summary>
/// DREZ on 10 November 2024, lost on 10 February 2025: six months were due on 12 May 2025, twelve on 10 November 2025,
/// twenty-four ten days ago, on 10 November 2026.
/// </summary>
public sealed class TellingWhetherALossIsVoid(Engine engine) : CourseFixture(engine)
{
    private const string Ulm = "ulm";

    protected override Task Prepare() => Site(Ulm);

    [Test]
    public async Task A_loss_that_nothing_came_after_ends_observation()
    {
        await Lost("nothing");
        Assert.That(await Schedule(Ulm, "nothing"), Is.EqualTo(Each(
            "post-op missed", "1m missed", "3m missed", "6m censored lost-to-follow-up", "12m censored lost-to-follow-up",
            "24m censored lost-to-follow-up")));
    }

    [Test]
    public async Task A_visit_that_was_made_makes_it_void()
    {
        await Lost("visited");
        await Visit(Ulm, "visited", "12m", "2025-11-12", 3);
        Assert.That(
            await Schedule(Ulm, "visited"),
            Is.EqualTo(Each("post-op overdue", "1m overdue", "3m overdue", "6m overdue", "12m done", "24m due")));
    }

    [Test]
    public async Task An_adverse_event_makes_it_void()
    {
        await Lost("harmed");
        await AdverseEvent(Ulm, "harmed", "2025-02-11");
        Assert.That((await Schedule(Ulm, "harmed"))[5], Is.EqualTo("24m due"));
    }

    [Test]
    public async Task A_treatment_in_another_case_makes_it_void()
    {
        await Lost("treated");
        await Case(Ulm, "treated-again", Procedure.Cordotomy, patient: "of-treated");
        await Event(Ulm, "treated-again", EventType.Lesioned, "2025-06-01");
        Assert.That((await Schedule(Ulm, "treated"))[5], Is.EqualTo("24m due"));
    }

    [Test]
    public async Task A_treatment_in_a_later_case_makes_it_void_and_ends_observation_itself()
    {
        await Lost("crossed");
        await Case(Ulm, "crossed-over", Procedure.Cordotomy, preceding: "crossed", patient: "of-crossed");
        await Event(Ulm, "crossed-over", EventType.Lesioned, "2025-06-01");
        Assert.That(
            (await Schedule(Ulm, "crossed")).Skip(3),
            Is.EqualTo(Each("6m missed", "12m censored crossed-over", "24m censored crossed-over")));
    }

    // Six months fell due before, on 12 May.
    [TestCase(EventType.LostToFollowUp, "lost-to-follow-up")]
    [TestCase(EventType.Died, "died")]
    [TestCase(EventType.Withdrawn, "withdrawn")]
    public async Task A_later_end_makes_it_void_and_takes_its_place(EventType type, string reason)
    {
        var name = "then-" + reason;
        await Lost(name);
        await Event(Ulm, name, type, "2025-08-01", "later");
        Assert.That((await Schedule(Ulm, name)).Skip(3), Is.EqualTo(Each("6m missed", $"12m censored {reason}", $"24m censored {reason}")));
    }

    [Test]
    public async Task A_visit_of_the_same_day_or_before_leaves_it_in_force()
    {
        await Lost("seen-that-day");
        await Visit(Ulm, "seen-that-day", "3m", "2025-02-10");
        await Visit(Ulm, "seen-that-day", "1m", "2024-12-10");
        Assert.That((await Schedule(Ulm, "seen-that-day"))[5], Is.EqualTo("24m censored lost-to-follow-up"));
    }

    [Test]
    public async Task Papers_leave_it_in_force()
    {
        // Nobody was seen: a visit recorded as not done, a bill, a stay that was entered.
        await Lost("papers");
        (await Api.Put(
            "/sites/ulm/cases/papers/assessments/6m", """{"notDone": "lost-to-follow-up", "assessedOn": "2025-05-12"}""")).Expect(201);
        await Cost(Ulm, "papers", "2025-06-01");
        await Stay(Ulm, "papers", "2025-06-01", "2025-06-03");
        Assert.That(
            (await Schedule(Ulm, "papers")).Skip(3),
            Is.EqualTo(Each("6m not-done lost-to-follow-up", "12m censored lost-to-follow-up", "24m censored lost-to-follow-up")));
    }

    [Test]
    public async Task It_is_void_for_every_case_of_the_person_wherever_it_is_recorded()
    {
        await Case(Ulm, "one", Procedure.Drez, patient: "two-cases");
        await Event(Ulm, "one", EventType.Lesioned, "2024-11-10");
        await Case(Ulm, "other", Procedure.Cordotomy, patient: "two-cases");
        await Event(Ulm, "other", EventType.Lesioned, "2024-11-10");
        await Event(Ulm, "other", EventType.LostToFollowUp, "2025-02-10");
        Assert.That((await Schedule(Ulm, "one"))[5], Is.EqualTo("24m censored lost-to-follow-up"));

        await Visit(Ulm, "one", "12m", "2025-11-12");
        Assert.That((await Schedule(Ulm, "one"))[5], Is.EqualTo("24m due"));
        Assert.That((await Schedule(Ulm, "other"))[5], Is.EqualTo("24m due"));
    }

    private async Task Lost(string name)
    {
        await Case(Ulm, name, Procedure.Drez);
        await Event(Ulm, name, EventType.Lesioned, "2024-11-10");
        await Event(Ulm, name, EventType.LostToFollowUp, "2025-02-10");
    }
}
