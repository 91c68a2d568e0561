using System.Text.RegularExpressions;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Unit.Conventions;

/// <summary>How the views are written, so that one text is a definition that people can read and both engines run.</summary>
public sealed partial class ViewTextTests
{
    private static readonly string[] Labels =
    [
        "Question", "Grain", "Population", "Window", "Numerator", "Denominator", "Missing", "Units", "Source",
    ];
    private static readonly IReadOnlyList<EmbeddedScript> Views = EmbeddedScripts.Views;
    private static readonly IReadOnlyList<EmbeddedScript> SharedViews = EmbeddedScripts.SharedViews;

    [TestCaseSource(nameof(Views))]
    public void Begins_with_a_header_in_fixed_order(object view)
    {
        var lines = ((EmbeddedScript)view).Text.Split('\n').TakeWhile(line => line.StartsWith("--", StringComparison.Ordinal)).ToList();
        var labels = lines.Select(line => Labelled().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups["label"].Value)
            .ToList();
        Assert.That(
            lines.Where(line => !Labelled().IsMatch(line) && !Continued().IsMatch(line)),
            Is.Empty,
            "lines that are neither labelled nor go on from the line above");
        Assert.That(labels.Except(Labels), Is.Empty, "unknown labels");
        Assert.That(labels, Is.EqualTo(Labels.Where(labels.Contains)), "the order");
        Assert.That(labels.Take(2), Is.EqualTo(Labels.Take(2)), "what every header says");
    }

    [TestCaseSource(nameof(Views))]
    public void Makes_one_view_of_the_name_of_its_file(object view)
    {
        var script = (EmbeddedScript)view;
        Assert.That(Creation().Matches(script.Text).Select(match => match.Groups["name"].Value), Is.EqualTo([script.Name]));
    }

    [TestCaseSource(nameof(Views))]
    public void Names_its_columns(object view) => Assert.That(Star().IsMatch(((EmbeddedScript)view).Code), Is.False, "SELECT *");

    [TestCaseSource(nameof(SharedViews))]
    public void Uses_no_word_that_one_engine_lacks_or_reads_otherwise(object view) =>
        Assert.That(Forbidden().Matches(((EmbeddedScript)view).Code).Select(match => match.Value), Is.Empty);

    [TestCase("DATEDIFF(DAY, a, b)")]
    [TestCase("julianday('now')")]
    [TestCase("YEAR(occurred_on)")]
    [TestCase("SELECT TOP 1 a")]
    [TestCase("SELECT TOP (1) a")]
    [TestCase("ORDER BY a LIMIT 1")]
    [TestCase("COUNT(a) FILTER (WHERE b = 1)")]
    [TestCase("a || b")]
    [TestCase("CONCAT(a, b)")]
    [TestCase("STDEV(a)")]
    [TestCase("sqrt(a)")]
    [TestCase("PERCENTILE_CONT(0.5)")]
    [TestCase("RIGHT JOIN a")]
    [TestCase("FULL OUTER JOIN a")]
    [TestCase("is_due = TRUE")]
    public void Such_a_word_would_be_found(string sql) => Assert.That(Forbidden().IsMatch(sql), Is.True);

    [TestCaseSource(nameof(SharedViews))]
    public void Narrows_its_text_by_lines_that_are_marked_as_the_composer_reads_them(object view)
    {
        var script = (EmbeddedScript)view;
        var marks = script.Text.Split('\n').Where(line => line.Contains("-- [", StringComparison.Ordinal)).ToList();
        Assert.That(marks.Where(line => !Mark().IsMatch(line)), Is.Empty);
        Assert.That(
            marks.SelectMany(line => Forbidden().Matches(line[(line.IndexOf(']', StringComparison.Ordinal) + 1)..]))
                .Select(match => match.Value),
            Is.Empty);
    }

    [TestCaseSource(nameof(SharedViews))]
    public void Begins_with_WITH_in_the_topmost_storey_only(object view)
    {
        // A query that begins with WITH cannot be nested in another one on SQL Server.
        var script = (EmbeddedScript)view;
        var query = script.Code[(Creation().Match(script.Code) is var creation ? creation.Index + creation.Length : 0)..];
        Assert.That(script.Folder == "metric" || !query.TrimStart().StartsWith("WITH", StringComparison.OrdinalIgnoreCase), Is.True);
    }

    [TestCaseSource(nameof(SharedViews))]
    public void Divides_in_whole_numbers_only_where_that_is_meant(object view) =>
        Assert.That(SuspiciousDivisions(((EmbeddedScript)view).Text), Is.Empty);

