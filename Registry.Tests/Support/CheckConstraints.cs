using System.Text.RegularExpressions;

namespace Registry.Tests.Support;

/// <summary>What the columns of the tables allow, each on its own, read from the script that makes them.</summary>
internal static partial class CheckConstraints
{
    /// <summary>
    /// Each CHECK as <c>table.column</c> and what it allows: <c>a|b</c> for codes, <c>0..10</c> for a range, <c>1..</c> for a least value.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Of(string engine)
    {
        var checks = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var table = string.Empty;
        foreach (var line in EmbeddedScripts.Tables(engine).Code.Split('\n'))
        {
            if (Table().Match(line) is { Success: true } start)
            {
                table = start.Groups["name"].Value;
            }

            if (line.Contains("CHECK", StringComparison.Ordinal) && !line.StartsWith("  CHECK", StringComparison.Ordinal))
            {
                var check = Check().Match(line);
                if (!check.Success || check.Groups["column"].Value != check.Groups["checked"].Value)
                {
                    throw new InvalidOperationException($"A CHECK in a form that the tests do not know: {line}");
                }

                checks.Add($"{table}.{check.Groups["column"].Value}", Allowed(check));
            }
        }

        return checks;
    }

    private static string Allowed(Match check) =>
        check.Groups["codes"] is { Success: true } codes ? string.Join('|', codes.Value.Split(", ").Select(code => code.Trim('\'')))
        : check.Groups["least"] is { Success: true } least ? least.Value + ".."
        : check.Groups["min"].Value + ".." + check.Groups["max"].Value;

    [GeneratedRegex(@"^CREATE TABLE (?<name>\w+) \($")]
    private static partial Regex Table();

    [GeneratedRegex(
        @"^  (?<column>\w+) .*CHECK \((?<checked>\w+) (IN \((?<codes>[^)]*)\)|BETWEEN (?<min>-?\d+) AND (?<max>\d+)|>= (?<least>\d+))\),?$")]
    private static partial Regex Check();
}
