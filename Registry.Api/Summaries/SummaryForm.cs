using Registry.Api.Http;

namespace Registry.Api.Summaries;

/// <summary>A form other than JSON in which a summary can be had, by the Accept header.</summary>
/// <param name="ContentType">The media type, with its character set: the text is UTF-8.</param>
/// <param name="Write">Makes the text.</param>
internal sealed record SummaryForm<TItem>(string ContentType, Func<Summary<TItem>, string> Write)
{
    /// <summary>Answers a request in JSON or in one of these forms, as the caller prefers.</summary>
    public static ValueTask<Results<TaggedAnswer, Problem>> Answer(
        IReadOnlyList<SummaryForm<TItem>> forms,
        SummaryService service,
        HttpRequest request,
        SummaryKind<TItem> kind,
        CancellationToken cancellation)
    {
        forms = service.Offered(request, forms);
        IReadOnlyList<string> offered = [ContentNegotiation.JsonUtf8, .. forms.Select(form => form.ContentType)];
        return ContentNegotiation.Choose(request, offered) is { } chosen
            ? service.Answer(request, kind, forms.FirstOrDefault(form => form.ContentType == chosen), cancellation)
            : ValueTask.FromResult<Results<TaggedAnswer, Problem>>(ContentNegotiation.NotAcceptable(request, offered));
    }
}
