using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Template;
using Registry.Api.Data;
using Registry.Api.Operations;

namespace Registry.Api.Http;

/// <summary>Sees to it that every refusal is a problem document, in every environment.</summary>
internal static partial class ProblemHandling
{
    public static void AddProblems(this IServiceCollection services) => services.AddExceptionHandler<ExceptionToProblem>();

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(static _ => { });
        app.Use(CloseBrokenConnections);
        app.UseStatusCodePages(context =>
        {
            var (request, status) = (context.HttpContext.Request, context.HttpContext.Response.StatusCode);
            var kind = Problems.OfStatus(status);
            var headers = context.HttpContext.Response.Headers;
            if (headers.Allow.ToString() is { Length: > 0 } allowed)
            {
                var head = allowed.Split(", ").Contains(HttpMethods.Get) ? $"{HttpMethods.Head}, " : string.Empty;
                headers.Allow = $"{allowed}, {head}{HttpMethods.Options}";
                if (HttpMethods.IsOptions(request.Method))
                {
                    context.HttpContext.Response.StatusCode = StatusCodes.Status204NoContent;
                    return Task.CompletedTask;
                }
            }

            var detail = status switch
            {
                StatusCodes.Status404NotFound => $"No resource exists at {request.Path}. See /swagger for the available addresses.",
                StatusCodes.Status415UnsupportedMediaType =>
                    RequestBody.NotTaken(request, string.Join(" or ", TakenAt(context.HttpContext))).Detail,
                StatusCodes.Status405MethodNotAllowed => $"{request.Path} does not support {request.Method}. See the Allow header.",
                _ => kind.Title,
            };
            return new Problem(kind, detail) { Status = status }.ExecuteAsync(context.HttpContext);
        });
    }

    // Routing refuses a media type without saying which the address takes.
    private static IEnumerable<string> TakenAt(HttpContext context) =>
        context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(context.Request.Method) == true
                && new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(context.Request.Path, []))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes ?? [])
            .Distinct();

    // Also where the sender has gone, and the framework answers nothing by itself: the server would read on, even where a read of
    // the body was cut short by it.
    private static async Task CloseBrokenConnections(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception broken) when (broken is IOException
            || (broken is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
        {
            WebServer.ReadNoMore(context);
            throw;
        }
    }

    private sealed partial class ExceptionToProblem(RegistryMeter meter, ILogger<ExceptionToProblem> log) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (HasHungUp(exception, httpContext.RequestAborted.IsCancellationRequested))
            {
                LogHungUp(httpContext.Request.Method, RequestLog.RouteOf(httpContext), httpContext.TraceIdentifier);
                httpContext.Abort();
                return true;
            }

            await ToProblem(exception, httpContext.TraceIdentifier).ExecuteAsync(httpContext);
            return true;
        }

        // With the sender gone the work is stopped, and whatever was under way says so in its own words.
        private static bool HasHungUp(Exception exception, bool isAborted) =>
            exception is ConnectionResetException or ConnectionAbortedException
            || (isAborted && (exception is OperationCanceledException or IOException or DbException or DatabaseUnavailableException));

        private Problem ToProblem(Exception exception, string requestId)
        {
            switch (exception)
            {
                case Microsoft.AspNetCore.Http.BadHttpRequestException bad:
                    return new Problem(Problems.OfStatus(bad.StatusCode), bad.Message) { Status = bad.StatusCode };
                case DatabaseUnavailableException unavailable:
                    meter.CountUnavailable();
                    LogUnavailable(unavailable, requestId);
                    return new Problem(
                        Problems.Unavailable, unavailable.Message + " Nothing is lost: repeat the request after the time in Retry-After.");
                default:
                    LogUnexpected(requestId, Traced(exception));
                    return new Problem(Problems.Unexpected, "The error was logged. The request may be repeated.");
            }
        }

        // What went wrong and where. Not the messages: they quote values.
        private static string Traced(Exception exception)
        {
            var text = new StringBuilder();
            for (var cause = exception; cause is not null; cause = cause.InnerException)
            {
                text.Append(text.Length == 0 ? string.Empty : "\n caused by ").Append(cause.GetType().FullName);
                if (cause is DbException failed)
                {
                    text.Append(CultureInfo.InvariantCulture, $" ({failed.ErrorCode}, {failed.SqlState})");
                }

                text.Append('\n').Append(cause.StackTrace);
            }

            return text.ToString();
        }

        [LoggerMessage(LogLevel.Information, "The sender of {Method} {Route} hung up before the answer to request {RequestId}")]
        private partial void LogHungUp(string method, string route, string requestId);

        // The database has said so once: every request would say it again.
        [LoggerMessage(LogLevel.Debug, "The database is not available to request {RequestId}")]
        private partial void LogUnavailable(Exception cause, string requestId);

        [LoggerMessage(LogLevel.Error, "An error that should not have been, in request {RequestId}: {Error}")]
        private partial void LogUnexpected(string requestId, string error);
    }
}
