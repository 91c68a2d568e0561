using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;
using Registry.Domain.Sites;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Cases;

/// <summary>A case can cost only so much and hold only so many records, so that sums stay exact and every answer can be given.</summary>
public sealed class CaseSizeTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly (string, string) Reason = ("X-Change-Reason", "read off wrongly");

    protected override TimeProvider Clock => StoppedClock.Noon;

    [Test]
    public async Task Takes_costs_up_to_the_bound_in_each_currency_and_price_year()
    {
        var @case = await CaseWithCosts(100, CostItem.MaxAmount);
        Assert.That(100 * CostItem.MaxAmount, Is.EqualTo(CostItem.MaxCaseTotal));
        var refused = (await Api.Put(@case + "/costs/more", Cost("0.01", "EUR", 2024))).ExpectProblem(422, "invalid-content");
        Assert.That(refused.FaultsWithValues(), Is.EqualTo([("/amount", "case-total-too-high", "0.01")]));
        (await Api.Put(@case + "/costs/nothing", Cost("0", "EUR", 2024))).Expect(201);
        (await Api.Put(@case + "/costs/other-currency", Cost("0.01", "CNY", 2024))).Expect(201);
        (await Api.Put(@case + "/costs/other-year", Cost("0.01", "EUR", 2023))).Expect(201);

        var first = (await Api.Get(@case + "/costs/c0")).Expect(200);
        (await Api.Put(@case + "/costs/c0", Cost("9999999999.99", "EUR", 2024), ("If-Match", first.ETag!), Reason)).Expect(200);
        (await Api.Put(@case + "/costs/more", Cost("0.01", "EUR", 2024))).Expect(201);
        (await Api.Put(
            @case + "/costs/c0",
            Cost("10000000000", "EUR", 2024),
            ("If-Match", (await Api.Get(@case + "/costs/c0")).ETag!),
            Reason)).ExpectProblem(422, "invalid-content");
    }

    [Test]
    public async Task Takes_so_many_records_of_a_case_and_no_more()
    {
        var @case = await CaseWithCosts(WriteTurn.MostRecordsOfCase - 1, 1);
        (await Api.Put(@case + "/costs/last", Cost("1", "EUR", 2024))).Expect(201);
        var refused =
            (await Api.Put(@case + "/events/implant", Sample.Event("implanted", "2024-01-10"))).ExpectProblem(422, "invalid-content");
        Assert.That(refused.Faults, Is.EqualTo([("", "too-many-records")]));
        var last = (await Api.Put(@case + "/costs/last", Cost("1", "EUR", 2024))).Expect(200);
        (await Api.Put(@case + "/costs/last", Cost("2", "EUR", 2024), ("If-Match", last.ETag!), Reason)).Expect(200);
        (await Api.Delete(@case + "/costs/last", ("If-Match", (await Api.Get(@case + "/costs/last")).ETag!), Reason)).Expect(204);
        (await Api.Put(@case + "/events/implant", Sample.Event("implanted", "2024-01-10"))).Expect(201);
    }

    private async Task<string> CaseWithCosts(int count, decimal amount)
    {
        var (site, code) = (SiteCode.Of(Sample.Key("site")), CaseCode.Of(Sample.Key("case")));
        var kinds = Host.Services.GetRequiredService<RecordKinds>();
        var loader = new BulkLoader(Host.Services.GetRequiredService<IDatabase>(), Clock);
        await loader.Begin(CancellationToken.None);
        await loader.Load(
            [
                new SentRecord(kinds.Site, new RecordAddress(site), new Site { Name = "A clinic", Country = "DE" }),
                new SentRecord(
                    kinds.Case,
                    new RecordAddress(site, code),
                    new CaseRecord
                    {
                        Patient = new Patient { Reference = "P-1", Sex = Sex.Female, BirthYear = 1960 },
                        Procedure = Procedure.Scs,
                        Indication = Indication.Crps,
                    }),
                .. Enumerable.Range(0, count).Select(number => new SentRecord(
                    kinds.Cost,
                    new RecordAddress(site, code, FormattableString.Invariant($"c{number}")),
                    new CostItem { Category = CostCategory.Other, Amount = amount, Currency = "EUR", PriceYear = 2024 })),
            ],
            CancellationToken.None);
        return $"/sites/{site}/cases/{code}";
    }

    private static string Cost(string amount, string currency, int year) =>
        FormattableString.Invariant($$"""{"category":"other","amount":{{amount}},"currency":"{{currency}}","priceYear":{{year}}}""");
}
