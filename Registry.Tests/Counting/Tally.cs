using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Counting;

/// <summary>What is told from the tally, held against what the views tell of every case.</summary>
internal static class Tally
{
    private static readonly (string View, int[] Thresholds)[] Views = [("response_rate", [30, 50]), ("score_summary", [])];

    /// <summary>Whether both are the same on a day: of all cases and of two procedures, of all visits and of one.</summary>
    public static async Task AssertHolds(IDatabase database, DateOnly day, string when)
    {
        var parameters = new { asOfDay = day.DayNumber, lastDataDay = day.DayNumber + 1, procedure = (string[])["scs", "drez"], timepoint = "12m", instrument = "nrs" };
        foreach (var (view, thresholds) in Views)
        {
            foreach (var conditions in new string[][] { [], ["procedure_code IN @procedure"] })
            {
                foreach (var single in new string[][] { [], ["timepoint", "instrument"] })
                {
                    var every = await database.Rows(ScopedQuery.Over(database.Engine, view).Text(conditions, thresholds, null, single), parameters);
                    var counted = await database.Rows(ScopedQuery.Over(database.Engine, view, Reach.CountedCases).Text(conditions, thresholds, null, single), parameters);
                    Assert.That(counted, Is.EqualTo(every), $"{view} {when}");
                }
            }
        }
    }
}
