using System.Data.Common;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Registry.Api.Data;

namespace Registry.Api.Http;

/// <summary>Sees to it that every refusal is a problem document, in every environment.</summary>
internal static partial class ProblemHandling
{
    public static void AddProblems(this IServiceCollection services) => services.AddExceptionHandler<ExceptionToProblem>();

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(static _ => { });
        app.UseStatusCodePages(context =>
        {
            var (request, status) = (context.HttpContext.Request, context.HttpContext.Response.StatusCode);
            var kind = Problems.OfStatus(status);
            if (context.HttpContext.Response.Headers.Allow.ToString() is { Length: > 0 } allowed && allowed.Split(", ").Contains(HttpMethods.Get))
            {
                context.HttpContext.Response.Headers.Allow = $"{allowed}, {HttpMethods.Head}";
            }

            var detail = status switch
            {
                StatusCodes.Status404NotFound => $"There is nothing at {request.Path}. See /swagger for what there is.",
                StatusCodes.Status405MethodNotAllowed => $"{request.Path} does not take {request.Method}. See the header Allow.",
                _ => kind.Title,
            };
            return new Problem(kind, detail) { Status = status }.ExecuteAsync(context.HttpContext);
        });
    }

    private sealed partial class ExceptionToProblem(ILogger<ExceptionToProblem> log) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (HasHungUp(exception, httpContext.RequestAborted.IsCancellationRequested))
            {
                LogHungUp(httpContext.Request.Method, httpContext.Request.Path);
                httpContext.Abort();
                return true;
            }

            if (exception is Microsoft.AspNetCore.Http.BadHttpRequestException)
            {
                WebServer.ReadNoMore(httpContext);
            }

            await ToProblem(exception).ExecuteAsync(httpContext);
            return true;
        }

        // With the sender gone the work is stopped, and whatever was under way says so in its own words.
        private static bool HasHungUp(Exception exception, bool isAborted) =>
            exception is ConnectionResetException or ConnectionAbortedException
            || (isAborted && (exception is OperationCanceledException or IOException or DbException or DatabaseUnavailableException));

        private Problem ToProblem(Exception exception)
        {
            switch (exception)
            {
                case Microsoft.AspNetCore.Http.BadHttpRequestException bad:
                    return new Problem(Problems.OfStatus(bad.StatusCode), bad.Message);
                case DatabaseUnavailableException unavailable:
                    LogUnavailable(unavailable);
                    return new Problem(Problems.Unavailable, unavailable.Message + " Nothing is lost: repeat the request after the time in Retry-After.");
                default:
                    LogUnexpected(exception);
                    return new Problem(Problems.Unexpected, "The error was logged. The request may be repeated.");
            }
        }

        [LoggerMessage(LogLevel.Information, "The sender of {Method} {Path} hung up before the answer")]
        private partial void LogHungUp(string method, PathString path);

        // The database has said so once: every request would say it again.
        [LoggerMessage(LogLevel.Debug, "The database is not available")]
        private partial void LogUnavailable(Exception cause);

        [LoggerMessage(LogLevel.Error, "An error that should not have been")]
        private partial void LogUnexpected(Exception cause);
    }
}
