using Registry.Api.Data;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>One analysis table, as rows of values.</summary>
/// <param name="Name">The table.</param>
/// <param name="Version">The name under which changes are counted in <c>data_version</c>.</param>
/// <param name="Keys">The columns of the key.</param>
/// <param name="Columns">The other columns.</param>
internal sealed record AnalysisTable(string Name, string Version, IReadOnlyList<string> Keys, IReadOnlyList<string> Columns)
{
    /// <summary>Every column, the key first.</summary>
    public IReadOnlyList<string> All { get; } = [.. Keys, .. Columns];

    /// <summary>The column that holds the number of the case.</summary>
    public string CaseColumn { get; } = Keys.Single(column => column.EndsWith("case_id", StringComparison.Ordinal));

    public Statement Insert { get; } = new(
        $"INSERT INTO {Name} ({string.Join(", ", Keys.Concat(Columns))}) VALUES ({string.Join(", ", Enumerable.Range(0, Keys.Count + Columns.Count).Select(index => $"@p{index}"))})");

    public Statement Update { get; } = new(
        $"UPDATE {Name} SET {string.Join(", ", Columns.Select((column, index) => $"{column} = @p{Keys.Count + index}"))} WHERE {string.Join(" AND ", Keys.Select((column, index) => $"{column} = @p{index}"))}");

    public Statement Delete { get; } = new($"DELETE FROM {Name} WHERE {string.Join(" AND ", Keys.Select((column, index) => $"{column} = @p{index}"))}");
}

/// <summary>A derived row and where it goes.</summary>
internal readonly record struct AnalysisRow(AnalysisTable Table, object?[] Values);

/// <summary>The analysis tables: which row of the derivation goes where, and what has to change when a person's rows do.</summary>
internal static class AnalysisStore
{
    private static readonly string[] CaseColumns =
    [
        "site_code", "case_code", "patient_reference", "person_id", "is_only_case", "procedure_code", "indication", "sex", "pain_side", "pain_duration_months", "is_primary",
        "pathway_case_id", "is_entered", "is_treated", "time_zero_day", "age_years", "trial_started_day", "trial_ended_day", "trial_outcome", "implant_standing", "treated_day",
        "explanted_day", "reimplanted_day", "permanent_explant_day", "crossover_day", "died_day", "withdrawn_day", "lost_day", "end_day", "end_reason", "therapy_end", "therapy_end_day",
    ];

    private static readonly string[] VisitColumns =
    [
        "site_code", "procedure_code", "is_treated", "target_day", "window_last_day", "state", "reason", "window_position", "assessed_day", "nrs", "pdi",
        "baseline_nrs", "baseline_pdi", "nrs_class", "pdi_class",
    ];

    private static readonly string[] TotalColumns = ["procedure_code", "thousandths", "is_first"];

    private static readonly AnalysisTable Case = new("analysis_case", "analysis_case", ["case_id"], ["known_from", .. CaseColumns]);
    private static readonly AnalysisTable CaseEarlier = new("analysis_case_earlier", "analysis_case", ["case_id", "known_from"], ["known_until", .. CaseColumns]);
    private static readonly AnalysisTable Visit = new("analysis_visit", "analysis_visit", ["case_id", "timepoint"], ["known_from", .. VisitColumns]);
    private static readonly AnalysisTable VisitEarlier = new("analysis_visit_earlier", "analysis_visit", ["case_id", "timepoint", "known_from"], ["known_until", .. VisitColumns]);

    private static readonly AnalysisTable Response = new(
        "analysis_response",
        "analysis_response",
        ["instrument", "case_id"],
        ["procedure_code", .. Enumerable.Range(1, VisitWindow.All.Count).SelectMany(visit => new[] { FormattableString.Invariant($"relief_{visit}"), FormattableString.Invariant($"day_{visit}") })]);

    private static readonly AnalysisTable Cost = new(
        "analysis_cost",
        "analysis_cost",
        ["case_id", "cost_code"],
        ["known_from", "procedure_code", "pathway_case_id", "pathway_procedure_code", "category", "currency", "price_year", "thousandths", "is_first_of_case", "is_first_of_pathway"]);

