using NUnit.Framework;
using Registry.Domain.Statistics;
using Registry.Tests.Unit.Statistics.Reference;

namespace Registry.Tests.Unit.Statistics;

public class ProportionTests
{
    [Test]
    public void Gives_the_spinal_cord_stimulation_response_of_the_reference_series()
    {
        var response = new Proportion(2, 8);

        Assert.That(response.Rate, Is.EqualTo(0.25));
        Assert.That(response.Wilson95!.Value.Low, Is.EqualTo(0.071).Within(0.0005));
        Assert.That(response.Wilson95!.Value.High, Is.EqualTo(0.591).Within(0.0005));
    }

    [Test]
    public void Has_neither_rate_nor_interval_for_nobody()
    {
        var nobody = new Proportion(0, 0);

        Assert.That(nobody.Rate, Is.Null);
        Assert.That(nobody.Wilson95, Is.Null);
        Assert.That(nobody, Is.EqualTo(default(Proportion)));
    }

    [Test]
    public void Ends_exactly_at_nought_for_none_and_at_one_for_all()
    {
        foreach (var n in new[] { 1, 2, 3, 7, 10, 49, 1000, 123_456_789, long.MaxValue })
        {
            Assert.That(new Proportion(0, n).Wilson95!.Value.Low, Is.Zero, $"0 of {n}");
            Assert.That(new Proportion(n, n).Wilson95!.Value.High, Is.EqualTo(1.0), $"{n} of {n}");
        }
    }

    [Test]
    public void Holds_the_rate_within_the_interval_and_the_interval_within_nought_and_one()
    {
        for (var n = 1; n <= 60; n++)
        {
            for (var x = 0; x <= n; x++)
            {
                var proportion = new Proportion(x, n);
                var interval = proportion.Wilson95!.Value;
                Assert.That(interval.Low, Is.InRange(0, proportion.Rate!), $"{x} of {n}");
                Assert.That(interval.High, Is.InRange(proportion.Rate!, 1), $"{x} of {n}");
            }
        }
    }

    [Test]
    public void Agrees_with_R()
    {
        foreach (var row in ReferenceFile.Read("wilson"))
        {
            var interval = new Proportion(row.Whole("numerator"), row.Whole("denominator")).Wilson95;
            row.ShouldGive("low", interval?.Low);
            row.ShouldGive("high", interval?.High);
        }
    }

    [TestCase(-1, 8, "Numerator")]
    [TestCase(9, 8, "Numerator")]
    [TestCase(1, 0, "Numerator")]
    [TestCase(0, -1, "Numerator")]
    public void Refuses_counts_that_make_no_proportion(long numerator, long denominator, string blamed) =>
        Assert.That(
            () => new Proportion(numerator, denominator),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(blamed));
}
