using System.Security.Cryptography;
using System.Text;
using Registry.Domain.Assessments;
using Registry.Domain.Common;

namespace Registry.Api.Fhir;

/// <summary>
/// Which Observation a score is: one instrument of the assessment of a case at a timepoint. Its FHIR id is derived from that and from
/// nothing else:
/// <c>{site}.{case}.{timepoint}.{nrs|pdi}</c>, with <c>--</c>, <c>-d</c> and <c>-u</c> for a dash, a dot and an underscore of the site's
/// keys; where that is longer than the 64 characters of an id, a hash stands in the place of site and case.
/// </summary>
/// <param name="Site">The site.</param>
/// <param name="Case">The site's own case number.</param>
/// <param name="Timepoint">The code of the timepoint.</param>
/// <param name="Instrument">The instrument.</param>
internal sealed record ScoreAddress(SiteCode Site, CaseCode Case, string Timepoint, Instrument Instrument)
{
    /// <summary>The system of the identifier that the registry gives an Observation; its value is site/case/timepoint/instrument.</summary>
    public const string System = "urn:registry:observation";

    private const int LongestId = 64;
    private const int DigitsOfHash = 40;

    /// <summary>The value of the identifier that the registry gives it.</summary>
    public string Identifier => $"{Site}/{Case}/{Timepoint}/{Code.Of(Instrument)}";

    /// <summary>The FHIR id.</summary>
    public string Id
    {
        get
        {
            var tail = $".{Timepoint}.{Code.Of(Instrument)}";
            var readable = $"{Escape(Site.ToString())}.{Escape(Case.ToString())}{tail}";
            return readable.Length <= LongestId ? readable : HashOf(Site, Case) + tail;
        }
    }

    /// <summary>The address with this identifier; null where it is none.</summary>
    public static ScoreAddress? OfIdentifier(string value) =>
        value.Split('/') is [var first, var second, var timepoint, var instrument] && SiteCode.TryParse(first, null, out var site)
            && CaseCode.TryParse(second, null, out var @case)
            ? Of(site, @case, timepoint, instrument)
            : null;

    /// <summary>What an id says: the hash of site and case, or both, and the rest; null where it is no id of the registry.</summary>
    public static (string? Hash, ScoreAddress Address)? Parse(string id) => id.Split('.') switch
    {
        [var first, var second, var timepoint, var instrument] when SiteCode.TryParse(Unescape(first), null, out var site)
            && CaseCode.TryParse(Unescape(second), null, out var @case)
            && Of(site, @case, timepoint, instrument) is { } address
            && address.Id == id =>
            (null, address),
        [{ Length: DigitsOfHash } hash, var timepoint, var instrument] when Of(default, default, timepoint, instrument) is { } address =>
            (hash, address),
        _ => null,
    };

    /// <summary>What stands in the place of a site and a case in an id that would be too long.</summary>
    public static string HashOf(SiteCode site, CaseCode @case) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{site}/{@case}")))[..DigitsOfHash];

    private static ScoreAddress? Of(SiteCode site, CaseCode @case, string timepoint, string instrument) =>
        Code.Parse<Timepoint>(timepoint) is not null && Code.Parse<Instrument>(instrument) is { } known
            ? new ScoreAddress(site, @case, timepoint, known)
            : null;

    private static string Escape(string key) => key.Replace("-", "--", StringComparison.Ordinal)
        .Replace(".", "-d", StringComparison.Ordinal)
        .Replace("_", "-u", StringComparison.Ordinal);

    private static string? Unescape(string text)
    {
        var plain = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '-')
            {
                plain.Append(text[at]);
            }
            else if (++at < text.Length && text[at] switch { '-' => '-', 'd' => '.', 'u' => '_', _ => '\0' } is not '\0' and var special)
            {
                plain.Append(special);
            }
            else
            {
                return null;
            }
        }

        return plain.ToString();
    }
}
