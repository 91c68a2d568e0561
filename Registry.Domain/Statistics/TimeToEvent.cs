namespace Registry.Domain.Statistics;

/// <summary>How long one case was followed, and whether the event or the end of observation ended it.</summary>
/// <param name="Day">Whole days from time zero to the event or to censoring: 0 or more.</param>
/// <param name="HadEvent">True when the event was seen on that day; false when the case was censored then.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Day"/> is negative.</exception>
public readonly record struct TimeToEvent(int Day, bool HadEvent)
{
    /// <summary>Whole days from time zero to the event or to censoring: 0 or more.</summary>
    public int Day { get; } = Day >= 0
        ? Day
        : throw new ArgumentOutOfRangeException(nameof(Day), Day, "A follow-up time is 0 days or more.");
}
