using Registry.Api.Cohorts;
using Registry.Api.Http;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>What is wrong with the filters that are well-formed in a query of which others are not.</summary>
internal static class FilterLookUp
{
    /// <summary>Sites that there are not, a cut-off that is still to come, ranges that hold nothing; null for nothing.</summary>
    public static async ValueTask<Problem?> ProblemWith(HttpRequest request, IQueryCollection query, CancellationToken cancellation)
    {
        var (data, caller) = (CohortData.Of(request), request.HttpContext.User);
        var names = await request.HttpContext.RequestServices.GetRequiredService<Pseudonyms>().SitesFor(caller, cancellation);
        var (coded, unknown) = await CohortFilter.WithSiteCodes(query, caller, names, data.Sites, cancellation);
        var (_, contradiction) = CohortFilter.Read(coded, await data.CutOff.Latest(cancellation));
        return Problem.Together(WithoutCounterparts(contradiction), unknown);
    }

    /// <summary>The faults but those that a filter has for want of another: the other may be at fault itself.</summary>
    public static IEnumerable<Fault> WithoutCounterparts(IEnumerable<Fault> faults) =>
        faults.Where(fault => fault.Code != "does-not-apply");

    private static Problem? WithoutCounterparts(Problem? problem) =>
        problem is not null && WithoutCounterparts(problem.Faults).ToList() is { Count: > 0 } faults
            ? Problem.InvalidParameters(faults)
            : null;
}
