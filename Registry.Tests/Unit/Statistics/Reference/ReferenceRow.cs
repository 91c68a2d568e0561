using System.Globalization;
using NUnit.Framework;

namespace Registry.Tests.Unit.Statistics.Reference;

/// <summary>One row of reference values; an empty field is a value that R does not give.</summary>
internal sealed class ReferenceRow(string[] columns, string line)
{
    private readonly string[] _fields = line.Split(',');

    public string Text(string column) => _fields[Array.IndexOf(columns, column)];

    public double? NumberOrNull(string column) =>
        Text(column) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    public double Number(string column) => NumberOrNull(column)!.Value;

    public long Whole(string column) => long.Parse(Text(column), CultureInfo.InvariantCulture);

    /// <summary>Fails unless both are missing, or both are there and differ by at most 1e-9.</summary>
    public void ShouldGive(string column, double? actual)
    {
        var expected = NumberOrNull(column);
        if (expected is null)
            Assert.That(actual, Is.Null, $"{column} of {this}");
        else
            Assert.That(actual, Is.EqualTo(expected.Value).Within(1e-9), $"{column} of {this}");
    }

    public override string ToString() => string.Join(", ", columns.Zip(_fields, (column, field) => $"{column}={field}"));
}
