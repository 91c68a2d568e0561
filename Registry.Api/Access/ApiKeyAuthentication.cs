using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Registry.Api.Http;
using Registry.Domain.Common;

namespace Registry.Api.Access;

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

        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(Caller.Of(SchemeName, "administrator", "administrator", Role.Admin, null), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        new Problem(Problems.Unauthenticated, StatedKey() is { Length: > 0 }
            ? "The key is not valid."
            : $"State a key in the header {HeaderName}, or as 'Authorization: Bearer …'.").ExecuteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        new Problem(Problems.Forbidden, Context.User.Role() is { } role
            ? $"A key with the role {Code.Of(role)} has no right to do this."
            : "The key has no role here.").ExecuteAsync(Context);

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
