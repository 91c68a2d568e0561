using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Unit.Conventions;

/// <summary>
/// Code stays within the line length that <c>.editorconfig</c> states. A text may be longer than a line: what it says is not cut.
/// </summary>
public sealed partial class LineLengthTests
{
    [TestCase("Registry.Api")]
    [TestCase("Registry.Domain")]
    [TestCase("Registry.Tests")]
    public void No_line_of_code_is_longer_than_it_may_be(string project)
    {
        var stated = Stated().Match(File.ReadAllText(Checkout.PathOf(".editorconfig"))).Groups["length"].Value;
        var most = int.Parse(stated, CultureInfo.InvariantCulture);
        var tooLong =
            from file in SourceTree.Code(project)
            from line in file.Text.Split('\n').Index()
            where Texts().Replace(line.Item, "\"\"").Length > most
            select $"{file.Path}, line {line.Index + 1}";
        Assert.That(tooLong, Is.Empty);
    }

    [GeneratedRegex(@"^max_line_length = (?<length>\d+)$", RegexOptions.Multiline)]
    private static partial Regex Stated();

    [GeneratedRegex(@"""{3,}.*?""{3,}|""(?:[^""\\]|\\.|"""")*""")]
    private static partial Regex Texts();
}
