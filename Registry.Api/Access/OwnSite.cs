using Registry.Api.Recording;
using Registry.Domain.Common;

namespace Registry.Api.Access;

/// <summary>Keeps a caller of one site to that site: any other is answered as one that does not exist, by the same code whether it does or not.</summary>
internal static class OwnSite
{
    private const string RouteValue = "site";

    /// <summary>Answers every request of the group about a site that does not exist for the caller, before anything of it is read.</summary>
    public static RouteGroupBuilder KeepToOwnSite(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter((invocation, next) =>
        {
            var context = invocation.HttpContext;
            return context.User.SiteScope() is { } own && context.GetRouteValue(RouteValue) is string site && site != own && Identifier.IsValid(site)
                ? ValueTask.FromResult<object?>(WriteResponses.UnknownSite(site))
                : next(invocation);
        });
        return group;
    }
}
