using System.Globalization;
using Registry.Api.Summaries;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Costs;
using Registry.Domain.Responses;
using Registry.Domain.Statistics;
using Registry.Tests.Support;
using Code = Registry.Domain.Recording.Code;

namespace Registry.Tests.Summaries.Oracle;

/// <summary>
/// The summaries as the agreement defines them, in plain loops over the records. Slow, and meant to be right at sight.
/// It shares with the program the names of things and the tested statistics (Wilson interval, t quantile, power), and
/// nothing of the way to a figure.
/// </summary>
internal sealed class RegistryOracle(IReadOnlyList<RecordedCase> cases)
{
    private static readonly Timepoint[] FollowUps = [Timepoint.PostOp, Timepoint.Month1, Timepoint.Month3, Timepoint.Month6, Timepoint.Month12, Timepoint.Month24];

    private readonly ILookup<(string Site, string Code), RecordedCase> _followers =
        cases.Where(one => one.Record.PrecedingCase is not null).ToLookup(one => (one.Site, one.Record.PrecedingCase!));

    public IEnumerable<ExpectedRow> ResponseRates(Question question)
    {
        var cohort = Cohort(question);
        foreach (var (group, procedures) in question.Groups())
        {
            var members = cohort.Where(one => procedures.Contains(one.Record.Procedure)).ToList();
            foreach (var timepoint in AskedOr(question.Timepoints, FollowUps))
            {
                foreach (var instrument in AskedOr(question.Instruments, Enum.GetValues<Instrument>()))
                {
                    foreach (var threshold in AskedOr(question.Thresholds, [30]))
                    {
                        foreach (var set in AskedOr(question.Sets, Enum.GetValues<AnalysisSet>()))
                        {
                            yield return ResponseRate(members, group, timepoint, instrument, threshold, set, question.DueBy);
                        }
                    }
                }
            }
        }
    }

    public IEnumerable<ExpectedRow> Scores(Question question)
    {
        var cohort = Cohort(question);
        foreach (var (group, procedures) in question.Groups())
        {
            var members = cohort.Where(one => procedures.Contains(one.Record.Procedure)).ToList();
            foreach (var timepoint in AskedOr(question.Timepoints, [Timepoint.Baseline, .. FollowUps]))
            {
                foreach (var instrument in AskedOr(question.Instruments, Enum.GetValues<Instrument>()))
                {
                    foreach (var set in AskedOr(question.Sets, Enum.GetValues<AnalysisSet>()))
                    {
                        yield return ScoreRow(members, group, timepoint, instrument, set);
                    }
                }
            }
        }
    }

    public IEnumerable<ExpectedRow> Costs(Question question)
    {
        var cohort = Cohort(question);
        foreach (var (group, procedures) in question.Groups())
        {
            var members = cohort.Where(one => procedures.Contains(one.Record.Procedure)).ToList();
            foreach (var basis in question.Basis is { } asked ? [asked] : Enum.GetValues<CostBasis>())
            {
                foreach (var row in CostRows(members, group, basis, question.LastDataDay))
                {
                    yield return row;
                }
            }
        }
    }

    public IEnumerable<ExpectedRow> Stays(Question question)
    {
        var cohort = Cohort(question);
        foreach (var (group, procedures) in question.Groups())
        {
            var days = new List<int>();
            var withStay = 0L;
            foreach (var member in cohort.Where(one => procedures.Contains(one.Record.Procedure)))
            {
                var stays = member.Recorded.Stays.Where(stay => stay.DischargedOn <= question.LastDataDay).ToList();
                days.AddRange(stays.Select(stay => stay.DischargedOn.DayNumber - stay.AdmittedOn.DayNumber));
                withStay += stays.Count > 0 ? 1 : 0;
            }

            yield return new ExpectedRow(
                [("procedure", group)],
                [
                    ("n", (long)days.Count),
                    ("cases", withStay),
                    ("meanDays", Naive.Mean(days)),
                    ("sdDays", Naive.Sd(days)),
                    ("medianDays", Naive.Quartile(days, 2)),
                    ("q1Days", Naive.Quartile(days, 1)),
                    ("q3Days", Naive.Quartile(days, 3)),
                ]);
        }
    }

