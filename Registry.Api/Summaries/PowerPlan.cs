using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Common;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>Where the effect comes from that a study is planned on.</summary>
internal enum EffectSource
{
    /// <summary>It was stated in the request.</summary>
    Stated,

    /// <summary>It is the paired change from baseline of the registry's own cases.</summary>
    Registry,
}

/// <summary>The number of pairs that a study needs to show an effect with the paired t test, two-sided.</summary>
/// <param name="Source">Where the effect comes from.</param>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="Instrument">The instrument.</param>
/// <param name="Set">The analysis set: whose scores count.</param>
/// <param name="N">How many cases of the registry have both scores.</param>
/// <param name="Mean">Their mean change, baseline − score, in points.</param>
/// <param name="Sd">The sample standard deviation of the change, in points.</param>
/// <param name="Dz">The effect size: mean change / SD of change. Its sign does not matter for the number of pairs.</param>
/// <param name="Power">The power wanted.</param>
/// <param name="Alpha">The two-sided level of significance.</param>
/// <param name="Pairs">The smallest number of patients with both scores that gives this power.</param>
/// <param name="Reason">Why there is no number of pairs.</param>
internal sealed record PowerPlanItem(
    EffectSource Source,
    [CodesIn(nameof(CodeSets.ProcedureGroup)), Missing("null for a stated effect")] string? Procedure,
    [CodesOf(typeof(Timepoint)), Missing("null for a stated effect")] string? Timepoint,
    [CodesOf(typeof(Instrument)), Missing("null for a stated effect")] string? Instrument,
    [CodesOf(typeof(AnalysisSet)), Missing("null for a stated effect")] string? Set,
    [Unit("cases"), Missing("null for a stated effect")] long? N,
    [Unit("points"), Missing("null for none, and for a stated effect")] double? Mean,
    [Unit("points"), Missing("null for fewer than two, and for a stated effect")] double? Sd,
    [Unit("standard deviations of the change"), Missing("null without a spread")] double? Dz,
    [property: Disclosure(IsOfNoPatient = true)][Unit("proportion, 0 to 1")] double Power,
    [property: Disclosure(IsOfNoPatient = true)][Unit("proportion, 0 to 1")] double Alpha,
    [property: Disclosure(HiddenWith = "n")][Unit("patients"), Missing("null where none does")] long? Pairs,
    [property: Disclosure(HiddenWith = "n")][Missing("null where there is one")] string? Reason)
{
    /// <summary>The plan for a stated effect.</summary>
    public static PowerPlanItem For(double dz, double power) =>
        new PowerPlanItem(EffectSource.Stated, null, null, null, null, null, null, null, dz, power, PowerPlan.Alpha, null, null).Planned();

    /// <summary>The plan for the change of a group of the registry.</summary>
    public static PowerPlanItem For(ScoreItem scores, PairedFigures change, double power) => new PowerPlanItem(
        EffectSource.Registry, scores.Procedure, scores.Timepoint, scores.Instrument, scores.Set, change.N, change.ChangeMean,
        change.ChangeSd, change.Dz, power, PowerPlan.Alpha, null, null).Planned();

    private PowerPlanItem Planned()
    {
        var pairs = Dz is { } dz ? SampleSize.ForPairedT(dz, Power, Alpha) : null;
        var reason = (pairs, Dz, N) switch
        {
            (not null, _, _) => null,
            (_, null, < 2) => "The registry has fewer than two cases with both scores: there is no effect size.",
            (_, null, _) => "All changes are the same: without a spread there is no effect size.",
            (_, 0, _) => "The mean change is 0: there is no effect to show.",
            _ => FormattableString.Invariant($"The effect is so small that more than {SampleSize.MaximumPairs} pairs would be needed."),
        };
        return this with { Pairs = pairs, Reason = reason };
    }
}

/// <summary>Power planning: a stated effect, or the registry's own from the view <c>score_summary</c>.</summary>
[FromView("score_summary")]
internal static class PowerPlan
{
    /// <summary>The two-sided level of significance of every plan.</summary>
    public const double Alpha = 0.05;

    public const string Description =
        "The size of the next study: the smallest number of pairs with which the paired t test, two-sided 5 %, has the power wanted, by "
        + "the noncentral t distribution. The effect size dz "
        + "(mean change from baseline / SD of change) is stated, or is the registry's own for a procedure. One of 'dz' and 'procedure' has "
        + "to be stated; filters and "
        + "timepoint go with 'procedure' only. An effect seen in few cases is uncertain, and so is the plan made on it.";

    private static readonly QueryParameter Effect = new("dz", "A stated effect size: mean change / SD of change, not 0.")
    {
        Decimals = new DecimalRange(-10, 10),
        Prefilled = "0.8932",
    };
    private static readonly QueryParameter Wanted =
        new("power", "The power wanted. 0.8 when left out.") { Decimals = new DecimalRange(0.5m, 0.999m) };
    private static readonly QueryParameter Instrument = SharedParameters.Instrument with { Meaning = "The instrument. Left out: nrs." };
    private static readonly QueryParameter Set = SharedParameters.Set with { Meaning = "The analysis set. Left out: treated." };

    public static IEnumerable<QueryParameter> Takes => [Effect, Wanted, SharedParameters.FollowUp, Instrument, Set];

    /// <summary>Not exactly one source of the effect, an effect of 0, or parameters that say nothing about a stated effect.</summary>
    public static IEnumerable<Fault> FaultsOf(IQueryCollection query)
    {
        const string Sources = "either 'dz' or 'procedure'";
        if (!query.TryGetValue(Effect.Name, out var stated))
        {
            return query.ContainsKey("procedure") ? [] : [new Fault(
                "/" + Effect.Name,
                "required",
                "The effect is missing: state 'dz', or 'procedure' for that of the registry.",
                Allowed: Sources)];
        }

        if (QueryParameter.ParseDecimal(stated.ToString()) == 0)
        {
            return [new Fault(
                "/" + Effect.Name,
                "out-of-range",
                "'dz' is 0: no number of pairs shows that there is no effect.",
                stated.ToString(),
                Effect.Allowed + ", not 0")];
        }

        return from name in query.Keys
               where name != Effect.Name && name != Wanted.Name
               select new Fault(
                   "/" + name,
                   "does-not-apply",
                   $"'dz' is stated, so the registry is not asked, and '{name}' says nothing.",
                   query[name].ToString(),
                   Sources);
    }

    public static async Task<IReadOnlyList<PowerPlanItem>> Items(SummaryQuery query)
    {
        var power = (double)(query.Decimal(Wanted) ?? 0.8m);
        if (query.Decimal(Effect) is { } dz)
        {
            return [PowerPlanItem.For((double)dz, power)];
        }

        return
        [
            .. from item in await Scores.Items(query)
               where item.Paired is not null
                   && query.Wants(Instrument, item.Instrument, Code.Of(Domain.Assessments.Instrument.Nrs))
                   && query.Wants(Set, item.Set, Code.Of(AnalysisSet.Treated))
               select PowerPlanItem.For(item, item.Paired!, power),
        ];
    }
}
