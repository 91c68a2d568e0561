namespace Registry.Domain.Statistics;

/// <summary>
/// Aalen-Johansen estimate of the cumulative incidence of an event in the presence of a competing one, such as explant with death
/// competing. Unlike 1 − Kaplan-Meier it does not count the competing event as censoring.
/// </summary>
/// <remarks>
/// Source: Aalen OO, Johansen S. Scand J Stat 1978;5:141-150. Variance: the Greenwood-type (multinomial) estimator of Andersen PK,
/// Borgan Ø, Gill RD, Keiding N. Statistical Models Based on Counting Processes 1993, IV.4.1.3, recommended by Allignol A,
/// Schumacher M, Beyersmann J. Biom J 2010;52:126-137. With one observation a case it equals the infinitesimal jackknife of R's
/// <c>survfit(Surv(day, factor(end)) ~ 1, conf.type = "log-log")</c>.
/// </remarks>
public sealed record CumulativeIncidence
{
    private CumulativeIncidence(IReadOnlyList<CumulativeIncidenceStep> steps) => Steps = steps;

    /// <summary>
    /// One step a distinct day, ascending; incidence is 0 before the first and constant between steps. Empty without observations.
    /// After the last step incidence is unknown, unless nobody was left at risk by an event.
    /// </summary>
    public IReadOnlyList<CumulativeIncidenceStep> Steps { get; }

    /// <summary>Estimates the curve from counts of cases. On one day events come before censorings.</summary>
    /// <param name="ends">How many cases ended on each day, in any order; counts of the same day are added.</param>
    /// <returns>
    /// The curve, without steps when there are no cases. A day on which nobody ended has a step too, as long as anybody is at risk.
    /// </returns>
    public static CumulativeIncidence FromCounts(IEnumerable<EndsOnDay> ends)
    {
        ArgumentNullException.ThrowIfNull(ends);

        var days = EndsOnDay.InOrder(ends).ToList();
        var steps = new List<CumulativeIncidenceStep>();
        var jumps = new List<Jump>();
        var atRisk = days.Sum(day => day.All);
        var eventFree = 1.0;
        var incidence = 0.0;
        var error = 0.0;
        foreach (var day in days.TakeWhile(_ => atRisk > 0))
        {
            if (day.Events + day.Competing > 0)
            {
                var before = eventFree;
                eventFree *= (double)(atRisk - day.Events - day.Competing) / atRisk;
                incidence = Math.Min(1, incidence + (before * day.Events / atRisk));
                jumps.Add(new Jump(atRisk, day.Events, day.Competing, before, eventFree, incidence));
                if (eventFree == 0 && jumps.TrueForAll(j => j.Competing == 0))
                    incidence = 1; // exactly, which the sum may miss by a rounding

                error = Math.Sqrt(Variance(jumps, incidence));
            }

            steps.Add(new CumulativeIncidenceStep(
                day.Day,
                atRisk,
                day.Events,
                day.Competing,
                day.Censored,
                incidence,
                error,
                LogLogInterval.Around(incidence, error)));
            atRisk -= day.All;
        }

        return new CumulativeIncidence(steps);
    }

    /// <summary>
    /// Sum over the event days of the multinomial variance of the day's two hazards, each weighted by what it moves the incidence
    /// at the end. All terms are 0 or more, so that nothing cancels; hence a sum afresh for each day and not a recursion.
    /// </summary>
    private static double Variance(List<Jump> jumps, double incidence)
    {
        var variance = 0.0;
        foreach (var j in jumps)
        {
            var hazard = (double)j.Events / j.AtRisk;
            var competingHazard = (double)j.Competing / j.AtRisk;

            // Of those still free of either event after the day, the share that the event of interest takes by the end.
            var later = j.EventFreeAfter > 0 ? Math.Clamp((incidence - j.Incidence) / j.EventFreeAfter, 0, 1) : 0;
            variance += j.EventFreeBefore * j.EventFreeBefore / j.AtRisk
                * (((1 - later) * (1 - later) * hazard * (1 - hazard))
                    + (later * later * competingHazard * (1 - competingHazard))
                    + (2 * later * (1 - later) * hazard * competingHazard));
        }

        return variance;
    }

    private readonly record struct Jump(
        int AtRisk, int Events, int Competing, double EventFreeBefore, double EventFreeAfter, double Incidence);
}
