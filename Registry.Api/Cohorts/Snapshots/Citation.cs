using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Registry.Api.Http;
using Registry.Api.Summaries;

namespace Registry.Api.Cohorts.Snapshots;

/// <summary>The form of a citation.</summary>
internal enum CitationFormat
{
    /// <summary>A line of text.</summary>
    Text,

    /// <summary>An entry for BibTeX.</summary>
    Bibtex,

    /// <summary>An item for citation processors: CSL-JSON.</summary>
    CslJson,
}

/// <summary>How a snapshot is cited: what it holds, where it is, and the digest by which it is known again.</summary>
internal static class Citation
{
    private const string Publisher = "Neuromodulation registry";

    /// <summary>The media types of the forms, in their order.</summary>
    public static readonly IReadOnlyList<string> ContentTypes =
    [
        "text/plain; charset=utf-8",
        "application/x-bibtex; charset=utf-8",
        "application/vnd.citationstyles.csl+json; charset=utf-8",
    ];

    /// <summary>Cites a snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="format">The form.</param>
    /// <param name="url">Its address.</param>
    /// <param name="disclosure">What hides small counts from the caller; null for one who sees what there is.</param>
    public static string Of(Snapshot snapshot, CitationFormat format, string url, Disclosure? disclosure)
    {
        var title = $"{snapshot.Title ?? snapshot.Cohort}: a cohort of {Count(snapshot.Cases, disclosure)}";
        var (year, day, sha256) = (snapshot.CreatedAt[..4], snapshot.CreatedAt[..10], Convert.ToHexStringLower(snapshot.Sha256));
        return format switch
        {
            CitationFormat.Bibtex =>
                $$"""
                @misc{snapshot-{{snapshot.Id}},
                  title = {{{Escaped(title)}}},
                  howpublished = {Data set, {{Publisher}}},
                  year = {{{year}}},
                  version = {Snapshot {{snapshot.Id}}, data cut-off {{snapshot.AsOf.Iso()}}},
                  url = {{{url}}},
                  note = {SHA-256: {{sha256}}}
                }

                """,
            CitationFormat.CslJson => new JsonArray(new JsonObject
            {
                ["id"] = "snapshot-" + snapshot.Id,
                ["type"] = "dataset",
                ["title"] = title,
                ["publisher"] = Publisher,
                ["issued"] = new JsonObject { ["date-parts"] = new JsonArray(new JsonArray([.. DateParts(day)])) },
                ["version"] = $"Snapshot {snapshot.Id}, data cut-off {snapshot.AsOf.Iso()}",
                ["URL"] = url,
                ["note"] = "SHA-256: " + sha256,
            }).ToJsonString(new JsonSerializerOptions(Json.Options) { WriteIndented = true }),
            _ => $"{Publisher} ({year}). {title} [Data set]. Snapshot {snapshot.Id} of {day}, data cut-off {snapshot.AsOf.Iso()}. {url} SHA-256: {sha256}.\n",
        };
    }

    private static IEnumerable<JsonNode> DateParts(string day) =>
        day.Split('-').Select(part => JsonValue.Create(int.Parse(part, CultureInfo.InvariantCulture)));

    private static string Count(int cases, Disclosure? disclosure) => Snapshot.Shown(cases, disclosure) switch
    {
        null => "few cases",
        var shown when disclosure is not null => FormattableString.Invariant($"about {shown} cases"),
        1 => "1 case",
        var exact => FormattableString.Invariant($"{exact} cases"),
    };

    // What TeX takes for a command.
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in text)
        {
            escaped.Append(letter switch
            {
                '\\' => "\\textbackslash{}",
                '~' => "\\textasciitilde{}",
                '^' => "\\textasciicircum{}",
                '{' or '}' or '&' or '%' or '$' or '#' or '_' => "\\" + letter,
                _ => letter.ToString(),
            });
        }

        return escaped.ToString();
    }
}
