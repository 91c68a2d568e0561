namespace Registry.Domain.Statistics;

/// <summary>How many cases ended their follow-up on one day, by what ended it. All 0 on a day that is only to have its step.</summary>
/// <param name="Day">Whole days after time zero: 0 or more.</param>
/// <param name="Events">Cases with the event of interest: 0 or more.</param>
/// <param name="Competing">Cases with the competing event, before the one of interest: 0 or more.</param>
/// <param name="Censored">Cases whose observation ended before either: 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">The day or a count is negative.</exception>
public readonly record struct EndsOnDay(int Day, int Events, int Competing, int Censored)
{
    /// <summary>Whole days after time zero: 0 or more.</summary>
    public int Day { get; } = Day >= 0
        ? Day
        : throw new ArgumentOutOfRangeException(nameof(Day), Day, "A follow-up time is 0 days or more.");

    /// <summary>Cases with the event of interest: 0 or more.</summary>
    public int Events { get; } = NotNegative(Events, nameof(Events));

    /// <summary>Cases with the competing event, before the one of interest: 0 or more.</summary>
    public int Competing { get; } = NotNegative(Competing, nameof(Competing));

    /// <summary>Cases whose observation ended before either: 0 or more.</summary>
    public int Censored { get; } = NotNegative(Censored, nameof(Censored));

    /// <summary>Cases that ended on the day, by whatever.</summary>
    public int All => Events + Competing + Censored;

    /// <summary>One entry a day, ascending; counts of the same day are added.</summary>
    internal static IEnumerable<EndsOnDay> InOrder(IEnumerable<EndsOnDay> ends) =>
        from end in ends
        group end by end.Day into day
        orderby day.Key
        select new EndsOnDay(day.Key, day.Sum(end => end.Events), day.Sum(end => end.Competing), day.Sum(end => end.Censored));

    private static int NotNegative(int count, string name) => count >= 0
        ? count
        : throw new ArgumentOutOfRangeException(name, count, "A number of cases is 0 or more.");
}
