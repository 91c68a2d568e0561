using NUnit.Framework;
using Registry.Domain.Statistics;
using Registry.Tests.Unit.Statistics.Reference;

namespace Registry.Tests.Unit.Statistics;

public class CumulativeIncidenceTests
{
    [Test]
    public void Counts_only_the_event_that_came_first()
    {
        // Four cases: 1/4 explanted on day 1; 1/4 dead on day 2; one censored on day 3; the last explanted out of a remaining 1/2.
        var curve = CumulativeIncidence.FromCounts([Explant(1), Death(2), Censored(3), Explant(4)]);

        Assert.That(curve.Steps.Select(s => s.Incidence), Is.EqualTo([0.25, 0.25, 0.25, 0.75]));
        Assert.That(curve.Steps.Select(s => s.AtRisk), Is.EqualTo([4, 3, 2, 1]));
        Assert.That(curve.Steps.Select(s => s.Events), Is.EqualTo([1, 0, 0, 1]));
        Assert.That(curve.Steps.Select(s => s.CompetingEvents), Is.EqualTo([0, 1, 0, 0]));
        Assert.That(curve.Steps.Select(s => s.Censored), Is.EqualTo([0, 0, 1, 0]));
    }

    [Test]
    public void Has_no_steps_without_observations() => Assert.That(CumulativeIncidence.FromCounts([]).Steps, Is.Empty);

    [Test]
    public void Has_no_interval_while_it_is_nought()
    {
        var step = CumulativeIncidence.FromCounts([Death(5), Censored(9)]).Steps[0];

        Assert.That(step, Is.EqualTo(new CumulativeIncidenceStep(5, 2, 0, 1, 0, 0, 0, null)));
    }

    [Test]
    public void Is_exactly_one_with_no_interval_when_all_had_the_event()
    {
        foreach (var n in Enumerable.Range(1, 60))
        {
            var last = CumulativeIncidence.FromCounts(Enumerable.Range(1, n).Select(Explant)).Steps[^1];
            Assert.That(last.Incidence, Is.EqualTo(1.0), $"{n} cases");
            Assert.That(last.StandardError, Is.Zero.Within(1e-12), $"{n} cases");
            Assert.That(last.Interval95, Is.Null, $"{n} cases");
        }
    }

    [Test]
    public void Has_the_binomial_standard_error_without_censoring()
    {
        var curve = CumulativeIncidence.FromCounts(Enumerable.Range(1, 60).Select(day => day % 3 == 0 ? Death(day) : Explant(day)));

        foreach (var step in curve.Steps)
            Assert.That(step.StandardError, Is.EqualTo(Math.Sqrt(step.Incidence * (1 - step.Incidence) / 60)).Within(1e-12));
    }

    [Test]
    public void Is_one_minus_Kaplan_Meier_without_competing_events()
    {
        var random = new Random(20240229);
        var times = Enumerable.Range(0, 200).Select(_ => (Day: random.Next(60), Explanted: random.Next(3) > 0)).ToList();
        var incidence = CumulativeIncidence.FromCounts(times.Select(t => t.Explanted ? Explant(t.Day) : Censored(t.Day)));
        var survival = KaplanMeier.FromCounts(times.Select(t => t.Explanted ? Explant(t.Day) : Censored(t.Day)));

        foreach (var (i, s) in incidence.Steps.Zip(survival.Steps))
        {
            Assert.That(i.Incidence, Is.EqualTo(1 - s.Survival).Within(1e-12), $"day {i.Day}");
            if (s.StandardError is { } error)
                Assert.That(i.StandardError, Is.EqualTo(error).Within(1e-12), $"day {i.Day}");
        }
    }

    [Test]
    public void Adds_up_to_one_with_the_competing_incidence_and_the_survival_free_of_both()
    {
        var random = new Random(20240301);
        var times = Enumerable.Range(0, 200).Select(_ => AnEnd(random.Next(60), random.Next(3))).ToList();
        var explant = CumulativeIncidence.FromCounts(times);
        var death = CumulativeIncidence.FromCounts(times.Select(t => new EndsOnDay(t.Day, t.Competing, t.Events, t.Censored)));
        var free = KaplanMeier.FromCounts(times.Select(t => new EndsOnDay(t.Day, t.Events + t.Competing, 0, t.Censored)));

        for (var i = 0; i < free.Steps.Count; i++)
            Assert.That(explant.Steps[i].Incidence + death.Steps[i].Incidence + free.Steps[i].Survival, Is.EqualTo(1.0).Within(1e-12));
    }

    [Test]
    public void Agrees_with_R()
    {
        foreach (var sample in ReferenceFile.Read("cumulative-incidence").GroupBy(row => row.Text("sample")))
        {
            var rows = sample.ToList();
            var observations = rows.SelectMany(row => Enumerable
                .Repeat(Explant((int)row.Whole("day")), (int)row.Whole("events"))
                .Concat(Enumerable.Repeat(Death((int)row.Whole("day")), (int)row.Whole("competing")))
                .Concat(Enumerable.Repeat(Censored((int)row.Whole("day")), (int)row.Whole("censored"))));
            var curve = CumulativeIncidence.FromCounts(observations.Reverse());

            Assert.That(curve.Steps, Has.Count.EqualTo(rows.Count));
            foreach (var (row, step) in rows.Zip(curve.Steps))
            {
                row.ShouldGive("day", step.Day);
                row.ShouldGive("at_risk", step.AtRisk);
                row.ShouldGive("events", step.Events);
                row.ShouldGive("competing", step.CompetingEvents);
                row.ShouldGive("censored", step.Censored);
                row.ShouldGive("incidence", step.Incidence);
                row.ShouldGive("standard_error", step.StandardError);
                row.ShouldGive("low", step.Interval95?.Low);
                row.ShouldGive("high", step.Interval95?.High);
            }
        }
    }

    private static EndsOnDay AnEnd(int day, int end) => end switch { 0 => Censored(day), 1 => Explant(day), _ => Death(day) };

    private static EndsOnDay Explant(int day) => new(day, 1, 0, 0);

    private static EndsOnDay Death(int day) => new(day, 0, 1, 0);

    private static EndsOnDay Censored(int day) => new(day, 0, 0, 1);
}
