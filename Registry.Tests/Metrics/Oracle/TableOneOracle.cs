using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>The lines of table one by procedure: which there are, and how far apart the groups lie.</summary>
internal static class TableOneOracle
{
    public static IEnumerable<ExpectedRow> Rows(Cohort cohort)
    {
        var groups = cohort.Groups().Where(group => group.Name != "all").Select(group => group.Members).ToList();
        yield return new ExpectedRow([("variable", "cases"), ("level", null)], [("groups.count", (long)groups.Count + 1), ("smd", null)]);
        (string Name, Func<CaseOnADay, int?> Value)[] numbers =
        [
            ("age", one => one.Age),
            ("painDurationMonths", one => one.Record.PainDurationMonths),
            ("nrsBaseline", one => one.HasEntered ? one.Baseline(Instrument.Nrs) : null),
            ("pdiBaseline", one => one.HasEntered ? one.Baseline(Instrument.Pdi) : null),
        ];
        foreach (var (name, value) in numbers)
        {
            yield return Line(
                name,
                null,
                groups.Select(members => members.Select(value).OfType<int>().ToList()),
                values => Naive.Mean(values),
                values => Naive.Sd(values) is { } sd ? sd * sd : null);
        }

        (string Name, IEnumerable<string> Levels, Func<CaseOnADay, string?> Value)[] categories =
        [
            ("procedure", Code.All<Procedure>(), one => Code.Of(one.Record.Procedure)),
            ("sex", Code.All<Sex>(), one => Code.Of(one.Record.Patient.Sex)),
            ("indication", Code.All<Indication>(), one => Code.Of(one.Record.Indication)),
            ("painSide", Code.All<PainSide>(), one => Code.Of(one.Record.PainSide)),
            ("primary", ["true", "false"], one => one.Record.PrecedingCase is null ? "true" : "false"),
            ("treated", ["true", "false"], one => one.IsTreated ? "true" : "false"),
            ("lead", Code.All<LeadType>(), one => Code.Of(one.Lead)),
            ("trialOutcome", Code.All<TrialOutcome>(), one => Code.Of(one.TrialEnd?.Outcome)),
            ("generator", Code.All<GeneratorType>(), one => Code.Of(one.Generator)),
        ];
        foreach (var (name, levels, value) in categories)
        {
            foreach (var level in levels)
            {
                yield return Line(
                    name,
                    level,
                    groups.Select(members => members.Select(value).OfType<string>().Select(one => one == level ? 1 : 0).ToList()),
                    values => Naive.Mean(values),
                    values => Naive.Mean(values) is { } share ? share * (1 - share) : null);
            }
        }
    }

    private static ExpectedRow Line(
        string variable, string? level, IEnumerable<List<int>> groups, Func<List<int>, double?> middle, Func<List<int>, double?> variance)
    {
        var told = groups.Select(values => (Middle: middle(values), Variance: variance(values))).ToList();
        var differences =
            from one in told.Index()
            from other in told.Skip(one.Index + 1)
            let spread = (one.Item.Variance + other.Variance) / 2
            let apart = Math.Abs((one.Item.Middle - other.Middle) ?? 0)
            where spread is not null
            select spread > 0 ? apart / Math.Sqrt(spread.Value) : apart == 0 ? 0 : (double?)null;
        List<double?> all = [.. differences];
        return new ExpectedRow([("variable", variable), ("level", level)], [("smd", all.Contains(null) ? null : all.Max())]);
    }
}
