using Registry.Domain.Assessments;
using Registry.Domain.Common;

namespace Registry.Domain.Analysis;

/// <summary>How a follow-up visit stands at a data cut-off.</summary>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="TargetDay">The day the visit is due.</param>
/// <param name="LastDay">The last day of its window.</param>
/// <param name="State">Done, not done, missed, censored; null while it is open: then the day decides.</param>
/// <param name="Reason">The code of the reason, of a visit that was not done or is censored; else null.</param>
/// <param name="Position">Where the date lies relative to the window; null unless done.</param>
/// <param name="AssessedDay">The day of a visit that was made; else null.</param>
public readonly record struct VisitStanding(
    Timepoint Timepoint,
    DayNumber TargetDay,
    DayNumber LastDay,
    VisitState? State,
    string? Reason,
    WindowPosition? Position,
    DayNumber? AssessedDay)
{
    /// <summary>How a follow-up of a case with visits stands.</summary>
    /// <param name="window">The follow-up.</param>
    /// <param name="assessment">What is recorded of it; null for nothing.</param>
    /// <param name="standing">The case at the cut-off.</param>
    /// <param name="lastUsedDay">The last day whose data are used.</param>
    public static VisitStanding Of(VisitWindow window, Assessment? assessment, CaseStanding standing, DayNumber lastUsedDay)
    {
        var zero = standing.TimeZero!.Value;
        var open = new VisitStanding(window.Timepoint, zero + window.TargetDay, zero + window.Days.Max, null, null, null, null);
        var assessed = DayNumber.Of(assessment?.AssessedOn);
        if (assessment is not null && !(assessed > lastUsedDay))
        {
            return assessment is { NotDone: { } reason }
                ? open with { State = VisitState.NotDone, Reason = Code.Of(reason) }
                : open with
                {
                    State = VisitState.Done,
                    Position = window.Place(assessed!.Value - zero),
                    AssessedDay = assessed,
                };
        }

        return standing.End is not { } end ? open
            : open.TargetDay <= end ? open with { State = VisitState.Missed }
            : open with { State = VisitState.Censored, Reason = Code.Of(standing.EndReason) };
    }

    /// <summary>
    /// The state on a day: of an open visit not due before the target day, due up to the last day of the window, then overdue.
    /// </summary>
    public VisitState On(DayNumber day) =>
        State ?? (day < TargetDay ? VisitState.NotDue : day <= LastDay ? VisitState.Due : VisitState.Overdue);
}
