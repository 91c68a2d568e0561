using System.Text.Json.Nodes;
using Registry.Domain.Common;

namespace Registry.Api.Http;

/// <summary>One kind of refusal. The code and the title never change; the detail says what happened this time.</summary>
/// <param name="Code">Stable code; the type is <c>urn:registry:problem:{code}</c>.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">What it means, in a sentence.</param>
internal sealed record ProblemKind(string Code, int Status, string Title);

/// <summary>Every refusal this service can give.</summary>
internal static class Problems
{
    public static readonly ProblemKind MalformedJson = new("malformed-json", 400, "The body is not well-formed JSON.");
    public static readonly ProblemKind MalformedBody = new("malformed-body", 400, "The body is not in the form that its headers state.");
    public static readonly ProblemKind InvalidParameters =
        new("invalid-parameters", 400, "The address, a query parameter or a header is not as documented.");
    public static readonly ProblemKind Unauthenticated = new("unauthenticated", 401, "A valid key is needed.");
    public static readonly ProblemKind Forbidden = new("forbidden", 403, "The key is not allowed to do this.");
    public static readonly ProblemKind NotFound = new("not-found", 404, "No resource exists at this address.");
    public static readonly ProblemKind SiteNotFound = new("site-not-found", 404, "The site is not known.");
    public static readonly ProblemKind CaseNotFound = new("case-not-found", 404, "The case is not known.");
    public static readonly ProblemKind MethodNotAllowed = new("method-not-allowed", 405, "The address does not take this method.");
    public static readonly ProblemKind NotAcceptable =
        new("not-acceptable", 406, "The answer cannot be given in the form that was asked for.");
    public static readonly ProblemKind Conflict = new("conflict", 409, "Other content is recorded at this address.");
    public static readonly ProblemKind Retracted = new("retracted", 409, "What was recorded at this address was retracted.");
    public static readonly ProblemKind InUse = new("in-use", 409, "Other records depend on this one.");
    public static readonly ProblemKind IdempotencyKeyInUse =
        new("idempotency-key-in-use", 409, "The request with this idempotency key is still being carried out.");
    public static readonly ProblemKind PreconditionFailed =
        new("precondition-failed", 412, "The record is not in the state that the request names.");
    public static readonly ProblemKind BodyTooLarge = new("body-too-large", 413, "The body is larger than allowed.");
    public static readonly ProblemKind UnsupportedMediaType =
        new("unsupported-media-type", 415, "The body is in a form that is not taken here.");
    public static readonly ProblemKind InvalidContent = new("invalid-content", 422, "The content breaks the rules of the registry.");
    public static readonly ProblemKind IdempotencyKeyReused =
        new("idempotency-key-reused", 422, "The idempotency key came with another request.");
    public static readonly ProblemKind PreconditionRequired =
        new("precondition-required", 428, "A change needs If-Match and X-Change-Reason.");
    public static readonly ProblemKind TooManyRequests = new("too-many-requests", 429, "The caller has exceeded its rate limit.");
    public static readonly ProblemKind BadRequest = new("bad-request", 400, "The request is not well-formed HTTP.");
    public static readonly ProblemKind Unexpected = new("unexpected", 500, "The service met an error of its own.");
    public static readonly ProblemKind Unavailable = new("unavailable", 503, "The service cannot answer at the moment.");

    public static readonly ProblemKind Damaged = new("damaged", 500, "Stored data is damaged.");

    /// <summary>A query parameter that is well-formed and names a site that there is not.</summary>
    public static readonly ProblemKind UnknownInParameters = InvalidParameters with { Status = StatusCodes.Status422UnprocessableEntity };

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<ProblemKind> All =
    [
        MalformedJson, MalformedBody, InvalidParameters, BadRequest, Unauthenticated, Forbidden, NotFound, SiteNotFound, CaseNotFound,
        MethodNotAllowed, NotAcceptable, Conflict, Retracted, InUse, PreconditionFailed, BodyTooLarge, UnsupportedMediaType, InvalidContent,
        PreconditionRequired, TooManyRequests, Unexpected, Unavailable, IdempotencyKeyInUse, IdempotencyKeyReused, Damaged,
    ];

    /// <summary>The kind that fits a bare status, as set by the framework.</summary>
    public static ProblemKind OfStatus(int status) =>
        All.FirstOrDefault(kind => kind.Status == status) ?? (status < 500 ? BadRequest : Unexpected);
}

/// <summary>A refusal, as RFC 9457 <c>application/problem+json</c>.</summary>
internal sealed record Problem(ProblemKind Kind, string Detail) : IResult
{
    /// <summary>The most faults that one problem lists. How many there are is said besides.</summary>
    public const int MostFaults = 100;

    private static readonly TimeSpan OneMoment = TimeSpan.FromSeconds(5);

