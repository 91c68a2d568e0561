namespace Registry.Domain.Recording;

/// <summary>One recorded version of a resource, or the mark that it was retracted.</summary>
/// <param name="Version">1 for the first version; each correction and each retraction adds 1, and no number is used twice.</param>
/// <param name="Content">The canonical content. For a retraction, the content that was retracted.</param>
/// <param name="Retracted">True when this version withdraws the resource.</param>
public sealed record RecordedVersion(int Version, string Content, bool Retracted);

/// <summary>What a sender asks for besides the content itself.</summary>
/// <param name="ExpectedVersion">The version that <c>If-Match</c> names: null when absent, 0 for a tag that names no version of this resource.</param>
/// <param name="OnlyCreate">True for <c>If-None-Match: *</c>.</param>
/// <param name="Reason">Why an existing value is changed (<c>X-Change-Reason</c>), or null.</param>
public sealed record Preconditions(int? ExpectedVersion = null, bool OnlyCreate = false, string? Reason = null)
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

    /// <summary>The sender named the current version and gave a reason: the content replaces it, the old version stays in history.</summary>
    Correct,

    /// <summary>The sender named the current version and gave a reason: the resource is withdrawn, its versions stay in history.</summary>
    Retract,

    /// <summary>Other content is there and the sender did not say that it knows.</summary>
    Conflict,

    /// <summary>The sender named a version that is not the current one, or asked to create what is there.</summary>
    Stale,

    /// <summary>The sender did not name a version where one is needed.</summary>
    VersionRequired,

    /// <summary>The sender named the current version but gave no reason for the change.</summary>
    ReasonRequired,

    /// <summary>There is nothing to retract.</summary>
    Absent,
}

/// <summary>
/// The one rule for every write. It makes any retry safe: a write that was carried out and is repeated,
/// with the preconditions it had the first time, finds its own content and changes nothing.
/// </summary>
public static class WriteRule
{
    /// <summary>What becomes of writing <paramref name="content"/> where <paramref name="latest"/> is the newest version, or null.</summary>
    public static Verdict Put(RecordedVersion? latest, string content, Preconditions asked)
    {
        if (latest is null or { Retracted: true })
        {
            return asked.ExpectedVersion is null ? Verdict.Create : Verdict.Stale;
        }

        if (latest.Content == content)
        {
            return Verdict.Unchanged;
        }

        return asked switch
        {
            { OnlyCreate: true } => Verdict.Stale,
            { ExpectedVersion: null } => Verdict.Conflict,
            { ExpectedVersion: var expected } when expected != latest.Version => Verdict.Stale,
            { Reason: null } => Verdict.ReasonRequired,
            _ => Verdict.Correct,
        };
    }

    /// <summary>What becomes of retracting the resource whose newest version is <paramref name="latest"/>, or null.</summary>
    public static Verdict Delete(RecordedVersion? latest, Preconditions asked) => (latest, asked) switch
    {
        (null, _) => Verdict.Absent,
        ({ Retracted: true }, _) when asked.ExpectedVersion == latest.Version - 1 => Verdict.Unchanged,
        ({ Retracted: true }, _) => Verdict.Absent,
        (_, { ExpectedVersion: null }) => Verdict.VersionRequired,
        _ when asked.ExpectedVersion != latest.Version => Verdict.Stale,
        (_, { Reason: null }) => Verdict.ReasonRequired,
        _ => Verdict.Retract,
    };
}
