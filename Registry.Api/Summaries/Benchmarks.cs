using Registry.Api.OpenApi;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Benchmarks;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>A published figure, and the registry's own beside it where the two can be compared.</summary>
/// <param name="Procedure">The procedure. There is no row 'all': nothing was published for it.</param>
/// <param name="Published">What was published.</param>
/// <param name="Definition">What the published figure counts, and in whom, as far as its source says.</param>
/// <param name="Source">Where it was published.</param>
/// <param name="Comparable">Whether the registry has a rate of the same definition.</param>
/// <param name="Why">Why it has none, or what still differs.</param>
/// <param name="Registry">The registry's rate.</param>
internal sealed record BenchmarkItem(
    [CodesIn(nameof(CodeSets.ProcedureGroup))] string Procedure,
    [property: Disclosure(IsOfNoPatient = true)] PublishedFigure Published,
    string Definition,
    string Source,
    bool Comparable,
    string Why,
    [Missing("null where there is none to compare")] RegistryFigure? Registry);

/// <summary>A published rate.</summary>
/// <param name="Low">The lower end, 0 to 1; equal to the upper for a single figure, null where the source says 'up to'.</param>
/// <param name="High">The upper end, 0 to 1.</param>
/// <param name="Text">The figure as it was published, in percent.</param>
internal sealed record PublishedFigure(
    [Unit("proportion, 0 to 1")] double? Low,
    [Unit("proportion, 0 to 1")] double High,
    string Text);

/// <summary>The registry's response rate of the same definition, among the cases that the filters leave.</summary>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="Instrument">The instrument.</param>
/// <param name="Threshold">The relief in percent of baseline from which a patient counts as a responder.</param>
/// <param name="Set">The analysis set.</param>
/// <param name="Responders">The numerator, in cases.</param>
/// <param name="Denominator">The denominator, in cases.</param>
/// <param name="Rate">Responders / denominator, 0 to 1.</param>
/// <param name="CiLow">Lower end of the 95 % Wilson interval.</param>
/// <param name="CiHigh">Upper end of the 95 % Wilson interval.</param>
internal sealed record RegistryFigure(
    [CodesOf(typeof(Timepoint))] string Timepoint,
    [CodesOf(typeof(Instrument))] string Instrument,
    [Unit("percent of baseline")] int Threshold,
    [CodesOf(typeof(AnalysisSet))] string Set,
    [Unit("cases")] long Responders,
    [Unit("cases")] long Denominator,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? Rate,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? CiLow,
    [Unit("proportion, 0 to 1"), Missing("null for an empty denominator")] double? CiHigh);

/// <summary>The published figures of <see cref="Benchmark"/> beside the view <c>response_rate</c>.</summary>
[FromView("response_rate")]
internal static class Benchmarks
{
    public const string Description =
        "Published figures with their definition and source, and beside each the registry's rate with its 95 % Wilson interval, but only "
        + "where procedure, threshold and time are the same; "
        + "'why' says where they are not, and what still differs where they are. The patients differ, so a difference proves nothing.";

    public static async Task<IReadOnlyList<BenchmarkItem>> Items(SummaryQuery query)
    {
        var items = new List<BenchmarkItem>();
        foreach (var benchmark in Benchmark.All.Where(benchmark => query.Filter.WantsGroup(Code.Of(benchmark.Procedure))))
        {
            items.Add(ToItem(benchmark, benchmark.Counterpart is { } own
                ? await ResponseRates.Of(query, own.Timepoint, own.Instrument, own.Threshold, own.Set)
                : []));
        }

        return items;
    }

    private static BenchmarkItem ToItem(Benchmark benchmark, IReadOnlyList<ResponseRateItem> rates)
    {
        var procedure = Code.Of(benchmark.Procedure);
        var (low, high, text) = benchmark.Published;
        var own = rates.SingleOrDefault(rate => rate.Procedure == procedure);
        return new BenchmarkItem(
            procedure,
            new PublishedFigure(low, high, text),
            benchmark.Definition,
            benchmark.Source,
            own is not null,
            benchmark.Why,
            own is null ? null : new RegistryFigure(
                own.Timepoint, own.Instrument, own.Threshold, own.Set, own.Responders, own.Denominator, own.Rate, own.CiLow, own.CiHigh));
    }
}
