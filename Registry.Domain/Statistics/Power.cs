namespace Registry.Domain.Statistics;

/// <summary>Power of a test: the probability that it rejects the null hypothesis, given the true effect.</summary>
public static class Power
{
    // Far beyond every critical value, and its product with √n stays finite.
    private const double LargestUsefulDz = 1e100;

    /// <summary>
    /// Power of the two-sided paired t test, P(|T| > t(1 − α/2; n − 1)) for T noncentral t with n − 1 degrees of freedom and
    /// noncentrality dz·√n. Both tails are counted, so it never falls below α.
    /// </summary>
    /// <param name="dz">Mean change / SD of the change, without unit, finite; its sign does not matter.</param>
    /// <param name="pairs">Number of pairs: 2 or more.</param>
    /// <param name="alpha">Two-sided significance level: 0.000001 to 0.5 inclusive, 0.05 by default.</param>
    /// <returns>A probability, <paramref name="alpha"/> to 1 inclusive.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range or is not a number.</exception>
    /// <remarks>
    /// Source: Cohen J. Statistical Power Analysis for the Behavioral Sciences, 2nd ed. 1988, ch. 2. The same as R's
    /// <c>power.t.test(type = "paired", strict = TRUE)</c>.
    /// </remarks>
    public static double ForPairedT(double dz, long pairs, double alpha = 0.05)
    {
        if (!double.IsFinite(dz))
            throw new ArgumentOutOfRangeException(nameof(dz), dz, "An effect size is a finite number.");
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 2);

        double df = pairs - 1;
        var noncentrality = Math.Min(Math.Abs(dz), LargestUsefulDz) * Math.Sqrt(pairs);
        var critical = CriticalValue.StudentT(alpha, df);
        return Math.Clamp(
            NoncentralT.UpperTail(critical, df, noncentrality) + NoncentralT.UpperTail(critical, df, -noncentrality),
            alpha,
            1);
    }
}
