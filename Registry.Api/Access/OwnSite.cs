using Microsoft.Extensions.Primitives;
using Registry.Api.Recording;
using Registry.Domain.Common;

namespace Registry.Api.Access;

/// <summary>
/// Keeps a caller of one site to that site: any other is answered as one that does not exist, by the same code whether it does or not.
/// </summary>
internal static class OwnSite
{
    private const string RouteValue = "site";

    /// <summary>
    /// Answers every request of the group about a site that does not exist for the caller, before anything of it is read.
    /// </summary>
    public static RouteGroupBuilder KeepToOwnSite(this RouteGroupBuilder group) =>
        group.AddEndpointFilter((invocation, next) =>
        {
            var context = invocation.HttpContext;
            return SiteCode.TryParse(context.GetRouteValue(RouteValue) as string, null, out var site) && !context.User.Sees(site)
                ? ValueTask.FromResult<object?>(WriteResponses.UnknownSite(site))
                : next(invocation);
        });

    /// <summary>
    /// The query of a summary or list as it holds for the caller: that of a caller of one site asks for that site, where it asks for none.
    /// </summary>
    public static IQueryCollection OwnQuery(this HttpRequest request) =>
        request.HttpContext.User.SiteScope() is { } own && !request.Query.ContainsKey(RouteValue)
            ? new QueryCollection(
                new Dictionary<string, StringValues>(request.Query, StringComparer.OrdinalIgnoreCase) { [RouteValue] = own.ToString() })
            : request.Query;
}
