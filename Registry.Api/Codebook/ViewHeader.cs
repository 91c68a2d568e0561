using System.Text.RegularExpressions;
using Registry.Api.Data;

namespace Registry.Api.Codebook;

/// <summary>The comment at the head of a view, line by line: what each label says.</summary>
internal sealed partial class ViewHeader
{
    private static readonly string[] OfFormula = ["Population", "Window", "Numerator", "Denominator"];

    private readonly Dictionary<string, string> _lines = [];

    public ViewHeader(View view)
    {
        Name = view.Name;
        string? label = null;
        foreach (var line in view.Text.Split('\n').TakeWhile(line => line.StartsWith("--", StringComparison.Ordinal)))
        {
            if (Labelled().Match(line) is { Success: true } match)
            {
                label = match.Groups["label"].Value;
                _lines[label] = match.Groups["text"].Value;
            }
            else if (label is not null)
            {
                _lines[label] += " " + line[2..].Trim();
            }
        }
    }

    /// <summary>The name of the view.</summary>
    public string Name { get; }

    /// <summary>How its figures are computed.</summary>
    public string Formula => string.Join(' ', OfFormula.Where(_lines.ContainsKey).Select(label => $"{label}: {_lines[label]}"));

    /// <summary>What it makes of missing values, or null.</summary>
    public string? Missing => _lines.GetValueOrDefault("Missing");

    /// <summary>The view, what it reads, and the literature it follows.</summary>
    public string Source => $"View {Name}, from {_lines["Source"]}";

    [GeneratedRegex(@"^-- (?<label>[A-Z]\w+):\s+(?<text>.*)$")]
    private static partial Regex Labelled();
}
