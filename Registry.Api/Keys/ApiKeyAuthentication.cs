using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Registry.Api.Http;

namespace Registry.Api.Keys;

/// <summary>Where the administrator's key comes from. Without one nothing but health is answered.</summary>
internal sealed class ApiKeyOptions : AuthenticationSchemeOptions
{
    /// <summary>The SHA-256 of the administrator's key, or null when none is configured.</summary>
    public byte[]? AdminKeyHash { get; set; }

    /// <summary>The SHA-256 of a key: the only form in which one is kept.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>Recognises a caller by <c>X-Api-Key</c>, or by the same key as a bearer token.</summary>
internal sealed class ApiKeyAuthentication(IOptionsMonitor<ApiKeyOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<ApiKeyOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string HeaderName = "X-Api-Key";
    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (StatedKey() is not { Length: > 0 } key)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        // The hashes are compared in constant time: how long it takes tells nothing about the key.
        if (Options.AdminKeyHash is not { } admin || !CryptographicOperations.FixedTimeEquals(ApiKeyOptions.Hash(key), admin))
        {
            return Task.FromResult(AuthenticateResult.Fail("The key is not valid."));
        }

        var identity = new ClaimsIdentity(SchemeName);
        identity.AddClaim(new Claim(ClaimTypes.Name, "administrator"));
        identity.AddClaim(new Claim(ClaimTypes.Role, "admin"));
        identity.AddClaim(new Claim("registry:key", "administrator"));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        new Problem(Problems.Unauthenticated, StatedKey() is { Length: > 0 }
            ? "The key is not valid."
            : $"State a key in the header {HeaderName}, or as 'Authorization: Bearer …'.").ExecuteAsync(Context);

    private string? StatedKey()
    {
        if (Request.Headers.TryGetValue(HeaderName, out var key))
        {
            return HeaderText.Decode(key.ToString());
        }

        var authorization = HeaderText.Decode(Request.Headers.Authorization.ToString());
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
    }
}

/// <summary>What the rest of the program asks of a caller.</summary>
internal static class Caller
{
    /// <summary>The id of the key a caller came with; null for a caller that was not recognised.</summary>
    public static string? KeyId(this ClaimsPrincipal caller) => caller.FindFirst("registry:key")?.Value;

    /// <summary>The code of the one site that exists for the caller; null for all sites.</summary>
    public static string? SiteScope(this ClaimsPrincipal caller) => caller.FindFirst("registry:site")?.Value;

    /// <summary>The name of the key a caller came with, as it goes into history.</summary>
    public static string KeyName(this ClaimsPrincipal caller) => caller.Identity?.Name ?? throw new InvalidOperationException("The caller was not recognised.");
}
