using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Registry.Domain.Common;

namespace Registry.Api.Access;

/// <summary>
/// Takes the tokens of a hospital's own identity provider beside keys, where <c>Registry:Oidc</c> names one: its signature, issuer,
/// audience and times are checked by the framework, and two claims say which role and site it stands for.
/// </summary>
internal static class IdentityProvider
{
    public const string SchemeName = JwtBearerDefaults.AuthenticationScheme;

    /// <summary>The section of the settings.</summary>
    public const string Section = RegistrySettings.Section + ":Oidc";

    /// <summary>The longest token that is looked at. Unit: characters.</summary>
    public const int LongestToken = 8 * 1024;

    private const string DefaultRoleClaim = "registry_role";
    private const string DefaultSiteClaim = "registry_site";

    // History has room for 200 characters.
    private const int LongestName = 150;

    // By keys that the provider alone has: never 'none', and never a secret that both sides share.
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    /// <summary>Whether one is named.</summary>
    public static bool IsNamed(IConfiguration configuration) => configuration[Section + ":Authority"] is { Length: > 0 };

    /// <summary>Whether a credential is a token of an identity provider by its form: three parts, and the first a JSON object.</summary>
    public static bool IsToken(string credential) =>
        credential.StartsWith("eyJ", StringComparison.Ordinal) && credential.AsSpan().Count('.') == 2;

    public static void AddIdentityProvider(this AuthenticationBuilder authentication)
    {
        // As AddJwtBearer does it, without what would read a section of the configuration that is not ours.
        authentication.Services.AddSingleton<IPostConfigureOptions<JwtBearerOptions>, JwtBearerPostConfigureOptions>();
        authentication.AddScheme<JwtBearerOptions, JwtBearerHandler>(SchemeName, static _ => { });
        authentication.Services.AddOptions<JwtBearerOptions>(SchemeName).Configure<IConfiguration>(Configure);
    }

    /// <summary>What is wrong with the settings, each in a sentence.</summary>
    public static IEnumerable<string> FaultsOf(IConfiguration configuration)
    {
        var (authority, audience) = (configuration[Section + ":Authority"], configuration[Section + ":Audience"]);
        if (string.IsNullOrEmpty(authority) != string.IsNullOrEmpty(audience))
        {
            yield return $"{Section} needs both: {Section}:Authority, the address of the identity provider, and {Section}:Audience, the name of this registry there.";
        }

        if (authority is { Length: > 0 } && !(Uri.TryCreate(authority, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback)))
        {
            yield return $"{Section}:Authority is '{authority}'; it has to be an address with https.";
        }

        foreach (var role in configuration.GetSection(Section + ":Roles")
            .GetChildren()
            .Where(role => Code.Parse<Role>(role.Key.ToLowerInvariant()) is null))
        {
            yield return $"{Section}:Roles:{role.Key} is no role. There are {string.Join(", ", Code.All<Role>())}.";
        }

        foreach (var same in Enum.GetValues<Role>().GroupBy(role => ValueOf(role, configuration)).Where(same => same.Count() > 1))
        {
            yield return $"{Section}:Roles says '{same.Key}' for {string.Join(" and ", same.Select(Code.Of))}; "
                + "each role needs a value of its own.";
        }
    }

    // What the claim says for a role: its own code where nothing is said.
    private static string ValueOf(Role role, IConfiguration configuration) =>
        configuration[$"{Section}:Roles:{Code.Of(role)}"] is { Length: > 0 } stated ? stated : Code.Of(role);

    private static void Configure(JwtBearerOptions options, IConfiguration configuration)
    {
        var authority = configuration[Section + ":Authority"]!;
        var claims = new Claims(configuration);
        options.Authority = authority;
        options.Audience = configuration[Section + ":Audience"];
        options.RequireHttpsMetadata = !new Uri(authority).IsLoopback;
        options.MapInboundClaims = false;
        options.IncludeErrorDetails = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAlgorithms = Algorithms,
            ValidateAudience = true,
            ValidateIssuer = true,
            ValidateLifetime = true,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = ClockSkew,
        };
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = context =>
            {
                context.Token = ApiKeyAuthentication.StatedKey(context.Request).Key;
                return Task.CompletedTask;
            },
            OnAuthenticationFailed = context =>
            {
                ApiKeyAuthentication.Explain(context.HttpContext, "The token is not valid: its signature, issuer, audience or time.");
                return Task.CompletedTask;
            },
            OnTokenValidated = context =>
            {
                if (claims.CallerOf(context.Principal!) is { } caller)
                {
                    context.Principal = caller;
                }
                else
                {
                    ApiKeyAuthentication.Explain(context.HttpContext, claims.Needed);
                    context.Fail("no role");
                }

                return Task.CompletedTask;
            },
        };
    }

    /// <summary>Which claims say what.</summary>
    private sealed class Claims(IConfiguration configuration)
    {
        private readonly string _role = configuration[Section + ":RoleClaim"] is { Length: > 0 } stated ? stated : DefaultRoleClaim;
        private readonly string _site = configuration[Section + ":SiteClaim"] is { Length: > 0 } stated ? stated : DefaultSiteClaim;

        // By what the claim says.
        private readonly Dictionary<string, Role> _roles = Enum.GetValues<Role>()
            .ToDictionary(role => ValueOf(role, configuration));

        /// <summary>What a token has to say.</summary>
        public string Needed =>
            $"The token is of your identity provider, but does not say what it may do here: its claim '{_role}' has to name one role, and "
            + $"for the role site its claim '{_site}' the code of one site.";

        /// <summary>The caller with these claims; null where they do not name one role, or the role site without one site.</summary>
        public ClaimsPrincipal? CallerOf(ClaimsPrincipal token)
        {
            var roles = token.FindAll(_role).Select(claim => claim.Value).Where(_roles.ContainsKey).Distinct().ToList();
            var sites = token.FindAll(_site).Select(claim => claim.Value).Distinct().ToList();
            if (roles is not [var only] || token.FindFirst("sub")?.Value is not { Length: > 0 } subject)
            {
                return null;
            }

            var role = _roles[only];
            SiteCode? site = role == Role.Site && sites is [var one] && SiteCode.TryParse(one, null, out var code) ? code : null;
            return role == Role.Site && site is null ? null : Caller.Of(SchemeName, IdOf(token, subject), NameOf(subject), role, site);
        }

        // Whoever the provider knows by this subject, without saying who it is.
        private static string IdOf(ClaimsPrincipal token, string subject) =>
            "oidc-" + Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes(token.FindFirst("iss")?.Value + "\n" + subject)).AsSpan(0, ApiKey.IdLength / 2));

        private static string NameOf(string subject) =>
            ReservedNames.Oidc + (subject.Length <= LongestName ? subject : subject[..LongestName]);
    }
}
