using Registry.Api.Access;
using Registry.Api.Audit;
using Registry.Api.Cases;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Operations;
using Registry.Api.Sites;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Cases;
using Registry.Domain.Costs;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>The four operations that every kind of record has: PUT, GET, DELETE and the history.</summary>
internal static class RecordEndpoints
{
    /// <summary>Maps the kinds of record under a case that have these operations and no other.</summary>
    public static void MapRecordsOfCase(this RouteGroupBuilder api, RecordKinds kinds)
    {
        const string Case = "/sites/{site}/cases/{case}";
        api.MapRecord<TreatmentEvent>(Case + "/events/{event}", kinds.Event, "a treatment event", Examples.Event);
        api.MapRecord<AdverseEvent>(Case + "/adverse-events/{adverseEvent}", kinds.AdverseEvent, "an adverse event", Examples.AdverseEvent);
        api.MapRecord<CostItem>(Case + "/costs/{cost}", kinds.Cost, "a cost", Examples.Cost);
        api.MapRecord<HospitalStay>(Case + "/stays/{stay}", kinds.Stay, "a stay in hospital", Examples.Stay);
    }

    /// <summary>Maps the operations of one kind of record.</summary>
    /// <typeparam name="TContent">The content, for the contract.</typeparam>
    public static void MapRecord<TContent>(this RouteGroupBuilder api, string pattern, RecordKind kind, string singular, string example)
        where TContent : class
    {
        var noun = CodeSet.Pascal(kind.Name);
        ProblemKind[] above = kind.IsUnderCase ? [Problems.CaseNotFound] : [];
        var group = api.MapGroup(pattern);
        group.MapPut(
            "/",
            (HttpRequest request, RecordServices services, CancellationToken cancellation) => Put(request, kind, services, cancellation))
            .WithName("put" + noun)
            .WithSummary($"Record {singular}")
            .WithDescription(
                "Safe to repeat. Nothing there yet: 201. The same content again: 200, nothing changes. Other content: 409 with both values, "
                + "unless If-Match names the current ETag and X-Change-Reason says why: then 200, and the old version stays in history.")
            .Writes<TContent>(example)
            .Refuses([.. above, Problems.Conflict, Problems.Retracted, Problems.PreconditionFailed, Problems.PreconditionRequired]);
        if (kind is not CaseKind)
        {
            group.MapGet("/", (HttpRequest request, RecordServices services, CancellationToken cancellation) =>
                Get(request, kind, services, cancellation))
                .WithName("get" + noun)
                .WithSummary($"Read {singular}")
                .WithDescription("The current version, with its ETag.")
                .Gives<TContent>()
                .Refuses(kind.IsUnderSite ? [.. above, Problems.NotFound] : []);
        }

        if (kind.IsUnderCase)
        {
            var collection = pattern[..pattern.LastIndexOf('/')];
            var plural = collection[(collection.LastIndexOf('/') + 1)..];
            api.MapGet(collection, (HttpRequest request, RecordServices services, CancellationToken cancellation) =>
                RecordList.Get(request, kind, services, cancellation))
                .WithName("list" + CodeSet.Pascal(plural))
                .WithSummary($"List the {plural.Replace('-', ' ')} of a case")
                .WithDescription(
                    "In the order of their keys (by code point), each with its key and ETag, page by page: follow 'next' until it is absent.")
                .Takes([.. kind.Filters.Select(filter => filter.Parameter), Paging.After, RecordList.Limit])
                .Gives<RecordPage<TContent>>()
                .Refuses(Problems.CaseNotFound);
        }

        var delete = group.MapDelete(
            "/",
            (HttpRequest request, RecordServices services, CancellationToken cancellation) => Delete(request, kind, services, cancellation))
            .WithName("delete" + noun)
            .WithSummary($"Retract {singular}")
            .WithDescription(
                "Withdraws what was recorded in error. Its versions stay in history. Needs If-Match and X-Change-Reason; safe to repeat.")
            .TakesPreconditions()
            .Gives(StatusCodes.Status204NoContent)
            .Refuses([.. above, Problems.NotFound, Problems.InUse, Problems.PreconditionFailed, Problems.PreconditionRequired]);
        if (kind is SiteKind)
        {
            delete.RequireAuthorization(Policies.Admin);
        }

        group.MapGet("/history", (HttpRequest request, RecordServices services, CancellationToken cancellation) =>
            History.Get(request, kind, services.Database, cancellation))
            .WithName($"get{noun}History")
            .WithSummary($"Read every version of {singular}")
            .WithDescription("Each recorded version in order: value, who, when, why. A retraction is a version of its own.")
            .Gives<IReadOnlyList<HistoryEntry<TContent>>>()
            .Refuses(Problems.NotFound);
    }

