namespace Registry.Domain.Statistics;

/// <summary>
/// 95 % interval of a probability that is symmetric on the scale ln(−ln p) and so never leaves 0 to 1.
/// Source: Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data 1980; R's <c>conf.type = "log-log"</c>.
/// </summary>
internal static class LogLogInterval
{
    /// <summary>The interval p^exp(±z·SE / (p·ln p)); null for p = 0 and p = 1, where the scale is infinite.</summary>
    /// <param name="p">Probability, 0 to 1 inclusive.</param>
    /// <param name="standardError">Its standard error on the scale of p: 0 or more.</param>
    public static Interval? Around(double p, double standardError)
    {
        if (p is <= 0 or >= 1)
            return null;

        var spread = CriticalValue.Normal95 * standardError / (p * -Math.Log(p));
        return new Interval(Math.Pow(p, Math.Exp(spread)), Math.Pow(p, Math.Exp(-spread)));
    }
}
