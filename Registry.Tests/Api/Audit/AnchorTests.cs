using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Audit;

/// <summary>The anchors of the trail are dropped in the background: whatever goes wrong with them, the program serves and stops.</summary>
public sealed class AnchorTests
{
    [Test]
    public async Task A_head_that_cannot_be_anchored_is_logged_and_ends_nothing()
    {
        using var log = new LogOfTheProgram();
        await using var database = await TestDatabase.Create(Engine.Sqlite);
        await using var host = new RegistryHost(database, log: log);
        await host.Api.NewSite();
        await host.Services.GetRequiredService<IDatabase>().Execute("ALTER TABLE audit_entry RENAME TO elsewhere");

        await host.Services.GetServices<IHostedService>().OfType<Anchors>().Single().StopAsync(CancellationToken.None);

        Assert.That(
            log.Lines.Select(line => line.Text), Has.Some.StartsWith("The heads of the audit trail were not anchored: "));
    }
}
