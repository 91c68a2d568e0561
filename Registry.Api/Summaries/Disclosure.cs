using System.Collections;
using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Registry.Api.Access;
using Registry.Domain.Common;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>
/// What a member of a summary is to disclosure control. Without it a <see cref="long"/> is a count, a <see cref="double"/> or
/// <see cref="decimal"/> a figure, anything else a name.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DisclosureAttribute : Attribute
{
    /// <summary>It says nothing of a patient: it was asked for, or published elsewhere.</summary>
    public bool IsOfNoPatient { get; init; }

    /// <summary>It is the value of one patient.</summary>
    public bool IsOfOnePatient { get; init; }

    /// <summary>
    /// The count of the same object from which, with the figures beside it, this could be worked out: hidden where it is.
    /// </summary>
    public string? HiddenWith { get; init; }
}

/// <summary>
/// Disclosure control of the summaries, for keys that see no records: small counts are hidden, with what they could be worked out from, and
/// the others are rounded. Off unless <c>Registry:Disclosure:MinimumCell</c> is set.
/// </summary>
/// <remarks>
/// A count from 1 to the minimum − 1 is null, and so are the figures that come from it. So is a numerator whose complement or
/// denominator is that small, every count of an item that is of so few cases altogether, a 0 too, and a count of a row 'all' of
/// which exactly one part is hidden. All other counts are rounded to a multiple, so that no difference between two answers gives a
/// hidden count. Figures are rounded to a step that one patient hardly moves them by, four standard deviations
/// over the number of cases: two answers whose cohorts differ in one patient do not give that patient's value away. The lowest and
/// highest value, which are of one patient, are null. An item in which anything is hidden has <c>suppressed: true</c>. Equations between
/// answers do not solve for a hidden count; who knows how counts are rounded can, now and then, rule out all numbers but one.
/// </remarks>
internal sealed class Disclosure
{
    /// <summary>The settings, below <c>Registry</c>.</summary>
    public const string MinimumCellName = "Disclosure:MinimumCell", RoundingName = "Disclosure:Rounding", MaskSitesName =
        "Disclosure:MaskSites";

    /// <summary>The member that says of an item that something in it is hidden.</summary>
    public const string Suppressed = "suppressed";

    private const int UsualRounding = 5;
    private const int Decimals = 2;
    private const int SignificantDigits = 3;

    // Almost no value lies farther from the mean than this. Unit: standard deviations.
    private const decimal FarthestValue = 4;
    private const decimal LargestSpreadOfProportion = 0.5m;

    /// <summary>The smallest count that can be shown, inclusive; 11 is usual.</summary>
    public static readonly WholeRange MinimumCellRange = new(2, 1000);

    /// <summary>The multiple to which counts are rounded; 1 leaves them as they are.</summary>
    public static readonly WholeRange RoundingRange = new(1, 1000);

    // Of a rate, by its numerator.
    private static readonly Dictionary<string, string> Denominators = new(StringComparer.Ordinal)
    {
        ["responders"] = "denominator",
        ["x"] = "n",
        ["n"] = "of",
        ["casesWithEvent"] = "cases",
        ["done"] = "due",
    };

    // The members by which rows are parts of the row in which the member is 'all'.
    private static readonly string[] Wholes = ["procedure", "category", "site", "generator"];

    private readonly int _minimum;
    private readonly int _rounding;
    private readonly bool _masksSites;

    public Disclosure(IConfiguration configuration)
        : this(
            RegistrySettings.Number(configuration, MinimumCellName, MinimumCellRange) ?? 0,
            RegistrySettings.Number(configuration, RoundingName, RoundingRange) ?? UsualRounding,
            configuration.GetValue($"{RegistrySettings.Section}:{MaskSitesName}", false))
    {
    }

    /// <summary>Hides counts below a minimum; 0 hides none.</summary>
    public Disclosure(int minimum, int rounding, bool masksSites = false) =>
        (_minimum, _rounding, _masksSites) = (minimum, rounding, masksSites);

    /// <summary>What is wrong with the settings.</summary>
    public static IEnumerable<string> FaultsOf(IConfiguration configuration) =>
        RegistrySettings.FaultsOfNumber(configuration, MinimumCellName, MinimumCellRange)
            .Concat(RegistrySettings.FaultsOfNumber(configuration, RoundingName, RoundingRange));

    /// <summary>Whether the answers to a caller are under control: research and dashboard keys see no records otherwise.</summary>
    public bool AppliesTo(ClaimsPrincipal caller) => _minimum > 0 && !caller.SeesRecords();

    /// <summary>A count that stands alone as it can be shown: null where it is hidden, else rounded.</summary>
    public long? Shown(long count) => count > 0 && count < _minimum ? null : Row.Round(count, _minimum, _rounding);

