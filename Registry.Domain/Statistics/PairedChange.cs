namespace Registry.Domain.Statistics;

/// <summary>
/// Change within the same cases from baseline to a later visit, change = baseline − score: positive is improvement on a scale
/// where higher is worse (NRS, PDI). Only cases that have both values are counted.
/// </summary>
/// <param name="N">Number of pairs: 0 or more.</param>
/// <param name="Sum">Sum of the changes, in points of the instrument.</param>
/// <param name="SumOfSquares">Sum of the squared changes, in squared points.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="N"/> is negative.</exception>
/// <exception cref="ArgumentException">No N whole-number changes have these sums.</exception>
public sealed record PairedChange(long N, Int128 Sum, Int128 SumOfSquares)
{
    private readonly Moments _moments = new(N, Sum, SumOfSquares);

    /// <summary>Number of pairs: 0 or more.</summary>
    public long N => _moments.N;

    /// <summary>Sum of the changes, in points of the instrument.</summary>
    public Int128 Sum => _moments.Sum;

    /// <summary>Sum of the squared changes, in squared points.</summary>
    public Int128 SumOfSquares => _moments.SumOfSquares;

    /// <summary>Mean change in points, positive is improvement; null when there are no pairs.</summary>
    public double? Mean => _moments.Mean;

    /// <summary>Sample standard deviation (n − 1) of the changes in points, 0 or more; null when there are fewer than 2 pairs.</summary>
    public double? Sd => _moments.Sd;

    /// <summary>
    /// 95 % t interval of the mean change in points, mean ± t(0.975; n − 1)·SD/√n; null when there are fewer than 2 pairs.
    /// It has no width when all changes are equal. Source: Student. Biometrika 1908;6:1-25.
    /// </summary>
    public Interval? Interval95
    {
        get
        {
            if (Mean is not { } mean || Sd is not { } sd)
                return null;

            var halfWidth = CriticalValue.StudentT(0.05, N - 1) * sd / Math.Sqrt(N);
            return new Interval(mean - halfWidth, mean + halfWidth);
        }
    }

    /// <summary>
    /// Effect size dz = mean change / SD of the change, without unit, positive is improvement; null when the SD is null or 0.
    /// Source: Cohen J. Statistical Power Analysis for the Behavioral Sciences, 2nd ed. 1988, §2.3.5.
    /// </summary>
    public double? Dz => Sd is > 0 and { } sd ? Mean / sd : null;

    /// <summary>
    /// Post-hoc power of the two-sided 5 % paired t test at the observed <see cref="Dz"/>, 0.05 to 1 inclusive, both tails counted;
    /// null when dz is null. It restates the P value and is no evidence beyond it.
    /// </summary>
    /// <remarks>
    /// Source: noncentral t, as <see cref="Statistics.Power.ForPairedT"/>. On its limits: Hoenig JM, Heisey DM. The abuse of power.
    /// Am Stat 2001;55:19-24.
    /// </remarks>
    public double? Power => Dz is { } dz ? Statistics.Power.ForPairedT(dz, N) : null;
}
