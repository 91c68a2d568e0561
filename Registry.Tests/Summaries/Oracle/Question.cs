using System.Globalization;
using Registry.Api.Summaries;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Responses;
using Code = Registry.Domain.Recording.Code;

namespace Registry.Tests.Summaries.Oracle;

/// <summary>What a summary is asked. An empty list and null stand for a parameter that is left out.</summary>
internal sealed record Question
{
    public required DateOnly Today { get; init; }

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

    public IReadOnlyList<int> Thresholds { get; init; } = [];

    public IReadOnlyList<Instrument> Instruments { get; init; } = [];

    /// <summary>Follow-ups alone: all summaries that take a timepoint know these.</summary>
    public IReadOnlyList<Timepoint> Timepoints { get; init; } = [];

    public IReadOnlyList<AnalysisSet> Sets { get; init; } = [];

    public CostBasis? Basis { get; init; }

    /// <summary>Visits are due up to this day.</summary>
    public DateOnly DueBy => AsOf ?? Today;

    /// <summary>What is dated later is not looked at. Without a stated cut-off, a site east of UTC may already live tomorrow.</summary>
    public DateOnly LastDataDay => AsOf ?? Today.AddDays(1);

    /// <summary>The groups that have rows: the procedures asked for (all, when none is), and 'all' for these together.</summary>
    public IEnumerable<(string Name, IReadOnlyList<Procedure> Procedures)> Groups()
    {
        IReadOnlyList<Procedure> asked = Procedures.Count == 0 ? Enum.GetValues<Procedure>() : [.. Procedures.Distinct()];
        foreach (var procedure in asked)
        {
            yield return (Code.Of(procedure), [procedure]);
        }

        yield return ("all", asked);
    }

    public string ResponseRates() => Path("response-rates", [.. Repeated("threshold", Thresholds.Select(Text)), .. ByScore()]);

    public string Scores() => Path("scores", ByScore());

    public string Costs() => Path("costs", Basis is { } basis ? [("per", "case"), ("basis", Code.Of(basis))] : [("per", "case")]);

    public string Stays() => Path("stays", []);

    public string Trials() => Path("trials", []);

    private IEnumerable<(string Name, string Value)> ByScore() =>
    [
        .. Repeated("instrument", Instruments.Select(one => Code.Of(one))),
        .. Repeated("timepoint", Timepoints.Select(one => Code.Of(one))),
        .. Repeated("set", Sets.Select(one => Code.Of(one))),
    ];

    private string Path(string summary, IEnumerable<(string Name, string Value)> own)
    {
        var parameters = own.ToList();
        parameters.AddRange(Repeated("procedure", Procedures.Select(one => Code.Of(one))));
        parameters.AddRange(Repeated("site", Sites));
        parameters.AddRange(Repeated("indication", Indications.Select(one => Code.Of(one))));
        parameters.AddRange(Repeated("sex", Sexes.Select(one => Code.Of(one))));
        parameters.AddRange(Repeated("painSide", PainSides.Select(one => Code.Of(one))));
        AddIfStated("ageMin", AgeMin is { } youngest ? Text(youngest) : null);
        AddIfStated("ageMax", AgeMax is { } oldest ? Text(oldest) : null);
        AddIfStated("painDurationMin", PainDurationMin is { } shortest ? Text(shortest) : null);
        AddIfStated("painDurationMax", PainDurationMax is { } longest ? Text(longest) : null);
        AddIfStated("from", From is { } first ? Text(first) : null);
        AddIfStated("to", To is { } last ? Text(last) : null);
        AddIfStated("primary", Primary is { } primary ? primary ? "true" : "false" : null);
        AddIfStated("asOf", AsOf is { } asOf ? Text(asOf) : null);
        return $"/summaries/{summary}?{string.Join('&', parameters.Select(parameter => $"{parameter.Name}={parameter.Value}"))}";

        void AddIfStated(string name, string? value)
        {
            if (value is not null)
            {
                parameters.Add((name, value));
            }
        }
    }

    private static IEnumerable<(string Name, string Value)> Repeated(string name, IEnumerable<string> values) => values.Select(value => (name, value));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
