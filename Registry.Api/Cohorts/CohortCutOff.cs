using Registry.Api.Data;
using Registry.Api.Sites;
using Registry.Api.Summaries;

namespace Registry.Api.Cohorts;

/// <summary>
/// The default data cut-off: as for every summary, the latest day that has begun at any site or that anything is dated.
/// </summary>
internal sealed class CohortCutOff(IDatabase database, SiteDirectory sites)
{
    private readonly DataVersions _versions = new(database);

    /// <summary>The latest day that can be stated, and the one that holds where none is.</summary>
    public async ValueTask<DateOnly> Latest(CancellationToken cancellation)
    {
        var versions = await _versions.Current(cancellation);
        return versions.LatestDay(await sites.LatestDayBegunAnywhere(cancellation));
    }
}
