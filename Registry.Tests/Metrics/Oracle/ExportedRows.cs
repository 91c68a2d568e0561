using System.Text.Json.Nodes;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>What a researcher finds by plain loops over the exported rows of a cohort, at one follow-up and by one instrument.</summary>
internal sealed class ExportedRows(IReadOnlyList<JsonNode> rows, Timepoint timepoint, Instrument instrument)
{
    private readonly string _ending = timepoint switch
    {
        Timepoint.PostOp => "PostOp",
        Timepoint.Month1 => "1m",
        Timepoint.Month3 => "3m",
        Timepoint.Month6 => "6m",
        Timepoint.Month12 => "12m",
        _ => "24m",
    };

    private readonly string _score = instrument == Instrument.Nrs ? "nrs" : "pdi";

    private readonly int _target = CaseOnADay.FollowUps.Single(visit => visit.Timepoint == timepoint).Target;

    /// <summary>Numerator and denominator of a response rate.</summary>
    public (long Responders, long Denominator) Rate(AnalysisSet set, int threshold)
    {
        var (responders, denominator) = (0L, 0L);
        foreach (var row in rows)
        {
            var isTreated = row["treated"]!.GetValue<bool>();
            var (baseline, score) = (Number(row, _score + "Baseline"), Number(row, _score + _ending));
            var isDue = row["state" + _ending] is not null && Number(row, "asOfDays") >= _target;
            var counts = baseline > 0 && set switch
            {
                AnalysisSet.Observed => isTreated && score is not null,
                AnalysisSet.Treated => isTreated && isDue,
                _ => isDue,
            };
            if (counts)
            {
                denominator++;
                responders += isTreated && score is not null && 100 * (baseline - score) >= threshold * baseline ? 1 : 0;
            }
        }

        return (responders, denominator);
    }

    /// <summary>The scores of the treated.</summary>
    public IReadOnlyList<int> ScoresOfTheTreated() =>
        [.. rows.Where(row => row["treated"]!.GetValue<bool>()).Select(row => Number(row, _score + _ending)).OfType<int>()];

    private static int? Number(JsonNode row, string name) => row[name]?.GetValue<int>();
}
