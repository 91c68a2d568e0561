using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Registry.Api.Data;
using Registry.Api.Keys;

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
            var kind = Problems.OfStatus(context.HttpContext.Response.StatusCode);
            return new Problem(kind, kind.Title) { Status = context.HttpContext.Response.StatusCode }.ExecuteAsync(context.HttpContext);
        });
    }

    /// <summary>
    /// Answers every request that no route takes; a key is needed even to learn that. Not a route of its own: one that
    /// takes every address would also take what another refuses for its method or content type.
    /// </summary>
    public static void AnswerNothingElse(this WebApplication app)
    {
        // The answers of routing itself (405, 415) are endpoints without metadata.
        app.RequireKey(context => context.GetEndpoint() is null or { Metadata.Count: 0 });
        app.Use((context, next) => context.GetEndpoint() is null
            ? new Problem(Problems.NotFound, $"There is nothing at {context.Request.Path}. See /swagger for what there is.").ExecuteAsync(context)
            : next(context));
    }

    private sealed partial class ExceptionToProblem(ILogger<ExceptionToProblem> log) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
            {
                return true;
            }

            await ToProblem(exception).ExecuteAsync(httpContext);
            return true;
        }

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

        [LoggerMessage(LogLevel.Warning, "The database is not available")]
        private partial void LogUnavailable(Exception cause);

        [LoggerMessage(LogLevel.Error, "An error that should not have been")]
        private partial void LogUnexpected(Exception cause);
    }
}

/// <summary>What the web server takes at most.</summary>
internal static class Limits
{
    public static void Apply(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = JsonBody.BatchLimit + 1;
    }
}
