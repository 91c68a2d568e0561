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
    public static readonly WholeRange Range = new(0, Worst);

    /// <summary>The worst pain imaginable.</summary>
    public const int Worst = 10;

    /// <summary>The smallest fall, in points, that counts as a change a patient notices (Farrar 2001).</summary>
    public const int NoticeableFall = 2;
}

/// <summary>The Pain Disability Index: a whole number, higher is worse. Source: Tait, Chibnall and Krause 1990.</summary>
public static class Pdi
{
    /// <summary>The total of the seven items.</summary>
    public static readonly WholeRange Range = new(0, Worst);

    /// <summary>The worst total.</summary>
    public const int Worst = 70;
}

/// <summary>
/// The seven items of the Pain Disability Index, each 0 to 10. Null is an item that the patient left unanswered:
/// it is never read as 0, and with one such item there is no total.
/// </summary>
/// <param name="FamilyHome">Family and home responsibilities.</param>
/// <param name="Recreation">Recreation.</param>
/// <param name="Social">Social activity.</param>
/// <param name="Occupation">Occupation.</param>
/// <param name="Sexual">Sexual behaviour.</param>
/// <param name="SelfCare">Self-care.</param>
/// <param name="LifeSupport">Life-support activity, such as eating, sleeping and breathing.</param>
public sealed record PdiItems(
    [property: WholeRange(0, PdiItems.Worst), StatedOrNull, Unit(PdiItems.Unit, Remark = PdiItems.Remark), Missing(PdiItems.Unanswered)]
    int? FamilyHome,
    [property: WholeRange(0, PdiItems.Worst), StatedOrNull, Unit(PdiItems.Unit, Remark = PdiItems.Remark), Missing(PdiItems.Unanswered)]
    int? Recreation,
    [property: WholeRange(0, PdiItems.Worst), StatedOrNull, Unit(PdiItems.Unit, Remark = PdiItems.Remark), Missing(PdiItems.Unanswered)]
    int? Social,
    [property: WholeRange(0, PdiItems.Worst), StatedOrNull, Unit(PdiItems.Unit, Remark = PdiItems.Remark), Missing(PdiItems.Unanswered)]
    int? Occupation,
    [property: WholeRange(0, PdiItems.Worst), StatedOrNull, Unit(PdiItems.Unit, Remark = PdiItems.Remark), Missing(PdiItems.Unanswered)]
    int? Sexual,
    [property: WholeRange(0, PdiItems.Worst), StatedOrNull, Unit(PdiItems.Unit, Remark = PdiItems.Remark), Missing(PdiItems.Unanswered)]
    int? SelfCare,
    [property: WholeRange(0, PdiItems.Worst), StatedOrNull, Unit(PdiItems.Unit, Remark = PdiItems.Remark), Missing(PdiItems.Unanswered)]
    int? LifeSupport)
{
    private const int Worst = 10;
    private const string Unit = "points";
    private const string Remark = "; null for an item left unanswered";
    private const string Unanswered = "null when the patient left it unanswered, never read as 0";

    /// <summary>The sum of the seven items, 0 to 70; null when one is missing.</summary>
    /// <returns>The total, or null.</returns>
    public int? Total() => FamilyHome + Recreation + Social + Occupation + Sexual + SelfCare + LifeSupport;
}
