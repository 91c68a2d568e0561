using System.Text;
using Registry.Api.Access;
using Registry.Api.Audit;
using Registry.Api.Cohorts.Saved;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Api.Summaries;
using Registry.Domain.Common;

namespace Registry.Api.Cohorts.Snapshots;

/// <summary>Snapshots of saved cohorts: taken, read, verified, cited, and asked like the registry itself.</summary>
internal static class SnapshotEndpoints
{
    private const string Key = "snapshot";
    private const string AsOf = CohortFilter.NameOfDay;

    private static readonly QueryParameter Limit = Paging.Limit("snapshots");
    private static readonly QueryParameter Format = QueryParameter.Coded<CitationFormat>(
        "format", "The form. Left out: as Accept has it, and else text.") with
    {
        IsRepeatable = false,
    };

    public static void MapSnapshots(this RouteGroupBuilder api)
    {
        var ofCohort = api.MapGroup($"/cohorts/{{{SavedCohortEndpoints.NameKey}}}/snapshots");
        ofCohort.MapPost("/", Take)
            .WithName("postSnapshot")
            .WithSummary("Take a snapshot of a saved cohort")
            .WithDescription(
                "Keeps the rows of its cases at a cut-off as they are now. Whatever is corrected, retracted or erased later, a snapshot "
                + "gives the same figures, to the last byte. It cannot be changed or deleted. "
                + "Who may take one sees the cohort; who knows its id may read it, so that it can be cited.")
            .Takes<NewSnapshot>(Examples.Snapshot)
            .WithMetadata(new GivesHeaders("Location"))
            .Refuses(Problems.NotFound);
        ofCohort.MapGet("/", List)
            .WithName("listSnapshots")
            .WithSummary("List the snapshots of a saved cohort")
            .WithDescription(
                "In the order of their ids, which is that of the days they were taken, page by page: follow 'next' until it is absent.")
            .Takes(Paging.After, Limit)
            .Refuses(Problems.NotFound);

        var one = api.MapGroup($"/snapshots/{{{Key}}}");
        one.MapGet("/", Get)
            .WithName("getSnapshot")
            .WithSummary("Read what a snapshot holds")
            .WithDescription("What was selected, at which cut-off, how much of it, and the digest of it all.")
            .Refuses(Problems.NotFound)
            .WithMetadata(new GivesHeaders(ContentDigest.Header));
        one.MapGet("/verify", Verify)
            .WithName("getSnapshotVerification")
            .WithSummary("Verify a snapshot")
            .WithDescription("Reads and digests every stored row anew: 'intact' says whether they are those that were stored.")
            .Refuses(Problems.NotFound)
            .WithMetadata(new GivesHeaders(ContentDigest.Header));
        one.MapGet("/citation", Cite)
            .WithName("getSnapshotCitation")
            .WithSummary("Cite a snapshot")
            .WithDescription("As text, for BibTeX, or as CSL-JSON for citation processors: by 'format', or by the header Accept.")
            .Takes(Format)
            .GivesText([.. Enum.GetValues<CitationFormat>().Select(ContentTypeOf)])
            .WithMetadata(new GivesHeaders(ContentDigest.Header))
            .Refuses(Problems.NotFound);

        var asked = api.MapGroup($"/snapshots/{{{Key}}}")
            .AskedOf("Snapshot", Narrow)
            .WithMetadata(new GivesHeaders(ContentDigest.Header), new Refusals([Problems.Damaged]));
        asked.MapCohortAnswers();
        asked.MapSummaries();
    }

    private static string ContentTypeOf(CitationFormat format) => Citation.ContentTypes[(int)format].Split(';')[0];