    public IEnumerable<ExpectedRow> Trials(Question question)
    {
        var cohort = Cohort(question);
        foreach (var (group, procedures) in question.Groups())
        {
            var members = cohort.Where(one => procedures.Contains(one.Record.Procedure)).ToList();
            var started = members.LongCount(one => one.TrialStart is not null);
            var ended = members.LongCount(one => one.Of(EventType.TrialEnded).Any());
            var succeeded = members.LongCount(one => one.Of(EventType.TrialEnded).Any(end => end.Outcome == TrialOutcome.Succeeded));
            var implanted = members.LongCount(one => one.FirstImplant is not null);
            var explanted = members.LongCount(one => one.FirstImplant is not null && one.Of(EventType.Explanted).Any());
            var implantedAfterTrial = members.LongCount(one => one.FirstImplant is not null && one.TrialStart is not null);
            yield return new ExpectedRow(
                [("procedure", group)],
                [
                    ("started", started),
                    ("ended", ended),
                    ("succeeded", succeeded),
                    ("implanted", implanted),
                    ("explanted", explanted),
                    .. Rate("trialSuccess.", "x", succeeded, "n", ended),
                    .. Rate("trialToImplant.", "x", implantedAfterTrial, "n", started),
                    .. Rate("explantRate.", "x", explanted, "n", implanted),
                ]);
        }
    }

    private static ExpectedRow ResponseRate(
        List<CaseOnADay> members, string group, Timepoint timepoint, Instrument instrument, int threshold, AnalysisSet set, DateOnly dueBy)
    {
        long responders = 0, denominator = 0, fellTwoPoints = 0, worse = 0, missing = 0, notEvaluable = 0, notDue = 0, diedBefore = 0;
        foreach (var member in members)
        {
            if (set == AnalysisSet.IntentionToTreat ? !member.HasEntered : !member.IsTreated)
            {
                continue;
            }

            var isDue = member.IsDue(timepoint, dueBy);
            var isEvaluable = member.IsEvaluable(instrument);
            var score = set == AnalysisSet.Observed ? member.CreditedInPlace(timepoint, instrument) : member.Credited(timepoint, instrument);
            if (isDue && isEvaluable && member.Death < member.Target(timepoint) && member.Credited(timepoint, instrument) is null)
            {
                diedBefore++;
            }

            if (set == AnalysisSet.Observed ? !isDue && score is null : !isDue)
            {
                notDue++;
                continue;
            }

            if (!isEvaluable)
            {
                notEvaluable++;
                continue;
            }

            if (score is null)
            {
                missing++;
                if (set == AnalysisSet.Observed)
                {
                    continue;
                }
            }

            denominator++;
            if (score is null)
            {
                continue;
            }

            var baseline = member.Baseline(instrument)!.Value;
            var fall = baseline - score.Points;
            worse += fall < 0 ? 1 : 0;
            if (member.IsTreated)
            {
                responders += 100 * fall >= threshold * baseline ? 1 : 0;
                fellTwoPoints += fall >= 2 ? 1 : 0;
            }
        }

        return new ExpectedRow(
            [("procedure", group), ("timepoint", Code.Of(timepoint)), ("instrument", Code.Of(instrument)), ("threshold", threshold.ToString(CultureInfo.InvariantCulture)), ("set", Code.Of(set))],
            [
                .. Rate(string.Empty, "responders", responders, "denominator", denominator),
                ("fellTwoPoints", instrument == Instrument.Nrs ? fellTwoPoints : null),
                ("worse", worse),
                ("missing", missing),
                ("notEvaluable", notEvaluable),
                ("notDue", notDue),
                ("diedBefore", diedBefore),
                .. Rate("responseRateExcludingDeaths.", "responders", responders, "denominator", set == AnalysisSet.Observed ? denominator : denominator - diedBefore),
            ]);
    }

