using System.Globalization;
using System.Text;
using Registry.Api.Http;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>One line of the table of baseline characteristics: a number, or one level of a category.</summary>
/// <param name="Variable">The characteristic; 'cases' for how many there are.</param>
/// <param name="Level">The level of a category.</param>
/// <param name="Groups">The figures of each group, and of all together as 'all'.</param>
/// <param name="Smd">The largest standardised difference between any two groups, 'all' left out, without sign: of means by √((SD₁² + SD₂²)
/// / 2), of the share of a level by √((p₁(1 − p₁) + p₂(1 − p₂)) / 2).</param>
internal sealed record TableOneItem(
    string Variable,
    [Missing("null for a number")] string? Level,
    IReadOnlyList<TableOneCell> Groups,
    [Unit("standard deviations"), Missing("null without two groups that have it, and where two groups without any spread differ")]
    double? Smd);

/// <summary>The figures of one group.</summary>
/// <param name="Group">The group, or 'all'.</param>
/// <param name="N">Cases of this level; of a number, cases that have it.</param>
/// <param name="Of">Cases of the group in which the characteristic is recorded.</param>
/// <param name="Share">N / of, 0 to 1.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Sd">The sample standard deviation (n − 1).</param>
/// <param name="Median">The median (type 7).</param>
/// <param name="Q1">The lower quartile (type 7).</param>
/// <param name="Q3">The upper quartile (type 7).</param>
/// <param name="Missing">Cases of the group in which it is not recorded.</param>
internal sealed record TableOneCell(
    string Group,
    [Unit("cases")] long N,
    [Unit("cases")] long Of,
    [Unit("proportion, 0 to 1"), Missing("null for an empty group, and for a number")] double? Share,
    [Unit("that of the variable"), Missing("null for a category, and for none")] double? Mean,
    [Unit("that of the variable"), Missing("null for a category, and for fewer than two")] double? Sd,
    [Unit("that of the variable"), Missing("null for a category, and for none")] double? Median,
    [Unit("that of the variable"), Missing("null for a category, and for none")] double? Q1,
    [Unit("that of the variable"), Missing("null for a category, and for none")] double? Q3,
    [Unit("cases")] long Missing);

/// <summary>
/// The table of baseline characteristics, from the view <c>cohort</c>. Its rows are read once, each as few numbers, and counted
/// here: a query for each characteristic would read them a dozen times.
/// </summary>
[FromView("cohort")]
internal static class TableOne
{
    public const string Description =
        "Table one of a paper: n (%) of each level, mean ± SD and median [IQR] of each number, and how many are missing, by procedure or "
        + "another grouping, with the standardised difference. "
        + "Shares are of the cases in which the characteristic is recorded. Also as CSV and as Markdown, by the header Accept. A case "
        + "without a value of the grouping is in 'all' alone.";

    private const string All = "all";
    private const string Site = "site";

    private static readonly Category[] Categories =
    [
        new("procedure", "c.procedure_code", Code.All<Procedure>()),
        new("sex", "c.sex", Code.All<Sex>()),
        new("indication", "c.indication", Code.All<Indication>()),
        new("painSide", "c.pain_side", Code.All<PainSide>()),
        new("primary", "CASE c.is_primary WHEN 1 THEN 'true' ELSE 'false' END", ["true", "false"]),
        new("treated", "CASE c.is_treated WHEN 1 THEN 'true' ELSE 'false' END", ["true", "false"]),
        new("lead", "c.lead", Code.All<LeadType>()),
        new("trialOutcome", "c.trial_outcome", Code.All<TrialOutcome>()),
        new("generator", "c.generator", Code.All<GeneratorType>()),
    ];

    private static readonly (string Name, Func<Row, int?> Value)[] Numbers =
        [
            ("age", row => row.Age), ("painDurationMonths", row => row.Months), ("nrsBaseline", row => row.Nrs),
            ("pdiBaseline", row => row.Pdi),
        ];

    private static readonly QueryParameter By = new("by", "What the cases are grouped by. 'procedure' when left out.")
    {
        Codes = [.. Categories.Select(category => category.Name), Site],
    };

    public static IEnumerable<QueryParameter> Takes => [By];

    /// <summary>The table as Markdown, as it is printed.</summary>
    public static readonly SummaryForm<TableOneItem> Markdown = new("text/markdown; charset=utf-8", WriteMarkdown);

