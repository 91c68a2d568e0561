using System.Globalization;
using Registry.Api.Data;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Api.Recording;

/// <summary>One analysis table, as rows of values.</summary>
/// <param name="Name">The table.</param>
/// <param name="Keys">The columns of the key.</param>
/// <param name="Columns">The other columns.</param>
internal sealed record AnalysisTable(string Name, IReadOnlyList<string> Keys, IReadOnlyList<string> Columns)
{
    /// <summary>The end of the name of a table of earlier cut-offs; before it stands that of the present.</summary>
    public const string Earlier = "_earlier";

    /// <summary>The name under which changes are counted in <c>data_version</c>: earlier cut-offs count with their table.</summary>
    public string Version { get; } = VersionOf(Name);

    /// <summary>Every column, the key first.</summary>
    public IReadOnlyList<string> All { get; } = [.. Keys, .. Columns];

    /// <summary>The column that holds the number of the case.</summary>
    public string CaseColumn { get; } = Keys.Single(column => column.EndsWith("case_id", StringComparison.Ordinal));

    /// <summary>The statements about one row.</summary>
    public RowStatements Statements { get; } = new(Name, Keys, Columns);

    /// <summary>The name under which the changes of a table are counted.</summary>
    public static string VersionOf(string table) =>
        table.EndsWith(Earlier, StringComparison.Ordinal) ? table[..^Earlier.Length] : table;
}

/// <summary>A derived row and where it goes.</summary>
internal readonly record struct AnalysisRow(AnalysisTable Table, object?[] Values);

/// <summary>The analysis tables: which row of the derivation goes where, and what has to change when a person's rows do.</summary>
internal static class AnalysisStore
{
    private static readonly string[] CaseColumns =
    [
        "site_code", "case_code", "person_id", "is_only_case", "procedure_code", "indication", "sex", "pain_side", "pain_duration_months",
        "is_primary", "pathway_case_id", "is_entered", "is_treated", "time_zero_day", "age_years", "trial_started_day", "trial_ended_day",
        "trial_outcome", "implant_standing", "treated_day", "explanted_day", "reimplanted_day", "permanent_explant_day", "crossover_day",
        "died_day", "withdrawn_day", "lost_day", "end_day", "end_reason", "therapy_end", "therapy_end_day", "therapy_days", "case_class",
        "pain_level_bits", "lead", "generator", "generator_replaced_day", "explant_reason", "baseline_nrs", "baseline_pdi",
    ];

    private static readonly string[] VisitColumns =
    [
        "site_code", "procedure_code", "is_treated", "target_day", "window_last_day", "state", "reason", "window_position", "assessed_day",
        "nrs", "pdi", "baseline_nrs", "baseline_pdi", "nrs_class", "pdi_class",
    ];

    private static readonly string[] CostColumns =
    [
        .. Enum.GetValues<CostCategory>().Select(category => Code.Of(category).Replace('-', '_')), "is_first_surgical", "is_first",
        .. new[] { "surgical", "all" }.SelectMany(
            basis => new[] { "thousandths", "bucket", "square_e22", "square_e11", "square_e0" }.Select(part => $"{basis}_{part}")),
    ];

    private static readonly Statement Changed =
        new("UPDATE data_version SET changes = changes + 1 WHERE site_code = @p0 AND table_name = @p1");
    private static readonly Statement FirstChanged = new("INSERT INTO data_version (site_code, table_name, changes) VALUES (@p0, @p1, 1)");

    private static readonly AnalysisTable Case = new("analysis_case", ["case_id"], ["known_from", .. CaseColumns]);
    private static readonly AnalysisTable CaseEarlier =
        new("analysis_case_earlier", ["case_id", "known_from"], ["known_until", .. CaseColumns]);
    private static readonly AnalysisTable Visit =
        new("analysis_visit", ["case_id", "timepoint"], ["known_from", .. VisitColumns]);
    private static readonly AnalysisTable VisitEarlier =
        new("analysis_visit_earlier", ["case_id", "timepoint", "known_from"], ["known_until", .. VisitColumns]);

    private static readonly AnalysisTable Response = new(
        "analysis_response",
        ["instrument", "case_id"],
        ["procedure_code", .. Enumerable.Range(1, VisitWindow.All.Count)
            .SelectMany(visit => new[] { FormattableString.Invariant($"relief_{visit}"), FormattableString.Invariant($"day_{visit}") })]);

