namespace Registry.Domain.Common;

/// <summary>How a missing value of a member is represented in a body or an answer.</summary>
/// <param name="words">The rule, such as <c>left out when not recorded</c>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class MissingAttribute(string words) : Attribute
{
    /// <summary>The rule.</summary>
    public string Words => words;
}

/// <summary>The unit of a number.</summary>
/// <param name="unit">The unit, such as <c>months</c>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class UnitAttribute(string unit) : Attribute
{
    /// <summary>The unit.</summary>
    public string Unit => unit;

    /// <summary>A remark added to the message that refuses a number; empty for none.</summary>
    public string Remark { get; init; } = string.Empty;
}

/// <summary>The instrument, the standard or the literature that a member follows.</summary>
/// <param name="source">Its name.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class SourceAttribute(string source) : Attribute
{
    /// <summary>Its name.</summary>
    public string Source => source;
}

/// <summary>The range of a whole number.</summary>
/// <param name="min">The smallest value allowed, inclusive.</param>
/// <param name="max">The largest value allowed, inclusive.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class WholeRangeAttribute(int min, int max) : Attribute
{
    /// <summary>The range.</summary>
    public WholeRange Range => new(min, max);
}

/// <summary>The range of a decimal number.</summary>
/// <param name="min">The smallest value allowed, inclusive.</param>
/// <param name="max">The largest value allowed, inclusive.</param>
/// <param name="decimals">The most decimals it can have.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class DecimalRangeAttribute(long min, long max, int decimals) : Attribute
{
    /// <summary>The range.</summary>
    public DecimalRange Range => new(min, max);

    /// <summary>The most decimals it can have.</summary>
    public int Decimals => decimals;
}

/// <summary>A calendar year that has begun. A date need not say so: none lies in the future.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotInTheFutureAttribute : Attribute;

/// <summary>A date on or after another of the same record.</summary>
/// <param name="member">The name of the property with the other date.</param>
/// <param name="name">What happened on that date, such as <c>admission</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotBeforeAttribute(string member, string name) : Attribute
{
    /// <summary>The name of the property with the other date.</summary>
    public string Member => member;

    /// <summary>What happened on that date.</summary>
    public string Name => name;
}

/// <summary>A text in the form of an <see cref="Common.Identifier"/>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class IdentifierAttribute : Attribute;

/// <summary>A text that is a code of an enumeration.</summary>
/// <param name="codes">The enumeration.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class CodesOfAttribute(Type codes) : Attribute
{
    /// <summary>The enumeration.</summary>
    public Type Codes => codes;
}

/// <summary>A list of spinal levels: without repetition, from head to foot, never empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SpinalLevelsAttribute : Attribute;

/// <summary>A member that has to be stated, and may be stated as null.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class StatedOrNullAttribute : Attribute;

/// <summary>A member that no body states: another way of sending sets it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotStatedAttribute : Attribute;

/// <summary>The column of a member. Without it a column has the name of its member in snake case.</summary>
/// <param name="name">The column; of a member that has members of its own, what the names of their columns begin with.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ColumnAttribute(string name) : Attribute
{
    /// <summary>The column.</summary>
    public string Name => name;
}

/// <summary>A member without a column in the table of its record.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NoColumnAttribute : Attribute;
