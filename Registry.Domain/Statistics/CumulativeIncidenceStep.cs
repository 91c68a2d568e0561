namespace Registry.Domain.Statistics;

/// <summary>One day of a cumulative incidence curve on which an event or a censoring fell.</summary>
/// <param name="Day">Whole days after time zero: 0 or more.</param>
/// <param name="AtRisk">Cases still followed and free of either event just before this day, those that end on it included.</param>
/// <param name="Events">Cases with the event of interest on this day.</param>
/// <param name="CompetingEvents">Cases with the competing event on this day.</param>
/// <param name="Censored">Cases censored on this day, after its events.</param>
/// <param name="Incidence">Probability that the event of interest came first, on or before this day: 0 to 1 inclusive.</param>
/// <param name="StandardError">Standard error of <paramref name="Incidence"/>: 0 or more.</param>
/// <param name="Interval95">Log-log 95 % interval of <paramref name="Incidence"/>; null while it is 0 and once it is 1.</param>
public sealed record CumulativeIncidenceStep(
    int Day, int AtRisk, int Events, int CompetingEvents, int Censored, double Incidence, double StandardError, Interval? Interval95);
