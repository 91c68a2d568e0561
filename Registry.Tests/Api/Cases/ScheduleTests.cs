using NUnit.Framework;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Cases;

/// <summary>A case read back shows how each of its six follow-up visits stands. It is 20 November 2026.</summary>
public sealed class ScheduleTests(Engine engine) : CourseFixture(engine)
{
    private const string Ulm = "ulm";

    protected override Task Prepare() => Site(Ulm);

    [Test]
    public async Task Gives_no_visits_before_there_is_a_time_zero()
    {
        await Case(Ulm, "waiting", Procedure.Scs);
        Assert.That(await Schedule(Ulm, "waiting"), Is.Empty);
    }

    [Test]
    public async Task Gives_target_dates_and_windows_in_days_after_time_zero()
    {
        await Case(Ulm, "dates", Procedure.Drez);
        await Event(Ulm, "dates", EventType.Lesioned, "2025-11-20");
        var visits = (await Api.Get("/sites/ulm/cases/dates")).Expect(200).Json["schedule"]!.AsArray();
        Assert.That(
            visits.Select(visit => $"{visit!["timepoint"]} {visit["targetDate"]} {visit["windowFirst"]} {visit["windowLast"]}"),
            Is.EqualTo(Each(
                "post-op 2025-11-27 2025-11-21 2025-12-04",
                "1m 2025-12-20 2025-12-05 2026-01-19",
                "3m 2026-02-19 2026-01-20 2026-04-05",
                "6m 2026-05-22 2026-04-06 2026-08-20",
                "12m 2026-11-20 2026-08-21 2027-05-21",
                "24m 2027-11-20 2027-05-22 2028-05-21")));
    }

    [TestCase("2024-02-29", "2025-02-28", "2026-02-28")]
    [TestCase("2023-03-01", "2024-02-29", "2025-02-28")]
    public async Task Counts_days_over_leap_days(string operation, string twelveMonths, string twentyFourMonths)
    {
        var @case = "leap-" + operation;
        await Case(Ulm, @case, Procedure.Drez);
        await Event(Ulm, @case, EventType.Lesioned, operation);
        var visits = (await Api.Get($"/sites/ulm/cases/{@case}")).Expect(200).Json["schedule"]!.AsArray();
        Assert.That(visits.Skip(4).Select(visit => visit!["targetDate"]!.ToString()), Is.EqualTo(new[] { twelveMonths, twentyFourMonths }));
    }

    [Test]
    public async Task Is_due_from_the_target_day_and_overdue_after_the_window()
    {
        await Case(Ulm, "course", Procedure.Cordotomy);
        await Event(Ulm, "course", EventType.Lesioned, "2025-11-20");
        await Visit(Ulm, "course", "post-op", "2025-11-25");
        await Visit(Ulm, "course", "1m", "2026-02-01");
        await NotDone(Ulm, "course", "3m", "too-ill");
        string[] before = ["post-op done", "1m done", "3m not-done too-ill", "6m overdue"];
        Assert.That(await Schedule(Ulm, "course"), Is.EqualTo((string[])[.. before, "12m due", "24m not-due"]));

        foreach (var (day, twelve) in new[] { ("2026-11-19", "not-due"), ("2027-05-21", "due"), ("2027-05-22", "overdue") })
        {
            ItIs(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));
            Assert.That(await Schedule(Ulm, "course"), Is.EqualTo((string[])[.. before, "12m " + twelve, "24m not-due"]), day);
        }

