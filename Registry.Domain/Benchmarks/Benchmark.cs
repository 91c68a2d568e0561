using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;

namespace Registry.Domain.Benchmarks;

/// <summary>A figure from the literature, and the rate of the registry that can stand beside it, if any.</summary>
/// <param name="Procedure">The procedure it is about.</param>
/// <param name="Published">What was published.</param>
/// <param name="Definition">What the figure counts, and in whom, as far as its source says.</param>
/// <param name="Source">Where it was published.</param>
/// <param name="Counterpart">The rate of the registry with the same definition; null where the source leaves the threshold or the time
/// open.</param>
/// <param name="Why">Why there is no counterpart, or what still differs.</param>
public sealed record Benchmark(
    Procedure Procedure, PublishedRate Published, string Definition, string Source, Counterpart? Counterpart, string Why)
{
    private const string Ucla = "UCLA Health patient page";
    private const string Jin = "Jin et al., Spinal Cord Stimulation and DREZ Lesioning for Refractory Postherpetic Neuralgia, Journal of Pain Research, discussion";

    /// <summary>The published figures, in the order of the procedures.</summary>
    public static readonly IReadOnlyList<Benchmark> All =
    [
        new(
            Procedure.Scs,
            new PublishedRate(0.40, 0.70, "40-70 %"),
            "Relief in neuropathic pain including postherpetic neuralgia.",
            Jin,
            null,
            "The source states neither the relief that counted nor when it was measured, nor whether failed trials are in the denominator."),
        new(
            Procedure.Drg,
            new PublishedRate(0.63, 0.63, "63 %"),
            "At least 50 % relief at 12 months, 217 patients with a permanent implant, pooled from several studies.",
            "Huygen et al. 2019, Effectiveness and Safety of Dorsal Root Ganglion Stimulation for the Treatment of Chronic Pain: A Pooled "
                + "Analysis (PMC7079258)",
            new Counterpart(Timepoint.Month12, Instrument.Nrs, ResponseThreshold.Substantial, AnalysisSet.Treated),
            "Same threshold, time and procedure, among the implanted. The pooled studies count patients seen at 12 months; here an "
            + "implanted patient who is due and has no score that "
            + "counts is a non-responder, so the registry's rate is the stricter one (the set 'observed' leaves them out). The mix of "
            + "indications may differ."),
        new(
            Procedure.Drez,
            new PublishedRate(null, 0.70, "up to 70 %"),
            "Significant relief, immediate and for at least one year, selected patients.",
            Ucla,
            null,
            "The source does not state the relief that counted as significant; 'up to' is an upper end and no rate, and how the patients "
                + "were selected is not said."),
        new(
            Procedure.Drez,
            new PublishedRate(0.60, 0.90, "60-90 %"),
            "Long-term relief in postherpetic neuralgia.",
            Jin,
            null,
            "The source states neither the relief that counted nor the time that is called long-term."),
        new(
            Procedure.Cordotomy,
            new PublishedRate(null, 0.80, "up to 80 %"),
            "Immediate relief, selected patients; long-term efficacy less reliable.",
            Ucla,
            null,
            "The source does not state the relief that counted nor the day that is called immediate; 'up to' is an upper end and no rate, "
                + "and how the patients were selected is not said."),
    ];
}

/// <summary>A published rate.</summary>
/// <param name="Low">The lower end, 0 to 1; equal to <paramref name="High"/> for a single figure, null where the source says 'up
/// to'.</param>
/// <param name="High">The upper end, 0 to 1.</param>
/// <param name="Text">The figure as it was published, in percent.</param>
public sealed record PublishedRate(double? Low, double High, string Text);

/// <summary>Which response rate of the registry has the definition of a published figure.</summary>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="Instrument">The instrument.</param>
/// <param name="Threshold">The relief that counts, in percent of baseline.</param>
/// <param name="Set">The analysis set.</param>
public sealed record Counterpart(Timepoint Timepoint, Instrument Instrument, int Threshold, AnalysisSet Set);
