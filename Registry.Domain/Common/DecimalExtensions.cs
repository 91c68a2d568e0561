namespace Registry.Domain.Common;

/// <summary>How a decimal number is written.</summary>
public static class DecimalExtensions
{
    /// <summary>The same number without zeros at the end of its fraction: 1.50 is written 1.5, and 2.00 is written 2.</summary>
    public static decimal WithoutTrailingZeros(this decimal number) => number / 1.0000000000000000000000000000m;
}
