namespace Registry.Domain.Statistics;

/// <summary>
/// Kaplan-Meier estimate of survival: the probability of being still free of an event, such as explant, over time. A competing
/// event must not be passed as censoring where its probability matters: see <see cref="CumulativeIncidence"/>.
/// </summary>
/// <remarks>
/// Sources: Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457-481; Greenwood M. The natural duration of cancer. HMSO 1926;
/// log-log interval: Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data 1980. The same as R's
/// <c>survfit(Surv(day, event) ~ 1, conf.type = "log-log")</c>.
/// </remarks>
public sealed record KaplanMeier
{
    private KaplanMeier(IReadOnlyList<KaplanMeierStep> steps) => Steps = steps;

    /// <summary>
    /// One step a distinct day, ascending; survival is 1 before the first and constant between steps. Empty without observations.
    /// After the last step survival is unknown, unless it is 0.
    /// </summary>
    public IReadOnlyList<KaplanMeierStep> Steps { get; }

    /// <summary>
    /// Estimates the curve from counts of cases. On one day events come before censorings; a competing event is taken as a censoring.
    /// </summary>
    /// <param name="ends">How many cases ended on each day, in any order; counts of the same day are added.</param>
    /// <returns>
    /// The curve, without steps when there are no cases. A day on which nobody ended has a step too, as long as anybody is at risk.
    /// </returns>
    public static KaplanMeier FromCounts(IEnumerable<EndsOnDay> ends)
    {
        ArgumentNullException.ThrowIfNull(ends);

        var days = EndsOnDay.InOrder(ends).ToList();
        var steps = new List<KaplanMeierStep>();
        var atRisk = days.Sum(day => day.All);
        var survival = 1.0;
        var greenwood = 0.0;
        foreach (var day in days.TakeWhile(_ => atRisk > 0))
        {
            survival *= (double)(atRisk - day.Events) / atRisk;
            if (survival > 0)
                greenwood += day.Events / ((double)atRisk * (atRisk - day.Events));

            var error = survival * Math.Sqrt(greenwood);
            steps.Add(new KaplanMeierStep(
                day.Day,
                atRisk,
                day.Events,
                day.All - day.Events,
                survival,
                survival > 0 ? error : null,
                LogLogInterval.Around(survival, error)));
            atRisk -= day.All;
        }

        return new KaplanMeier(steps);
    }
}
