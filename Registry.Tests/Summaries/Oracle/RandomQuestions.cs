using Registry.Api.Summaries;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Responses;
using Registry.Tests.Support;

namespace Registry.Tests.Summaries.Oracle;

/// <summary>Random questions about a registry; cut-offs fall within a day of something that happened or was due, more often than not.</summary>
internal sealed class RandomQuestions(int seed, RecordedRegistry registry)
{
    private readonly Random _random = new(seed);

    /// <summary>A question about this registry, among all others in the same database.</summary>
    public Question Next() => new Question
    {
        Today = RandomRegistry.Today,
        AsOf = Chance(0.6) ? CutOff() : null,
        Sites = Chance(0.25) ? [registry.Sites[_random.Next(registry.Sites.Count)]] : registry.Sites,
        Procedures = Some(0.2, Enum.GetValues<Procedure>()),
        Indications = Some(0.1, Enum.GetValues<Indication>()),
        Sexes = Some(0.1, Enum.GetValues<Sex>()),
        PainSides = Some(0.1, Enum.GetValues<PainSide>()),
        AgeMin = Chance(0.1) ? _random.Next(15, 60) : null,
        AgeMax = Chance(0.1) ? _random.Next(60, 95) : null,
        PainDurationMin = Chance(0.1) ? _random.Next(0, 50) : null,
        PainDurationMax = Chance(0.1) ? _random.Next(50, 120) : null,
        From = Chance(0.1) ? AnyDay().AddDays(-400) : null,
        To = Chance(0.1) ? RandomRegistry.Today.AddDays(-_random.Next(0, 300)) : null,
        Primary = Chance(0.2) ? Chance(0.7) : null,
        Thresholds = Chance(0.5) ? [_random.Next(1, 101), .. Chance(0.5) ? new[] { 50, 30 } : []] : [],
        Instruments = Some(0.2, Enum.GetValues<Instrument>()),
        Timepoints = Some(0.3, [.. Enum.GetValues<Timepoint>().Skip(1)]),
        Sets = Some(0.2, Enum.GetValues<AnalysisSet>()),
        Basis = Chance(0.4) ? Chance(0.5) ? CostBasis.Surgical : CostBasis.All : null,
    } is var question && question.From > question.To ? question with { From = null } : question;

    private DateOnly CutOff()
    {
        var day = AnyDay().AddDays(_random.Next(-1, 2));
        return day > RandomRegistry.Today ? RandomRegistry.Today : day;
    }

    private DateOnly AnyDay()
    {
        var one = registry.Cases[_random.Next(registry.Cases.Count)];
        var days = one.Events.SelectMany(happened => VisitWindow.All.Select(window => happened.OccurredOn.AddDays(window.TargetDay)).Append(happened.OccurredOn))
            .Concat(one.Assessments.Values.Select(assessment => assessment.AssessedOn).OfType<DateOnly>())
            .Concat(one.Costs.Select(cost => cost.IncurredOn).OfType<DateOnly>())
            .Concat(one.Stays.Select(stay => stay.DischargedOn))
            .ToList();
        return days.Count == 0 ? RandomRegistry.Today : days[_random.Next(days.Count)];
    }

    private IReadOnlyList<T> Some<T>(double probability, T[] all) => Chance(probability) ? [.. _random.GetItems(all, _random.Next(1, 3)).Distinct()] : [];

    private bool Chance(double probability) => _random.NextDouble() < probability;
}
