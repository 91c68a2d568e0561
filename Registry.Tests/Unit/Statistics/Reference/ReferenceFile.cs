namespace Registry.Tests.Unit.Statistics.Reference;

/// <summary>A CSV file of reference values, made by reference.R and embedded in this assembly.</summary>
internal static class ReferenceFile
{
    public static IReadOnlyList<ReferenceRow> Read(string name)
    {
        var assembly = typeof(ReferenceFile).Assembly;
        var resource = assembly
            .GetManifestResourceNames()
            .Single(r => r.EndsWith($".Statistics.Reference.{name}.csv", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var lines = reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith('#'))
            .ToList();
        var columns = lines[0].Split(',');
        return lines.Skip(1).Select(line => new ReferenceRow(columns, line)).ToList();
    }
}
