using System.Globalization;
using NUnit.Framework;
using Registry.Tests.Metrics.Oracle;
using Registry.Tests.Unit.Statistics.Reference;

namespace Registry.Tests.Unit.Statistics;

/// <summary>The quantile by which the figures of the views are checked.</summary>
public class QuantileTests
{
    [TestCase(0.0, 1.0)]
    [TestCase(0.25, 1.75)]
    [TestCase(0.5, 2.5)]
    [TestCase(0.75, 3.25)]
    [TestCase(1.0, 4.0)]
    public void Interpolates_between_order_statistics(double p, double expected) =>
        Assert.That(Naive.Quantile([3, 1, 4, 2], (decimal)p), Is.EqualTo(expected));

    [Test]
    public void Keeps_decimals_exact()
    {
        Assert.That(Naive.Quantile([0.10m, 0.20m, 0.30m, 0.70m], 0.25m), Is.EqualTo(0.175m));
        Assert.That(Naive.Quantile([133_700.01m, 133_700.02m], 0.5m), Is.EqualTo(133_700.015m));
    }

    [Test]
    public void Gives_the_only_value_at_every_probability()
    {
        foreach (var p in new[] { 0, 0.25m, 0.5m, 1 })
            Assert.That(Naive.Quantile([7.3m], p), Is.EqualTo(7.3m));
    }

    [Test]
    public void Gives_null_for_no_values() => Assert.That(Naive.Quantile([], 0.5m), Is.Null);

    [Test]
    public void Agrees_with_R()
    {
        foreach (var row in ReferenceFile.Read("quantile-type-7"))
        {
            var values = row.Text("values").Split(' ').Select(v => decimal.Parse(v, CultureInfo.InvariantCulture));
            row.ShouldGive("quantile", (double?)Naive.Quantile(values, (decimal)row.Number("p")));
        }
    }
}
