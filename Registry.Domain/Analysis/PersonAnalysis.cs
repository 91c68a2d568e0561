using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Domain.Analysis;

/// <summary>What is derived of a person, case by case.</summary>
/// <param name="Cases">The rows of each case, by its number; totals of a pathway are among the rows of its first case.</param>
public sealed record PersonAnalysis(IReadOnlyDictionary<int, CaseAnalysis> Cases)
{
    /// <summary>Nothing.</summary>
    public static readonly PersonAnalysis None = new(new Dictionary<int, CaseAnalysis>());
}

/// <summary>What is derived of a case, and from what.</summary>
/// <param name="Basis">What the rows are derived from.</param>
/// <param name="Rows">The rows.</param>
public sealed record CaseAnalysis(CaseBasis Basis, AnalysisRows Rows);

/// <summary>All that the rows of a case depend on, as long as it is <see cref="IsSelfContained"/>.</summary>
/// <param name="Person">The number of the person.</param>
/// <param name="Chart">The case with everything under it.</param>
/// <param name="Code">The site's own case number.</param>
/// <param name="IsOnlyCase">Whether the person has no other case.</param>
/// <param name="IsOwnPathway">Whether the case is linked to no other.</param>
/// <param name="LastUsedDay">The last day whose data are used.</param>
/// <param name="Died">The death of the person.</param>
/// <param name="Withdrawn">The withdrawal of the person.</param>
/// <param name="HasLosses">Whether a loss to follow-up is recorded: whatever is dated after it, in any case, makes it void.</param>
public sealed record CaseBasis(
    int Person,
    CaseChart Chart,
    CaseCode Code,
    bool IsOnlyCase,
    bool IsOwnPathway,
    DayNumber LastUsedDay,
    DayNumber? Died,
    DayNumber? Withdrawn,
    bool HasLosses)
{
    /// <summary>Whether nothing else of the person's other cases matters to this one.</summary>
    public bool IsSelfContained => IsOwnPathway && !HasLosses;
}
