namespace Registry.Domain.Statistics;

/// <summary>How long one case was followed, and which of two events, if any, came first.</summary>
/// <param name="Day">Whole days from time zero to the first event or to censoring: 0 or more.</param>
/// <param name="End">What ended the follow-up on that day.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Day"/> is negative, or <paramref name="End"/> is not defined.</exception>
public readonly record struct TimeToFirstEvent(int Day, EndOfFollowUp End)
{
    /// <summary>Whole days from time zero to the first event or to censoring: 0 or more.</summary>
    public int Day { get; } = Day >= 0
        ? Day
        : throw new ArgumentOutOfRangeException(nameof(Day), Day, "A follow-up time is 0 days or more.");

    /// <summary>What ended the follow-up on that day.</summary>
    public EndOfFollowUp End { get; } = Enum.IsDefined(End)
        ? End
        : throw new ArgumentOutOfRangeException(nameof(End), End, "Follow-up ends by censoring, the event or a competing event.");
}
