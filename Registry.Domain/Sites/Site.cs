using System.ComponentModel.DataAnnotations;
using Registry.Domain.Common;

namespace Registry.Domain.Sites;

/// <summary>A hospital, or a department of one, that contributes cases.</summary>
public sealed record Site
{
    /// <summary>The greatest number of characters of a name.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The code that no site can have: in summaries it stands for all sites together.</summary>
    public const string All = "all";

    /// <summary>The name, 1 to 200 characters.</summary>
    [Length(1, MaxNameLength)]
    public required string Name { get; init; }

    /// <summary>The code of the country.</summary>
    [Source("ISO 3166-1 alpha-2")]
    public required string Country { get; init; }

    /// <summary>
    /// The canonical IANA name of the time zone, which says what "today" is at the site; an alias is recorded as the name it stands for.
    /// </summary>
    [Missing("left out when not recorded")]
    [Source("IANA time zone database")]
    public string? TimeZone { get; init; }

    /// <summary>The same site with the canonical name of its time zone. A name that is no longer known stays.</summary>
    public Site WithCanonicalZone() => TimeZone is null ? this : this with { TimeZone = SiteTimeZone.Canonical(TimeZone) ?? TimeZone };
}
