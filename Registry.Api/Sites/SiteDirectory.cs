using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Domain.Common;
using Registry.Domain.Sites;

namespace Registry.Api.Sites;

/// <summary>
/// Which sites there are and what day it is there. The time zones of all sites are remembered for a minute, and until a
/// site is changed here: another instance may correct one meanwhile. A site that is not remembered is looked up each
/// time. Whether a site still exists is decided again inside each write.
/// </summary>
internal sealed class SiteDirectory(IDatabase database, TimeProvider clock)
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly Remembered<Calendar> _calendar = new();

    /// <summary>The day it is at a site: in its time zone, or in UTC when it has none. Null when the site is not known.</summary>
    public async ValueTask<DateOnly?> Today(SiteCode site, CancellationToken cancellation) =>
        await ZoneOf(site, cancellation) is (true, var zone) ? SiteTimeZone.DayAt(clock.GetUtcNow(), zone) : null;

    /// <summary>
    /// The last day that a date of a site may name: the day it is there, or the latest day anywhere when the site has no
    /// time zone. Null when the site is not known.
    /// </summary>
    public async ValueTask<DateOnly?> LatestDay(SiteCode site, CancellationToken cancellation) =>
        await ZoneOf(site, cancellation) is (true, var zone) ? SiteTimeZone.LatestDayAt(clock.GetUtcNow(), zone) : null;

    /// <summary>Today in UTC, for what belongs to no site.</summary>
    public DateOnly Today() => SiteTimeZone.DayAt(clock.GetUtcNow(), null);

    /// <summary>The last day that a date may name where it belongs to no site: the latest day anywhere.</summary>
    public DateOnly LatestDay() => SiteTimeZone.LatestDayAt(clock.GetUtcNow(), null);

    /// <summary>
    /// The latest day that has begun at any site, by its time zone; in UTC for a site without one, and where there is no
    /// site. The default data cut-off.
    /// </summary>
    public async ValueTask<DateOnly> LatestDayBegunAnywhere(CancellationToken cancellation) => (await Current(cancellation)).LatestDay;

    /// <summary>The day it is at each site, as <see cref="Today(SiteCode, CancellationToken)"/> says it of one.</summary>
    public async ValueTask<IReadOnlyDictionary<SiteCode, DateOnly>> DaysBySite(CancellationToken cancellation)
    {
        var (calendar, now) = (await Current(cancellation), clock.GetUtcNow());
        return calendar.Zones.ToDictionary(site => site.Key, site => SiteTimeZone.DayAt(now, site.Value));
    }

    /// <summary>A site whose code differs from this one in upper and lower case alone; null without one.</summary>
    /// <param name="site">The code.</param>
    /// <param name="scope">The one site that exists for the caller; null for all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async ValueTask<SiteCode?> InOtherSpelling(SiteCode site, SiteCode? scope, CancellationToken cancellation) =>
        First((await Current(cancellation)).Zones.Keys, known => known != site
            && known.ToString().Equals(site.ToString(), StringComparison.OrdinalIgnoreCase) && (scope is null || scope == known));

    /// <summary>The codes of all sites.</summary>
    public async ValueTask<IEnumerable<SiteCode>> Codes(CancellationToken cancellation) => (await Current(cancellation)).Zones.Keys;

    /// <summary>The code that meets a condition; null without one.</summary>
    public async ValueTask<SiteCode?> Find(Func<SiteCode, bool> isMeant, CancellationToken cancellation) =>
        First(await Codes(cancellation), isMeant) ?? First((await ReadAll(cancellation)).Select(site => site.Site), isMeant);

    /// <summary>Forgets what is remembered: a site was changed.</summary>
    public void Forget() => _calendar.Forget();

    private static SiteCode? First(IEnumerable<SiteCode> codes, Func<SiteCode, bool> isMeant) =>
        codes.FirstOrDefault(isMeant) is { IsStated: true } code ? code : null;

    private async ValueTask<(bool IsKnown, string? Zone)> ZoneOf(SiteCode site, CancellationToken cancellation)
    {
        if ((await Current(cancellation)).Zones.TryGetValue(site, out var zone))
        {
            return (true, zone);
        }

        var found = await database.Read(
            session =>
                session.Single<SiteRow>("SELECT site_code AS Site, time_zone AS TimeZone FROM site WHERE site_code = @site", new { site }),
            cancellation);
        return (found is not null, found?.TimeZone);
    }

    private ValueTask<Calendar> Current(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return _calendar.Value is { } known && known.From <= now && now < known.Until ? new(known) : Read(now, cancellation);
    }

    private ValueTask<Calendar> Read(DateTimeOffset now, CancellationToken cancellation) =>
        _calendar.Read(async () => Calendar.Of(await ReadAll(cancellation), now));

    private Task<IReadOnlyList<SiteRow>> ReadAll(CancellationToken cancellation) =>
        database.Read(session => session.Query<SiteRow>("SELECT site_code AS Site, time_zone AS TimeZone FROM site"), cancellation);

    /// <summary>The time zones of all sites.</summary>
    /// <param name="Zones">The zone of each site, or null.</param>
    /// <param name="LatestDay">The latest day that has begun at any of them.</param>
    /// <param name="From">The instant from which on all this holds.</param>
    /// <param name="Until">The instant at which it has to be looked up again: a day begins somewhere, or another instance may have changed
    /// a site.</param>
    private sealed record Calendar(
        IReadOnlyDictionary<SiteCode, string?> Zones, DateOnly LatestDay, DateTimeOffset From, DateTimeOffset Until)
    {
        public static Calendar Of(IReadOnlyList<SiteRow> sites, DateTimeOffset now)
        {
            IReadOnlyCollection<string?> zones = sites.Count == 0 ? [null] : [.. sites.Select(site => site.TimeZone).Distinct()];
            return new Calendar(
                sites.ToDictionary(site => site.Site, site => site.TimeZone),
                zones.Max(zone => SiteTimeZone.DayAt(now, zone)),
                now,
                zones.Select(zone => SiteTimeZone.NextDayAfter(now, zone)).Append(now + Memory).Min());
        }
    }

    private sealed record SiteRow
    {
        public SiteCode Site { get; init; }
        public string? TimeZone { get; init; }
    }
}