        ItIs(Today);
    }

    [Test]
    public async Task Never_asks_for_a_visit_of_a_patient_who_died()
    {
        await Case(Ulm, "died", Procedure.Cordotomy);
        await Event(Ulm, "died", EventType.Lesioned, "2024-01-10");
        await Visit(Ulm, "died", "1m", "2024-02-09");
        await Event(Ulm, "died", EventType.Died, "2024-04-20");

        // The 3-month target day, 10 April, came before the death, in an open window.
        Assert.That(
            await Schedule(Ulm, "died"),
            Is.EqualTo(Each("post-op missed", "1m done", "3m missed", "6m censored died", "12m censored died", "24m censored died")));
    }

    [Test]
    public async Task Censors_what_comes_after_a_permanent_explant_but_not_a_visit_that_was_made()
    {
        await Implanted("explanted");
        await Explant(Ulm, "explanted", "2024-06-01", permanent: true);
        await Visit(Ulm, "explanted", "12m", "2025-01-20");
        Assert.That(
            await Schedule(Ulm, "explanted"),
            Is.EqualTo(Each("post-op missed", "1m missed", "3m missed", "6m censored explanted", "12m done", "24m censored explanted")));
    }

    [Test]
    public async Task Goes_on_after_a_re_implant()
    {
        await Implanted("re-implanted");
        await Explant(Ulm, "re-implanted", "2024-06-01", permanent: false);
        await Event(Ulm, "re-implanted", EventType.Implanted, "2024-08-01", "again");
        Assert.That(
            await Schedule(Ulm, "re-implanted"),
            Is.EqualTo(Each("post-op overdue", "1m overdue", "3m overdue", "6m overdue", "12m overdue", "24m overdue")));
    }

    [Test]
    public async Task Censors_what_comes_after_a_crossover()
    {
        await Case(Ulm, "first", Procedure.Scs, patient: "crossing");
        await Event(Ulm, "first", EventType.TrialStarted, "2024-01-10");
        await Event(Ulm, "first", EventType.TrialEnded, "2024-01-20", more: """, "outcome": "failed" """);
        await Case(Ulm, "second", Procedure.Drez, preceding: "first", patient: "crossing");
        Assert.That((await Schedule(Ulm, "first"))[3], Is.EqualTo("6m overdue"), "before the second operation");

        await Event(Ulm, "second", EventType.Lesioned, "2024-04-01");
        Assert.That(
            await Schedule(Ulm, "first"),
            Is.EqualTo(Each(
                "post-op missed", "1m missed", "3m censored crossed-over", "6m censored crossed-over", "12m censored crossed-over",
                "24m censored crossed-over")));
        Assert.That((await Schedule(Ulm, "second"))[1], Is.EqualTo("1m overdue"));
    }

    [TestCase(EventType.LostToFollowUp, "lost-to-follow-up")]
    [TestCase(EventType.Withdrawn, "withdrawn")]
    public async Task Censors_what_comes_after_loss_and_withdrawal(EventType type, string reason)
    {
        await Implanted(reason);
        await Event(Ulm, reason, type, "2024-07-11");

        // 11 July is the 6-month target day itself.
        Assert.That(
            (await Schedule(Ulm, reason)).Skip(2),
            Is.EqualTo(new[] { "3m missed", "6m missed", $"12m censored {reason}", $"24m censored {reason}" }));
    }

    [Test]
    public async Task Names_the_earliest_event_that_ended_observation()
    {
        await Implanted("several");
        await Event(Ulm, "several", EventType.Died, "2024-12-01");
        Assert.That((await Schedule(Ulm, "several"))[4], Is.EqualTo("12m censored died"));
        await Explant(Ulm, "several", "2024-06-01", permanent: true);
        Assert.That((await Schedule(Ulm, "several"))[4], Is.EqualTo("12m censored explanted"));
    }

    [Test]
    public async Task Names_the_first_in_order_of_several_events_on_one_day()
    {
        await Implanted("tied");
        await Event(Ulm, "tied", EventType.LostToFollowUp, "2024-06-01");
        Assert.That((await Schedule(Ulm, "tied"))[3], Is.EqualTo("6m censored lost-to-follow-up"));
        await Event(Ulm, "tied", EventType.Withdrawn, "2024-06-01");
        Assert.That((await Schedule(Ulm, "tied"))[3], Is.EqualTo("6m censored withdrawn"));
        await Explant(Ulm, "tied", "2024-06-01", permanent: true);
        Assert.That((await Schedule(Ulm, "tied"))[3], Is.EqualTo("6m censored explanted"));
        await Event(Ulm, "tied", EventType.Died, "2024-06-01");
        Assert.That((await Schedule(Ulm, "tied"))[3], Is.EqualTo("6m censored died"));
    }

    private async Task Implanted(string @case)
    {
        await Case(Ulm, @case, Procedure.Scs);
        await Event(Ulm, @case, EventType.Implanted, "2024-01-10");
    }
}
