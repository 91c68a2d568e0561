using System.Data.Common;
using Dapper;
using Registry.Api.Access;
using Registry.Api.Data;
using Registry.Api.Summaries;
using Registry.Domain.Assessments;
using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Api.Cohorts;

/// <summary>Reads the cases of a cohort, some at a time, in the order of a key.</summary>
internal static class CohortReader
{
    private const int AtOnce = 100;

    // Looking up this many rows one by one takes about 20 ms.
    private const int MuchEarlier = 30_000;

    private static readonly string Among =
        string.Join(", ", Enumerable.Range(0, AtOnce).Select(index => FormattableString.Invariant($"@p{index}")));
    private static readonly string Day = FormattableString.Invariant($"@p{AtOnce}");
    private static readonly string Currency = FormattableString.Invariant($"@p{AtOnce + 1}");
    private static readonly string PriceYear = FormattableString.Invariant($"@p{AtOnce + 2}");

    private static readonly Statement Cases = Both(
        "analysis_case",
        """
        case_id, site_code, case_code, procedure_code, indication, sex, age_years, pain_side, pain_level_bits, pain_duration_months,
        is_primary, is_entered, is_treated, time_zero_day, lead,
        trial_started_day, trial_ended_day, trial_outcome, implant_standing, treated_day, generator, generator_replaced_day, explanted_day,
        reimplanted_day, permanent_explant_day,
        explant_reason, crossover_day, died_day, withdrawn_day, lost_day, end_day, end_reason, therapy_end, therapy_days, baseline_nrs,
        baseline_pdi
        """,
        "case_id");

    private static readonly Statement Visits = Both(
        "analysis_visit",
        "case_id, timepoint, state, reason, window_position, assessed_day, target_day, window_last_day, nrs, pdi",
        "case_id",
        " AND timepoint <> 'baseline'");

    private static readonly Statement Costs = Both(
        "analysis_cost",
        string.Join(", ", Enum.GetValues<CostCategory>().Select(category => Code.Of(category).Replace('-', '_')).Prepend("unit_case_id")),
        "unit_case_id",
        $" AND unit IN ('case', 'both') AND currency = {Currency} AND price_year = {PriceYear}");

    private const int NamesAtOnce = 10_000;
    private static readonly Statement Names =
        new("SELECT case_id, site_code, case_code FROM analysis_case WHERE case_id > @p0 AND case_id <= @p1");
    private static readonly Statement HasMore =
        new("SELECT CASE WHEN EXISTS (SELECT 1 FROM analysis_case WHERE case_id > @p0) THEN 1 ELSE 0 END AS has_more");

    private static readonly Dictionary<string, int> Timepoints =
        Enum.GetValues<Timepoint>().ToDictionary(Code.Of, timepoint => (int)timepoint, StringComparer.Ordinal);

    /// <summary>The tables that rows are read from, by the names under which their changes are counted.</summary>
    public static readonly IReadOnlyList<string> Tables = ["analysis_case", "analysis_visit", "analysis_cost"];

