using Registry.Domain.Assessments;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>How one follow-up visit of a case stands.</summary>
/// <param name="Case">The case.</param>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="Target">The day it is due.</param>
/// <param name="WindowLast">The last day on which it is on time.</param>
/// <param name="IsDue">Whether its target day has come.</param>
/// <param name="IsOutOfWindow">Whether it was made before or after its window.</param>
/// <param name="State">How it stands.</param>
/// <param name="Reason">Why it was not done, or what ended the observation before its target day; null for any other state.</param>
/// <param name="DaysOverdue">Days since the last day of the window; 0 unless overdue.</param>
internal sealed record Visit(
    CaseOnADay Case,
    Timepoint Timepoint,
    DateOnly Target,
    DateOnly WindowLast,
    bool IsDue,
    bool IsOutOfWindow,
    VisitState State,
    string? Reason,
    int DaysOverdue);

/// <summary>The visits of cases: what the work list, the schedule of a case and the completeness of a registry are made of.</summary>
internal static class VisitOracle
{
    private static readonly string[] NotDone = ["died", "lost-to-follow-up", "withdrawn", "declined", "too-ill", "not-done-by-site"];
    private static readonly string[] Censored = ["died", "explanted", "crossed-over", "withdrawn", "lost-to-follow-up"];

    /// <summary>The visits asked for, of the cases that have a schedule.</summary>
    public static IEnumerable<Visit> Visits(Cohort cohort) =>
        from one in cohort.Members
        from visit in Of(one)
        where cohort.Question.Timepoints.Count == 0 || cohort.Question.Timepoints.Contains(visit.Timepoint)
        select visit;

    /// <summary>The visits of every site as they stand on the day that it is there, or on the day asked for.</summary>
    public static IEnumerable<Visit> VisitsByTheDayAtEachSite(Cohort cohort) =>
        from sites in cohort.Sites.GroupBy(site => cohort.Question.AsOf ?? site.Today)
        from visit in Visits(cohort.Asked(cohort.Question with { Sites = [.. sites.Select(site => site.Code)], AsOf = sites.Key }))
        select visit;

    /// <summary>The work list: the oldest target date first, then by site and case.</summary>
    public static IEnumerable<Visit> WorkList(Cohort cohort) =>
        VisitsByTheDayAtEachSite(cohort)
            .Where(visit => visit.State is VisitState.Due or VisitState.Overdue)
            .Where(visit => cohort.Question.DaysOverdueMax is not { } most || visit.DaysOverdue <= most)
            .OrderBy(visit => visit.Target).ThenBy(visit => visit.Case.Recorded.Site, StringComparer.Ordinal)
                .ThenBy(visit => visit.Case.Recorded.Code, StringComparer.Ordinal);

    /// <summary>Completeness: the visits that are due, each in one place.</summary>
    public static IEnumerable<ExpectedRow> Completeness(Cohort cohort)
    {
        var due = Visits(cohort).Where(visit => visit.IsDue).ToList();
        var bySite = due.ToLookup(visit => visit.Case.Recorded.Site);
        return from site in cohort.Sites.Select(site => site.Code).Order(StringComparer.Ordinal).Append("all")
               from @group in cohort.Groups()
               let members = @group.Members.ToHashSet()
               let ofGroup = (site == "all" ? due : bySite[site]).Where(visit => members.Contains(visit.Case))
                   .ToLookup(visit => visit.Timepoint)
               from timepoint in Question.AskedOr(cohort.Question.Timepoints, [.. CaseOnADay.FollowUps.Select(one => one.Timepoint)])
               select new ExpectedRow(
                   [("site", site), ("procedure", @group.Name), ("timepoint", Code.Of(timepoint))], Figures([.. ofGroup[timepoint]]));
    }

    private static IEnumerable<(string Name, object? Value)> Figures(List<Visit> due)
    {
        long Count(VisitState state, string? reason = null) => due.LongCount(visit => visit.State == state && visit.Reason == reason);
        var late = due.LongCount(visit => visit.IsOutOfWindow);
        return
        [
            ("done", Count(VisitState.Done) - late),
            ("late", late),
            .. NotDone.Select(reason => ("notDone." + reason, (object?)Count(VisitState.NotDone, reason))),
            ("missed", Count(VisitState.Missed)),
            .. Censored.Select(reason => ("censored." + reason, (object?)Count(VisitState.Censored, reason))),
            ("pending", Count(VisitState.Due)),
            ("overdue", Count(VisitState.Overdue)),
            .. Naive.Rate("made", Count(VisitState.Done), "due", due.Count).Skip(1),
        ];
    }

    /// <summary>The six visits of a case; none while it has not entered treatment, and none while its trial is undecided.</summary>
    public static IEnumerable<Visit> Of(CaseOnADay one)
    {
        if (!one.HasVisits)
        {
            yield break;
        }

        foreach (var (timepoint, targetDay, first, last) in CaseOnADay.FollowUps)
        {
            var zero = one.TimeZero!.Value;
            var (target, windowFirst, windowLast) = (zero.AddDays(targetDay), zero.AddDays(first), zero.AddDays(last));
            var recorded = one.Assessment(timepoint);
            var (state, reason) = StateOf(one, recorded, target, windowLast);
            yield return new Visit(
                one,
                timepoint,
                target,
                windowLast,
                target <= one.CutOff,
                state == VisitState.Done && (recorded!.AssessedOn < windowFirst || recorded.AssessedOn > windowLast),
                state,
                reason,
                state == VisitState.Overdue ? one.CutOff.DayNumber - windowLast.DayNumber : 0);
        }
    }

    private static (VisitState State, string? Reason) StateOf(CaseOnADay one, Assessment? recorded, DateOnly target, DateOnly windowLast)
    {
        if (recorded is not null)
        {
            return recorded.NotDone is { } why ? (VisitState.NotDone, Code.Of(why)) : (VisitState.Done, null);
        }

        if (one.End is { } end)
        {
            return target <= end.On ? (VisitState.Missed, null) : (VisitState.Censored, end.Reason);
        }

        return (one.CutOff < target ? VisitState.NotDue : one.CutOff <= windowLast ? VisitState.Due : VisitState.Overdue, null);
    }
}
