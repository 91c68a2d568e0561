using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;
using static Registry.Tests.Support.CaseToRecord;

namespace Registry.Tests.Metrics;

/// <summary>
/// What a few cases cost, asked on 30 June 2026.
/// <code>
/// SCS            surgical                                     besides
/// full           EUR 2023: 1000.10 + 2000.20 + 0 = 3000.30    medication EUR 2023: 49.70, on 1 March 2024
/// cheap          EUR 2023: 100
/// free           EUR 2023: 0
/// dollars        USD 2023: 500                                trial EUR 2023: 10
/// next-year      EUR 2024: 700
/// pills          none                                         medication EUR 2023: 50, without a date
/// nothing        none
/// DRG            KWD 2024: 0.001, 0.002, 0.004 and 0.008, a case each
/// DREZ           one case of JPY 2024: 123457
/// cordotomy      one case without any cost
/// </code>
/// </summary>
public sealed class HandWorkedCostTests(Engine engine) : RegistryFixture(engine)
{
    private const string Zero = "2024-01-10";

    protected override TimeProvider? Clock => new StoppedClock(new DateOnly(2026, 6, 30));

    protected override async Task Prepare()
    {
        await Site(Api);
        CaseToRecord[] all =
        [
            Scs("full").Implanted(Zero).Costed("operation", 1000.10m, "EUR", 2023, Zero).Costed("device", 2000.20m, "EUR", 2023, Zero)
                .Costed("anaesthesia", 0m, "EUR", 2023, Zero).Costed("medication", 49.70m, "EUR", 2023, "2024-03-01"),
            Scs("cheap").Implanted(Zero).Costed("operation", 100m, "EUR", 2023, Zero),
            Scs("free").Implanted(Zero).Costed("operation", 0m, "EUR", 2023, Zero),
            Scs("dollars").Implanted(Zero).Costed("device", 500m, "USD", 2023, Zero).Costed("trial", 10m, "EUR", 2023, Zero),
            Scs("next-year").Implanted(Zero).Costed("operation", 700m, "EUR", 2024, Zero),
            Scs("pills").Trial(Zero).Costed("medication", 50m, "EUR", 2023),
            Scs("nothing").Implanted(Zero),
            Drg("k1").Implanted(Zero).Costed("operation", 0.001m, "KWD", 2024),
            Drg("k2").Implanted(Zero).Costed("operation", 0.002m, "KWD", 2024),
            Drg("k4").Implanted(Zero).Costed("operation", 0.004m, "KWD", 2024),
            Drg("k8").Implanted(Zero).Costed("operation", 0.008m, "KWD", 2024),
            Drez("yen").Lesioned(Zero).Costed("operation", 123457m, "JPY", 2024),
            Cordotomy("unpriced").Lesioned(Zero),
        ];
        foreach (var told in all)
        {
            await told.Record(Api);
        }
    }

    // 0, 100, 3000.30: mean 3100.30 / 3, SD 1704.09018…; positions 0.5, 1, 1.5: 50, 100, 1550.15. 'dollars' and 'next-year'
    // have a surgical cost, though not this one; 'pills' and 'nothing' have none.
    [TestCase("scs", "surgical", "EUR", 2023, 3, "1033.4333", "1704.0902", "50", "100", "1550.15", "3100.30", 2)]
    [TestCase("scs", "surgical", "EUR", 2024, 1, "700", null, "700", "700", "700", "700", 2)]
    [TestCase("scs", "surgical", "USD", 2023, 1, "500", null, "500", "500", "500", "500", 2)]

    // With all costs: 0, 10, 50, 100, 3050.00. Mean 642, squares 412164 + 399424 + 350464 + 293764 + 5798464 = 7254280,
    // SD √1813570 = 1346.68854…; positions 1, 2, 3.
    [TestCase("scs", "all", "EUR", 2023, 5, "642", "1346.6885", "10", "50", "100", "3210", 1)]

    // 1, 2, 4, 8 thousandths: mean 3.75, rounded up to 0.0038; squares 28.75, SD √(28.75 / 3) = 3.0957; positions 0.75, 1.5
    // and 2.25: 1.75, 3 and 5, exact.
    [TestCase("drg", "surgical", "KWD", 2024, 4, "0.0038", "0.0031", "0.00175", "0.003", "0.005", "0.015", 0)]
    [TestCase("drez", "surgical", "JPY", 2024, 1, "123457", null, "123457", "123457", "123457", "123457", 0)]

