using System.Globalization;
using Registry.Api.Access;

namespace Registry.Api.Http;

/// <summary>The two parameters of every list that is read page by page, in the order of its keys.</summary>
internal static class Paging
{
    /// <summary>The default size of a page; smaller where the largest page is.</summary>
    public const int DefaultLimit = 100;

    private const string LimitName = "limit";

    /// <summary>Where a page begins.</summary>
    public static readonly QueryParameter After =
        new("after", "The cursor that the page before gave as 'next'; left out for the first page.");

    /// <summary>How many items a page holds.</summary>
    /// <param name="items">What they are.</param>
    public static QueryParameter Limit(string items) => Size(LimitName, $"How many {items} a page holds");

    /// <summary>How many items a page holds, by another name.</summary>
    public static QueryParameter Size(string name, string meaning) => new(name, meaning) { IsPageSize = true };

    /// <summary>How many items the caller wants on a page. The parameter was checked before.</summary>
    public static int LimitOf(HttpRequest request, string name = LimitName) =>
        int.TryParse(request.Query[name], CultureInfo.InvariantCulture, out var asked)
            ? asked
            : Math.Min(DefaultLimit, Limits.Of(request).PageRows);
}
