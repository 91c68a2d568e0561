using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Recording;
using Registry.Domain.Sites;

namespace Registry.Api.Recording;

/// <summary>Everything that is recorded of a site and one of its cases: the newest version of each record.</summary>
internal sealed class Dossier
{
    /// <summary>The kinds of record, as stored.</summary>
    public const string SiteKind = "site", CaseKind = "case", AssessmentKind = "assessment", EventKind = "event",
        AdverseEventKind = "adverse-event", CostKind = "cost", StayKind = "stay";

    private readonly Dictionary<(string Kind, string Code), RecordedVersion> _latest;
    private CaseChart? _chart;

    private Dossier(Dictionary<(string Kind, string Code), RecordedVersion> latest) => _latest = latest;

    /// <summary>The site; null when it is not known or was retracted.</summary>
    public Site? Site => Current(SiteKind, ResourceAddress.Itself) is { } site ? Json.Read<Site>(site.Content) : null;

    /// <summary>Whether the case is known and was not retracted.</summary>
    public bool HasCase => Current(CaseKind, ResourceAddress.Itself) is not null;

    /// <summary>The case with its events and assessments.</summary>
    /// <exception cref="InvalidOperationException">The case is not known.</exception>
    public CaseChart Chart => _chart ??= new CaseChart(
        Json.Read<CaseRecord>((Current(CaseKind, ResourceAddress.Itself) ?? throw new InvalidOperationException("The case is not known.")).Content),
        All(EventKind).ToDictionary(pair => pair.Code, pair => Json.Read<TreatmentEvent>(pair.Version.Content)),
        All(AssessmentKind).ToDictionary(pair => Code.Parse<Timepoint>(pair.Code)!.Value, pair => Json.Read<Assessment>(pair.Version.Content)));

    /// <summary>Reads what is recorded of a site and a case in one query.</summary>
    public static async Task<Dossier> Of(Session session, string site, string @case)
    {
        var rows = await session.Query<VersionRow>(
            """
            SELECT v.kind AS Kind, v.resource_code AS Code, v.version AS Version, v.content AS Content, v.is_retracted AS IsRetracted
            FROM resource_version v
            WHERE v.site_code = @site AND v.case_code IN ('', @case)
              AND v.version = (
                SELECT MAX(n.version)
                FROM resource_version n
                WHERE n.site_code = v.site_code AND n.case_code = v.case_code AND n.kind = v.kind AND n.resource_code = v.resource_code
              )
            """,
            new { site, @case });
        return new Dossier(rows.ToDictionary(row => (row.Kind, row.Code), row => new RecordedVersion(row.Version, row.Content, row.IsRetracted == 1)));
    }

    /// <summary>The newest version of a record, be it a retraction; null when nothing was ever recorded.</summary>
    public RecordedVersion? Latest(string kind, string code) => _latest.GetValueOrDefault((kind, code));

    /// <summary>The newest version of a record; null when there is none or it was retracted.</summary>
    public RecordedVersion? Current(string kind, string code) => Latest(kind, code) is { Retracted: false } version ? version : null;

    /// <summary>Every record of a kind that was not retracted, by its key.</summary>
    public IEnumerable<(string Code, RecordedVersion Version)> All(string kind) =>
        _latest.Where(pair => pair.Key.Kind == kind && !pair.Value.Retracted)
            .OrderBy(pair => pair.Key.Code, StringComparer.Ordinal)
            .Select(pair => (pair.Key.Code, pair.Value));

    private sealed record VersionRow
    {
        public string Kind { get; init; } = string.Empty;

        public string Code { get; init; } = string.Empty;

        public int Version { get; init; }

        public string Content { get; init; } = string.Empty;

        public int IsRetracted { get; init; }
    }
}
