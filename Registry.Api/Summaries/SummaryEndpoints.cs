using Registry.Api.Http;
using Registry.Api.OpenApi;

namespace Registry.Api.Summaries;

/// <summary>The summaries. Each has a row per procedure and one with procedure 'all'; empty groups have their rows too.</summary>
internal static class SummaryEndpoints
{
    public static void MapSummaries(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/summaries");
        group.MapSummary<ResponseRateItem>("/response-rates", "Response rates", ResponseRates.Description, ResponseRates.Items, ResponseRates.Takes);
        group.MapSummary<ScoreItem>("/scores", "Scores and their change from baseline", Scores.Description, Scores.Items, Scores.Takes);
        group.MapSummary<CostSummaryItem>("/costs", "Costs", Costs.Description, Costs.Items, Costs.Takes);
        group.MapSummary<StayItem>("/stays", "Stays in hospital", Stays.Description, Stays.Items, []);
        group.MapSummary<TrialItem>("/trials", "Trials, implants and explants", Trials.Description, Trials.Items, []);
    }

    private static void MapSummary<TItem>(
        this RouteGroupBuilder group, string path, string summary, string description, Func<SummaryQuery, Task<IReadOnlyList<TItem>>> items, IEnumerable<QueryParameter> takes) =>
        group.MapGet(path, (HttpRequest request, SummaryService service, CancellationToken cancellation) => service.Answer(request, items, cancellation))
            .WithSummary(summary)
            .WithDescription(description)
            .Takes([.. takes, .. CohortFilter.Takes])
            .Gives<Summary<TItem>>()
            .Gives(StatusCodes.Status304NotModified);
}
