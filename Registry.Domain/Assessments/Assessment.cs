using Registry.Domain.Common;

namespace Registry.Domain.Assessments;

/// <summary>How an assessment was taken.</summary>
public enum AssessmentMode
{
    /// <summary>In the clinic.</summary>
    Clinic,

    /// <summary>By telephone.</summary>
    Telephone,

    /// <summary>Through a patient portal.</summary>
    Portal,

    /// <summary>By post.</summary>
    Post,
}

/// <summary>Why a visit did not take place.</summary>
public enum NotDoneReason
{
    /// <summary>The patient had died.</summary>
    Died,

    /// <summary>The patient was lost to follow-up.</summary>
    LostToFollowUp,

    /// <summary>The patient had withdrawn from the registry.</summary>
    Withdrawn,

    /// <summary>The patient declined.</summary>
    Declined,

    /// <summary>The patient was too ill.</summary>
    TooIll,

    /// <summary>The site did not do it.</summary>
    NotDoneBySite,
}

/// <summary>
/// One assessment of a case at one timepoint: scores with the date they were taken, or the reason why there are none.
/// At most one a case and timepoint.
/// </summary>
public sealed record Assessment
{
    /// <summary>The day it was taken.</summary>
    [Missing("left out only for a visit that was not done")]
    public DateOnly? AssessedOn { get; init; }

    /// <summary>Pain intensity on the Numeric Rating Scale, 0 to 10, higher is worse.</summary>
    [WholeRange(0, Assessments.Nrs.Worst)]
    [Unit("points", Remark = ", higher is worse")]
    [Missing("left out when not recorded")]
    [Source("LOINC 72514-3")]
    public int? Nrs { get; init; }

    /// <summary>Pain Disability Index, 0 to 70, higher is worse, with complete items their sum.</summary>
    [WholeRange(0, Assessments.Pdi.Worst)]
    [Unit("points", Remark = ", higher is worse")]
    [Missing("left out when not recorded or an item is missing")]
    [Source("Tait, Chibnall and Krause 1990")]
    public int? Pdi { get; init; }

    /// <summary>The items of the Pain Disability Index.</summary>
    [Column("pdi_")]
    [Missing("left out when not recorded")]
    public PdiItems? PdiItems { get; init; }

    /// <summary>How it was taken.</summary>
    [Column("assessment_mode")]
    [Missing("left out when not recorded")]
    public AssessmentMode? Mode { get; init; }

    /// <summary>Why the visit did not take place.</summary>
    [Column("not_done_reason")]
    [Missing("left out when it did")]
    public NotDoneReason? NotDone { get; init; }

    /// <summary>How many identifiers of its sender the pain score has, as FHIR messages state them.</summary>
    [NotStated]
    [NoColumn]
    [Unit("count")]
    [Missing("left out when none")]
    public int? NrsIdentifiers { get; init; }

    /// <summary>How many identifiers of its sender the Pain Disability Index has, as FHIR messages state them.</summary>
    [NotStated]
    [NoColumn]
    [Unit("count")]
    [Missing("left out when none")]
    public int? PdiIdentifiers { get; init; }
}
