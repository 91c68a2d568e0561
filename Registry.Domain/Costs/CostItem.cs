using System.Text.Json.Serialization;
using Registry.Domain.Common;

namespace Registry.Domain.Costs;

/// <summary>What a cost was for.</summary>
public enum CostCategory
{
    /// <summary>The operation. Part of the surgical cost.</summary>
    Operation,

    /// <summary>The device. Part of the surgical cost.</summary>
    Device,

    /// <summary>The anaesthesia. Part of the surgical cost.</summary>
    Anaesthesia,

    /// <summary>The trial.</summary>
    Trial,

    /// <summary>The stay in hospital.</summary>
    HospitalStay,

    /// <summary>A revision.</summary>
    Revision,

    /// <summary>An explant.</summary>
    Explant,

    /// <summary>Follow-up.</summary>
    FollowUp,

    /// <summary>Medication.</summary>
    Medication,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>One cost of a case. Currencies and price years are never pooled.</summary>
public sealed record CostItem
{
    /// <summary>The largest amount one item can have, in the major unit of its currency, inclusive; the smallest is 0.</summary>
    public const long MaxAmount = 10_000_000_000;

    /// <summary>
    /// The most that the costs of one case in one currency and price year can add up to, in the major unit, inclusive: sums over many cases
    /// then stay exact.
    /// </summary>
    public const decimal MaxCaseTotal = 1_000_000_000_000m;

    /// <summary>The years whose prices an amount can be stated in.</summary>
    public static readonly WholeRange PriceYearRange = new(FirstPriceYear, LastPriceYear);

    private const int FirstPriceYear = 1980;
    private const int LastPriceYear = 2100;

    /// <summary>What it was for.</summary>
    public required CostCategory Category { get; init; }

    /// <summary>
    /// How much, exact, 0 or more, with no more decimals than the currency has. 0 is a cost of nothing, not a missing cost.
    /// </summary>
    [DecimalRange(0, MaxAmount, Costs.Currency.MaxDecimals)]
    [NoColumn]
    [Unit("major unit of the currency")]
    public required decimal Amount { get; init; }

    /// <summary>The amount in whole thousandths of the major unit: the form in which amounts are added up, exactly.</summary>
    [JsonIgnore]
    [Column("amount_thousandths")]
    public long Thousandths => (long)(Amount * 1000);

    /// <summary>The code of the currency, one in use (list one) or withdrawn (list three).</summary>
    [Source("ISO 4217")]
    public required string Currency { get; init; }

    /// <summary>The year in whose prices the amount is stated: one in which the currency was legal tender.</summary>
    [WholeRange(FirstPriceYear, LastPriceYear)]
    [NotInTheFuture]
    [Unit("calendar year")]
    public required int PriceYear { get; init; }

    /// <summary>The day the cost was incurred.</summary>
    [Missing("left out when not recorded")]
    public DateOnly? IncurredOn { get; init; }
}
