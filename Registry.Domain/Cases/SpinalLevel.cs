namespace Registry.Domain.Cases;

/// <summary>
/// Spinal levels and the dermatomes named after them, from head to foot: V1-V3 (the trigeminal dermatomes),
/// C1-C8, T1-T12, L1-L5, S1-S5.
/// </summary>
public static class SpinalLevel
{
    /// <summary>The allowed levels in words.</summary>
    public const string Allowed = "V1-V3, C1-C8, T1-T12, L1-L5, S1-S5";

    /// <summary>The greatest number of levels one case can name: all of them.</summary>
    public static readonly int MaxCount;

    private static readonly Dictionary<string, int> Ranks;

    static SpinalLevel()
    {
        Ranks = new[] { ("V", 3), ("C", 8), ("T", 12), ("L", 5), ("S", 5) }
            .SelectMany(region => Enumerable.Range(1, region.Item2).Select(level => FormattableString.Invariant($"{region.Item1}{level}")))
            .Select((level, rank) => (level, rank))
            .ToDictionary(pair => pair.level, pair => pair.rank);
        MaxCount = Ranks.Count;
    }

    /// <summary>Whether <paramref name="text"/> names a level, such as <c>T7</c> (case-sensitive).</summary>
    public static bool IsValid(string text) => Ranks.ContainsKey(text);

    /// <summary>Every level, from head to foot.</summary>
    public static IReadOnlyList<string> All => [.. Ranks.Keys];

    /// <summary>A set of levels as one number: the sum of 2 to the power of each level's place from head to foot, V1 being 0.</summary>
    public static long Bits(IEnumerable<string> levels) => levels.Aggregate(0L, (bits, level) => bits | (1L << Ranks[level]));

    /// <summary>The levels of <see cref="Bits"/>, from head to foot.</summary>
    public static IReadOnlyList<string> Of(long bits) =>
        [.. Ranks.Where(level => (bits & (1L << level.Value)) != 0).Select(level => level.Key)];

    /// <summary>The levels from head to foot: the order in which a site lists them carries no meaning.</summary>
    public static IReadOnlyList<string> InOrder(IEnumerable<string> levels) => [.. levels.OrderBy(level => Ranks[level])];
}
