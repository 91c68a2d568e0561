using Registry.Api.Data;
using Registry.Api.Http;

namespace Registry.Api.Operations;

/// <summary>Whether the program runs, and whether it can work. No key is needed.</summary>
internal static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        var group = app.MapGroup("/health").RefuseUnknownParameters().RefuseOtherForms().AllowAnonymous();
        group.MapGet("/live", () => TypedResults.Ok(new HealthAnswer("live")))
            .WithName("getLiveness")
            .WithSummary("Whether the program runs");
        group.MapGet("/ready", async Task<Results<Ok<HealthAnswer>, Problem>> (Readiness readiness, CancellationToken cancellation) =>
                await readiness.Fault(cancellation) is { } fault
                    ? new Problem(Problems.Unavailable, fault)
                    : TypedResults.Ok(new HealthAnswer("ready")))
            .WithName("getReadiness")
            .WithSummary("Whether the program can answer: its database does, and can be written");
    }
}

/// <summary>Whether the program can do its work.</summary>
internal sealed class Readiness(IDatabase database)
{
    /// <summary>What it has to do before it can answer, in a sentence; null when there is nothing.</summary>
    public Func<string?> Preparation { get; set; } = () => null;

    /// <summary>Why the program cannot do its work; null when it can.</summary>
    /// <exception cref="DatabaseUnavailableException">The database does not answer.</exception>
    public async Task<string?> Fault(CancellationToken cancellation)
    {
        await database.Read(session => session.Single<int>("SELECT COUNT(*) FROM schema_journal"), cancellation);
        return await database.WriterFault() ?? Preparation();
    }
}

/// <summary>How the program is.</summary>
/// <param name="Status">live or ready.</param>
internal sealed record HealthAnswer(string Status);
