using System.Globalization;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Net.Http.Headers;
using Registry.Api.Access;
using Registry.Api.Audit;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Idempotency;
using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Domain.Recording;
using Fault = Registry.Domain.Common.Fault;

namespace Registry.Api.Fhir;

/// <summary>
/// HL7 FHIR R4: single scores as Observations, the items of the Pain Disability Index as QuestionnaireResponses, many at once as Bundles.
/// </summary>
internal static class FhirEndpoints
{
    /// <summary>The path below which everything is FHIR.</summary>
    public const string Root = "/api/v1/fhir";

    /// <summary>The header that asks for what a write answers with.</summary>
    public const string Prefer = "Prefer";

    /// <summary>The header by which a POST creates only what is not recorded yet.</summary>
    public const string IfNoneExist = "If-None-Exist";

    private static readonly (string Name, string Meaning) ReasonHeader =
        (RecordHeaders.ChangeReason, "Why something is corrected or taken away, 1 to 500 characters; left out, the note of the resource.");
    private static readonly (string Name, string Meaning) PreferHeader =
        (Prefer, "return=minimal or return=representation: whether the answer holds what is recorded.");

    private static readonly QueryParameter Format = new(
        FhirForm.FormatParameter, "The form of the answer, before the Accept header: json or xml.")
    {
        Form = ("^[A-Za-z0-9/+. -]{1,80}(;.*)?$", "json, xml, or a media type"),
    };
    private static readonly QueryParameter Summary =
        new("_summary", "How much of the statement is written; false when left out.") { Codes = ["true", "false", "text", "data"] };
    private static readonly QueryParameter Count = Paging.Size("_count", "How many Observations a page holds");
    private static readonly QueryParameter OfIdentifier = new("identifier", "One of the identifiers of the resource, as system|value.")
    {
        Form = (@"^[^|\s]{0,200}\|[^\x00-\x1F]{1,300}$", "system|value"),
        Prefilled = "urn:registry:observation|reference/PHN-01-SCS/24m/nrs",
    };

    private static readonly QueryParameter After = new(
        "after", "The cursor in the link 'next' of the page before; left out for the first page.")
    {
        CursorPattern = @"^[A-Za-z0-9._-]{1,64}~[A-Za-z0-9._-]{1,64}~[a-z0-9-]{1,8}~(nrs|pdi)$",
    };

    public static void MapFhir(this IEndpointRouteBuilder app)
    {
        var fhir = app.MapGroup(Root).RefuseUnknownParameters().RefuseOtherFhirForms().TakeIdempotencyKeys().For(Policies.Records);
        fhir.MapGet("/metadata", (HttpRequest request) =>
            new FhirAnswer(StatusCodes.Status200OK, FhirCapabilities.Of(BaseOf(request))) { Summary = SummaryOf(request) })
            .WithName("getFhirMetadata")
            .WithSummary("Read what the FHIR interface can do")
            .WithDescription("A CapabilityStatement of FHIR R4 (4.0.1).")
            .Takes(Format, Summary)
            .GivesFhir();
        fhir.MapPost("/", FhirBundles.Post)
            .WithName("postFhirBundle")
            .WithSummary("Record many scores: a FHIR Bundle")
            .WithDescription(
                "Of the type batch, each entry stands by itself; of the type transaction, all are recorded or none. Entries POST or PUT "
                    + "Observations and QuestionnaireResponses. The entries of the answer are in the order of those sent.")
            .Takes(Format)
            .TakesFhir(FhirExamples.Bundle)
            .TakesSentAt()
            .TakesHeaders(ReasonHeader, PreferHeader)
            .GivesFhir()
            .Refuses(Problems.Conflict, Problems.Retracted, Problems.PreconditionFailed, Problems.SiteNotFound, Problems.CaseNotFound);
        MapScore<Observation>(fhir, "/Observation", "{observation}", "an Observation", FhirExamples.Observation);
        MapScore<QuestionnaireResponse>(fhir, "/QuestionnaireResponse", "{response}", "a QuestionnaireResponse", FhirExamples.Response);
        fhir.MapPut("/Observation", Put<Observation>)
            .WithName("putObservationByIdentifier")
            .WithSummary("Record an Observation by an identifier")
            .WithDescription(
                "As PUT by id; the address names one of the identifiers of the resource, the sender's own or that of the registry. Where "
                    + "an Observation has it already, the visit of that one is meant.")
            .Takes(OfIdentifier, Format)
            .WritesFhir(FhirExamples.Observation);
        fhir.MapPut("/QuestionnaireResponse", Put<QuestionnaireResponse>)
            .WithName("putResponseByIdentifier")
            .WithSummary("Record a QuestionnaireResponse by an identifier")
            .WithDescription("As PUT by id; the address names the identifier of the resource.")
            .Takes(OfIdentifier with { Prefilled = "urn:registry:observation|reference/PHN-01-SCS/6m/pdi" }, Format)
            .WritesFhir(FhirExamples.Response);
        fhir.MapGet("/Observation", Search)
            .WithName("listObservations")
            .WithSummary("Search Observations")
            .WithDescription(
                "What is recorded and was not entered in error, in the order of site, case, timepoint and instrument: a Bundle of the type "
                    + "searchset. Follow the link 'next' until it is absent.")
            .Takes([.. ScoreQuery.Parameters, Count, After, Format])
            .GivesFhir();
    }

