using Registry.Api.Data;

namespace Registry.Api.Audit;

/// <summary>
/// Anchors the heads of the sites' chains in the chain of the registry: at start, every hour, at the end, and whenever the heads are
/// asked for. A site whose chain is shortened or made anew afterwards no longer meets its anchors. Writers do not wait for it.
/// </summary>
internal sealed partial class Anchors(IDatabase database, AuditLog log, TimeProvider clock, ILogger<Anchors> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private static readonly Statement Moved = new(
        """
        SELECT d.changes, d.head, d.site_code
        FROM data_version d
        WHERE d.table_name = 'record' AND d.head IS NOT NULL
          AND d.changes > COALESCE((SELECT MAX(e.change_number) FROM audit_entry e WHERE e.site_code = d.site_code
            AND e.change_number IS NOT NULL), 0)
        ORDER BY d.site_code
        """);

    /// <summary>
    /// Anchors the head of every site that has moved on since it was anchored last. The entries are the registry's own, whoever asked for
    /// the heads: a site reads the anchors of its chain, and no caller of another site is to be seen there.
    /// </summary>
    public async Task Drop(CancellationToken cancellation)
    {
        if (await database.Read(MovedSites, cancellation) is { Count: > 0 })
        {
            await database.Write(
                [AuditLog.Chain],
                async session =>
                {
                    var moved = await MovedSites(session);
                    await log.Append(session, [.. moved.Select(
                        site => new AuditEntry(AuditActions.Anchor, site.Site, string.Empty, Sender.Registry) { Anchored = site.Head })]);
                    return true;
                },
                cancellation);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryDrop(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await TryDrop(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // It was asked to stop.
        }
    }

    private static Task<List<(string Site, Head Head)>> MovedSites(Session session) =>
        session.Rows(Moved, static row => (row.GetString(2), Heads.Read(row))).AsTask();

    // What cannot be anchored now is anchored with the next. A failure that left here would stop the program.
    private async Task TryDrop(CancellationToken cancellation)
    {
        try
        {
            await Drop(cancellation);
        }
        catch (Exception failed) when (failed is not OperationCanceledException || cancellation.IsCancellationRequested)
        {
            LogNotAnchored(failed.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The heads of the audit trail were not anchored: {Reason}")]
    private partial void LogNotAnchored(string reason);
}
