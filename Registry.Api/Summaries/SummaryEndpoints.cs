using Registry.Api.Cohorts;
using Registry.Api.Http;
using Registry.Api.OpenApi;

namespace Registry.Api.Summaries;

/// <summary>The summaries. Each has a row per procedure and one with procedure 'all'; empty groups have their rows too.</summary>
internal static class SummaryEndpoints
{
    public static void MapSummaries(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/summaries");
        group.MapSummary<ResponseRateItem>(
            "/response-rates", "Response rates", ResponseRates.Description, ["response_rate"], ResponseRates.Items,
            ResponseRates.TakesOfSummary);
        group.MapSummary<ScoreItem>(
            "/scores", "Scores and their change from baseline", Scores.Description, ["score_summary"], Scores.Items, Scores.Takes);
        group.MapSummary<CostSummaryItem>(
            "/costs", "Costs", Costs.Description, ["cost_summary", "cost_category", "cost_per_responder"], Costs.Items, Costs.Takes);
        group.MapSummary<StayItem>("/stays", "Stays in hospital", Stays.Description, ["stay_summary"], Stays.Items, []);
        group.MapSummary<TrialItem>("/trials", "Trials, implants and explants", Trials.Description, ["trial_summary"], Trials.Items, []);
        group.MapSummary<FlowItem>(
            "/flow", "The flow chart of a case series", Flow.Description, ["flow_summary"], Flow.Items, [], null, Flow.Mermaid);
        group.MapSummary<BenchmarkItem>(
            "/benchmarks", "Published figures, and the registry's beside them", Benchmarks.Description, ["response_rate"],
            Benchmarks.Items, []);
        group.MapSummary<ComparisonItem>(
            "/comparison", "Two groups side by side", Comparison.Description, ["response_rate"], Comparison.Items, Comparison.Takes).Checks(
            Comparison.FaultsOf);
        group.MapSummary<PowerPlanItem>(
            "/power", "The size of the next study", PowerPlan.Description, ["score_summary"], PowerPlan.Items, PowerPlan.Takes).Checks(
            PowerPlan.FaultsOf);
        group.MapSummary<AdverseEventItem>(
            "/adverse-events", "Adverse events", AdverseEvents.Description, ["adverse_event_summary"], AdverseEvents.Items,
            AdverseEvents.Takes);
        group.MapSummary<SurvivalItem>(
            "/survival",
            "Time to explant, to loss of response or to replacement of the generator",
            Survival.Description,
            ["explant_time", "loss_of_response_time", "explant_reason_time", "generator_replacement_time"],
            Survival.Items,
            Survival.Takes,
            new(Survival.AtVisits, Survival.At)).Checks(Survival.FaultsOf);
        group.MapSummary<CompletenessItem>(
            "/completeness", "Completeness of follow-up", Completeness.Description, ["completeness"], Completeness.Items,
            Completeness.Takes);
    }

    /// <summary>A summary at an address of a group: as JSON, or in another form that the caller prefers.</summary>
    public static RouteHandlerBuilder MapSummary<TItem>(
        this RouteGroupBuilder group,
        string path,
        string summary,
        string description,
        IReadOnlyList<string> views,
        Func<SummaryQuery, Task<IReadOnlyList<TItem>>> items,
        IEnumerable<QueryParameter> takes,
        CoarserRows<TItem>? coarser = null,
        params IReadOnlyList<SummaryForm<TItem>> others)
    {
        var kind = new SummaryKind<TItem>(path, views, items) { Coarser = coarser };
        IReadOnlyList<SummaryForm<TItem>> forms = [.. others, SummaryTable.Form<TItem>()];
        var route = group.MapGet(path, (HttpRequest request, CancellationToken cancellation) =>
                SummaryForm<TItem>.Answer(forms, CohortData.Of(request).Summaries, request, kind, cancellation))
            .WithName("get" + CodeSet.Pascal(path[1..]))
            .WithSummary(summary)
            .WithDescription(description + " As CSV with Accept: text/csv: a row an item, a column a figure.")
            .WithMetadata(new ReadsView(ViewContract.Of(items.Method.DeclaringType!)))
            .Takes([.. takes, .. CohortFilter.Takes])
            .Gives<Summary<TItem>>()
            .LooksUp(FilterLookUp.ProblemWith)
            .Refuses(Problems.UnknownInParameters);
        foreach (var form in forms)
        {
            route.AlsoGives(form.ContentType);
        }

        return route;
    }
}
