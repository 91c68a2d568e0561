using System.Globalization;
using Registry.Api.Http;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>How the rows of a summary can be grouped, besides by procedure.</summary>
internal enum GroupBy
{
    /// <summary>The site.</summary>
    Site,

    /// <summary>The recorded sex.</summary>
    Sex,

    /// <summary>What the patient is treated for.</summary>
    Indication,

    /// <summary>The calendar year of time zero.</summary>
    Year,
}

/// <summary>
/// A summary told apart by groups: the same rows, from the same views, once for each group that occurs among the cases asked for, each
/// narrowed to the group as a filter narrows it. A figure of a group is that of the filter that names it.
/// </summary>
internal static class Grouping
{
    /// <summary>How the rows are grouped.</summary>
    public static readonly QueryParameter By = QueryParameter.Coded<GroupBy>(
        "groupBy",
        "Groups the rows by site, sex, indication or calendar year of time zero; 'group' names the group. One row for every group that "
            + "occurs; a case without a time zero is in no year. Left out: no grouping.") with
    { IsRepeatable = false };

    /// <summary>The rows of a summary, of each group or of all together.</summary>
    /// <param name="query">The question.</param>
    /// <param name="items">The rows of a question without groups.</param>
    /// <param name="label">A row with the name of its group.</param>
    public static async Task<IReadOnlyList<TItem>> Each<TItem>(
        SummaryQuery query, Func<SummaryQuery, Task<IReadOnlyList<TItem>>> items, Func<TItem, string, TItem> label)
    {
        if (Code.Parse<GroupBy>(query.Single(By, string.Empty)) is not { } by)
        {
            return await items(query);
        }

        var groups = await Groups(query, by);
        var rows = await query.Each(groups, (one, group) => items(one.Within(Conditions(by, group.Group))));
        return [.. groups.Zip(rows, (group, items) => items.Select(item => label(item, group.Name))).SelectMany(items => items)];
    }

    // The groups that occur, each with its name, by which they are in order.
    private static async Task<IReadOnlyList<(string Group, string Name)>> Groups(SummaryQuery query, GroupBy by)
    {
        if (by == GroupBy.Year)
        {
            var days = await query.Cohort<DayNumber>("SELECT DISTINCT c.time_zero_day FROM cohort c WHERE c.time_zero_day IS NOT NULL");
            return [.. from year in days.Select(day => day.ToDate().Year).Distinct().Order()
                       let text = year.ToString(CultureInfo.InvariantCulture)
                       select (text, text)];
        }

        var column = Column(by);
        var groups = await query.Cohort<string>($"SELECT DISTINCT c.{column} FROM cohort c");
        return [.. groups.Select(group => (Group: group, Name: by == GroupBy.Site ? query.Sites.Of(group) : group))
            .OrderBy(group => group.Name, StringComparer.Ordinal)];
    }

    private static IReadOnlyList<(string Name, string Sql, object Value)> Conditions(GroupBy by, string group)
    {
        if (by != GroupBy.Year)
        {
            // In the place of the filter of the same name: a group lies within what was asked for.
            return [(Code.Of(by), $"c.{Column(by)} IN @{Code.Of(by)}", new[] { group })];
        }

        var year = int.Parse(group, CultureInfo.InvariantCulture);
        return
        [
            ("yearFrom", "c.time_zero_day >= @yearFrom", DayNumber.Of(new DateOnly(year, 1, 1))),
            ("yearTo", "c.time_zero_day <= @yearTo", DayNumber.Of(new DateOnly(year, 12, 31))),
        ];
    }

    private static string Column(GroupBy by) => by == GroupBy.Site ? "site_code" : Code.Of(by);
}