    /// <summary>Carries out a PUT, or a POST whose key is derived from the content.</summary>
    public static async Task<Results<RecordResult, Problem>> Put(
        HttpRequest request, RecordKind kind, RecordServices services, CancellationToken cancellation, bool keyInContent = false)
    {
        var (address, badAddress) = keyInContent ? RecordAddress.OfCase(request) : RecordAddress.From(request, kind);
        var (asked, badHeaders) = RecordHeaders.Read(request);
        if ((badAddress ?? badHeaders) is { } bad)
        {
            return bad;
        }

        var (body, badBody) = await JsonBody.Read(request, Limits.Of(request).RecordBytes, cancellation);
        if (badBody is not null)
        {
            return badBody;
        }

        if (kind is SiteKind && request.HttpContext.User.SiteScope() is not null
            && await services.Sites.Today(address.Site, cancellation) is null)
        {
            return new Problem(Problems.Forbidden, "Only an administrator records a new site.");
        }

        var today = kind.IsUnderSite ? await services.Sites.LatestDay(address.Site, cancellation) : services.Sites.LatestDay();
        if (today is null)
        {
            return WriteResponses.UnknownSite(address.Site);
        }

        var fields = new FieldReader(body, today.Value);
        var write = ParsedWrite.Read(
            kind, keyInContent ? address with { Code = kind.StatedKey(fields) } : address, fields, asked, Sender.Of(request));
        if (kind is CaseKind)
        {
            write = write with { Command = write.Command with { Today = await services.Sites.Today(address.Site, cancellation) } };
        }

        try
        {
            return WriteResponses.OfPut(await services.Recorder.Write(write, cancellation), kind, write.Command.Content);
        }
        finally
        {
            // Whatever came of it: a write that failed may be stored all the same.
            if (kind is SiteKind)
            {
                services.Sites.Forget();
            }
        }
    }

    private static async Task<Results<RecordResult, Problem>> Get(
        HttpRequest request, RecordKind kind, RecordServices services, CancellationToken cancellation)
    {
        var (address, bad) = RecordAddress.From(request, kind);
        if (bad is not null)
        {
            return bad;
        }

        var (person, unknown) = kind.IsUnderCase ? await services.PersonOf(address, cancellation) : default;
        if (unknown is not null)
        {
            return unknown;
        }

        var records = person?.Case(address.Case)
            ?? await services.Database.Read(session => services.Persons.CaseOf(session, address.Site, address.Case).AsTask(), cancellation);
        return records.Latest(kind, address.Code!) switch
        {
            { Version.Retracted: false } current => new RecordResult(
                StatusCodes.Status200OK, kind.Show(records, address, current), $"\"{kind.ShownTag(records, address, current)}\"", null),
            _ when !kind.IsUnderSite => WriteResponses.UnknownSite(address.Site),
            var latest => WriteResponses.Absent(latest?.Version),
        };
    }

    private static async Task<Results<RetractedResult, Problem>> Delete(
        HttpRequest request, RecordKind kind, RecordServices services, CancellationToken cancellation)
    {
        var (address, badAddress) = RecordAddress.From(request, kind);
        var (asked, badHeaders) = RecordHeaders.Read(request);
        if ((badAddress ?? badHeaders) is { } bad)
        {
            return bad;
        }

        var outcome = await services.Recorder.Write(new WriteCommand(kind, address, null, asked, Sender.Of(request)), cancellation);
        if (kind is SiteKind)
        {
            services.Sites.Forget();
        }

        return WriteResponses.OfDelete(outcome, kind);
    }
}

/// <summary>What the operations on records work with.</summary>
internal sealed record RecordServices(
    IDatabase Database, Recorder Recorder, PersonStore Persons, SiteDirectory Sites, RecordKinds Kinds, RegistryMeter Meter)
{
    /// <summary>The person with a case, or the problem where there is no such case.</summary>
    public async Task<(PersonRecords Person, Problem? Unknown)> PersonOf(RecordAddress address, CancellationToken cancellation)
    {
        var (person, siteIsKnown) = await Database.Read(
            async session => await Persons.OfCase(session, address.Site, address.Case) is { } found
                ? (found, true)
                : (null, await SiteKind.Exists(session, address.Site)),
            cancellation);
        return (person!, person is null ? WriteResponses.UnknownCase(siteIsKnown, address) : null);
    }
}

/// <summary>A record as an answer, with its entity tag.</summary>
internal sealed record RecordResult(int Status, RecordView Body, string ETag, string? Location) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (HttpMethods.IsGet(httpContext.Request.Method) && EntityTags.Confirm(httpContext, ETag))
        {
            return;
        }

        response.Headers.ETag = ETag;
        if (Location is not null)
        {
            response.Headers.Location = httpContext.Request.PathBase.ToUriComponent() + Location;
        }

        await response.WriteJson(Body, ContentNegotiation.Json, httpContext.RequestAborted);
    }
}

/// <summary>A retraction, with its entity tag: to record the same again, If-Match has to name it.</summary>
internal sealed record RetractedResult(RecordedVersion Version) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
        httpContext.Response.Headers.ETag = RecordHeaders.ETag(Version);
        httpContext.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
