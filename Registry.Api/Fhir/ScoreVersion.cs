using Registry.Api.Http;
using Registry.Domain.Assessments;
using Registry.Domain.Recording;

namespace Registry.Api.Fhir;

/// <summary>
/// One version of one score. The registry counts the versions of an assessment, which holds both instruments; an Observation is one of
/// them, and its version moves on only when its own part of the assessment does.
/// </summary>
/// <param name="Number">Its number, from 1. Unit: count.</param>
/// <param name="Held">The part of the assessment that is about the instrument; of a version that withdrew it, what was withdrawn.</param>
/// <param name="IsWithdrawn">Whether this version took the score away.</param>
/// <param name="RecordedAt">When it was recorded, RFC 3339 UTC; null where it was not asked for.</param>
internal sealed record ScoreVersion(int Number, Assessment Held, bool IsWithdrawn, string? RecordedAt)
{
    /// <summary>Whether it says something else than the first version: a further identifier of the sender amends nothing.</summary>
    public bool IsAmended { get; init; }

    /// <summary>An assessment without the numbers of its identifiers.</summary>
    public static Assessment Bare(Assessment assessment) => assessment with { NrsIdentifiers = null, PdiIdentifiers = null };

    /// <summary>How many identifiers of its sender an instrument has.</summary>
    public static int IdentifiersOf(Assessment assessment, Instrument instrument) =>
        (instrument == Instrument.Nrs ? assessment.NrsIdentifiers : assessment.PdiIdentifiers) ?? 0;

    /// <summary>An assessment with the number of identifiers that an instrument has.</summary>
    public static Assessment WithIdentifiers(Assessment assessment, Instrument instrument, int count)
    {
        int? stated = count == 0 ? null : count;
        return instrument == Instrument.Nrs ? assessment with { NrsIdentifiers = stated } : assessment with { PdiIdentifiers = stated };
    }

    /// <summary>The version as the write rule sees it.</summary>
    public RecordedVersion AsRecorded => new(Number, Json.Canonical(Held), IsWithdrawn);

    /// <summary>The versions of one instrument among those of an assessment, oldest first; empty when it was never scored.</summary>
    public static IReadOnlyList<ScoreVersion> Of(IEnumerable<(RecordedVersion Version, string? At)> versions, Instrument instrument)
    {
        var found = new List<ScoreVersion>();
        foreach (var (version, at) in versions)
        {
            var part = version.Retracted ? null : Part(Json.Read<Assessment>(version.Content), instrument);
            if (part is null ? found is [.., { IsWithdrawn: false }] : found is not [.., { IsWithdrawn: false } last] || last.Held != part)
            {
                var isAmended = found is [.., var before] && (before.IsAmended || part is null || Bare(before.Held) != Bare(part));
                found.Add(new ScoreVersion(found.Count + 1, part ?? found[^1].Held, part is null, at) { IsAmended = isAmended });
            }
        }

        return found;
    }

    /// <summary>
    /// The part of an assessment that is about one instrument; null when there is none. A visit that was not done was done with neither.
    /// </summary>
    public static Assessment? Part(Assessment assessment, Instrument instrument) => instrument switch
    {
        Instrument.Nrs =>
            assessment is { Nrs: null, NotDone: null } ? null : assessment with { Pdi = null, PdiItems = null, PdiIdentifiers = null },
        Instrument.Pdi =>
            assessment is { Pdi: null, PdiItems: null, NotDone: null } ? null : assessment with { Nrs = null, NrsIdentifiers = null },
        _ => throw new ArgumentOutOfRangeException(nameof(instrument), instrument, "not an instrument"),
    };

    /// <summary>What is left of an assessment without one instrument; null when nothing is.</summary>
    public static Assessment? Without(Assessment assessment, Instrument instrument) =>
        Part(assessment, instrument == Instrument.Nrs ? Instrument.Pdi : Instrument.Nrs) is { NotDone: null } rest ? rest : null;

    /// <summary>An assessment with one instrument as it was sent; the other stays.</summary>
    public static Assessment With(Assessment? current, Assessment sent, Instrument instrument) =>
        current is null || current.NotDone is not null || sent.NotDone is not null ? sent
        : instrument == Instrument.Nrs ? current with
        {
            AssessedOn = sent.AssessedOn,
            Mode = sent.Mode,
            Nrs = sent.Nrs,
            NrsIdentifiers = sent.NrsIdentifiers,
        }
        : current with
        {
            AssessedOn = sent.AssessedOn,
            Mode = sent.Mode,
            Pdi = sent.Pdi,
            PdiItems = sent.PdiItems,
            PdiIdentifiers = sent.PdiIdentifiers,
        };
}
