using NUnit.Framework;
using Registry.Domain.Statistics;
using Registry.Tests.Unit.Statistics.Reference;

namespace Registry.Tests.Unit.Statistics;

public class SampleSizeTests
{
    [Test]
    public void Gives_the_power_that_R_gives()
    {
        foreach (var row in ReferenceFile.Read("paired-t-power"))
            row.ShouldGive("power", Power.ForPairedT(row.Number("dz"), row.Whole("n"), row.Number("alpha")));
    }

    [Test]
    public void Gives_the_sample_size_that_R_gives()
    {
        foreach (var row in ReferenceFile.Read("paired-t-sample-size"))
        {
            var pairs = SampleSize.ForPairedT(row.Number("dz"), row.Number("power"), row.Number("alpha"));
            Assert.That(pairs, Is.EqualTo(row.Whole("n")), row.ToString());
        }
    }

    [Test]
    public void Needs_thirty_four_pairs_for_a_medium_effect_and_eighty_percent_power() =>
        Assert.That(SampleSize.ForPairedT(dz: 0.5, power: 0.8), Is.EqualTo(34)); // Cohen 1988

    [Test]
    public void Needs_one_pair_more_than_the_largest_insufficient_number()
    {
        foreach (var dz in new[] { 0.001, -0.01, 0.1, 0.2, 0.8, 1.5, 5 })
        {
            var pairs = SampleSize.ForPairedT(dz, 0.9)!.Value;
            Assert.That(Power.ForPairedT(dz, pairs), Is.GreaterThanOrEqualTo(0.9), $"dz {dz}");
            if (pairs > 2)
                Assert.That(Power.ForPairedT(dz, pairs - 1), Is.LessThan(0.9), $"dz {dz}");
        }
    }

    [Test]
    public void Gives_the_right_power_for_a_million_pairs() =>
        Assert.That(Power.ForPairedT(dz: 0.0028, 1_000_000), Is.EqualTo(0.79955611761903307).Within(1e-12)); // mpmath 1.3.0, 40 digits

    [Test]
    public void Needs_two_pairs_at_least() => Assert.That(SampleSize.ForPairedT(dz: 1e300, power: 0.99), Is.EqualTo(2));

    [Test]
    public void Cannot_find_no_effect_or_one_too_small_for_the_largest_number()
    {
        Assert.That(SampleSize.ForPairedT(dz: 0, power: 0.8), Is.Null);
        Assert.That(SampleSize.ForPairedT(dz: 1e-6, power: 0.8), Is.Null);
        Assert.That(SampleSize.ForPairedT(dz: 3e-6, power: 0.8), Is.Not.Null);
    }

    [Test]
    public void Keeps_power_between_the_level_and_one_for_any_effect_and_number()
    {
        foreach (var dz in new[] { 0, 1e-300, 1e-9, 0.001, 0.3, 1, 40, 1e9, 1e300, double.MaxValue, -2 })
        {
            foreach (var pairs in new[] { 2, 3, 10, 1000, 1_000_000, 4_000_000_000_000_000_000 })
                Assert.That(Power.ForPairedT(dz, pairs), Is.InRange(0.05, 1.0), $"dz {dz}, {pairs} pairs");
        }
    }

    [Test]
    public void Rises_with_the_number_of_pairs()
    {
        var before = 0.0;
        for (var pairs = 2; pairs < 400; pairs++)
        {
            var power = Power.ForPairedT(0.1, pairs);
            Assert.That(power, Is.GreaterThan(before), $"{pairs} pairs");
            before = power;
        }
    }

    [Test]
    public void Refuses_arguments_outside_their_range()
    {
        Assert.That(() => Power.ForPairedT(double.NaN, 10), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Power.ForPairedT(1, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Power.ForPairedT(1, 10, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => SampleSize.ForPairedT(1, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => SampleSize.ForPairedT(1, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => SampleSize.ForPairedT(double.NaN, 0.8), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
