using Registry.Domain.Statistics;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>Two groups side by side, with the differences as Newcombe and Welch wrote them.</summary>
internal static class ComparisonOracle
{
    public static IEnumerable<ExpectedRow> Rows(Cohort cohort)
    {
        var other = cohort.Asked(cohort.Question.Other ?? cohort.Question);
        return from standing in ResponseRateOracle.Standings(cohort.Question)
               let a = Group(cohort, standing)
               let b = Group(other, standing)
               select new ExpectedRow(
                   [.. standing.Key],
                   [
                       .. a.Under("a"),
                       .. b.Under("b"),
                       .. RateDifference(a.ToDictionary(), b.ToDictionary()).Under("rateDifference"),
                       .. ChangeDifference(cohort.Changes(standing), other.Changes(standing)).Under("changeDifference"),
                   ]);
    }

    private static List<(string Name, object? Value)> Group(Cohort cohort, Standing standing)
    {
        var (baselines, changes) = ScoreOracle.Pairs(cohort.Members, standing.Timepoint, standing.Instrument, standing.Set);
        return [.. ResponseRateOracle.Rate(cohort.Members, standing), .. ScoreOracle.Paired(baselines, changes).Under("paired")];
    }

    private static IReadOnlyList<int> Changes(this Cohort cohort, Standing standing) =>
        ScoreOracle.Pairs(cohort.Members, standing.Timepoint, standing.Instrument, standing.Set).Changes;

    /// <summary>
    /// Newcombe 1998, method 10: p − q − √((p − l₁)² + (u₂ − q)²) to p − q + √((u₁ − p)² + (q − l₂)²), from the Wilson intervals (l, u) of
    /// the two rates.
    /// </summary>
    private static IEnumerable<(string Name, object? Value)> RateDifference(Dictionary<string, object?> a, Dictionary<string, object?> b)
    {
        if ((a["rate"], b["rate"]) is not (double p, double q))
        {
            return [("estimate", null), ("ciLow", null), ("ciHigh", null)];
        }

        var ((l1, u1), (l2, u2)) = (((double)a["ciLow"]!, (double)a["ciHigh"]!), ((double)b["ciLow"]!, (double)b["ciHigh"]!));
        return
        [
            ("estimate", p - q),
            ("ciLow", p - q - Math.Sqrt(((p - l1) * (p - l1)) + ((u2 - q) * (u2 - q)))),
            ("ciHigh", p - q + Math.Sqrt(((u1 - p) * (u1 - p)) + ((q - l2) * (q - l2)))),
        ];
    }

    /// <summary>
    /// Welch 1947: the variance of the difference is v = s₁²/n₁ + s₂²/n₂, with v² / ((s₁²/n₁)²/(n₁ − 1) + (s₂²/n₂)²/(n₂ − 1)) degrees of
    /// freedom.
    /// </summary>
    private static IEnumerable<(string Name, object? Value)> ChangeDifference(IReadOnlyList<int> a, IReadOnlyList<int> b)
    {
        var difference = Naive.Mean(a) - Naive.Mean(b);
        if ((Naive.Sd(a), Naive.Sd(b)) is not (double s1, double s2) || (s1 == 0 && s2 == 0))
        {
            return [("estimate", difference), ("ciLow", null), ("ciHigh", null), ("df", null)];
        }

        var (va, vb) = (s1 * s1 / a.Count, s2 * s2 / b.Count);
        var v = va + vb;
        var df = v * v / ((va * va / (a.Count - 1)) + (vb * vb / (b.Count - 1)));
        var halfWidth = CriticalValue.StudentT(0.05, df) * Math.Sqrt(v);
        return [("estimate", difference), ("ciLow", difference - halfWidth), ("ciHigh", difference + halfWidth), ("df", df)];
    }
}
