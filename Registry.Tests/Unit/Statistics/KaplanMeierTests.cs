using NUnit.Framework;
using Registry.Domain.Statistics;
using Registry.Tests.Unit.Statistics.Reference;

namespace Registry.Tests.Unit.Statistics;

public class KaplanMeierTests
{
    [Test]
    public void Gives_the_published_curve_of_the_leukaemia_trial()
    {
        // Freireich EJ et al. Blood 1963;21:699-716, 6-mercaptopurine arm, remission in weeks; survival and its standard error as
        // printed in Collett, Modelling Survival Data in Medical Research, and many other textbooks.
        int[] relapses = [6, 6, 6, 7, 10, 13, 16, 22, 23];
        int[] censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
        var curve = KaplanMeier.FromCounts([.. relapses.Select(Event), .. censored.Select(Censored)]);

        var drops = curve.Steps.Where(s => s.Events > 0).ToList();
        Assert.That(drops.Select(s => s.Day), Is.EqualTo([6, 7, 10, 13, 16, 22, 23]));
        Assert.That(drops.Select(s => s.AtRisk), Is.EqualTo([21, 17, 15, 12, 11, 7, 6]));
        Assert.That(drops.Select(s => Math.Round(s.Survival, 4)), Is.EqualTo([0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]));
        Assert.That(
            drops.Select(s => Math.Round(s.StandardError!.Value, 4)), Is.EqualTo([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]));
    }

    [Test]
    public void Has_no_steps_without_observations() => Assert.That(KaplanMeier.FromCounts([]).Steps, Is.Empty);

    [Test]
    public void Puts_events_before_censorings_on_the_same_day()
    {
        var step = KaplanMeier.FromCounts([Censored(30), Event(30)]).Steps.Single();

        Assert.That(step, Is.EqualTo(new KaplanMeierStep(30, 2, 1, 1, 0.5, step.StandardError, step.Interval95)));
    }

    [Test]
    public void Has_no_interval_before_the_first_event()
    {
        var step = KaplanMeier.FromCounts([Censored(10), Event(20), Censored(30)]).Steps[0];

        Assert.That(step, Is.EqualTo(new KaplanMeierStep(10, 3, 0, 1, 1, 0, null)));
    }

    [Test]
    public void Has_neither_standard_error_nor_interval_once_nobody_survives()
    {
        var step = KaplanMeier.FromCounts([Event(0)]).Steps.Single();

        Assert.That(step, Is.EqualTo(new KaplanMeierStep(0, 1, 1, 0, 0, null, null)));
    }

    [Test]
    public void Has_the_binomial_standard_error_without_censoring()
    {
        var curve = KaplanMeier.FromCounts(Enumerable.Range(1, 50).Select(Event));

        foreach (var step in curve.Steps.SkipLast(1))
            Assert.That(step.StandardError, Is.EqualTo(Math.Sqrt(step.Survival * (1 - step.Survival) / 50)).Within(1e-12));
    }

    [Test]
    public void Agrees_with_R()
    {
        foreach (var sample in ReferenceFile.Read("kaplan-meier").GroupBy(row => row.Text("sample")))
        {
            var rows = sample.ToList();
            var observations = rows.SelectMany(row => Enumerable
                .Repeat(Event((int)row.Whole("day")), (int)row.Whole("events"))
                .Concat(Enumerable.Repeat(Censored((int)row.Whole("day")), (int)row.Whole("censored"))));
            var curve = KaplanMeier.FromCounts(observations.Reverse());

            Assert.That(curve.Steps, Has.Count.EqualTo(rows.Count));
            foreach (var (row, step) in rows.Zip(curve.Steps))
            {
                row.ShouldGive("day", step.Day);
                row.ShouldGive("at_risk", step.AtRisk);
                row.ShouldGive("events", step.Events);
                row.ShouldGive("censored", step.Censored);
                row.ShouldGive("survival", step.Survival);
                row.ShouldGive("standard_error", step.StandardError);
                row.ShouldGive("low", step.Interval95?.Low);
                row.ShouldGive("high", step.Interval95?.High);
            }
        }
    }

    private static EndsOnDay Event(int day) => new(day, 1, 0, 0);

    private static EndsOnDay Censored(int day) => new(day, 0, 0, 1);
}
