namespace Registry.Tests.Support;

/// <summary>Every script of the folder <c>db/</c>, as it travels inside the program.</summary>
internal static class EmbeddedScripts
{
    /// <summary>The scripts as path and text, in order of path.</summary>
    public static IReadOnlyList<EmbeddedScript> All { get; } =
    [
        .. from name in typeof(Program).Assembly.GetManifestResourceNames()
           let path = name.Replace('\\', '/')
           where path.StartsWith("db/", StringComparison.Ordinal)
           orderby path
           select new EmbeddedScript(path, Read(name)),
    ];

    /// <summary>The scripts that run on a T-SQL server: its own, and the views that both engines share.</summary>
    public static IReadOnlyList<EmbeddedScript> ForSqlServer { get; } =
        [.. All.Where(script => !script.Path.StartsWith("db/sqlite/", StringComparison.Ordinal))];

    /// <summary>The views that both engines share.</summary>
    public static IReadOnlyList<EmbeddedScript> SharedViews { get; } =
        [.. All.Where(script => script.Path.StartsWith("db/views/", StringComparison.Ordinal))];

    /// <summary>Every view: the shared ones, and those of each engine.</summary>
    public static IReadOnlyList<EmbeddedScript> Views { get; } =
        [.. All.Where(script => !script.Path.Contains("/migrations/", StringComparison.Ordinal))];

    /// <summary>The first migration of an engine, which makes the tables.</summary>
    public static EmbeddedScript Tables(string engine) => All.Single(script => script.Path == $"db/{engine}/migrations/001_registry.sql");

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Program).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

/// <summary>One script.</summary>
internal sealed record EmbeddedScript(string Path, string Text)
{
    /// <summary>The file name without folder and ending.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The folder that holds the file, such as <c>metric</c>.</summary>
    public string Folder => Path.Split('/')[^2];

    /// <summary>The text without its comments.</summary>
    public string Code => string.Join('\n', Text.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal)));

    /// <summary>The path, as the name of a test case.</summary>
    public override string ToString() => Path;
}
