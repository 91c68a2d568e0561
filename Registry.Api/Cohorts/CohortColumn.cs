using System.Globalization;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Api.Cohorts;

/// <summary>The type of a column of a cohort.</summary>
internal enum ColumnType
{
    /// <summary>A whole number.</summary>
    Number,

    /// <summary>An exact decimal number, kept in thousandths.</summary>
    Amount,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A code or another text.</summary>
    Text,
}

/// <summary>A value of a column. A flag is 0 or 1, an amount is in thousandths.</summary>
/// <param name="Number">The number; null for a text, and where there is none.</param>
/// <param name="Text">The text; null for a number, and where there is none.</param>
internal readonly record struct Cell(long? Number, string? Text)
{
    public bool IsMissing => Number is null && Text is null;

    public static implicit operator Cell(int? number) => new(number, null);

    public static implicit operator Cell(long? number) => new(number, null);

    public static implicit operator Cell(bool flag) => new(flag ? 1 : 0, null);

    public static implicit operator Cell(string? text) => new(null, text);
}

/// <summary>What a column of a cohort is, said once for every form in which it travels.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Meaning">What it means.</param>
internal abstract record Column(string Name, ColumnType Type, string Meaning)
{
    /// <summary>Its value in the row of a case, or of a case and timepoint.</summary>
    public abstract Cell Of(CohortRow row, int timepoint);

    /// <summary>The enumeration whose codes it holds; null for anything else.</summary>
    public Type? Codes { get; init; }

    /// <summary>The unit of a number, or null.</summary>
    public string? Unit { get; init; }

    /// <summary>When there is no value, such as <c>when not recorded</c>; null where there always is one.</summary>
    public string? Missing { get; init; }

    /// <summary>What it means, and when there is no value.</summary>
    public string Description => Missing is null ? Meaning : $"{Meaning.TrimEnd('.')}; missing {Missing}.";
}

/// <summary>A column of the wide form: one row a case.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Meaning">What it means.</param>
/// <param name="Value">Its value.</param>
internal sealed record CohortColumn(string Name, ColumnType Type, string Meaning, Func<CohortRow, Cell> Value) : Column(Name, Type, Meaning)
{
    /// <inheritdoc/>
    public override Cell Of(CohortRow row, int timepoint) => Value(row);
}

/// <summary>The columns of the wide form, in their order.</summary>
internal static class CohortColumns
{
    /// <summary>The name of the column that holds the pseudonym of the case.</summary>
    public const string Case = "case";

    private const string AsOfDays = "asOfDays";

    /// <summary>Every column but the costs.</summary>
    public static readonly IReadOnlyList<CohortColumn> All = [.. OfCase(), .. Enum.GetValues<Timepoint>().SelectMany(OfVisit)];

    /// <summary>Every column but the costs, for callers who see no records: none reveals the date of time zero.</summary>
    public static readonly IReadOnlyList<CohortColumn> WithoutDates =
    [
        .. All.Select(column => column.Name == AsOfDays ? column with { Value = LastTargetReached } : column),
    ];

    /// <summary>The columns of the costs in one currency and price year.</summary>
    public static readonly IReadOnlyList<CohortColumn> Costs =
    [
        .. Enum.GetValues<CostCategory>().Select(category => new CohortColumn(
            "cost" + Pascal(Code.Of(category)),
            ColumnType.Amount,
            $"Costs of {Code.Of(category)} in the currency and at the prices that were asked for.",
            row => row.Costs?[(int)category])
            {
                Unit = "major unit of the currency",
                Missing = "where none is recorded: that is no cost of 0",
            }),
        new(
            "costTotal",
            ColumnType.Amount,
            "The sum of all costs in that currency and price year.",
            row => row.Costs is { } costs && costs.Any(cost => cost is not null) ? costs.Sum() : (long?)null)
        {
            Unit = "major unit of the currency",
            Missing = "where none is recorded",
        },
    ];

    /// <summary>The ending of the columns of a timepoint: <c>Baseline</c>, <c>PostOp</c>, <c>1m</c>, …</summary>
    public static string Ending(Timepoint timepoint) => Pascal(Code.Of(timepoint));

