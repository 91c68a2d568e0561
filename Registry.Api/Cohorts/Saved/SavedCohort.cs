using Registry.Domain.Common;

namespace Registry.Api.Cohorts.Saved;

/// <summary>The definition of a cohort that is kept under a name.</summary>
internal sealed record SavedCohort
{
    /// <summary>The longest title. Unit: characters.</summary>
    public const int LongestTitle = 200;

    /// <summary>The longest description. Unit: characters.</summary>
    public const int LongestDescription = 2000;

    /// <summary>What it is called in a citation, 1 to 200 characters.</summary>
    [Missing("left out: its name")]
    public string? Title { get; init; }

    /// <summary>What it is for, 1 to 2000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Whether every key that may read cohorts sees it; false when left out: its owner and administrators alone.</summary>
    public bool Shared { get; init; }

    /// <summary>The filters, each with one value or several, as they stand in a query; 'asOf' fixes the cut-off.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filter { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>One page of the saved cohorts.</summary>
/// <param name="Items">The cohorts that the caller sees, in the order of their names.</param>
/// <param name="Next">The cursor of the next page.</param>
internal sealed record SavedCohortPage(
    IReadOnlyList<SavedCohort> Items,
    [Missing("absent on the last")] string? Next);
