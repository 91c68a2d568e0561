using NUnit.Framework;
using Registry.Domain.Statistics;

namespace Registry.Tests.Unit.Statistics;

public class SurvivalTableTests
{
    [Test]
    public void Gives_the_curves_of_the_same_cases_one_by_one()
    {
        var random = new Random(20240304);
        for (var sample = 0; sample < 200; sample++)
        {
            var cases = Enumerable.Range(0, random.Next(40))
                .Select(_ => Case(random.Next(12), random.Next(3)))
                .ToList();
            var counts = cases.GroupBy(one => (one.Day, random.Next(2))).Select(part => new EndsOnDay(
                part.Key.Day,
                part.Sum(one => one.Events),
                part.Sum(one => one.Competing),
                part.Sum(one => one.Censored))).ToList();

            Assert.That(CumulativeIncidence.FromCounts(counts).Steps, Is.EqualTo(CumulativeIncidence.FromCounts(cases).Steps));
            var eventOrNot = cases.Select(one => new EndsOnDay(one.Day, one.Events, 0, one.Competing + one.Censored));
            Assert.That(KaplanMeier.FromCounts(counts).Steps, Is.EqualTo(KaplanMeier.FromCounts(eventOrNot).Steps));
        }

        static EndsOnDay Case(int day, int end) => new(day, end == 1 ? 1 : 0, end == 2 ? 1 : 0, end == 0 ? 1 : 0);
    }

    [Test]
    public void Has_a_step_for_a_day_on_which_nobody_ended()
    {
        EndsOnDay[] ends = [new(0, 0, 0, 0), new(5, 1, 1, 0)];

        Assert.That(KaplanMeier.FromCounts(ends).Steps[0], Is.EqualTo(new KaplanMeierStep(0, 2, 0, 0, 1, 0, null)));
        Assert.That(CumulativeIncidence.FromCounts(ends).Steps[0], Is.EqualTo(new CumulativeIncidenceStep(0, 2, 0, 0, 0, 0, 0, null)));
    }

    [Test]
    public void Has_no_steps_without_anybody_at_risk()
    {
        Assert.That(KaplanMeier.FromCounts([new(0, 0, 0, 0)]).Steps, Is.Empty);
        Assert.That(CumulativeIncidence.FromCounts([new(0, 0, 0, 0)]).Steps, Is.Empty);
        Assert.That(KaplanMeier.FromCounts([new(3, 1, 0, 0), new(4, 0, 0, 0)]).Steps, Has.Count.EqualTo(1));
        Assert.That(CumulativeIncidence.FromCounts([new(3, 1, 0, 0), new(4, 0, 0, 0)]).Steps, Has.Count.EqualTo(1));
    }

    [TestCase(-1, 0, 0, 0)]
    [TestCase(0, -1, 0, 0)]
    [TestCase(0, 0, -1, 0)]
    [TestCase(0, 0, 0, -1)]
    public void Refuses_a_negative_day_and_a_negative_count(int day, int events, int competing, int censored) =>
        Assert.That(() => new EndsOnDay(day, events, competing, censored), Throws.TypeOf<ArgumentOutOfRangeException>());
}
