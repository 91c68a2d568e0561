using System.Globalization;
using System.Text.RegularExpressions;
using Registry.Api.Access;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Common;

namespace Registry.Api.Audit;

/// <summary>Who sent a request, from where, and when by its own clock: what the trail keeps besides the instant of receipt.</summary>
/// <param name="Name">The name of the key.</param>
/// <param name="KeyId">The id of the key; null for the program itself.</param>
/// <param name="Address">The network address; null where there is none.</param>
/// <param name="SentAt">The sender's own instant, RFC 3339 UTC; null when not stated.</param>
internal sealed partial record Sender(string Name, string? KeyId = null, string? Address = null, string? SentAt = null)
{
    /// <summary>The header that states the sender's own instant.</summary>
    public const string SentAtHeader = "X-Sent-At";

    private const string Allowed = "an instant as RFC 3339 has it, with its offset, such as 2026-11-20T08:30:00+01:00";

    /// <summary>The program itself.</summary>
    public static readonly Sender Registry = new(ReservedNames.Registry);

    /// <summary>The sender of a request that was authenticated.</summary>
    public static Sender Of(HttpRequest request)
    {
        var context = request.HttpContext;
        var address = context.Connection.RemoteIpAddress;
        return new Sender(
            context.User.KeyName(),
            context.User.KeyId(),
            (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString(),
            SentAtOf(request) is { } sentAt ? Recorder.Instant(sentAt) : null);
    }

    /// <summary>What is wrong with the sender's own instant, or null.</summary>
    public static Fault? FaultOfSentAt(HttpRequest request) =>
        request.Headers.TryGetValue(SentAtHeader, out var stated) && SentAtOf(request) is null
            ? new Fault(
                "/" + SentAtHeader,
                "not-an-instant",
                $"{SentAtHeader} has to be {Allowed}.",
                FieldReader.Shorten(HeaderText.Decode(stated.ToString())),
                Allowed)
            : null;

    private static DateTimeOffset? SentAtOf(HttpRequest request)
    {
        var text = request.Headers[SentAtHeader].ToString();
        return Form().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            && instant.UtcDateTime.Year is > 1900 and < 9999
            ? instant
            : null;
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
