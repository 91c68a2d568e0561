using CsvHelper;
using NUnit.Framework;
using Registry.Api.Summaries;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>A summary can be had as CSV: the figures of the JSON, flat, in columns that are always the same.</summary>
public sealed class SummaryTableTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly string[] Summaries =
    [
        "response-rates",
        "scores",
        "costs",
        "stays",
        "trials",
        "flow",
        "benchmarks",
        "comparison?a.procedure=scs&b.procedure=drez",
        "power?procedure=drez",
        "adverse-events",
        "survival",
        "completeness",
    ];

    private static readonly string[] OfPoint = ["relief", "responders", "share"];

    protected override async Task Prepare()
    {
        await CaseToRecord.Site(Api, "-north");
        await CaseToRecord.Drez("c", site: "-north")
            .Lesioned("2022-03-01")
            .Scored("baseline", "2022-02-20", 8)
            .Scored("12m", "2023-03-01", 2)
            .Costed("hospital-stay", 12.5m, "EUR", 2022)
            .Costed("device", 30, "CNY", 2022)
            .Record(Api);
    }

    [TestCaseSource(nameof(Summaries))]
    public async Task Has_a_row_an_item_and_the_same_columns_whatever_is_asked(string summary)
    {
        var json = (await Api.Get("/summaries/" + summary)).Expect(200);
        var table = Read(await Csv("/summaries/" + summary));
        Assert.That(table.Rows, Has.Count.EqualTo(json.Items.Count));
        Assert.That(table.Columns, Is.Unique);
        Assert.That(table.Rows.Select(row => row.Length), Is.All.EqualTo(table.Columns.Length));
        foreach (var (name, value) in json.Items[0].AsObject().Where(member => member.Value is System.Text.Json.Nodes.JsonValue))
        {
            var cell = table.Rows[0][Array.IndexOf(table.Columns, name)];
            Assert.That(
                cell,
                Is.EqualTo(value!.GetValueKind() == System.Text.Json.JsonValueKind.String
                    ? SummaryTable.Inert(value.GetValue<string>())
                    : value.ToJsonString()),
                name);
        }

        var other = Read(await Csv("/summaries/" + summary + (summary.Contains('?') ? "&" : "?") + "sex=male"));
        Assert.That(other.Columns, Is.EqualTo(table.Columns));
    }

    [Test]
    public async Task Puts_what_lies_within_into_columns_of_its_own()
    {
        var table = Read(await Csv("/summaries/costs?per=case&basis=all&currency=EUR&procedure=drez"));
        var row = table.Rows.First(row => row[Array.IndexOf(table.Columns, "procedure")] == "drez");
        Assert.That(row[Array.IndexOf(table.Columns, "byCategory.hospital-stay.total")], Is.EqualTo("12.5"));
        Assert.That(row[Array.IndexOf(table.Columns, "byCategory.device.total")], Is.Empty);
        Assert.That(table.Columns, Does.Contain("costPerResponderOf.responders"));
        Assert.That(Read(await Csv("/summaries/completeness")).Columns, Does.Contain("notDone.too-ill"));
    }

    [Test]
    public async Task Has_a_row_for_each_point_of_a_curve()
    {
        const string Curve = "/cohorts/responder-curve?instrument=nrs&set=treated";
        var table = Read(await Csv(Curve));
        var rows = table.Rows.Select(row => string.Join(' ', table.Columns[1..].Zip(row[1..], (column, cell) => $"{column}={cell}")));
        var expected = (await Api.Get(Curve)).Expect(200).Items.SelectMany(item =>
            item["points"]!.AsArray() is { Count: > 0 } points ? points.Select(point => (Item: item, Point: point)) : [(item, null)]);
        Assert.That(rows, Is.EqualTo(
            from row in expected
            let cells = row.Item.AsObject()
                .Where(member => member.Key != "points")
                .Concat(OfPoint.Select(name => KeyValuePair.Create("points." + name, row.Point?[name])))
            select string.Join(' ', cells.Select(cell => $"{cell.Key}={cell.Value}"))));
        Assert.That(
            table.Rows.Count(row => row[Array.IndexOf(table.Columns, "points.relief")] == "75"), Is.EqualTo(2), "of DREZ, and of all");
    }

    [Test]
    public async Task Hands_no_formula_to_a_spreadsheet()
    {
        var table = Read(await Csv("/summaries/completeness?site=-north"));
        Assert.That(table.Rows.Select(row => row[Array.IndexOf(table.Columns, "site")]).Distinct(), Is.EqualTo(["'-north", "all"]));
        Assert.That(
            new[] { "=1+1", "+1", "-1", "@x", "\t=1", "plain", string.Empty }.Select(SummaryTable.Inert),
            Is.EqualTo(["'=1+1", "'+1", "'-1", "'@x", "'\t=1", "plain", string.Empty]));
    }

    [Test]
    public async Task Has_a_tag_of_its_own_and_depends_on_Accept()
    {
        var csv = await Csv("/summaries/trials");
        Assert.That(csv.Headers["Vary"], Does.Contain("Accept"));
        Assert.That(csv.ETag, Is.Not.EqualTo((await Api.Get("/summaries/trials")).ETag));
        (await Api.Get("/summaries/trials", ("Accept", "text/csv"), ("If-None-Match", csv.ETag!))).Expect(304);
    }

    [TestCase("EUR", "EUR")]
    [TestCase("CNY", "CNY")]
    [TestCase("JPY", "")]
    public async Task Gives_the_costs_in_one_currency(string currency, string expected)
    {
        var rows = (await Api.Get($"/summaries/costs?currency={currency}&per=case&basis=all")).Expect(200).Items
            .Where(row => row["procedure"]!.GetValue<string>() == "drez")
            .ToList();
        Assert.That(rows.Select(row => row["currency"]?.GetValue<string>() ?? string.Empty), Is.EqualTo([expected]));
    }

    [Test]
    public async Task Refuses_a_currency_that_there_is_not() =>
        Assert.That(
            (await Api.Get("/summaries/costs?currency=XYZ")).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/currency", "unknown-code")]));

    private async Task<ApiAnswer> Csv(string path)
    {
        var answer = (await Api.Get(path, ("Accept", "text/csv"))).Expect(200);
        Assert.That(answer.ContentType, Is.EqualTo("text/csv"));
        Assert.That(answer.Text, Does.EndWith("\r\n"));
        return answer;
    }

    private static (string[] Columns, IReadOnlyList<string[]> Rows) Read(ApiAnswer answer)
    {
        using var csv = CsvReader.Create(System.Text.Encoding.UTF8.GetBytes(answer.Text), new CsvReaderOptions { HasHeader = false });
        var rows = new List<string[]>();
        while (csv.Read())
        {
            rows.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
        }

        return (rows[0], rows[1..]);
    }
}
