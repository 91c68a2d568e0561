using System.Text.Json.Nodes;
using Registry.Api.Http;
using Registry.Domain.Common;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>Turns the outcome of a write into an answer.</summary>
internal static class WriteResponses
{
    /// <summary>The answer to a PUT, with the record as <paramref name="shown"/>, or when that is null as its kind shows it.</summary>
    public static Results<RecordResult, Problem> OfPut(WriteOutcome outcome, RecordKind kind, object? proposed, RecordView? shown = null) =>
        ProblemOf(outcome, kind, proposed) is { } problem ? problem : Recorded((WriteOutcome.Decided)outcome, kind, shown);

    /// <summary>The answer to a DELETE.</summary>
    public static Results<RetractedResult, Problem> OfDelete(WriteOutcome outcome, RecordKind kind) =>
        ProblemOf(outcome, kind, null) is { } problem ? problem : new RetractedResult(((WriteOutcome.Decided)outcome).Current!.Version);

    /// <summary>The problem with a write, or null when there is none.</summary>
    public static Problem? ProblemOf(WriteOutcome outcome, RecordKind kind, object? proposed) => outcome switch
    {
        WriteOutcome.UnknownSite(var site) => UnknownSite(site),
        WriteOutcome.UnknownCase(var site, var @case) => UnknownCase(siteIsKnown: true, new RecordAddress(site, @case)),
        WriteOutcome.Refused(var faults) => Problem.Invalid(faults),
        WriteOutcome.Needed(var why) => new Problem(Problems.InUse, why),
        WriteOutcome.Decided decided => ProblemOf(decided, kind, proposed),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "not an outcome"),
    };

    /// <summary>What became of a write, as it is counted.</summary>
    public static string CodeOf(Verdict verdict) => verdict switch
    {
        Verdict.Create => "created",
        Verdict.Unchanged => "unchanged",
        Verdict.Correct => "corrected",
        Verdict.Retract => "withdrawn",
        _ => Domain.Common.Code.Of(verdict),
    };

    /// <summary>There is no such site, or none for the caller.</summary>
    public static Problem UnknownSite(SiteCode site) =>
        new(Problems.SiteNotFound, $"Site '{site}' is not known. An administrator records it first with PUT /api/v1/sites/{site}.");

    /// <summary>There is no such case, or not even such a site.</summary>
    public static Problem UnknownCase(bool siteIsKnown, RecordAddress address) => siteIsKnown
        ? new(
            Problems.CaseNotFound,
            $"Case '{address.Case}' is not known at site '{address.Site}'. Record it first with PUT "
                + $"/api/v1/sites/{address.Site}/cases/{address.Case}.")
        : UnknownSite(address.Site);

    /// <summary>There is nothing at an address, and perhaps there was.</summary>
    public static Problem Absent(RecordedVersion? latest) => new(
        Problems.NotFound,
        latest is null
            ? "Nothing was ever recorded at this address."
            : "What was recorded at this address was retracted. Its history is still there.");

    private static RecordResult Recorded(WriteOutcome.Decided decided, RecordKind kind, RecordView? shown)
    {
        var (body, etag) = (shown ?? kind.Show(decided.Records, decided.Address, decided.Current!),
            RecordHeaders.ETag(decided.Current!.Version));
        return decided.Verdict == Verdict.Create
            ? new RecordResult(StatusCodes.Status201Created, body, etag, kind.PathOf(decided.Address))
            : new RecordResult(StatusCodes.Status200OK, body, etag, null);
    }

    private static Problem? ProblemOf(WriteOutcome.Decided decided, RecordKind kind, object? proposed) => decided.Verdict switch
    {
        Verdict.Create or Verdict.Unchanged or Verdict.Correct or Verdict.Retract => null,
        Verdict.Conflict => Conflict(decided, kind, proposed!),
        Verdict.Stale => new Problem(Problems.PreconditionFailed, decided.Current?.Version switch
        {
            null => "Nothing was ever recorded here, so no ETag can name it.",
            { Retracted: true } retraction =>
                $"What was recorded here was retracted; the retraction has the ETag {RecordHeaders.ETag(retraction)}.",
            var current => $"What is recorded here has the ETag {RecordHeaders.ETag(current)}.",
        })
        {
            More = decided.Current is null ? null : new JsonObject { ["current"] = Current(decided) },
        },
        Verdict.Retracted => new Problem(
            Problems.Retracted,
            $"What was recorded here was retracted. To record it again, repeat the request with If-Match naming the retraction, "
                + $"{RecordHeaders.ETag(decided.Current!.Version)}, and X-Change-Reason saying why.")
        {
            More = new JsonObject { ["current"] = Current(decided) },
        },
        Verdict.VersionRequired =>
            new Problem(Problems.PreconditionRequired, "If-Match has to name the current ETag, and X-Change-Reason has to say why."),
        Verdict.ReasonRequired => new Problem(Problems.PreconditionRequired, "X-Change-Reason has to say why."),
        Verdict.Absent => Absent(decided.Current?.Version),
        _ => throw new ArgumentOutOfRangeException(nameof(decided), decided.Verdict, "not a verdict"),
    };

    private static Problem Conflict(WriteOutcome.Decided decided, RecordKind kind, object proposed)
    {
        var detail = "Other content is recorded here. To correct it, repeat the request with If-Match naming the current ETag and X-Change-Reason saying why.";
        var more = new JsonObject { ["current"] = Current(decided), ["proposed"] = JsonNode.Parse(kind.Canonical(proposed)) };
        if (kind.Compare(decided.Records!, decided.Address, decided.Current!.Content, proposed) is var (member, value, sentence))
        {
            detail += " " + sentence;
            more[member] = value;
        }

        return new Problem(Problems.Conflict, detail) { More = more };
    }

    private static JsonObject Current(WriteOutcome.Decided decided)
    {
        var version = decided.Current!.Version;
        var json = new JsonObject { ["etag"] = RecordHeaders.ETag(version) };
        if (version.Retracted)
        {
            json["retracted"] = true;
        }

        json["value"] = JsonNode.Parse(version.Content);
        return json;
    }
}
