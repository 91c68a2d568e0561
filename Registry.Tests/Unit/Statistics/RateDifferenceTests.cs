using NUnit.Framework;
using Registry.Domain.Statistics;
using Registry.Tests.Unit.Statistics.Reference;

namespace Registry.Tests.Unit.Statistics;

public class RateDifferenceTests
{
    // Newcombe RG. Stat Med 1998;17:873-890, table II, method 10: contrasts (a), (c) and (h).
    [TestCase(56, 70, 48, 80, 0.0524, 0.3339)]
    [TestCase(6, 7, 2, 7, 0.0582, 0.8062)]
    [TestCase(10, 10, 0, 10, 0.6075, 1.0000)]
    public void Gives_the_published_intervals(int a, int m, int b, int n, double low, double high)
    {
        var difference = Difference.NewcombeMethod10(new Proportion(a, m), new Proportion(b, n))!;

        Assert.That(difference.Interval95!.Value.Low, Is.EqualTo(low).Within(0.00005));
        Assert.That(difference.Interval95!.Value.High, Is.EqualTo(high).Within(0.00005));
        Assert.That(difference.DegreesOfFreedom, Is.Null);
    }

    [Test]
    public void Is_null_when_a_group_is_empty()
    {
        Assert.That(Difference.NewcombeMethod10(new Proportion(0, 0), new Proportion(1, 2)), Is.Null);
        Assert.That(Difference.NewcombeMethod10(new Proportion(1, 2), new Proportion(0, 0)), Is.Null);
    }

    [Test]
    public void Mirrors_when_the_groups_change_places()
    {
        var ab = Difference.NewcombeMethod10(new Proportion(3, 3), new Proportion(2, 8))!;
        var ba = Difference.NewcombeMethod10(new Proportion(2, 8), new Proportion(3, 3))!;

        Assert.That(ba.Estimate, Is.EqualTo(-ab.Estimate));
        Assert.That(ba.Interval95, Is.EqualTo(new Interval(-ab.Interval95!.Value.High, -ab.Interval95.Value.Low)));
    }

    [Test]
    public void Agrees_with_R()
    {
        foreach (var row in ReferenceFile.Read("newcombe"))
        {
            var difference = Difference.NewcombeMethod10(
                new Proportion(row.Whole("numerator_a"), row.Whole("denominator_a")),
                new Proportion(row.Whole("numerator_b"), row.Whole("denominator_b")))!;
            row.ShouldGive("difference", difference.Estimate);
            row.ShouldGive("low", difference.Interval95?.Low);
            row.ShouldGive("high", difference.Interval95?.High);
        }
    }
}