    private static async Task<Results<Created<SnapshotAnswer>, Problem>> Take(
        HttpRequest request, CohortData data, SnapshotTaker taker, CancellationToken cancellation)
    {
        var (cohort, problem) = await SavedCohortEndpoints.Find(request, cancellation);
        if (cohort is null)
        {
            return problem!;
        }

        var (body, badBody) = await JsonBody.ReadIfAny(request, Limits.Of(request).RecordBytes, cancellation);
        if (badBody is not null)
        {
            return badBody;
        }

        var (latest, fields) = (await data.CutOff.Latest(cancellation), new FieldReader(body, DateOnly.MaxValue));
        var filter = cohort.Content.Filter.ToDictionary();
        if (fields.Date(AsOf) is { } asOf)
        {
            if (asOf > latest)
            {
                fields.Refuse(
                    AsOf,
                    FieldReader.InTheFuture,
                    $"'{AsOf}' is {asOf.Iso()}; it cannot be after {latest.Iso()}.",
                    asOf.Iso(),
                    $"up to {latest.Iso()}");
            }

            if (filter.TryGetValue(AsOf, out var fixedOn) && fixedOn[0] != asOf.Iso())
            {
                fields.Refuse(AsOf, "stated-twice", $"The cohort fixes '{AsOf}' on {fixedOn[0]}.", asOf.Iso(), "left out");
            }

            filter[AsOf] = [asOf.Iso()];
        }

        fields.RefuseUnknown();
        if (fields.Faults.Count > 0)
        {
            return Problem.Invalid(fields.Faults);
        }

        var names = await SavedCohortEndpoints.SiteNamesFor(request, cancellation);
        var (query, unknown) = await CohortFilter.WithSiteCodes(
            SavedFilter.QueryOf(filter), request.HttpContext.User, names, data.Sites, cancellation);
        var (narrowed, contradiction) = CohortFilter.Read(query, latest);
        if (Problem.Together(contradiction, unknown) is { } refused)
        {
            return Problem.Invalid(refused.Faults);
        }

        var (snapshot, root) = (await taker.Take(cohort, narrowed!, query, Sender.Of(request), cancellation),
            request.PathBase.ToUriComponent());
        return TypedResults.Created(root + snapshot.Path, snapshot.Show(root, names, DisclosureFor(request)));
    }

    private static async Task<Results<Ok<SnapshotPage>, Problem>> List(
        HttpRequest request, IDatabase database, CancellationToken cancellation)
    {
        var (cohort, problem) = await SavedCohortEndpoints.Find(request, cancellation);
        if (cohort is null)
        {
            return problem!;
        }

        var (limit, names) = (Paging.LimitOf(request), await SavedCohortEndpoints.SiteNamesFor(request, cancellation));
        var found = await SnapshotStore.List(database, cohort.Name, request.Query[Paging.After.Name].ToString(), limit + 1, cancellation);
        return TypedResults.Ok(new SnapshotPage(
            [.. found.Take(limit).Select(one => one.Show(request.PathBase.ToUriComponent(), names, DisclosureFor(request)))],
            found.Count > limit ? found[limit - 1].Id : null));
    }

    private static async Task<Results<Ok<SnapshotAnswer>, Problem>> Get(
        HttpRequest request, IDatabase database, CancellationToken cancellation)
    {
        var (snapshot, problem) = await Find(request, database, cancellation);
        return snapshot is null ? problem! : TypedResults.Ok(snapshot.Show(
            request.PathBase.ToUriComponent(), await SavedCohortEndpoints.SiteNamesFor(request, cancellation), DisclosureFor(request)));
    }

