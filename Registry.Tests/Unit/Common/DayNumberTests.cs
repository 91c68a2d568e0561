using NUnit.Framework;
using Registry.Domain.Common;

namespace Registry.Tests.Unit.Common;

/// <summary>A day as a number: its date, the days between two, and their order.</summary>
public sealed class DayNumberTests
{
    [TestCase("0001-01-01", 0)]
    [TestCase("0001-01-02", 1)]
    [TestCase("2024-02-29", 738944)]
    [TestCase("9999-12-31", 3652058)]
    public void Counts_days_from_the_first_date_and_gives_the_date_back(string date, int number)
    {
        var day = DayNumber.Of(Date(date));
        Assert.That(day.Value, Is.EqualTo(number));
        Assert.That(day.ToDate(), Is.EqualTo(Date(date)));
        Assert.That(FormattableString.CurrentCulture($"{day}"), Is.EqualTo(FormattableString.Invariant($"{number}")));
    }

    [Test]
    public void Has_no_day_without_a_date() => Assert.That(DayNumber.Of((DateOnly?)null), Is.Null);

    [Test]
    public void Differs_from_another_by_days()
    {
        var (before, after) = (DayNumber.Of(Date("2024-02-28")), DayNumber.Of(Date("2024-03-01")));
        Assert.That((after - before, before - after), Is.EqualTo((2, -2)));
        Assert.That((before + 2, after - 2), Is.EqualTo((after, before)));
        Assert.That(DayNumber.StartOfTime - 1 + 1, Is.EqualTo(DayNumber.StartOfTime));
    }

    [Test]
    public void Is_ordered_as_its_date()
    {
        var (before, after) = (DayNumber.Of(Date("2024-12-31")), DayNumber.Of(Date("2025-01-01")));
        Assert.That((before < after, before <= after, before > after, before >= after), Is.EqualTo((true, true, false, false)));
        Assert.That(
            (before <= before + 0, before >= before + 0, before < before + 0, before > before + 0), Is.EqualTo((true, true, false, false)));
        Assert.That((DayNumber.Min(after, before), DayNumber.Max(before, after)), Is.EqualTo((before, after)));
        DayNumber[] days = [DayNumber.EndOfTime, after, DayNumber.StartOfTime, before];
        Assert.That(days.Order(), Is.EqualTo([DayNumber.StartOfTime, before, after, DayNumber.EndOfTime]));
    }

    [Test]
    public void Ends_with_a_day_that_no_date_reaches()
    {
        Assert.That(DayNumber.Of(DateOnly.MaxValue), Is.LessThan(DayNumber.EndOfTime));
        Assert.That(DayNumber.Of(DateOnly.MinValue), Is.EqualTo(DayNumber.StartOfTime).And.EqualTo(default(DayNumber)));
        Assert.That(() => DayNumber.EndOfTime.ToDate(), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => (DayNumber.StartOfTime - 1).ToDate(), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
