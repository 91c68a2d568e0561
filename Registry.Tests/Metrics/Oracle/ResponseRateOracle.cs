using System.Globalization;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>Response rates, case by case.</summary>
internal static class ResponseRateOracle
{
    public static IEnumerable<ExpectedRow> Rows(Cohort cohort) =>
        from @group in cohort.Groups()
        from standing in Standings(cohort.Question)
        select new ExpectedRow([("procedure", @group.Name), .. standing.Key], Figures(@group.Members, standing));

    /// <summary>Every timepoint, instrument, threshold and set that is asked for.</summary>
    public static IEnumerable<Standing> Standings(Question question) =>
        from timepoint in Question.AskedOr(question.Timepoints, [.. CaseOnADay.FollowUps.Select(one => one.Timepoint)])
        from instrument in Question.AskedOr(question.Instruments, Enum.GetValues<Instrument>())
        from threshold in Question.AskedOr(question.Thresholds, [30])
        from analysisSet in Question.AskedOr(question.Sets, Enum.GetValues<AnalysisSet>())
        select new Standing(timepoint, instrument, threshold, analysisSet);

    /// <summary>Whether a case of the denominator responded; null for a case that is not in it.</summary>
    public static bool? Responded(CaseOnADay one, Standing standing)
    {
        var (timepoint, instrument, threshold, set) = standing;
        var score = one.Credited(timepoint, instrument);
        var counts = set == AnalysisSet.Observed ? score is not null : one.IsDue(timepoint);
        return one.BelongsTo(set) && one.IsEvaluable(instrument) && counts
            ? one.IsTreated && score is not null && one.Responds(score, instrument, threshold)
            : null;
    }

    /// <summary>Numerator, denominator and rate with its interval.</summary>
    public static IEnumerable<(string Name, object? Value)> Rate(IReadOnlyList<CaseOnADay> members, Standing standing)
    {
        var responses = members.Select(one => Responded(one, standing)).OfType<bool>().ToList();
        return Naive.Rate("responders", responses.Count(responded => responded), "denominator", responses.Count);
    }

    private static IEnumerable<(string Name, object? Value)> Figures(IReadOnlyList<CaseOnADay> all, Standing standing)
    {
        var (timepoint, instrument, threshold, set) = standing;
        long responders = 0, denominator = 0, fellTwoPoints = 0, worse = 0, missing = 0;
        long notEvaluable = 0, notDue = 0, diedBefore = 0, undetermined = 0;
        foreach (var one in all.Where(one => one.BelongsTo(set)))
        {
            var isDue = one.IsDue(timepoint);
            var score = one.Credited(timepoint, instrument);
            if (!isDue && (set != AnalysisSet.Observed || score is null))
            {
                notDue++;
                continue;
            }

            if (!one.IsEvaluable(instrument))
            {
                notEvaluable++;
                continue;
            }

            missing += score is null ? 1 : 0;
            if (isDue && score is null)
            {
                var target = one.Target(timepoint);
                var ended = one.Death < target || one.PermanentExplant < target || one.Crossover < target;
                diedBefore += one.Death < target ? 1 : 0;
                undetermined += one.IsTreated && !ended ? 1 : 0;
            }

            if (Responded(one, standing) is not { } responded)
            {
                continue;
            }

            denominator++;
            responders += responded ? 1 : 0;
            if (score is not null)
            {
                var fall = one.Baseline(instrument) - score.Points;
                worse += fall < 0 ? 1 : 0;
                fellTwoPoints += one.IsTreated && fall >= 2 ? 1 : 0;
            }
        }

        var possible = set == AnalysisSet.Observed ? denominator + undetermined : denominator;
        return
        [
            .. Naive.Rate("responders", responders, "denominator", denominator),
            ("fellTwoPoints", instrument == Instrument.Nrs ? fellTwoPoints : null),
            ("worse", worse),
            ("missing", missing),
            ("notEvaluable", notEvaluable),
            ("notDue", notDue),
            ("diedBefore", diedBefore),
            .. Naive.Rate("responders", responders, "denominator", set == AnalysisSet.Observed ? denominator : denominator - diedBefore)
                .Under("responseRateExcludingDeaths"),
            ("bounds.undetermined", undetermined),
            .. Naive.Rate("responders", responders, "denominator", possible).Take(3).Under("bounds.worst"),
            .. Naive.Rate("responders", responders + undetermined, "denominator", possible).Take(3).Under("bounds.best"),
        ];
    }
}

/// <summary>At what a response is judged, and of whom.</summary>
internal sealed record Standing(Timepoint Timepoint, Instrument Instrument, int Threshold, AnalysisSet Set)
{
    public IEnumerable<(string Name, string? Value)> Key =>
        [
            ("timepoint", Code.Of(Timepoint)),
            ("instrument", Code.Of(Instrument)),
            ("threshold", Threshold.ToString(CultureInfo.InvariantCulture)),
            ("set", Code.Of(Set)),
        ];
}
