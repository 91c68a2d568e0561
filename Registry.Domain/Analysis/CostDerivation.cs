using Registry.Domain.Cases;
using Registry.Domain.Costs;

namespace Registry.Domain.Analysis;

/// <summary>Adds up the costs of the cases and pathways of one person.</summary>
internal static class CostDerivation
{
    public static (IReadOnlyList<CostRow> Costs, IReadOnlyList<CostTotalRow> Totals) Derive(PersonCourse person, Dictionary<int, PersonCase> pathways)
    {
        var costs = new List<CostRow>();
        foreach (var one in person.Cases)
        {
            var pathway = pathways[one.Subject.Number];
            foreach (var (code, item) in one.Subject.Chart.Costs)
            {
                if (!(item.IncurredOn?.DayNumber > person.LastUsedDay))
                {
                    costs.Add(new CostRow(
                        one.Subject.Number, code, item.IncurredOn?.DayNumber ?? 0, one.Subject.Chart.Case.Procedure, pathway.Number, pathway.Chart.Case.Procedure, item, false, false));
                }
            }
        }

        if (costs.Count == 0)
        {
            return ([], []);
        }

        costs.Sort(static (a, b) => (a.KnownFrom, a.Case).CompareTo((b.KnownFrom, b.Case)) is not 0 and var order ? order : string.CompareOrdinal(a.Code, b.Code));
        MarkTheFirst(costs);
        var totals = new List<CostTotalRow>();
        foreach (var pathway in costs.GroupBy(cost => cost.Pathway))
        {
            var isOfOne = pathways.Values.Count(first => first.Number == pathway.Key) == 1;
            foreach (var basis in Enum.GetValues<CostBasis>())
            {
                var included = pathway.Where(cost => basis.Includes(cost.Item.Category)).ToList();
                if (isOfOne)
                {
                    AddTotals(totals, included, pathway.Key, CostUnit.Both, basis, pathway.First().PathwayProcedure);
                    continue;
                }

                AddTotals(totals, included, pathway.Key, CostUnit.Pathway, basis, pathway.First().PathwayProcedure);
                foreach (var one in included.GroupBy(cost => cost.Case))
                {
                    AddTotals(totals, [.. one], one.Key, CostUnit.Case, basis, one.First().Procedure);
                }
            }
        }

        return (costs, totals);
    }

    private static void MarkTheFirst(List<CostRow> costs)
    {
        var ofCases = new HashSet<(int, CostCategory, string, int)>();
        var ofPathways = new HashSet<(int, CostCategory, string, int)>();
        for (var at = 0; at < costs.Count; at++)
        {
            var (cost, item) = (costs[at], costs[at].Item);
            costs[at] = cost with
            {
                IsFirstOfCase = ofCases.Add((cost.Case, item.Category, item.Currency, item.PriceYear)),
                IsFirstOfPathway = ofPathways.Add((cost.Pathway, item.Category, item.Currency, item.PriceYear)),
            };
        }
    }

    // The costs are in the order of the days from which on they are known. At each of these days every sum is what it is by then.
    private static void AddTotals(List<CostTotalRow> totals, List<CostRow> costs, int @case, CostUnit unit, CostBasis basis, Procedure procedure)
    {
        var open = new SortedDictionary<(string Currency, int PriceYear), CostTotalRow>(Comparer<(string Currency, int PriceYear)>.Create(
            static (a, b) => string.CompareOrdinal(a.Currency, b.Currency) is not 0 and var order ? order : a.PriceYear.CompareTo(b.PriceYear)));
        for (var at = 0; at < costs.Count;)
        {
            var day = costs[at].KnownFrom;
            var sums = new Dictionary<(string, int), long>();
            for (; at < costs.Count && costs[at].KnownFrom == day; at++)
            {
                var item = costs[at].Item;
                sums[(item.Currency, item.PriceYear)] = sums.GetValueOrDefault((item.Currency, item.PriceYear)) + item.Thousandths;
            }

            foreach (var (key, sum) in sums)
            {
                open.TryGetValue(key, out var before);
                if (before.Currency is not null && sum != 0 && before.CutOffs.From < day)
                {
                    totals.Add(before with { CutOffs = before.CutOffs with { Until = day } });
                }

                if (before.Currency is null || sum != 0)
                {
                    open[key] = new CostTotalRow(@case, unit, basis, key.Item1, key.Item2, new CutOffs(day, CaseCourse.EndOfTime), procedure, before.Thousandths + sum, before.IsFirst);
                }
            }

            foreach (var (key, row) in open.ToList())
            {
                var isFirst = key == open.Keys.First();
                if (row.IsFirst == isFirst)
                {
                    continue;
                }

                if (row.CutOffs.From < day)
                {
                    totals.Add(row with { CutOffs = row.CutOffs with { Until = day } });
                }

                open[key] = row with { IsFirst = isFirst, CutOffs = row.CutOffs with { From = day } };
            }
        }

        totals.AddRange(open.Values);
    }
}
