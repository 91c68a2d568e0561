using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Domain.Analysis;

/// <summary>Adds up the costs of cases and of pathways.</summary>
internal static class CostDerivation
{
    /// <summary>The costs of a case, and if it is the first of a pathway of several, those of the pathway.</summary>
    /// <param name="lastUsedDay">The last day whose data are used.</param>
    /// <param name="subject">The case.</param>
    /// <param name="first">The first case of its pathway.</param>
    /// <param name="pathway">All cases of the pathway.</param>
    public static IReadOnlyList<CostRow> Derive(
        DayNumber lastUsedDay, CaseCourse subject, PersonCase first, IReadOnlyList<CaseCourse> pathway)
    {
        var rows = new List<CostRow>();
        Add(rows, lastUsedDay, subject.Subject, pathway.Count == 1 ? CostUnit.Both : CostUnit.Case, [subject]);
        if (pathway.Count > 1 && first.Number == subject.Subject.Number)
        {
            Add(rows, lastUsedDay, first, CostUnit.Pathway, pathway);
        }

        return rows;
    }

    // At each day on which a cost becomes known, every sum is what it is by then.
    private static void Add(List<CostRow> rows, DayNumber lastUsedDay, PersonCase subject, CostUnit unit, IReadOnlyList<CaseCourse> cases)
    {
        var costs = new List<(DayNumber Day, CostItem Item)>();
        foreach (var one in cases)
        {
            foreach (var item in one.Subject.Chart.Costs.Values)
            {
                // What has no day is known from the beginning.
                var day = DayNumber.Of(item.IncurredOn) ?? DayNumber.StartOfTime;
                if (day <= lastUsedDay)
                {
                    costs.Add((day, item));
                }
            }
        }

        costs.Sort(static (a, b) => a.Day.CompareTo(b.Day));
        var open = new List<CostRow>();
        for (var at = 0; at < costs.Count;)
        {
            var day = costs[at].Day;
            for (; at < costs.Count && costs[at].Day == day; at++)
            {
                AddCost(rows, open, costs[at].Item, day, new CostRow(
                    subject.Number, unit, costs[at].Item.Currency, costs[at].Item.PriceYear, new CutOffs(day, DayNumber.EndOfTime),
                    subject.Chart.Case.Procedure, CategorySums.None, false, false));
            }

            MarkTheFirst(rows, open, day);
        }

        rows.AddRange(open);
    }

    private static void AddCost(List<CostRow> rows, List<CostRow> open, CostItem item, DayNumber day, CostRow added)
    {
        var at = open.FindIndex(row => row.Currency == item.Currency && row.PriceYear == item.PriceYear);
        if (at < 0)
        {
            open.Add(added with { ByCategory = CategorySums.None.With(item) });
            open.Sort(static (a, b) =>
                string.CompareOrdinal(a.Currency, b.Currency) is not 0 and var order ? order : a.PriceYear.CompareTo(b.PriceYear));
        }
        else
        {
            Replace(rows, open, at, day, open[at] with { ByCategory = open[at].ByCategory.With(item) });
        }
    }

    private static void MarkTheFirst(List<CostRow> rows, List<CostRow> open, DayNumber day)
    {
        var surgical = open.FindIndex(row => row.ByCategory.On(CostBasis.Surgical) is not null);
        for (var at = 0; at < open.Count; at++)
        {
            Replace(rows, open, at, day, open[at] with { IsFirstSurgical = at == surgical, IsFirst = at == 0 });
        }
    }

    // What held until the day before is a row of its own.
    private static void Replace(List<CostRow> rows, List<CostRow> open, int at, DayNumber day, CostRow changed)
    {
        if (changed == open[at])
        {
            return;
        }

        if (open[at].CutOffs.From < day)
        {
            rows.Add(open[at] with { CutOffs = open[at].CutOffs with { Until = day } });
        }

        open[at] = changed with { CutOffs = changed.CutOffs with { From = day } };
    }
}
