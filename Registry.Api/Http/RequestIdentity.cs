using System.Diagnostics;

namespace Registry.Api.Http;

/// <summary>Gives every request a name that its sender, its answer and the log share: <c>X-Request-Id</c>.</summary>
internal static class RequestIdentity
{
    public const string HeaderName = "X-Request-Id";

    private const int LongestId = 128;

    /// <summary>
    /// The name that the sender chose, if it is one; else that of the trace of which the request is a part (<c>traceparent</c>), or a new
    /// one. It stands in the header of the answer, in every problem and in the log.
    /// </summary>
    public static void Name(HttpContext context)
    {
        var stated = context.Request.Headers[HeaderName].ToString();
        context.TraceIdentifier = IsId(stated) ? stated : TraceOf(context.Request).ToHexString();
    }

    private static ActivityTraceId TraceOf(HttpRequest request) =>
        ActivityContext.TryParse(request.Headers.TraceParent, null, out var trace)
            ? trace.TraceId
            : Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom();

    // So that it can stand in a URN, a log line and a header as it is.
    private static bool IsId(string text) =>
        text.Length is > 0 and <= LongestId
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '~' or ':' or '+' or '=' or '/');
}
