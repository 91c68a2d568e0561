using System.Globalization;
using Registry.Domain.Common;

namespace Registry.Api.Http;

/// <summary>The two parameters of every list that is read page by page, in the order of its keys.</summary>
internal static class Paging
{
    private const string LimitName = "limit";
    private const int DefaultLimit = 100;
    private const int LargestLimit = 1000;

    /// <summary>Where a page begins.</summary>
    public static readonly QueryParameter After = new("after", "The cursor that the page before gave as 'next'; left out for the first page.");

    /// <summary>How many items a page holds.</summary>
    /// <param name="items">What they are.</param>
    public static QueryParameter Limit(string items) =>
        new(LimitName, FormattableString.Invariant($"How many {items} a page holds; {DefaultLimit} when left out.")) { Range = new WholeRange(1, LargestLimit) };

    /// <summary>How many items the caller wants on a page. The parameter was checked before.</summary>
    public static int LimitOf(HttpRequest request) => int.TryParse(request.Query[LimitName], CultureInfo.InvariantCulture, out var asked) ? asked : DefaultLimit;
}
