using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Registry.Api.Http;

/// <summary>Which form of an answer a caller accepts (RFC 9110, section 12.5.1).</summary>
internal static class Acceptance
{
    /// <summary>
    /// The form that the Accept header of a request likes best: of the highest quality, then the one named most exactly,
    /// then the first offered. Without the header, the first.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="offered">Full media types, the preferred one first.</param>
    /// <returns>One of <paramref name="offered"/>, or null when the caller accepts none.</returns>
    public static string? Choose(HttpRequest request, params IReadOnlyList<string> offered)
    {
        if (string.IsNullOrWhiteSpace(request.Headers.Accept.ToString()))
        {
            return offered[0];
        }

        var ranges = new RequestHeaders(request.Headers).Accept;
        return (from type in offered
                let range = ranges.Where(range => MediaTypeHeaderValue.Parse(type).IsSubsetOf(range)).MaxBy(Exactness)
                where range is not null && range.Quality != 0
                orderby range.Quality ?? 1 descending, Exactness(range) descending
                select type).FirstOrDefault();
    }

    private static int Exactness(MediaTypeHeaderValue range) => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
}
