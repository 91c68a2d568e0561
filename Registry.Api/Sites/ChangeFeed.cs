using System.Globalization;
using System.Text.Json.Nodes;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Patients;
using Registry.Api.Recording;
using Registry.Domain.Common;

namespace Registry.Api.Sites;

/// <summary>One recorded change of a site.</summary>
/// <param name="Change">Its number within the site: 1, 2, 3 and so on, without gaps, in the order of recording.</param>
/// <param name="Kind">The kind of record: site, case, assessment, event, adverse-event, cost or stay.</param>
/// <param name="Case">The case.</param>
/// <param name="Key">The record's own key below the case.</param>
/// <param name="Version">The version of the record.</param>
/// <param name="Etag">The entity tag of that version.</param>
/// <param name="Retracted">True when the change withdrew the record.</param>
/// <param name="Value">The content; of a retraction, what was withdrawn.</param>
/// <param name="RecordedAt">When it was recorded, RFC 3339 UTC.</param>
/// <param name="RecordedBy">The name of the key it came with.</param>
/// <param name="SentAt">The sender's own instant, RFC 3339 UTC, as X-Sent-At stated it.</param>
/// <param name="Reason">Why.</param>
internal sealed record RecordedChange(
    [Unit("count")] long Change,
    [CodesIn(nameof(CodeSets.RecordKind))] string Kind,
    [Missing("absent for the site itself")] string? Case,
    [Missing("absent for the site and for a case")] string? Key,
    [Unit("count")] int Version,
    string Etag,
    bool Retracted,
    JsonNode Value,
    string RecordedAt,
    string RecordedBy,
    [Missing("absent when not stated")] string? SentAt,
    [Missing("absent for a first version")] string? Reason);

/// <summary>One page of the changes of a site.</summary>
/// <param name="Items">The changes, in order.</param>
/// <param name="Latest">The number of the latest change of the site; a copy that has reached it is in step.</param>
/// <param name="Next">The change to state as 'since' for the next page.</param>
internal sealed record ChangePage(
    IReadOnlyList<RecordedChange> Items,
    [Unit("count")] long Latest,
    [Unit("count"), Missing("absent on the last")] long? Next);

/// <summary>The changes of a site in the order of recording, so that a hospital reconciles and a copy stays in step.</summary>
internal static class ChangeFeed
{
    private static readonly QueryParameter Since = new(
        "since", "The number of the last change that is known already; left out: 0, so that the feed begins with the first change.")
    {
        Range = new WholeRange(0, int.MaxValue),
    };
    private static readonly QueryParameter Limit = Paging.Limit("changes");

    public static void MapChanges(this RouteGroupBuilder api) =>
        api.MapGet("/sites/{site}/changes", Get)
            .WithName("listChanges")
            .WithSummary("Read what a site has recorded, in order")
            .WithDescription(
                "Every recorded version of every record, by a number that counts the changes of the site without gaps. Follow 'next' until "
                + "it is absent; then ask again with since=latest. "
                + "A change that was acknowledged is in the feed.")
            .Takes(Since, Limit);

    private static async Task<Results<Ok<ChangePage>, Problem>> Get(
        HttpRequest request, RecordServices services, CancellationToken cancellation)
    {
        var (address, bad) = RecordAddress.OfSite(request);
        if (bad is not null)
        {
            return bad;
        }

        var since = int.TryParse(request.Query[Since.Name], CultureInfo.InvariantCulture, out var stated) ? stated : 0;
        var limit = Paging.LimitOf(request);
        var (isKnown, latest, rows, references) = await services.Database.Read(
            async session =>
            {
                var isKnown = await SiteKind.Exists(session, address.Site);
                var latest = await session.Single<long>(
                    "SELECT COALESCE(MAX(change_number), 0) FROM resource_version WHERE site_code = @Site", new { address.Site });
                var rows = await session.Query<Row>(
                    $"""
                    SELECT change_number AS Change, kind AS Kind, case_code AS "Case", resource_code AS Code, {VersionRow.Columns}
                    FROM resource_version
                    WHERE site_code = @Site AND change_number > @since
                    ORDER BY change_number
                    {Dialect.First(services.Database.Engine, "@limit")}
                    """,
                    new { address.Site, since, limit });
                return (isKnown, latest, rows, await PatientToken.References(session, rows.Select(row => row.Content)));
            },
            cancellation);
        return isKnown || latest > 0
            ? TypedResults.Ok(new ChangePage(
                [.. rows.Select(row => row.ToChange(references))],
                latest,
                rows.Count > 0 && rows[^1].Change < latest ? rows[^1].Change : null))
            : WriteResponses.UnknownSite(address.Site);
    }

    private sealed record Row : VersionRow
    {
        public long Change { get; init; }
        public string Kind { get; init; } = string.Empty;
        public string Case { get; init; } = string.Empty;
        public string Code { get; init; } = string.Empty;

        public RecordedChange ToChange(IReadOnlyDictionary<int, string> references)
        {
            var entry = ToEntry(references);
            return new RecordedChange(
                Change,
                Kind,
                Case.Length == 0 ? null : Case,
                Code.Length == 0 ? null : Code,
                entry.Version,
                entry.Etag,
                entry.Retracted,
                entry.Value,
                entry.RecordedAt,
                entry.RecordedBy,
                entry.SentAt,
                entry.Reason);
        }
    }
}
