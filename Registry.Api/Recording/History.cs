using System.Text.Json.Nodes;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Patients;
using Registry.Domain.Common;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>One version in the history of a record.</summary>
/// <typeparam name="TContent">The content of the record.</typeparam>
/// <param name="Version">Its number, from 1.</param>
/// <param name="Etag">Its entity tag.</param>
/// <param name="Retracted">True when this version withdrew the record.</param>
/// <param name="Value">The content; of a retraction, what was withdrawn.</param>
/// <param name="RecordedAt">When it was recorded, RFC 3339 UTC.</param>
/// <param name="RecordedBy">The name of the key it came with.</param>
/// <param name="SentAt">The sender's own instant, RFC 3339 UTC, as X-Sent-At stated it.</param>
/// <param name="Reason">Why the version before it was changed.</param>
internal sealed record HistoryEntry<TContent>(
    [Unit("count")] int Version,
    string Etag,
    bool Retracted,
    TContent Value,
    string RecordedAt,
    string RecordedBy,
    [Missing("absent when not stated")] string? SentAt,
    [Missing("absent for the first")] string? Reason)
    where TContent : class;

/// <summary>Reads every version of a record.</summary>
internal static class History
{
    public static async Task<Results<Ok<List<HistoryEntry<JsonNode>>>, Problem>> Get(
        HttpRequest request, RecordKind kind, IDatabase database, CancellationToken cancellation)
    {
        var (address, bad) = RecordAddress.From(request, kind);
        if (bad is not null)
        {
            return bad;
        }

        var (rows, references) = await database.Read(
            async session =>
            {
                var found = await session.Query<VersionRow>(
                    $"""
                    SELECT {VersionRow.Columns}
                    FROM resource_version
                    WHERE site_code = @Site AND case_code = @Case AND kind = @Kind AND resource_code = @Code
                    ORDER BY version
                    """,
                    new { address.Site, Case = address.CaseColumn, Kind = kind.Name, address.Code });
                return (found, await PatientToken.References(session, found.Select(row => row.Content)));
            },
            cancellation);
        return rows.Count == 0 ? WriteResponses.Absent(null) : TypedResults.Ok(rows.Select(row => row.ToEntry(references)).ToList());
    }
}

/// <summary>A version of a record as it is stored.</summary>
internal record VersionRow
{
    /// <summary>The columns, each by the name of its member.</summary>
    public const string Columns = "version AS Version, content AS Content, is_retracted AS IsRetracted, recorded_at AS RecordedAt, recorded_by AS RecordedBy, sent_at AS SentAt, reason AS Reason";

    public int Version { get; init; }
    public string Content { get; init; } = string.Empty;
    public int IsRetracted { get; init; }

    // Text on SQLite, a point in time without a zone on SQL Server.
    public object RecordedAt { get; init; } = string.Empty;
    public string RecordedBy { get; init; } = string.Empty;
    public object? SentAt { get; init; }
    public string? Reason { get; init; }

    /// <summary>The version, and when it was recorded.</summary>
    public (RecordedVersion Version, string? At) ToVersion() =>
        (new RecordedVersion(Version, Content, IsRetracted == 1), Recorder.Instant(RecordedAt));

    /// <summary>The version as it is shown, given the references of persons.</summary>
    public HistoryEntry<JsonNode> ToEntry(IReadOnlyDictionary<int, string> references)
    {
        var version = new RecordedVersion(Version, PatientToken.Show(Content, references), IsRetracted == 1);
        return new HistoryEntry<JsonNode>(
            Version,
            RecordHeaders.ETag(version),
            version.Retracted,
            JsonNode.Parse(version.Content)!,
            Recorder.Instant(RecordedAt),
            RecordedBy,
            SentAt is null ? null : Recorder.Instant(SentAt),
            Reason);
    }
}
