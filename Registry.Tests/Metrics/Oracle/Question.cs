using System.Globalization;
using Registry.Api.Summaries;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Costs;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>What a summary is asked. An empty list and null stand for a parameter that is left out.</summary>
internal sealed record Question
{
    /// <summary>The cut-off where none is stated.</summary>
    public required DateOnly DefaultAsOf { get; init; }

    public DateOnly? AsOf { get; init; }
    public IReadOnlyList<Procedure> Procedures { get; init; } = [];
    public IReadOnlyList<string> Sites { get; init; } = [];
    public IReadOnlyList<Indication> Indications { get; init; } = [];
    public IReadOnlyList<Sex> Sexes { get; init; } = [];
    public int? AgeMin { get; init; }
    public int? AgeMax { get; init; }
    public IReadOnlyList<PainSide> PainSides { get; init; } = [];
    public int? PainDurationMin { get; init; }
    public int? PainDurationMax { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? To { get; init; }
    public bool? Primary { get; init; }
    public IReadOnlyList<string> Dermatomes { get; init; } = [];
    public IReadOnlyList<LeadType> Leads { get; init; } = [];
    public IReadOnlyList<TrialOutcome> TrialOutcomes { get; init; } = [];
    public IReadOnlyList<GeneratorType> Generators { get; init; } = [];
    public IReadOnlyList<EventType> Events { get; init; } = [];
    public DateOnly? EventFrom { get; init; }
    public DateOnly? EventTo { get; init; }
    public int? BaselineNrsMin { get; init; }
    public int? BaselineNrsMax { get; init; }
    public int? BaselinePdiMin { get; init; }
    public int? BaselinePdiMax { get; init; }
    public Answered? Responder { get; init; }
    public Answered? LostResponseBy { get; init; }

    /// <summary>Timepoints at which the case has a score; of either instrument where none is named.</summary>
    public IReadOnlyList<(Timepoint Timepoint, Instrument? Instrument)> Has { get; init; } = [];

    public IReadOnlyList<int> Thresholds { get; init; } = [];
    public IReadOnlyList<Instrument> Instruments { get; init; } = [];

    /// <summary>Follow-ups alone: all summaries that take a timepoint know these.</summary>
    public IReadOnlyList<Timepoint> Timepoints { get; init; } = [];

    public IReadOnlyList<AnalysisSet> Sets { get; init; } = [];
    public CostBasis? Basis { get; init; }
    public CostPer? Per { get; init; }
    public AdverseEventCategory? Category { get; init; }
    public SurvivalEvent? Awaited { get; init; }

    /// <summary>Days after time zero at which a survival curve has a row in any case.</summary>
    public IReadOnlyList<int> Days { get; init; } = [];

    /// <summary>The longest that a visit on the work list is overdue, in days, inclusive.</summary>
    public int? DaysOverdueMax { get; init; }

    /// <summary>The power wanted of the next study.</summary>
    public decimal? Power { get; init; }

    /// <summary>The filters of the other group of a comparison; null for the filters of this question.</summary>
    public Question? Other { get; init; }

    /// <summary>The data cut-off: what is dated later is not looked at, and visits are due up to this day.</summary>
    public DateOnly CutOff => AsOf ?? DefaultAsOf;

    /// <summary>What is asked for, in the order of the rows: each value once, or every one where none is stated.</summary>
    public static IEnumerable<T> AskedOr<T>(IReadOnlyList<T> asked, IReadOnlyList<T> every) =>
        asked.Count == 0 ? every : asked.Distinct().Order();

    public string Path(string address, params IEnumerable<(string Name, string Value)> own) => Whole(address, [.. own, .. Filters()]);

    /// <summary>The path of a comparison: a filter that both groups share has no prefix.</summary>
    public string ComparisonPath(string address, params IEnumerable<(string Name, string Value)> own)
    {
        var a = Filters().ToLookup(filter => filter.Name);
        var b = (Other ?? this).Filters().ToLookup(filter => filter.Name);
        return Whole(
            address,
            [
                .. own,
                .. a.Concat(b).Select(filter => filter.Key).Distinct().SelectMany(name => a[name].SequenceEqual(b[name])
                    ? a[name]
                    : [.. a[name].Select(filter => ("a." + filter.Name, filter.Value)),
                        .. b[name].Select(filter => ("b." + filter.Name, filter.Value))]),
            ]);
    }

    public IEnumerable<(string Name, string Value)> ByTimepoint() => Timepoints.Select(one => ("timepoint", Code.Of(one)));

    public IEnumerable<(string Name, string Value)> ByInstrument() => Instruments.Select(one => ("instrument", Code.Of(one)));

    public IEnumerable<(string Name, string Value)> BySet() => Sets.Select(one => ("set", Code.Of(one)));

    public IEnumerable<(string Name, string Value)> ByScore() => [.. ByTimepoint(), .. ByInstrument(), .. BySet()];

    public IEnumerable<(string Name, string Value)> ByThreshold() =>
        Thresholds.Select(one => ("threshold", one.ToString(CultureInfo.InvariantCulture)));

    public IEnumerable<(string Name, string Value)> ByDay() => Days.Select(one => ("at", one.ToString(CultureInfo.InvariantCulture)));

    public IEnumerable<(string Name, string Value)> ByDaysOverdue() => Stated("daysOverdueMax", Text(DaysOverdueMax));

    public IEnumerable<(string Name, string Value)> ByPower() => Stated("power", Power?.ToString(CultureInfo.InvariantCulture));

    /// <summary>The parameter, if a code of it is asked for.</summary>
    public static IEnumerable<(string Name, string Value)> Stated<T>(string name, T? value)
        where T : struct, Enum => Stated(name, Code.Of(value));

    private string Whole(string address, IEnumerable<(string Name, string Value)> parameters) =>
        $"{address}?{string.Join('&', parameters.Concat(Stated("asOf", Text(AsOf))).Select(parameter => $"{parameter.Name}={parameter.Value}"))}";

    private IEnumerable<(string Name, string Value)> Filters() =>
    [
        .. Procedures.Select(one => ("procedure", Code.Of(one))),
        .. Sites.Select(one => ("site", one)),
        .. Indications.Select(one => ("indication", Code.Of(one))),
        .. Sexes.Select(one => ("sex", Code.Of(one))),
        .. PainSides.Select(one => ("painSide", Code.Of(one))),
        .. Stated("ageMin", Text(AgeMin)),
        .. Stated("ageMax", Text(AgeMax)),
        .. Stated("painDurationMin", Text(PainDurationMin)),
        .. Stated("painDurationMax", Text(PainDurationMax)),
        .. Stated("from", Text(From)),
        .. Stated("to", Text(To)),
        .. Dermatomes.Select(one => ("dermatome", one)),
        .. Leads.Select(one => ("lead", Code.Of(one))),
        .. TrialOutcomes.Select(one => ("trialOutcome", Code.Of(one))),
        .. Generators.Select(one => ("generator", Code.Of(one))),
        .. Events.Select(one => ("hadEvent", Code.Of(one))),
        .. Events.Count == 0 ? [] : Stated("hadEventFrom", Text(EventFrom)),
        .. Events.Count == 0 ? [] : Stated("hadEventTo", Text(EventTo)),
        .. Stated("baselineNrsMin", Text(BaselineNrsMin)),
        .. Stated("baselineNrsMax", Text(BaselineNrsMax)),
        .. Stated("baselinePdiMin", Text(BaselinePdiMin)),
        .. Stated("baselinePdiMax", Text(BaselinePdiMax)),
        .. Stated("responder", Responder?.ToString()),
        .. Stated("lostResponseBy", LostResponseBy?.ToString()),
        .. Stated("has", Has.Count == 0 ? null : string.Join(
            ',',
            Has.Select(one => Code.Of(one.Timepoint) + (one.Instrument is { } instrument ? ":" + Code.Of(instrument) : string.Empty)))),
        .. Stated("primary", Primary switch { true => "true", false => "false", null => null }),
    ];

    private static IEnumerable<(string Name, string Value)> Stated(string name, string? value) => value is null ? [] : [(name, value)];

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>A response at a follow-up, as a filter states it.</summary>
internal sealed record Answered(int Threshold, Timepoint Timepoint, Instrument Instrument)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Threshold}@{Code.Of(Timepoint)}{(Instrument == Instrument.Pdi ? ":pdi" : string.Empty)}");
}
