using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Counting;

/// <summary>What is told from the tally, held against what the views tell of every case.</summary>
internal static class Tally
{
    private static readonly (string View, int[] Thresholds, string[] Conditions, string[] Single)[] Views =
    [
        ("response_rate", [30, 50], ["procedure_code IN @procedure"], ["timepoint", "instrument"]),
        ("score_summary", [], ["procedure_code IN @procedure"], ["timepoint", "instrument"]),
        ("completeness", [], ["procedure_code IN @procedure", "site_code <> @site"], ["timepoint"]),
    ];

    /// <summary>Whether both are the same on a day: of all cases and of some, of all visits and of one.</summary>
    public static async Task AssertHolds(IDatabase database, DateOnly day, string when)
    {
        var parameters = new { asOfDay = day.DayNumber, lastDataDay = day.DayNumber + 1, procedure = (string[])["scs", "drez"], site = "twice", timepoint = "12m", instrument = "nrs" };
        foreach (var (view, thresholds, some, one) in Views)
        {
            foreach (var conditions in new[] { [], some })
            {
                foreach (var single in new[] { [], one })
                {
                    var every = await database.Rows(ScopedQuery.Over(database.Engine, view).Text(conditions, thresholds, null, single), parameters);
                    var counted = await database.Rows(ScopedQuery.Over(database.Engine, view, Reach.CountedCases).Text(conditions, thresholds, null, single), parameters);
                    Assert.That(counted, Is.EqualTo(every), $"{view} {when}");
                }
            }
        }
    }
}
