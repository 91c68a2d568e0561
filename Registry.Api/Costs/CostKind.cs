using System.Globalization;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Api.Costs;

/// <summary>Costs.</summary>
internal sealed class CostKind()
    : CaseItemKind<CostItem>("cost", key: "cost", table: "cost_item", keyColumn: "cost_code", folder: "costs", date: "incurredOn")
{
    protected override CostItem? Read(FieldReader fields, string? code)
    {
        var category = fields.Code<CostCategory>("category", required: true);
        var currency = fields.Text(
            "currency", text => Currency.Decimals(text) is not null, "unknown-code", "an ISO 4217 code such as CNY or EUR", required: true);
        var decimals = currency is null ? Currency.MaxDecimals : Currency.Decimals(currency)!.Value;
        var amount =
            fields.Decimal("amount", 0, CostItem.MaxAmount, decimals, $"in the major unit of {currency ?? "its currency"}", required: true);
        var priceYear = fields.Year("priceYear", CostItem.PriceYearRange, required: true);
        if (currency is not null && priceYear is { } year && Currency.YearsOf(currency) is { } years && !years.Contains(year))
        {
            var stated = year.ToString(System.Globalization.CultureInfo.InvariantCulture);
            fields.Refuse(
                "priceYear",
                "not-legal-tender",
                $"'priceYear' is {stated}; {currency} was legal tender {years} (calendar years).",
                stated,
                years.ToString());
        }

        var incurredOn = fields.Date("incurredOn");
        return category is null || currency is null || amount is null || priceYear is null
            ? null
            : new CostItem
            {
                Category = category.Value,
                Amount = amount.Value,
                Currency = currency,
                PriceYear = priceYear.Value,
                IncurredOn = incurredOn,
            };
    }

    public override CaseChart Enter(CaseChart chart, IEnumerable<(string Code, object? Content)> changes) =>
        chart with { Costs = Changed(chart.Costs, changes, code => code) };

    public override IEnumerable<Fault> Check(CaseChart chart, object content)
    {
        var cost = (CostItem)content;
        var total = chart.Costs.Values.Where(other => other.Currency == cost.Currency && other.PriceYear == cost.PriceYear)
            .Sum(other => other.Amount);
        return total <= CostItem.MaxCaseTotal
            ? []
            : [new Fault(
                "/amount",
                "case-total-too-high",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The costs of the case in {cost.Currency} at prices of {cost.PriceYear} would add up to {total}; they can add up to "
                        + $"{CostItem.MaxCaseTotal}."),
                cost.Amount.ToString(CultureInfo.InvariantCulture),
                FormattableString.Invariant($"up to {CostItem.MaxCaseTotal} in one case, currency and price year"))];
    }
}
