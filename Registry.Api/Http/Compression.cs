using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace Registry.Api.Http;

/// <summary>
/// Compresses answers for clients that accept it, and decompresses bodies. The entity tag of an answer is
/// the same in every coding: it names what is recorded, and <c>Vary</c> keeps the codings apart.
/// </summary>
internal static class Compression
{
    /// <summary>The codings in which a body is taken.</summary>
    public const string Accepted = "gzip, deflate, br";

    public static void AddCompression(this IServiceCollection services)
    {
        // Without it a body that was cut short passes for a whole one.
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
        services.AddRequestDecompression();
        services.AddResponseCompression(options =>
        {
            // No answer holds both a secret and what another party could have chosen.
            options.EnableForHttps = true;
            options.MimeTypes =
            [
                .. ResponseCompressionDefaults.MimeTypes,
                "application/problem+json",
                "application/x-ndjson",
                "text/csv",
                "text/markdown",
                "text/vnd.mermaid",
            ];
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
    }
}
