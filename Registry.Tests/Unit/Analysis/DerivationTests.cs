using NUnit.Framework;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Tests.Unit.Analysis;

/// <summary>The rules about a case and a person, as pure functions: each with dates worked out by hand.</summary>
public sealed class DerivationTests
{
    [Test]
    public void Time_zero_is_the_trial_until_the_implant_and_the_implant_from_then_on()
    {
        var one = new PersonBuilder().Case("A")
            .Event(EventType.TrialStarted, "2024-01-01")
            .Event(EventType.TrialEnded, "2024-01-10", TrialOutcome.Succeeded)
            .Event(EventType.Implanted, "2024-02-01");
        Assert.That(one.Standing("A", "2023-12-31").TimeZero, Is.Null);
        Assert.That(one.Standing("A", "2024-01-31").TimeZero, Is.EqualTo(PersonBuilder.Number("2024-01-01")));
        Assert.That(one.Standing("A", "2024-02-01").TimeZero, Is.EqualTo(PersonBuilder.Number("2024-02-01")));
    }

    [TestCase("2024-01-01", true, TestName = "A_trial_is_undecided_on_its_first_day")]
    [TestCase("2024-03-30", true, TestName = "A_trial_without_an_end_is_undecided_for_89_days")]
    [TestCase("2024-03-31", false, TestName = "A_trial_without_an_end_is_decided_on_the_90th_day")]
    public void A_trial_without_an_end(string cutOff, bool isUndecided) =>
        Assert.That(
            new PersonBuilder().Case("A").Event(EventType.TrialStarted, "2024-01-01").Standing("A", cutOff).IsUndecided,
            Is.EqualTo(isUndecided));

    [Test]
    public void No_visit_is_scheduled_while_a_trial_is_undecided_and_all_are_once_the_implant_is_declined()
    {
        var one = new PersonBuilder().Case("A")
            .Event(EventType.TrialStarted, "2024-01-01")
            .Event(EventType.TrialEnded, "2024-01-10", TrialOutcome.Succeeded);
        Assert.That(one.Visit("A", Timepoint.Month1, "2024-04-08"), Is.Null);
        Assert.That(one.Standing("A", "2024-04-08").Implant, Is.EqualTo(ImplantStanding.Awaiting));
        Assert.That(one.Visit("A", Timepoint.Month1, "2024-04-09"), Is.EqualTo(VisitState.Overdue));
        Assert.That(one.Standing("A", "2024-04-09").Implant, Is.EqualTo(ImplantStanding.Declined));
        Assert.That(one.Row("A", Timepoint.Month1, "2024-04-08"), Is.Null);
        Assert.That(one.Row("A", Timepoint.Month1, "2024-04-09"), Is.Not.Null);
    }

    [Test]
    public void A_loss_is_void_from_the_day_on_which_the_person_is_seen_again()
    {
        var one = new PersonBuilder().Case("A", Procedure.Drez)
            .Event(EventType.Lesioned, "2024-11-10")
            .Event(EventType.LostToFollowUp, "2025-02-10")
            .Score(Timepoint.Month12, "2025-11-12", 3);
        Assert.That(one.Standing("A", "2025-11-11").EndReason, Is.EqualTo(CensoringReason.LostToFollowUp));
        Assert.That(one.Standing("A", "2025-11-12").EndReason, Is.Null);
        Assert.That(one.Visit("A", Timepoint.Month24, "2026-11-10"), Is.EqualTo(VisitState.Due));
    }

    [Test]
    public void An_adverse_event_of_another_case_makes_a_loss_void_too()
    {
        var one = new PersonBuilder().Case("A", Procedure.Drez)
            .Event(EventType.Lesioned, "2024-01-10")
            .Event(EventType.LostToFollowUp, "2024-02-10")
            .Case("B", Procedure.Drez)
            .AdverseEvent("2024-02-11");
        Assert.That(one.Standing("A").Lost, Is.Null);
        Assert.That(one.Standing("A", "2024-02-10").Lost, Is.EqualTo(PersonBuilder.Number("2024-02-10")));
    }

    [Test]
    public void Each_of_two_losses_counts_until_the_person_is_seen_again()
    {
        var one = new PersonBuilder().Case("A", Procedure.Drez).Event(EventType.Lesioned, "2024-01-10")
            .Event(EventType.LostToFollowUp, "2024-02-10")
            .Score(Timepoint.Month3, "2024-04-10", 3).Event(EventType.LostToFollowUp, "2024-05-10");
        Assert.That(
            (one.Standing("A", "2024-03-01").Lost,
                one.Standing("A", "2024-04-10").Lost,
                one.Standing("A", "2024-05-09").Lost,
                one.Standing("A", "2024-05-10").Lost),
            Is.EqualTo((PersonBuilder.Number("2024-02-10"), (DayNumber?)null, (DayNumber?)null, PersonBuilder.Number("2024-05-10"))));
    }

