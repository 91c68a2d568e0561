using System.Numerics;

namespace Registry.Domain.Statistics;

/// <summary>Sample quantiles: median, quartiles and any other.</summary>
public static class Quantile
{
    /// <summary>
    /// Quantile by linear interpolation of the order statistics, Hyndman-Fan type 7: 0-based position (n − 1)·p.
    /// The same as <c>PERCENTILE_CONT</c> and as R's <c>quantile(type = 7)</c>.
    /// </summary>
    /// <typeparam name="T"><see cref="double"/>, or <see cref="decimal"/> where amounts must stay decimal.</typeparam>
    /// <param name="sorted">Values in ascending order, finite, in any unit. Missing values are left out by the caller.</param>
    /// <param name="p">Probability, 0 to 1 inclusive: 0 gives the minimum, 0.5 the median, 1 the maximum.</param>
    /// <returns>The quantile in the unit of the values; null when there are none.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> lies outside 0 to 1.</exception>
    /// <exception cref="ArgumentException">The values are not in ascending order, or one of them is not finite.</exception>
    /// <remarks>Source: Hyndman RJ, Fan Y. Sample quantiles in statistical packages. Am Stat 1996;50:361-365.</remarks>
    public static T? Type7<T>(IReadOnlyList<T> sorted, T p)
        where T : struct, IFloatingPoint<T>
    {
        ArgumentNullException.ThrowIfNull(sorted);
        if (!(p >= T.Zero && p <= T.One))
            throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies between 0 and 1.");
        for (var i = 0; i < sorted.Count; i++)
        {
            if (!T.IsFinite(sorted[i]) || (i > 0 && sorted[i] < sorted[i - 1]))
                throw new ArgumentException($"Values must be finite and ascend; the one at index {i} does not.", nameof(sorted));
        }

        if (sorted.Count == 0)
            return null;

        var position = T.CreateChecked(sorted.Count - 1) * p;
        var below = int.CreateChecked(T.Floor(position));
        var above = Math.Min(below + 1, sorted.Count - 1);
        var fraction = position - T.Floor(position);

        // Between equals there is nothing to interpolate, and rounding must not move the value.
        return sorted[below] == sorted[above]
            ? sorted[below]
            : ((T.One - fraction) * sorted[below]) + (fraction * sorted[above]);
    }
}
