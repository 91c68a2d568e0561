namespace Registry.Domain.Statistics;

/// <summary>One day of a Kaplan-Meier curve on which an event or a censoring fell.</summary>
/// <param name="Day">Whole days after time zero: 0 or more.</param>
/// <param name="AtRisk">Cases still followed and free of the event just before this day, those that end on it included.</param>
/// <param name="Events">Cases with the event on this day.</param>
/// <param name="Censored">Cases censored on this day, after its events.</param>
/// <param name="Survival">Probability of being free of the event after this day, 0 to 1 inclusive.</param>
/// <param name="StandardError">Greenwood's standard error of <paramref name="Survival"/>; null once survival is 0.</param>
/// <param name="Interval95">Log-log 95 % interval of <paramref name="Survival"/>; null while survival is 1 and once it is 0.</param>
public sealed record KaplanMeierStep(
    int Day, int AtRisk, int Events, int Censored, double Survival, double? StandardError, Interval? Interval95);
