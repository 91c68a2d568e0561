using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Common;

namespace Registry.Api.Assessments;

/// <summary>Many assessments at once. For the contract: each item is an assessment with these members besides.</summary>
/// <param name="Mode">Whether the batch stands or falls as a whole; each when left out.</param>
/// <param name="DryRun">True to be answered as if, and record nothing; false when left out.</param>
/// <param name="Items">The assessments, 1 to as many as the limit BatchItems says, each with where it belongs.</param>
internal sealed record BatchBody(BatchMode? Mode, bool? DryRun, IReadOnlyList<BatchItem> Items);

/// <summary>One item of a batch: an assessment and where it belongs.</summary>
/// <param name="Site">The site.</param>
/// <param name="Case">The case.</param>
/// <param name="Timepoint">The timepoint.</param>
/// <param name="AssessedOn">The day it was taken.</param>
/// <param name="Nrs">Pain intensity, 0 to 10.</param>
/// <param name="Pdi">Pain disability, 0 to 70.</param>
/// <param name="PdiItems">The seven items of the Pain Disability Index.</param>
/// <param name="Mode">How it was taken.</param>
/// <param name="NotDone">Why the visit did not take place.</param>
internal sealed record BatchItem(
    [Identifier] string Site,
    [Identifier] string Case,
    [Missing("left out, it is told from assessedOn")] Timepoint? Timepoint,
    DateOnly? AssessedOn,
    [WholeRange(0, Domain.Assessments.Nrs.Worst), Unit("points")] int? Nrs,
    [WholeRange(0, Domain.Assessments.Pdi.Worst), Unit("points")] int? Pdi,
    PdiItems? PdiItems,
    AssessmentMode? Mode,
    NotDoneReason? NotDone);
