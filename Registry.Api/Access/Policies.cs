using Microsoft.AspNetCore.Authorization;

namespace Registry.Api.Access;

/// <summary>What each part of the interface asks of a caller. Every route group names one; a test finds an endpoint without.</summary>
internal static class Policies
{
    /// <summary>Records: a site its own, an administrator all.</summary>
    public const string Records = "records";

    /// <summary>Figures over many cases: every role; a site those of its own cases.</summary>
    public const string Summaries = "summaries";

    /// <summary>Cases row by row under pseudonyms: research and administrators.</summary>
    public const string Cohorts = "cohorts";

    /// <summary>What concerns the registry as a whole: administrators.</summary>
    public const string Admin = "admin";

    /// <summary>What says nothing of anybody, such as the codebook and the contract: every role.</summary>
    public const string AnyRole = "any-role";

    /// <summary>The roles that each policy lets in.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Role>> Roles = new Dictionary<string, IReadOnlyList<Role>>
    {
        [Records] = [Role.Site, Role.Admin],
        [Summaries] = Enum.GetValues<Role>(),
        [Cohorts] = [Role.Research, Role.Admin],
        [Admin] = [Role.Admin],
        [AnyRole] = Enum.GetValues<Role>(),
    };

    public static void AddPolicies(this IServiceCollection services)
    {
        var builder = services.AddAuthorizationBuilder();
        foreach (var (name, roles) in Roles)
        {
            builder.AddPolicy(name, policy =>
                policy.RequireAuthenticatedUser().RequireAssertion(context => context.User.Role() is { } role && roles.Contains(role)));
        }

        // Holds for every address without a policy, be there anything at it or not.
        builder.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    /// <summary>The part of a group that a policy holds for.</summary>
    public static RouteGroupBuilder For(this RouteGroupBuilder group, string policy)
    {
        var part = group.MapGroup(string.Empty).RequireAuthorization(policy);
        return policy is Summaries or Cohorts ? part.RequireRateLimiting(Limits.Computing) : part;
    }
}
