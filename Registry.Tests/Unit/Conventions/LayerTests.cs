using System.Text.RegularExpressions;
using NUnit.Framework;
using Registry.Domain.Recording;
using Registry.Tests.Support;

namespace Registry.Tests.Unit.Conventions;

/// <summary>What each part of the program may know of the others.</summary>
public sealed partial class LayerTests
{
    [Test]
    public void The_domain_knows_nothing_of_databases_or_HTTP() =>
        Assert.That(
            from assembly in typeof(WriteRule).Assembly.GetReferencedAssemblies()
            where Foreign().IsMatch(assembly.Name!)
            select assembly.Name,
            Is.Empty);

    [Test]
    public void The_domain_has_no_clock_and_reads_no_configuration() =>
        Assert.That(Offenders("Registry.Domain", Clock(), "nowhere"), Is.Empty);

    [Test]
    public void The_program_tells_the_time_by_its_TimeProvider_alone() =>
        Assert.That(Offenders("Registry.Api", SystemClock(), "nowhere"), Is.Empty);

    [Test]
    public void The_names_of_database_providers_stay_in_one_folder()
    {
        Assert.That(Offenders("Registry.Api", Provider(), "Registry.Api/Data/"), Is.Empty);
        Assert.That(Offenders("Registry.Api", Provider(), "nowhere"), Is.Not.Empty, "the folder itself names them, so the search works");
    }

    [Test]
    public void The_program_shows_nothing_but_its_entry_point() =>
        Assert.That(typeof(Program).Assembly.GetExportedTypes(), Is.EqualTo([typeof(Program)]));

    private static IEnumerable<string> Offenders(string project, Regex word, string home) =>
        from file in SourceTree.Code(project)
        where !file.Path.StartsWith(home, StringComparison.Ordinal)
        from match in word.Matches(file.Text)
        select $"{file.Path}: {match.Value}";

    [GeneratedRegex(@"^(Microsoft\.|System\.Data|System\.Net|Dapper|Registry\.Api)")]
    private static partial Regex Foreign();

    [GeneratedRegex(@"\b(SqlClient|SqlConnection|SqlException|SqlTransaction|SqlBulkCopy|Microsoft\.Data\.\w+|Sqlite\w*|SQLitePCL)\b")]
    private static partial Regex Provider();

    [GeneratedRegex(@"\b(DateTime(Offset)?\.(Utc)?(Now|Today)|TimeProvider|Environment\.\w+|IConfiguration)\b")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b")]
    private static partial Regex SystemClock();
}
