using System.Globalization;
using Microsoft.Net.Http.Headers;
using Registry.Api.Audit;
using Registry.Api.Http;
using Registry.Domain.Common;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>Entity tags and the headers that ask for a state of the record.</summary>
internal static class RecordHeaders
{
    /// <summary>Why an existing value is changed.</summary>
    public const string ChangeReason = "X-Change-Reason";

    /// <summary>The longest reason. Unit: characters.</summary>
    public const int LongestReason = 500;

    /// <summary>The strong entity tag of a version.</summary>
    public static string ETag(RecordedVersion version) => $"\"{version.Tag}\"";

    /// <summary>What the headers of a request ask for, or what is wrong with them.</summary>
    public static (Preconditions Asked, Problem? Problem) Read(HttpRequest request)
    {
        var faults = new List<Fault>();
        var tag = ReadIfMatch(HeaderText.Decode(request.Headers.IfMatch.ToString()), faults);
        var onlyCreate = HeaderText.Decode(request.Headers.IfNoneMatch.ToString()) is { Length: > 0 } none && ReadIfNoneMatch(none, faults);
        var reason = ReadReason(request, faults);
        if (Sender.FaultOfSentAt(request) is { } fault)
        {
            faults.Add(fault);
        }

        if (faults.Count == 0 && tag?.StartsWith("W/", StringComparison.Ordinal) == true)
        {
            return (Preconditions.None, new Problem(
                Problems.PreconditionFailed,
                $"If-Match names the weak tag {tag}, and a weak tag names no version to change. State the strong tag, without W/: a proxy "
                    + "that compresses answers may have made it weak; the body of a case has it as 'etag'."));
        }

        return (new Preconditions(tag, onlyCreate, reason), faults.Count == 0 ? null : Problem.InvalidParameters(faults));
    }

    /// <summary>
    /// Why something is changed, as the header says it; null where it says nothing. What is wrong with it is added to the faults.
    /// </summary>
    public static string? ReadReason(HttpRequest request, List<Fault> faults)
    {
        var stated = request.Headers[ChangeReason].ToString().Trim();
        var reason = HeaderText.DecodeExtended(stated)?.Trim();
        if (reason is null || reason.Length > LongestReason || reason.Any(char.IsControl))
        {
            faults.Add(new Fault(
                "/" + ChangeReason,
                "not-a-reason",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ChangeReason} has to be 1 to {LongestReason} characters, in UTF-8, in ISO 8859-1, or as RFC 8187 has it: "
                        + $"UTF-8''%C3%9Cbertragungsfehler."),
                HeaderText.Decode(stated[..Math.Min(stated.Length, 100)])));
        }

        return reason is { Length: > 0 } ? reason : null;
    }

    private static string? ReadIfMatch(string text, List<Fault> faults)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (text.Trim() == "*" || !EntityTagHeaderValue.TryParse(text, out var tag))
        {
            faults.Add(new Fault(
                "/If-Match",
                "not-an-etag",
                "If-Match has to name the one ETag that was read, such as \"1-0a1b2c3d4e5f\".",
                text.Length > 100 ? text[..100] : text));
            return null;
        }

        return tag.IsWeak ? "W/" + tag.Tag : tag.Tag.ToString().Trim('"');
    }

    private static bool ReadIfNoneMatch(string text, List<Fault> faults)
    {
        if (text.Trim() == "*")
        {
            return true;
        }

        faults.Add(new Fault(
            "/If-None-Match", "not-a-star", "On a write, If-None-Match can only be *.", text.Length > 100 ? text[..100] : text, "*"));
        return false;
    }
}