    /// <summary>The next cases of a cohort behind a place in its order: their numbers, and the values they are sorted by.</summary>
    /// <param name="session">Where to ask.</param>
    /// <param name="engine">The engine's folder below <c>db/</c>.</param>
    /// <param name="filter">The cases, and the cut-off.</param>
    /// <param name="sort">The order.</param>
    /// <param name="after">The place; null for the beginning.</param>
    /// <param name="count">How many cases at most.</param>
    /// <param name="muchEarlier">The rows that end after the cut-off from which on they are read in order.</param>
    public static async Task<IReadOnlyList<CohortKey>> Keys(
        Session session, string engine, CohortFilter filter, CohortSort sort, CohortKey? after, int count, int muchEarlier = MuchEarlier)
    {
        var parameters = new DynamicParameters(filter.Parameters);
        parameters.Add("limit", count);
        foreach (var (name, text) in sort.Parameters)
        {
            parameters.Add(name, text);
        }

        if (after is not null)
        {
            parameters.Add("afterCase", after.Number);
            parameters.Add("afterValue", sort.IsText ? after.Text : after.Value);
        }

        var value = sort.IsText ? "Text" : "Value";
        var first = Dialect.First(engine, "@limit");
        string Order(string key, string number) =>
            $"ORDER BY {(sort.Sql is null ? string.Empty : key + (sort.IsDescending ? " DESC, " : ", "))}{number} {first}";
        IEnumerable<string> Behind(string number) => after is null ? []
            : sort.Sql is null ? [$"{number} > @afterCase"]
            : [$"({sort.Sql} {(sort.IsDescending ? "<" : ">")} @afterValue OR ({sort.Sql} = @afterValue AND {number} > @afterCase))"];
        string Of(string table, string known, string number, string hint = "") =>
            $"SELECT n.Number, n.{value} FROM (SELECT c.case_id AS Number, {sort.Sql ?? "0"} AS {value} FROM {table} c {hint} WHERE "
            + $"{string.Join(" AND ", [known, .. filter.Where.Values, .. Behind(number)])} {Order(sort.Sql ?? string.Empty, number)}) n";

        // By hand and not over the view cohort: so that the one half is read in order, up to as many as are wanted, and the other by what
        // ends after the cut-off, which the sign keeps SQLite to; in order, too, where that is much: at a cut-off long past.
        var byKey = sort.Sql is null ? Dialect.ByKeyAlone(engine) : string.Empty;
        var isMuchEarlier = byKey.Length > 0
            && await session.Single<long>(
                $"SELECT COUNT(*) FROM (SELECT 1 FROM analysis_case_earlier WHERE known_until > @asOfDay LIMIT {muchEarlier}) e",
                parameters) == muchEarlier;
        return await session.Query<CohortKey>(
            $"""
            {Of("analysis_case", "+c.known_from <= @asOfDay", "c.case_id", byKey)}
            UNION ALL
            {Of("analysis_case_earlier", "c.known_until > @asOfDay AND c.known_from <= @asOfDay", isMuchEarlier ? "c.case_id" : "+c.case_id", isMuchEarlier ? byKey : string.Empty)}
            {Order(value, "Number")}
            """,
            parameters);
    }

    /// <summary>
    /// The number of the case that bears a name; null where there is none. Every case is named in turn until it is found.
    /// </summary>
    public static async Task<int?> NumberOf(
        IDatabase database, string wanted, Func<string, string, string> name, CancellationToken cancellation)
    {
        for (var after = 0; ;)
        {
            var some = await database.Read(
                session => session.Rows(
                    Names,
                    static row => (Number: row.GetInt32(0), Site: row.GetString(1), Code: row.GetString(2)),
                    after,
                    after + NamesAtOnce).AsTask(),
                cancellation);
            foreach (var (number, site, code) in some)
            {
                if (name(site, code) == wanted)
                {
                    return number;
                }
            }

            if (await database.Read(
                session => session.Rows(HasMore, static row => row.GetInt32(0), after + NamesAtOnce).AsTask(), cancellation) is [0])
            {
                return null;
            }

            after += NamesAtOnce;
        }
    }

    /// <summary>How many cases a cohort holds.</summary>
    public static async Task<long> Count(Session session, string engine, CohortFilter filter) =>
        await session.Single<long?>(
            ScopedQuery.Over(engine, "case_count").Text(filter.Where, select: "SELECT SUM(n.cases) AS cases FROM case_count n"),
            filter.Parameters) ?? 0;

