using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Sites;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Data;

/// <summary>
/// A range or a set of codes stands once in the domain and once as a CHECK, on each engine: here they are held against each other.
/// </summary>
public sealed partial class CheckConstraintTests(Engine engine) : DatabaseFixture(engine)
{
    private static readonly IEnumerable<string> Columns = DomainLimits.ByColumn.Keys;

    // One row of each table that is right, as SQL.
    private static readonly Dictionary<string, Dictionary<string, string>> RightRows = new()
    {
        ["treatment_case"] = new()
        {
            ["site_id"] = "(SELECT site_id FROM site)",
            ["case_code"] = "'another'",
            ["sex"] = "'female'",
            ["birth_year"] = "1960",
            ["procedure_code"] = "'scs'",
            ["indication"] = "'crps'",
        },
        ["treatment_event"] = new()
        {
            ["case_id"] = OneCase,
            ["event_code"] = "'e'",
            ["event_type"] = "'died'",
            ["occurred_on"] = "'2024-01-01'",
        },
        ["assessment"] = new() { ["case_id"] = OneCase, ["timepoint"] = "'baseline'", ["assessed_on"] = "'2024-01-01'" },
        ["adverse_event"] = new()
        {
            ["case_id"] = OneCase,
            ["adverse_event_code"] = "'a'",
            ["category"] = "'surgical'",
            ["term"] = "'t'",
            ["onset_on"] = "'2024-01-01'",
            ["severity"] = "'mild'",
            ["is_serious"] = "0",
        },
        ["cost_item"] = new()
        {
            ["case_id"] = OneCase,
            ["cost_code"] = "'c'",
            ["category"] = "'device'",
            ["amount_thousandths"] = "1",
            ["currency"] = "'EUR'",
            ["price_year"] = "2024",
        },
        ["hospital_stay"] = new()
        {
            ["case_id"] = OneCase,
            ["stay_code"] = "'s'",
            ["admitted_on"] = "'2024-01-01'",
            ["discharged_on"] = "'2024-01-01'",
        },
        ["resource_version"] = new()
        {
            ["site_code"] = "'s'",
            ["case_code"] = "'c'",
            ["kind"] = "'case'",
            ["resource_code"] = "''",
            ["version"] = "1",
            ["content"] = "'{}'",
            ["is_retracted"] = "0",
            ["recorded_at"] = "'2024-01-01T00:00:00.000000Z'",
            ["recorded_by"] = "'me'",
        },
    };

    private const string OneCase = "(SELECT case_id FROM treatment_case)";

    private IDatabase _database = null!;

    private string Script => Engine == Engine.Sqlite ? "sqlite" : "sqlserver";

    [OneTimeSetUp]
    public async Task RecordOneCase()
    {
        _database = await NewRegistry();
        await _database.Execute("INSERT INTO site (site_code, name, country) VALUES ('s', 'a site', 'DE')");
        await _database.Execute(
            Insert("treatment_case", RightRows["treatment_case"]).Replace("'another'", "'one'", StringComparison.Ordinal));
    }

    [Test]
    public void The_script_says_what_the_domain_says() => Assert.That(CheckConstraints.Of(Script), Is.EqualTo(DomainLimits.ByColumn));

    [TestCaseSource(nameof(Columns))]
    public async Task The_table_takes_what_the_domain_allows(string column)
    {
        foreach (var value in Inside(DomainLimits.ByColumn[column]))
        {
            Assert.That(await Refusal(column, value), Is.Null, value);
        }
    }

    [TestCaseSource(nameof(Columns))]
    public async Task The_table_refuses_what_the_domain_does_not_allow(string column)
    {
        foreach (var value in Outside(column, DomainLimits.ByColumn[column]))
        {
            Assert.That(await Refusal(column, value), Does.Contain("check").IgnoreCase, value);
        }
    }

    [TestCase("assessment", "assessed_on", "NULL", Description = "Neither a date nor a reason")]
    [TestCase("assessment", "not_done_reason, nrs", "'declined', 3", Description = "A score of a visit that was not done")]
    [TestCase("assessment", "not_done_reason, pdi", "'declined', 30", Description = "A score of a visit that was not done")]
    [TestCase("adverse_event", "resolved_on", "'2023-12-31'", Description = "Resolved before its onset")]
    [TestCase("hospital_stay", "discharged_on", "'2023-12-31'", Description = "Discharged before admission")]
    public async Task The_table_refuses_values_that_exclude_each_other(string table, string columns, string values) =>
        Assert.That(await Refusal(table, columns, values), Does.Contain("check").IgnoreCase);

