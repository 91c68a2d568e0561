using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Costs;
using Registry.Domain.Recording;

namespace Registry.Api.Costs;

/// <summary>Costs.</summary>
internal sealed class CostResource : CaseResource<CostItem>
{
    public override string Kind => Dossier.CostKind;

    public override string? RouteKey => "cost";

    public override string TableName => "cost_item";

    public override string KeyColumn => "cost_code";

    protected override string Folder => "costs";

    protected override CostItem? Read(FieldReader fields, string? code)
    {
        var category = fields.Code<CostCategory>("category", required: true);
        var currency = fields.Text("currency", text => Currency.Decimals(text) is not null, "unknown-code", "an ISO 4217 code such as CNY or EUR", required: true);
        var decimals = currency is null ? Currency.MaxDecimals : Currency.Decimals(currency)!.Value;
        var amount = fields.Decimal("amount", 0, CostItem.MaxAmount, decimals, $"in the major unit of {currency ?? "its currency"}", required: true);
        var priceYear = fields.Whole("priceYear", new WholeRange(CostItem.PriceYearRange.Min, fields.LastDay.Year), "calendar year", required: true);
        if (currency is not null && priceYear is { } year && Currency.YearsOf(currency) is { } years && !years.Contains(year))
        {
            var stated = year.ToString(System.Globalization.CultureInfo.InvariantCulture);
            fields.Refuse("priceYear", "not-legal-tender", $"'priceYear' is {stated}; {currency} was legal tender {years} (calendar years).", stated, years.ToString());
        }

        var incurredOn = fields.Date("incurredOn");
        return category is null || currency is null || amount is null || priceYear is null
            ? null
            : new CostItem { Category = category.Value, Amount = amount.Value, Currency = currency, PriceYear = priceYear.Value, IncurredOn = incurredOn };
    }

    protected override Task<IReadOnlyList<Fault>> Check(Session session, Dossier dossier, ResourceAddress address, CostItem content) =>
        Task.FromResult(dossier.BeforeBirth(("/incurredOn", content.IncurredOn)));

    public override IReadOnlyDictionary<string, object?> Columns(CostItem content) => new Dictionary<string, object?>
    {
        ["category"] = Code.Of(content.Category),
        ["amount_thousandths"] = (long)(content.Amount * 1000),
        ["currency"] = content.Currency,
        ["price_year"] = content.PriceYear,
        ["incurred_on"] = content.IncurredOn,
    };
}