    private static readonly AnalysisTable Cost = new(
        "analysis_cost", ["procedure_code", "currency", "price_year", "unit", "unit_case_id"], ["known_from", .. CostColumns]);

    private static readonly AnalysisTable CostEarlier = new(
        "analysis_cost_earlier",
        ["unit_case_id", "unit", "currency", "price_year", "known_from"],
        ["known_until", "procedure_code", .. CostColumns]);

    private static readonly AnalysisTable Stay =
        new("analysis_stay", ["case_id", "stay_code"], ["known_from", "procedure_code", "days", "is_first_of_case"]);

    private static readonly AnalysisTable AdverseEvent = new(
        "analysis_adverse_event",
        ["case_id", "adverse_event_code"],
        ["known_from", "procedure_code", "category", "severity", "is_serious", "is_first_of_case", "is_first_of_category"]);

    private static readonly AnalysisTable Event =
        new("analysis_event", ["case_id", "event_code"], ["event_type", "event_day"]);

    /// <summary>Every table, in an order in which they can be filled.</summary>
    public static readonly IReadOnlyList<AnalysisTable> Tables =
        [Case, CaseEarlier, Visit, VisitEarlier, Response, Cost, CostEarlier, Stay, AdverseEvent, Event];

    /// <summary>The columns of the response classes, the key first.</summary>
    public static readonly IReadOnlyList<string> ClassColumns =
    [
        "response_class", "is_treated", "is_evaluable", "is_scored", "relief_percent", "fell_two_points", "is_worse", "died_before",
        "ended_before",
    ];

    /// <summary>Stores a response class.</summary>
    public static readonly Statement NewResponseClass =
        new RowStatements("response_class", [ClassColumns[0]], [.. ClassColumns.Skip(1)]).Insert;

    /// <summary>The values of <see cref="NewResponseClass"/>.</summary>
    public static object?[] Values(ResponseClass one) =>
    [
        one.Number, Flag(one.IsTreated), Flag(one.IsEvaluable), Flag(one.IsScored), one.ReliefPercent, Flag(one.FellTwoPoints),
        Flag(one.IsWorse), Flag(one.DiedBefore), Flag(one.EndedBefore),
    ];

    /// <summary>Counts every table of a site as changed.</summary>
    public static async Task CountChanges(Session session, SiteCode site)
    {
        foreach (var version in Tables.Select(table => table.Version).Append("site").Distinct())
        {
            await CountChange(session, site, version);
        }
    }

    /// <summary>Counts one table of a site as changed, by the name under which its changes are counted.</summary>
    public static async ValueTask CountChange(Session session, SiteCode site, string version)
    {
        if (await session.Run(Changed, site, version) == 0)
        {
            await session.Run(FirstChanged, site, version);
        }
    }

    /// <summary>The rows of a person, as they are stored.</summary>
    public static IEnumerable<AnalysisRow> RowsOf(PersonAnalysis analysis) => analysis.Cases.Values.SelectMany(one => RowsOf(one.Rows));

    private static IEnumerable<AnalysisRow> RowsOf(AnalysisRows rows) =>
        rows.Cases.Select(Of).Concat(rows.Visits.Select(Of)).Concat(rows.Responses.Select(Of)).Concat(rows.Costs.Select(Of))
            .Concat(rows.Stays.Select(Of)).Concat(rows.AdverseEvents.Select(Of)).Concat(rows.Events.Select(Of));

    /// <summary>The statements that lead from the rows before a change to those after it: only rows that differ are touched.</summary>
    /// <param name="before">The rows as they are stored.</param>
    /// <param name="after">The rows as they are to be.</param>
    /// <param name="changes">The statements are added here.</param>
    /// <param name="versions">The names of the versions that move on are added here.</param>
    public static void Changes(
        PersonAnalysis before, PersonAnalysis after, List<(Statement Statement, object?[] Values)> changes, HashSet<string> versions)
    {
        foreach (var number in before.Cases.Keys.Except(after.Cases.Keys))
        {
            Changes(before.Cases[number].Rows, AnalysisRows.None, changes, versions);
        }

        foreach (var (number, one) in after.Cases)
        {
            if (!(before.Cases.TryGetValue(number, out var known) && ReferenceEquals(known.Rows, one.Rows)))
            {
                Changes(known?.Rows ?? AnalysisRows.None, one.Rows, changes, versions);
            }
        }
    }

