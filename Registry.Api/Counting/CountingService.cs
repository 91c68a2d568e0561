using Registry.Api.Data;

namespace Registry.Api.Counting;

/// <summary>Counts what has changed, now and then, while the program runs: little by little, so that no writer waits for long.</summary>
internal sealed partial class CountingService(CaseCounter counter, TimeProvider clock, ILogger<CountingService> logger) : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await counter.CountAll(AtOnce, stoppingToken);
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                // Nothing is lost by it but a little speed.
                LogPostponed(failed is DatabaseUnavailableException ? LogLevel.Warning : LogLevel.Error, failed);
            }
        }
    }

    [LoggerMessage(Message = "What changed could not be counted now. It will be.")]
    private partial void LogPostponed(LogLevel level, Exception exception);
}
