using NUnit.Framework;
using Registry.Api.Demonstration;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;
using Registry.Tests.Support;
using AdverseEvent = Registry.Domain.AdverseEvents.AdverseEvent;

namespace Registry.Tests.Api.Demonstration;

/// <summary>The synthetic cases of the demonstration: the same each time, free of contradictions, and of every kind.</summary>
public sealed class SyntheticRegistryTests
{
    private static readonly DateOnly LastDay = new(2026, 10, 31);
    private static readonly IReadOnlyList<SentRecord> Records = SyntheticData.Records(DemonstrationData.Cases, DemonstrationData.Seed);
    private static readonly IReadOnlyDictionary<(SiteCode Site, CaseCode Case), CaseChart> Charts = ChartsOf(Records);

    [Test]
    public void Gives_the_same_records_for_the_same_seed()
    {
        var once = SyntheticData.Records(200, 7).Select(Text).ToList();
        var again = SyntheticData.Records(200, 7).Select(Text).ToList();
        Assert.That(again, Is.EqualTo(once));
    }

    [Test]
    public void Gives_other_records_for_another_seed() =>
        Assert.That(SyntheticData.Records(200, 7).Select(Text), Is.Not.EqualTo(SyntheticData.Records(200, 8).Select(Text)));

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(400)]
    public void Makes_as_many_cases_as_were_asked_for(int cases) =>
        Assert.That(SyntheticData.Records(cases, 3).Count(record => record.Content is CaseRecord), Is.EqualTo(cases));

    [Test]
    public void Uses_no_address_twice() => Assert.That(Records.Select(record => (record.Kind.Name, record.Address)), Is.Unique);

    [TestCase(DemonstrationData.Seed)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Contradicts_itself_nowhere(int seed) => Assert.That(
        from chart in ChartsOf(SyntheticData.Records(2000, seed))
        from contradiction in chart.Value.Contradictions()
        select $"{chart.Key}: {contradiction.Detail}",
        Is.Empty);

    [TestCase(DemonstrationData.Seed)]
    [TestCase(1)]
    public void Dates_nothing_after_its_last_day(int seed) => Assert.That(
        from record in SyntheticData.Records(2000, seed)
        from day in Days(record.Content)
        where day > LastDay
        select $"{record.Address}: {day}",
        Is.Empty);

    [Test]
    public void Holds_every_procedure() =>
        Assert.That(Charts.Values.Select(chart => chart.Case.Procedure).Distinct(), Is.EquivalentTo(Enum.GetValues<Procedure>()));

    [Test]
    public void Holds_trials_that_failed() =>
        Expect(chart => Has(chart, EventType.TrialEnded, ended => ended.Outcome == TrialOutcome.Failed));

    [Test]
    public void Holds_implants_that_were_declined_after_a_good_trial() =>
        Expect(chart =>
            Has(chart, EventType.TrialEnded, ended => ended.Outcome == TrialOutcome.Succeeded && ended.OccurredOn < LastDay.AddDays(-60))
            && !Has(chart, EventType.Implanted));

    [Test]
    public void Holds_permanent_explants() => Expect(chart => Has(chart, EventType.Explanted, explanted => explanted.Permanent == true));

    [Test]
    public void Holds_implants_that_followed_an_explant() =>
        Expect(chart => Has(chart, EventType.Explanted, explanted => explanted.Permanent == false)
            && chart.Events.Values.Count(happened => happened.Type == EventType.Implanted) == 2);

    [Test]
    public void Holds_revisions() => Expect(chart => Has(chart, EventType.Revised));

    [Test]
    public void Holds_crossovers_from_a_failed_trial_to_DREZ()
    {
        var crossed = Charts.Where(chart => chart.Value.Case.PrecedingCase is not null).ToList();
        Assert.That(crossed, Is.Not.Empty);
        foreach (var (address, chart) in crossed)
        {
            var before = Charts[address with { Case = chart.Case.PrecedingCase!.Value }];
            Assert.That(chart.Case.Procedure, Is.EqualTo(Procedure.Drez));
            Assert.That(chart.Case.Patient, Is.EqualTo(before.Case.Patient));
            Assert.That(Has(before, EventType.TrialEnded, ended => ended.Outcome == TrialOutcome.Failed));
        }
    }

    [TestCase(Procedure.Cordotomy)]
    [TestCase(Procedure.Scs)]
    public void Holds_deaths(Procedure procedure) => Expect(chart => chart.Case.Procedure == procedure && Has(chart, EventType.Died));

    [Test]
    public void Lets_most_patients_with_a_cordotomy_die()
    {
        var cordotomies = Charts.Values.Where(chart => chart.Case.Procedure == Procedure.Cordotomy).ToList();
        Assert.That(cordotomies.Count(chart => Has(chart, EventType.Died)), Is.GreaterThan(cordotomies.Count / 2));
    }

    [Test]
    public void Holds_patients_lost_to_follow_up() => Expect(chart => Has(chart, EventType.LostToFollowUp));

    [Test]
    public void Holds_visits_that_were_late() =>
        Expect(chart => chart.Assessments.Any(visit => chart.Place(visit.Key, visit.Value.AssessedOn) == WindowPosition.Late));

    [TestCase(NotDoneReason.Died)]
    [TestCase(NotDoneReason.LostToFollowUp)]
    [TestCase(NotDoneReason.Declined)]
    [TestCase(NotDoneReason.TooIll)]
    [TestCase(NotDoneReason.NotDoneBySite)]
    public void Holds_visits_that_were_not_done(NotDoneReason reason) =>
        Expect(chart => chart.Assessments.Values.Any(visit => visit.NotDone == reason));

    [Test]
    public void Holds_visits_of_which_nothing_is_known() =>
        Expect(chart => chart.TimeZero is { } zero
            && VisitWindow.All.Any(window => zero.AddDays(window.Days.Max) < LastDay && !chart.Assessments.ContainsKey(window.Timepoint)));

    [Test]
    public void Holds_cases_without_a_baseline() => Expect(chart => !chart.Assessments.ContainsKey(Timepoint.Baseline));

    [Test]
    public void Holds_visits_with_one_of_the_two_scores() =>
        Expect(chart => chart.Assessments.Values.Any(visit => visit is { Nrs: not null, Pdi: null })
            || chart.Assessments.Values.Any(visit => visit is { Nrs: null, Pdi: not null }));

    private static void Expect(Func<CaseChart, bool> kind) => Assert.That(Charts.Values.Count(kind), Is.GreaterThan(0));

    private static bool Has(CaseChart chart, EventType type, Func<TreatmentEvent, bool>? such = null) =>
        chart.Events.Values.Any(happened => happened.Type == type && such?.Invoke(happened) != false);

    private static (SiteCode Site, CaseCode Case) CaseOf(SentRecord record) => (record.Address.Site, record.Address.Case);

    private static string Text(SentRecord record) => $"{record.Kind.Name} {record.Address} {record.Kind.Canonical(record.Content)}";

    private static Dictionary<(SiteCode Site, CaseCode Case), CaseChart> ChartsOf(IReadOnlyList<SentRecord> records)
    {
        var under = records.Where(record => record.Kind.IsUnderCase).ToLookup(CaseOf);
        return records.Where(record => record.Content is CaseRecord).ToDictionary(
            CaseOf,
            record => under[CaseOf(record)].GroupBy(one => one.Kind)
                .Aggregate(
                    CaseChart.Of((CaseRecord)record.Content),
                    (chart, kind) => kind.Key.Enter(chart, kind.Select(one => (one.Address.Code!, (object?)one.Content)))));
    }

    private static IEnumerable<DateOnly?> Days(object content) => content switch
    {
        TreatmentEvent happened => [happened.OccurredOn],
        Assessment visit => [visit.AssessedOn],
        AdverseEvent adverse => [adverse.OnsetOn, adverse.ResolvedOn],
        CostItem cost => [cost.IncurredOn],
        HospitalStay stay => [stay.AdmittedOn, stay.DischargedOn],
        _ => [],
    };
}