    private static void Changes(
        AnalysisRows before, AnalysisRows after, List<(Statement Statement, object?[] Values)> changes, HashSet<string> versions)
    {
        Compare(before.Cases, after.Cases, Of, changes, versions);
        Compare(before.Visits, after.Visits, Of, changes, versions);
        Compare(before.Responses, after.Responses, Of, changes, versions);
        Compare(before.Costs, after.Costs, Of, changes, versions);
        Compare(before.Stays, after.Stays, Of, changes, versions);
        Compare(before.AdverseEvents, after.AdverseEvents, Of, changes, versions);
        Compare(before.Events, after.Events, Of, changes, versions);
    }

    private static void Compare<T>(
        IReadOnlyList<T> before,
        IReadOnlyList<T> after,
        Func<T, AnalysisRow> stored,
        List<(Statement Statement, object?[] Values)> changes,
        HashSet<string> versions)
        where T : IEquatable<T>
    {
        // The rows are in a fixed order, so most of a change lies between what is alike at both ends.
        var (start, fromEnd) = (0, 0);
        while (start < before.Count && start < after.Count && before[start].Equals(after[start]))
        {
            start++;
        }

        while (fromEnd < before.Count - start && fromEnd < after.Count - start && before[^(fromEnd + 1)].Equals(after[^(fromEnd + 1)]))
        {
            fromEnd++;
        }

        var gone = new Dictionary<string, (T Row, AnalysisRow Stored)>(StringComparer.Ordinal);
        for (var at = start; at < before.Count - fromEnd; at++)
        {
            var row = stored(before[at]);
            gone[Key(row)] = (before[at], row);
        }

        var put = new List<(Statement Statement, object?[] Values)>();
        for (var at = start; at < after.Count - fromEnd; at++)
        {
            var row = stored(after[at]);
            if (!gone.Remove(Key(row), out var known))
            {
                put.Add((row.Table.Statements.Insert, row.Values));
                versions.Add(row.Table.Version);
            }
            else if (!known.Row.Equals(after[at]) && !known.Stored.Values.SequenceEqual(row.Values))
            {
                put.Add((row.Table.Statements.Update, row.Values));
                versions.Add(row.Table.Version);
            }
        }

        foreach (var (_, row) in gone.Values)
        {
            changes.Add((row.Table.Statements.Delete, row.Values[..row.Table.Keys.Count]));
            versions.Add(row.Table.Version);
        }

        changes.AddRange(put);
    }

    private static string Key(AnalysisRow row) => row.Table.Name + "|" + string.Join('|', row.Values.Take(row.Table.Keys.Count));

    private static AnalysisRow Of(CaseRow row)
    {
        var (record, standing) = (row.Record, row.Standing);
        object?[] values =
        [
            row.Site.ToString(), row.Code.ToString(), row.Person, Flag(row.IsOnlyCase), Code.Of(record.Procedure),
            Code.Of(record.Indication), Code.Of(record.Patient.Sex), Code.Of(record.PainSide), record.PainDurationMonths,
            Flag(record.PrecedingCase is null), row.Pathway, Flag(standing.IsEntered), Flag(standing.IsTreated), standing.TimeZero?.Value,
            row.AgeYears, standing.TrialStarted?.Value, standing.TrialEnded?.Value, Code.Of(standing.TrialOutcome),
            Code.Of(standing.Implant), standing.Treated?.Value, standing.Explanted?.Value, standing.Reimplanted?.Value,
            standing.PermanentExplant?.Value, standing.Crossover?.Value, standing.Died?.Value, standing.Withdrawn?.Value,
            standing.Lost?.Value, standing.End?.Value, Code.Of(standing.EndReason), Code.Of(standing.Therapy),
            standing.Therapy is null ? null : standing.End?.Value, row.TherapyDays, (int)row.Class,
            record.PainLevels is { } levels ? SpinalLevel.Bits(levels) : null, Code.Of(standing.Lead), Code.Of(standing.Generator),
            standing.GeneratorReplaced?.Value, Code.Of(standing.ExplantReason), row.BaselineNrs, row.BaselinePdi,
        ];
        return Ranged(Case, CaseEarlier, row.CutOffs, [row.Case], values);
    }