    private static IEnumerable<CohortColumn> OfCase() =>
    [
        new(
            Case,
            ColumnType.Text,
            "The pseudonym of the case: the same for this registry always, and not the site's own number.",
            row => row.Case),
        new("site", ColumnType.Text, "The code of the site; its pseudonym where the registry masks sites.", row => row.Site),
        new("procedure", ColumnType.Text, "The procedure.", row => row.Procedure) { Codes = typeof(Procedure) },
        new("indication", ColumnType.Text, "What the patient is treated for.", row => row.Indication) { Codes = typeof(Indication) },
        new("sex", ColumnType.Text, "The recorded sex.", row => row.Sex) { Codes = typeof(Sex) },
        new("age", ColumnType.Number, "Age in whole years at time zero, from the year of birth.", row => row.AgeYears)
        {
            Unit = "years",
            Missing = "without a time zero",
        },
        new("painSide", ColumnType.Text, "The side of the pain.", row => row.PainSide)
        {
            Codes = typeof(PainSide),
            Missing = "when not recorded",
        },
        new(
            "dermatomes",
            ColumnType.Text,
            "The painful dermatomes from head to foot, with blanks between them.",
            row => row.PainLevelBits is { } bits ? string.Join(' ', SpinalLevel.Of(bits)) : null)
        {
            Missing = "when not recorded",
        },
        new("painDurationMonths", ColumnType.Number, "How long the pain had lasted.", row => row.PainDurationMonths)
        {
            Unit = "months",
            Missing = "when not recorded",
        },
        new("primary", ColumnType.Flag, "Whether the case follows no other case of the patient.", row => row.IsPrimary),
        new(
            "entered",
            ColumnType.Flag,
            "Whether the case entered treatment by the cut-off: trial started, implanted or operated.",
            row => row.IsEntered),
        new("treated", ColumnType.Flag, "Whether the case was implanted or operated by the cut-off.", row => row.IsTreated),
        new(
            "year",
            ColumnType.Number,
            "The calendar year of time zero (first implant, operation, or start of a trial without an implant).",
            row => row.TimeZero?.ToDate().Year)
        {
            Unit = "calendar year",
            Missing = "without a time zero",
        },
        new("lead", ColumnType.Text, "The kind of lead of the trial.", row => row.Lead)
        {
            Codes = typeof(LeadType),
            Missing = "without a trial, or when not recorded",
        },
        Day("trialStarted", "The start of the trial", row => row.TrialStarted),
        Day("trialEnded", "The end of the trial", row => row.TrialEnded),
        new("trialOutcome", ColumnType.Text, "How the trial ended.", row => row.TrialOutcome)
        {
            Codes = typeof(TrialOutcome),
            Missing = "where it did not",
        },
        new("implantStanding", ColumnType.Text, "What became of a trial that succeeded.", row => row.ImplantStanding)
        {
            Codes = typeof(Domain.Analysis.ImplantStanding),
            Missing = "without one",
        },
        new("generator", ColumnType.Text, "The kind of the generator first implanted.", row => row.Generator)
        {
            Codes = typeof(GeneratorType),
            Missing = "without an implant, or when not recorded",
        },
        Day("generatorReplaced", "The first replacement of the generator", row => row.GeneratorReplaced),
        Day("explanted", "The first explant, for good or not", row => row.Explanted),
        Day("reimplanted", "The last implant on or after the first explant", row => row.Reimplanted),
        Day("permanentExplant", "The explant for good (stated so, or without a re-implant within 180 days)", row => row.PermanentExplant),
        new("explantReason", ColumnType.Text, "Why the system was explanted for good.", row => row.ExplantReason)
        {
            Codes = typeof(ExplantReason),
            Missing = "where it was not",
        },
        Day("crossover", "The start of treatment in a later case of the patient", row => row.Crossover),
        Day("died", "The death of the patient", row => row.Died),
        Day("withdrawn", "The withdrawal of the patient", row => row.Withdrawn),
        Day("lost", "The loss to follow-up, unless anything dated later is known of the patient", row => row.Lost),
        Day("end", "The end of observation", row => row.End, "while it goes on, and without a time zero"),
        new("endReason", ColumnType.Text, "What ended observation.", row => row.EndReason)
        {
            Codes = typeof(CensoringReason),
            Missing = "while it goes on",
        },
        new("therapyEnd", ColumnType.Text, "How observation of the therapy ended.", row => row.TherapyEnd)
        {
            Codes = typeof(Domain.Analysis.TherapyEnd),
            Missing = "while it goes on, and for an untreated case",
        },
        new(
            "therapyDays",
            ColumnType.Number,
            "Days from time zero to the end of the therapy's observation, 0 where that lies before.",
            row => row.TherapyDays)
        {
            Unit = "days",
            Missing = "while it goes on",
        },
        new(
            AsOfDays,
            ColumnType.Number,
            "The data cut-off, in days after time zero; for research keys the last target day of a visit by then, because the day itself "
                + "tells the date of time zero.",
            row => row.After(row.AsOf))
        {
            Unit = "days",
            Missing = "without a time zero",
        },
    ];

