using System.Text;
using Microsoft.AspNetCore.Connections.Features;

namespace Registry.Api.Http;

/// <summary>How the web server listens and what it takes.</summary>
internal static class WebServer
{
    /// <summary>Where it listens when nothing is said.</summary>
    public const string DefaultAddress = "http://127.0.0.1:5080";

    /// <summary>
    /// The most bytes of a refused body that are read, to let a sender that writes all before it reads come to the answer.
    /// </summary>
    public const int LargestRefusedBody = 64 * 1024 * 1024;

    private static readonly TimeSpan LongestRefusedBody = TimeSpan.FromSeconds(30);

    // In bytes. The web server's own bounds are 8 and 32 KiB.
    private const int LongestRequestLine = 64 * 1024;
    private const int LongestHeaders = 128 * 1024;

    private static readonly object Broken = new();
    private static readonly object HeadOnly = new();

    public static void AddWebServer(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = LargestRefusedBody;

            // An address that is too long for the web server gets an answer without a word; up to here it gets one of ours.
            options.Limits.MaxRequestLineSize = LongestRequestLine;
            options.Limits.MaxRequestHeadersTotalSize = LongestHeaders;

            // One character a byte: no sequence of bytes in a header is refused, and HeaderText makes text of it.
            options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        });
        if (!ListenAddresses.AreStated(builder.Configuration))
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }
    }

    /// <summary>
    /// Reads what is left of a refused body, after the answer was sent. A sender that writes everything before it reads
    /// would otherwise find the connection broken, and never the answer.
    /// </summary>
    public static void UseDraining(this IApplicationBuilder app) =>
        app.Use(static async (context, next) =>
        {
            var body = context.Request.Body;
            await next(context);
            if (context.Response.StatusCode >= StatusCodes.Status400BadRequest && HasReadableBody(context))
            {
                await context.Response.CompleteAsync();
                await Drain(context, body);
            }
        });

    /// <summary>HEAD wherever GET is: the same answer without its body.</summary>
    public static void UseHead(this IApplicationBuilder app) =>
        app.Use(static async (context, next) =>
        {
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await next(context);
                return;
            }

            context.Request.Method = HttpMethods.Get;
            context.Response.Body = Stream.Null;
            context.Items[HeadOnly] = true;
            try
            {
                await next(context);
            }
            finally
            {
                context.Request.Method = HttpMethods.Head;
            }
        });

    /// <summary>Whether the head of the answer is all that is wanted: what takes long to write need not be written.</summary>
    public static bool IsHead(HttpContext context) => context.Items.ContainsKey(HeadOnly);

    /// <summary>Has the connection closed after the answer: what follows on it cannot be told from the rest of a broken request.</summary>
    public static void ReadNoMore(HttpContext context)
    {
        context.Items[Broken] = true;
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

    private static bool HasReadableBody(HttpContext context) =>
        !context.RequestAborted.IsCancellationRequested
        && !context.Items.ContainsKey(Broken)
        && (context.Request.ContentLength is { } length
            ? length is > 0 and <= LargestRefusedBody
            : context.Request.Headers.TransferEncoding.Count > 0);

    private static async Task Drain(HttpContext context, Stream body)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(LongestRefusedBody);
        var buffer = new byte[16 * 1024];
        try
        {
            for (var more = true; more;)
            {
                more = await body.ReadAsync(buffer, patience.Token) > 0;
            }
        }
        catch (Exception endless) when (endless is OperationCanceledException or IOException)
        {
            // The sender has gone, or sends more or longer than anyone waits for.
            ReadNoMore(context);
            context.Abort();
        }
    }
}
