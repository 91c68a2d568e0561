using System.Numerics;

namespace Registry.Domain.Statistics;

/// <summary>
/// Mean and sample standard deviation from exact sums of whole numbers. The default value has no observations.
/// Both are computed from exact integer numerators, so neither suffers cancellation, however large the values.
/// </summary>
/// <param name="N">Number of observed values: 0 or more. Missing values are not among them.</param>
/// <param name="Sum">Σx, in the unit of the values.</param>
/// <param name="SumOfSquares">Σx², in the squared unit.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="N"/> is negative.</exception>
/// <exception cref="ArgumentException">No set of N whole numbers has these sums: n·Σx² &lt; (Σx)², or n is 0 and a sum is not.</exception>
public readonly record struct Moments(long N, Int128 Sum, Int128 SumOfSquares)
{
    /// <summary>Number of observed values: 0 or more.</summary>
    public long N { get; } = N >= 0 ? N : throw new ArgumentOutOfRangeException(nameof(N), N, "A count is 0 or more.");

    /// <summary>Σx, in the unit of the values.</summary>
    public Int128 Sum { get; } = Sum;

    /// <summary>Σx², in the squared unit of the values.</summary>
    public Int128 SumOfSquares { get; } = SumOfSquares >= 0
        && SquaredDeviationsTimesN(N, Sum, SumOfSquares) >= 0
        && (N > 0 || SumOfSquares == 0)
            ? SumOfSquares
            : throw new ArgumentException($"No {N} values have the sum {Sum} and the sum of squares {SumOfSquares}.", nameof(SumOfSquares));

    /// <summary>Arithmetic mean Σx / n, in the unit of the values; null when n = 0.</summary>
    public double? Mean => N == 0 ? null : (double)Sum / N;

    /// <summary>
    /// Sample standard deviation √((n·Σx² − (Σx)²) / (n·(n − 1))), in the unit of the values, 0 or more and exactly 0 when all
    /// values are equal; null when n is below 2.
    /// </summary>
    public double? Sd => N < 2
        ? null
        : Math.Sqrt((double)SquaredDeviationsTimesN(N, Sum, SumOfSquares) / (double)((BigInteger)N * (N - 1)));

    /// <summary>The sample standard deviation rounded exactly, half up, to a number of decimals; null when n is below 2.</summary>
    /// <param name="decimals">Decimals to keep: 0 or more.</param>
    public decimal? RoundedSd(int decimals)
    {
        if (N < 2)
        {
            return null;
        }

        // Twice the figure, rounded down, tells on which side of a half it lies.
        var scale = BigInteger.Pow(10, decimals);
        var doubled = Root(4 * scale * scale * SquaredDeviationsTimesN(N, Sum, SumOfSquares) / ((BigInteger)N * (N - 1)));
        return (decimal)((doubled + 1) / 2) / (decimal)scale;
    }

    // The largest whole number whose square is not above the given one: Newton's steps, from above.
    private static BigInteger Root(BigInteger square)
    {
        if (square.IsZero)
        {
            return square;
        }

        var root = BigInteger.One << (int)((square.GetBitLength() / 2) + 1);
        for (var next = (root + (square / root)) / 2; next < root; next = (root + (square / root)) / 2)
        {
            root = next;
        }

        return root;
    }

    private static BigInteger SquaredDeviationsTimesN(long n, Int128 sum, Int128 sumOfSquares) =>
        (n * (BigInteger)sumOfSquares) - BigInteger.Pow(sum, 2);
}
