using Registry.Domain.Common;

namespace Registry.Api.Cohorts;

/// <summary>One case of a cohort as it stands at the cut-off. A day is null where the event did not happen.</summary>
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
    public required DayNumber? TimeZero { get; init; }
    public required string? Lead { get; init; }
    public required DayNumber? TrialStarted { get; init; }
    public required DayNumber? TrialEnded { get; init; }
    public required string? TrialOutcome { get; init; }
    public required string? ImplantStanding { get; init; }
    public required DayNumber? Treated { get; init; }
    public required string? Generator { get; init; }
    public required DayNumber? GeneratorReplaced { get; init; }
    public required DayNumber? Explanted { get; init; }
    public required DayNumber? Reimplanted { get; init; }
    public required DayNumber? PermanentExplant { get; init; }
    public required string? ExplantReason { get; init; }
    public required DayNumber? Crossover { get; init; }
    public required DayNumber? Died { get; init; }
    public required DayNumber? Withdrawn { get; init; }
    public required DayNumber? Lost { get; init; }
    public required DayNumber? End { get; init; }
    public required string? EndReason { get; init; }
    public required string? TherapyEnd { get; init; }
    public required int? TherapyDays { get; init; }
    public required int? BaselineNrs { get; init; }
    public required int? BaselinePdi { get; init; }

    /// <summary>The cut-off.</summary>
    public required DayNumber AsOf { get; init; }

    /// <summary>By timepoint, the visits that are done, or due at the cut-off.</summary>
    public CohortVisit?[] Visits { get; } = new CohortVisit?[7];

    /// <summary>
    /// By category, the costs in the currency and price year that were asked for, in thousandths of the major unit; null where there is
    /// none.
    /// </summary>
    public long?[]? Costs { get; set; }

    /// <summary>Days after time zero; null without a time zero.</summary>
    public int? After(DayNumber? day) => day - TimeZero;
}

/// <summary>One visit of a case of a cohort.</summary>
/// <param name="State">done, not-done, missed, censored, due or overdue; null for the baseline.</param>
/// <param name="Reason">Why it was not done, or is censored; else null.</param>
/// <param name="Window">Where the date lies relative to the window; null unless done.</param>
/// <param name="Assessed">The day it was made; null unless done.</param>
/// <param name="Target">The day it is due; null for the baseline.</param>
/// <param name="Nrs">The NRS that is credited to the case. Unit: points.</param>
/// <param name="Pdi">The PDI that is credited to the case. Unit: points.</param>
internal sealed record CohortVisit(
    string? State, string? Reason, string? Window, DayNumber? Assessed, DayNumber? Target, int? Nrs, int? Pdi);
