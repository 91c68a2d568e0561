using System.Text.Json.Nodes;
using Registry.Api.Access;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Api.Summaries;
using Registry.Domain.Common;
using Registry.Domain.Recording;

namespace Registry.Api.Cohorts.Saved;

/// <summary>Cohorts that are kept under a name, and what is asked of them: everything that is asked of cohorts and summaries.</summary>
internal static class SavedCohortEndpoints
{
    /// <summary>The route value that names the cohort.</summary>
    public const string NameKey = "name";

    private const string Root = "/api/v1/cohorts/";

    private static readonly QueryParameter Limit = Paging.Limit("cohorts");

    public static void MapSavedCohorts(this RouteGroupBuilder api)
    {
        api.MapGet("/cohorts", List)
            .WithName("listSavedCohorts")
            .WithSummary("List the saved cohorts")
            .WithDescription(
                "The caller's own and those that are shared, with the key of an administrator all, in the order of their names, page by "
                    + "page: follow 'next' until it is absent.")
            .Takes(Paging.After, Limit)
            .Gives<SavedCohortPage>();
        var one = api.MapGroup($"/cohorts/{{{NameKey}}}");
        one.MapPut("/", Put)
            .WithName("putSavedCohort")
            .WithSummary("Save a cohort")
            .WithDescription(
                "Keeps filters under a name, to be asked by it. Written as records are: nothing there yet: 201; the same again: 200; "
                + "something else: 409, unless If-Match names the current ETag and X-Change-Reason says why. "
                + "It belongs to the key that made it, and to one of the same name that replaces it: no other changes it but an "
                + "administrator's. Unless it is shared, no other sees it.")
            .Writes<SavedCohort>(Examples.SavedCohort)
            .Refuses(Problems.Forbidden, Problems.Conflict, Problems.Retracted, Problems.PreconditionFailed, Problems.PreconditionRequired);
        one.MapGet("/", Get)
            .WithName("getSavedCohort")
            .WithSummary("Read the definition of a saved cohort")
            .WithDescription("The current version, with its ETag.")
            .Gives<SavedCohort>()
            .Refuses(Problems.NotFound);
        one.MapDelete("/", Delete)
            .WithName("deleteSavedCohort")
            .WithSummary("Retract a saved cohort")
            .WithDescription("Its versions stay in history, and its snapshots stay. Needs If-Match and X-Change-Reason; safe to repeat.")
            .TakesPreconditions()
            .Gives(StatusCodes.Status204NoContent)
            .Refuses(Problems.Forbidden, Problems.NotFound, Problems.PreconditionFailed, Problems.PreconditionRequired);
        one.MapGet("/history", History)
            .WithName("getSavedCohortHistory")
            .WithSummary("Read every version of a saved cohort")
            .WithDescription("Each version in order: definition, who, when, why.")
            .Gives<IReadOnlyList<HistoryEntry<SavedCohort>>>()
            .Refuses(Problems.NotFound);

        var asked = api.MapGroup($"/cohorts/{{{NameKey}}}").AskedOf("Saved", Narrow);
        asked.MapCohortAnswers();
        asked.MapSummaries();
    }