    /// <summary>Whether a caller sees pseudonyms in the place of the codes of sites.</summary>
    public bool MasksSitesFor(ClaimsPrincipal caller) => _masksSites && !caller.SeesRecords();

    /// <summary>The items of a summary as they can be shown.</summary>
    public IReadOnlyList<JsonNode?> Protect<TItem>(IReadOnlyList<TItem> items)
    {
        var rows =
            items.Select(item => new Row(JsonSerializer.SerializeToNode(item, Http.Json.Options)!.AsObject(), typeof(TItem))).ToList();
        foreach (var row in rows)
        {
            row.HideSmall(_minimum);
        }

        foreach (var whole in Wholes)
        {
            foreach (var parts in rows.Where(row => row.Item[whole] is JsonValue).GroupBy(row => row.NamesBut(whole)))
            {
                HideWhole(whole, [.. parts]);
            }
        }

        return [.. rows.Select(row => row.Shown(_minimum, _rounding))];
    }

    /// <summary>Whether a member of an item, or of what lies in it, may be null because it is hidden.</summary>
    public static bool CanHide(Type type, string name) =>
        !type.IsGenericType && ItemMember.Of(type).Any(member => member.Name == name && (member.IsCount || member.IsFigure));

    /// <summary>Whether a type is that of counts by code.</summary>
    public static bool AreCounts(Type type) => type.IsAssignableTo(typeof(IEnumerable<KeyValuePair<string, long>>));

    // Where one part alone is hidden, the whole would give it away.
    private static void HideWhole(string member, IReadOnlyList<Row> rows)
    {
        foreach (var whole in rows.Where(row => (string?)row.Item[member] == "all"))
        {
            foreach (var path in whole.Cells.Keys.ToList()
                .Where(path => rows.Count(row => row != whole && row.Cells.TryGetValue(path, out var cell) && cell.IsHidden) == 1))
            {
                whole.Cells[path].IsHidden = true;
            }
        }
    }

    /// <summary>What the figures of an object come from.</summary>
    /// <param name="Cases">How many cases, the largest of the counts before them.</param>
    /// <param name="Spread">The standard deviation beside them; 0 where there is none.</param>
    private readonly record struct Scale(long Cases, decimal Spread)
    {
        /// <summary>
        /// The step to which a figure is rounded: the next of 1, 2 and 5 times a power of ten from what a single patient may move it by.
        /// </summary>
        public decimal StepOf(string? unit)
        {
            var spread = unit is null ? Spread
                : unit.StartsWith("proportion", StringComparison.Ordinal) ? LargestSpreadOfProportion
                : unit.StartsWith("standard deviations", StringComparison.Ordinal) ? 1
                : unit.StartsWith("degrees of freedom", StringComparison.Ordinal) ? Cases
                : Spread;
            var least = FarthestValue * spread / Math.Max(Cases, 1);
            if (least == 0)
            {
                return 0;
            }

            var power = (decimal)Math.Pow(10, Math.Floor(Math.Log10((double)least)));
            return power * (least <= power ? 1 : least <= 2 * power ? 2 : least <= 5 * power ? 5 : 10);
        }
    }

    /// <summary>A count in an item.</summary>
    private sealed class Cell(long value)
    {
        public long Value => value;

        public bool IsHidden { get; set; }
    }

    /// <summary>An item with its counts, by their path.</summary>
    private sealed class Row
    {
        private readonly Type _type;

        public Row(JsonObject item, Type type)
        {
            (Item, _type) = (item, type);
            Find(item, type, string.Empty);
        }

        public JsonObject Item { get; }
        public Dictionary<string, Cell> Cells { get; } = new(StringComparer.Ordinal);

        /// <summary>What an item is about, but for one member.</summary>
        public string NamesBut(string member) => string.Join(
            '\n',
            from known in ItemMember.Of(_type)
            where known.Name != member && Item[known.Name] is JsonValue && !known.IsCount && !known.IsFigure
            select $"{known.Name}={Item[known.Name]}");

        public void HideSmall(int minimum)
        {
            // Of so few cases each 0 says something of all of them.
            bool IsSmall(long count) => count > 0 && count < minimum;
            var isOfFew = IsSmall(Cells.Values.Select(cell => cell.Value).DefaultIfEmpty().Max());
            foreach (var (path, cell) in Cells)
            {
                var denominator = Denominators.TryGetValue(LastOf(path), out var name)
                    ? Cells.GetValueOrDefault(path[..^LastOf(path).Length] + name)
                    : null;
                cell.IsHidden |= isOfFew || IsSmall(cell.Value)
                    || (denominator is not null && (IsSmall(denominator.Value) || IsSmall(denominator.Value - cell.Value)));
            }
        }

