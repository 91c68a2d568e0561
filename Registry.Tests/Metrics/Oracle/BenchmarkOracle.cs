using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>Published figures; only that of DRG says what it counts, and when.</summary>
internal static class BenchmarkOracle
{
    private static readonly (Procedure Procedure, string Text)[] Published =
        [
            (Procedure.Scs, "40-70 %"), (Procedure.Drg, "63 %"), (Procedure.Drez, "up to 70 %"), (Procedure.Drez, "60-90 %"),
            (Procedure.Cordotomy, "up to 80 %"),
        ];

    private static readonly Standing PooledDrg = new(Timepoint.Month12, Instrument.Nrs, 50, AnalysisSet.Treated);

    public static IEnumerable<ExpectedRow> Rows(Cohort cohort) =>
        from figure in Published
        where cohort.Question.Procedures.Count == 0 || cohort.Question.Procedures.Contains(figure.Procedure)
        let isComparable = figure.Procedure == Procedure.Drg
        select new ExpectedRow(
            [("procedure", Code.Of(figure.Procedure)), ("published.text", figure.Text)],
            [("comparable", isComparable ? "true" : "false"), .. isComparable ? Own(cohort).Under("registry") : [("registry", null)]]);

    private static IEnumerable<(string Name, object? Value)> Own(Cohort cohort) =>
    [
        .. PooledDrg.Key.Select(part => (part.Name, (object?)part.Value)),
        .. ResponseRateOracle.Rate([.. cohort.Members.Where(one => one.Record.Procedure == Procedure.Drg)], PooledDrg),
    ];
}
