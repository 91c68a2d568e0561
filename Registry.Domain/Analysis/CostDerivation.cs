using Registry.Domain.Cases;
using Registry.Domain.Costs;

namespace Registry.Domain.Analysis;

/// <summary>Adds up the costs of the cases and pathways of one person.</summary>
internal static class CostDerivation
{
    /// <summary>The costs of a case, its totals, and if it is the first of a pathway, those of the pathway.</summary>
    /// <param name="lastUsedDay">The last day whose data are used.</param>
    /// <param name="subject">The case.</param>
    /// <param name="first">The first case of its pathway.</param>
    /// <param name="pathway">All cases of the pathway.</param>
    public static (IReadOnlyList<CostRow> Costs, IReadOnlyList<CostTotalRow> Totals) Derive(int lastUsedDay, CaseCourse subject, PersonCase first, IReadOnlyList<CaseCourse> pathway)
    {
        var costs = new List<CostRow>();
        foreach (var one in pathway)
        {
            foreach (var (code, item) in one.Subject.Chart.Costs)
            {
                if (!(item.IncurredOn?.DayNumber > lastUsedDay))
                {
                    costs.Add(new CostRow(
                        one.Subject.Number, code, item.IncurredOn?.DayNumber ?? 0, one.Subject.Chart.Case.Procedure, first.Number, first.Chart.Case.Procedure, item, false, false));
                }
            }
        }

        if (costs.Count == 0)
        {
            return ([], []);
        }

        costs.Sort(static (a, b) => (a.KnownFrom, a.Case).CompareTo((b.KnownFrom, b.Case)) is not 0 and var order ? order : string.CompareOrdinal(a.Code, b.Code));
        MarkTheFirst(costs);
        var own = costs.FindAll(cost => cost.Case == subject.Subject.Number);
        var totals = new List<CostTotalRow>();
        foreach (var basis in Enum.GetValues<CostBasis>())
        {
            AddTotals(totals, own.FindAll(Included), subject.Subject.Number, pathway.Count == 1 ? CostUnit.Both : CostUnit.Case, basis, subject.Subject.Chart.Case.Procedure);
            if (pathway.Count > 1 && first.Number == subject.Subject.Number)
            {
                AddTotals(totals, costs.FindAll(Included), first.Number, CostUnit.Pathway, basis, first.Chart.Case.Procedure);
            }

            bool Included(CostRow cost) => basis.Includes(cost.Item.Category);
        }

        return (own, totals);
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
