using System.Net.Sockets;
using Registry.Api.Http;

namespace Registry.Api.Operations;

/// <summary>Serves until it is asked to stop.</summary>
internal static class Serving
{
    // What the framework logs of a start that failed, and of work that ended with it, is said in one line at the end of the program. A
    // part of the program that fails later is a critical line of the same category.
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>Reports a failed start once.</summary>
    public static void ReportFailedStartOnce(this ILoggingBuilder logging) =>
        logging.AddFilter(HostCategory, level => level == LogLevel.Critical);

    /// <summary>Listens, and serves until the program is asked to stop.</summary>
    /// <exception cref="CannotListenException">It cannot listen where it was told to.</exception>
    public static async Task ServeUntilStopped(this WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception refused) when (refused is IOException or SocketException or InvalidOperationException)
        {
            // What works in the background began before, and has to end before what it works with is disposed.
            foreach (var work in app.Services.GetServices<IHostedService>().OfType<BackgroundService>())
            {
                await work.StopAsync(CancellationToken.None);
            }

            throw new CannotListenException(
                $"The registry cannot listen on {ListenAddresses.Stated(app.Configuration)}: {OneLine(refused.Message).TrimEnd('.')}. "
                    + "State another address with --urls or ASPNETCORE_URLS, or stop the program that uses this one.",
                refused);
        }

        await app.WaitForShutdownAsync();
    }

    /// <summary>A message of the framework without its line breaks.</summary>
    public static string OneLine(string message) => string.Join(' ', message.Split('\n', StringSplitOptions.TrimEntries));
}
