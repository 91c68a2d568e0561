using Registry.Api.Access;
using Registry.Api.Http;
using Registry.Domain.Common;

namespace Registry.Api.Sites;

/// <summary>Tells a caller who names a site that there is not of one that is spelt like it: codes are case-sensitive.</summary>
internal static class OtherSpelling
{
    private const string RouteValue = "site";

    /// <summary>The fault that a member names a site that there is not, and the site that is spelt like it, where one is known.</summary>
    public static Fault UnknownSite(string member, string stated, SiteCode? known)
    {
        var hint = known is { } code ? $" Did you mean '{code}'? Site codes are case-sensitive." : string.Empty;
        return new Fault(
            "/" + member, "unknown-site", $"'{member}' is '{stated}'; there is no such site.{hint}", stated, "the code of a site");
    }

    /// <summary>Adds the site that was probably meant to every refusal of the group because of an unknown site.</summary>
    public static RouteGroupBuilder NameSitesSpeltAlike(this RouteGroupBuilder group) =>
        group.AddEndpointFilter(async (invocation, next) =>
        {
            var (context, result) = (invocation.HttpContext, (await next(invocation)).OfUnion());
            return result is Problem problem && problem.Kind == Problems.SiteNotFound && SiteCode.TryParse(
                context.GetRouteValue(RouteValue) as string ?? context.Request.Query[RouteValue].ToString(), null, out var site)
                && await context.RequestServices.GetRequiredService<SiteDirectory>()
                    .InOtherSpelling(site, context.User.SiteScope(), context.RequestAborted) is { } known
                    ? problem with { Detail = $"Site '{site}' is not known. Did you mean '{known}'? Site codes are case-sensitive." }
                    : result;
        });
}
