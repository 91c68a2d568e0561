using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Common;

namespace Registry.Api.Cases;

/// <summary>A follow-up visit in the schedule of a case.</summary>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="TargetDate">The day the visit is due.</param>
/// <param name="WindowFirst">The first day on which it is on time, inclusive.</param>
/// <param name="WindowLast">The last day on which it is on time, inclusive.</param>
/// <param name="State">How it stands.</param>
/// <param name="Reason">Why it was not done, or what ended observation.</param>
internal sealed record ScheduledVisit(
    Timepoint Timepoint,
    DateOnly TargetDate,
    DateOnly WindowFirst,
    DateOnly WindowLast,
    VisitState State,
    [Missing("absent unless not-done or censored")] string? Reason);

/// <summary>The schedule of one case.</summary>
internal static class Schedule
{
    /// <summary>
    /// The six follow-up visits, as they stand on a day at the site; none without a time zero, nor while a trial is undecided.
    /// </summary>
    public static IReadOnlyList<ScheduledVisit> Of(Person person, CaseCode @case, DateOnly today) =>
    [
        .. from visit in Derivation.Schedule(person, @case, DayNumber.Of(today), DayNumber.EndOfTime)
           let window = VisitWindow.Of(visit.Timepoint)
           select new ScheduledVisit(
               visit.Timepoint,
               visit.TargetDay.ToDate(),
               (visit.TargetDay - window.TargetDay + window.Days.Min).ToDate(),
               visit.LastDay.ToDate(),
               visit.On(DayNumber.Of(today)),
               visit.Reason),
    ];
}
