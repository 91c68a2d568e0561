using Registry.Domain.Costs;

namespace Registry.Domain.Analysis;

/// <summary>Costs added up by category, in thousandths of the major unit. A category without a cost is missing, not 0. Immutable.</summary>
public sealed class CategorySums : IEquatable<CategorySums>
{
    /// <summary>No cost.</summary>
    public static readonly CategorySums None = new(new long?[Enum.GetValues<CostCategory>().Length]);

    private readonly long?[] _sums;

    private CategorySums(long?[] sums) => _sums = sums;

    /// <summary>The sum of a category; null without a cost.</summary>
    public long? this[CostCategory category] => _sums[(int)category];

    /// <summary>The sum on a basis; null without a cost.</summary>
    public long? On(CostBasis basis)
    {
        long? sum = null;
        for (var category = 0; category < _sums.Length; category++)
        {
            if (_sums[category] is { } part && basis.Includes((CostCategory)category))
            {
                sum = (sum ?? 0) + part;
            }
        }

        return sum;
    }

    /// <summary>The sums with a cost added.</summary>
    public CategorySums With(CostItem item)
    {
        var sums = (long?[])_sums.Clone();
        sums[(int)item.Category] = (sums[(int)item.Category] ?? 0) + item.Thousandths;
        return new CategorySums(sums);
    }

    /// <inheritdoc/>
    public bool Equals(CategorySums? other) => other is not null && _sums.AsSpan().SequenceEqual(other._sums);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CategorySums);

    /// <inheritdoc/>
    public override int GetHashCode() => On(CostBasis.All).GetHashCode();
}