    // What is due is due from its target day on.
    private static Cell LastTargetReached(CohortRow row) =>
        row.After(row.AsOf) is { } days
            ? VisitWindow.All.Select(window => window.TargetDay).Where(target => target <= days).Append(0).Max()
            : (int?)null;

    private static CohortColumn Day(
        string name,
        string meaning,
        Func<CohortRow, DayNumber?> day,
        string missing = "where it did not happen or there is no time zero") =>
        new(name + "Days", ColumnType.Number, $"{meaning}, in days after time zero, negative before it.", row => row.After(day(row)))
        {
            Unit = "days",
            Missing = missing,
        };

    private static IEnumerable<CohortColumn> OfVisit(Timepoint timepoint)
    {
        var (ending, code, at) = (Ending(timepoint), Code.Of(timepoint), (int)timepoint);
        if (timepoint == Timepoint.Baseline)
        {
            return
            [
                new("nrs" + ending, ColumnType.Number, "NRS at baseline.", row => row.BaselineNrs)
                {
                    Unit = "points, 0 to 10",
                    Missing = "where there is none, and before the case entered treatment",
                },
                new("pdi" + ending, ColumnType.Number, "PDI at baseline.", row => row.BaselinePdi)
                {
                    Unit = "points, 0 to 70",
                    Missing = "in the same way",
                },
            ];
        }

        return
        [
            new("nrs" + ending, ColumnType.Number, $"NRS at {code} that is credited to the case.", row => row.Visits[at]?.Nrs)
            {
                Unit = "points, 0 to 10",
                Missing = "where there is none",
            },
            new("pdi" + ending, ColumnType.Number, $"PDI at {code} that is credited to the case.", row => row.Visits[at]?.Pdi)
            {
                Unit = "points, 0 to 70",
                Missing = "where there is none",
            },
            new(
                "days" + ending,
                ColumnType.Number,
                $"The day of the visit at {code}, in days after time zero.",
                row => row.After(row.Visits[at]?.Assessed))
            {
                Unit = "days",
                Missing = "unless done",
            },
            new("state" + ending, ColumnType.Text, $"How the visit at {code} stands.", row => row.Visits[at]?.State)
            {
                Codes = typeof(VisitState),
                Missing = "while it is not due, and where none is scheduled",
            },
            new(
                "reason" + ending,
                ColumnType.Text,
                $"Why the visit at {code} was not done (its own reason), or is censored (what ended observation).",
                row => row.Visits[at]?.Reason)
            {
                Missing = "otherwise",
            },
            new(
                "window" + ending,
                ColumnType.Text,
                $"Where the date of the visit at {code} lies relative to its window.",
                row => row.Visits[at]?.Window)
            {
                Codes = typeof(WindowPosition),
                Missing = "unless done",
            },
        ];
    }

    private static string Pascal(string code) =>
        string.Concat(
            code.Split('-').Select(word => string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(word[0])}{word[1..]}")));
}
