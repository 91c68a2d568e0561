using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Cohorts;
using Registry.Api.Data;
using Registry.Api.Summaries;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Cohorts;

/// <summary>However the cases of a page are found, they are those that every case looked at in turn gives.</summary>
public sealed class CaseSearchTests(Engine engine) : RegistryFixture(engine)
{
    private const int Everything = 10_000;

    private static readonly DateOnly[] CutOffs = [RandomRegistry.Today, new(2025, 6, 1), new(2024, 2, 29)];

    private static readonly string[] Filters =
    [
        "responder=30@12m", "responder=100@1m", "responder=50@post-op:pdi", "responder=30@3m&procedure=scs&procedure=cordotomy", "has=1m",
        "has=baseline,post-op:pdi,12m:nrs", "lostResponseBy=24m", "lostResponseBy=50@3m:pdi", "lostResponseBy=1m&procedure=scs",
        "responder=30@1m&has=6m&lostResponseBy=99@24m", "primary=true&responder=30@1m",
    ];

    private readonly RecordedRegistry _registry = RandomRegistry.Make(7, 150);

    protected override TimeProvider? Clock => RandomRegistry.Clock;

    private IDatabase Database => Host.Services.GetRequiredService<IDatabase>();

    protected override Task Prepare() => Load(_registry.Records);

    [Test]
    public async Task Finds_the_cases_of_every_page([ValueSource(nameof(Filters))] string filter, [Values("case", "-age")] string order)
    {
        var (sort, found) = (CohortSort.All[order], 0);
        foreach (var day in CutOffs)
        {
            var asked = CohortFilter.Read(new QueryCollection(QueryHelpers.ParseQuery(filter)), day).Filter!;
            await Database.Read(
                async session =>
                {
                    var expected = await Keys(asked);
                    found += expected.Count;
                    foreach (var few in new[] { 0, Everything })
                    {
                        var searched = await CaseSearch.ForPage(session, Database.Engine, asked, sort.Sql is not null, few);
                        Assert.That(await Keys(searched), Is.EqualTo(expected), $"{filter} {day} {few}");
                        if (expected.Count > 0)
                        {
                            Assert.That(
                                await Keys(searched, expected[0]), Is.EqualTo(expected.Skip(1)), $"{filter} {day} {few}, behind the first");
                        }

                        if (few > 0 || sort.Sql is not null)
                        {
                            Assert.That(
                                searched.Where.Values.Any(sql => sql.Contains("@found", StringComparison.Ordinal)),
                                Is.EqualTo(Engine == Engine.Sqlite),
                                "searched");
                        }
                    }

                    return true;

                    Task<IReadOnlyList<CohortKey>> Keys(CohortFilter of, CohortKey? after = null) =>
                        CohortReader.Keys(session, Database.Engine, of, sort, after, Everything, muchEarlier: of == asked ? Everything : 1);
                },
                CancellationToken.None);
        }

        Assert.That(found, Is.Positive);
    }
}
