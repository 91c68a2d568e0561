using Registry.Domain.AdverseEvents;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Domain.Analysis;

/// <summary>The data cut-offs for which a derived row holds.</summary>
/// <param name="From">The first, inclusive; <see cref="DayNumber.StartOfTime"/> for a row that holds from the beginning.</param>
/// <param name="Until">The first for which it no longer holds; <see cref="DayNumber.EndOfTime"/> for a row that holds ever after.</param>
public readonly record struct CutOffs(DayNumber From, DayNumber Until)
{
    /// <summary>Whether the row holds ever after.</summary>
    public bool AreOpen => Until == DayNumber.EndOfTime;
}

/// <summary>Everything derived from the records of one person: the rows of the analysis tables.</summary>
/// <param name="Cases">One a case and range of cut-offs.</param>
/// <param name="Visits">One a case that entered treatment, timepoint and range of cut-offs.</param>
/// <param name="Responses">One a case and instrument.</param>
/// <param name="Costs">One a unit, currency, price year and range of cut-offs.</param>
/// <param name="Stays">One a stay.</param>
/// <param name="AdverseEvents">One an adverse event.</param>
/// <param name="Events">One a treatment event.</param>
public sealed record AnalysisRows(
    IReadOnlyList<CaseRow> Cases,
    IReadOnlyList<VisitRow> Visits,
    IReadOnlyList<ResponseRow> Responses,
    IReadOnlyList<CostRow> Costs,
    IReadOnlyList<StayRow> Stays,
    IReadOnlyList<AdverseEventRow> AdverseEvents,
    IReadOnlyList<EventRow> Events)
{
    /// <summary>No rows.</summary>
    public static readonly AnalysisRows None = new([], [], [], [], [], [], []);
}

/// <summary>The derived state of a case, for a range of cut-offs.</summary>
/// <param name="Case">The number of the case.</param>
/// <param name="Code">The site's own case number.</param>
/// <param name="Record">The case as recorded.</param>
/// <param name="CutOffs">The cut-offs for which the row holds.</param>
/// <param name="Site">The site's code.</param>
/// <param name="Person">The number of the person.</param>
/// <param name="IsOnlyCase">Whether the person has no other case.</param>
/// <param name="Pathway">The number of the first case of the chain of preceding cases.</param>
/// <param name="Standing">What is known of it.</param>
/// <param name="BaselineNrs">The NRS at baseline; null where there is none, and before the case entered treatment. Unit: points.</param>
/// <param name="BaselinePdi">The PDI at baseline; null in the same way. Unit: points.</param>
public readonly record struct CaseRow(
    int Case,
    CaseCode Code,
    CaseRecord Record,
    CutOffs CutOffs,
    SiteCode Site,
    int Person,
    bool IsOnlyCase,
    int Pathway,
    CaseStanding Standing,
    int? BaselineNrs,
    int? BaselinePdi)
{
    /// <summary>Days from time zero to the end of the therapy's observation, 0 where that lies before; null while it goes on.</summary>
    public int? TherapyDays => Standing.Therapy is null ? null : Math.Max(0, Standing.End!.Value - Standing.TimeZero!.Value);

    /// <summary>What the case counts for.</summary>
    public CaseClass Class => CaseClassRule.Of(Standing, Record.PrecedingCase is null, IsOnlyCase);

    /// <summary>Whole years at time zero, from the year of birth; null without a time zero.</summary>
    public int? AgeYears => Standing.TimeZero is { } zero ? zero.ToDate().Year - Record.Patient.BirthYear : null;
}

/// <summary>What a visit counts for, at a range of cut-offs.</summary>
/// <param name="Case">The number of the case.</param>
/// <param name="Timepoint">The timepoint, baseline included.</param>
/// <param name="CutOffs">The cut-offs for which the row holds.</param>
/// <param name="Site">The site's code.</param>
/// <param name="Procedure">The procedure.</param>
/// <param name="IsTreated">Whether the case was implanted or operated.</param>
/// <param name="Visit">How a follow-up stands; null for the baseline.</param>
/// <param name="Nrs">The NRS that may be credited; null where there is none. Unit: points.</param>
/// <param name="Pdi">The PDI that may be credited; null where there is none. Unit: points.</param>
/// <param name="BaselineNrs">The NRS at baseline; null where there is none. Unit: points.</param>
/// <param name="BaselinePdi">The PDI at baseline; null where there is none. Unit: points.</param>
/// <param name="NrsClass">What a follow-up counts for by NRS; null for the baseline.</param>
/// <param name="PdiClass">What a follow-up counts for by PDI; null for the baseline.</param>
public readonly record struct VisitRow(
    int Case,
    Timepoint Timepoint,
    CutOffs CutOffs,
    SiteCode Site,
    Procedure Procedure,
    bool IsTreated,
    VisitStanding? Visit,
    int? Nrs,
    int? Pdi,
    int? BaselineNrs,
    int? BaselinePdi,
    ResponseClass? NrsClass,
    ResponseClass? PdiClass);

