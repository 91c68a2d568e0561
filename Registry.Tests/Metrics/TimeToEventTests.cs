using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// An event counts if, and only if, it lies on or before the end of observation. Each course is one SCS implant of 1 January
/// 2023 at a site of its own, asked for on days 100 and 300: 11 April and 28 October 2023.
/// </summary>
public sealed class TimeToEventTests(Engine engine) : CourseFixture(engine)
{
    private const string First = "2023-04-11";
    private const string Second = "2023-10-28";
    private const string Goes = "1 at risk, 0 events, 0 competing, 0 censored";
    private const string Gone = "0 at risk, 0 events, 0 competing, 0 censored";
    private const string Event1 = "1 at risk, 1 events, 0 competing, 0 censored";
    private const string Death = "1 at risk, 0 events, 1 competing, 1 censored";
    private const string Censored = "1 at risk, 0 events, 0 competing, 1 censored";

    [TestCase("explanted", "died", Event1, Gone)]
    [TestCase("withdrawn", "explanted", Censored, Gone)]
    [TestCase("withdrawn", "died", Censored, Gone)]
    [TestCase("crossed", "explanted", Censored, Gone)]
    [TestCase("crossed", "died", Censored, Gone)]

    // A loss is void as soon as anything comes after it.
    [TestCase("lost", "explanted", Goes, Event1)]
    [TestCase("lost", "died", Goes, Death)]
    [TestCase("lost", "withdrawn", Goes, Censored)]
    [TestCase("lost", "crossed", Goes, Censored)]
    [TestCase("lost", "lost", Goes, Censored)]
    [TestCase("lost", null, Censored, Gone)]
    [TestCase("explanted for now", "died", Event1, Gone)]
    [TestCase("revised", "died", Goes, Death)]
    public async Task What_comes_after_the_end_of_observation_is_no_event(string first, string? second, string onDay100, string onDay300)
    {
        var site = Sample.Key("site");
        await Implant(site);
        await Happens(site, first, First);
        if (second is not null)
        {
            await Happens(site, second, Second);
        }

        Assert.That((await Told(site, 100), await Told(site, 300)), Is.EqualTo((onDay100, onDay300)));
    }

    // On one day: an explant before a death, either before anything else.
    [TestCase("explanted", "died", Event1)]
    [TestCase("explanted", "withdrawn", Event1)]
    [TestCase("explanted", "lost", Event1)]
    [TestCase("explanted", "crossed", Event1)]
    [TestCase("died", "lost", Death)]
    [TestCase("died", "withdrawn", Death)]
    [TestCase("crossed", "died", Death)]
    public async Task What_happens_on_the_day_itself_is_one(string one, string other, string onDay100)
    {
        var site = Sample.Key("site");
        await Implant(site);
        await Happens(site, one, First);
        await Happens(site, other, First);
        Assert.That((await Told(site, 100), await Told(site, 300)), Is.EqualTo((onDay100, Gone)));
    }

    private async Task Implant(string site)
    {
        await Site(site);
        await Case(site, "a", Procedure.Scs);
        await Event(site, "a", EventType.Implanted, "2023-01-01");
    }

    private async Task Happens(string site, string what, string on)
    {
        switch (what)
        {
            case "crossed":
                await Case(site, "b", Procedure.Drez, preceding: "a", patient: "of-a");
                await Event(site, "b", EventType.Lesioned, on);
                break;
            case "explanted" or "explanted for now":
                await Explant(site, "a", on, permanent: what == "explanted");
                break;
            default:
                var type = what switch
                {
                    "died" => EventType.Died,
                    "lost" => EventType.LostToFollowUp,
                    "withdrawn" => EventType.Withdrawn,
                    _ => EventType.Revised,
                };
                await Event(site, "a", type, on, $"{what}-{on}");
                break;
        }
    }

    private async Task<string> Told(string site, int day)
    {
        JsonNode row = (await Api.Get($"/summaries/survival?site={site}&procedure=scs&at=99&at=100&at=299&at=300")).Expect(200)
            .Row(("procedure", "scs"), ("day", FormattableString.Invariant($"{day}")));
        return $"{row["atRisk"]} at risk, {row["events"]} events, {row["competing"]} competing, {row["censored"]} censored";
    }
}