    public static async Task<IReadOnlyList<TableOneItem>> Items(SummaryQuery query)
    {
        var by = query.Single(By, "procedure");
        var grouping = Array.FindIndex(Categories, category => category.Name == by);

        // The levels of all categories as one number: 0 for a missing one, then the codes in their order.
        var (multiplier, packed) = (1L, new List<string>());
        var multipliers = new long[Categories.Length];
        foreach (var (index, category) in Categories.Index())
        {
            multipliers[index] = multiplier;
            packed.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{multiplier} * CASE {category.Sql} {string.Join(' ', category.Codes.Select((code, level) => $"WHEN '{code}' THEN {level + 1}"))} ELSE 0 END"));
            multiplier *= category.Codes.Count + 1;
        }

        var rows = await query.Select<Row>(
            "cohort",
            $"SELECT {string.Join(" + ", packed)} AS Packed, c.age_years AS Age, c.pain_duration_months AS Months, c.baseline_nrs AS Nrs, "
                + $"c.baseline_pdi AS Pdi{(by == Site ? ", c.site_code AS Site" : string.Empty)} FROM cohort c");
        var all = new Group(All);
        var groups = by == Site
            ? []
            : Categories[grouping].Codes.Select(code => new Group(code)).ToDictionary(group => group.Name, StringComparer.Ordinal);
        var levels = new int[Categories.Length];
        foreach (var row in rows)
        {
            for (var index = 0; index < levels.Length; index++)
            {
                levels[index] = (int)(row.Packed / multipliers[index] % (Categories[index].Codes.Count + 1));
            }

            all.Add(row, levels);
            var name =
                by == Site ? query.Sites.Of(row.Site!) : levels[grouping] == 0 ? null : Categories[grouping].Codes[levels[grouping] - 1];
            if (name is null)
            {
                continue;
            }

            if (!groups.TryGetValue(name, out var group))
            {
                groups[name] = group = new Group(name);
            }

            group.Add(row, levels);
        }

        IReadOnlyList<Group> columns = [all, .. by == Site
            ? groups.Values.OrderBy(group => group.Name, StringComparer.Ordinal)
            : groups.Values.Where(group => by != "procedure" || query.Filter.WantsGroup(group.Name))];
        return
        [
            new TableOneItem(
                "cases",
                null,
                [.. columns.Select(group => new TableOneCell(
                    group.Name, group.Cases, all.Cases, all.Cases == 0 ? null : (double)group.Cases / all.Cases, null, null, null, null,
                    null, 0))],
                null),
            .. Numbers.Index().Select(number => Line(number.Item.Name, null, columns, group => group.Number(number.Index))),
            .. from category in Categories.Index()
               from level in category.Item.Codes.Index()
               select Line(category.Item.Name, level.Item, columns, one => one.Level(category.Index, level.Index + 1)),
        ];
    }

    private static TableOneItem Line(string variable, string? level, IReadOnlyList<Group> groups, Func<Group, TableOneCell> cell)
    {
        var cells = groups.Select(cell).ToList();
        double? largest = null;
        for (var one = 1; one < cells.Count; one++)
        {
            for (var other = one + 1; other < cells.Count; other++)
            {
                if (Difference(cells[one], cells[other]) is { } difference)
                {
                    largest = double.IsInfinity(difference) || double.IsInfinity(largest ?? 0)
                        ? double.PositiveInfinity
                        : Math.Max(difference, largest ?? 0);
                }
            }
        }

        return new TableOneItem(variable, level, cells, largest is { } finite && !double.IsInfinity(finite) ? finite : null);
    }

    // Without a spread there is no difference between equals, and no standard for any other; null where a group has no value.
    private static double? Difference(TableOneCell one, TableOneCell other)
    {
        var (a, b) = (one.Mean ?? one.Share, other.Mean ?? other.Share);
        var (spreadA, spreadB) = (one.Mean is null ? one.Share * (1 - one.Share) : one.Sd * one.Sd,
            other.Mean is null ? other.Share * (1 - other.Share) : other.Sd * other.Sd);
        return (spreadA + spreadB) / 2 is not { } variance ? null
            : variance > 0 ? Math.Abs(a!.Value - b!.Value) / Math.Sqrt(variance)
            : a == b ? 0
            : double.PositiveInfinity;
    }

