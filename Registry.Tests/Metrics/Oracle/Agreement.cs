using System.Globalization;
using System.Text.Json.Nodes;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>Compares the rows of an answer with the rows that are expected.</summary>
internal static class Agreement
{
    // Both sides add up few small numbers; only the ends of an interval near 0 lose relative digits, hence the 1.
    private const double Tolerance = 1e-12;

    /// <summary>
    /// Every difference, in words; none when the answer has the rows it has to have, in their order. Members that nobody expects are let
    /// pass.
    /// </summary>
    public static IReadOnlyList<string> Differences(ApiAnswer answer, IReadOnlyList<ExpectedRow> expected)
    {
        var differences = new List<string>();
        var keyNames = expected[0].Key.Select(part => part.Name).ToList();
        var items = answer.Items.Select(Flat)
            .Select(item => (Key: Spell(keyNames.Select(name => item.GetValueOrDefault(name))), Figures: item))
            .ToList();
        var keys = expected.Select(row => Spell(row.Key.Select(part => part.Value))).ToList();
        differences.AddRange(keys.Except(items.Select(item => item.Key)).Select(key => $"{key}: no row"));
        differences.AddRange(items.Select(item => item.Key).Except(keys).Select(key => $"{key}: not expected"));
        if (differences.Count > 0 || !items.Select(item => item.Key).SequenceEqual(keys))
        {
            return [.. differences, $"the rows are {string.Join(", ", items.Select(item => item.Key))}"];
        }

        foreach (var (row, item) in expected.Zip(items))
        {
            foreach (var (name, value) in row.Figures)
            {
                if (!item.Figures.TryGetValue(name, out var text))
                {
                    differences.Add($"{item.Key}: no {name}");
                }
                else if (!Agrees(value, text))
                {
                    differences.Add(
                        $"{item.Key}: {name} is {text ?? "null"}, expected "
                            + $"{Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null"}");
                }
            }
        }

        return differences;
    }

    private static string Spell(IEnumerable<string?> key) => string.Join(' ', key.Select(part => part ?? "null"));

    private static bool Agrees(object? expected, string? actual) => (expected, actual) switch
    {
        (null, _) => actual is null,
        (_, null) => false,
        (string text, _) => actual == text,
        (long number, _) =>
            long.TryParse(actual, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var found) && found == number,
        (decimal amount, _) =>
            decimal.TryParse(
                actual, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var found)
            && found == amount,
        (double figure, _) => double.TryParse(actual, NumberStyles.Float, CultureInfo.InvariantCulture, out var found)
            && Math.Abs(found - figure) <= Tolerance * Math.Max(1, Math.Abs(figure)),
        _ => throw new ArgumentException($"No way to compare a {expected.GetType().Name}.", nameof(expected)),
    };

    /// <summary>
    /// The members of a row by name, nested ones as <c>object.member</c>, those of a category as <c>byCategory.category.member</c>.
    /// </summary>
    private static Dictionary<string, string?> Flat(JsonNode item)
    {
        var flat = new Dictionary<string, string?>();
        Add(string.Empty, item.AsObject());
        return flat;

        void Add(string prefix, JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                switch (value)
                {
                    case JsonObject nested:
                        Add($"{prefix}{name}.", nested);
                        break;
                    case JsonArray rows:
                        flat[$"{prefix}{name}.count"] = rows.Count.ToString(CultureInfo.InvariantCulture);
                        foreach (var row in rows)
                        {
                            Add($"{prefix}{name}.{row!["category"]}.", row.AsObject());
                        }

                        break;
                    default:
                        flat[prefix + name] = value?.ToString();
                        break;
                }
            }
        }
    }
}
