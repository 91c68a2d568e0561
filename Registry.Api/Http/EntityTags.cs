using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Registry.Api.Http;

/// <summary>
/// Entity tags (RFC 9110, sections 8.8.3 and 13.1). Those of the registry are strong. A proxy that compresses an answer
/// makes them weak, so a caller who comes back with one is recognised by the weak comparison.
/// </summary>
internal static class EntityTags
{
    private const int BytesOfHash = 12;

    /// <summary>The strong tag of an answer that is nothing but these bytes.</summary>
    public static string Of(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return $"\"{Convert.ToHexStringLower(hash[..BytesOfHash])}\"";
    }

    /// <summary>
    /// Whether the caller of a GET has the answer with this tag already: If-None-Match names it, weak or strong, alone or
    /// among others, or is <c>*</c>. What cannot be read in the header is as if it were not there.
    /// </summary>
    public static bool IsKnown(HttpRequest request, string etag)
    {
        var stated = request.Headers.IfNoneMatch;
        if (stated.Count == 0 || !HttpMethods.IsGet(request.Method))
        {
            return false;
        }

        // As a rule it is the one that was given.
        if (stated is [{ } only] && only == etag)
        {
            return true;
        }

        var tag = EntityTagHeaderValue.Parse(etag);
        return EntityTagHeaderValue.TryParseList(stated, out var known)
            && known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false));
    }

    /// <summary>Marks an answer to a GET with its tag: the caller alone may keep it, and has to confirm it by the tag each time.</summary>
    /// <returns>True when the caller has the answer already: the status is set and there is nothing more to send.</returns>
    public static bool Confirm(HttpContext context, string etag)
    {
        var response = context.Response;
        response.Headers.ETag = etag;
        response.Headers.CacheControl = "private, no-cache";
        if (!IsKnown(context.Request, etag))
        {
            return false;
        }

        response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }
}
