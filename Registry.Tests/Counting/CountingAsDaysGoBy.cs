using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Counting;
using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Tests.Support;

namespace Registry.Tests.Counting;

/// <summary>Visits fall due by themselves: the tally holds on every day, counted on that day or on another.</summary>
public sealed class CountingAsDaysGoBy(Engine engine) : RegistryFixture(engine)
{
    private static readonly DateOnly FirstDay = RandomRegistry.Today;

    private readonly DayClock _clock = new(FirstDay);

    protected override TimeProvider Clock => _clock;

    [Test]
    public async Task Holds_as_the_days_go_by()
    {
        foreach (var (resource, address, content) in RandomRegistry.Make(77, 40).Records(Host.Services.GetRequiredService<Resources>()))
        {
            (await Api.Put(resource.PathOf(address)["/api/v1".Length..], resource.Canonical(content))).Expect(201);
        }

        // Visits that fall due, and windows that end, around these days.
        (await Api.Put("/sites/edges", Scene.Site)).Expect(201);
        foreach (var day in VisitWindow.All.SelectMany(window => (int[])[window.TargetDay, window.Days.Max]).SelectMany(day => (int[])[day - 2, day - 1, day, day + 1]))
        {
            var path = FormattableString.Invariant($"/sites/edges/cases/c{day}");
            (await Api.Put(path, Scene.Case("drez", patient: FormattableString.Invariant($"P-{day}")))).Expect(201);
            (await Api.Put(path + "/events/operation", Scene.Event("lesioned", FirstDay.AddDays(-day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))).Expect(201);
            (await Api.Put(path + "/assessments/baseline", Scene.Assessment(FirstDay.AddDays(-day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))).Expect(201);
        }

        var counter = new CaseCounter(Database, _clock);

        // Today, after a day, after weeks, after years, and with the clock put back.
        foreach (var days in (int[])[0, 1, 2, 3, 30, 365, 1500, 2, -400, 0])
        {
            _clock.Day = FirstDay.AddDays(days);
            await Tally.AssertHolds(Database, _clock.Day, FormattableString.Invariant($"day {days}, not counted"));
            await counter.CountAll(7, CancellationToken.None);
            await Tally.AssertHolds(Database, _clock.Day, FormattableString.Invariant($"day {days}, counted"));
            Assert.That(await Database.Read(session => CaseCounter.CountStale(session, Database.Engine, _clock.Day), CancellationToken.None), Is.Zero, "all is counted");
        }
    }

    private IDatabase Database => Host.Services.GetRequiredService<IDatabase>();

    private sealed class DayClock(DateOnly day) : TimeProvider
    {
        public DateOnly Day { get; set; } = day;

        public override DateTimeOffset GetUtcNow() => new(Day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);
    }
}