        public JsonObject Shown(int minimum, int rounding)
        {
            // Of figures of the whole item that stand beside no count of their own, such as a difference of two groups.
            var parts = Cells.Where(cell => !Denominators.TryGetValue(LastOf(cell.Key), out var whole)
                || !Cells.ContainsKey(cell.Key[..^LastOf(cell.Key).Length] + whole));
            var scale = new Scale(
                parts.Select(cell => cell.Value.Value).Where(count => count > 0).DefaultIfEmpty(1).Min(),
                SpreadIn(Item, _type, isDeep: true) ?? 0);
            var isSuppressed = Show(Item, _type, string.Empty, isHidden: false, minimum, rounding, scale);
            if (isSuppressed)
            {
                Item[Suppressed] = true;
            }

            return Item;
        }

        private void Find(JsonObject node, Type type, string prefix)
        {
            foreach (var member in ItemMember.Of(type))
            {
                var name = member.Name;
                switch (node[name])
                {
                    case JsonValue value when member.IsCount:
                        Cells.Add(prefix + name, new Cell(value.GetValue<long>()));
                        break;
                    case JsonObject counts when AreCounts(member.Type):
                        foreach (var (code, count) in counts)
                        {
                            Cells.Add($"{prefix}{name}.{code}", new Cell(count!.GetValue<long>()));
                        }

                        break;
                    case JsonObject inner when !member.Marks.IsOfNoPatient:
                        Find(inner, member.Type, $"{prefix}{name}.");
                        break;
                    case JsonArray items when ElementOf(member.Type) is { } element:
                        foreach (var item in items)
                        {
                            Find(item!.AsObject(), element, $"{prefix}{name}.{NameIn(item, element)}.");
                        }

                        break;
                }
            }
        }

        // Hides and rounds; says whether anything is hidden. isHidden: what the object is part of is.
        private bool Show(JsonObject node, Type type, string prefix, bool isHidden, int minimum, int rounding, Scale around)
        {
            var members = ItemMember.Of(type);
            var firstFigure = members.Index().FirstOrDefault(member => member.Item.IsFigure, (Index: -1, Item: null!)).Index;

            // A figure comes from the counts before it; an object without any, from those of its neighbours.
            var own = members.Where((member, index) => member.IsCount && (firstFigure < 0 || index < firstFigure))
                .Select(member => prefix + member.Name)
                .ToList();
            var neighbours = own.Count > 0 ? own : [.. Cells.Keys.Where(path => path.StartsWith(prefix, StringComparison.Ordinal))];
            var areFiguresHidden = isHidden || neighbours.Exists(path => Cells.TryGetValue(path, out var cell) && cell.IsHidden);
            var scale = new Scale(
                own.Count > 0 ? own.Max(path => Cells.TryGetValue(path, out var cell) ? cell.Value : 0) : around.Cases,
                SpreadIn(node, type, isDeep: false) ?? around.Spread);
            var isSuppressed = false;
            foreach (var member in members.Where(member => !member.Marks.IsOfNoPatient))
            {
                var (name, marks) = (member.Name, member.Marks);
                var hide = isHidden || (marks.HiddenWith is { } with && Cells.GetValueOrDefault(prefix + with)?.IsHidden == true);
                switch (node[name])
                {
                    case JsonValue when member.IsCount:
                        node[name] = Count(Cells[prefix + name], hide);
                        break;
                    case JsonObject counts when AreCounts(member.Type):
                        foreach (var code in counts.Select(pair => pair.Key).ToList())
                        {
                            counts[code] = Count(Cells[$"{prefix}{name}.{code}"], hide);
                        }

                        break;
                    case JsonValue when marks.IsOfOnePatient || (hide && !member.IsFigure && marks.HiddenWith is not null):
                        node[name] = null;
                        break;
                    case JsonValue value when member.IsFigure:
                        var of = node[name + "Of"] is JsonObject
                            ? Cells.Keys.Where(path => path.StartsWith($"{prefix}{name}Of.", StringComparison.Ordinal))
                                .Any(path => Cells[path].IsHidden)
                            : hide;
                        node[name] = areFiguresHidden || of ? null : Rounded(value, scale.StepOf(member.Unit));
                        break;
                    case JsonObject inner:
                        isSuppressed |= Show(
                            inner,
                            member.Type,
                            $"{prefix}{name}.",
                            hide || (own.Count == 0 && areFiguresHidden && !HasCounts(member.Type)),
                            minimum,
                            rounding,
                            scale);
                        break;
                    case JsonArray items when ElementOf(member.Type) is { } element:
                        foreach (var item in items)
                        {
                            isSuppressed |= Show(
                                item!.AsObject(), element, $"{prefix}{name}.{NameIn(item, element)}.", hide, minimum, rounding, scale);
                        }

                        break;
                }
            }

            FromWhatIsShown(node);
            return isSuppressed;

            JsonValue? Count(Cell cell, bool hide)
            {
                if (hide || cell.IsHidden)
                {
                    isSuppressed = true;
                    return null;
                }

                return JsonValue.Create(Round(cell.Value, minimum, rounding));
            }
        }

