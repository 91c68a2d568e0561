using System.Globalization;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Costs;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>The row of a case in a cohort: every column but its pseudonym, as its name and its value.</summary>
internal static class CohortOracle
{
    private static readonly Dictionary<Timepoint, string> Endings = new()
    {
        [Timepoint.Baseline] = "Baseline",
        [Timepoint.PostOp] = "PostOp",
        [Timepoint.Month1] = "1m",
        [Timepoint.Month3] = "3m",
        [Timepoint.Month6] = "6m",
        [Timepoint.Month12] = "12m",
        [Timepoint.Month24] = "24m",
    };

    public static IReadOnlyList<string> Row(CaseOnADay one) =>
        [.. OfCase(one).Concat(OfVisits(one))
            .Concat(Costs(one))
            .Select(cell => $"{cell.Name} {Convert.ToString(cell.Value, CultureInfo.InvariantCulture)}")];

    private static IEnumerable<(string Name, object? Value)> OfCase(CaseOnADay one)
    {
        int? After(DateOnly? day) => day?.DayNumber - one.TimeZero?.DayNumber;
        var explants = one.Of(EventType.Explanted).ToList();
        var firstExplant = explants.Min(explant => (DateOnly?)explant.OccurredOn);
        var reimplants = one.Of(EventType.Implanted)
            .OrderBy(implant => implant.OccurredOn)
            .Skip(1)
            .Where(implant => implant.OccurredOn >= firstExplant)
            .ToList();
        return
        [
            ("site", one.Recorded.Site),
            ("procedure", Code.Of(one.Record.Procedure)),
            ("indication", Code.Of(one.Record.Indication)),
            ("sex", Code.Of(one.Record.Patient.Sex)),
            ("age", one.Age),
            ("painSide", Code.Of(one.Record.PainSide)),
            ("dermatomes", one.Record.PainLevels is { } levels ? string.Join(' ', levels) : null),
            ("painDurationMonths", one.Record.PainDurationMonths),
            ("primary", Flag(one.Record.PrecedingCase is null)),
            ("entered", Flag(one.HasEntered)),
            ("treated", Flag(one.IsTreated)),
            ("year", one.TimeZero?.Year),
            ("lead", Code.Of(one.Lead)),
            ("trialStartedDays", After(one.TrialStart)),
            ("trialEndedDays", After(one.TrialEnd?.OccurredOn)),
            ("trialOutcome", Code.Of(one.TrialEnd?.Outcome)),
            ("implantStanding", Implant(one)),
            ("generator", Code.Of(one.Generator)),
            ("generatorReplacedDays", After(one.GeneratorReplaced)),
            ("explantedDays", After(firstExplant)),
            ("reimplantedDays", After(reimplants.Count == 0 ? null : reimplants[^1].OccurredOn)),
            ("permanentExplantDays", After(one.PermanentExplant)),
            ("explantReason", Code.Of(one.ReasonOfPermanentExplant)),
            ("crossoverDays", After(one.Crossover)),
            ("diedDays", After(one.Death)),
            ("withdrawnDays", After(one.Withdrawal)),
            ("lostDays", After(one.Loss)),
            ("endDays", After(one.End?.On)),
            ("endReason", one.End?.Reason),
            ("therapyEnd", TherapyEnd(one)),
            ("therapyDays", one.IsTreated && one.End is { } end ? Math.Max(0, After(end.On)!.Value) : null),
            ("asOfDays", After(one.CutOff)),
            ("nrsBaseline", one.HasEntered ? one.Baseline(Instrument.Nrs) : null),
            ("pdiBaseline", one.HasEntered ? one.Baseline(Instrument.Pdi) : null),
        ];
    }

    private static IEnumerable<(string Name, object? Value)> OfVisits(CaseOnADay one)
    {
        var visits =
            VisitOracle.Of(one).Where(visit => visit.IsDue || visit.State == VisitState.Done).ToDictionary(visit => visit.Timepoint);
        foreach (var (timepoint, _, first, last) in CaseOnADay.FollowUps)
        {
            var ending = Endings[timepoint];
            var visit = visits.GetValueOrDefault(timepoint);
            int? day = visit?.State == VisitState.Done
                ? one.Assessment(timepoint)!.AssessedOn!.Value.DayNumber - one.TimeZero!.Value.DayNumber
                : null;
            yield return ("nrs" + ending, one.Credited(timepoint, Instrument.Nrs)?.Points);
            yield return ("pdi" + ending, one.Credited(timepoint, Instrument.Pdi)?.Points);
            yield return ("days" + ending, day);
            yield return ("state" + ending, Code.Of(visit?.State));
            yield return ("reason" + ending, visit?.Reason);
            yield return ("window" + ending, day is null ? null : day < first ? "early" : day > last ? "late" : "in");
        }
    }

    // In euros at the prices of 2023.
    private static IEnumerable<(string Name, object? Value)> Costs(CaseOnADay one)
    {
        var costs = one.Costs.Where(cost => cost is { Currency: "EUR", PriceYear: 2023 }).ToList();
        foreach (var category in Enum.GetValues<CostCategory>())
        {
            var name = "cost" + string.Concat(Code.Of(category).Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
            yield return (name, Sum(costs.Where(cost => cost.Category == category)));
        }

        yield return ("costTotal", Sum(costs));
    }

    private static object? Sum(IEnumerable<CostItem> costs)
    {
        var amounts = costs.Select(cost => cost.Amount).ToList();
        return amounts.Count == 0 ? null : amounts.Sum() / 1.0000000000000000000000000000m;
    }

    private static string? Implant(CaseOnADay one)
    {
        if (one.TrialEnd is not { Outcome: TrialOutcome.Succeeded } success)
        {
            return null;
        }

        var hasLeft = one.Death is not null || one.Withdrawal is not null || one.Loss is not null || one.Crossover is not null;
        return one.IsTreated ? "implanted"
            : hasLeft ? "left"
            : one.CutOff.DayNumber - success.OccurredOn.DayNumber < CaseOnADay.DaysOfTrial
            ? "awaiting"
            : "declined";
    }

    private static string? TherapyEnd(CaseOnADay one) =>
        !one.IsTreated || one.End is not { } end ? null
            : one.PermanentExplant <= end.On ? "explanted"
            : one.Death <= end.On
            ? "died"
            : "censored";

    private static string Flag(bool holds) => holds ? "true" : "false";
}
