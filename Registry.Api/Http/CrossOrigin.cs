using Microsoft.AspNetCore.Cors.Infrastructure;
using Registry.Api.Cohorts.Export;
using Registry.Api.Idempotency;

namespace Registry.Api.Http;

/// <summary>
/// Lets pages of other origins use the registry from a browser: those of <c>Registry:Cors:Origins</c>, and none when it is not set.
/// </summary>
internal static class CrossOrigin
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    public static void AddCrossOrigin(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IConfiguration>((options, configuration) => options.AddDefaultPolicy(policy => policy
            .WithOrigins([.. RegistrySettings.Origins(configuration)])
            .WithMethods("GET", "HEAD", "PUT", "POST", "DELETE")
            .AllowAnyHeader()
            .WithExposedHeaders(
                "ETag", "Location", RequestIdentity.HeaderName, "Retry-After", "Last-Modified", "Content-Disposition", "Content-Digest",
                ExportEndpoint.CaseCount, StoredAnswer.ReplayedHeader)
            .SetPreflightMaxAge(PreflightAge)));
    }

    /// <summary>Answers preflights, which carry no key, and marks the answers to the origins that are let in.</summary>
    public static void UseCrossOrigin(this WebApplication app)
    {
        if (RegistrySettings.Origins(app.Configuration).Count > 0)
        {
            app.UseCors();
        }
    }
}
