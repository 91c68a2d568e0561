using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Common;

namespace Registry.Api.Cohorts;

/// <summary>A column of the long form: one row a case and timepoint.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Meaning">What it means.</param>
/// <param name="Value">Its value.</param>
internal sealed record VisitColumn(string Name, ColumnType Type, string Meaning, Func<CohortRow, int, Cell> Value)
    : Column(Name, Type, Meaning)
{
    /// <inheritdoc/>
    public override Cell Of(CohortRow row, int timepoint) => Value(row, timepoint);
}

/// <summary>The columns of the long form, in their order.</summary>
internal static class VisitColumns
{
    // What is said of the case in each of its rows.
    private static readonly string[] OfCase = [CohortColumns.Case, "site", "procedure", "indication", "sex", "age", "treated"];

    private static readonly string[] Codes = [.. Enum.GetValues<Timepoint>().Select(Code.Of)];

    /// <summary>Every column.</summary>
    public static readonly IReadOnlyList<Column> All =
    [
        .. CohortColumns.All.Where(column => OfCase.Contains(column.Name)),
        new VisitColumn("timepoint", ColumnType.Text, "The timepoint.", (_, timepoint) => Codes[timepoint]) { Codes = typeof(Timepoint) },
        new VisitColumn(
            "targetDays",
            ColumnType.Number,
            "The day the visit is due, in days after time zero.",
            (row, timepoint) => row.After(row.Visits[timepoint]?.Target))
        {
            Unit = "days",
            Missing = "at baseline",
        },
        new VisitColumn("state", ColumnType.Text, "How the visit stands.", (row, timepoint) => row.Visits[timepoint]?.State)
        {
            Codes = typeof(VisitState),
            Missing = "at baseline",
        },
        new VisitColumn(
            "reason",
            ColumnType.Text,
            "Why it was not done (its own reason), or is censored (what ended observation).",
            (row, timepoint) => row.Visits[timepoint]?.Reason)
        {
            Missing = "otherwise",
        },
        new VisitColumn(
            "window", ColumnType.Text, "Where its date lies relative to its window.", (row, timepoint) => row.Visits[timepoint]?.Window)
        {
            Codes = typeof(WindowPosition),
            Missing = "unless done",
        },
        new VisitColumn(
            "days",
            ColumnType.Number,
            "The day of the visit, in days after time zero.",
            (row, timepoint) => row.After(row.Visits[timepoint]?.Assessed))
        {
            Unit = "days",
            Missing = "unless done, and at baseline",
        },
        new VisitColumn("nrs", ColumnType.Number, "NRS that is credited to the case.", Nrs)
        {
            Unit = "points, 0 to 10",
            Missing = "where there is none",
        },
        new VisitColumn("pdi", ColumnType.Number, "PDI that is credited to the case.", Pdi)
        {
            Unit = "points, 0 to 70",
            Missing = "where there is none",
        },
        new VisitColumn("nrsBaseline", ColumnType.Number, "NRS at baseline.", (row, _) => row.BaselineNrs)
        {
            Unit = "points, 0 to 10",
            Missing = "where there is none",
        },
        new VisitColumn("pdiBaseline", ColumnType.Number, "PDI at baseline.", (row, _) => row.BaselinePdi)
        {
            Unit = "points, 0 to 70",
            Missing = "where there is none",
        },
        Relief("nrsRelief", "NRS", row => row.BaselineNrs, Nrs),
        Relief("pdiRelief", "PDI", row => row.BaselinePdi, Pdi),
    ];

    /// <summary>
    /// The timepoints that a case has a row for: the baseline where there is a score, and each visit that is done, or due at the cut-off.
    /// </summary>
    public static IEnumerable<int> TimepointsOf(CohortRow row) =>
        Enumerable.Range(0, Codes.Length).Where(timepoint =>
            timepoint == (int)Timepoint.Baseline ? (row.BaselineNrs ?? row.BaselinePdi) is not null : row.Visits[timepoint] is not null);

    private static Cell Nrs(CohortRow row, int timepoint) =>
        timepoint == (int)Timepoint.Baseline ? row.BaselineNrs : row.Visits[timepoint]?.Nrs;

    private static Cell Pdi(CohortRow row, int timepoint) =>
        timepoint == (int)Timepoint.Baseline ? row.BaselinePdi : row.Visits[timepoint]?.Pdi;

    private static VisitColumn Relief(string name, string instrument, Func<CohortRow, int?> baseline, Func<CohortRow, int, Cell> score) =>
        new(
            name,
            ColumnType.Number,
            $"Relief by {instrument} in whole percent of baseline, rounded down, and -1 for any worsening.",
            (row, timepoint) =>
                timepoint != (int)Timepoint.Baseline && baseline(row) is > 0 and { } from && score(row, timepoint).Number is { } points
                    ? ResponseClass.Relief(from, (int)points)
                    : (int?)null)
        {
            Unit = "percent of baseline",
            Missing = "at baseline, without a score, and without a baseline above 0",
        };
}
