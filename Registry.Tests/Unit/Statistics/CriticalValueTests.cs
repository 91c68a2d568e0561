using MathNet.Numerics.Distributions;
using NUnit.Framework;
using Registry.Domain.Statistics;
using Registry.Tests.Unit.Statistics.Reference;

namespace Registry.Tests.Unit.Statistics;

public class CriticalValueTests
{
    [Test]
    public void Uses_the_exact_normal_quantile() =>
        Assert.That(Normal.InvCDF(0, 1, 0.975), Is.EqualTo(CriticalValue.Normal95).Within(1e-15));

    [Test]
    public void Agrees_with_R()
    {
        // Relative: at one degree of freedom the quantile of the smallest level is 636,619.
        foreach (var row in ReferenceFile.Read("student-t-quantile"))
        {
            var expected = row.Number("quantile");
            var actual = CriticalValue.StudentT(row.Number("alpha"), row.Number("df"));
            Assert.That(actual, Is.EqualTo(expected).Within(1e-11 * expected), row.ToString());
        }
    }

    [Test]
    public void Does_not_jump_where_the_method_changes()
    {
        var newton = CriticalValue.StudentT(0.000001, 100_000);
        var expansion = CriticalValue.StudentT(0.000001, 100_000.001);

        Assert.That(expansion, Is.EqualTo(newton).Within(1e-11));
    }

    [TestCase(0, 5)]
    [TestCase(0.51, 5)]
    [TestCase(double.NaN, 5)]
    [TestCase(0.05, 0.5)]
    [TestCase(0.05, double.PositiveInfinity)]
    public void Refuses_arguments_outside_their_range(double alpha, double df) =>
        Assert.That(() => CriticalValue.StudentT(alpha, df), Throws.TypeOf<ArgumentOutOfRangeException>());
}
