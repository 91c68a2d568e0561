namespace Registry.Domain.Statistics;

/// <summary>
/// Survival and cumulative incidence at chosen days, from how many cases ended on each day. The estimates are those of
/// <see cref="KaplanMeier"/> and <see cref="CumulativeIncidence"/>; days on which only censorings fall need no row, since
/// nothing steps on them.
/// </summary>
public static class SurvivalTable
{
    /// <summary>A row for day 0, for every day with an event of interest, and for the days that are wanted; none without cases.</summary>
    /// <param name="ends">How many cases ended on each day, in any order; counts of the same day are added.</param>
    /// <param name="ofInterest">Days after time zero that have a row as long as anybody is at risk.</param>
    /// <param name="asked">Days after time zero that have a row in any case. After the last day of follow-up the estimates stay what they
    /// were on it.</param>
    /// <returns>The rows, ascending by day.</returns>
    public static IReadOnlyList<SurvivalRow> Of(IReadOnlyCollection<EndsOnDay> ends, IEnumerable<int> ofInterest, IEnumerable<int> asked)
    {
        ArgumentNullException.ThrowIfNull(ends);

        var all = EndsOnDay.InOrder(ends).Where(day => day.All > 0).ToList();
        if (all.Count == 0)
        {
            return [];
        }

        var last = all[^1].Day;
        var days = new SortedSet<int>(
            [0, .. all.Where(day => day.Events > 0).Select(day => day.Day), .. ofInterest.Where(day => day <= last), .. asked]);
        var steps = all.Concat(days.Where(day => day <= last).Select(day => new EndsOnDay(day, 0, 0, 0))).ToList();
        var survival = KaplanMeier.FromCounts(steps).Steps.ToDictionary(step => step.Day);
        var incidence = CumulativeIncidence.FromCounts(steps).Steps.ToDictionary(step => step.Day);
        var rows = new List<SurvivalRow>(days.Count);
        var atRisk = all.Sum(day => day.All);
        var next = 0;
        foreach (var day in days)
        {
            // What fell between the row before and this day, then what fell on it.
            var since = default(EndsOnDay);
            while (next < all.Count && all[next].Day < day)
            {
                since = Sum(since, all[next++]);
            }

            var before = atRisk - since.All;
            if (next < all.Count && all[next].Day == day)
            {
                since = Sum(since, all[next++]);
            }

            atRisk -= since.All;
            rows.Add(new SurvivalRow(
                day, before, since.Events, since.Competing, since.Competing + since.Censored, survival[Math.Min(day, last)],
                incidence[Math.Min(day, last)]));
        }

        return rows;
    }

    private static EndsOnDay Sum(EndsOnDay a, EndsOnDay b) =>
        new(0, a.Events + b.Events, a.Competing + b.Competing, a.Censored + b.Censored);
}

/// <summary>One row of a <see cref="SurvivalTable"/>.</summary>
/// <param name="Day">Whole days after time zero: 0 or more.</param>
/// <param name="AtRisk">Cases still followed and free of either event just before this day.</param>
/// <param name="Events">Cases with the event of interest since the row before, this day included: they all fell on this day.</param>
/// <param name="CompetingEvents">Cases with the competing event since the row before, this day included.</param>
/// <param name="Censored">Cases that left the Kaplan-Meier curve without the event since the row before, this day included, the competing
/// ones among them.</param>
/// <param name="Survival">The Kaplan-Meier estimate after this day.</param>
/// <param name="Incidence">The Aalen-Johansen estimate after this day.</param>
public sealed record SurvivalRow(
    int Day, int AtRisk, int Events, int CompetingEvents, int Censored, KaplanMeierStep Survival, CumulativeIncidenceStep Incidence);
