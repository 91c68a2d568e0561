namespace Registry.Domain.Common;

/// <summary>
/// A day of the Gregorian calendar, without a time or a time zone, as the number of days since 0001-01-01; that day itself is 0.
/// </summary>
/// <remarks>
/// A day that has a date lies between 0 (0001-01-01) and 3,652,058 (9999-12-31), both inclusive. Adding and subtracting do not check
/// this range; <see cref="ToDate"/> does. A number of days is an <see cref="int"/> and not a day: nothing converts the one to the other.
/// The default value is <see cref="StartOfTime"/>.
/// </remarks>
/// <param name="Value">Days since 0001-01-01, as <see cref="DateOnly.DayNumber"/>.</param>
public readonly record struct DayNumber(int Value) : IComparable<DayNumber>
{
    /// <summary>The first day that has a date, 0001-01-01: as a cut-off, one before everything that happens.</summary>
    public static DayNumber StartOfTime => default;

    /// <summary>A day after every day that has a date, and without one itself: as a cut-off, one after everything.</summary>
    public static DayNumber EndOfTime => new(int.MaxValue);

    /// <summary>The day of a date.</summary>
    public static DayNumber Of(DateOnly date) => new(date.DayNumber);

    /// <summary>The day of a date; null without one.</summary>
    public static DayNumber? Of(DateOnly? date) => date is { } known ? Of(known) : null;

    /// <summary>The earlier of two days.</summary>
    public static DayNumber Min(DayNumber one, DayNumber other) => one < other ? one : other;

    /// <summary>The later of two days.</summary>
    public static DayNumber Max(DayNumber one, DayNumber other) => one > other ? one : other;

    /// <summary>The date of the day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The day has no date: it lies before 0001-01-01 or after 9999-12-31.</exception>
    public DateOnly ToDate() => DateOnly.FromDayNumber(Value);

    /// <inheritdoc/>
    public int CompareTo(DayNumber other) => Value.CompareTo(other.Value);

    /// <summary>The number, in digits.</summary>
    public override string ToString() => FormattableString.Invariant($"{Value}");

    /// <summary>The day that is a number of days later; earlier when the number is negative.</summary>
    public static DayNumber operator +(DayNumber day, int days) => new(day.Value + days);

    /// <summary>The day that is a number of days earlier; later when the number is negative.</summary>
    public static DayNumber operator -(DayNumber day, int days) => new(day.Value - days);

    /// <summary>
    /// The number of days from one day to another: positive when <paramref name="to"/> is the later, negative when it is the earlier.
    /// </summary>
    public static int operator -(DayNumber to, DayNumber from) => to.Value - from.Value;

    /// <summary>Whether one comes before the other.</summary>
    public static bool operator <(DayNumber left, DayNumber right) => left.Value < right.Value;

    /// <summary>Whether one comes after the other.</summary>
    public static bool operator >(DayNumber left, DayNumber right) => left.Value > right.Value;

    /// <summary>Whether one comes before the other, or is the same.</summary>
    public static bool operator <=(DayNumber left, DayNumber right) => left.Value <= right.Value;

    /// <summary>Whether one comes after the other, or is the same.</summary>
    public static bool operator >=(DayNumber left, DayNumber right) => left.Value >= right.Value;
}
