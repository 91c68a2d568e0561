namespace Registry.Domain.Common;

/// <summary>A range of whole numbers.</summary>
/// <param name="Min">The smallest value allowed, inclusive.</param>
/// <param name="Max">The largest value allowed, inclusive.</param>
public readonly record struct WholeRange(int Min, int Max)
{
    /// <summary>Whether <paramref name="value"/> lies in the range, both ends included.</summary>
    public bool Contains(long value) => value >= Min && value <= Max;

    /// <summary>The range as a reader would write it, such as <c>0 to 10</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Min} to {Max}");
}
