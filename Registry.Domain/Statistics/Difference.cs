namespace Registry.Domain.Statistics;

/// <summary>A difference, first group minus second, between two independent groups.</summary>
/// <param name="Estimate">The difference, in the unit of the values; of rates, a fraction of −1 to 1 inclusive.</param>
/// <param name="Interval95">95 % interval in the same unit; null where the method cannot give one.</param>
/// <param name="DegreesOfFreedom">Satterthwaite's degrees of freedom, 1 or more; null for rates and where there is no interval.</param>
public sealed record Difference(double Estimate, Interval? Interval95, double? DegreesOfFreedom)
{
    /// <summary>
    /// Difference of two independent rates, a − b, with the hybrid score interval: Newcombe's method 10, no continuity correction.
    /// </summary>
    /// <param name="a">First proportion.</param>
    /// <param name="b">Second proportion.</param>
    /// <returns>The difference, always with an interval within −1 to 1; null when a denominator is 0.</returns>
    /// <remarks>
    /// Source: Newcombe RG. Interval estimation for the difference between independent proportions: comparison of eleven methods.
    /// Stat Med 1998;17:873-890.
    /// </remarks>
    public static Difference? NewcombeMethod10(Proportion a, Proportion b)
    {
        if (a is not { Rate: { } p, Wilson95: { } wilsonA } || b is not { Rate: { } q, Wilson95: { } wilsonB })
            return null;

        var difference = p - q;
        var interval = new Interval(
            Math.Max(-1, difference - double.Hypot(p - wilsonA.Low, wilsonB.High - q)),
            Math.Min(1, difference + double.Hypot(wilsonA.High - p, q - wilsonB.Low)));
        return new Difference(difference, interval, DegreesOfFreedom: null);
    }

    /// <summary>
    /// Difference of two independent means, 1 − 2, with the 95 % interval of Welch's t test: unequal variances, Satterthwaite's
    /// degrees of freedom.
    /// </summary>
    /// <param name="mean1">Mean of the first group, finite; null when the group is empty.</param>
    /// <param name="sd1">Its sample standard deviation, finite, 0 or more; null when it has fewer than 2 values.</param>
    /// <param name="n1">Its number of values: 0 or more.</param>
    /// <param name="mean2">Mean of the second group, in the unit of the first.</param>
    /// <param name="sd2">Its sample standard deviation.</param>
    /// <param name="n2">Its number of values.</param>
    /// <returns>
    /// Null when a mean is missing; without interval and degrees of freedom when a group has fewer than 2 values or both standard
    /// deviations are 0.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range or is not finite.</exception>
    /// <remarks>
    /// Source: Welch BL. Biometrika 1947;34:28-35; Satterthwaite FE. Biometrics Bull 1946;2:110-114. The same as R's
    /// <c>t.test(var.equal = FALSE)</c>.
    /// </remarks>
    public static Difference? Welch(double? mean1, double? sd1, long n1, double? mean2, double? sd2, long n2)
    {
        ThrowUnlessValid(mean1, sd1, n1);
        ThrowUnlessValid(mean2, sd2, n2);
        if (n1 == 0 || n2 == 0 || mean1 is not { } m1 || mean2 is not { } m2)
            return null;

        var difference = m1 - m2;
        if (n1 < 2 || n2 < 2 || sd1 is not { } s1 || sd2 is not { } s2 || (s1 == 0 && s2 == 0))
            return new Difference(difference, Interval95: null, DegreesOfFreedom: null);

        var error1 = s1 / Math.Sqrt(n1);
        var error2 = s2 / Math.Sqrt(n2);
        var error = double.Hypot(error1, error2);

        // Shares of the variance: the usual quotient of fourth powers would underflow for small units.
        var share1 = Math.Pow(error1 / error, 2);
        var share2 = Math.Pow(error2 / error, 2);
        var df = Math.Max(1, 1 / ((share1 * share1 / (n1 - 1)) + (share2 * share2 / (n2 - 1))));

        var halfWidth = CriticalValue.StudentT(0.05, df) * error;
        return new Difference(difference, new Interval(difference - halfWidth, difference + halfWidth), df);
    }

    private static void ThrowUnlessValid(double? mean, double? sd, long n)
    {
        if (mean is { } m && !double.IsFinite(m))
            throw new ArgumentOutOfRangeException(nameof(mean), mean, "A mean is a finite number.");
        if (sd is { } s && !(s >= 0 && double.IsFinite(s)))
            throw new ArgumentOutOfRangeException(nameof(sd), sd, "A standard deviation is a finite number, 0 or more.");
        ArgumentOutOfRangeException.ThrowIfNegative(n);
    }
}
