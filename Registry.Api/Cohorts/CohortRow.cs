namespace Registry.Api.Cohorts;

/// <summary>One case of a cohort as it stands at the cut-off. Days are day numbers; null where the event did not happen.</summary>
internal sealed class CohortRow
{
    /// <summary>The number of the case, which no answer shows.</summary>
    public required int Number { get; init; }

    /// <summary>The pseudonym of the case.</summary>
    public required string Case { get; init; }

    public required string Site { get; init; }

    public required string Procedure { get; init; }

    public required string Indication { get; init; }

    public required string Sex { get; init; }

    public required int? AgeYears { get; init; }

    public required string? PainSide { get; init; }

    public required long? PainLevelBits { get; init; }

    public required int? PainDurationMonths { get; init; }

    public required bool IsPrimary { get; init; }

    public required bool IsEntered { get; init; }

    public required bool IsTreated { get; init; }

    public required int? TimeZero { get; init; }

    public required string? Lead { get; init; }

    public required int? TrialStarted { get; init; }

    public required int? TrialEnded { get; init; }

    public required string? TrialOutcome { get; init; }

    public required string? ImplantStanding { get; init; }

    public required int? Treated { get; init; }

    public required string? Generator { get; init; }

    public required int? GeneratorReplaced { get; init; }

    public required int? Explanted { get; init; }

    public required int? Reimplanted { get; init; }

    public required int? PermanentExplant { get; init; }

    public required string? ExplantReason { get; init; }

    public required int? Crossover { get; init; }

    public required int? Died { get; init; }

    public required int? Withdrawn { get; init; }

    public required int? Lost { get; init; }

    public required int? End { get; init; }

    public required string? EndReason { get; init; }

    public required string? TherapyEnd { get; init; }

    public required int? TherapyDays { get; init; }

    public required int? BaselineNrs { get; init; }

    public required int? BaselinePdi { get; init; }

    /// <summary>The cut-off.</summary>
    public required int AsOf { get; init; }

    /// <summary>By timepoint, the visits that are done, or due at the cut-off.</summary>
    public CohortVisit?[] Visits { get; } = new CohortVisit?[7];

    /// <summary>By category, the costs in the currency and price year that were asked for, in thousandths of the major unit; null where there is none.</summary>
    public long?[]? Costs { get; set; }

    /// <summary>Days after time zero; null without a time zero.</summary>
    public int? After(int? day) => day - TimeZero;
}

/// <summary>One visit of a case of a cohort. Days are day numbers.</summary>
/// <param name="State">done, not-done, missed, censored, due or overdue; null for the baseline.</param>
/// <param name="Reason">Why it was not done, or is censored; else null.</param>
/// <param name="Window">Where the date lies relative to the window; null unless done.</param>
/// <param name="Assessed">The day it was made; null unless done.</param>
/// <param name="Target">The day it is due; null for the baseline.</param>
/// <param name="Nrs">The NRS that is credited to the case. Unit: points.</param>
/// <param name="Pdi">The PDI that is credited to the case. Unit: points.</param>
internal sealed record CohortVisit(string? State, string? Reason, string? Window, int? Assessed, int? Target, int? Nrs, int? Pdi);