    /// <summary>The rows of cases, in the order of their numbers as given.</summary>
    /// <param name="session">Where to ask.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="asOf">The cut-off.</param>
    /// <param name="unit">The currency and price year of the costs; null for none.</param>
    /// <param name="name">Names a case by its site and the site's own number.</param>
    /// <param name="sites">The names of sites.</param>
    public static async Task<IReadOnlyList<CohortRow>> Rows(
        Session session,
        IReadOnlyList<int> numbers,
        DateOnly asOf,
        CostUnitOfCohort? unit,
        Func<string, string, string> name,
        SiteNames sites)
    {
        var (day, found) = (DayNumber.Of(asOf), new Dictionary<int, CohortRow>(numbers.Count));
        var values = new object?[AtOnce + 1];
        values[AtOnce] = day.Value;
        for (var from = 0; from < numbers.Count; from += AtOnce)
        {
            // The statement always has as many places: the last number stands in those that are left.
            for (var place = 0; place < AtOnce; place++)
            {
                values[place] = numbers[Math.Min(from + place, numbers.Count - 1)];
            }

            foreach (var row in await session.Rows(Cases, reader => Case(reader, day, name, sites), values))
            {
                found[row.Number] = row;
            }

            foreach (var (number, timepoint, visit) in await session.Rows(Visits, reader => Visit(reader, day), values))
            {
                if (found.TryGetValue(number, out var row))
                {
                    row.Visits[timepoint] = visit;
                }
            }

            if (unit is not null)
            {
                foreach (var (number, amounts) in await session.Rows(Costs, Amounts, [.. values, unit.Currency, unit.PriceYear]))
                {
                    found[number].Costs = amounts;
                }
            }
        }

        return [.. numbers.Where(found.ContainsKey).Select(number => found[number])];
    }

    private static Statement Both(string table, string columns, string key, string where = "") => new(
        $"""
        SELECT {columns} FROM {table} WHERE known_from <= {Day} AND {key} IN ({Among}){where}
        UNION ALL
        SELECT {columns} FROM {table}_earlier WHERE known_from <= {Day} AND known_until > {Day} AND {key} IN ({Among}){where}
        """);

    private static CohortRow Case(DbDataReader reader, DayNumber asOf, Func<string, string, string> name, SiteNames sites) => new()
    {
        Number = reader.GetInt32(0),
        Case = name(reader.GetString(1), reader.GetString(2)),
        Site = sites.Of(reader.GetString(1)),
        Procedure = reader.GetString(3),
        Indication = reader.GetString(4),
        Sex = reader.GetString(5),
        AgeYears = Whole(reader, 6),
        PainSide = Text(reader, 7),
        PainLevelBits = reader.IsDBNull(8) ? null : reader.GetInt64(8),
        PainDurationMonths = Whole(reader, 9),
        IsPrimary = reader.GetInt32(10) == 1,
        IsEntered = reader.GetInt32(11) == 1,
        IsTreated = reader.GetInt32(12) == 1,
        TimeZero = DayOf(reader, 13),
        Lead = Text(reader, 14),
        TrialStarted = DayOf(reader, 15),
        TrialEnded = DayOf(reader, 16),
        TrialOutcome = Text(reader, 17),
        ImplantStanding = Text(reader, 18),
        Treated = DayOf(reader, 19),
        Generator = Text(reader, 20),
        GeneratorReplaced = DayOf(reader, 21),
        Explanted = DayOf(reader, 22),
        Reimplanted = DayOf(reader, 23),
        PermanentExplant = DayOf(reader, 24),
        ExplantReason = Text(reader, 25),
        Crossover = DayOf(reader, 26),
        Died = DayOf(reader, 27),
        Withdrawn = DayOf(reader, 28),
        Lost = DayOf(reader, 29),
        End = DayOf(reader, 30),
        EndReason = Text(reader, 31),
        TherapyEnd = Text(reader, 32),
        TherapyDays = Whole(reader, 33),
        BaselineNrs = Whole(reader, 34),
        BaselinePdi = Whole(reader, 35),
        AsOf = asOf,
    };