    private static string WriteMarkdown(Summary<TableOneItem> table)
    {
        var cases = table.Items[0];
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"| Characteristic | {string.Join(" | ", cases.Groups.Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell.Group} (n = {cell.N})")))} | SMD |\n|---|{string.Concat(cases.Groups.Select(_ => "---|"))}---|\n");
        foreach (var variable in table.Items.Skip(1).GroupBy(item => item.Variable))
        {
            var first = variable.First();
            if (first.Level is not null)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| **{variable.Key}**, n (%) | {string.Join(" | ", first.Groups.Select(_ => string.Empty))} | |\n");
            }

            foreach (var item in variable)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {item.Level ?? $"**{item.Variable}**, mean ± SD; median [IQR]"} | {string.Join(" | ", item.Groups.Select(Told))} | "
                        + $"{item.Smd:0.00} |\n");
            }

            if (first.Groups.Any(cell => cell.Missing > 0))
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| missing | {string.Join(" | ", first.Groups.Select(cell => cell.Missing.ToString(CultureInfo.InvariantCulture)))} | |\n");
            }
        }

        return text.Append(
            CultureInfo.InvariantCulture,
            $"\nData cut-off {table.AsOf.Iso()}, data version {table.DataVersion}. SMD: the largest standardised difference between any "
                + $"two groups.\n").ToString();
    }

    private static string Told(TableOneCell cell) => cell switch
    {
        { Mean: { } mean } =>
            string.Create(CultureInfo.InvariantCulture, $"{mean:0.0} ± {cell.Sd:0.0}; {cell.Median:0.#} [{cell.Q1:0.#}-{cell.Q3:0.#}]"),
        { Share: { } share } => string.Create(CultureInfo.InvariantCulture, $"{cell.N} ({100 * share:0.0})"),
        _ => "-",
    };

    private sealed record Category(string Name, string Sql, IReadOnlyList<string> Codes);

    private sealed record Row
    {
        public long Packed { get; init; }
        public int? Age { get; init; }
        public int? Months { get; init; }
        public int? Nrs { get; init; }
        public int? Pdi { get; init; }
        public string? Site { get; init; }
    }

    /// <summary>What is counted of a group.</summary>
    private sealed class Group(string name)
    {
        private readonly long[][] _levels = [.. Categories.Select(category => new long[category.Codes.Count + 1])];
        private readonly SortedDictionary<int, long>[] _values = [.. Numbers.Select(_ => new SortedDictionary<int, long>())];

        public string Name => name;

        public long Cases { get; private set; }

        public void Add(Row row, int[] levels)
        {
            Cases++;
            for (var category = 0; category < levels.Length; category++)
            {
                _levels[category][levels[category]]++;
            }

            for (var number = 0; number < Numbers.Length; number++)
            {
                if (Numbers[number].Value(row) is { } value)
                {
                    _values[number][value] = _values[number].GetValueOrDefault(value) + 1;
                }
            }
        }

        public TableOneCell Level(int category, int level)
        {
            var (n, missing) = (_levels[category][level], _levels[category][0]);
            return new TableOneCell(
                name, n, Cases - missing, Cases == missing ? null : (double)n / (Cases - missing), null, null, null, null, null, missing);
        }

        public TableOneCell Number(int number)
        {
            var (n, sum, squares) = (0L, Int128.Zero, Int128.Zero);
            foreach (var (value, cases) in _values[number])
            {
                n += cases;
                sum += (Int128)value * cases;
                squares += (Int128)value * value * cases;
            }

            var moments = new Moments(n, sum, squares);
            return new TableOneCell(
                name, n, n, null, moments.Mean, moments.Sd, Quartile(number, n, 2), Quartile(number, n, 1), Quartile(number, n, 3),
                Cases - n);
        }

        // Type 7: between the values at two neighbouring places, in quarters.
        private double? Quartile(int number, long n, int quartile) =>
            n == 0
                ? null
                : (((4 - (quartile * (n - 1) % 4)) * At(number, quartile * (n - 1) / 4))
                    + (quartile * (n - 1) % 4 * At(number, Math.Min(n - 1, (quartile * (n - 1) / 4) + 1)))) / 4.0;

        private long At(int number, long place)
        {
            var upto = 0L;
            foreach (var (value, cases) in _values[number])
            {
                upto += cases;
                if (place < upto)
                {
                    return value;
                }
            }

            throw new ArgumentOutOfRangeException(nameof(place), place, "There are fewer values.");
        }
    }
}
