namespace Registry.Domain.Statistics;

/// <summary>Number of observations that a planned test needs.</summary>
public static class SampleSize
{
    /// <summary>Largest number of pairs that is looked for: 10¹².</summary>
    public const long MaximumPairs = 1_000_000_000_000;

    /// <summary>Smallest number of pairs with which the two-sided paired t test has at least the wanted power.</summary>
    /// <param name="dz">Expected mean change / SD of the change, without unit, finite; its sign does not matter.</param>
    /// <param name="power">Wanted power: above 0 and below 1.</param>
    /// <param name="alpha">Two-sided significance level: 0.000001 to 0.5 inclusive, 0.05 by default.</param>
    /// <returns>
    /// Pairs, 2 to <see cref="MaximumPairs"/> inclusive; null when more would be needed, as for dz = 0 and a power above alpha.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range or is not a number.</exception>
    /// <remarks>Source: <see cref="Power.ForPairedT"/>, inverted; power rises with the number of pairs.</remarks>
    public static long? ForPairedT(double dz, double power, double alpha = 0.05)
    {
        if (!(power > 0 && power < 1))
            throw new ArgumentOutOfRangeException(nameof(power), power, "A wanted power lies between 0 and 1, both excluded.");

        bool Reaches(long pairs) => Power.ForPairedT(dz, pairs, alpha) >= power;

        var enough = 2L;
        while (!Reaches(enough))
        {
            if (enough == MaximumPairs)
                return null;
            enough = Math.Min(2 * enough, MaximumPairs);
        }

        // Half of a first sufficient number above 2 was tried and did not suffice.
        var tooFew = enough / 2;
        while (enough - tooFew > 1)
        {
            var middle = tooFew + ((enough - tooFew) / 2);
            if (Reaches(middle))
                enough = middle;
            else
                tooFew = middle;
        }

        return enough;
    }
}
