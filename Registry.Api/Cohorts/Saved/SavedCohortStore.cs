using System.Data.Common;
using System.Security.Claims;
using Registry.Api.Access;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Common;
using Registry.Domain.Recording;

namespace Registry.Api.Cohorts.Saved;

/// <summary>One version of a saved cohort, as it is stored.</summary>
/// <param name="Name">The name.</param>
/// <param name="Version">The version.</param>
/// <param name="Owner">The name of the key that made the cohort: one that replaces it has the same.</param>
/// <param name="RecordedAt">When it was recorded, RFC 3339 UTC.</param>
/// <param name="RecordedBy">The name of the key it came with.</param>
/// <param name="SentAt">The sender's own instant; null when not stated.</param>
/// <param name="Reason">Why the version before it was changed; null for the first.</param>
internal sealed record StoredCohort(
    string Name, RecordedVersion Version, string Owner, string RecordedAt, string RecordedBy, string? SentAt, string? Reason)
{
    private SavedCohort? _content;

    /// <summary>The definition.</summary>
    public SavedCohort Content => _content ??= Json.Read<SavedCohort>(Version.Content);

    /// <summary>Whether a caller sees it.</summary>
    public bool IsSeenBy(ClaimsPrincipal caller) => Content.Shared || IsChangedBy(caller);

    /// <summary>Whether a caller may change it.</summary>
    public bool IsChangedBy(ClaimsPrincipal caller) => caller.Role() == Role.Admin || caller.KeyName() == Owner;

    /// <summary>The cohort in the words of who sees sites under these names: definition and tag.</summary>
    public StoredCohort For(SiteNames names) =>
        names.AreMasked
            ? this with
            {
                _content = null,
                Version = Version with { Content = SavedCohortKind.Instance.Canonical(Content with { Filter = names.Of(Content.Filter) }) },
            }
            : this;

    /// <summary>It, as it is read back.</summary>
    public RecordView Show() => new(
        new SavedCohortName(Name),
        Content,
        new SavedCohortState(Version.Version, Owner, RecordedAt, RecordedBy),
        NamedMember.ETag(Version));

    /// <summary>What is there to read back where none is recorded.</summary>
    public static RecordView Nothing(string name) => new(new SavedCohortName(name));
}

/// <summary>Where a saved cohort is.</summary>
/// <param name="Name">Its name, as in the address.</param>
[ReadBackWith(typeof(SavedCohort))]
internal sealed record SavedCohortName(string Name);

/// <summary>What is read back of a version of a saved cohort.</summary>
/// <param name="Version">Its version, from 1.</param>
/// <param name="Owner">The name of the key that made it.</param>
/// <param name="RecordedAt">When this version was recorded, RFC 3339 UTC.</param>
/// <param name="RecordedBy">The name of the key this version came with.</param>
[ReadBackWith(typeof(SavedCohort))]
internal sealed record SavedCohortState([Unit("count")] int Version, string Owner, string RecordedAt, string RecordedBy);

/// <summary>Reads and writes saved cohorts.</summary>
internal static class SavedCohortStore
{
    private const string Columns =
        "c.cohort_name, c.version, c.content, c.is_retracted, c.owner, c.recorded_at, c.recorded_by, c.sent_at, c.reason";
    private const string IsLatest = "c.version = (SELECT MAX(v.version) FROM saved_cohort_version v WHERE v.cohort_name = c.cohort_name)";

    private static readonly Statement LatestOf =
        new($"SELECT {Columns} FROM saved_cohort_version c WHERE c.cohort_name = @p0 AND {IsLatest}");
    private static readonly Statement AllOf =
        new($"SELECT {Columns} FROM saved_cohort_version c WHERE c.cohort_name = @p0 ORDER BY c.version");

    private static readonly Dictionary<string, Statement> Lists = new[] { "sqlite", "sqlserver" }.ToDictionary(engine =>
        engine, engine => new Statement(
        $"""
        SELECT {Columns} FROM saved_cohort_version c
        WHERE c.cohort_name > @p0 AND c.is_retracted = 0 AND (c.is_shared = 1 OR c.owner = @p2 OR @p3 = 1) AND {IsLatest}
        ORDER BY c.cohort_name
        {Dialect.First(engine, "@p1")}
        """));

    private static readonly Statement Insert = new(
        """
        INSERT INTO saved_cohort_version (cohort_name, version, owner, is_shared, content, is_retracted, recorded_at, recorded_by, key_id,
          sent_at, reason)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)
        """);

    /// <summary>The newest version of a cohort, be it a retraction; null where there was never any.</summary>
    public static async Task<StoredCohort?> Latest(Session session, string name) =>
        await session.Rows(LatestOf, Read, name) is [var latest] ? latest : null;

    /// <summary>The newest version of a cohort, be it a retraction; null where there was never any.</summary>
    public static async Task<StoredCohort?> Latest(IDatabase database, string name, CancellationToken cancellation) =>
        await database.LookUp(LatestOf, Read, cancellation, name) is [var latest] ? latest : null;

    /// <summary>Every version of a cohort, in order.</summary>
    public static Task<List<StoredCohort>> Versions(IDatabase database, string name, CancellationToken cancellation) =>
        database.LookUp(AllOf, Read, cancellation, name);

    /// <summary>The cohorts behind a name that a caller sees, in the order of their names.</summary>
    public static Task<List<StoredCohort>> List(
        IDatabase database, ClaimsPrincipal caller, string after, int count, CancellationToken cancellation) =>
        database.LookUp(Lists[database.Engine], Read, cancellation, after, count, caller.KeyName(), caller.Role() == Role.Admin);

    /// <summary>Adds the version that follows a verdict.</summary>
    /// <returns>The version.</returns>
    public static async Task<StoredCohort> Add(
        Session session, StoredCohort? latest, string name, string content, bool isRetracted, string? reason, Sender by, string at)
    {
        var added = new StoredCohort(
            name,
            new RecordedVersion((latest?.Version.Version ?? 0) + 1, content, isRetracted),
            latest?.Owner ?? by.Name,
            at,
            by.Name,
            by.SentAt,
            reason);
        await session.Run(
            Insert, name, added.Version.Version, added.Owner, added.Content.Shared, content, isRetracted, at, by.Name, by.KeyId,
            by.SentAt, reason);
        return added;
    }

    private static StoredCohort Read(DbDataReader row) => new(
        row.GetString(0),
        new RecordedVersion(row.GetInt32(1), row.GetString(2), row.GetInt32(3) == 1),
        row.GetString(4),
        row.GetString(5),
        row.GetString(6),
        row.IsDBNull(7) ? null : row.GetString(7),
        row.IsDBNull(8) ? null : row.GetString(8));
}
