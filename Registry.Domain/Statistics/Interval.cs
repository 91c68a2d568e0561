namespace Registry.Domain.Statistics;

/// <summary>A confidence interval, both ends included, in the unit of the estimate it belongs to.</summary>
/// <param name="Low">Lower confidence limit: finite, at most <paramref name="High"/>.</param>
/// <param name="High">Upper confidence limit: finite.</param>
/// <remarks>An interval that cannot be computed is null, never a pair of zeros or NaN.</remarks>
public readonly record struct Interval(double Low, double High);
