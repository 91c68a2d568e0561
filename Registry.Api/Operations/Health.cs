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
            .WithSummary("Whether the program runs")
            .Produces<HealthAnswer>();
        group.MapGet("/ready", async (IDatabase database, CancellationToken cancellation) =>
            {
                await database.Read(session => session.Query<string>("SELECT script FROM schema_journal"), cancellation);
                return TypedResults.Ok(new HealthAnswer("ready"));
            })
            .WithSummary("Whether the program can answer: its database does")
            .Produces<HealthAnswer>();
    }
}

/// <summary>How the program is.</summary>
/// <param name="Status">live or ready.</param>
internal sealed record HealthAnswer(string Status);
