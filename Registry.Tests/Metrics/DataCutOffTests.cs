using NUnit.Framework;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// The data cut-off is one day for all. Left out, it is the latest day that has begun at any site or that anything is dated,
/// and asking again with the day that an answer states gives the same bytes. Five DREZ cases each, baseline 8, with 3 at
/// twelve months, on the very day that these are due.
/// </summary>
public abstract class DataCutOffTests(Engine engine) : CourseFixture(engine)
{
    protected static readonly string[] Summaries =
    [
        "response-rates?timepoint=12m", "scores?timepoint=12m", "costs?", "stays?", "trials?", "adverse-events?", "completeness?",
        "survival?at=100", "survival?event=loss-of-response", "flow?", "benchmarks?",
        "comparison?a.procedure=scs&b.procedure=drez&timepoint=12m", "power?procedure=drez&timepoint=12m",
    ];

    /// <summary>The day that is to be stated.</summary>
    protected abstract string AsOf { get; }

    /// <summary>How many of the five are to be found on it.</summary>
    protected virtual int Visits => 5;

    [Test]
    public async Task The_stated_day_gives_the_same_bytes_as_none([ValueSource(nameof(Summaries))] string summary)
    {
        var answer = (await Api.Get($"/summaries/{summary}")).Expect(200);
        Assert.That(answer.Json["asOf"]!.ToString(), Is.EqualTo(AsOf));
        var again = (await Api.Get($"/summaries/{summary}&asOf={AsOf}")).Expect(200);
        Assert.That((again.Text, again.ETag), Is.EqualTo((answer.Text, answer.ETag)));
    }

    [TestCase("observed")]
    [TestCase("intention-to-treat")]
    public async Task A_summary_holds_what_was_just_recorded(string set)
    {
        var row =
            (await Api.Get($"/summaries/response-rates?timepoint=12m&instrument=nrs&set={set}")).Expect(200).Row(("procedure", "drez"));
        Assert.That((row["responders"]!.GetValue<int>(), row["denominator"]!.GetValue<int>()), Is.EqualTo((Visits, Visits)));
    }

    protected async Task FiveVisits(string site, string lesioned, string visited)
    {
        for (var number = 1; number <= 5; number++)
        {
            var name = FormattableString.Invariant($"c{number}");
            await Case(site, name, Procedure.Drez);
            await Event(site, name, EventType.Lesioned, lesioned);
            await Visit(site, name, "baseline", lesioned, 8);
            await Visit(site, name, "12m", visited, 3);
        }
    }
}

/// <summary>Noon in UTC on 20 November 2026; on Kiritimati it is two o'clock on the 21st.</summary>
public sealed class StatingTheCutOffInTheEast(Engine engine) : DataCutOffTests(engine)
{
    protected override string AsOf => "2026-11-21";

    protected override async Task Prepare()
    {
        await Site("east", "Pacific/Kiritimati");
        await Site("west", "America/New_York");
        await FiveVisits("east", "2025-11-21", "2026-11-21");
    }

    [Test]
    public async Task The_day_before_none_was_due()
    {
        var row = (await Api.Get("/summaries/response-rates?timepoint=12m&instrument=nrs&set=intention-to-treat&asOf=2026-11-20"))
            .Expect(200).Row(("procedure", "drez"));
        Assert.That((row["denominator"]!.GetValue<int>(), row["notDue"]!.GetValue<int>()), Is.EqualTo((0, 5)));
    }
}

/// <summary>
/// The same at a site without a time zone: tomorrow's date is accepted, since somewhere it is tomorrow, and what is dated tomorrow is in
/// the summary.
/// </summary>
public sealed class StatingTheCutOffWithoutATimeZone(Engine engine) : DataCutOffTests(engine)
{
    protected override string AsOf => "2026-11-21";

    protected override async Task Prepare()
    {
        await Site("somewhere");
        await FiveVisits("somewhere", "2025-11-21", "2026-11-21");
    }
}

/// <summary>
/// One o'clock in UTC on 26 November 2026; in New York it is eight in the evening of the 25th, and there is no other site.
/// </summary>
public sealed class StatingTheCutOffInTheWest(Engine engine) : DataCutOffTests(engine)
{
    protected override string AsOf => "2026-11-25";

    protected override TimeProvider Clock { get; } = new StoppedClock(new DateTimeOffset(2026, 11, 26, 1, 0, 0, TimeSpan.Zero));

    protected override async Task Prepare()
    {
        await Site("west", "America/New_York");
        await FiveVisits("west", "2025-11-25", "2026-11-25");
    }
}

/// <summary>The same beside a site without a time zone, where the day is that of UTC.</summary>
public sealed class StatingTheCutOffBesideASiteWithoutATimeZone(Engine engine) : DataCutOffTests(engine)
{
    protected override string AsOf => "2026-11-26";

    protected override TimeProvider Clock { get; } = new StoppedClock(new DateTimeOffset(2026, 11, 26, 1, 0, 0, TimeSpan.Zero));

    protected override async Task Prepare()
    {
        await Site("west", "America/New_York");
        await Site("somewhere");
        await FiveVisits("west", "2025-11-25", "2026-11-25");
    }
}

/// <summary>A registry without a site: the day of UTC.</summary>
public sealed class StatingTheCutOffOfNothing(Engine engine) : DataCutOffTests(engine)
{
    protected override string AsOf => "2026-11-20";

    protected override int Visits => 0;
}
