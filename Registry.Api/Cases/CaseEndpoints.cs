using Dapper;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Cases;

/// <summary>Cases: recorded one by one, read back whole, listed page by page.</summary>
internal static class CaseEndpoints
{
    private static readonly QueryParameter Limit = Paging.Limit("cases");

    // What narrows the list, and the column that each looks at.
    private static readonly (QueryParameter Parameter, string Column)[] Filters =
    [
        (new QueryParameter("patient", "The site's own reference of the patient. Left out: every patient.") { IsRepeatable = true },
            "p.patient_reference"),
        (QueryParameter.Coded<Procedure>("procedure", "The procedure. Left out: every one."), "c.procedure_code"),
        (QueryParameter.Coded<Indication>("indication", "What the patient is treated for. Left out: every one."), "c.indication"),
        (QueryParameter.Coded<Sex>("sex", "The recorded sex. Left out: every one."), "c.sex"),
    ];

    public static void MapCases(this RouteGroupBuilder api, CaseKind kind)
    {
        api.MapRecord<CaseRecord>("/sites/{site}/cases/{case}", kind, "a case", Examples.Case);
        api.MapGet("/sites/{site}/cases/{case}", Get)
            .WithName("getCase")
            .WithSummary("Read a case with everything under it")
            .WithDescription(
                "The case, its time zero, its schedule as of today at the site, and its events, assessments, adverse events, costs and "
                    + "stays, each with its key and ETag. The ETag of the answer covers all that it shows; that of the case's own record "
                    + "is its member 'etag'. If-Match takes either.")
            .Gives<CaseResponse>()
            .Refuses(Problems.SiteNotFound, Problems.CaseNotFound);
        api.MapGet("/sites/{site}/cases", List)
            .WithName("listCases")
            .WithSummary("List the cases of a site")
            .WithDescription("In the order of their case numbers (by code point), page by page: follow 'next' until it is absent.")
            .Takes([.. Filters.Select(filter => filter.Parameter), Paging.After, Limit]);
    }

    private static async Task<Results<RecordResult, Problem>> Get(
        HttpRequest request, RecordServices services, CancellationToken cancellation)
    {
        var (address, bad) = RecordAddress.OfCase(request);
        if (bad is not null)
        {
            return bad;
        }

        var (person, unknown) = await services.PersonOf(address, cancellation);
        if (unknown is not null)
        {
            return unknown;
        }

        var today = await services.Sites.Today(address.Site, cancellation) ?? services.Sites.Today();
        var records = person.Case(address.Case)!;
        return new RecordResult(
            StatusCodes.Status200OK,
            CaseResponse.Of(person, records, today, address, services.Kinds),
            CaseResponse.ETag(person, today),
            null);
    }

    private static async Task<Results<Ok<CasePage>, Problem>> List(
        HttpRequest request, RecordServices services, CancellationToken cancellation)
    {
        var (address, bad) = RecordAddress.OfSite(request);
        if (bad is not null)
        {
            return bad;
        }

        if (await services.Sites.Today(address.Site, cancellation) is null)
        {
            return WriteResponses.UnknownSite(address.Site);
        }

        var limit = Paging.LimitOf(request);
        var parameters =
            new DynamicParameters(new { address.Site, after = request.Query[Paging.After.Name].ToString(), count = limit + 1 });
        var conditions = new List<string>();
        foreach (var (parameter, column) in Filters.Where(filter => request.Query.ContainsKey(filter.Parameter.Name)))
        {
            conditions.Add($"AND {column} IN @{parameter.Name}");
            parameters.Add(parameter.Name, request.Query[parameter.Name].Distinct());
        }

        var rows = await services.Database.Read(
            session => session.Query<CaseListItem>(
                $"""
                SELECT c.case_code AS "Case", c.procedure_code AS "Procedure", c.indication AS Indication, c.sex AS Sex,
                  p.patient_reference AS Patient
                FROM treatment_case c
                JOIN person p ON p.person_id = c.person_id
                WHERE c.site_id = (SELECT s.site_id FROM site s WHERE s.site_code = @Site)
                  AND c.case_code > @after {string.Join(' ', conditions)}
                ORDER BY c.case_code
                {Dialect.First(services.Database.Engine, "@count")}
                """,
                parameters),
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

    /// <summary>What the patient is treated for.</summary>
    [CodesOf(typeof(Indication))]
    public string Indication { get; init; } = string.Empty;

    /// <summary>The recorded sex.</summary>
    [CodesOf(typeof(Sex))]
    public string Sex { get; init; } = string.Empty;

    /// <summary>The site's own reference of the patient.</summary>
    public string Patient { get; init; } = string.Empty;
}
