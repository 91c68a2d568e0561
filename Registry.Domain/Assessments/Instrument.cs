using Registry.Domain.Common;

namespace Registry.Domain.Assessments;

/// <summary>The instruments by which pain is measured. On both, higher is worse.</summary>
public enum Instrument
{
    /// <summary>Numeric Rating Scale of pain intensity (LOINC 72514-3).</summary>
    Nrs,

    /// <summary>Pain Disability Index: the sum of seven items. It has no LOINC code.</summary>
    Pdi,
}

/// <summary>The Numeric Rating Scale: a whole number, higher is worse. Source: LOINC 72514-3.</summary>
public static class Nrs
{
    /// <summary>No pain, to the worst pain imaginable.</summary>
    public static readonly WholeRange Range = new(0, 10);

    /// <summary>The smallest fall, in points, that counts as a change a patient notices (Farrar 2001).</summary>
    public const int NoticeableFall = 2;
}

/// <summary>The Pain Disability Index: a whole number, higher is worse. Source: Tait, Chibnall and Krause 1990.</summary>
public static class Pdi
{
    /// <summary>The total of the seven items.</summary>
    public static readonly WholeRange Range = new(0, 70);

    /// <summary>Each of the seven items.</summary>
    public static readonly WholeRange ItemRange = new(0, 10);
}

/// <summary>
/// The seven items of the Pain Disability Index, each 0 to 10. Null is an item that the patient left unanswered:
/// it is never read as 0, and with one such item there is no total.
/// </summary>
/// <param name="FamilyHome">Family and home responsibilities; null when the patient left it unanswered, never read as 0. Unit: points.</param>
/// <param name="Recreation">Recreation; null when the patient left it unanswered, never read as 0. Unit: points.</param>
/// <param name="Social">Social activity; null when the patient left it unanswered, never read as 0. Unit: points.</param>
/// <param name="Occupation">Occupation; null when the patient left it unanswered, never read as 0. Unit: points.</param>
/// <param name="Sexual">Sexual behaviour; null when the patient left it unanswered, never read as 0. Unit: points.</param>
/// <param name="SelfCare">Self-care; null when the patient left it unanswered, never read as 0. Unit: points.</param>
/// <param name="LifeSupport">Life-support activity, such as eating, sleeping and breathing; null when the patient left it unanswered, never read as 0. Unit: points.</param>
public sealed record PdiItems(int? FamilyHome, int? Recreation, int? Social, int? Occupation, int? Sexual, int? SelfCare, int? LifeSupport)
{
    /// <summary>The sum of the seven items, 0 to 70; null when one is missing.</summary>
    /// <returns>The total, or null.</returns>
    public int? Total() => FamilyHome + Recreation + Social + Occupation + Sexual + SelfCare + LifeSupport;
}
