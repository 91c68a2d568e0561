using Registry.Api.Summaries;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Costs;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>
/// Random questions about a registry; cut-offs fall within a day of something that happened or was due, more often than not.
/// </summary>
internal sealed class RandomQuestions(int seed, RecordedRegistry registry)
{
    /// <summary>
    /// In days after an event: it happens, an implant or a re-implant is awaited no longer, a visit is due, its window closes.
    /// </summary>
    private static readonly IReadOnlyList<int> DaysThatMatter =
    [
        0,
        90,
        180,
        .. VisitWindow.All.Select(window => window.TargetDay),
        .. VisitWindow.All.Select(window => window.Days.Max),
    ];

    private readonly Random _random = new(seed);

    /// <summary>A question about this registry, among all others in the same database.</summary>
    public Question Next()
    {
        var question = Filtered(Chance(0.6) ? CutOff() : null) with
        {
            Thresholds = Chance(0.4) ? [_random.Next(1, 101), .. Chance(0.5) ? new[] { 50, 30 } : []] : [],
            Instruments = Some(0.2, Enum.GetValues<Instrument>()),
            Timepoints = Some(0.3, [.. Enum.GetValues<Timepoint>().Skip(1)]),
            Sets = Some(0.2, Enum.GetValues<AnalysisSet>()),
            Basis = Chance(0.4) ? Chance(0.5) ? CostBasis.Surgical : CostBasis.All : null,
            Per = Chance(0.4) ? Chance(0.5) ? CostPer.Case : CostPer.Pathway : null,
            Days = Chance(0.3) ? [.. _random.GetItems([0, 1, 8, 100, 365, 1500, 36500], 2), _random.Next(1000)] : [],
            Category = Chance(0.2) ? (AdverseEventCategory)_random.Next(4) : null,
            Power = Chance(0.5) ? _random.Next(500, 1000) / 1000m : null,
        };
        return question with { Other = Filtered(question.AsOf) };
    }

    // A registry is small: few cases pass several filters.
    private Question Filtered(DateOnly? asOf)
    {
        var sites = new Question
        {
            DefaultAsOf = RandomRegistry.LatestDay,
            AsOf = asOf,
            Sites = Chance(0.2) ? [registry.Sites[_random.Next(registry.Sites.Count)].Code] : [.. registry.Sites.Select(site => site.Code)],
        };
        return Chance(0.6) ? sites : Narrowed(sites);
    }

    private Question Narrowed(Question sites) => sites with
    {
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
        Dermatomes = Chance(0.1) ? [.. _random.GetItems([.. SpinalLevel.All], 8).Distinct()] : [],
        BaselineNrsMin = Chance(0.1) ? _random.Next(0, 8) : null,
        BaselineNrsMax = Chance(0.1) ? _random.Next(8, 11) : null,
        BaselinePdiMin = Chance(0.1) ? _random.Next(0, 40) : null,
        BaselinePdiMax = Chance(0.1) ? _random.Next(40, 71) : null,
        Events = Some(0.1, Enum.GetValues<EventType>()),
        EventFrom = Chance(0.5) ? AnyDay().AddDays(-300) : null,
        EventTo = Chance(0.5) ? RandomRegistry.Today.AddDays(-_random.Next(0, 300)) : null,
        Responder = Chance(0.1) ? AnyResponse() : null,
        LostResponseBy = Chance(0.1) ? AnyResponse() : null,
        Has = Chance(0.1)
            ? [.. _random.GetItems(Enum.GetValues<Timepoint>(), _random.Next(1, 3))
                .Distinct()
                .Select(timepoint => (timepoint, Chance(0.5) ? (Instrument?)_random.Next(2) : null))]
            : [],
        Leads = Some(0.05, Enum.GetValues<LeadType>()),
        TrialOutcomes = Some(0.05, Enum.GetValues<TrialOutcome>()),
        Generators = Some(0.05, Enum.GetValues<GeneratorType>()),
    } is var question ? Consistent(question) : sites;

    private static Question Consistent(Question question)
    {
        if (question.From > question.To)
        {
            question = question with { From = null };
        }

        if (question.EventFrom > question.EventTo)
        {
            question = question with { EventFrom = null };
        }

        if (question.Procedures.Count == 0)
        {
            return question;
        }

        // What no procedure that is asked for can have is refused.
        return question with
        {
            Leads = question.Procedures.Any(procedure => procedure.IsNeuromodulation()) ? question.Leads : [],
            TrialOutcomes = question.Procedures.Any(procedure => procedure.IsNeuromodulation()) ? question.TrialOutcomes : [],
            Generators = question.Procedures.Any(procedure => procedure.IsNeuromodulation()) ? question.Generators : [],
            Events = [.. question.Events.Where(type => question.Procedures.Any(procedure => EventRules.Fits(type, procedure)))],
        };
    }

    private Answered AnyResponse() =>
        new(Chance(0.5) ? 30 : _random.Next(1, 101), (Timepoint)_random.Next(1, 7), Chance(0.7) ? Instrument.Nrs : Instrument.Pdi);

    private DateOnly CutOff()
    {
        // Before anything happened, or close to what did.
        var day = Chance(0.03) ? AnyDay().AddYears(-10) : AnyDay().AddDays(_random.Next(-1, 2));
        return day > RandomRegistry.LatestDay ? RandomRegistry.LatestDay : day;
    }

    private DateOnly AnyDay()
    {
        var one = registry.Cases[_random.Next(registry.Cases.Count)];
        var days = one.Events.SelectMany(happened => DaysThatMatter.Select(day => happened.OccurredOn.AddDays(day)))
            .Concat(one.Assessments.Values.Select(assessment => assessment.AssessedOn).OfType<DateOnly>())
            .Concat(one.Costs.Select(cost => cost.IncurredOn).OfType<DateOnly>())
            .Concat(one.Stays.Select(stay => stay.DischargedOn))
            .Concat(one.AdverseEvents.Select(suffered => suffered.OnsetOn))
            .ToList();
        return days.Count == 0 ? RandomRegistry.Today : days[_random.Next(days.Count)];
    }

    private IReadOnlyList<T> Some<T>(double probability, T[] all) =>
        Chance(probability) ? [.. _random.GetItems(all, _random.Next(1, 3)).Distinct()] : [];

    private bool Chance(double probability) => _random.NextDouble() < probability;
}
