using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Sites;
using Registry.Domain.Common;
using Registry.Domain.Sites;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Sites;

/// <summary>What day it is at a site, which days its dates may name, and how far the latest of all sites is.</summary>
public sealed class SiteDayTests(Engine engine) : RegistryFixture(engine)
{
    private readonly SettableClock _clock = new(At("2026-11-26T01:00:00Z"));

    private SiteDirectory _sites = null!;

    protected override TimeProvider Clock => _clock;

    protected override async Task Prepare()
    {
        _sites = Host.Services.GetRequiredService<SiteDirectory>();
        Assert.That(
            await _sites.LatestDayBegunAnywhere(CancellationToken.None),
            Is.EqualTo(new DateOnly(2026, 11, 26)),
            "without any site: in UTC");
        await Put("new-york", "America/New_York");
        Assert.That(
            await _sites.LatestDayBegunAnywhere(CancellationToken.None), Is.EqualTo(new DateOnly(2026, 11, 25)), "with one site: there");
        await Put("tokyo", "Asia/Tokyo");
        await Put("kiritimati", "Pacific/Kiritimati");
        await Put("pago-pago", "Pacific/Pago_Pago");
        await Put("nowhere", null);
    }

    [TestCase("2026-11-26T01:00:00Z", "new-york", "2026-11-25", "2026-11-25")]
    [TestCase("2026-11-26T04:59:59Z", "new-york", "2026-11-25", "2026-11-25")]
    [TestCase("2026-11-26T05:00:00Z", "new-york", "2026-11-26", "2026-11-26")]
    [TestCase("2026-11-25T14:59:59Z", "tokyo", "2026-11-25", "2026-11-25")]
    [TestCase("2026-11-25T15:00:00Z", "tokyo", "2026-11-26", "2026-11-26")]
    [TestCase("2026-11-25T10:00:00Z", "kiritimati", "2026-11-26", "2026-11-26")]
    [TestCase("2026-11-25T10:59:59Z", "pago-pago", "2026-11-24", "2026-11-24")]
    [TestCase("2026-11-25T09:59:59Z", "nowhere", "2026-11-25", "2026-11-25")]
    [TestCase("2026-11-25T10:00:00Z", "nowhere", "2026-11-25", "2026-11-26")]
    [TestCase("2026-11-25T23:59:59Z", "nowhere", "2026-11-25", "2026-11-26")]
    public async Task Goes_by_the_zone_of_the_site_and_without_one_by_UTC_or_the_latest_day_anywhere(
        string now, string site, string today, string latest)
    {
        _clock.Now = At(now);
        Assert.That(await _sites.Today(SiteCode.Of(site), CancellationToken.None), Is.EqualTo(Day(today)));
        Assert.That(await _sites.LatestDay(SiteCode.Of(site), CancellationToken.None), Is.EqualTo(Day(latest)));
    }

    [Test]
    public async Task Knows_no_day_at_a_site_that_is_not_there()
    {
        Assert.That(await _sites.Today(SiteCode.Of("nosuch"), CancellationToken.None), Is.Null);
        Assert.That(await _sites.LatestDay(SiteCode.Of("nosuch"), CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Says_at_every_hour_the_latest_day_of_any_site_however_the_clock_is_set()
    {
        var random = new Random(20_261_126);
        for (var round = 0; round < 500; round++)
        {
            // Minutes on, mostly; now and then days, forwards or back.
            _clock.Now += round % 10 == 0 ? TimeSpan.FromHours(random.Next(-500, 500)) : TimeSpan.FromMinutes(random.Next(0, 90));
            var days = await _sites.DaysBySite(CancellationToken.None);
            foreach (var (site, day) in days)
            {
                Assert.That(await _sites.Today(site, CancellationToken.None), Is.EqualTo(day), $"{site} at {_clock.Now:O}");
            }

            Assert.That(days, Does.ContainKey(SiteCode.Of("kiritimati")).And.ContainKey(SiteCode.Of("nowhere")));
            Assert.That(await _sites.LatestDayBegunAnywhere(CancellationToken.None), Is.EqualTo(days.Values.Max()), $"{_clock.Now:O}");
        }
    }

    [Test]
    public async Task Takes_the_date_of_this_morning_where_the_day_begins_first()
    {
        _clock.Now = At("2026-11-25T21:00:00Z");
        var @case = await Api.NewCase("drez", "/sites/nowhere");
        (await Api.Put(@case + "/assessments/baseline", Sample.Assessment("2026-11-26"))).Expect(201);
        var tooLate = (await Api.Put(@case + "/assessments/1m", Sample.Assessment("2026-11-27"))).ExpectProblem(422);
        Assert.That(tooLate.Faults, Is.EqualTo([("/assessedOn", "date-in-the-future")]));
        Assert.That(tooLate.Json["errors"]![0]!["allowed"]!.GetValue<string>(), Does.EndWith("2026-11-26"));
        Assert.That(
            (await Api.Put(
                await Api.NewCase("drez", "/sites/new-york") + "/assessments/baseline", Sample.Assessment("2026-11-26")))
                    .ExpectProblem(422).Faults,
            Is.EqualTo([("/assessedOn", "date-in-the-future")]));
    }

    [Test]
    public async Task Answers_as_without_a_zone_where_the_name_of_the_zone_is_no_longer_known()
    {
        _clock.Now = At("2026-11-25T21:00:00Z");
        await Put("old", "Europe/Berlin");
        var @case = await Api.NewCase("drez", "/sites/old");
        await Host.Services.GetRequiredService<IDatabase>().Write(
            ["old"],
            session => session.Execute("UPDATE site SET time_zone = 'Mars/Olympus' WHERE site_code = 'old'"),
            CancellationToken.None);
        _sites.Forget();
        Assert.That(await _sites.Today(SiteCode.Of("old"), CancellationToken.None), Is.EqualTo(Day("2026-11-25")));
        Assert.That(await _sites.LatestDay(SiteCode.Of("old"), CancellationToken.None), Is.EqualTo(Day("2026-11-26")));
        (await Api.Get("/sites/old/cases")).Expect(200);
        (await Api.Get(@case)).Expect(200);
        (await Api.Put(@case + "/assessments/baseline", Sample.Assessment("2026-11-26"))).Expect(201);
        (await Api.Post(
            "/assessments/batch",
            $$"""{"mode":"each","items":[{"site":"old","case":"{{Sample.KeyOf(@case)}}","timepoint":"1m","assessedOn":"2026-11-26","nrs":2}]}""")).Expect(200);
        (await Api.Get("/follow-ups")).Expect(200);
    }

    [Test]
    public async Task Looks_a_site_up_that_another_instance_has_just_recorded()
    {
        Assert.That(await _sites.Today(SiteCode.Of("elsewhere"), CancellationToken.None), Is.Null);
        await using var other = NewHost();
        (await other.Api.Put("/sites/elsewhere", """{"name":"A","country":"KI","timeZone":"Pacific/Kiritimati"}""")).Expect(201);
        Assert.That(
            await _sites.Today(SiteCode.Of("elsewhere"), CancellationToken.None),
            Is.EqualTo(SiteTimeZone.DayAt(_clock.Now, "Pacific/Kiritimati")));
    }

    private async Task Put(string site, string? zone) =>
        (await Api.Put(
            "/sites/" + site,
            zone is null ? """{"name":"A","country":"DE"}""" : $$"""{"name":"A","country":"DE","timeZone":"{{zone}}"}""")).Expect(201);

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