    private static readonly AnalysisTable CostTotal = new(
        "analysis_cost_total", "analysis_cost", ["unit_case_id", "unit", "cost_basis", "currency", "price_year"], ["known_from", .. TotalColumns]);

    private static readonly AnalysisTable CostTotalEarlier = new(
        "analysis_cost_total_earlier", "analysis_cost", ["unit_case_id", "unit", "cost_basis", "currency", "price_year", "known_from"], ["known_until", .. TotalColumns]);

    private static readonly AnalysisTable Stay = new("analysis_stay", "analysis_stay", ["case_id", "stay_code"], ["known_from", "procedure_code", "days", "is_first_of_case"]);

    private static readonly AnalysisTable AdverseEvent = new(
        "analysis_adverse_event", "analysis_adverse_event", ["case_id", "adverse_event_code"], ["known_from", "procedure_code", "category", "severity", "is_serious"]);

    /// <summary>Every table, in an order in which they can be filled.</summary>
    public static readonly IReadOnlyList<AnalysisTable> Tables =
        [Case, CaseEarlier, Visit, VisitEarlier, Response, Cost, CostTotal, CostTotalEarlier, Stay, AdverseEvent];

    /// <summary>Stores a response class.</summary>
    public static readonly Statement NewResponseClass = new(
        """
        INSERT INTO response_class (response_class, is_treated, is_evaluable, is_scored, relief_percent, fell_two_points, is_worse, died_before, ended_before)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)
        """);

    /// <summary>The values of <see cref="NewResponseClass"/>.</summary>
    public static object?[] Values(ResponseClass one) =>
    [
        one.Number, Flag(one.IsTreated), Flag(one.IsEvaluable), Flag(one.IsScored), one.ReliefPercent, Flag(one.FellTwoPoints), Flag(one.IsWorse), Flag(one.DiedBefore), Flag(one.EndedBefore),
    ];

    /// <summary>The rows of a person, as they are stored.</summary>
    public static IEnumerable<AnalysisRow> RowsOf(PersonAnalysis analysis) => analysis.Cases.Values.SelectMany(one => RowsOf(one.Rows));

    private static IEnumerable<AnalysisRow> RowsOf(AnalysisRows rows) =>
        rows.Cases.Select(Of).Concat(rows.Visits.Select(Of)).Concat(rows.Responses.Select(Of)).Concat(rows.Costs.Select(Of))
            .Concat(rows.CostTotals.Select(Of)).Concat(rows.Stays.Select(Of)).Concat(rows.AdverseEvents.Select(Of));

    /// <summary>The statements that lead from the rows before a change to those after it: only rows that differ are touched.</summary>
    /// <param name="before">The rows as they are stored.</param>
    /// <param name="after">The rows as they are to be.</param>
    /// <param name="changes">The statements are added here.</param>
    /// <param name="versions">The names of the versions that move on are added here.</param>
    public static void Changes(PersonAnalysis before, PersonAnalysis after, List<(Statement Statement, object?[] Values)> changes, HashSet<string> versions)
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

    private static void Changes(AnalysisRows before, AnalysisRows after, List<(Statement Statement, object?[] Values)> changes, HashSet<string> versions)
    {
        Compare(before.Cases, after.Cases, Of, changes, versions);
        Compare(before.Visits, after.Visits, Of, changes, versions);
        Compare(before.Responses, after.Responses, Of, changes, versions);
        Compare(before.Costs, after.Costs, Of, changes, versions);
        Compare(before.CostTotals, after.CostTotals, Of, changes, versions);
        Compare(before.Stays, after.Stays, Of, changes, versions);
        Compare(before.AdverseEvents, after.AdverseEvents, Of, changes, versions);
    }