    /// <summary>
    /// The operations of a group answer as those without a name in their address do, once the request has been narrowed to what the address
    /// names.
    /// </summary>
    /// <param name="group">The group.</param>
    /// <param name="word">What tells its operations apart from those others, in their names.</param>
    /// <param name="narrow">Narrows the request, or says what is wrong with it.</param>
    public static RouteGroupBuilder AskedOf(
        this RouteGroupBuilder group, string word, Func<HttpRequest, CancellationToken, Task<Problem?>> narrow)
    {
        group.AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            return await narrow(context.Request, context.RequestAborted) is { } problem ? problem : await next(invocation);
        });
        group.WithMetadata(new QueryIsCompleted(), new Refusals([Problems.NotFound, Problems.UnknownInParameters]));
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            var name = endpoint.Metadata.OfType<IEndpointNameMetadata>()
                .Last().EndpointName
                .Replace("Cohort", string.Empty, StringComparison.Ordinal);
            var verb = name.TakeWhile(char.IsLower).Count();
            endpoint.Metadata.Add(new EndpointNameMetadata(name[..verb] + word + name[verb..]));
        });
        return group;
    }

    /// <summary>The cohort that an address names, as the caller sees it; or the problem with it.</summary>
    public static async Task<(StoredCohort? Cohort, Problem? Problem)> Find(HttpRequest request, CancellationToken cancellation)
    {
        var (name, bad) = NameOf(request);
        if (bad is not null)
        {
            return (null, bad);
        }

        var latest = await SavedCohortStore.Latest(request.HttpContext.RequestServices.GetRequiredService<IDatabase>(), name, cancellation);
        return latest is null || latest.Version.Retracted || !latest.IsSeenBy(request.HttpContext.User)
            ? (null, Absent(latest, request))
            : (latest.For(await SiteNamesFor(request, cancellation)), null);
    }

    /// <summary>The names of sites as the caller sees them.</summary>
    public static ValueTask<SiteNames> SiteNamesFor(HttpRequest request, CancellationToken cancellation) =>
        request.HttpContext.RequestServices.GetRequiredService<Pseudonyms>().SitesFor(request.HttpContext.User, cancellation);

    private static async Task<Problem?> Narrow(HttpRequest request, CancellationToken cancellation)
    {
        var (cohort, problem) = await Find(request, cancellation);
        return problem ?? SavedFilter.AddTo(request, cohort!.Content.Filter, $"the cohort '{cohort.Name}'");
    }

    private static async Task<Ok<RecordPage<RecordView>>> List(HttpRequest request, IDatabase database, CancellationToken cancellation)
    {
        var (limit, names) = (Paging.LimitOf(request), await SiteNamesFor(request, cancellation));
        var found = await SavedCohortStore.List(
            database, request.HttpContext.User, request.Query[Paging.After.Name].ToString(), limit + 1, cancellation);
        return TypedResults.Ok(new RecordPage<RecordView>(
            [.. found.Take(limit).Select(one => one.For(names).Show())], found.Count > limit ? found[limit - 1].Name : null));
    }

    private static async Task<Results<RecordResult, Problem>> Get(HttpRequest request, CancellationToken cancellation)
    {
        var (cohort, problem) = await Find(request, cancellation);
        return cohort is null
            ? problem!
            : new RecordResult(StatusCodes.Status200OK, cohort.Show(), RecordHeaders.ETag(cohort.Version), null);
    }

    private static async Task<Results<Ok<List<HistoryEntry<JsonNode>>>, Problem>> History(
        HttpRequest request, IDatabase database, CancellationToken cancellation)
    {
        var (name, bad) = NameOf(request);
        if (bad is not null)
        {
            return bad;
        }

        var names = await SiteNamesFor(request, cancellation);
        var versions = (await SavedCohortStore.Versions(database, name, cancellation)).ConvertAll(one => one.For(names));
        return versions is [] || !versions[^1].IsSeenBy(request.HttpContext.User)
            ? WriteResponses.Absent(null)
            : TypedResults.Ok(versions.Select(one => new HistoryEntry<JsonNode>(
                one.Version.Version, RecordHeaders.ETag(one.Version), one.Version.Retracted, JsonNode.Parse(one.Version.Content)!,
                one.RecordedAt, one.RecordedBy, one.SentAt, one.Reason)).ToList());
    }

    private static async Task<Results<RecordResult, Problem>> Put(
        HttpRequest request,
        IDatabase database,
        CohortData data,
        TimeProvider clock,
        IEnumerable<EndpointDataSource> routes,
        CancellationToken cancellation)
    {
        var (name, badName) = NameOf(request);
        var (asked, badHeaders) = RecordHeaders.Read(request);
        if ((badName ?? FaultOfName(name, routes) ?? badHeaders) is { } bad)
        {
            return bad;
        }

        var (body, badBody) = await JsonBody.Read(request, Limits.Of(request).RecordBytes, cancellation);
        if (badBody is not null)
        {
            return badBody;
        }

        var (kind, fields, by) = (SavedCohortKind.Instance, new FieldReader(body, DateOnly.MaxValue), Sender.Of(request));
        var (parsed, readBack) = kind.Parse(fields, name);
        if (parsed is not SavedCohort proposed)
        {
            return Problem.Invalid(fields.Faults);
        }

        // In the caller's words until it is stored: what it is told of what is there has its tags of these words.
        var names = await SiteNamesFor(request, cancellation);
        var (coded, unknown) = await SavedFilter.WithSiteCodes(proposed, request, names, data, cancellation);
        var further = fields.Faults.Count == 0 ? unknown : FilterLookUp.WithoutCounterparts(unknown);
        if (fields.Faults.Union(further).ToList() is { Count: > 0 } faults)
        {
            return Problem.Invalid(faults);
        }

        return await database.Write<Results<RecordResult, Problem>>(
            [LockOf(name)],
            async session =>
            {
                var latest = (await SavedCohortStore.Latest(session, name))?.For(names);
                if (latest is not null && !latest.IsChangedBy(request.HttpContext.User))
                {
                    return NotOwner(name);
                }

                var verdict = WriteRule.Put(latest?.Version, kind.Canonical(proposed), asked);
                if (verdict is Verdict.Create or Verdict.Unchanged or Verdict.Correct
                    && (latest?.Show() ?? StoredCohort.Nothing(name)).FaultsOf(readBack) is { Count: > 0 } readOnly)
                {
                    return Problem.Invalid(readOnly);
                }

                var current = verdict is Verdict.Create or Verdict.Correct
                    ? (await SavedCohortStore.Add(
                        session, latest, name, kind.Canonical(coded), isRetracted: false, asked.Reason, by,
                        Recorder.Instant(clock.GetUtcNow()))).For(names)
                    : latest;
                return WriteResponses.OfPut(OutcomeOf(verdict, current), kind, proposed, current?.Show());
            },
            cancellation);
    }

    private static async Task<Results<RetractedResult, Problem>> Delete(
        HttpRequest request, IDatabase database, TimeProvider clock, CancellationToken cancellation)
    {
        var (name, badName) = NameOf(request);
        var (asked, badHeaders) = RecordHeaders.Read(request);
        if ((badName ?? badHeaders) is { } bad)
        {
            return bad;
        }

        var (by, names) = (Sender.Of(request), await SiteNamesFor(request, cancellation));
        return await database.Write<Results<RetractedResult, Problem>>(
            [LockOf(name)],
            async session =>
            {
                var latest = await SavedCohortStore.Latest(session, name);
                if (latest is not null && !latest.IsChangedBy(request.HttpContext.User))
                {
                    return latest.IsSeenBy(request.HttpContext.User) && !latest.Version.Retracted
                        ? NotOwner(name)
                        : Absent(latest, request);
                }

                var verdict = WriteRule.Delete(latest?.For(names).Version, asked);
                var current = verdict == Verdict.Retract
                    ? await SavedCohortStore.Add(
                        session, latest, name, latest!.Version.Content, isRetracted: true, asked.Reason, by,
                        Recorder.Instant(clock.GetUtcNow()))
                    : latest;
                return WriteResponses.OfDelete(OutcomeOf(verdict, current?.For(names)), SavedCohortKind.Instance);
            },
            cancellation);
    }

    private static WriteOutcome.Decided OutcomeOf(Verdict verdict, StoredCohort? current) =>
        new(
            verdict,
            new RecordAddress(default, Code: current?.Name ?? string.Empty),
            current is null ? null : new StoredRecord(current.Version, current.Content, []),
            null);

    private static (string Name, Problem? Problem) NameOf(HttpRequest request)
    {
        var name = request.RouteValues[NameKey]?.ToString() ?? string.Empty;
        return (name, RecordAddress.FaultOf(NameKey, name) is { } fault ? Problem.InvalidParameters([fault]) : null);
    }

    // A cohort of such a name could be kept, and never be asked.
    private static Problem? FaultOfName(string name, IEnumerable<EndpointDataSource> routes)
    {
        var taken = routes.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(route => route.RoutePattern.RawText ?? string.Empty)
            .Where(path => path.StartsWith(Root, StringComparison.Ordinal)).Select(path => path[Root.Length..].Split('/')[0]).Where(
                word => word.Length > 0 && word[0] != '{').ToHashSet(StringComparer.OrdinalIgnoreCase);
        return taken.Contains(name)
            ? Problem.InvalidParameters([new Fault(
                "/" + NameKey,
                "reserved",
                $"'{name}' is an address of its own below /cohorts; a cohort needs another name.",
                name,
                "none of " + string.Join(", ", taken.Order(StringComparer.Ordinal)))])
            : null;
    }

    private static Problem NotOwner(string name) =>
        new(Problems.Forbidden, $"The cohort '{name}' belongs to another key. Save yours under another name.");

    // What another key keeps for itself is to everybody else as if it were not there.
    private static Problem Absent(StoredCohort? latest, HttpRequest request) =>
        WriteResponses.Absent(latest?.IsSeenBy(request.HttpContext.User) == true ? latest.Version : null);

    private static string LockOf(string name) => "cohort/" + name;
}
