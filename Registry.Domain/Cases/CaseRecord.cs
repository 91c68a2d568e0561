using Registry.Domain.Common;

namespace Registry.Domain.Cases;

/// <summary>One patient and one procedure intent, identified by the site and the site's own case number.</summary>
public sealed record CaseRecord
{
    /// <summary>How long the pain may have lasted, in whole months.</summary>
    public static readonly WholeRange PainDurationRange = new(0, LongestPainMonths);

    private const int LongestPainMonths = 1200;

    /// <summary>The pseudonymous patient.</summary>
    public required Patient Patient { get; init; }

    /// <summary>The procedure this case is about.</summary>
    [Column("procedure_code")]
    public required Procedure Procedure { get; init; }

    /// <summary>What the patient is treated for.</summary>
    public required Indication Indication { get; init; }

    /// <summary>The side of the pain.</summary>
    [Missing("left out when not recorded")]
    public PainSide? PainSide { get; init; }

    /// <summary>The painful dermatomes from head to foot.</summary>
    [SpinalLevels]
    [Missing("left out when not recorded, never empty")]
    public IReadOnlyList<string>? PainLevels { get; init; }

    /// <summary>How long the pain had lasted, in whole months, 0 to 1200.</summary>
    [WholeRange(0, LongestPainMonths)]
    [Unit("months")]
    [Missing("left out when not recorded")]
    public int? PainDurationMonths { get; init; }

    /// <summary>The same patient's earlier case that this one follows (a failed trial, say).</summary>
    [Identifier]
    [NoColumn]
    [Missing("left out for a primary case")]
    public CaseCode? PrecedingCase { get; init; }
}

/// <summary>A patient as the registry knows one: a site's own opaque reference, no name, no date of birth.</summary>
public sealed record Patient
{
    /// <summary>The site's own reference; links the cases of one patient within one site.</summary>
    [Identifier]
    [NoColumn]
    public required string Reference { get; init; }

    private const string ErasedPrefix = "erased-";

    /// <summary>What stands in the place of a reference that was erased. A sender can state it only where it stands already.</summary>
    /// <param name="person">The registry's own number of the person.</param>
    public static string Erased(int person) => FormattableString.Invariant($"{ErasedPrefix}{person}");

    /// <summary>Whether a reference is one that stands in the place of another.</summary>
    public static bool IsErased(string reference) =>
        reference.StartsWith(ErasedPrefix, StringComparison.Ordinal) && reference.Length > ErasedPrefix.Length
        && reference.AsSpan(ErasedPrefix.Length).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>The recorded sex.</summary>
    public required Sex Sex { get; init; }

    /// <summary>The year of birth.</summary>
    // Those that a registry of living memory can meet.
    [WholeRange(1900, 2100)]
    [NotInTheFuture]
    [Unit("calendar year")]
    public required int BirthYear { get; init; }
}

/// <summary>The recorded sex of a patient.</summary>
public enum Sex
{
    /// <summary>Male.</summary>
    Male,

    /// <summary>Female.</summary>
    Female,

    /// <summary>Recorded, and neither male nor female.</summary>
    Other,

    /// <summary>Not known to the site.</summary>
    Unknown,
}
