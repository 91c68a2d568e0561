using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Registry.Api.Access;
using Registry.Api.Http;
using Registry.Api.OpenApi;

namespace Registry.Api.Operations;

/// <summary>
/// What the program counts, for Prometheus: requests by route template, method and status, and its own work. By OpenTelemetry.
/// </summary>
internal static class Metrics
{
    /// <summary>The setting that lets the metrics be read without a key.</summary>
    public const string Open = RegistrySettings.Section + ":Metrics:Open";

    /// <summary>The form in which they are written for callers that ask for no other.</summary>
    public const string ContentType = "text/plain";

    private const string OpenMetrics = "application/openmetrics-text";
    private const string Requests = "http.server.request.duration";
    private const int MostSeriesOfRequests = 4_000;

    private static readonly string[] LabelsOfRequests = ["http.route", "http.request.method", "http.response.status_code"];

    /// <summary>Begins to count.</summary>
    public static void AddMetrics(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RegistryMeter>();
        builder.Services.AddOpenTelemetry().ConfigureResource(
            resource => resource.AddService("registry", autoGenerateServiceInstanceId: false)).WithMetrics(metrics => metrics
            .AddMeter("Microsoft.AspNetCore.Hosting", RegistryMeter.Name, RefusedCredentials.Meter)
            .AddView(instrument => instrument.Meter.Name == "Microsoft.AspNetCore.Hosting" && instrument.Name != Requests
                ? MetricStreamConfiguration.Drop
                : null)
            .AddView(
                Requests, new ExplicitBucketHistogramConfiguration { TagKeys = LabelsOfRequests, CardinalityLimit = MostSeriesOfRequests })
            .AddPrometheusExporter(options => options.ScrapeResponseCacheDurationMilliseconds = 0));
    }

    /// <summary>The metrics at <c>/metrics</c>, for administrators; for everybody where a setting says so.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        _ = app.Services.GetRequiredService<RegistryMeter>();
        var exporter = ((IApplicationBuilder)app).New();
        exporter.UseOpenTelemetryPrometheusScrapingEndpoint(static _ => true);
        var scrape = exporter.Build();
        var route = app.MapGroup(string.Empty).RefuseUnknownParameters()
            .MapGet("/metrics", async Task<EmptyHttpResult> (HttpContext context) =>
            {
                ContentNegotiation.Varies(context.Request);
                await scrape(context);
                return TypedResults.Empty;
            })
            .WithName("getMetrics")
            .WithSummary("Read what the program counts")
            .WithDescription(
                "In the text format of Prometheus, or as OpenMetrics where the client asks for it. No label holds a site, a case, a key or a value "
                    + "that was sent. For administrators, unless the setting Registry:Metrics:Open is true.")
            .Produces<string>(StatusCodes.Status200OK, ContentType, OpenMetrics)
            .WithMetadata(new GivesHeaders("Last-Modified"));
        if (app.Configuration.GetValue(Open, false))
        {
            route.AllowAnonymous();
        }
        else
        {
            route.RequireAuthorization(Policies.Admin);
        }
    }
}
