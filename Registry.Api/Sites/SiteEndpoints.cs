using Registry.Api.Access;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Domain.Common;
using Registry.Domain.Sites;

namespace Registry.Api.Sites;

/// <summary>Sites: recorded one by one, listed page by page.</summary>
internal static class SiteEndpoints
{
    private static readonly QueryParameter Limit = Paging.Limit("sites");

    public static void MapSites(this RouteGroupBuilder api, SiteKind kind)
    {
        api.MapRecord<Site>("/sites/{site}", kind, "a site", Examples.Site);
        api.MapGet("/sites", List)
            .WithName("listSites")
            .WithSummary("List the sites")
            .WithDescription(
                "In the order of their codes (by code point), page by page: follow 'next' until it is absent. A key of one site sees that "
                    + "site alone.")
            .Takes(Paging.After, Limit);
    }

    private static async Task<Ok<SitePage>> List(HttpRequest request, IDatabase database, CancellationToken cancellation)
    {
        var limit = Paging.LimitOf(request);
        var rows = await database.Read(
            session => session.Query<SiteListItem>(
                $"""
                SELECT site_code AS Site, name AS Name, country AS Country, time_zone AS TimeZone
                FROM site
                WHERE site_code > @after AND (@own IS NULL OR site_code = @own)
                ORDER BY site_code
                {Dialect.First(database.Engine, "@count")}
                """,
                new { after = request.Query[Paging.After.Name].ToString(), count = limit + 1, own = request.HttpContext.User.SiteScope() }),
            cancellation);
        var page = rows.Take(limit).ToList();
        return TypedResults.Ok(new SitePage(page, rows.Count > limit ? page[^1].Site : null));
    }
}

/// <summary>One page of the sites.</summary>
/// <param name="Items">The sites.</param>
/// <param name="Next">The cursor of the next page.</param>
internal sealed record SitePage(
    IReadOnlyList<SiteListItem> Items,
    [Missing("absent on the last")] string? Next);

/// <summary>A site in a list.</summary>
internal sealed record SiteListItem
{
    /// <summary>The site's code.</summary>
    public string Site { get; init; } = string.Empty;

    /// <summary>The name.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>The code of the country.</summary>
    [Source("ISO 3166-1 alpha-2")]
    public string Country { get; init; } = string.Empty;

    /// <summary>The canonical IANA name of the time zone.</summary>
    [Missing("absent when not recorded")]
    [Source("IANA time zone database")]
    public string? TimeZone { get; init; }
}
