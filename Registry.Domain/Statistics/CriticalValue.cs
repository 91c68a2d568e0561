using System.Collections.Concurrent;
using MathNet.Numerics.Distributions;

namespace Registry.Domain.Statistics;

/// <summary>Two-sided critical values: quantiles at 1 − α/2.</summary>
public static class CriticalValue
{
    /// <summary>The 0.975 quantile of the standard normal distribution, to the last digit of a double.</summary>
    public const double Normal95 = 1.959963984540054;

    private const double ExpansionFrom = 100_000;

    // The numbers of cases of one answer come again in the next. Some 100 bytes each.
    private const int MostKept = 10_000;
    private static readonly ConcurrentDictionary<(double Alpha, double Df), double> Kept = [];

    /// <summary>
    /// The 1 − α/2 quantile of Student's t distribution, to 1e-12 relative. MathNet's own inverse stops at about 1e-9 and loses
    /// more from 10⁶ degrees of freedom on.
    /// </summary>
    /// <param name="alpha">Two-sided level: 0.000001 to 0.5 inclusive.</param>
    /// <param name="df">Degrees of freedom: 1 or more, finite, need not be whole.</param>
    /// <returns>A positive number, without unit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range or is not a number.</exception>
    /// <remarks>
    /// Newton's method; above 100,000 degrees of freedom the expansion of Abramowitz M, Stegun IA. Handbook of Mathematical
    /// Functions 1964, 26.7.5, whose next term is then below 1e-13.
    /// </remarks>
    public static double StudentT(double alpha, double df)
    {
        if (!(alpha >= 0.000001 && alpha <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A significance level lies between 0.000001 and 0.5.");
        if (!(df >= 1 && double.IsFinite(df)))
            throw new ArgumentOutOfRangeException(nameof(df), df, "Degrees of freedom are 1 or more.");

        if (Kept.TryGetValue((alpha, df), out var known))
            return known;

        if (Kept.Count >= MostKept)
            Kept.Clear();
        return Kept[(alpha, df)] = Computed(alpha, df);
    }

    private static double Computed(double alpha, double df)
    {
        var z = -Normal.InvCDF(0, 1, alpha / 2);
        var t = z
            + (z * ((z * z) + 1) / (4 * df))
            + (z * ((5 * Math.Pow(z, 4)) + (16 * z * z) + 3) / (96 * df * df));
        if (df > ExpansionFrom)
            return t;

        // The tail is convex in t > 0: from the right of the root Newton's first step leads to its left, and from there it
        // climbs and never overshoots.
        t += Step(t);
        for (var step = double.PositiveInfinity; step > 1e-13 * t;)
        {
            step = Step(t);
            t += step;
        }

        return t;

        double Step(double at) =>
            (NoncentralT.UpperTail(at, df, 0) - (alpha / 2)) / MathNet.Numerics.Distributions.StudentT.PDF(0, 1, df, at);
    }
}
