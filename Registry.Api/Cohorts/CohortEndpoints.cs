using Registry.Api.Access;
using Registry.Api.Cohorts.Export;
using Registry.Api.Cohorts.Saved;
using Registry.Api.Cohorts.Snapshots;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Summaries;

namespace Registry.Api.Cohorts;

/// <summary>The cases behind the figures, for researchers: pseudonymous, with days after time zero in the place of dates.</summary>
internal static class CohortEndpoints
{
    private const string TotalName = "total";

    private static readonly QueryParameter Total =
        new(TotalName, "true: says how many cases the cohort holds. Left out or false: does not count them.") { Codes = ["true", "false"] };

    public static void MapCohorts(this RouteGroupBuilder api)
    {
        api.MapGroup("/cohorts").MapCohortAnswers();
        api.MapSavedCohorts();
        api.MapSnapshots();
    }

    /// <summary>What is asked of the cases of all the registry, of a saved cohort, or of a snapshot.</summary>
    public static void MapCohortAnswers(this RouteGroupBuilder group)
    {
        group.MapGet("/cases", Cases)
            .WithName("listCohortCases")
            .WithSummary("List the cases of a cohort")
            .WithDescription(
                "One row a case: scores, visits and course as they stand at the cut-off, from the same rows as every summary with the same "
                + "filters. Scores are those that are credited to the case. "
                + "Page by page: follow 'next' until it is absent. Pages go by the key of the case and share one cut-off, so that what is "
                + "recorded meanwhile makes no case come twice or not at all; "
                + "sorted by a column, a case whose value is corrected meanwhile may.")
            .Takes([.. CohortQuestion.Takes, Paging.Limit("cases"), Total])
            .Checks(CohortQuestion.FaultsOf)
            .LooksUp(FilterLookUp.ProblemWith)
            .Refuses(Problems.UnknownInParameters);
        group.MapExport();
        group.MapSummary<TrajectoryItem>(
            "/trajectories", "The course of the scores", Trajectories.Description, ["score_summary"], Trajectories.Items,
            Trajectories.Takes);
        group.MapSummary<ResponderCurveItem>(
            "/responder-curve", "The cumulative responder curve", ResponderCurve.Description, ["relief_distribution"],
            ResponderCurve.Items, ResponderCurve.Takes, new(ResponderCurve.AtTens));
        group.MapSummary<ResponseDomainItem>(
            "/response-domains", "Response by pain and by disability", ResponseDomains.Description, ["domain_response"],
            ResponseDomains.Items, ResponseDomains.Takes);
        group.MapSummary<TableOneItem>(
            "/table-one", "Baseline characteristics by group", TableOne.Description, ["cohort"], TableOne.Items, TableOne.Takes, null,
            TableOne.Markdown);
    }

    private static async Task<Results<Ok<CohortPage>, Problem>> Cases(
        HttpRequest request, Pseudonyms pseudonyms, CancellationToken cancellation)
    {
        var (database, sites, cutOff, _) = CohortData.Of(request);
        var siteNames = await pseudonyms.SitesFor(request.HttpContext.User, cancellation);
        var seal = await pseudonyms.Seal(cancellation);
        var (question, problem) = await CohortQuestion.Read(
            request.OwnQuery(), request.HttpContext.User, siteNames, await cutOff.Latest(cancellation), sites, seal, cancellation);
        if (question is null)
        {
            return problem!;
        }

        var (name, limit) = (await pseudonyms.Current(cancellation), Paging.LimitOf(request));
        var withTotal = request.Query[TotalName] == "true";
        return TypedResults.Ok(await database.Read(
            async session =>
            {
                // One case more than the page holds tells whether another page follows.
                var filter = await CaseSearch.ForPage(session, database.Engine, question.Filter, question.Sort.Sql is not null);
                var keys = await CohortReader.Keys(session, database.Engine, filter, question.Sort, question.After, limit + 1);
                var rows = await CohortReader.Rows(
                    session, [.. keys.Take(limit).Select(key => key.Number)], question.Filter.Day, question.Costs, name, siteNames);
                return new CohortPage(
                    question.Filter.Day,
                    (await DataVersions.Read(session)).Of(
                        DataVersions.NamesOf(CohortReader.Tables.Concat(question.Filter.Tables)), question.Filter.Sites),
                    CohortFilter.EchoFilters(request.Query),
                    withTotal ? await CohortReader.Count(session, database.Engine, filter) : null,
                    [.. rows.Select(row => new CohortCase(row, question.Columns))],
                    keys.Count > limit ? new CohortCursor(question.Filter.Day, keys[limit - 1]).Text(question.Sort, seal) : null);
            },
            cancellation));
    }
}
