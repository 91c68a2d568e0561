using System.Security.Cryptography;

namespace Registry.Api.Cohorts.Snapshots;

/// <summary>
/// Digests the answers of snapshots (RFC 9530): <c>Content-Digest</c> is that of the bytes as they are sent, in whatever coding. An
/// export, which has no bounds, is streamed and has none: the digest of the snapshot stands for its rows.
/// </summary>
internal static class ContentDigest
{
    /// <summary>The header.</summary>
    public const string Header = "Content-Digest";

    private const string Root = "/api/v1/snapshots";
    private const string Export = "/export";
    private const string Verify = "/verify";

    // An answer never changes; but a newer program may say the same in another form.
    private const string Kept = "private, max-age=86400, immutable";

    /// <summary>Digests every answer below the address of snapshots. Comes before what compresses answers.</summary>
    public static void UseContentDigest(this IApplicationBuilder app) =>
        app.UseWhen(
            static context => context.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase)
                && !context.Request.Path.Value!.EndsWith(Export, StringComparison.OrdinalIgnoreCase),
            static branch => branch.Use(Digest));

    private static async Task Digest(HttpContext context, RequestDelegate next)
    {
        var response = context.Response;
        var outside = response.Body;
        using var written = new MemoryStream();
        try
        {
            response.Body = written;
            await next(context);
            await response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        finally
        {
            response.Body = outside;
        }

        var body = written.GetBuffer().AsMemory(0, (int)written.Length);
        if (response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified
            && !context.Request.Path.Value!.EndsWith(Verify, StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.CacheControl = Kept;
        }

        if (response.StatusCode == StatusCodes.Status200OK)
        {
            response.Headers[Header] = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body.Span))}:";
        }

        if (body.Length > 0)
        {
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
