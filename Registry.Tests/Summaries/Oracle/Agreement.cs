using System.Globalization;
using System.Text.Json.Nodes;
using Registry.Tests.Support;

namespace Registry.Tests.Summaries.Oracle;

/// <summary>Compares the rows of an answer with the rows that are expected.</summary>
internal static class Agreement
{
    // Both sides add up few small numbers; only the ends of an interval near 0 lose relative digits, hence the 1.
    private const double Tolerance = 1e-12;

    /// <summary>Every difference, in words; none when the answer is what it has to be. Members that nobody expects are let pass.</summary>
    public static IReadOnlyList<string> Differences(ApiAnswer answer, IReadOnlyList<ExpectedRow> expected)
    {
        var differences = new List<string>();
        var keyNames = expected[0].Key.Select(part => part.Name).ToList();
        var rows = answer.Items.ToLookup(item => Spell(keyNames.Select(name => item[name]?.ToString())));
        foreach (var repeated in rows.Where(row => row.Count() > 1))
        {
            differences.Add($"{repeated.Key}: {repeated.Count()} rows");
        }

        foreach (var surplus in rows.Select(row => row.Key).Except(expected.Select(row => Spell(row.Key.Select(part => part.Value)))))
        {
            differences.Add($"{surplus}: not expected");
        }

        foreach (var row in expected)
        {
            var key = Spell(row.Key.Select(part => part.Value));
            if (rows[key].FirstOrDefault() is not { } item)
            {
                differences.Add($"{key}: no row");
                continue;
            }

            var actual = Flat(item);
            foreach (var (name, value) in row.Figures)
            {
                if (!actual.TryGetValue(name, out var text))
                {
                    differences.Add($"{key}: no {name}");
                }
                else if (!Agrees(value, text))
                {
                    differences.Add($"{key}: {name} is {text ?? "null"}, expected {Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null"}");
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
        (long number, _) => long.TryParse(actual, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var found) && found == number,
        (decimal amount, _) => decimal.TryParse(actual, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var found) && found == amount,
        (RoundedAmount amount, _) => decimal.TryParse(actual, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var found) && amount.IsShownAs(found),
        (double figure, _) => double.TryParse(actual, NumberStyles.Float, CultureInfo.InvariantCulture, out var found)
            && Math.Abs(found - figure) <= Tolerance * Math.Max(1, Math.Abs(figure)),
        _ => throw new ArgumentException($"No way to compare a {expected.GetType().Name}.", nameof(expected)),
    };

    /// <summary>The members of a row by name, nested ones as <c>object.member</c>, those of a category as <c>byCategory.category.member</c>.</summary>
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
