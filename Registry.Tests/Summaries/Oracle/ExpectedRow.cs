namespace Registry.Tests.Summaries.Oracle;

/// <summary>A row of a summary as it has to be.</summary>
/// <param name="key">The members that tell the row from the others.</param>
/// <param name="figures">
/// The other members by name, those of a nested object as <c>object.member</c>. Whole numbers are long and must agree
/// exactly, amounts are decimal and texts strings and must agree exactly, doubles to the last digits; null must be null.
/// </param>
internal sealed class ExpectedRow(IEnumerable<(string Name, string? Value)> key, IEnumerable<(string Name, object? Value)> figures)
{
    public IReadOnlyList<(string Name, string? Value)> Key { get; } = [.. key];

    public IReadOnlyList<(string Name, object? Value)> Figures { get; } = [.. figures];
}

/// <summary>An amount that is to be shown with 4 decimals, as exact as double precision can tell it.</summary>
/// <param name="Exact">The amount before it is rounded.</param>
internal sealed record RoundedAmount(decimal Exact)
{
    /// <summary>Whether <paramref name="shown"/> is the amount: that is exactly the rounded one, unless the amounts are in the thousands of millions.</summary>
    public bool IsShownAs(decimal shown) => decimal.Round(shown, 4) == shown && Math.Abs(shown - Exact) <= 0.00005m + (Exact * 1e-14m);
}
