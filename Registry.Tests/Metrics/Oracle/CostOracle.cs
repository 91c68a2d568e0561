using System.Globalization;
using Registry.Api.Summaries;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Costs;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>Costs of a case, of a pathway, and of a responder.</summary>
internal static class CostOracle
{
    public static IEnumerable<ExpectedRow> Rows(Cohort cohort) =>
        from @group in cohort.Groups()
        from basis in cohort.Question.Basis is { } asked ? [asked] : Enum.GetValues<CostBasis>()
        from per in cohort.Question.Per is { } asked ? [asked] : Enum.GetValues<CostPer>()
        let units = @group.Members.Where(one => per == CostPer.Case || one.Record.PrecedingCase is null)
            .Select(one => new Unit(one, per == CostPer.Case ? [one] : Pathway(one, cohort.All)))
            .ToList()
        from row in Rows(units, @group.Name, basis, per, cohort.Question)
        select row;

    private static IEnumerable<ExpectedRow> Rows(List<Unit> units, string procedure, CostBasis basis, CostPer per, Question question)
    {
        var items = (from unit in units
                     from one in unit.Cases
                     from cost in one.Costs
                     where basis == CostBasis.All
                         || cost.Category is CostCategory.Operation or CostCategory.Device or CostCategory.Anaesthesia
                     select new Item(unit, cost)).ToList();
        long without = units.Count - items.Select(item => item.Unit).Distinct().Count();
        var pairs = items.GroupBy(item => (Currency: (string?)item.Cost.Currency, Year: (int?)item.Cost.PriceYear))
            .OrderBy(pair => pair.Key.Currency, StringComparer.Ordinal).ThenBy(pair => pair.Key.Year)
                .Select(pair => (pair.Key, Items: pair.ToList())).ToList();
        return from pair in pairs.Count == 0 ? [((null, null), [])] : pairs
               select new ExpectedRow(
                   [
                       ("procedure", procedure),
                       ("basis", Code.Of(basis)),
                       ("per", Code.Of(per)),
                       ("currency", pair.Key.Currency),
                       ("priceYear", pair.Key.Year?.ToString(CultureInfo.InvariantCulture)),
                   ],
                   [
                       .. Figures(pair.Items),
                       .. per == CostPer.Case
                           ? PerResponder(pair.Items, question)
                           : [("costPerResponder", null), ("costPerResponderOf", null)],
                       ("casesWithoutCost", without),
                   ]);
    }

    private static IEnumerable<(string Name, object? Value)> Figures(List<Item> items)
    {
        var perUnit = PerUnit(items);
        return
        [
            ("n", (long)perUnit.Count),
            ("mean", Naive.RoundedMean(perUnit)),
            ("sd", Naive.Sd(perUnit) is { } sd ? decimal.Round(sd, 4, MidpointRounding.AwayFromZero) : null),
            ("median", Naive.Quartile(perUnit, 2)),
            ("q1", Naive.Quartile(perUnit, 1)),
            ("q3", Naive.Quartile(perUnit, 3)),
            ("total", perUnit.Sum()),
            ("byCategory.count", items.Select(item => item.Cost.Category).Distinct().LongCount()),
            .. from category in items.GroupBy(item => item.Cost.Category)
               let ofCategory = PerUnit(category)
               from figure in (IEnumerable<(string, object?)>)[("n", (long)ofCategory.Count), ("mean", Naive.RoundedMean(ofCategory)),
                   ("total", ofCategory.Sum())]
               select ($"byCategory.{Code.Of(category.Key)}.{figure.Item1}", figure.Item2),
        ];
    }

    /// <summary>All these costs of the cases in the denominator of a response rate, over the responders among those cases.</summary>
    private static IEnumerable<(string Name, object? Value)> PerResponder(List<Item> items, Question question)
    {
        var standing = new Standing(
            question.Timepoints.FirstOrDefault(Timepoint.Month12),
            question.Instruments.FirstOrDefault(Instrument.Nrs),
            question.Thresholds.FirstOrDefault(30),
            question.Sets.FirstOrDefault(AnalysisSet.IntentionToTreat));
        var judged = items.GroupBy(item => item.Unit)
            .Select(unit => (Responded: ResponseRateOracle.Responded(unit.Key.First, standing), Cost: unit.Sum(item => item.Cost.Amount)))
            .Where(unit => unit.Responded is not null)
            .ToList();
        var total = judged.Sum(unit => unit.Cost);
        var responders = judged.Count(unit => unit.Responded == true);
        return
        [
            ("costPerResponder", responders == 0 ? null : Naive.Rounded(total, responders)),
            .. Naive.Under(
                [.. standing.Key.Select(part => (part.Name, (object?)part.Value)), ("cases", (long)judged.Count), ("total", total),
                    ("responders", (long)responders)],
                "costPerResponderOf"),
        ];
    }

    /// <summary>A case with all that came after it, directly or not.</summary>
    private static List<CaseOnADay> Pathway(CaseOnADay first, IReadOnlyList<CaseOnADay> all) =>
    [
        first,
        .. from next in all
           where next.Recorded.Site == first.Recorded.Site && next.Record.PrecedingCase?.ToString() == first.Recorded.Code
           from later in Pathway(next, all)
           select later,
    ];

    private static List<decimal> PerUnit(IEnumerable<Item> items) =>
        [.. items.GroupBy(item => item.Unit).Select(unit => unit.Sum(item => item.Cost.Amount))];

    /// <summary>What a cost is counted for, told from others by itself.</summary>
    private sealed class Unit(CaseOnADay first, IReadOnlyList<CaseOnADay> cases)
    {
        public CaseOnADay First => first;

        public IReadOnlyList<CaseOnADay> Cases => cases;
    }

    private sealed record Item(Unit Unit, CostItem Cost);
}
