using Microsoft.Net.Http.Headers;
using Registry.Api.Http;

namespace Registry.Api.Summaries;

/// <summary>A form other than JSON in which a summary can be had, by the Accept header.</summary>
/// <param name="ContentType">The media type, with its character set: the text is UTF-8.</param>
/// <param name="Write">Makes the text.</param>
internal sealed record SummaryForm<TItem>(string ContentType, Func<Summary<TItem>, string> Write)
{
    /// <summary>WriteResponses a request in this form or in JSON, as the caller prefers.</summary>
    public ValueTask<IResult> Answer(SummaryService service, HttpRequest request, SummaryKind<TItem> kind, CancellationToken cancellation)
    {
        request.HttpContext.Response.Headers.Vary = HeaderNames.Accept;
        return ContentNegotiation.Choose(request, SummaryResult.Json, ContentType) switch
        {
            null => ValueTask.FromResult<IResult>(ContentNegotiation.NotAcceptable(request, SummaryResult.Json, ContentType)),
            SummaryResult.Json => service.Answer(request, kind, null, cancellation),
            _ => service.Answer(request, kind, this, cancellation),
        };
    }
}
