using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Registry.Api.Data;

/// <summary>One SQL script of the folder <c>db/</c>, which travels inside the program.</summary>
internal sealed record Script(string Path, string Text)
{
    /// <summary>The file name without folder and ending: for a view, the name of its relation.</summary>
    public string Name { get; } = System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>SHA-256 of the text, in hex.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}

/// <summary>The SQL scripts of the project.</summary>
internal static class Scripts
{
    private static readonly Assembly Home = typeof(Scripts).Assembly;

    /// <summary>The numbered migrations of an engine, in order.</summary>
    public static IReadOnlyList<Script> Migrations(string engine) =>
        [.. Below($"db/{engine}/migrations/").OrderBy(script => script.Path, StringComparer.Ordinal)];

    /// <summary>
    /// The views of an engine, each after those it reads: what its platform needs of its own, and what both engines share.
    /// </summary>
    public static IReadOnlyList<View> Views(string engine)
    {
        var all =
            Below($"db/{engine}/platform/").Concat(Below("db/views/")).Select(script => new View(script)).ToDictionary(view => view.Name);
        var ordered = new List<View>();
        foreach (var view in all.Values.OrderBy(view => view.Name, StringComparer.Ordinal))
        {
            Add(view);
        }

        return ordered;

        void Add(View view)
        {
            if (ordered.Contains(view))
            {
                return;
            }

            foreach (var read in view.Reads(all))
            {
                Add(read);
            }

            ordered.Add(view);
        }
    }

    private static IEnumerable<Script> Below(string folder) =>
        from name in Home.GetManifestResourceNames()
        let path = name.Replace('\\', '/')
        where path.StartsWith(folder, StringComparison.Ordinal)
        select new Script(path, Read(name));

    private static string Read(string name)
    {
        using var reader = new StreamReader(Home.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

/// <summary>
/// A view: a comment that says what it means, <c>CREATE VIEW name AS</c>, and one query. Only metrics begin
/// their query with <c>WITH</c>, because a query that does cannot be nested on SQL Server.
/// </summary>
internal sealed partial class View
{
    private readonly Script _script;

    public View(Script script)
    {
        _script = script;
        var creation = Creation().Match(script.Text);
        if (!creation.Success || creation.Groups["name"].Value != script.Name)
        {
            throw new InvalidOperationException($"{script.Path} has to create the view {script.Name}.");
        }

        Query = script.Text[(creation.Index + creation.Length)..].Trim();
    }

    public string Name => _script.Name;

    public string Text => _script.Text;

    public string Checksum => _script.Checksum;

    /// <summary>What the view selects.</summary>
    public string Query { get; }

    /// <summary>The views whose names appear in the query.</summary>
    public IEnumerable<View> Reads(IReadOnlyDictionary<string, View> all) =>
        Relations().Where(name => name != Name && all.ContainsKey(name)).Select(name => all[name]);

    /// <summary>The tables whose names appear in the query, and parts of the query that have names of their own.</summary>
    public IEnumerable<string> Tables(IReadOnlyDictionary<string, View> all) => Relations().Where(name => !all.ContainsKey(name));

    private IEnumerable<string> Relations() => Words().Matches(Query).Select(word => word.Value).Distinct();

    [GeneratedRegex(@"^CREATE VIEW (?<name>\w+) AS\s", RegexOptions.Multiline)]
    private static partial Regex Creation();

    [GeneratedRegex(@"(?<=(FROM|JOIN)\s+\(?)\b[a-z_]+\b")]
    private static partial Regex Words();
}
