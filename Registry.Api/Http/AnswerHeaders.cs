using Microsoft.Net.Http.Headers;

namespace Registry.Api.Http;

/// <summary>What every answer carries, whoever wrote it: the name of the request, and how a browser and a cache are to treat it.</summary>
internal static class AnswerHeaders
{
    /// <summary>Names the request, and completes the headers of its answer just before they are sent.</summary>
    public static void UseAnswerHeaders(this IApplicationBuilder app) =>
        app.Use(static (context, next) =>
        {
            RequestIdentity.Name(context);
            context.Response.OnStarting(static state => Complete((HttpContext)state), context);
            return next(context);
        });

    private static Task Complete(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers[RequestIdentity.HeaderName] = context.TraceIdentifier;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = "frame-ancestors 'none'";
        }

        // Of HTTP/1.0, added where an error was met.
        headers.Remove(HeaderNames.Pragma);
        headers.Remove(HeaderNames.Expires);

        // An answer that says nothing about caching is not cached.
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        // The coding depends on the request even where it was plain this time.
        headers.Vary = string.Join(
            ", ",
            headers.Vary.SelectMany(names => names!.Split(',', StringSplitOptions.TrimEntries))
                .Append(HeaderNames.AcceptEncoding)
                .Distinct(StringComparer.OrdinalIgnoreCase));

        return Task.CompletedTask;
    }
}
