using System.Numerics;
using Registry.Domain.Statistics;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>Descriptive statistics as a textbook writes them down.</summary>
internal static class Naive
{
    public static double? Mean(IReadOnlyList<int> values) => values.Count == 0 ? null : values.Sum(value => (double)value) / values.Count;

    /// <summary>Sample standard deviation (n − 1) in two passes; null for fewer than two values.</summary>
    public static double? Sd(IReadOnlyList<int> values)
    {
        if (values.Count < 2)
        {
            return null;
        }

        var mean = Mean(values)!.Value;
        var squares = 0.0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return Math.Sqrt(squares / (values.Count - 1));
    }

    /// <summary>Quartile 1, 2 or 3 by Hyndman and Fan's type 7; null for no values. Exact for money.</summary>
    public static decimal? Quartile(IEnumerable<decimal> values, int quartile) => Quantile(values, quartile / 4m);

    /// <summary>A quantile by Hyndman and Fan's type 7; null for no values.</summary>
    public static decimal? Quantile(IEnumerable<decimal> values, decimal p)
    {
        var sorted = values.Order().ToList();
        if (sorted.Count == 0)
        {
            return null;
        }

        var position = (sorted.Count - 1) * p;
        var below = (int)Math.Floor(position);
        var above = (int)Math.Ceiling(position);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    public static double? Quartile(IEnumerable<int> values, int quartile) =>
        (double?)Quartile(values.Select(value => (decimal)value), quartile);

    /// <summary>The mean of amounts, rounded to 4 decimals, half away from zero; null for none.</summary>
    public static decimal? RoundedMean(IReadOnlyList<decimal> amounts) => amounts.Count == 0 ? null : Rounded(amounts.Sum(), amounts.Count);

    /// <summary>A total of at most 3 decimals over a number above 0, rounded to 4 decimals, half away from zero.</summary>
    public static decimal Rounded(decimal total, int parts)
    {
        // The largest whole number r with r − 1/2 ≤ the quotient in units of 0.0001.
        var numerator = new BigInteger(total * 10_000);
        return (decimal)(((2 * numerator) + parts) / (2 * parts)) / 10_000m;
    }

    /// <summary>The sample standard deviation (n − 1) of amounts, to 15 decimals; null for fewer than two.</summary>
    public static decimal? Sd(IReadOnlyList<decimal> amounts)
    {
        if (amounts.Count < 2)
        {
            return null;
        }

        // In thousandths: SD² = D / (n·(n − 1)), with D = n·Σx² − (Σx)² a whole number.
        BigInteger n = amounts.Count;
        var sum = BigInteger.Zero;
        var squares = BigInteger.Zero;
        foreach (var amount in Thousandths(amounts))
        {
            sum += amount;
            squares += amount * amount;
        }

        return (decimal)Root(((n * squares) - (sum * sum)) * BigInteger.Pow(10, 24) / (n * (n - 1))) / 1e15m;
    }

    /// <summary>A numerator and its denominator, with the rate and its Wilson interval.</summary>
    public static IEnumerable<(string Name, object? Value)> Rate(
        string numeratorName, long numerator, string denominatorName, long denominator)
    {
        var wilson = new Proportion(numerator, denominator).Wilson95;
        return
        [
            (numeratorName, numerator),
            (denominatorName, denominator),
            ("rate", denominator == 0 ? null : (double)numerator / denominator),
            ("ciLow", wilson?.Low),
            ("ciHigh", wilson?.High),
        ];
    }

    /// <summary>The figures as members of a nested object.</summary>
    public static IEnumerable<(string Name, object? Value)> Under(this IEnumerable<(string Name, object? Value)> figures, string name) =>
        figures.Select(figure => ($"{name}.{figure.Name}", figure.Value));

    /// <summary>The largest whole number whose square is not above <paramref name="square"/>, found by halving.</summary>
    private static BigInteger Root(BigInteger square)
    {
        var low = BigInteger.Zero;
        var high = square + 1;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = middle * middle <= square ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static IEnumerable<BigInteger> Thousandths(IEnumerable<decimal> amounts) =>
        amounts.Select(amount => new BigInteger(amount * 1000));
}