    private static AnalysisRow Of(VisitRow row)
    {
        var visit = row.Visit;
        object?[] values =
        [
            row.Site.ToString(), Code.Of(row.Procedure), Flag(row.IsTreated), visit?.TargetDay.Value, visit?.LastDay.Value,
            visit is { } known ? Code.Of(known.State) ?? "open" : null, visit?.Reason, Code.Of(visit?.Position), visit?.AssessedDay?.Value,
            row.Nrs, row.Pdi, row.BaselineNrs, row.BaselinePdi, row.NrsClass?.Number, row.PdiClass?.Number,
        ];
        return Ranged(Visit, VisitEarlier, row.CutOffs, [row.Case, Code.Of(row.Timepoint)], values);
    }

    private static AnalysisRow Of(ResponseRow row)
    {
        var values = new object?[3 + (2 * VisitWindow.All.Count)];
        (values[0], values[1], values[2]) = (Code.Of(row.Instrument), row.Case, Code.Of(row.Procedure));
        foreach (var (index, visit) in row.Visits.Index())
        {
            (values[3 + (2 * index)], values[4 + (2 * index)]) = (visit.Relief, visit.Day.Value);
        }

        return new AnalysisRow(Response, values);
    }

    private static AnalysisRow Of(CostRow row)
    {
        object?[] values =
        [
            .. Enum.GetValues<CostCategory>().Select(category => (object?)row.ByCategory[category]), Flag(row.IsFirstSurgical),
            Flag(row.IsFirst),
            .. Parts(row.ByCategory.On(CostBasis.Surgical)), .. Parts(row.ByCategory.On(CostBasis.All)),
        ];
        return row.CutOffs.AreOpen
            ? new AnalysisRow(
                Cost, [Code.Of(row.Procedure), row.Currency, row.PriceYear, Code.Of(row.Unit), row.Case, row.CutOffs.From.Value, .. values])
            : new AnalysisRow(CostEarlier, [row.Case, Code.Of(row.Unit), row.Currency, row.PriceYear, row.CutOffs.From.Value,
                row.CutOffs.Until.Value, Code.Of(row.Procedure), .. values]);
    }

    // A sum, the bucket that orders it roughly, and its square in parts that can be added up without overflow.
    private static object?[] Parts(long? sum)
    {
        if (sum is not { } thousandths)
        {
            return [null, null, null, null, null];
        }

        const ulong E11 = 100_000_000_000;
        var digits = thousandths.ToString(CultureInfo.InvariantCulture);
        var square = (UInt128)thousandths * (UInt128)thousandths;
        return
        [
            thousandths,
            (1000 * digits.Length) + int.Parse(digits.PadRight(3, '0').AsSpan(0, 3), CultureInfo.InvariantCulture),
            (long)(square / E11 / E11),
            (long)(square / E11 % E11),
            (long)(square % E11),
        ];
    }

    private static AnalysisRow Of(StayRow row) =>
        new(Stay, [row.Case, row.Code, row.KnownFrom.Value, Code.Of(row.Procedure), row.Days, Flag(row.IsFirstOfCase)]);

    private static AnalysisRow Of(AdverseEventRow row) => new(
        AdverseEvent,
        [row.Case, row.Code, row.KnownFrom.Value, Code.Of(row.Procedure), Code.Of(row.Category), Code.Of(row.Severity),
            Flag(row.IsSerious), Flag(row.IsFirstOfCase), Flag(row.IsFirstOfCategory)]);

    private static AnalysisRow Of(EventRow row) => new(Event, [row.Case, row.Code, Code.Of(row.Type), row.Day.Value]);

    // A row that holds ever after, or for a range of earlier cut-offs.
    private static AnalysisRow Ranged(AnalysisTable open, AnalysisTable earlier, CutOffs cutOffs, object?[] keys, object?[] values) =>
        cutOffs.AreOpen
            ? new AnalysisRow(open, [.. keys, cutOffs.From.Value, .. values])
            : new AnalysisRow(earlier, [.. keys, cutOffs.From.Value, cutOffs.Until.Value, .. values]);

    private static int Flag(bool flag) => flag ? 1 : 0;
}
