using System.Security.Claims;
using Registry.Domain.Common;

namespace Registry.Api.Access;

/// <summary>Who sent a request, as the rest of the program asks it.</summary>
internal static class Caller
{
    private const string Site = "registry:site";
    private const string Key = "registry:key";

    /// <summary>A caller.</summary>
    /// <param name="scheme">How it was recognised.</param>
    /// <param name="id">The id of its key, as it goes into logs. Not a secret.</param>
    /// <param name="name">The name of its key, as it goes into history.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="site">The one site that exists for it; null for all sites.</param>
    public static ClaimsPrincipal Of(string scheme, string id, string name, Role role, SiteCode? site)
    {
        if ((role == Access.Role.Site) != (site is not null))
        {
            throw new ArgumentException($"A caller with the role {Code.Of(role)} and the site '{site}' is none.", nameof(site));
        }

        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new Claim(Key, id));
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        identity.AddClaim(new Claim(ClaimTypes.Role, Code.Of(role)));
        if (site is { } own)
        {
            identity.AddClaim(new Claim(Site, own.ToString()));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>What the caller may do; null for one that was not recognised.</summary>
    public static Role? Role(this ClaimsPrincipal caller) =>
        caller.FindFirst(ClaimTypes.Role) is { } role ? Code.Parse<Role>(role.Value) : null;

    /// <summary>The code of the one site that exists for the caller; null for all sites.</summary>
    public static SiteCode? SiteScope(this ClaimsPrincipal caller) => caller.FindFirst(Site) is { } claim ? SiteCode.Of(claim.Value) : null;

    /// <summary>
    /// Whether the caller sees records of patients, and not figures and pseudonymous rows alone as research and dashboard keys do.
    /// </summary>
    public static bool SeesRecords(this ClaimsPrincipal caller) => caller.Role() is not (Access.Role.Research or Access.Role.Dashboard);

    /// <summary>Whether a site exists for the caller, if it exists at all.</summary>
    public static bool Sees(this ClaimsPrincipal caller, SiteCode site) => caller.SiteScope() is not { } own || own == site;

    /// <summary>The name of the key that the caller came with, as it goes into history.</summary>
    public static string KeyName(this ClaimsPrincipal caller) =>
        caller.Identity?.Name ?? throw new InvalidOperationException("The caller was not recognised.");

    /// <summary>The id of the key that the caller came with, as it goes into logs; null for a caller that was not recognised.</summary>
    public static string? KeyId(this ClaimsPrincipal caller) => caller.FindFirst(Key)?.Value;
}
