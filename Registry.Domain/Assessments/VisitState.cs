namespace Registry.Domain.Assessments;

/// <summary>How a follow-up visit of a case stands on a day. The first that holds, in this order.</summary>
public enum VisitState
{
    /// <summary>The visit was made, in its window or out of it.</summary>
    Done,

    /// <summary>The visit is recorded as not done, with a <see cref="NotDoneReason"/>.</summary>
    NotDone,

    /// <summary>The target day was reached under observation, nothing is recorded, and observation has ended since.</summary>
    Missed,

    /// <summary>Observation ended before the target day. It has a <see cref="CensoringReason"/>.</summary>
    Censored,

    /// <summary>The target day is yet to come.</summary>
    NotDue,

    /// <summary>The target day has come and the window is still open.</summary>
    Due,

    /// <summary>The window has closed and nothing is recorded.</summary>
    Overdue,
}

/// <summary>What ends the observation of a case. Of several, the earliest; on one day the first in this order.</summary>
public enum CensoringReason
{
    /// <summary>The patient died.</summary>
    Died,

    /// <summary>The system was taken out for good. An explant that is followed by a re-implant ends nothing.</summary>
    Explanted,

    /// <summary>Treatment of a later case of the same patient began.</summary>
    CrossedOver,

    /// <summary>The patient withdrew from the registry.</summary>
    Withdrawn,

    /// <summary>The patient was lost to follow-up.</summary>
    LostToFollowUp,
}
