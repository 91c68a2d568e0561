using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace Registry.Domain.Statistics;

/// <summary>
/// Noncentral t distribution: T = (Z + δ) / √(V/ν), with Z standard normal, V chi-squared with ν degrees of freedom, independent.
/// </summary>
public static class NoncentralT
{
    // Beyond 9 standard deviations the normal tail is below 2e-19; a chi tail of e⁻⁴² is below 1e-18.
    private const double NormalReach = 9;
    private const double ChiTailExponent = 42;
    private const int NodesPerPanel = 20;

    /// <summary>P(T ≤ t), to about 1e-13 absolute; the cost is bounded whatever the arguments.</summary>
    /// <param name="t">Value of the statistic, without unit: finite.</param>
    /// <param name="df">Degrees of freedom ν: 1 to 10¹⁰⁰ inclusive, need not be whole.</param>
    /// <param name="ncp">Noncentrality δ: finite. 0 gives Student's t distribution.</param>
    /// <returns>A probability, 0 to 1 inclusive.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range or is not a number.</exception>
    /// <remarks>
    /// Source: Johnson NL, Kotz S, Balakrishnan N. Continuous Univariate Distributions, vol. 2, 2nd ed. 1995, ch. 31:
    /// P(T ≤ t) = E Φ(t·√(V/ν) − δ). The expectation is integrated numerically (Gauss-Legendre panels over ln √(V/ν)), because the
    /// usual series (Lenth RV. Algorithm AS 243. Appl Stat 1989;38:185-189) underflows from |δ| = 37.62 on.
    /// </remarks>
    public static double Cdf(double t, double df, double ncp)
    {
        if (!double.IsFinite(t))
            throw new ArgumentOutOfRangeException(nameof(t), t, "The statistic is a finite number.");
        if (!(df >= 1 && df <= 1e100))
            throw new ArgumentOutOfRangeException(nameof(df), df, "Degrees of freedom lie between 1 and 1e100.");
        if (!double.IsFinite(ncp))
            throw new ArgumentOutOfRangeException(nameof(ncp), ncp, "A noncentrality is a finite number.");

        return t < 0 ? UpperTail(-t, df, -ncp) : 1 - UpperTail(t, df, ncp);
    }

    /// <summary>P(T > t) for t ≥ 0, which is E Φ(δ − t·s) for s = √(V/ν). The caller has validated.</summary>
    internal static double UpperTail(double t, double df, double ncp)
    {
        if (t == 0)
            return NormalCdf(ncp);

        // Where s has mass, on the scale u = ln s: bounds of ν/2·(e²ᵘ − 1 − 2u) ≤ 42, after Birgé and Massart's for the gamma tail.
        var w = Math.Sqrt(4 * ChiTailExponent / df);
        var low = -(w + (w * w / 2)) / 2;
        var high = Math.Log(1 + w + (w * w / 2)) / 2;

        // Where Φ(δ − t·s) is neither 1 (left of it) nor 0 (right of it).
        var fallsFrom = Math.Clamp(LogOrMinusInfinity((ncp - NormalReach) / t), low, high);
        var fallsTo = Math.Clamp(LogOrMinusInfinity((ncp + NormalReach) / t), low, high);

        var logScale = LogDensityScale(df);
        var chiSlope = Math.Sqrt(2 * df);
        var all = Integrate(u => Density(u, df, logScale), low, fallsFrom, chiSlope);
        var part = Integrate(
            u => Density(u, df, logScale) * NormalCdf(ncp - (t * Math.Exp(u))), fallsFrom, fallsTo, chiSlope + Math.Abs(ncp) + 3);
        return Math.Min(1, all + part);
    }

    /// <summary>Integral by panels of twice the length on which the integrand changes, 1 / <paramref name="slope"/>.</summary>
    private static double Integrate(Func<double, double> f, double from, double to, double slope)
    {
        var panels = (int)Math.Ceiling((to - from) * slope / 2);
        var sum = 0.0;
        for (var i = 0; i < panels; i++)
        {
            sum += GaussLegendreRule.Integrate(
                f, from + ((to - from) * i / panels), from + ((to - from) * (i + 1) / panels), NodesPerPanel);
        }

        return sum;
    }

    /// <summary>Density of u = ln √(V/ν): exp(logScale − ν/2·(e²ᵘ − 1 − 2u)).</summary>
    private static double Density(double u, double df, double logScale) => Math.Exp(logScale - (df / 2 * ExpMinusOneMinus(2 * u)));

    /// <summary>ln of 2·aᵃ·e⁻ᵃ / Γ(a) for a = ν/2; by Stirling's series where lnΓ would lose digits.</summary>
    private static double LogDensityScale(double df)
    {
        var a = df / 2;
        return a < 50
            ? Math.Log(2) + (a * Math.Log(a)) - a - SpecialFunctions.GammaLn(a)
            : (Math.Log(2 * a / Math.PI) / 2) - (1 / (12 * a)) + (1 / (360 * Math.Pow(a, 3))) - (1 / (1260 * Math.Pow(a, 5)));
    }

    /// <summary>eˣ − 1 − x, by its series near 0 where the difference would lose digits.</summary>
    private static double ExpMinusOneMinus(double x)
    {
        if (Math.Abs(x) > 0.5)
            return Math.Exp(x) - 1 - x;

        var sum = 0.0;
        for (var k = 16; k >= 2; k--)
            sum = (sum + 1) * x / k;
        return sum * x;
    }

    private static double NormalCdf(double z) => SpecialFunctions.Erfc(-z / Constants.Sqrt2) / 2;

    private static double LogOrMinusInfinity(double x) => x > 0 ? Math.Log(x) : double.NegativeInfinity;
}
