using System.Security.Cryptography;
using System.Text;

namespace Registry.Domain.Recording;

/// <summary>One recorded version of a record, or the mark that it was retracted.</summary>
/// <param name="Version">1 for the first version; each correction and each retraction adds 1, and no number is used twice.</param>
/// <param name="Content">The canonical content. For a retraction, the content that was retracted.</param>
/// <param name="Retracted">True when this version withdraws the record.</param>
public sealed record RecordedVersion(int Version, string Content, bool Retracted)
{
    /// <summary>Names this version among all versions of the record: its number, and the beginning of the SHA-256 of its content.</summary>
    public string Tag =>
        FormattableString.Invariant($"{Version}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content)).AsSpan(0, 6))}");
}

/// <summary>What a sender asks for besides the content itself.</summary>
/// <param name="ExpectedTag">The <see cref="RecordedVersion.Tag"/> that <c>If-Match</c> names, or null when absent.</param>
/// <param name="OnlyCreate">True for <c>If-None-Match: *</c>.</param>
/// <param name="Reason">Why an existing value is changed (<c>X-Change-Reason</c>), or null.</param>
public sealed record Preconditions(string? ExpectedTag = null, bool OnlyCreate = false, string? Reason = null)
{
    /// <summary>Nothing asked for: create, or find the same content already there.</summary>
    public static readonly Preconditions None = new();
}

/// <summary>What becomes of a write.</summary>
public enum Verdict
{
    /// <summary>Nothing was there: the content is stored as a new version.</summary>
    Create,

    /// <summary>The same content was there already: nothing changes.</summary>
    Unchanged,

    /// <summary>
    /// The sender named the current version and gave a reason: the content replaces it, the old version stays in history.
    /// </summary>
    Correct,

    /// <summary>The sender named the current version and gave a reason: the record is withdrawn, its versions stay in history.</summary>
    Retract,

    /// <summary>Other content is there and the sender did not say that it knows.</summary>
    Conflict,

    /// <summary>The sender named a version that is not the current one, or asked to create what is there.</summary>
    Stale,

    /// <summary>The sender did not name a version where one is needed.</summary>
    VersionRequired,

    /// <summary>The sender named the current version but gave no reason for the change.</summary>
    ReasonRequired,

    /// <summary>What was here was retracted, and the sender did not say that it knows.</summary>
    Retracted,

    /// <summary>There is nothing to retract.</summary>
    Absent,
}

/// <summary>
/// The one rule for every write. It makes any retry safe: a write that was carried out and is repeated,
/// with the preconditions it had the first time, finds its own content and changes nothing. What was retracted does not come
/// back by a repeated message: to record it again, the sender names the retraction and gives a reason.
/// </summary>
public static class WriteRule
{
    /// <summary>
    /// What becomes of writing <paramref name="content"/> where <paramref name="latest"/> is the newest version, or null.
    /// </summary>
    public static Verdict Put(RecordedVersion? latest, string content, Preconditions asked)
    {
        if (latest is null)
        {
            return asked.ExpectedTag is null ? Verdict.Create : Verdict.Stale;
        }

        if (latest.Retracted)
        {
            return asked switch
            {
                { ExpectedTag: null } => Verdict.Retracted,
                { ExpectedTag: var expected } when expected != latest.Tag => Verdict.Stale,
                { Reason: null } => Verdict.ReasonRequired,
                _ => Verdict.Create,
            };
        }

        if (latest.Content == content)
        {
            return Verdict.Unchanged;
        }

        return asked switch
        {
            { OnlyCreate: true } => Verdict.Stale,
            { ExpectedTag: null } => Verdict.Conflict,
            { ExpectedTag: var expected } when expected != latest.Tag => Verdict.Stale,
            { Reason: null } => Verdict.ReasonRequired,
            _ => Verdict.Correct,
        };
    }

    /// <summary>What becomes of retracting the record whose newest version is <paramref name="latest"/>, or null.</summary>
    public static Verdict Delete(RecordedVersion? latest, Preconditions asked) => (latest, asked) switch
    {
        (null, _) => Verdict.Absent,
        ({ Retracted: true }, _) when asked.ExpectedTag == (latest with { Version = latest.Version - 1 }).Tag => Verdict.Unchanged,
        ({ Retracted: true }, _) => Verdict.Absent,
        (_, { ExpectedTag: null }) => Verdict.VersionRequired,
        _ when asked.ExpectedTag != latest.Tag => Verdict.Stale,
        (_, { Reason: null }) => Verdict.ReasonRequired,
        _ => Verdict.Retract,
    };
}
