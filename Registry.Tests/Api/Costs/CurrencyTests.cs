using NUnit.Framework;
using Registry.Domain.Costs;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Costs;

/// <summary>A cost is stated in money of its time: in a currency that was legal tender in the price year.</summary>
public sealed class CurrencyTests(Engine engine) : RegistryFixture(engine)
{
    private string _case = null!;

    protected override TimeProvider Clock { get; } = new StoppedClock(new DateOnly(2026, 11, 25));

    protected override async Task Prepare() => _case = await Api.NewCase();

    [TestCase("HRK", 1994)]
    [TestCase("HRK", 2022)]
    [TestCase("HRK", 2023)]
    [TestCase("DEM", 1980)]
    [TestCase("DEM", 2001)]
    [TestCase("BYR", 2000)]
    [TestCase("BYR", 2016)]
    [TestCase("BYN", 2016)]
    [TestCase("ITL", 1999)]
    [TestCase("BGN", 2026)]
    [TestCase("EUR", 1999)]
    [TestCase("VED", 2026)]
    [TestCase("VES", 2019)]
    [TestCase("VEF", 2017)]
    [TestCase("ANG", 2025)]
    [TestCase("XCG", 2025)]
    [TestCase("TRL", 2004)]
    [TestCase("TRY", 2005)]
    [TestCase("ZWL", 2024)]
    [TestCase("ZWG", 2024)]
    [TestCase("CUC", 2020)]
    [TestCase("CNY", 1980)]
    public async Task Takes_a_currency_with_a_year_in_which_it_was_legal_tender(string currency, int year) =>
        (await Api.Put($"{_case}/costs/{Sample.Key("cost")}", Cost(currency, year))).Expect(201);

    [TestCase("HRK", 2024, "from 1994 to 2023")]
    [TestCase("HRK", 1993, "from 1994 to 2023")]
    [TestCase("DEM", 2003, "up to 2002")]
    [TestCase("BYR", 2017, "from 2000 to 2016")]
    [TestCase("BYR", 1999, "from 2000 to 2016")]
    [TestCase("ANG", 2026, "up to 2025")]
    [TestCase("XCG", 2024, "from 2025")]
    [TestCase("VED", 2020, "from 2021")]
    [TestCase("EUR", 1998, "from 1999")]
    [TestCase("SKK", 2010, "from 1993 to 2009")]
    public async Task Refuses_it_with_another_year_and_names_the_years(string currency, int year, string years)
    {
        var answer = (await Api.Put($"{_case}/costs/{Sample.Key("cost")}", Cost(currency, year))).ExpectProblem(422);
        Assert.That(answer.Faults, Is.EqualTo([("/priceYear", "not-legal-tender")]));
        Assert.That(answer.Json["errors"]![0]!["detail"]!.GetValue<string>(), Does.Contain(currency).And.Contain(years));
        Assert.That(answer.Json["errors"]![0]!["allowed"]!.GetValue<string>(), Is.EqualTo(years));
    }

    [TestCase("XAU")]
    [TestCase("XTS")]
    [TestCase("XXX")]
    [TestCase("XEU")]
    [TestCase("CHE")]
    [TestCase("EURO")]
    [TestCase("eur")]
    public async Task Refuses_what_is_no_money_of_a_country(string currency) =>
        Assert.That(
            (await Api.Put($"{_case}/costs/c", Cost(currency, 1990))).ExpectProblem(422).Faults,
            Is.EqualTo([("/currency", "unknown-code")]));

    [TestCase("ITL", "1500000.50")]
    [TestCase("DEM", "1500.505")]
    public async Task Refuses_more_decimals_than_a_withdrawn_currency_had(string currency, string amount) =>
        Assert.That(
            (await Api.Put($"{_case}/costs/c", Cost(currency, 1995, amount))).ExpectProblem(422).Faults,
            Is.EqualTo([("/amount", "too-many-decimals")]));

    [Test]
    public void Knows_every_currency_by_years_that_are_in_order_and_can_be_price_years()
    {
        foreach (var code in Currency.Codes)
        {
            var years = Currency.YearsOf(code)!.Value;
            Assert.That(code, Does.Match("^[A-Z]{3}$"));
            Assert.That(Currency.Decimals(code), Is.InRange(0, Currency.MaxDecimals), code);
            Assert.That(years.First ?? CostItem.PriceYearRange.Min, Is.LessThanOrEqualTo(years.Last ?? CostItem.PriceYearRange.Max), code);
            Assert.That(years.Last ?? CostItem.PriceYearRange.Min, Is.GreaterThanOrEqualTo(CostItem.PriceYearRange.Min), code);
        }
    }

    private static string Cost(string currency, int year, string amount = "100") =>
        FormattableString.Invariant($$"""{"category":"other","amount":{{amount}},"currency":"{{currency}}","priceYear":{{year}}}""");
}