    private static ExpectedRow ScoreRow(List<CaseOnADay> members, string group, Timepoint timepoint, Instrument instrument, AnalysisSet set)
    {
        var points = new List<int>();
        var baselines = new List<int>();
        var changes = new List<int>();
        var worse = 0L;
        foreach (var member in members)
        {
            if (set == AnalysisSet.IntentionToTreat ? !member.HasEntered : !member.IsTreated)
            {
                continue;
            }

            var score = set == AnalysisSet.Observed ? member.CreditedInPlace(timepoint, instrument) : member.Credited(timepoint, instrument);
            if (score is null)
            {
                continue;
            }

            points.Add(score.Points);
            if (member.Baseline(instrument) is { } baseline)
            {
                baselines.Add(baseline);
                changes.Add(baseline - score.Points);
                worse += score.Points > baseline ? 1 : 0;
            }
        }

        var figures = new List<(string, object?)>
        {
            ("n", (long)points.Count),
            ("mean", Naive.Mean(points)),
            ("sd", Naive.Sd(points)),
            ("median", Naive.Quartile(points, 2)),
            ("q1", Naive.Quartile(points, 1)),
            ("q3", Naive.Quartile(points, 3)),
            ("min", points.Count == 0 ? null : (long)points.Min()),
            ("max", points.Count == 0 ? null : (long)points.Max()),
        };
        if (timepoint == Timepoint.Baseline)
        {
            figures.AddRange([("paired", null), ("worse", null)]);
        }
        else
        {
            figures.AddRange([("worse", worse), .. Paired(baselines, changes)]);
        }

        return new ExpectedRow(
            [("procedure", group), ("timepoint", Code.Of(timepoint)), ("instrument", Code.Of(instrument)), ("set", Code.Of(set))],
            figures);
    }

    private static IEnumerable<(string Name, object? Value)> Paired(List<int> baselines, List<int> changes)
    {
        var mean = Naive.Mean(changes);
        var sd = Naive.Sd(changes);
        var halfWidth = sd is { } spread ? CriticalValue.StudentT(0.05, changes.Count - 1) * spread / Math.Sqrt(changes.Count) : (double?)null;
        var dz = sd > 0 ? mean / sd : null;
        return
        [
            ("paired.n", (long)changes.Count),
            ("paired.baselineMean", Naive.Mean(baselines)),
            ("paired.baselineSd", Naive.Sd(baselines)),
            ("paired.changeMean", mean),
            ("paired.changeSd", sd),
            ("paired.ciLow", mean - halfWidth),
            ("paired.ciHigh", mean + halfWidth),
            ("paired.dz", dz),
            ("paired.power", dz is { } effect ? Power.ForPairedT(effect, changes.Count) : null),
        ];
    }

    private static IEnumerable<ExpectedRow> CostRows(List<CaseOnADay> members, string group, CostBasis basis, DateOnly lastDataDay)
    {
        var items = new List<(CaseOnADay Case, CostItem Cost)>();
        var withoutCost = 0L;
        foreach (var member in members)
        {
            var counted = member.Recorded.Costs.Where(cost => Counts(cost, basis, lastDataDay)).ToList();
            items.AddRange(counted.Select(cost => (member, cost)));
            withoutCost += counted.Count == 0 ? 1 : 0;
        }

        if (items.Count == 0)
        {
            yield return CostRow(group, basis, null, null, [], withoutCost);
        }

        foreach (var pair in items.GroupBy(item => (item.Cost.Currency, item.Cost.PriceYear)))
        {
            yield return CostRow(group, basis, pair.Key.Currency, pair.Key.PriceYear, [.. pair], withoutCost);
        }
    }