    // The cases without a surgical cost: 'pills', 'nothing' and 'unpriced'.
    [TestCase("all", "surgical", "EUR", 2023, 3, "1033.4333", "1704.0902", "50", "100", "1550.15", "3100.3", 3)]
    public async Task Describe_the_cost_of_a_case(
        string procedure,
        string basis,
        string currency,
        int year,
        int n,
        string mean,
        string? sd,
        string q1,
        string median,
        string q3,
        string total,
        int without)
    {
        var row = (await Costs()).Row(("procedure", procedure), ("basis", basis), ("currency", currency), ("priceYear", $"{year}"));
        Assert.That(
            Amounts(row, "mean", "sd", "q1", "median", "q3", "total"),
            Is.EqualTo(new[] { mean, sd, q1, median, q3, total }.Select(Amount)));
        Assert.That((row["n"]!.GetValue<int>(), row["casesWithoutCost"]!.GetValue<int>()), Is.EqualTo((n, without)));
    }

    [TestCase("scs", "surgical", "EUR 2023", "EUR 2024", "USD 2023")]
    [TestCase("scs", "all", "EUR 2023", "EUR 2024", "USD 2023")]
    [TestCase("drg", "all", "KWD 2024")]
    [TestCase("all", "surgical", "EUR 2023", "EUR 2024", "JPY 2024", "KWD 2024", "USD 2023")]
    public async Task Never_pool_currencies_or_price_years(string procedure, string basis, params string[] pairs) => Assert.That(
        (await Costs()).Items.Where(row => row["procedure"]!.ToString() == procedure && row["basis"]!.ToString() == basis)
            .Select(row => $"{row["currency"]} {row["priceYear"]}"),
        Is.EqualTo(pairs));

    // Without the 49.70 of March and with the 50 that has no date: 0, 10, 50, 100, 3000.30.
    [TestCase("2024-02-29", "3160.30", 1)]
    [TestCase("2024-03-01", "3210", 1)]

    // The day before anything happened: the 50 alone, and six cases without a cost.
    [TestCase("2024-01-09", "50", 6)]
    public async Task Look_at_no_cost_later_than_the_cut_off(string asOf, string total, int without)
    {
        var row = (await Costs($"&asOf={asOf}")).Row(("procedure", "scs"), ("basis", "all"), ("currency", "EUR"), ("priceYear", "2023"));
        Assert.That((row["total"]!.GetValue<decimal>(), row["casesWithoutCost"]!.GetValue<int>()), Is.EqualTo((Amount(total), without)));
    }

    // The cost 0 of 'full' is a cost: one case, mean 0. Medication: 49.70 and 50, mean 49.85.
    [Test]
    public async Task Break_the_costs_down_by_category()
    {
        var row = (await Costs()).Row(("procedure", "scs"), ("basis", "all"), ("currency", "EUR"), ("priceYear", "2023"));
        Assert.That(
            row["byCategory"]!.AsArray().Select(category => (category!["category"]!.ToString(),
                category["n"]!.GetValue<int>(),
                category["mean"]!.GetValue<decimal>(),
                category["total"]!.GetValue<decimal>())),
            Is.EquivalentTo(new[]
            {
                ("operation", 3, 366.7m, 1100.10m),
                ("device", 1, 2000.20m, 2000.20m),
                ("anaesthesia", 1, 0m, 0m),
                ("trial", 1, 10m, 10m),
                ("medication", 2, 49.85m, 99.70m),
            }));
    }

    [TestCase("surgical")]
    [TestCase("all")]
    public async Task Have_one_row_without_a_currency_where_nothing_was_recorded(string basis)
    {
        var row = (await Costs($"&basis={basis}")).Row(("procedure", "cordotomy"));
        Assert.That((row["currency"], row["priceYear"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)));
        Assert.That(Amounts(row, "mean", "sd", "q1", "median", "q3"), Is.All.Null);
        Assert.That((row["n"]!.GetValue<int>(), row["casesWithoutCost"]!.GetValue<int>()), Is.EqualTo((0, 1)));
    }

    private async Task<ApiAnswer> Costs(string query = "") => (await Api.Get("/summaries/costs?per=case" + query)).Expect(200);

    private static decimal? Amount(string? text) =>
        text is null ? null : decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<decimal?> Amounts(JsonNode row, params string[] names) =>
        [.. names.Select(name => row.AsObject().ContainsKey(name) ? row[name]?.GetValue<decimal>() : throw new KeyNotFoundException(name))];
}
