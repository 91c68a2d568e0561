using NUnit.Framework;
using Registry.Domain.Statistics;
using Registry.Tests.Unit.Statistics.Reference;

namespace Registry.Tests.Unit.Statistics;

public class MeanDifferenceTests
{
    [Test]
    public void Has_the_pooled_degrees_of_freedom_for_equal_groups()
    {
        var difference = Difference.Welch(5, 2, 10, 3, 2, 10)!;

        Assert.That(difference.Estimate, Is.EqualTo(2.0));
        Assert.That(difference.DegreesOfFreedom, Is.EqualTo(18.0).Within(1e-12));

        // t(0.975; 18) = 2.10092204 by table; SE = 2·√(2/10).
        Assert.That(difference.Interval95!.Value.Low, Is.EqualTo(2 - (2.10092204 * 2 * Math.Sqrt(0.2))).Within(1e-8));
        Assert.That(difference.Interval95!.Value.High, Is.EqualTo(2 + (2.10092204 * 2 * Math.Sqrt(0.2))).Within(1e-8));
    }

    [Test]
    public void Is_null_when_a_group_is_empty()
    {
        Assert.That(Difference.Welch(null, null, 0, 3, 2, 10), Is.Null);
        Assert.That(Difference.Welch(3, 2, 10, null, null, 0), Is.Null);
    }

    [Test]
    public void Has_no_interval_when_a_group_has_one_value()
    {
        var difference = Difference.Welch(5, null, 1, 3, 2, 10)!;

        Assert.That(difference, Is.EqualTo(new Difference(2, Interval95: null, DegreesOfFreedom: null)));
    }

    [Test]
    public void Has_no_interval_when_nothing_varies() => Assert.That(Difference.Welch(5, 0, 4, 3, 0, 4)!.Interval95, Is.Null);

    [Test]
    public void Takes_its_degrees_of_freedom_from_the_group_that_varies()
    {
        Assert.That(Difference.Welch(5, 0, 4, 3, 1, 7)!.DegreesOfFreedom, Is.EqualTo(6.0).Within(1e-12));
        Assert.That(Difference.Welch(5, 1, 2, 3, 0, 7)!.DegreesOfFreedom, Is.EqualTo(1.0).Within(1e-12));
    }

    [Test]
    public void Does_not_depend_on_the_unit()
    {
        foreach (var unit in new[] { 1e-200, 1e-9, 1e9, 1e200 })
        {
            var difference = Difference.Welch(5 * unit, 2 * unit, 10, 3 * unit, 1 * unit, 6)!;
            var inUnits = Difference.Welch(5, 2, 10, 3, 1, 6)!;
            Assert.That(difference.DegreesOfFreedom, Is.EqualTo(inUnits.DegreesOfFreedom!.Value).Within(1e-11), $"{unit}");
            Assert.That(difference.Interval95!.Value.Low / unit, Is.EqualTo(inUnits.Interval95!.Value.Low).Within(1e-11), $"{unit}");
        }
    }

    [Test]
    public void Refuses_what_no_group_has()
    {
        Assert.That(() => Difference.Welch(double.NaN, 1, 2, 0, 1, 2), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Difference.Welch(0, -1, 2, 0, 1, 2), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Difference.Welch(0, 1, 2, 0, double.PositiveInfinity, 2), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Difference.Welch(0, 1, -2, 0, 1, 2), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Agrees_with_R()
    {
        foreach (var row in ReferenceFile.Read("welch"))
        {
            var a = new Moments(row.Whole("n1"), row.Whole("sum1"), row.Whole("squares1"));
            var b = new Moments(row.Whole("n2"), row.Whole("sum2"), row.Whole("squares2"));
            var difference = Difference.Welch(a.Mean, a.Sd, a.N, b.Mean, b.Sd, b.N)!;
            row.ShouldGive("difference", difference.Estimate);
            row.ShouldGive("low", difference.Interval95?.Low);
            row.ShouldGive("high", difference.Interval95?.High);
            row.ShouldGive("df", difference.DegreesOfFreedom);
        }
    }
}
