using Microsoft.AspNetCore.HttpOverrides;

namespace Registry.Api.Http;

/// <summary>
/// How the registry is reached from outside: behind the proxies of <c>Registry:Proxies</c>, whose <c>X-Forwarded-…</c>
/// headers are believed, and below <c>Registry:PathBase</c>. Everything that names an address of the registry follows.
/// </summary>
internal static class ReverseProxy
{
    public static void UseReverseProxy(this WebApplication app)
    {
        if (RegistrySettings.Proxies(app.Configuration) is { Count: > 0 } proxies)
        {
            var options = new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.All,

                // Each step of the way has to be one of the proxies, however many there are.
                ForwardLimit = null,
            };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in proxies)
            {
                options.KnownIPNetworks.Add(network);
            }

            app.UseForwardedHeaders(options);
        }

        if (RegistrySettings.PathBase(app.Configuration) is { HasValue: true } pathBase)
        {
            app.Use((context, next) => BelowPathBase(context, pathBase, next));
        }
    }

    // A proxy hands the prefix on, or takes it off: either way the registry is reached below it.
    private static Task BelowPathBase(HttpContext context, PathString pathBase, RequestDelegate next)
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments(pathBase, StringComparison.OrdinalIgnoreCase, out var rest))
        {
            (request.PathBase, request.Path) = (request.PathBase.Add(pathBase), rest);
        }
        else if (!request.PathBase.HasValue)
        {
            request.PathBase = pathBase;
        }

        return next(context);
    }
}
