using Registry.Domain.AdverseEvents;
using Registry.Domain.Analysis;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>Adverse events as events, as patients and as cases.</summary>
internal static class AdverseEventOracle
{
    /// <summary>An adverse event has no score that could be missing, so nobody is 'observed'.</summary>
    public static readonly IReadOnlyList<AnalysisSet> Sets = [AnalysisSet.Treated, AnalysisSet.IntentionToTreat];

    public static IEnumerable<ExpectedRow> Rows(Cohort cohort) =>
        from @group in cohort.Groups()
        from category in cohort.Question.Category is { } asked
            ? [asked]
            : Enum.GetValues<AdverseEventCategory>().Cast<AdverseEventCategory?>().Append(null)
        from analysisSet in Question.AskedOr(cohort.Question.Sets, Sets)
        select new ExpectedRow(
            [("procedure", @group.Name), ("category", Code.Of(category) ?? "all"), ("set", Code.Of(analysisSet))],
            Figures([.. @group.Members.Where(one => one.BelongsTo(analysisSet))], category));

    private static IEnumerable<(string Name, object? Value)> Figures(List<CaseOnADay> cases, AdverseEventCategory? category)
    {
        var suffered = (from one in cases
                        from adverse in one.AdverseEvents
                        where category is null || adverse.Category == category
                        select (Case: one, Adverse: adverse)).ToList();
        return
        [
            ("events", (long)suffered.Count),
            ("patients", suffered.Select(pair => (pair.Case.Recorded.Site, pair.Case.Record.Patient.Reference)).Distinct().LongCount()),
            .. Naive.Rate("casesWithEvent", suffered.Select(pair => pair.Case).Distinct().LongCount(), "cases", cases.Count),
            ("serious", suffered.LongCount(pair => pair.Adverse.Serious)),
            .. from severity in Enum.GetValues<Severity>()
               select ("bySeverity." + Code.Of(severity), (object?)suffered.LongCount(pair => pair.Adverse.Severity == severity)),
        ];
    }
}