    /// <summary>The address of the interface, as the caller sees it.</summary>
    public static string BaseOf(HttpRequest request) => UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, Root);

    /// <summary>Where a version of a score stands as a resource of a type, below the address of the interface.</summary>
    public static string AddressOf<T>(RecordedScore recorded, ScoreVersion version)
        where T : Resource =>
            FormattableString.Invariant($"{ModelInfo.GetFhirTypeNameForType(typeof(T))}/{recorded.Address.Id}/_history/{version.Number}");

    /// <summary>A recorded score as a resource of the type that was sent.</summary>
    public static Resource? Show<T>(RecordedScore recorded, ScoreVersion version)
        where T : Resource => typeof(T) == typeof(Observation)
            ? FhirMapping.ToObservation(recorded.Address, recorded.Patient, version, recorded.Identifiers)
            : FhirMapping.ToResponse(recorded.Address, recorded.Patient, version, recorded.Identifiers);

    /// <summary>The number that If-Match names; null without the header. What is wrong with it is added to the faults.</summary>
    public static int? ReadIfMatch(string text, string where, List<Fault> faults)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (EntityTagHeaderValue.TryParse(text, out var tag)
            && int.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        faults.Add(
            new Fault(where, "not-an-etag", "If-Match has to name the version that was read, such as W/\"1\".", FieldReader.Shorten(text)));
        return null;
    }

    /// <summary>The query of If-None-Exist; null without the header. What is wrong with it is added to the faults.</summary>
    public static ScoreQuery? ReadIfNoneExist(string text, string where, HttpRequest request, List<Fault> faults)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var stated = new QueryCollection(
            Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(text[(text.IndexOf('?', StringComparison.Ordinal) + 1)..]));
        var wrong = new QueryParameters(ScoreQuery.Parameters).FaultsOf(stated, Limits.Of(request));
        var (query, more) = wrong.Count == 0 ? ScoreQuery.Read(stated) : (new ScoreQuery(), []);
        faults.AddRange(wrong.Concat(more).Select(fault => fault with { Where = where }));
        return query;
    }

    private static void MapScore<T>(RouteGroupBuilder fhir, string path, string id, string singular, string example)
        where T : Resource
    {
        var name = path[1..];
        fhir.MapPost(path, Post<T>)
            .WithName("post" + name)
            .WithSummary($"Record {singular}")
            .WithDescription(
                "Safe to repeat. Status final: nothing there yet: 201; the same again: 200; other content: 409. Status amended or "
                + "corrected: a correction. Status entered-in-error: the score is taken away. "
                + "A second instrument of a visit that is recorded already is added to it. If-None-Exist records only what its query does "
                + "not find.")
            .Takes(Format)
            .WritesFhir(example);
        fhir.MapPut($"{path}/{id}", Put<T>)
            .WithName("put" + name)
            .WithSummary($"Record or correct {singular}")
            .WithDescription(
                "As POST; with If-Match naming the current version, W/\"n\", other content is a correction whatever the status. The "
                    + "registry gives the ids: site, case, timepoint and instrument make one.")
            .Takes(Format)
            .WritesFhir(example);
        fhir.MapGet($"{path}/{id}", Get<T>)
            .WithName("get" + name)
            .WithSummary($"Read {singular}")
            .WithDescription("The current version; one that was taken away has the status entered-in-error.")
            .Takes(Format)
            .GivesFhir()
            .WithMetadata(new GivesHeaders("Last-Modified"))
            .Refuses(Problems.NotFound);
        fhir.MapGet($"{path}/{id}/_history/{{version}}", Get<T>)
            .WithName($"get{name}Version")
            .WithSummary($"Read a version of {singular}")
            .WithDescription("The version with this number, from 1.")
            .Takes(Format)
            .GivesFhir()
            .WithMetadata(new GivesHeaders("Last-Modified"))
            .Refuses(Problems.NotFound);
    }

    private static Task<Results<FhirAnswer, Problem>> Post<T>(HttpRequest request, RecordServices services, CancellationToken cancellation)
        where T : Resource => Write<T>(request, ScoreTarget.None, services, cancellation);

    private static Task<Results<FhirAnswer, Problem>> Put<T>(HttpRequest request, RecordServices services, CancellationToken cancellation)
        where T : Resource
    {
        if (IdOf(request) is { } id)
        {
            return Write<T>(request, new ScoreTarget(id), services, cancellation);
        }

        return request.Query[OfIdentifier.Name].ToString().Split('|', 2) is [var system, var value]
            ? Write<T>(request, new ScoreTarget(Identifier: new Identifier(system, value)), services, cancellation)
            : System.Threading.Tasks.Task.FromResult<Results<FhirAnswer, Problem>>(Problem.InvalidParameters(
                [new Fault("/identifier", "missing", "The address has to name the resource: by its id, or by ?identifier=system|value.")]));
    }

    private static async Task<Results<FhirAnswer, Problem>> Write<T>(
        HttpRequest request, ScoreTarget target, RecordServices services, CancellationToken cancellation)
        where T : Resource
    {
        var faults = new List<Fault>();
        var expected = ReadIfMatch(request.Headers.IfMatch.ToString(), "/If-Match", faults);
        var query = ReadIfNoneExist(request.Headers[IfNoneExist].ToString(), "/" + IfNoneExist, request, faults);
        var reason = RecordHeaders.ReadReason(request, faults);
        faults.AddRange(new[] { Sender.FaultOfSentAt(request) }.OfType<Fault>());
        if (faults.Count > 0)
        {
            return Problem.InvalidParameters(faults);
        }

        var (resource, flaws, bad) = await FhirForm.Read(request, Limits.Of(request).RecordBytes, cancellation);
        if (bad is not null || flaws.Count > 0 || resource is not T)
        {
            return bad ?? (flaws.Count > 0
                ? new Problem(Problems.MalformedBody, "The body is not valid FHIR R4.") { Faults = flaws }
                : Problem.Invalid(
                    [new Fault(
                        string.Empty,
                        FhirMapping.NotTaken,
                        $"The resource is of the type {resource?.TypeName}; at this address it has to be of the type "
                            + $"{ModelInfo.GetFhirTypeNameForType(typeof(T))}.")]));
        }

        var prepared = await ScoreWriter.Prepare(resource, target, services, request.HttpContext.User, cancellation) with
        {
            ExpectedVersion = expected,
            IfNoneExist = query,
            Reason = reason,
        };
        var answers = await ScoreWriter.Write(
            [prepared], allOrNone: false, services, Sender.Of(request), request.HttpContext.User.SiteScope(), cancellation);
        return answers[0].Problem is { } problem ? problem : Answer<T>(request, answers[0]);
    }

    private static FhirAnswer Answer<T>(HttpRequest request, ScoreAnswer answer)
        where T : Resource
    {
        var (recorded, isNew) = (answer.Recorded!, answer.Verdict == Verdict.Create);
        var version = recorded.Versions[^1];
        var shown = Show<T>(recorded, version);
        return new FhirAnswer(
            isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            request.Headers[Prefer].ToString().Contains("return=minimal", StringComparison.OrdinalIgnoreCase) ? null : shown)
        {
            ETag = ScoreWriter.TagOf(version),
            Location = $"{BaseOf(request)}/{AddressOf<T>(recorded, version)}",
            LastModified = DateTimeOffset.Parse(version.RecordedAt!, CultureInfo.InvariantCulture),
        };
    }

    private static async Task<Results<FhirAnswer, Problem>> Get<T>(
        HttpRequest request, IDatabase database, RecordServices services, CancellationToken cancellation)
        where T : Resource
    {
        var id = IdOf(request)!;
        var recorded = ScoreAddress.Parse(id) is var (hash, address)
            ? await database.Read(
                session => hash is null
                    ? ReadOwn(session, services, address, request.HttpContext.User)
                    : FindHashed(session, services, id, request.HttpContext.User),
                cancellation)
            : null;
        var version = request.RouteValues["version"] is string number
            ? recorded?.Versions.FirstOrDefault(one => one.Number.ToString(CultureInfo.InvariantCulture) == number)
            : recorded?.Versions[^1];
        return version is not null && Show<T>(recorded!, version) is { } shown
            ? new FhirAnswer(StatusCodes.Status200OK, shown)
            {
                ETag = ScoreWriter.TagOf(version),
                LastModified = DateTimeOffset.Parse(version.RecordedAt!, CultureInfo.InvariantCulture),
            }
            : new Problem(Problems.NotFound, "There is no such resource, or no such version of it.");
    }

    private static async Task<RecordedScore?> ReadOwn(
        Session session, RecordServices services, ScoreAddress address, System.Security.Claims.ClaimsPrincipal caller) =>
        caller.Sees(address.Site) ? await ScoreWriter.Read(session, services, address) : null;

    private static async Task<RecordedScore?> FindHashed(
        Session session, RecordServices services, string id, System.Security.Claims.ClaimsPrincipal caller)
    {
        var (query, _) = ScoreQuery.Read(
            new QueryCollection(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues> { ["_id"] = id }));
        return await ScoreSearch.Find(session, services.Database.Engine, query, caller.SiteScope(), most: 1) is [var found] ? found : null;
    }

    private static async Task<Results<FhirAnswer, Problem>> Search(HttpRequest request, IDatabase database, CancellationToken cancellation)
    {
        var (query, faults) = ScoreQuery.Read(request.Query);
        if (faults.Count > 0)
        {
            return Problem.InvalidParameters(faults);
        }

        var count = Paging.LimitOf(request, Count.Name);
        query.After = request.Query[After.Name].ToString() is { Length: > 0 } cursor
            ? ScoreAddress.OfIdentifier(cursor.Replace('~', '/'))
            : null;
        var found = await database.Compute(
            session => ScoreSearch.Find(session, database.Engine, query, request.HttpContext.User.SiteScope(), count + 1), cancellation);
        var (root, page) = (BaseOf(request), found.Take(count).ToList());
        var bundle = new Bundle
        {
            Type = Bundle.BundleType.Searchset,
            Total = found.Count <= count && query.After is null ? found.Count : null,
            Entry = page.ConvertAll(one =>
            {
                var shown = FhirMapping.ToObservation(one.Address, one.Patient, one.Versions[^1], one.Identifiers);
                return new Bundle.EntryComponent
                {
                    FullUrl = $"{root}/Observation/{shown.Id}",
                    Resource = shown,
                    Search = new Bundle.SearchComponent { Mode = Bundle.SearchEntryMode.Match },
                };
            }),
        };
        bundle.AddLinkTo("self", root, request, null);
        if (found.Count > count)
        {
            bundle.AddLinkTo("next", root, request, page[^1].Address.Identifier.Replace('/', '~'));
        }

        return new FhirAnswer(StatusCodes.Status200OK, bundle);
    }

    private static void AddLinkTo(this Bundle bundle, string relation, string root, HttpRequest request, string? after)
    {
        var stated = request.Query.Where(pair => after is null || pair.Key != After.Name)
            .SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value)));
        bundle.Link.Add(new Bundle.LinkComponent
        {
            Relation = relation,
            Url = $"{root}/Observation{QueryString.Create(after is null ? stated : stated.Append(KeyValuePair.Create(After.Name, (string?)after)))}",
        });
    }

    private static string? IdOf(HttpRequest request) => (request.RouteValues["observation"] ?? request.RouteValues["response"])?.ToString();

    private static SummaryType SummaryOf(HttpRequest request) => request.Query[Summary.Name].ToString() switch
    {
        "true" => SummaryType.True,
        "text" => SummaryType.Text,
        "data" => SummaryType.Data,
        _ => SummaryType.False,
    };

    private static RouteGroupBuilder RefuseOtherFhirForms(this RouteGroupBuilder group) =>
        group.AddEndpointFilter((invocation, next) =>
        {
            var request = invocation.HttpContext.Request;
            return FhirForm.Choose(request) is null
                ? ValueTask.FromResult<object?>(ContentNegotiation.NotAcceptable(request, FhirForm.Offered))
                : next(invocation);
        });

    private static RouteHandlerBuilder WritesFhir(this RouteHandlerBuilder route, string example) =>
        route.TakesFhir(example)
            .TakesSentAt()
            .TakesHeaders(
                ("If-Match", "The current version, such as W/\"1\", to correct what is recorded."),
                (IfNoneExist, "A query of the search: the resource is recorded only where it finds nothing."),
                ReasonHeader,
                PreferHeader)
            .WithMetadata(new GivesHeaders("ETag", "Location", "Last-Modified"))
            .GivesFhir(StatusCodes.Status201Created)
            .GivesFhir()
            .Refuses(
                Problems.SiteNotFound, Problems.CaseNotFound, Problems.NotFound, Problems.Conflict, Problems.Retracted,
                Problems.PreconditionFailed);
}
