using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Api.Sites;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Cases;

/// <summary>Cases: recorded one by one, read back whole, listed page by page.</summary>
internal static class CaseEndpoints
{
    private static readonly QueryParameter Limit = Paging.Limit("cases");

    public static void MapCases(this RouteGroupBuilder api, CaseKind kind)
    {
        api.MapRecord<CaseRecord>("/sites/{site}/cases/{case}", kind, "a case", Examples.Case);
        api.MapGet("/sites/{site}/cases/{case}", Get)
            .WithName("getCase")
            .WithSummary("Read a case with everything under it")
            .WithDescription("The case, its time zero, its schedule as of today at the site, and its events, assessments, adverse events, costs and stays, each with its key and ETag. The ETag of the answer covers all that it shows; that of the case's own record is its member 'etag'. If-Match takes either.")
            .Gives<CaseResponse>()
            .Refuses(Problems.SiteNotFound, Problems.CaseNotFound);
        api.MapGet("/sites/{site}/cases", List)
            .WithName("listCases")
            .WithSummary("List the cases of a site")
            .WithDescription("In the order of their case numbers (by code point), page by page: follow 'next' until it is absent.")
            .Takes(Paging.After, Limit)
            .Gives<CasePage>()
            .Refuses(Problems.SiteNotFound);
    }

    private static async Task<IResult> Get(HttpRequest request, RecordServices services, CaseKind kind, CancellationToken cancellation)
    {
        var (address, bad) = RecordAddress.OfCase(request);
        if (bad is not null)
        {
            return bad;
        }

        var (siteIsKnown, person) = await services.Database.Read(
            async session => await services.Persons.OfCase(session, address.Site, address.Case) is { } found ? (true, found) : (await SiteKind.Exists(session, address.Site), null),
            cancellation);
        if (person is null)
        {
            return WriteResponses.Of(siteIsKnown ? new WriteOutcome.UnknownCase(address.Site, address.Case) : new WriteOutcome.UnknownSite(address.Site), kind, null);
        }

        var today = await services.Sites.Today(address.Site, cancellation) ?? services.Sites.Today();
        var records = person.Case(address.Case)!;
        return new RecordResult(StatusCodes.Status200OK, CaseResponse.Of(person, records, today, address, services.Kinds), CaseResponse.ETag(person, today), null);
    }

    private static async Task<IResult> List(HttpRequest request, RecordServices services, CaseKind kind, CancellationToken cancellation)
    {
        var (address, bad) = RecordAddress.OfSite(request);
        if (bad is not null)
        {
            return bad;
        }

        if (await services.Sites.Today(address.Site, cancellation) is null)
        {
            return WriteResponses.Of(new WriteOutcome.UnknownSite(address.Site), kind, null);
        }

        var limit = Paging.LimitOf(request);
        var rows = await services.Database.Read(
            session => session.Query<CaseListItem>(
                $"""
                SELECT c.case_code AS "Case", c.procedure_code AS "Procedure", p.patient_reference AS Patient
                FROM treatment_case c
                JOIN person p ON p.person_id = c.person_id
                WHERE c.site_id = (SELECT s.site_id FROM site s WHERE s.site_code = @Site) AND c.case_code > @after
                ORDER BY c.case_code
                {Dialect.First(services.Database.Engine, "@count")}
                """,
                new { address.Site, after = request.Query[Paging.After.Name].ToString(), count = limit + 1 }),
            cancellation);
        var page = rows.Take(limit).ToList();
        return TypedResults.Ok(new CasePage(page, rows.Count > limit ? page[^1].Case : null));
    }
}

/// <summary>One page of the cases of a site.</summary>
/// <param name="Items">The cases.</param>
/// <param name="Next">The cursor of the next page.</param>
internal sealed record CasePage(
    IReadOnlyList<CaseListItem> Items,
    [Missing("absent on the last")] string? Next);

/// <summary>A case in a list.</summary>
internal sealed record CaseListItem
{
    /// <summary>The site's own case number.</summary>
    public string Case { get; init; } = string.Empty;

    /// <summary>The procedure.</summary>
    [CodesOf(typeof(Procedure))]
    public string Procedure { get; init; } = string.Empty;

    /// <summary>The site's own reference of the patient.</summary>
    public string Patient { get; init; } = string.Empty;
}