    [TestCase("SELECT CAST(a AS FLOAT) / b AS rate FROM t", 0)]
    [TestCase("SELECT CAST(a AS FLOAT) / 1000 / NULLIF(b, 0) AS mean FROM t", 0)]
    [TestCase("SELECT SUM(3 * (a - 1) / 4) AS q3_quarters FROM t", 0)]
    [TestCase("SELECT 3 * (a - 1) / 4 AS q3_position FROM t", 0)]
    [TestCase("SELECT SUM(a / 1000000000) AS total_e9 FROM t", 0)]
    [TestCase("SELECT (CAST(a AS FLOAT) * 1000000000 + b) / 1000 / n AS mean FROM t", 0)]
    [TestCase("SELECT SUM(a / 1000) AS total_e9 FROM t", 1)]
    [TestCase("SELECT SUM(a / 1000000000) AS total FROM t", 1)]
    [TestCase("SELECT a / b AS rate FROM t", 1)]
    [TestCase("SELECT CAST(a / b AS FLOAT) AS rate FROM t", 1)]
    [TestCase("SELECT CAST(a AS INT) / b AS rate FROM t", 1)]
    [TestCase("SELECT (a - 1) / 4 AS quartile FROM t", 1)]
    public void A_division_that_truncates_would_be_found(string sql, int found) =>
        Assert.That(SuspiciousDivisions(sql), Has.Exactly(found).Items);

    // Whole-number division is meant in the positions of quartiles (by 4) and of the 5th and 95th percentiles (by 20), and in the upper
    // part of a sum of costs (by 10^9), each in a column that is named for it.
    private static List<string> SuspiciousDivisions(string sql)
    {
        var visitor = new Divisions();
        TransactSql.Parse(sql).Tree.Accept(visitor);
        return visitor.Suspicious;
    }

    private sealed class Divisions : TSqlFragmentVisitor
    {
        private readonly Stack<string> _columns = new();

        public List<string> Suspicious { get; } = [];

        public override void ExplicitVisit(SelectScalarExpression node)
        {
            _columns.Push(node.ColumnName?.Value ?? string.Empty);
            base.ExplicitVisit(node);
            _columns.Pop();
        }

        public override void ExplicitVisit(BinaryExpression node)
        {
            base.ExplicitVisit(node);
            var column = _columns.Count > 0 ? _columns.Peek() : string.Empty;
            var divisor = (node.SecondExpression as IntegerLiteral)?.Value;
            var isMeant = (divisor == "4"
                && (column.EndsWith("_quarters", StringComparison.Ordinal) || column.EndsWith("_position", StringComparison.Ordinal)))
                || (divisor == "20" && column.EndsWith("_twentieths", StringComparison.Ordinal))
                || (divisor == "1000000000" && column.EndsWith("_e9", StringComparison.Ordinal));
            if (node.BinaryExpressionType == BinaryExpressionType.Divide && !IsFloat(node.FirstExpression) && !isMeant)
            {
                Suspicious.Add(FormattableString.Invariant($"line {node.StartLine}, column '{column}'"));
            }
        }

        private static bool IsFloat(ScalarExpression expression) => expression switch
        {
            CastCall { DataType: SqlDataTypeReference { SqlDataTypeOption: SqlDataTypeOption.Float } } => true,
            BinaryExpression { BinaryExpressionType: BinaryExpressionType.Divide } division => IsFloat(division.FirstExpression),
            BinaryExpression sum => IsFloat(sum.FirstExpression) || IsFloat(sum.SecondExpression),
            ParenthesisExpression nested => IsFloat(nested.Expression),
            _ => false,
        };
    }

    [GeneratedRegex("^-- (?<label>[A-Z][a-z]+): +\\S")]
    private static partial Regex Labelled();

    [GeneratedRegex("^-- {13}\\S")]
    private static partial Regex Continued();

    [GeneratedRegex(
        @"^\s*-- \[(cohort( but procedure( site)?)?|procedure|site|timepoint|instrument|analysis_set|cost_per|cost_basis|pdi_points|responses)\] (AND|WHERE) .+$|^-- \[instead responses\] SELECT .+$|^ +.*[\w,)] -- \[unless( (timepoint|instrument|threshold|analysis_set|rates|responses))+\]$")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^CREATE VIEW (?<name>\w+) AS\s", RegexOptions.Multiline)]
    private static partial Regex Creation();

    [GeneratedRegex(@"\bSELECT\s+(DISTINCT\s+)?(\w+\.)?\*", RegexOptions.IgnoreCase)]
    private static partial Regex Star();

    [GeneratedRegex(
        @"\b(DATE(DIFF|ADD|PART|NAME|FROMPARTS)|EOMONTH|GETDATE|GETUTCDATE|SYS(UTC)?DATETIME|CURRENT_(DATE|TIME|TIMESTAMP)|JULIANDAY|STRFTIME|DATETIME|TOP|LIMIT|FILTER|CONCAT(_WS)?|STDEVP?|VARP?|SQRT|PERCENTILE_(CONT|DISC)|(RIGHT|FULL)\s+(OUTER\s+)?JOIN|BOOLEAN|TRUE|FALSE)\b|\b(DATE|YEAR|MONTH|DAY)\s*\(|\|\|",
        RegexOptions.IgnoreCase)]
    private static partial Regex Forbidden();
}