/// <summary>The relief at each credited follow-up of a treated case with a baseline above 0, by date and then by timepoint.</summary>
/// <param name="Case">The number of the case.</param>
/// <param name="Instrument">The instrument.</param>
/// <param name="Procedure">The procedure.</param>
/// <param name="Visits">The day, and the relief as in <see cref="ResponseClass.ReliefPercent"/>; 1 to 6.</param>
public readonly record struct ResponseRow(
    int Case, Instrument Instrument, Procedure Procedure, IReadOnlyList<(DayNumber Day, int Relief)> Visits)
{
    /// <inheritdoc/>
    public bool Equals(ResponseRow other) =>
        (Case, Instrument, Procedure) == (other.Case, other.Instrument, other.Procedure) && Visits.SequenceEqual(other.Visits);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Case, Instrument, Procedure, Visits.Count);
}

/// <summary>
/// What the costs of a unit in one currency and price year add up to, at a range of cut-offs. Amounts are in thousandths of the major unit.
/// </summary>
/// <param name="Case">The number of the case, or of the first case of the pathway.</param>
/// <param name="Unit">What is added up.</param>
/// <param name="Currency">The currency.</param>
/// <param name="PriceYear">The price year.</param>
/// <param name="CutOffs">The cut-offs for which the row holds.</param>
/// <param name="Procedure">The procedure of that case.</param>
/// <param name="ByCategory">The sum of each category.</param>
/// <param name="IsFirstSurgical">True for one of the rows of a unit that have a surgical cost: counting these counts such units.</param>
/// <param name="IsFirst">True for one of the rows of a unit: counting these counts the units that have a cost.</param>
public readonly record struct CostRow(
    int Case,
    CostUnit Unit,
    string Currency,
    int PriceYear,
    CutOffs CutOffs,
    Procedure Procedure,
    CategorySums ByCategory,
    bool IsFirstSurgical,
    bool IsFirst);

/// <summary>A stay that figures use.</summary>
/// <param name="Case">The number of the case.</param>
/// <param name="Code">The site's own key of the stay.</param>
/// <param name="KnownFrom">The day of discharge.</param>
/// <param name="Procedure">The procedure.</param>
/// <param name="Days">Whole days from admission to discharge.</param>
/// <param name="IsFirstOfCase">Whether it is the first stay of its case.</param>
public readonly record struct StayRow(int Case, string Code, DayNumber KnownFrom, Procedure Procedure, int Days, bool IsFirstOfCase);

/// <summary>An adverse event that figures use.</summary>
/// <param name="Case">The number of the case.</param>
/// <param name="Code">The site's own key of the adverse event.</param>
/// <param name="KnownFrom">The day of its onset.</param>
/// <param name="Procedure">The procedure.</param>
/// <param name="Category">Its cause.</param>
/// <param name="Severity">How severe it was.</param>
/// <param name="IsSerious">Whether it was serious.</param>
/// <param name="IsFirstOfCase">Whether it is the first of its case, by onset and then by key.</param>
/// <param name="IsFirstOfCategory">Whether it is the first of its case and category.</param>
public readonly record struct AdverseEventRow(
    int Case,
    string Code,
    DayNumber KnownFrom,
    Procedure Procedure,
    AdverseEventCategory Category,
    Severity Severity,
    bool IsSerious,
    bool IsFirstOfCase,
    bool IsFirstOfCategory);

/// <summary>A treatment event that figures use.</summary>
/// <param name="Case">The number of the case.</param>
/// <param name="Code">The site's own key of the event.</param>
/// <param name="Day">The day it happened.</param>
/// <param name="Type">What happened.</param>
public readonly record struct EventRow(int Case, string Code, DayNumber Day, EventType Type);
