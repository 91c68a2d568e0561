using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Common;

namespace Registry.Api.Cohorts.Snapshots;

/// <summary>A column of the stored rows.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="IsText">Whether it holds a text; else a whole number.</param>
internal sealed record RowColumn(string Name, bool IsText);

/// <summary>
/// One analysis table as a snapshot stores it: its columns but the numbers of cases and persons, which differ between databases, and
/// the cut-offs that a row holds for, since a snapshot has one cut-off alone.
/// </summary>
internal sealed class RowTable
{
    /// <summary>How many cases are asked for at a time.</summary>
    public const int CasesAtOnce = 500;

    /// <summary>The table of the cases.</summary>
    public const string CaseTable = "analysis_case";

    /// <summary>The table of the response classes, which belong to no case.</summary>
    public const string ClassTable = "response_class";

    private const string Person = "person_id";
    private const string Pathway = "pathway_case_id";
    private const string KnownFrom = "known_from";

    private static readonly HashSet<string> Texts =
    [
        "site_code", "case_code", "procedure_code", "indication", "sex", "pain_side", "trial_outcome", "implant_standing", "end_reason",
        "therapy_end", "lead", "generator", "explant_reason", "timepoint", "state", "reason", "window_position", "instrument", "unit",
        "currency", "stay_code", "adverse_event_code", "category", "severity", "event_code", "event_type",
    ];

    private static readonly string Among =
        string.Join(", ", Enumerable.Range(0, CasesAtOnce).Select(index => FormattableString.Invariant($"@p{index}")));
    private static readonly string Day = FormattableString.Invariant($"@p{CasesAtOnce}");

    /// <summary>Every table whose rows are of cases, that of the cases first.</summary>
    public static readonly IReadOnlyList<RowTable> All =
        [.. AnalysisStore.Tables.Where(table => !table.Name.EndsWith(AnalysisTable.Earlier, StringComparison.Ordinal))
            .Select(table => new RowTable(table, AnalysisStore.Tables.Any(other => other.Name == table.Name + AnalysisTable.Earlier)))];

    /// <summary>The columns of the response classes.</summary>
    public static readonly IReadOnlyList<RowColumn> ClassColumns =
        [.. AnalysisStore.ClassColumns.Select(name => new RowColumn(name, false))];

    /// <summary>Reads the response classes.</summary>
    public static readonly Statement ReadClasses = new($"SELECT {Line(ClassColumns)} FROM {ClassTable}");

    private RowTable(AnalysisTable table, bool hasEarlier)
    {
        Name = table.Name;
        CaseColumn = table.CaseColumn;
        IsRanged = table.All.Contains(KnownFrom);
        Columns = [.. table.All.Where(column => column != CaseColumn && column is not (KnownFrom or Person or Pathway))
            .Select(column => new RowColumn(column, Texts.Contains(column)))];
        var line = $"{CaseColumn}, {Line(Columns)}";

        // The key of the responses begins with the instrument: without naming it, every row would be read.
        var known = IsRanged ? $"{KnownFrom} <= {Day}"
            : table.Name == "analysis_event"
            ? $"event_day <= {Day}"
            : $"instrument IN ({string.Join(", ", Code.All<Instrument>().Select(code => $"'{code}'"))}) AND {Day} = {Day}";
        Statement Of(string among) => new(
            $"SELECT {line} FROM {Name} WHERE {known}{among}"
            + (hasEarlier ? $" UNION ALL SELECT {line} FROM {Name}{AnalysisTable.Earlier} WHERE {known} AND known_until > {Day}{among}" : string.Empty));
        Read = Of($" AND {CaseColumn} IN ({Among})");
        ReadAll = Of(string.Empty);
    }

    /// <summary>The table.</summary>
    public string Name { get; }

    /// <summary>The column that holds the number of the case.</summary>
    public string CaseColumn { get; }

    /// <summary>Whether its rows say from which cut-off on they hold: that of a snapshot is past it.</summary>
    public bool IsRanged { get; }

    /// <summary>The columns besides.</summary>
    public IReadOnlyList<RowColumn> Columns { get; }

    /// <summary>
    /// Reads the rows of some cases that hold at a cut-off: the number of the case, then the columns as one line. The numbers of the cases
    /// come first, then the day.
    /// </summary>
    public Statement Read { get; }

    /// <summary>
    /// Reads the rows of all cases in the same way, in the order in which they lie: with the same places, of which only the day counts.
    /// </summary>
    public Statement ReadAll { get; }

    // One value a row instead of one a column, which the engine puts together: NULL gives nothing.
    private static string Line(IEnumerable<RowColumn> columns) =>
        $"CONCAT({string.Join(", ',', ", columns.Select(column => column.Name))})";
}