    private static void Compare<T>(
        IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, AnalysisRow> stored, List<(Statement Statement, object?[] Values)> changes, HashSet<string> versions)
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
                put.Add((row.Table.Insert, row.Values));
                versions.Add(row.Table.Version);
            }
            else if (!known.Row.Equals(after[at]) && !known.Stored.Values.SequenceEqual(row.Values))
            {
                put.Add((row.Table.Update, row.Values));
                versions.Add(row.Table.Version);
            }
        }

        foreach (var (_, row) in gone.Values)
        {
            changes.Add((row.Table.Delete, row.Values[..row.Table.Keys.Count]));
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
            row.Site, row.Code, record.Patient.Reference, row.Person, Flag(row.IsOnlyCase), Code.Of(record.Procedure), Code.Of(record.Indication), Code.Of(record.Patient.Sex), Code.Of(record.PainSide),
            record.PainDurationMonths, Flag(record.PrecedingCase is null), row.Pathway, Flag(standing.IsEntered), Flag(standing.IsTreated), standing.TimeZero, row.AgeYears, standing.TrialStarted,
            standing.TrialEnded, Code.Of(standing.TrialOutcome), Code.Of(standing.Implant), standing.Treated, standing.Explanted, standing.Reimplanted, standing.PermanentExplant, standing.Crossover,
            standing.Died, standing.Withdrawn, standing.Lost, standing.End, Code.Of(standing.EndReason), Code.Of(standing.Therapy), standing.Therapy is null ? null : standing.End,
        ];
        return Ranged(Case, CaseEarlier, row.CutOffs, [row.Case], values);
    }

    private static AnalysisRow Of(VisitRow row)
    {
        var visit = row.Visit;
        object?[] values =
        [
            row.Site, Code.Of(row.Procedure), Flag(row.IsTreated), visit?.TargetDay, visit?.LastDay, visit is { } known ? Code.Of(known.State) ?? "open" : null, visit?.Reason, Code.Of(visit?.Position),
            visit?.AssessedDay, row.Nrs, row.Pdi, row.BaselineNrs, row.BaselinePdi, row.NrsClass?.Number, row.PdiClass?.Number,
        ];
        return Ranged(Visit, VisitEarlier, row.CutOffs, [row.Case, Code.Of(row.Timepoint)], values);
    }

    private static AnalysisRow Of(ResponseRow row)
    {
        var values = new object?[3 + (2 * VisitWindow.All.Count)];
        (values[0], values[1], values[2]) = (Code.Of(row.Instrument), row.Case, Code.Of(row.Procedure));
        foreach (var (index, visit) in row.Visits.Index())
        {
            (values[3 + (2 * index)], values[4 + (2 * index)]) = (visit.Relief, visit.Day);
        }

        return new AnalysisRow(Response, values);
    }

    private static AnalysisRow Of(CostRow row) => new(
        Cost,
        [
            row.Case, row.Code, row.KnownFrom, Code.Of(row.Procedure), row.Pathway, Code.Of(row.PathwayProcedure), Code.Of(row.Item.Category), row.Item.Currency, row.Item.PriceYear,
            row.Item.Thousandths, Flag(row.IsFirstOfCase), Flag(row.IsFirstOfPathway),
        ]);

    private static AnalysisRow Of(CostTotalRow row) => Ranged(
        CostTotal, CostTotalEarlier, row.CutOffs, [row.Case, Code.Of(row.Unit), Code.Of(row.Basis), row.Currency, row.PriceYear], [Code.Of(row.Procedure), row.Thousandths, Flag(row.IsFirst)]);

    private static AnalysisRow Of(StayRow row) => new(Stay, [row.Case, row.Code, row.KnownFrom, Code.Of(row.Procedure), row.Days, Flag(row.IsFirstOfCase)]);

    private static AnalysisRow Of(AdverseEventRow row) => new(
        AdverseEvent, [row.Case, row.Code, row.KnownFrom, Code.Of(row.Procedure), Code.Of(row.Category), Code.Of(row.Severity), Flag(row.IsSerious)]);

    // A row that holds ever after, or for a range of earlier cut-offs.
    private static AnalysisRow Ranged(AnalysisTable open, AnalysisTable earlier, CutOffs cutOffs, object?[] keys, object?[] values) => cutOffs.AreOpen
        ? new AnalysisRow(open, [.. keys, cutOffs.From, .. values])
        : new AnalysisRow(earlier, [.. keys, cutOffs.From, cutOffs.Until, .. values]);

    private static int Flag(bool flag) => flag ? 1 : 0;
}
