namespace Registry.Domain.Statistics;

/// <summary>
/// A proportion that keeps its numerator and denominator. The default value is 0 of 0: nobody was evaluable.
/// </summary>
/// <param name="Numerator">Cases that have the property: 0 to <paramref name="Denominator"/> inclusive.</param>
/// <param name="Denominator">Cases evaluated: 0 or more. Missing cases are in it or not as the analysis set says.</param>
/// <exception cref="ArgumentOutOfRangeException">A count is negative, or the numerator exceeds the denominator.</exception>
public readonly record struct Proportion(long Numerator, long Denominator)
{
    /// <summary>Cases that have the property: 0 to <see cref="Denominator"/> inclusive.</summary>
    public long Numerator { get; } = Numerator >= 0 && Numerator <= Denominator
        ? Numerator
        : throw new ArgumentOutOfRangeException(nameof(Numerator), Numerator, $"A numerator lies between 0 and {Denominator}.");

    /// <summary>Cases evaluated: 0 or more.</summary>
    public long Denominator { get; } = Denominator >= 0
        ? Denominator
        : throw new ArgumentOutOfRangeException(nameof(Denominator), Denominator, "A denominator is 0 or more.");

    /// <summary>Numerator / denominator as a fraction, 0 to 1 inclusive; null when the denominator is 0.</summary>
    public double? Rate => Denominator == 0 ? null : (double)Numerator / Denominator;

    /// <summary>
    /// Wilson score interval at 95 %, without continuity correction, as fractions of 0 to 1; null when the denominator is 0.
    /// The lower limit is exactly 0 for numerator 0 and the upper exactly 1 for numerator = denominator.
    /// </summary>
    /// <remarks>
    /// Source: Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc 1927;22:209-212.
    /// The same as method 3 of Newcombe RG. Stat Med 1998;17:857-872, and as R's <c>prop.test(correct = FALSE)</c>.
    /// </remarks>
    public Interval? Wilson95
    {
        get
        {
            if (Rate is not { } rate)
                return null;

            double n = Denominator;
            var z = CriticalValue.Normal95;
            var centre = (rate + (z * z / (2 * n))) / (1 + (z * z / n));
            var halfWidth = z * Math.Sqrt((rate * (1 - rate) / n) + (z * z / (4 * n * n))) / (1 + (z * z / n));

            return new Interval(
                Numerator == 0 ? 0 : Math.Max(0, centre - halfWidth),
                Numerator == Denominator ? 1 : Math.Min(1, centre + halfWidth));
        }
    }
}
