using System.Globalization;
using Microsoft.Net.Http.Headers;
using Registry.Api.OpenApi;

namespace Registry.Api.Http;

/// <summary>
/// Which form of an answer a caller accepts (RFC 9110, section 12.5.1), by one rule at every address: whatever cannot be
/// parsed in the Accept header is ignored, and 406 is answered only where none of the stated types is available. Parameters of a
/// type, such as <c>indent=4</c>, are ignored.
/// </summary>
internal static class ContentNegotiation
{
    /// <summary>The form of every answer that has no other.</summary>
    public const string Json = "application/json";

    /// <summary>The same, with its character set.</summary>
    public const string JsonUtf8 = Json + "; charset=utf-8";

    private const string FormatParameter = "format";

    /// <summary>
    /// The form that the Accept header of a request likes best: of the highest quality, then the one named most exactly,
    /// then the first offered. Without the header, or with nothing in it that can be read, the first.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="offered">Full media types, the preferred one first.</param>
    /// <returns>One of <paramref name="offered"/>, or null when the caller accepts none.</returns>
    public static string? Choose(HttpRequest request, params IReadOnlyList<string> offered)
    {
        var ranges = Ranges(request);
        return ranges.Count == 0
            ? offered[0]
            : (from type in offered
               let range = ranges.Where(range => Covers(range, MediaTypeHeaderValue.Parse(type))).MaxBy(Exactness)
               where range is not null && Quality(range) > 0
               orderby Quality(range) descending, Exactness(range) descending
               select type).FirstOrDefault();
    }

    /// <summary>The refusal where <see cref="Choose"/> finds nothing.</summary>
    public static Problem NotAcceptable(HttpRequest request, params IReadOnlyList<string> offered) =>
        new(Problems.NotAcceptable, $"Accept is '{request.Headers.Accept}'; the answer can be had as {string.Join(" or ", offered)}.");

    /// <summary>
    /// Refuses every request of the group whose answer cannot be had in a form that the caller accepts, before anything else is done.
    /// </summary>
    public static RouteGroupBuilder RefuseOtherForms(this RouteGroupBuilder group) =>
        group.AddEndpointFilter((invocation, next) =>
        {
            var (request, metadata) = (invocation.HttpContext.Request, invocation.HttpContext.GetEndpoint()?.Metadata);
            if (request.Query.ContainsKey(FormatParameter))
            {
                return next(invocation);
            }

            if (metadata?.GetMetadata<OtherForm>() is not null)
            {
                Varies(request);
            }

            if (request.Headers.Accept.Count == 0)
            {
                return next(invocation);
            }

            IReadOnlyList<string> offered = [Json, .. metadata?.OfType<OtherForm>().Select(form => form.ContentType) ?? []];
            return Choose(request, offered) is null ? ValueTask.FromResult<object?>(NotAcceptable(request, offered)) : next(invocation);
        });

    /// <summary>Says that the answer to a request depends on its Accept header, whether it has one or not.</summary>
    public static void Varies(HttpRequest request) => request.HttpContext.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);

    // The parser passes over what it cannot read.
    private static IList<MediaTypeHeaderValue> Ranges(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var ranges) ? ranges : [];

    // Java writes q=.2, which is none by the grammar. A quality that is no number is as if it were not there.
    private static decimal Quality(MediaTypeHeaderValue range) =>
        range.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("q", StringComparison.OrdinalIgnoreCase)) is { } stated
            && decimal.TryParse(stated.Value.AsSpan(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality)
                ? Math.Min(quality, 1)
                : 1;

    private static bool Covers(MediaTypeHeaderValue range, MediaTypeHeaderValue type) =>
        range.MatchesAllTypes
        || (range.Type.Equals(type.Type, StringComparison.OrdinalIgnoreCase)
            && (range.MatchesAllSubTypes || range.SubType.Equals(type.SubType, StringComparison.OrdinalIgnoreCase)));

    private static int Exactness(MediaTypeHeaderValue range) => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
}