    [Test]
    public void A_death_and_a_withdrawal_hold_for_every_case_of_the_person()
    {
        var one = new PersonBuilder().Case("A1").Event(EventType.TrialStarted, "2026-01-10").Event(
            EventType.TrialEnded, "2026-01-20", TrialOutcome.Failed).Event(EventType.Died, "2026-03-20")
            .Case("A2", Procedure.Cordotomy, "A1").Event(EventType.Lesioned, "2026-03-01").Score(Timepoint.Baseline, "2026-02-20", 9)
                .Score(Timepoint.Month1, "2026-03-31", 2);
        Assert.That(one.Standing("A2").EndReason, Is.EqualTo(CensoringReason.Died));
        Assert.That(one.Visit("A2", Timepoint.Month3, "2026-10-01"), Is.EqualTo(VisitState.Censored));
        Assert.That(one.Row("A2", Timepoint.Month1, "2026-10-01")!.Value.Nrs, Is.Null, "a score after death is not credited");
    }

    [Test]
    public void Nothing_dated_after_a_withdrawal_is_used()
    {
        var one = new PersonBuilder().Case("A", Procedure.Drez).Event(EventType.Lesioned, "2024-01-10").Event(
            EventType.Withdrawn, "2024-02-01").Score(Timepoint.Month3, "2024-04-10", 3)
            .Event(EventType.Died, "2024-06-01").Cost(CostCategory.Operation, 10, "2024-01-10").Cost(
                CostCategory.FollowUp, 5, "2024-03-01").Cost(CostCategory.Other, 1, null);
        Assert.That(one.Standing("A").Died, Is.Null);
        Assert.That(one.Visit("A", Timepoint.PostOp, "2024-06-02"), Is.EqualTo(VisitState.Missed));
        Assert.That(one.Visit("A", Timepoint.Month3, "2024-06-02"), Is.EqualTo(VisitState.Censored));
        var costs = Derivation.Derive(one.Person()).Cases[1].Rows.Costs.Single(row => row.CutOffs.AreOpen).ByCategory;
        Assert.That(
            (costs.On(CostBasis.All), costs.On(CostBasis.Surgical), costs[CostCategory.FollowUp]),
            Is.EqualTo((11_000L, 10_000L, (long?)null)));
    }

    [TestCase("2023-08-27", null, TestName = "A_temporary_explant_is_not_permanent_on_day_179")]
    [TestCase("2023-08-28", "2023-03-01", TestName = "A_temporary_explant_is_permanent_from_its_own_day_on_once_180_days_have_gone_by")]
    public void A_temporary_explant_without_a_re_implant(string cutOff, string? permanentOn)
    {
        var one = new PersonBuilder().Case("A")
            .Event(EventType.Implanted, "2023-01-01")
            .Event(EventType.Explanted, "2023-03-01", permanent: false)
            .Score(Timepoint.Baseline, "2022-12-01", 8)
            .Score(Timepoint.Month12, "2024-01-03", 2);
        Assert.That(
            one.Standing("A", cutOff).PermanentExplant,
            Is.EqualTo(permanentOn is null ? (DayNumber?)null : PersonBuilder.Number(permanentOn)));
        Assert.That(one.Row("A", Timepoint.Month12, "2024-06-01")!.Value.Nrs, Is.Null, "a score without the therapy is credited in no set");
    }

    [TestCase("2023-08-28", false)]
    [TestCase("2023-08-29", true)]
    public void A_re_implant_within_180_days_makes_an_explant_temporary(string reimplanted, bool isPermanent)
    {
        var one = new PersonBuilder().Case("A")
            .Event(EventType.Implanted, "2023-01-01")
            .Event(EventType.Explanted, "2023-03-01", permanent: false)
            .Event(EventType.Implanted, reimplanted);
        Assert.That(one.Standing("A").PermanentExplant is not null, Is.EqualTo(isPermanent));
    }

    [TestCase("2023-03-01", true, TestName = "The_day_of_the_explant_still_counts")]
    [TestCase("2023-03-02", false, TestName = "The_day_after_the_explant_lies_in_the_gap")]
    [TestCase("2023-04-30", false, TestName = "The_day_before_the_re_implant_lies_in_the_gap")]
    [TestCase("2023-05-01", true, TestName = "The_day_of_the_re_implant_counts_again")]
    public void A_score_in_a_gap(string on, bool isCredited)
    {
        var one = new PersonBuilder().Case("A")
            .Event(EventType.Implanted, "2023-01-01")
            .Event(EventType.Explanted, "2023-03-01", permanent: false)
            .Event(EventType.Implanted, "2023-05-01")
            .Score(Timepoint.Month3, on, 2);
        Assert.That(one.Row("A", Timepoint.Month3, "2024-01-01")!.Value.Nrs is not null, Is.EqualTo(isCredited));
    }

