using Registry.Domain.Assessments;
using Registry.Domain.Cases;

namespace Registry.Domain.Analysis;

/// <summary>
/// What a case counts for, as one number, so that cases can be counted by it. A figure about cases is a sum over few classes,
/// however many cases there are. Each flag is a power of 2; the view case_count takes the number apart again.
/// </summary>
[Flags]
public enum CaseClass
{
    /// <summary>None of these.</summary>
    None = 0,

    /// <summary>Entered treatment: trial started, implanted or operated.</summary>
    Entered = 1,

    /// <summary>Implanted or operated.</summary>
    Treated = 1 << 1,

    /// <summary>The trial was started.</summary>
    Trialled = 1 << 2,

    /// <summary>The trial was ended.</summary>
    TrialEnded = 1 << 3,

    /// <summary>The trial succeeded.</summary>
    TrialSucceeded = 1 << 4,

    /// <summary>Left after a successful trial, before an implant.</summary>
    LeftBeforeImplant = 1 << 5,

    /// <summary>Declined the implant after a successful trial.</summary>
    Declined = 1 << 6,

    /// <summary>Awaits the implant after a successful trial.</summary>
    AwaitingImplant = 1 << 7,

    /// <summary>Explanted, for good or not.</summary>
    Explanted = 1 << 8,

    /// <summary>Explanted for good.</summary>
    PermanentlyExplanted = 1 << 9,

    /// <summary>Implanted again on or after the first explant.</summary>
    Reimplanted = 1 << 10,

    /// <summary>A later case of the chain has started.</summary>
    CrossedOver = 1 << 11,

    /// <summary>The person died.</summary>
    Died = 1 << 12,

    /// <summary>The person is lost to follow-up.</summary>
    Lost = 1 << 13,

    /// <summary>The person withdrew.</summary>
    Withdrawn = 1 << 14,

    /// <summary>The case follows no other.</summary>
    Primary = 1 << 15,

    /// <summary>The person has no other case.</summary>
    OnlyCase = 1 << 16,

    /// <summary>Observation was ended by death.</summary>
    EndedByDeath = 1 << 17,

    /// <summary>Observation was ended by an explant for good.</summary>
    EndedByExplant = 1 << 18,

    /// <summary>Observation was ended by a crossover.</summary>
    EndedByCrossover = 1 << 19,

    /// <summary>Observation was ended by a withdrawal.</summary>
    EndedByWithdrawal = 1 << 20,

    /// <summary>Observation was ended by a loss to follow-up.</summary>
    EndedByLoss = 1 << 21,
}

/// <summary>Finds the class of a case.</summary>
public static class CaseClassRule
{
    /// <summary>The class of a case.</summary>
    /// <param name="standing">What is known of it.</param>
    /// <param name="isPrimary">Whether it follows no other case.</param>
    /// <param name="isOnlyCase">Whether the person has no other case.</param>
    public static CaseClass Of(CaseStanding standing, bool isPrimary, bool isOnlyCase)
    {
        var sum = CaseClass.None;
        Add(standing.IsEntered, CaseClass.Entered);
        Add(standing.IsTreated, CaseClass.Treated);
        Add(standing.TrialStarted is not null, CaseClass.Trialled);
        Add(standing.TrialEnded is not null, CaseClass.TrialEnded);
        Add(standing.TrialOutcome == TrialOutcome.Succeeded, CaseClass.TrialSucceeded);
        Add(standing.Implant == ImplantStanding.Left, CaseClass.LeftBeforeImplant);
        Add(standing.Implant == ImplantStanding.Declined, CaseClass.Declined);
        Add(standing.Implant == ImplantStanding.Awaiting, CaseClass.AwaitingImplant);
        Add(standing.Explanted is not null, CaseClass.Explanted);
        Add(standing.PermanentExplant is not null, CaseClass.PermanentlyExplanted);
        Add(standing.Reimplanted is not null, CaseClass.Reimplanted);
        Add(standing.Crossover is not null, CaseClass.CrossedOver);
        Add(standing.Died is not null, CaseClass.Died);
        Add(standing.Lost is not null, CaseClass.Lost);
        Add(standing.Withdrawn is not null, CaseClass.Withdrawn);
        Add(isPrimary, CaseClass.Primary);
        Add(isOnlyCase, CaseClass.OnlyCase);
        return sum | standing.EndReason switch
        {
            null => CaseClass.None,
            CensoringReason.Died => CaseClass.EndedByDeath,
            CensoringReason.Explanted => CaseClass.EndedByExplant,
            CensoringReason.CrossedOver => CaseClass.EndedByCrossover,
            CensoringReason.Withdrawn => CaseClass.EndedByWithdrawal,
            CensoringReason.LostToFollowUp => CaseClass.EndedByLoss,
            _ => throw new ArgumentOutOfRangeException(nameof(standing), standing.EndReason, "not a reason"),
        };

        void Add(bool holds, CaseClass flag) => sum |= holds ? flag : CaseClass.None;
    }
}
