namespace Registry.Tests.Metrics.Oracle;

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