    [Test]
    public void A_follow_up_before_time_zero_is_kept_as_early_and_credited_in_no_set()
    {
        var one = new PersonBuilder().Case("A").Event(EventType.TrialStarted, "2026-10-01").Event(
            EventType.TrialEnded, "2026-10-10", TrialOutcome.Succeeded).Event(EventType.Implanted, "2026-11-05")
            .Score(Timepoint.Baseline, "2026-09-20", 8).Score(Timepoint.PostOp, "2026-10-09", 3);
        var row = one.Row("A", Timepoint.PostOp, "2026-11-20")!.Value;
        Assert.That(
            (row.Visit!.Value.State, row.Visit.Value.Position, row.Nrs), Is.EqualTo((VisitState.Done, WindowPosition.Early, (int?)null)));
    }

    [Test]
    public void A_crossover_is_the_start_of_any_later_case_of_the_chain()
    {
        var one = new PersonBuilder().Case("A")
            .Event(EventType.Implanted, "2023-01-01")
            .Case("B", Procedure.Drez, "A")
            .Case("C", Procedure.Drez, "B")
            .Event(EventType.Lesioned, "2023-06-01");
        Assert.That(one.Standing("A").Crossover, Is.EqualTo(PersonBuilder.Number("2023-06-01")));
        Assert.That(one.Standing("B").Crossover, Is.EqualTo(PersonBuilder.Number("2023-06-01")));
        Assert.That(one.Standing("C").Crossover, Is.Null);
    }

    [Test]
    public void On_one_day_death_ends_observation_and_the_explant_still_counts()
    {
        var one = new PersonBuilder().Case("A")
            .Event(EventType.Implanted, "2023-01-01")
            .Event(EventType.Explanted, "2023-06-01", permanent: true)
            .Event(EventType.Died, "2023-06-01");
        Assert.That((one.Standing("A").EndReason, one.Standing("A").Therapy), Is.EqualTo((CensoringReason.Died, TherapyEnd.Explanted)));
    }

    [Test]
    public void An_explant_after_the_end_of_observation_is_no_event()
    {
        var one = new PersonBuilder().Case("A")
            .Event(EventType.Implanted, "2023-01-01")
            .Case("B", Procedure.Drez, "A")
            .Event(EventType.Lesioned, "2023-05-01");
        Assert.That(one.Standing("A").Therapy, Is.EqualTo(TherapyEnd.Censored));
    }

    [Test]
    public void Costs_add_up_day_by_day_and_one_row_of_a_unit_is_the_first()
    {
        var one = new PersonBuilder().Case("A")
            .Cost(CostCategory.Trial, 100, "2024-01-01", "USD")
            .Cost(CostCategory.Device, 20.5m, "2024-02-01")
            .Cost(CostCategory.Device, 1, "2024-02-01");
        var rows = Derivation.Derive(one.Person()).Cases[1].Rows.Costs;
        Assert.That(
            rows.Select(row => (row.Currency,
                row.CutOffs.From == PersonBuilder.Number("2024-01-01"),
                row.CutOffs.AreOpen,
                row.ByCategory.On(CostBasis.All),
                row.IsFirst,
                row.IsFirstSurgical)),
            Is.EquivalentTo(new[]
            {
                ("USD", true, false, (long?)100_000, true, false),
                ("EUR", false, true, 21_500, true, true),
                ("USD", false, true, 100_000, false, false),
            }));
    }

    [Test]
    public void Every_response_class_has_a_number_of_its_own() =>
        Assert.That(ResponseClass.All.Select(one => one.Number), Is.Unique);

    [Test]
    public void Every_pair_of_scores_falls_into_a_listed_class()
    {
        var all = ResponseClass.All.ToHashSet();
        for (var most = 10; most <= 70; most += 60)
        {
            for (var baseline = -1; baseline <= most; baseline++)
            {
                for (var score = -1; score <= most; score++)
                {
                    var one = ResponseClass.Of(true, baseline < 0 ? null : baseline, score < 0 ? null : score, false, true);
                    Assert.That(all, Does.Contain(one));
                    for (var percent = 1; percent <= 100 && baseline > 0 && score >= 0; percent++)
                    {
                        Assert.That(
                            one.ReliefPercent >= percent,
                            Is.EqualTo(100 * (baseline - score) >= percent * baseline),
                            $"{baseline} {score} {percent}");
                    }
                }
            }
        }
    }
}
