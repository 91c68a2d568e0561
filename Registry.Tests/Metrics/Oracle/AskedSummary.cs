using NUnit.Framework;
using Registry.Api.Summaries;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>
/// A summary as it is asked and as the oracle answers: in plain loops over the records, from the words of the agreement and
/// not from the views. Slow, and meant to be right at sight. The oracle shares with the program the names of things and
/// the tested statistics (Wilson interval, t quantile, power), and nothing of the way to a figure.
/// </summary>
/// <param name="Name">What it is about.</param>
/// <param name="Path">Its address for a question.</param>
/// <param name="Rows">The rows it has to have.</param>
internal sealed record AskedSummary(string Name, Func<Question, string> Path, Func<Cohort, IEnumerable<ExpectedRow>> Rows)
{
    public static readonly IReadOnlyList<AskedSummary> All =
    [
        new(
            "response rates",
            question => question.Path("/summaries/response-rates", [.. question.ByThreshold(), .. question.ByScore()]),
            ResponseRateOracle.Rows),
        new("scores", question => question.Path("/summaries/scores", question.ByScore()), ScoreOracle.Rows) { IsSlow = true },
        new(
            "costs",
            question => question.Path("/summaries/costs", [.. Question.Stated("basis", question.Basis),
                .. Question.Stated("per", question.Per), .. question.ByThreshold(), .. question.ByScore()]),
            CostOracle.Rows) { Fit = OneOfEach },
        new("trajectories", question => question.Path("/cohorts/trajectories", question.ByScore()), ScoreOracle.Trajectories),
        new(
            "response domains",
            question =>
                question.Path("/cohorts/response-domains", [.. question.ByThreshold(), .. question.ByTimepoint(), .. question.BySet()]),
            cohort => ResponseDomainOracle.Rows(cohort, null))
        {
            Fit = AtOneFollowUp,
        },
        new(
            "response domains by points",
            question => question.Path(
                "/cohorts/response-domains",
                [("pdiPoints", "10"), .. question.ByThreshold(), .. question.ByTimepoint(), .. question.BySet()]),
            cohort => ResponseDomainOracle.Rows(cohort, 10))
        {
            Fit = AtOneFollowUp,
        },
        new("table one", question => question.Path("/cohorts/table-one"), TableOneOracle.Rows),
        new("stays", question => question.Path("/summaries/stays"), StayOracle.Rows),
        new("trials", question => question.Path("/summaries/trials"), TrialOracle.Rows),
        new("flow", question => question.Path("/summaries/flow"), FlowOracle.Rows),
        new("benchmarks", question => question.Path("/summaries/benchmarks"), BenchmarkOracle.Rows),
        new(
            "comparison",
            question => question.ComparisonPath("/summaries/comparison", [.. question.ByThreshold(), .. question.ByScore()]),
            ComparisonOracle.Rows)
        {
            IsSlow = true,
        },
        new("power", question => question.Path("/summaries/power", [.. question.ByPower(), .. question.ByScore()]), PowerOracle.Rows)
        {
            IsSlow = true,
            Fit = question => question.Procedures.Count > 0 ? question : question with { Procedures = Enum.GetValues<Procedure>() },
        },
        new(
            "adverse events",
            question =>
                question.Path("/summaries/adverse-events", [.. Question.Stated("category", question.Category), .. question.BySet()]),
            AdverseEventOracle.Rows)
        {
            Fit = question => question with { Sets = [.. question.Sets.Intersect(AdverseEventOracle.Sets)] },
        },
        new("time to explant", question => question.Path("/summaries/survival", question.ByDay()), SurvivalOracle.Rows)
        {
            Fit = question => question with { Awaited = SurvivalEvent.Explant },
        },
        new(
            "time to loss of response",
            question => question.Path("/summaries/survival", [.. Question.Stated("event", question.Awaited), .. question.ByThreshold(),
                .. question.ByInstrument(), .. question.ByDay()]),
            SurvivalOracle.Rows) { Fit = question => OneOfEach(question) with { Awaited = SurvivalEvent.LossOfResponse } },
        new(
            "time to explant by reason",
            question => question.Path("/summaries/survival", [.. Question.Stated("event", question.Awaited), .. question.ByDay()]),
            SurvivalOracle.Rows)
        {
            Fit = question => question with { Awaited = SurvivalEvent.ExplantByReason },
        },
        new(
            "time to generator replacement",
            question => question.Path("/summaries/survival", [.. Question.Stated("event", question.Awaited), .. question.ByDay()]),
            SurvivalOracle.Rows)
        {
            Fit = question => question with { Awaited = SurvivalEvent.GeneratorReplacement },
        },
        new("completeness", question => question.Path("/summaries/completeness", question.ByTimepoint()), VisitOracle.Completeness)
        {
            IsOfManySites = true,
        },
    ];

    /// <summary>Makes a question one that this summary can be asked.</summary>
    public Func<Question, Question> Fit { get; init; } = question => question;

    /// <summary>Whether it computes a power for every row, which is slow on both sides.</summary>
    public bool IsSlow { get; init; }

    /// <summary>Whether it tells the sites apart in its rows.</summary>
    public bool IsOfManySites { get; init; }

    /// <summary>Asks, and fails unless the answer is that of the oracle, which it gives back.</summary>
    public async Task<IReadOnlyList<ExpectedRow>> Agree(ApiClient api, RecordedRegistry registry, Question question)
    {
        var fitting = Fit(question);
        var answer = (await api.Get(Path(fitting))).Expect(200);
        List<ExpectedRow> expected = [.. Rows(new Cohort(registry, fitting))];
        Assert.That(Agreement.Differences(answer, expected), Is.Empty, () => answer.Request);
        return expected;
    }

    private static Question AtOneFollowUp(Question question) =>
        OneOfEach(question) with { Timepoints = [question.Timepoints.FirstOrDefault(Timepoint.Month12)] };

    private static Question OneOfEach(Question question) => question with
    {
        Timepoints = [.. question.Timepoints.Take(1)],
        Instruments = [.. question.Instruments.Take(1)],
        Thresholds = [.. question.Thresholds.Take(1)],
        Sets = [.. question.Sets.Take(1)],
    };
}