        // Rates, and sums beside their means, as the counts that are shown give them: those behind them would tell the exact counts.
        private static void FromWhatIsShown(JsonObject node)
        {
            foreach (var (numerator, denominator) in Denominators)
            {
                if (node[denominator] is JsonValue n && node[numerator] is JsonValue x)
                {
                    var proportion = new Proportion(Math.Min(x.GetValue<long>(), n.GetValue<long>()), n.GetValue<long>());
                    Replace(node, "rate", proportion.Rate);
                    Replace(node, "share", proportion.Rate);
                    Replace(node, "ciLow", proportion.Wilson95?.Low);
                    Replace(node, "ciHigh", proportion.Wilson95?.High);
                }
            }

            foreach (var point in node["points"] as JsonArray ?? [])
            {
                Replace(point!.AsObject(), "share", (double?)(long?)point["responders"] / (long?)node["denominator"]);
            }

            if (node["mean"] is JsonValue mean && node["n"] is JsonValue number && node["total"] is JsonValue)
            {
                node["total"] = Rounded(JsonValue.Create(mean.GetValue<decimal>() * number.GetValue<long>()), 0);
            }

            if (node["costPerResponder"] is JsonValue && node["costPerResponderOf"] is JsonObject { } of && of["total"] is JsonValue total
                && of["responders"] is JsonValue responders)
            {
                node["costPerResponder"] = Rounded(JsonValue.Create(total.GetValue<decimal>() / responders.GetValue<long>()), 0);
            }
        }

        private static void Replace(JsonObject node, string figure, double? value)
        {
            if (node[figure] is JsonValue)
            {
                node[figure] = value is null ? null : JsonValue.Create(Math.Round(value.Value, Decimals));
            }
        }

        // Never to a number that would have been hidden.
        public static long Round(long count, int minimum, int rounding)
        {
            var rounded = (count + (rounding / 2)) / rounding * rounding;
            return count == 0 ? 0 : Math.Max(rounded, (minimum + rounding - 1) / rounding * rounding);
        }

        // The largest standard deviation beside the figures of an object.
        private static decimal? SpreadIn(JsonNode node, Type type, bool isDeep) =>
            ItemMember.Of(type).Max(member => node[member.Name] switch
            {
                JsonValue value when member.IsFigure && member.Name.Contains("sd", StringComparison.OrdinalIgnoreCase) =>
                    value.GetValue<decimal>(),
                JsonObject inner when isDeep && !AreCounts(member.Type) => SpreadIn(inner, member.Type, isDeep),
                JsonArray items when isDeep && ElementOf(member.Type) is { } element => items.Max(item => SpreadIn(item!, element, isDeep)),
                _ => (decimal?)null,
            });

        private static JsonValue Rounded(JsonValue value, decimal step)
        {
            if (value.TryGetValue<decimal>(out var amount))
            {
                amount = step > 0 ? (decimal.Round(amount / step) * step).WithoutTrailingZeros() : amount;
                if (decimal.Abs(amount) < 1)
                {
                    return JsonValue.Create(decimal.Round(amount, Decimals));
                }

                var digits = decimal.Truncate(decimal.Abs(amount)).ToString(CultureInfo.InvariantCulture).Length;
                var unit = digits > SignificantDigits ? (decimal)Math.Pow(10, digits - SignificantDigits) : 1;
                return JsonValue.Create(decimal.Round(amount / unit, Math.Max(0, Math.Min(Decimals, SignificantDigits - digits))) * unit);
            }

            return value;
        }

        // What an element of a list is about: its first member.
        private static string NameIn(JsonNode item, Type type) => item[ItemMember.Of(type)[0].Name]!.ToString();

        private static string LastOf(string path) => path[(path.LastIndexOf('.') + 1)..];

        private static bool HasCounts(Type type) => ItemMember.Of(type).Any(member => member.IsCount);

        private static Type? ElementOf(Type type) =>
            type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)) && type.IsGenericType
                && type.GetGenericArguments() is [{ IsClass: true } element]
                ? element
                : null;
    }
}