    private static ExpectedRow CostRow(
        string group, CostBasis basis, string? currency, int? priceYear, List<(CaseOnADay Case, CostItem Cost)> items, long withoutCost)
    {
        var perCase = PerCase(items);
        var figures = new List<(string, object?)>
        {
            ("n", (long)perCase.Count),
            ("mean", Naive.RoundedMean(perCase)),
            ("sd", Naive.Sd(perCase) is { } sd ? new RoundedAmount(sd) : null),
            ("median", Naive.Quartile(perCase, 2)),
            ("q1", Naive.Quartile(perCase, 1)),
            ("q3", Naive.Quartile(perCase, 3)),
            ("total", perCase.Sum()),
            ("casesWithoutCost", withoutCost),
            ("byCategory.count", (long)items.Select(item => item.Cost.Category).Distinct().Count()),
        };
        foreach (var category in items.GroupBy(item => item.Cost.Category))
        {
            var ofCategory = PerCase([.. category]);
            var name = $"byCategory.{Code.Of(category.Key)}.";
            figures.AddRange([(name + "n", (long)ofCategory.Count), (name + "mean", Naive.RoundedMean(ofCategory)), (name + "total", ofCategory.Sum())]);
        }

        return new ExpectedRow(
            [("procedure", group), ("basis", Code.Of(basis)), ("currency", currency), ("priceYear", priceYear?.ToString(CultureInfo.InvariantCulture))],
            figures);
    }

    private static List<decimal> PerCase(List<(CaseOnADay Case, CostItem Cost)> items) =>
        [.. items.GroupBy(item => item.Case).Select(ofCase => ofCase.Sum(item => item.Cost.Amount))];

    private static bool Counts(CostItem cost, CostBasis basis, DateOnly lastDataDay) =>
        (cost.IncurredOn is null || cost.IncurredOn <= lastDataDay)
        && (basis == CostBasis.All || cost.Category is CostCategory.Operation or CostCategory.Device or CostCategory.Anaesthesia);

    private static IEnumerable<(string Name, object? Value)> Rate(string prefix, string numeratorName, long numerator, string denominatorName, long denominator)
    {
        var wilson = new Proportion(numerator, denominator).Wilson95;
        return
        [
            (prefix + numeratorName, numerator),
            (prefix + denominatorName, denominator),
            (prefix + "rate", denominator == 0 ? null : (double)numerator / denominator),
            (prefix + "ciLow", wilson?.Low),
            (prefix + "ciHigh", wilson?.High),
        ];
    }

    private static IEnumerable<T> AskedOr<T>(IReadOnlyList<T> asked, IReadOnlyList<T> every) => asked.Count == 0 ? every : asked.Distinct();

    /// <summary>The cases that the filters let through, as they stand on the cut-off day.</summary>
    private List<CaseOnADay> Cohort(Question question)
    {
        var cohort = new List<CaseOnADay>();
        foreach (var recorded in cases)
        {
            var member = new CaseOnADay(recorded, _followers[(recorded.Site, recorded.Code)], question.LastDataDay);
            var record = recorded.Record;
            if ((question.Procedures.Count == 0 || question.Procedures.Contains(record.Procedure))
                && (question.Sites.Count == 0 || question.Sites.Contains(recorded.Site, StringComparer.Ordinal))
                && (question.Indications.Count == 0 || question.Indications.Contains(record.Indication))
                && (question.Sexes.Count == 0 || question.Sexes.Contains(record.Patient.Sex))
                && (question.PainSides.Count == 0 || (record.PainSide is { } side && question.PainSides.Contains(side)))
                && (question.AgeMin is null || member.Age >= question.AgeMin)
                && (question.AgeMax is null || member.Age <= question.AgeMax)
                && (question.PainDurationMin is null || record.PainDurationMonths >= question.PainDurationMin)
                && (question.PainDurationMax is null || record.PainDurationMonths <= question.PainDurationMax)
                && (question.From is null || member.TimeZero >= question.From)
                && (question.To is null || member.TimeZero <= question.To)
                && (question.Primary != true || record.PrecedingCase is null))
            {
                cohort.Add(member);
            }
        }

        return cohort;
    }
}