    /// <summary>The HTTP status: that of the kind, unless the framework chose a finer one.</summary>
    public int Status { get; init; } = Kind.Status;

    /// <summary>Every member at fault, at once; only the first hundred are listed, the rest are only counted.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>Further members, such as both values of a conflict.</summary>
    public JsonObject? More { get; init; }

    /// <summary>How long to wait before the request is repeated; null where nothing is said of it.</summary>
    public TimeSpan? RetryAfter { get; init; } = Kind == Problems.Unavailable ? OneMoment : null;

    /// <summary>Headers of the answer that belong to the refusal.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static Problem Invalid(IReadOnlyList<Fault> faults) =>
        new(Problems.InvalidContent, Count(faults)) { Faults = faults };

    public static Problem InvalidParameters(IReadOnlyList<Fault> faults) =>
        new(Problems.InvalidParameters, Count(faults)) { Faults = faults };

    public static Problem UnknownInParameters(IReadOnlyList<Fault> faults) =>
        new(Problems.UnknownInParameters, Count(faults)) { Faults = faults };

    /// <summary>Two refusals as one, with the faults of both and the status of the first; null for none.</summary>
    public static Problem? Together(Problem? first, Problem? second)
    {
        if (first is null || second is null)
        {
            return first ?? second;
        }

        IReadOnlyList<Fault> both = [.. first.Faults, .. second.Faults];
        return first with { Detail = Count(both), Faults = both };
    }

    /// <summary>The problem as JSON: the form it has as an answer of its own, and inside the answer to a batch.</summary>
    /// <param name="budget">How many faults may still be listed; null for an answer of its own.</param>
    public JsonObject ToJson(FaultBudget? budget = null)
    {
        var listed = budget is null ? Math.Min(Faults.Count, MostFaults) : budget.Take(Math.Min(Faults.Count, MostFaults));
        if (listed == 0 && Faults.Count > 0)
        {
            return new JsonObject { ["status"] = Status, ["code"] = Kind.Code, ["errorCount"] = Faults.Count };
        }

        var json = new JsonObject
        {
            ["type"] = "urn:registry:problem:" + Kind.Code,
            ["title"] = Kind.Title,
            ["status"] = Status,
            ["detail"] = Detail,
            ["code"] = Kind.Code,
        };

        foreach (var (name, value) in More ?? [])
        {
            json[name] = value?.DeepClone();
        }

        if (Faults.Count > 0)
        {
            json["errors"] = new JsonArray([.. Faults.Take(listed).Select(ToJson)]);
            json["errorCount"] = Faults.Count;
        }

        return json;
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (Kind == Problems.Unauthenticated)
        {
            response.Headers.WWWAuthenticate = "ApiKey header=\"X-Api-Key\", Bearer";
        }

        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = value;
        }

        response.Headers.CacheControl = "no-store";
        if (httpContext.Features.Get<ProblemForm>() is { } form)
        {
            await form.Write(httpContext, this);
            return;
        }

        var json = ToJson();
        json["instance"] = "urn:registry:request:" + httpContext.TraceIdentifier;
        json["traceId"] = httpContext.TraceIdentifier;

        // Not cancelled with the request: a refusal is short, and is also written where the sender has just gone.
        await response.WriteJson(json, "application/problem+json", CancellationToken.None);
    }

    private static JsonNode ToJson(Fault fault)
    {
        var json = new JsonObject { ["pointer"] = fault.Where, ["code"] = fault.Code, ["detail"] = fault.Detail };
        if (fault.Value is not null)
        {
            json["value"] = fault.Value;
        }

        if (fault.Allowed is not null)
        {
            json["allowed"] = fault.Allowed;
        }

        return json;
    }

    private static string Count(IReadOnlyList<Fault> faults) =>
        faults.Count == 1 ? faults[0].Detail : FormattableString.Invariant($"There are {faults.Count} faults: see 'errors'.");
}

/// <summary>
/// How problems are written where it is not as RFC 9457 has it: a feature of the requests below a path with another form.
/// </summary>
/// <param name="Write">Writes the body of a problem; status and headers are set.</param>
internal sealed record ProblemForm(Func<HttpContext, Problem, Task> Write);

/// <summary>
/// How many faults the answer to a batch may still list, over all its items: its size is bounded by what the registry says, not by what a
/// sender does.
/// </summary>
/// <param name="left">How many. Unit: faults.</param>
internal sealed class FaultBudget(int left)
{
    /// <summary>How many are left. Set back where the same items are answered again.</summary>
    public int Left { get; set; } = left;

    /// <summary>Takes as many as are wanted, or as are left.</summary>
    public int Take(int wanted)
    {
        var taken = Math.Min(wanted, Left);
        Left -= taken;
        return taken;
    }
}
