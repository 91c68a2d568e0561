namespace Registry.Domain.Cases;

/// <summary>
/// The linked cases of one patient at one site: a failed trial and the operation after it, say. A pathway is all cases
/// that lead back, each by its preceding case, to the same first case; a case without links is a pathway of one.
/// </summary>
/// <param name="Links">Cases, each with its preceding case or null. No case precedes itself.</param>
public sealed record LinkedCases(IReadOnlyCollection<(string Case, string? Preceding)> Links)
{
    /// <summary>The most cases that one pathway can hold, inclusive. The view <c>case_pathway</c> follows links so far, and no farther.</summary>
    public const int MostCases = 6;

    /// <summary>How many cases the pathway of <paramref name="subject"/> holds, itself included.</summary>
    public int CountWith(string subject)
    {
        var preceding = Links.ToDictionary(link => link.Case, link => link.Preceding, StringComparer.Ordinal);
        var first = First(subject);
        return preceding.Keys.Count(other => First(other) == first);

        string First(string from) => preceding.GetValueOrDefault(from) is { } earlier ? First(earlier) : from;
    }
}
