using Microsoft.Net.Http.Headers;
using Registry.Api.Access;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Domain.Common;

namespace Registry.Api.Idempotency;

/// <summary>
/// Answers the repetition of a POST by the answer that the first was given, where its sender names it by <c>Idempotency-Key</c>: for a
/// day, to the same caller only. Kept is what was carried out, and what was refused for its content or for what is recorded; not a
/// dry run, and nothing that is to be mended or waited for: the same request may then be made again.
/// </summary>
internal static class IdempotencyKeys
{
    public const string HeaderName = "Idempotency-Key";

    /// <summary>What a key has to be.</summary>
    public const string Allowed = "1 to 255 visible ASCII characters, such as a UUID";

    private const int LongestKey = 255;
    private const string RetryAfterSeconds = "1";

    private static readonly object NotKept = new();
    private static readonly string[] KeptHeaders =
    [
        HeaderNames.ContentType, HeaderNames.ETag, HeaderNames.Location, HeaderNames.CacheControl,
    ];

    /// <summary>Every POST of the group takes an idempotency key.</summary>
    public static RouteGroupBuilder TakeIdempotencyKeys(this RouteGroupBuilder group) =>
        group.AddEndpointFilter((invocation, next) =>
            HttpMethods.IsPost(invocation.HttpContext.Request.Method) && invocation.HttpContext.Request.Headers.ContainsKey(HeaderName)
                ? CarryOutOnce(invocation, next)
                : next(invocation));

    /// <summary>The answer to this request is not kept: nothing was done.</summary>
    public static void DoNotKeepAnswer(this HttpContext context) => context.Items[NotKept] = true;

    private static async ValueTask<object?> CarryOutOnce(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (ReadKey(context.Request) is not { } key)
        {
            return Problem.InvalidParameters([new Fault(
                "/" + HeaderName,
                "not-an-idempotency-key",
                $"{HeaderName} has to be stated once, as {Allowed}.",
                FieldReader.Shorten(HeaderText.Decode(context.Request.Headers[HeaderName].ToString())),
                Allowed)]);
        }

        var (body, bad) = await RequestBody.Read(context.Request, Limits.Of(context.Request).BatchBytes, context.RequestAborted);
        if (bad is not null)
        {
            return bad;
        }

        context.Request.Body = new MemoryStream(body.ToArray());
        var request = new IdempotentRequest(context, key, body);
        var store = context.RequestServices.GetRequiredService<IdempotencyStore>();
        switch (await store.Begin(request, context.RequestAborted))
        {
            case Reservation.Done(var answer):
                return answer;
            case Reservation.Reused:
                return new Problem(
                    Problems.IdempotencyKeyReused, "This key came with another request before. A new request needs a new key.");
            case Reservation.Running:
                return new Problem(
                    Problems.IdempotencyKeyInUse,
                    "The request that came with this key first is still being carried out. Repeat it in a moment.")
                {
                    Headers = [(HeaderNames.RetryAfter, RetryAfterSeconds)],
                };
            default:
                await CarryOut(invocation, next, request, store);
                return Results.Empty;
        }
    }

    private static async Task CarryOut(
        EndpointFilterInvocationContext invocation, EndpointFilterDelegate next, IdempotentRequest request, IdempotencyStore store)
    {
        var response = invocation.HttpContext.Response;
        var outside = response.Body;
        using var written = new MemoryStream();
        StoredAnswer? answer = null;
        try
        {
            response.Body = written;
            if (await next(invocation) is IResult result)
            {
                await result.ExecuteAsync(invocation.HttpContext);
            }

            await response.BodyWriter.FlushAsync();
            answer = new StoredAnswer(
                response.StatusCode,
                KeptHeaders.Where(response.Headers.ContainsKey).ToDictionary(name => name, name => response.Headers[name].ToString()),
                written.ToArray());
        }
        finally
        {
            response.Body = outside;
            await TryEnd(request, IsKept(invocation.HttpContext, answer) ? answer : null, store);
        }

        await outside.WriteAsync(answer.Body, invocation.HttpContext.RequestAborted);
    }

    // What was done is done, whether its answer can be kept or not; then the request is taken for broken off in a while.
    private static async Task TryEnd(IdempotentRequest request, StoredAnswer? answer, IdempotencyStore store)
    {
        try
        {
            await store.End(request, answer);
        }
        catch (DatabaseUnavailableException)
        {
            // The sender is told what became of the request itself.
        }
    }

    private static bool IsKept(HttpContext context, StoredAnswer? answer) =>
        answer?.Status is (>= 200 and < 300) or StatusCodes.Status409Conflict or StatusCodes.Status412PreconditionFailed
            or StatusCodes.Status422UnprocessableEntity
        && !context.Items.ContainsKey(NotKept);

    // With the quotes of a structured field, or without.
    private static string? ReadKey(HttpRequest request)
    {
        var stated = request.Headers[HeaderName];
        var key = stated.ToString();
        key = key is ['"', .. var inner, '"'] ? inner : key;
        return stated.Count == 1 && key.Length is > 0 and <= LongestKey && key.All(character => character is > ' ' and <= '~') ? key : null;
    }
}
