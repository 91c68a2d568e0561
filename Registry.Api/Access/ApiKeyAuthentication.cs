using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Registry.Api.Http;
using Registry.Domain.Common;

namespace Registry.Api.Access;

/// <summary>Recognises a caller by <c>X-Api-Key</c>, or by the same key as a bearer token.</summary>
/// <remarks>The base class would log every refusal; <see cref="RefusedCredentials"/> does, and not each.</remarks>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    UrlEncoder encoder,
    KeyDirectory keys,
    RefusedCredentials refused,
    IConfiguration configuration)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, NullLoggerFactory.Instance, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string HeaderName = "X-Api-Key";
    private const string Bearer = "Bearer ";

    private static readonly object Why = new();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var (key, fault) = StatedKey(Request);
        if (key is null)
        {
            return fault is null ? AuthenticateResult.NoResult() : Refuse(fault);
        }

        if (IdentityProvider.IsToken(key) && IdentityProvider.IsNamed(configuration))
        {
            return await Context.AuthenticateAsync(IdentityProvider.SchemeName);
        }

        if (await keys.Find(key, Context.RequestAborted) is not { } known)
        {
            return Refuse("The key is not valid.");
        }

        if (keys.HasEnded(known))
        {
            return Refuse(known.IsRevoked ? "The key was revoked." : $"The key expired: its last day was {known.ExpiresOn!.Value.Iso()}.");
        }

        keys.NoteUse(known);
        return known.Recognised(SchemeName);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var why = Context.Items[Why] as string ?? $"State a key in the header {HeaderName}, or as 'Authorization: Bearer …'.";
        await (await refused.Note(Context) ?? new Problem(Problems.Unauthenticated, why)).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        new Problem(Problems.Forbidden, Context.User.Role() is { } role
            ? $"A key with the role {Code.Of(role)} is not allowed to do this."
            : "The key has no role.").ExecuteAsync(Context);

    /// <summary>The reason why a credential of a request is refused, for its sender.</summary>
    public static void Explain(HttpContext context, string why) => context.Items[Why] = why;

    /// <summary>
    /// The one key that a request states, or null; then perhaps what is wrong with what it states. A client that is generated from
    /// the contract may state the same key in both ways.
    /// </summary>
    public static (string? Key, string? Fault) StatedKey(HttpRequest request)
    {
        var (authorization, own) = (request.Headers.Authorization, request.Headers[HeaderName]);
        var stated = authorization.Count == 0 && own.Count == 1
            ? own
            : new StringValues([.. own.Concat(authorization.Where(IsBearer).Select(value => value![Bearer.Length..].Trim()))
                .Distinct(StringComparer.Ordinal)]);
        if (stated.Count > 1)
        {
            return (null, $"There is more than one credential. State one: in the header {HeaderName}, or as 'Authorization: Bearer …'.");
        }

        var raw = stated is [{ } one] ? one : string.Empty;
        return raw.Length switch
        {
            0 => (null, authorization.Count == 0
                ? null
                : $"This kind of credential is not accepted. State a key in the header {HeaderName}, or as 'Authorization: Bearer …'."),
            > ApiKey.LongestCredential when !IdentityProvider.IsToken(raw) || raw.Length > IdentityProvider.LongestToken =>
                (null, "The credential is too long to be one of this registry."),
            _ => (HeaderText.Decode(raw), null),
        };
    }

    private static bool IsBearer(string? authorization) => authorization!.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);

    private AuthenticateResult Refuse(string why)
    {
        Explain(Context, why);
        return AuthenticateResult.Fail(why);
    }
}
