using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using System.Xml.XPath;

namespace Registry.Api.OpenApi;

/// <summary>The docstrings of the program, as the compiler writes them beside each assembly.</summary>
internal static partial class Documentation
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Read = new();

    /// <summary>What the docstring of a type says, or null.</summary>
    public static XElement? Of(Type type) => Of(type.Assembly, "T:" + type.FullName!.Replace('+', '.'));

    /// <summary>What the docstrings of the members of an enumeration say, in the order of their values.</summary>
    public static IEnumerable<string> Labels(Type enumeration) =>
        Enum.GetValues(enumeration).Cast<object>().Select(value => Text(Of(enumeration.Assembly, $"F:{enumeration.FullName}.{value}")));

    /// <summary>
    /// The docstrings of an assembly, each a paragraph: its lines end where the code has no more room, which says nothing.
    /// </summary>
    public static XPathDocument InParagraphs(Assembly assembly)
    {
        var all = Load(assembly);
        foreach (var text in all.DescendantNodes().OfType<XText>())
        {
            text.Value = Space().Replace(text.Value, " ");
        }

        return new XPathDocument(all.CreateReader());
    }

    private static XElement? Of(Assembly assembly, string member) =>
        Read.GetOrAdd(assembly, ByName).GetValueOrDefault(member)?.Element("summary");

    private static string Text(XElement? summary) => Space().Replace(summary?.Value ?? string.Empty, " ").Trim();

    private static Dictionary<string, XElement> ByName(Assembly assembly) =>
        Load(assembly).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    private static XDocument Load(Assembly assembly) => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
