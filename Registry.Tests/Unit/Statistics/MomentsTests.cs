using NUnit.Framework;
using Registry.Domain.Statistics;

namespace Registry.Tests.Unit.Statistics;

public class MomentsTests
{
    [Test]
    public void Gives_mean_and_sample_standard_deviation()
    {
        var moments = Of(2, 4, 4, 4, 5, 5, 7, 9);

        Assert.That(moments.Mean, Is.EqualTo(5.0));
        Assert.That(moments.Sd, Is.EqualTo(Math.Sqrt(32.0 / 7)));
    }

    [Test]
    public void Has_neither_mean_nor_sd_for_no_values()
    {
        Assert.That(default(Moments).Mean, Is.Null);
        Assert.That(new Moments(0, 0, 0).Sd, Is.Null);
    }

    [Test]
    public void Has_no_sd_for_one_value()
    {
        Assert.That(Of(7).Mean, Is.EqualTo(7.0));
        Assert.That(Of(7).Sd, Is.Null);
    }

    [Test]
    public void Has_an_sd_of_exactly_nought_for_equal_values()
    {
        Assert.That(Of(3, 3, 3).Sd, Is.Zero);
        Assert.That(Of(long.MaxValue, long.MaxValue).Sd, Is.Zero);
    }

    [Test]
    public void Does_not_lose_the_spread_of_values_far_from_nought()
    {
        const long far = 1_000_000_000_000_000_000;

        Assert.That(Of(far, far + 1, far + 2).Sd, Is.EqualTo(1.0));
        Assert.That(Of(-far, -far - 1, -far - 2).Sd, Is.EqualTo(1.0));
    }

    // 2.13808993529939…; exactly one half; and a spread that double precision cannot tell from 10^18.
    [TestCase(4, "2.1381", 2, 4, 4, 4, 5, 5, 7, 9)]
    [TestCase(11, "2.13808993530", 2, 4, 4, 4, 5, 5, 7, 9)]
    [TestCase(0, "1", 0, 0, 0, 1)]
    [TestCase(2, "0", 3, 3, 3)]
    [TestCase(0, "1", 0, 2)]
    [TestCase(1, "1.4", 0, 2)]
    [TestCase(1, "0.5", 0, 0, 0, 1)]
    [TestCase(3, "0.707", 1_000_000_000_000_000_000, 1_000_000_000_000_000_001)]
    [TestCase(0, "1000000000000000000", 0, 1_000_000_000_000_000_000, 2_000_000_000_000_000_000)]
    public void Rounds_the_sd_exactly(int decimals, string rounded, params long[] values) =>
        Assert.That(Of(values).RoundedSd(decimals), Is.EqualTo(decimal.Parse(rounded, System.Globalization.CultureInfo.InvariantCulture)));

    [Test]
    public void Has_no_rounded_sd_for_one_value() => Assert.That(Of(7).RoundedSd(2), Is.Null);

    [Test]
    public void Takes_the_largest_sums_without_overflow()
    {
        var moments = new Moments(long.MaxValue, 0, Int128.MaxValue);

        Assert.That(moments.Mean, Is.Zero);
        Assert.That(moments.Sd, Is.EqualTo(Math.Sqrt((double)Int128.MaxValue / long.MaxValue)).Within(1e-15).Percent);
    }

    [Test]
    public void Refuses_sums_that_no_values_have()
    {
        Assert.That(() => new Moments(-1, 0, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Moments(0, 1, 1), Throws.ArgumentException);
        Assert.That(() => new Moments(0, 0, 1), Throws.ArgumentException);
        Assert.That(() => new Moments(2, 4, 7), Throws.ArgumentException);
        Assert.That(() => new Moments(2, 0, -1), Throws.ArgumentException);
    }

    private static Moments Of(params long[] values) =>
        new(
            values.Length,
            values.Aggregate(Int128.Zero, (sum, x) => sum + x),
            values.Aggregate(Int128.Zero, (sum, x) => sum + ((Int128)x * x)));
}
