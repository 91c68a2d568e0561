using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>
/// What the registry knows of one person when nothing dated after a day is looked at. What happens to a person happens in every case.
/// </summary>
internal sealed class PersonOnADay
{
    private readonly IReadOnlyList<RecordedCase> _cases;

    /// <param name="cases">All cases of one site with the same patient reference.</param>
    /// <param name="cutOff">The data cut-off, inclusive.</param>
    public PersonOnADay(IReadOnlyList<RecordedCase> cases, DateOnly cutOff)
    {
        _cases = cases;
        LastDay = cutOff;
        Withdrawal = First(EventType.Withdrawn);
        LastDay = Withdrawal ?? cutOff;
        Death = First(EventType.Died);
        Loss = LossInForce();
    }

    /// <summary>The last day whose data count, inclusive: the cut-off, or the withdrawal before it.</summary>
    public DateOnly LastDay { get; }

    public DateOnly? Withdrawal { get; }
    public DateOnly? Death { get; }

    /// <summary>
    /// The loss to follow-up that nothing came after; null when the person was never lost, or seen again after each loss.
    /// </summary>
    public DateOnly? Loss { get; }

    private DateOnly? First(EventType type)
    {
        DateOnly? first = null;
        foreach (var happened in _cases.SelectMany(one => one.Events))
        {
            if (happened.Type == type && happened.OccurredOn <= LastDay && (first is null || happened.OccurredOn < first))
            {
                first = happened.OccurredOn;
            }
        }

        return first;
    }

    private DateOnly? LossInForce()
    {
        foreach (var loss in _cases.SelectMany(one => one.Events)
            .Where(happened => happened.Type == EventType.LostToFollowUp && happened.OccurredOn <= LastDay))
        {
            if (!_cases.Any(one => IsSeenAfter(loss.OccurredOn, one)))
            {
                return loss.OccurredOn;
            }
        }

        return null;
    }

    /// <summary>Whether a case has an event, an assessment that was done or an adverse event after a day.</summary>
    private bool IsSeenAfter(DateOnly day, RecordedCase one) =>
        one.Events.Any(happened => happened.OccurredOn > day && happened.OccurredOn <= LastDay)
        || one.Assessments.Values.Any(
            assessment => assessment.NotDone is null && assessment.AssessedOn > day && assessment.AssessedOn <= LastDay)
        || one.AdverseEvents.Any(suffered => suffered.OnsetOn > day && suffered.OnsetOn <= LastDay);
}
