using Registry.Api.Data;
using Registry.Api.Sites;
using Registry.Api.Summaries;

namespace Registry.Api.Cohorts;

/// <summary>Where the cases and figures of an answer come from: the registry as it is, or a snapshot.</summary>
/// <param name="Database">The rows.</param>
/// <param name="Sites">The sites that a filter may name.</param>
/// <param name="CutOff">The default cut-off.</param>
/// <param name="Summaries">Computes the figures.</param>
internal sealed record CohortData(IDatabase Database, SiteDirectory Sites, CohortCutOff CutOff, SummaryService Summaries)
{
    /// <summary>What a request is answered from: the registry, unless the address names a snapshot.</summary>
    public static CohortData Of(HttpRequest request) =>
        request.HttpContext.Features.Get<CohortData>() ?? request.HttpContext.RequestServices.GetRequiredService<CohortData>();
}
