namespace Registry.Tests.Support;

/// <summary>A clock that always says the same instant, so that "today" and "the future" are the same on every day a test runs.</summary>
internal sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    /// <summary>Noon in UTC on 15 June 2025: the day after has already begun in Auckland.</summary>
    public static readonly StoppedClock Noon = new(new DateOnly(2025, 6, 15));

    /// <summary>A clock that says noon (UTC) of a day.</summary>
    public StoppedClock(DateOnly day)
        : this(new DateTimeOffset(day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero))
    {
    }

    public override DateTimeOffset GetUtcNow() => now;
}
