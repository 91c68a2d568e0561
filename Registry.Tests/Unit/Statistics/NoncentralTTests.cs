using NUnit.Framework;
using Registry.Domain.Statistics;
using Registry.Tests.Unit.Statistics.Reference;

namespace Registry.Tests.Unit.Statistics;

public class NoncentralTTests
{
    [Test]
    public void Agrees_with_R()
    {
        foreach (var row in ReferenceFile.Read("noncentral-t"))
            row.ShouldGive("p", NoncentralT.Cdf(row.Number("t"), row.Number("df"), row.Number("ncp")));
    }

    // Reference: P(T ≤ t) = E Φ(t·s − δ) by adaptive quadrature in mpmath 1.3.0 with 40 digits.
    [TestCase(2.5, 1, 37, 6.7905195819191683e-46)]
    [TestCase(37, 1, 37, 0.3174871933134589)]
    [TestCase(1000, 1, 37, 0.97048502049250359)]
    [TestCase(1000000, 1, 37, 0.99997047827125704)]
    [TestCase(-3, 1, 5, 1.4168945556800366e-8)]
    [TestCase(12.7, 1, 2, 0.87471619435581325)]
    [TestCase(0.5, 1, 8.9, 1.7147654219094956e-15)]
    [TestCase(100, 1, 100, 0.31733470372557288)]
    [TestCase(150, 1.5, 100, 0.58418909553734477)]
    [TestCase(37, 100000, 37.6, 0.27490351692611633)]
    [TestCase(36, 100000, 37.6, 0.055363890902548438)]
    [TestCase(1.959966356816479, 999999, 0.1, 0.96855469598021907)]
    [TestCase(1.959966356816479, 999999, 2.8, 0.20044485053140473)]
    [TestCase(3002, 999999, 3000, 0.80289125704321309)]
    [TestCase(2000, 1000000, 2000.5, 0.38628203405976185)]
    [TestCase(10000, 5, 10000, 0.41588019309758347)]
    [TestCase(1000000, 1, 1000000, 0.31731050786315607)]
    [TestCase(5, 1000000000000, 4.5, 0.69146246127247282)]
    [TestCase(100000, 1000000000000, 100000, 0.49999999003478507)]
    [TestCase(40, 3, 38, 0.43917840688674382)]
    [TestCase(60, 2, -1, 0.99997907747866873)]
    [TestCase(-40, 10, -37, 0.42559847583790732)]
    [TestCase(2, 50, 38, 3.0786828462787294e-271)]
    [TestCase(45, 50, 38, 0.93221243601427827)]
    [TestCase(9, 100000, 9, 0.49999102441597972)]
    [TestCase(0.0012, 4, 0, 0.50044999986500005)]
    [TestCase(1e-08, 1, 0.5, 0.30853754153506179)]
    [TestCase(100000000, 1, 3, 0.99999997606041403)]
    [TestCase(700, 99, 650, 0.83384897697724273)]
    [TestCase(4.7, 99.9, 5, 0.38353939448405587)]
    [TestCase(4.7, 100.1, 5, 0.38353718542435452)]
    public void Agrees_with_forty_digits_where_R_is_an_approximation_or_at_its_limit(double t, double df, double ncp, double expected) =>
        Assert.That(NoncentralT.Cdf(t, df, ncp), Is.EqualTo(expected).Within(1e-11));

    [Test]
    public void Is_the_arctangent_for_one_degree_of_freedom_and_no_noncentrality()
    {
        foreach (var t in new[] { -1e9, -50, -1, -0.3, 0, 0.001, 1, 12.7, 1e5 })
            Assert.That(NoncentralT.Cdf(t, 1, 0), Is.EqualTo(0.5 + (Math.Atan(t) / Math.PI)).Within(1e-13), $"t = {t}");
    }

    [Test]
    public void Mirrors_when_both_signs_turn()
    {
        var random = new Random(20240229);
        for (var i = 0; i < 500; i++)
        {
            var (t, df, ncp) = (10 * (random.NextDouble() - 0.5), 1 + (50 * random.NextDouble()), 10 * (random.NextDouble() - 0.5));
            Assert.That(NoncentralT.Cdf(t, df, ncp), Is.EqualTo(1 - NoncentralT.Cdf(-t, df, -ncp)).Within(1e-12), $"{t}, {df}, {ncp}");
        }
    }

    [Test]
    public void Stays_a_probability_for_any_finite_arguments()
    {
        double[] magnitudes =
            [0, double.Epsilon, 1e-300, 1e-9, 0.5, 1, 8.99, 9.01, 37.62, 38, 1000, 1e8, 1e16, 1e154, 1e300, double.MaxValue];
        double[] dfs = [1, 1.5, 2, 99.9, 100.1, 1e5, 1e6, 1e12, 1e100];
        var signed = magnitudes.Concat(magnitudes.Select(m => -m)).ToList();
        foreach (var t in signed)
        {
            foreach (var df in dfs)
            {
                foreach (var ncp in signed)
                    Assert.That(NoncentralT.Cdf(t, df, ncp), Is.InRange(0.0, 1.0), $"{t}, {df}, {ncp}");
            }
        }
    }

    [TestCase(double.NaN, 5, 1)]
    [TestCase(double.PositiveInfinity, 5, 1)]
    [TestCase(1, 0.99, 1)]
    [TestCase(1, double.NaN, 1)]
    [TestCase(1, 1.1e100, 1)]
    [TestCase(1, 5, double.NaN)]
    [TestCase(1, 5, double.NegativeInfinity)]
    public void Refuses_arguments_outside_their_range(double t, double df, double ncp) =>
        Assert.That(() => NoncentralT.Cdf(t, df, ncp), Throws.TypeOf<ArgumentOutOfRangeException>());
}
