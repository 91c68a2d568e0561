using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Campaigns;

/// <summary>All that one reading asks is of one moment, whatever is written in between.</summary>
public sealed class ConcurrentReadTests(Engine engine) : DatabaseFixture(engine)
{
    [Test]
    public async Task Sees_one_moment()
    {
        var database = await NewRegistry();
        await database.Execute("INSERT INTO site (site_code, name, country) VALUES ('s', 'before', 'DE')");
        var (first, second) = await database.Read(
            async session =>
            {
                var before = await session.Single<string>("SELECT name FROM site");
                await database.Execute("UPDATE site SET name = 'after'");
                return (before, await session.Single<string>("SELECT name FROM site"));
            },
            CancellationToken.None);
        Assert.That((first, second), Is.EqualTo(("before", "before")));
        Assert.That(await database.Single<string>("SELECT name FROM site"), Is.EqualTo("after"));
    }
}
