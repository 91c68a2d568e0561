using Microsoft.AspNetCore.Authentication;
using Registry.Domain.Common;

namespace Registry.Api.Access;

/// <summary>A key that the registry knows, valid or not.</summary>
/// <param name="Id">Its id, as it goes into logs.</param>
/// <param name="Hash">The SHA-256 of the key.</param>
/// <param name="Name">Its name, as it goes into history.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Site">The one site that exists for it; null for all sites.</param>
/// <param name="ExpiresOn">The last day (UTC) on which it is valid, inclusive; null for no end.</param>
/// <param name="IsRevoked">Whether it was revoked.</param>
internal sealed record KnownKey(string Id, byte[] Hash, string Name, Role Role, SiteCode? Site, DateOnly? ExpiresOn, bool IsRevoked)
{
    private AuthenticateResult? _recognised;

    /// <summary>Whether it is no longer valid: revoked or expired.</summary>
    public bool HasEnded(DateOnly today) => IsRevoked || today > ExpiresOn;

    /// <summary>The caller with this key. Made once: it never changes.</summary>
    public AuthenticateResult Recognised(string scheme) =>
        _recognised ??= AuthenticateResult.Success(new AuthenticationTicket(Caller.Of(scheme, Id, Name, Role, Site), scheme));
}
