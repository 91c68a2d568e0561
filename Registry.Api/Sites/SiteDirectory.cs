using System.Collections.Concurrent;
using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Domain.Sites;

namespace Registry.Api.Sites;

/// <summary>
/// Which sites there are and what day it is there. A site that was found is remembered for a minute: another instance
/// may correct its time zone meanwhile. Whether a site still exists is decided again inside each write.
/// </summary>
internal sealed class SiteDirectory(IDatabase database, PersonStore persons, Resources resources, TimeProvider clock)
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (Site Site, DateTimeOffset Until)> _known = new();

    /// <summary>Today at a site: in its time zone, or in UTC when it has none. Null when the site is not known.</summary>
    public async Task<DateOnly?> Today(string site, CancellationToken cancellation)
    {
        if (!_known.TryGetValue(site, out var known) || known.Until < clock.GetUtcNow())
        {
            var records = await database.Read(session => persons.CaseOf(session, site, ResourceAddress.Itself).AsTask(), cancellation);
            if (records.Current(resources.Site, ResourceAddress.Itself) is null || records.Latest(resources.Site, ResourceAddress.Itself)!.Content is not Site found)
            {
                return null;
            }

            known = (found, clock.GetUtcNow() + Memory);
            _known[site] = known;
        }

        return Today(known.Site.TimeZone is { } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone) : TimeZoneInfo.Utc);
    }

    /// <summary>Today in UTC, for what belongs to no site.</summary>
    public DateOnly Today() => Today(TimeZoneInfo.Utc);

    /// <summary>Forgets a site that was changed.</summary>
    public void Forget(string site) => _known.TryRemove(site, out _);

    private DateOnly Today(TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).Date);
}