    [TestCase("assessment", "assessed_on, not_done_reason", "NULL, 'declined'")]
    [TestCase("assessment", "not_done_reason", "'declined'")]
    [TestCase("assessment", "nrs, pdi", "3, 30")]
    [TestCase("adverse_event", "resolved_on", "'2024-01-01'")]
    [TestCase("hospital_stay", "discharged_on", "'2024-01-02'")]
    public async Task The_table_takes_values_that_go_together(string table, string columns, string values) =>
        Assert.That(await Refusal(table, columns, values), Is.Null);

    [TestCase("treatment_case", "preceding_case_id")]
    [TestCase("treatment_event", "case_id")]
    [TestCase("assessment", "case_id")]
    [TestCase("adverse_event", "case_id")]
    [TestCase("cost_item", "case_id")]
    [TestCase("hospital_stay", "case_id")]
    public async Task The_table_refuses_a_case_that_is_not_there(string table, string column) =>
        Assert.That(await Refusal(table, column, "999"), Does.Contain("foreign key").IgnoreCase);

    [Test]
    public void Every_text_column_holds_the_longest_text_that_the_domain_allows()
    {
        var widths = Width().Matches(EmbeddedScripts.Tables("sqlserver").Code)
            .ToLookup(match => match.Groups["column"].Value, match => int.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture));
        foreach (var key in new[]
        {
            "site_code",
            "case_code",
            "patient_reference",
            "event_code",
            "adverse_event_code",
            "term",
            "cost_code",
            "stay_code",
            "resource_code",
        })
        {
            Assert.That(widths[key], Is.Not.Empty.And.All.EqualTo(Identifier.MaxLength), key);
        }

        var allLevels = SpinalLevel.InOrder(
            from region in "VCTLS"
            from level in Enumerable.Range(1, 12)
            let text = FormattableString.Invariant($"{region}{level}")
            where SpinalLevel.IsValid(text)
            select text);
        Assert.That(allLevels, Has.Count.EqualTo(SpinalLevel.MaxCount));
        Assert.That(
            widths["pain_levels"].Concat(widths["levels"]), Has.Exactly(2).GreaterThanOrEqualTo(string.Join(' ', allLevels).Length));
        Assert.That(widths["name"].Max(), Is.EqualTo(Site.MaxNameLength));
        Assert.That(TimeZoneInfo.GetSystemTimeZones().Max(zone => zone.Id.Length), Is.LessThanOrEqualTo(widths["time_zone"].Single()));
        foreach (var (column, allowed) in DomainLimits.ByColumn.Where(
            limit => !limit.Value.Contains("..", StringComparison.Ordinal) && limit.Value != "0|1"))
        {
            Assert.That(
                widths[column.Split('.')[1]],
                Is.Not.Empty.And.All.GreaterThanOrEqualTo(allowed.Split('|').Max(code => code.Length)),
                column);
        }
    }

    private Task<string?> Refusal(string column, string value) => Refusal(column.Split('.')[0], column.Split('.')[1], value);

    // What the engine answers to a row that is right but for one value; null when it takes the row. Nothing is kept.
    private async Task<string?> Refusal(string table, string columns, string values)
    {
        var row = new Dictionary<string, string>(RightRows[table]);
        foreach (var (column, value) in columns.Split(", ").Zip(values.Split(", ")))
        {
            row[column] = value;
        }

        try
        {
            await _database.Write(
                [],
                session =>
                {
                    session.Discard();
                    return session.Execute(Insert(table, row));
                },
                CancellationToken.None);
            return null;
        }
        catch (DbException refused)
        {
            return refused.Message;
        }
    }

    private static IEnumerable<string> Inside(string allowed) => allowed.Split("..") switch
    {
        [var min, ""] => [min],
        [var min, var max] => [min, max],
        _ => allowed == "0|1" ? ["0", "1"] : allowed.Split('|').Select(code => $"'{code}'"),
    };

    private static IEnumerable<string> Outside(string column, string allowed)
    {
        // Lesions are measured to one decimal; everything else is counted.
        var step = column is "treatment_event.depth_mm" or "treatment_event.angle_degrees" ? 0.1m : 1m;
        return allowed.Split("..") switch
        {
            [var min, ""] => [Moved(min, -step)],
            [var min, var max] => [Moved(min, -step), Moved(max, step)],
            _ => allowed == "0|1" ? ["-1", "2"] : ["''", "'x'", $"'{allowed}'"[..Math.Min(39, allowed.Length)] + "'"],
        };
    }

    private static string Moved(string text, decimal by) =>
        FormattableString.Invariant($"{decimal.Parse(text, CultureInfo.InvariantCulture) + by}");

    private static string Insert(string table, Dictionary<string, string> row) =>
        $"INSERT INTO {table} ({string.Join(", ", row.Keys)}) VALUES ({string.Join(", ", row.Values)})";

    [GeneratedRegex(@"^  (?<column>\w+) N?VARCHAR\((?<width>\d+)\)", RegexOptions.Multiline)]
    private static partial Regex Width();
}
