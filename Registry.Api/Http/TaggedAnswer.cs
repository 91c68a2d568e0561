using System.Text.Json;

namespace Registry.Api.Http;

/// <summary>The answer to a GET, ready to be sent, with its entity tag; 304, without the bytes, where the caller has it already.</summary>
/// <param name="Body">The bytes.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="ETag">The strong entity tag.</param>
internal sealed record TaggedAnswer(ReadOnlyMemory<byte> Body, string ContentType, string ETag) : IResult
{
    /// <summary>A value as JSON, tagged by its bytes.</summary>
    public static TaggedAnswer Json(object value)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), Http.Json.Options);
        return new TaggedAnswer(body, ContentNegotiation.JsonUtf8, EntityTags.Of(body));
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (EntityTags.Confirm(httpContext, ETag))
        {
            return Task.CompletedTask;
        }

        var response = httpContext.Response;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, httpContext.RequestAborted).AsTask();
    }
}

/// <summary>Gives every answer of a group an entity tag that has none of its own.</summary>
internal static class TaggingExtensions
{
    /// <summary>The result that a union of results holds; any other result itself.</summary>
    public static object? OfUnion(this object? result) => result is INestedHttpResult union ? union.Result : result;

    /// <summary>Whatever value a GET of the group answers with is tagged by its bytes.</summary>
    public static RouteGroupBuilder TagAnswers(this RouteGroupBuilder group) =>
        group.AddEndpointFilter(async (invocation, next) =>
        {
            var result = (await next(invocation)).OfUnion();
            return result is IValueHttpResult { Value: { } value } and IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK }
                && HttpMethods.IsGet(invocation.HttpContext.Request.Method)
                    ? TaggedAnswer.Json(value)
                    : result;
        });
}
