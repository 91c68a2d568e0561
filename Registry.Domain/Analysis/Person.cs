using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Domain.Analysis;

/// <summary>All cases of one site with the same patient reference: what happens to a person happens in every case.</summary>
/// <param name="Number">The registry's own number of the person.</param>
/// <param name="Site">The site's code.</param>
/// <param name="Cases">The cases, in ascending order of their number.</param>
public sealed record Person(int Number, SiteCode Site, IReadOnlyList<PersonCase> Cases)
{
    /// <summary>The latest day that anything of the person is dated; null when nothing is.</summary>
    public DayNumber? LastDatedDay => Cases.Max(one => one.Chart.LastDatedDay);
}

/// <summary>One case of a person.</summary>
/// <param name="Number">The registry's own number of the case, unique in the registry.</param>
/// <param name="Code">The site's own case number.</param>
/// <param name="Chart">The case with everything recorded under it.</param>
public sealed record PersonCase(int Number, CaseCode Code, CaseChart Chart);
