using System.Text.Json.Serialization;
using Registry.Domain.Common;

namespace Registry.Domain.Assessments;

/// <summary>The seven moments at which a case is assessed.</summary>
public enum Timepoint
{
    /// <summary>On or before the start of the trial, or the operation.</summary>
    Baseline,

    /// <summary>In the first two weeks.</summary>
    PostOp,

    /// <summary>One month.</summary>
    [JsonStringEnumMemberName("1m")]
    Month1,

    /// <summary>Three months.</summary>
    [JsonStringEnumMemberName("3m")]
    Month3,

    /// <summary>Six months.</summary>
    [JsonStringEnumMemberName("6m")]
    Month6,

    /// <summary>Twelve months.</summary>
    [JsonStringEnumMemberName("12m")]
    Month12,

    /// <summary>Twenty-four months.</summary>
    [JsonStringEnumMemberName("24m")]
    Month24,
}

/// <summary>When a follow-up visit is due and when it counts as on time, in days after time zero.</summary>
/// <param name="Timepoint">The follow-up timepoint, never baseline.</param>
/// <param name="TargetDay">The day the visit is due.</param>
/// <param name="Days">The first and last day of the default window, both inclusive. The windows of the six follow-ups touch and do not
/// overlap.</param>
public sealed record VisitWindow(Timepoint Timepoint, int TargetDay, WholeRange Days)
{
    /// <summary>The windows of the six follow-up timepoints, in order.</summary>
    public static readonly IReadOnlyList<VisitWindow> All =
    [
        new(Timepoint.PostOp, 7, new(1, 14)),
        new(Timepoint.Month1, 30, new(15, 60)),
        new(Timepoint.Month3, 91, new(61, 136)),
        new(Timepoint.Month6, 183, new(137, 273)),
        new(Timepoint.Month12, 365, new(274, 547)),
        new(Timepoint.Month24, 730, new(548, 913)),
    ];

    /// <summary>The window of a follow-up timepoint.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The timepoint is the baseline, which has no window.</exception>
    public static VisitWindow Of(Timepoint timepoint) =>
        timepoint is > Timepoint.Baseline and <= Timepoint.Month24
            ? All[(int)timepoint - 1]
            : throw new ArgumentOutOfRangeException(nameof(timepoint), timepoint, "the baseline has no window");

    /// <summary>The window that holds a day after time zero, or null for a day before the first or after the last window.</summary>
    public static VisitWindow? Containing(int day) => All.FirstOrDefault(window => window.Days.Contains(day));

    /// <summary>Where a day after time zero lies relative to this window.</summary>
    public WindowPosition Place(int day) =>
        day < Days.Min ? WindowPosition.Early : day > Days.Max ? WindowPosition.Late : WindowPosition.In;
}

/// <summary>Where the date of an assessment lies relative to the window of its timepoint.</summary>
public enum WindowPosition
{
    /// <summary>In the window.</summary>
    In,

    /// <summary>Before the window. Kept, and flagged.</summary>
    Early,

    /// <summary>After the window. Kept, and flagged: late data are still data.</summary>
    Late,

    /// <summary>Cannot be determined: no date, or no time zero yet.</summary>
    Unknown,
}