    private static async Task<Results<Ok<SnapshotVerification>, Problem>> Verify(
        HttpRequest request, IDatabase database, Pseudonyms pseudonyms, CancellationToken cancellation)
    {
        var (snapshot, problem) = await Find(request, database, cancellation);
        if (snapshot is null)
        {
            return problem!;
        }

        var (parts, damaged) = (new List<SnapshotPart>(), new List<DamagedPart>());
        foreach (var part in await SnapshotStore.Parts(database, snapshot.Id, cancellation))
        {
            var stored = await SnapshotStore.Text(database, part.Digest, cancellation);
            var digest = stored?.DigestNow() ?? [];
            parts.Add(part with { Digest = digest });
            if (!digest.AsSpan().SequenceEqual(part.Digest))
            {
                damaged.Add(new DamagedPart(part.Number, part.Table));
            }
        }

        // One that was taken before there was a salt has a digest without it.
        var now = snapshot.Digest(parts, null) is var unsalted && unsalted.AsSpan().SequenceEqual(snapshot.Sha256)
            ? unsalted
            : snapshot.Digest(parts, await pseudonyms.SnapshotSalt(cancellation));
        return TypedResults.Ok(new SnapshotVerification(
            now.AsSpan().SequenceEqual(snapshot.Sha256),
            Convert.ToHexStringLower(now),
            Convert.ToHexStringLower(snapshot.Sha256),
            parts.Count,
            damaged));
    }

    private static async Task<Results<TaggedAnswer, Problem>> Cite(HttpRequest request, IDatabase database, CancellationToken cancellation)
    {
        var (snapshot, problem) = await Find(request, database, cancellation);
        if (snapshot is null)
        {
            return problem!;
        }

        request.HttpContext.Response.Headers.Vary = Microsoft.Net.Http.Headers.HeaderNames.Accept;
        var stated = Code.Parse<CitationFormat>(request.Query[Format.Name].ToString());
        var type = stated is { } named
            ? Citation.ContentTypes[(int)named]
            : ContentNegotiation.Choose(request, Citation.ContentTypes) ?? Citation.ContentTypes[0];
        var url = $"{request.Scheme}://{request.Host}{request.PathBase.ToUriComponent()}{snapshot.Path}";
        var body = Encoding.UTF8.GetBytes(
            Citation.Of(snapshot, (CitationFormat)Citation.ContentTypes.ToList().IndexOf(type), url, DisclosureFor(request)));
        return new TaggedAnswer(body, type, EntityTags.Of(body));
    }

    private static Disclosure? DisclosureFor(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<Disclosure>() is var disclosure
            && disclosure.AppliesTo(request.HttpContext.User)
            ? disclosure
            : null;

    // The rows of a snapshot are asked by its own filter, at its cut-off: with them the echo and the groups are those of the cohort.
    private static async Task<Problem?> Narrow(HttpRequest request, CancellationToken cancellation)
    {
        var services = request.HttpContext.RequestServices;
        var (snapshot, problem) = await Find(request, services.GetRequiredService<IDatabase>(), cancellation);
        if (snapshot is null)
        {
            return problem;
        }

        var filter = new Dictionary<string, IReadOnlyList<string>>(
            snapshot.FilterFor(await SavedCohortEndpoints.SiteNamesFor(request, cancellation)))
        {
            [AsOf] = [snapshot.AsOf.Iso()],
        };
        if (SavedFilter.AddTo(request, filter, $"the snapshot '{snapshot.Id}'") is { } twice)
        {
            return twice;
        }

        try
        {
            var (data, lease) = await services.GetRequiredService<SnapshotLibrary>().Open(snapshot, cancellation);
            request.HttpContext.Response.RegisterForDispose(lease);
            request.HttpContext.Features.Set(data);
            return null;
        }
        catch (DamagedSnapshotException damaged)
        {
            return new Problem(Problems.Damaged, $"{damaged.Message} See {snapshot.Path}/verify.");
        }
    }

    private static async Task<(Snapshot? Snapshot, Problem? Problem)> Find(
        HttpRequest request, IDatabase database, CancellationToken cancellation)
    {
        var id = request.RouteValues[Key]?.ToString() ?? string.Empty;
        return RecordAddress.FaultOf(Key, id) is { } fault ? (null, Problem.InvalidParameters([fault]))
            : await SnapshotStore.Find(database, id, cancellation) is { } snapshot ? (snapshot, null)
            : (null, new Problem(Problems.NotFound, $"There is no snapshot '{id}'."));
    }
}