    private static (int Number, int Timepoint, CohortVisit Visit) Visit(DbDataReader reader, DayNumber asOf)
    {
        var (state, target) = (reader.GetString(2), new DayNumber(reader.GetInt32(6)));
        var known = state != "open" ? state : Code.Of(asOf <= new DayNumber(reader.GetInt32(7)) ? VisitState.Due : VisitState.Overdue);
        return (
            reader.GetInt32(0),
            Timepoints[reader.GetString(1)],
            new CohortVisit(known, Text(reader, 3), Text(reader, 4), DayOf(reader, 5), target, Whole(reader, 8), Whole(reader, 9)));
    }

    private static (int Number, long?[] Amounts) Amounts(DbDataReader reader)
    {
        var amounts = new long?[reader.FieldCount - 1];
        for (var category = 0; category < amounts.Length; category++)
        {
            amounts[category] = reader.IsDBNull(category + 1) ? null : reader.GetInt64(category + 1);
        }

        return (reader.GetInt32(0), amounts);
    }

    private static int? Whole(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    private static DayNumber? DayOf(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : new DayNumber(reader.GetInt32(column));

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}

/// <summary>A place in the order of a cohort: a case, and the value it is sorted by.</summary>
internal sealed record CohortKey
{
    public int Number { get; init; }
    public int Value { get; init; }
    public string Text { get; init; } = string.Empty;
}

/// <summary>The currency and price year in which costs are asked for.</summary>
internal sealed record CostUnitOfCohort(string Currency, int PriceYear);

/// <summary>The order of a cohort. Ties, and the order without a column, go by the number of the case, which never changes.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Sql">The value, with a missing one first; null for the number of the case alone.</param>
/// <param name="IsText">Whether the value is a text.</param>
/// <param name="IsDescending">Whether the highest value comes first.</param>
internal sealed record CohortSort(string Name, string? Sql, bool IsText, bool IsDescending)
{
    private const string BeforeAll = "-2000000000";
    private const string SiteCode = "c.site_code";

    private static readonly CohortSort[] Ascending =
    [
        new("case", null, false, false),
        new("site", SiteCode, true, false),
        new("procedure", "c.procedure_code", true, false),
        new("indication", "c.indication", true, false),
        new("age", $"COALESCE(c.age_years, {BeforeAll})", false, false),
        new("painDurationMonths", $"COALESCE(c.pain_duration_months, {BeforeAll})", false, false),
        new("nrsBaseline", $"COALESCE(c.baseline_nrs, {BeforeAll})", false, false),
        new("pdiBaseline", $"COALESCE(c.baseline_pdi, {BeforeAll})", false, false),
        new("endDays", $"COALESCE(c.end_day - c.time_zero_day, {BeforeAll})", false, false),
    ];

    /// <summary>What <see cref="Sql"/> names.</summary>
    public IReadOnlyList<(string Name, string Text)> Parameters { get; private init; } = [];

    /// <summary>Whether it goes by the codes of sites.</summary>
    public bool IsOfSites => Sql == SiteCode;

    /// <summary>The same order by the names of sites: that of their codes would tell which is which.</summary>
    public CohortSort ByName(IEnumerable<SiteCode> codes, SiteNames names)
    {
        var sites = codes.Select(code => code.ToString())
            .Index()
            .Select(site => (Code: ($"siteCode{site.Index}", site.Item), Name: ($"siteName{site.Index}", names.Of(site.Item))))
            .ToList();
        return this with
        {
            Sql = $"CASE {SiteCode} WHEN '' THEN '' {string.Join(' ', sites.Select(site => $"WHEN @{site.Code.Item1} THEN @{site.Name.Item1}"))} ELSE '' END",
            Parameters = [.. sites.SelectMany(site => ((string, string)[])[site.Code, site.Name])],
        };
    }

    /// <summary>Every order, by name.</summary>
    public static readonly IReadOnlyDictionary<string, CohortSort> All = Ascending
        .Concat(Ascending.Where(sort => sort.Sql is not null).Select(sort => sort with { Name = "-" + sort.Name, IsDescending = true }))
        .ToDictionary(sort => sort.Name);
}
