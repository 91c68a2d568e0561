using Registry.Api.Cohorts.Snapshots;
using Registry.Api.Fhir;
using Registry.Api.Operations;

namespace Registry.Api.Http;

/// <summary>What every request passes on its way to an operation, and every answer on its way back.</summary>
internal static class Pipeline
{
    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.AddWebServer();
        builder.AddRequestLog();
        builder.Logging.ReportFailedStartOnce();
        builder.Services.AddCompression();
        builder.Services.AddCrossOrigin();
        builder.Services.AddProblems();
    }

    public static void UseHttp(this WebApplication app)
    {
        app.UseAnswerHeaders();
        app.UseRequestLog();
        app.UseReverseProxy();
        app.UseFhirProblems();
        app.UseDraining();
        app.UseHead();
        app.UseContentDigest();
        app.UseResponseCompression();
        app.UseProblems();
        app.UseRequestDecompression();
        app.UseRouting();
        app.UseCrossOrigin();
        app.UseAuthentication();
        app.UseRateLimiter();
    }
}
