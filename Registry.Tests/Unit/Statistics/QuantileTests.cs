using System.Globalization;
using NUnit.Framework;
using Registry.Domain.Statistics;
using Registry.Tests.Unit.Statistics.Reference;

namespace Registry.Tests.Unit.Statistics;

public class QuantileTests
{
    [TestCase(0.0, 1.0)]
    [TestCase(0.25, 1.75)]
    [TestCase(0.5, 2.5)]
    [TestCase(0.75, 3.25)]
    [TestCase(1.0, 4.0)]
    public void Interpolates_between_order_statistics(double p, double expected) =>
        Assert.That(Quantile.Type7([1.0, 2.0, 3.0, 4.0], p), Is.EqualTo(expected));

    [Test]
    public void Keeps_decimals_exact()
    {
        Assert.That(Quantile.Type7([0.10m, 0.20m, 0.30m, 0.70m], 0.25m), Is.EqualTo(0.175m));
        Assert.That(Quantile.Type7([133_700.01m, 133_700.02m], 0.5m), Is.EqualTo(133_700.015m));
    }

    [Test]
    public void Gives_the_only_value_at_every_probability()
    {
        foreach (var p in new[] { 0, 0.25, 0.5, 1 })
            Assert.That(Quantile.Type7([7.3], p), Is.EqualTo(7.3));
    }

    [Test]
    public void Does_not_move_between_equal_values() => Assert.That(Quantile.Type7([0.1, 0.1, 0.1, 0.1], 0.37), Is.EqualTo(0.1));

    [Test]
    public void Gives_null_for_no_values()
    {
        Assert.That(Quantile.Type7(Array.Empty<double>(), 0.5), Is.Null);
        Assert.That(Quantile.Type7(Array.Empty<decimal>(), 0.5m), Is.Null);
    }

    [Test]
    public void Does_not_overflow_between_the_largest_values()
    {
        Assert.That(Quantile.Type7([double.MinValue, double.MaxValue], 0.5), Is.Zero);
        Assert.That(Quantile.Type7([decimal.MinValue, decimal.MaxValue], 0.5m), Is.Zero);
    }

    [TestCase(-0.01)]
    [TestCase(1.01)]
    [TestCase(double.NaN)]
    public void Refuses_a_probability_outside_nought_to_one(double p) =>
        Assert.That(() => Quantile.Type7([1.0], p), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Refuses_values_out_of_order_or_not_finite()
    {
        Assert.That(() => Quantile.Type7([2.0, 1.0], 0.5), Throws.ArgumentException);
        Assert.That(() => Quantile.Type7([double.NaN], 0.5), Throws.ArgumentException);
        Assert.That(() => Quantile.Type7([1.0, double.PositiveInfinity], 0.5), Throws.ArgumentException);
    }

    [Test]
    public void Agrees_with_R()
    {
        foreach (var row in ReferenceFile.Read("quantile-type-7"))
        {
            var values = row.Text("values").Split(' ').Select(v => decimal.Parse(v, CultureInfo.InvariantCulture)).ToList();
            var p = row.Number("p");
            row.ShouldGive("quantile", Quantile.Type7(values.ConvertAll(v => (double)v), p));
            row.ShouldGive("quantile", (double?)Quantile.Type7(values, (decimal)p));
        }
    }
}
