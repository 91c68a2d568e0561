using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;
using Registry.Api.Access;

namespace Registry.Api.Http;

/// <summary>
/// One line of the log a request: its method, the template of its route, status, duration, the id of its key and its name. Never an address
/// as it was sent, a query, a header or a body: there are no scores, references or keys in the log.
/// </summary>
internal static partial class RequestLog
{
    /// <summary>
    /// The log as JSON, one object a line; in development as lines for people. <c>Logging:Console:FormatterName</c> chooses a form of the
    /// framework's.
    /// </summary>
    public static void AddRequestLog(this WebApplicationBuilder builder)
    {
        // Whatever the settings say: these lines hold addresses and queries as they were sent. Without them the framework names no
        // activity a request, either, for which nobody asks; who traces requests still gets one.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // Below every other source, for a program that finds no appsettings.json where it is started.
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = [KeyValuePair.Create("Logging:LogLevel:Microsoft.AspNetCore", (string?)"Warning")],
        });
        builder.Services.Configure<SimpleConsoleFormatterOptions>(options => options.SingleLine = true);
        if (!builder.Environment.IsDevelopment() && string.IsNullOrEmpty(builder.Configuration["Logging:Console:FormatterName"]))
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<ILoggerProvider, JsonLog>();
        }
    }

    /// <summary>Logs every request once its answer is made.</summary>
    public static void UseRequestLog(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Registry.Requests");
        app.Use(async (context, next) =>
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                await next(context);
            }
            finally
            {
                if (log.IsEnabled(LogLevel.Information))
                {
                    var milliseconds = Math.Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 2);
                    LogRequest(
                        log, context.Request.Method, RouteOf(context), context.Response.StatusCode, milliseconds,
                        context.User.KeyId() ?? "none", context.TraceIdentifier);
                }
            }
        });
    }

    /// <summary>
    /// The template of the route of a request, which holds nothing that its sender chose; 'none' for an address at which there is nothing.
    /// </summary>
    public static string RouteOf(HttpContext context) =>
        (context.GetEndpoint()
            ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint) is RouteEndpoint { RoutePattern.RawText: { } route }
            ? route
            : "none";

    [LoggerMessage(LogLevel.Information, "{Method} {Route} {Status} in {Milliseconds} ms, key {KeyId}, request {TraceId}")]
    private static partial void LogRequest(
        ILogger log, string method, string route, int status, double milliseconds, string keyId, string traceId);
}
