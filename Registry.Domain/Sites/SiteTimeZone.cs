using NodaTime;
using NodaTime.TimeZones;

namespace Registry.Domain.Sites;

/// <summary>
/// The time zones that a site can state, and what day it is there. The rules are those of the time zone database that
/// comes with the program (Source: IANA, by NodaTime), so that every host has the same ones.
/// </summary>
public static class SiteTimeZone
{
    /// <summary>What a site can state, in words.</summary>
    public const string Allowed = "an IANA time zone such as Europe/Berlin";

    // The first zone on earth to reach a new day.
    private static readonly Offset Earliest = Offset.FromHours(14);

    private static readonly DateTimeZone WithoutZone = DateTimeZone.Utc;

    private static readonly IDictionary<string, string> Zones = TzdbDateTimeZoneSource.Default.CanonicalIdMap;

    // The zones that the database itself (zone.tab) offers for each country. Some share their rules with another country's
    // zone, and are its aliases technically: a hospital in Copenhagen still lies in no zone of Berlin.
    private static readonly HashSet<string> OfCountries =
    [
        .. TzdbDateTimeZoneSource.Default.ZoneLocations!.Select(location => location.ZoneId),
    ];

    /// <summary>
    /// The canonical name of a zone: <c>US/Eastern</c> is <c>America/New_York</c>, and a zone that the database offers for
    /// a country, such as <c>Europe/Copenhagen</c>, is itself. Null for what is no zone of the database. Names are compared
    /// case-sensitively.
    /// </summary>
    public static string? Canonical(string name) =>
        OfCountries.Contains(name) ? name : Zones.TryGetValue(name, out var canonical) ? canonical : null;

    /// <summary>The day it is at an instant in a zone. Without a zone, or where its name is no longer known: in UTC.</summary>
    public static DateOnly DayAt(DateTimeOffset instant, string? zone) =>
        Instant.FromDateTimeOffset(instant).InZone(Of(zone)).Date.ToDateOnly();

    /// <summary>
    /// The last day that a date may name at an instant: the day it is in the zone. Without a zone, or where its name is no
    /// longer known: the day it is where the day begins first (UTC+14), since the site may lie there.
    /// </summary>
    public static DateOnly LatestDayAt(DateTimeOffset instant, string? zone) =>
        zone is null || Canonical(zone) is null
            ? Instant.FromDateTimeOffset(instant).WithOffset(Earliest).Date.ToDateOnly()
            : DayAt(instant, zone);

    /// <summary>The instant at which the day after <see cref="DayAt"/> begins in a zone.</summary>
    public static DateTimeOffset NextDayAfter(DateTimeOffset instant, string? zone)
    {
        var where = Of(zone);
        return where.AtStartOfDay(Instant.FromDateTimeOffset(instant).InZone(where).Date.PlusDays(1)).ToDateTimeOffset();
    }

    private static DateTimeZone Of(string? zone) =>
        zone is null ? WithoutZone : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? WithoutZone;
}
