using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Parquet;
using Registry.Tests.Support;
using static Registry.Tests.Support.CaseToRecord;

namespace Registry.Tests.Api.Cohorts;

/// <summary>A cohort exported whole, in each form: every form has the rows of the page, and says how many.</summary>
public sealed partial class ExportTests(Engine engine) : RegistryFixture(engine)
{
    private const string AsOf = "asOf=2026-06-30";
    private const int Recorded = 7;

    protected override TimeProvider? Clock => new StoppedClock(new DateOnly(2026, 6, 30));

    protected override async Task Prepare()
    {
        await Site(Api);
        await Site(Api, "-2.site");
        for (var number = 0; number < Recorded; number++)
        {
            await Drez(FormattableString.Invariant($"c{number}"), site: number == 0 ? "-2.site" : "hospital").Scored(
                "baseline", "2024-01-01", nrs: 8, pdi: number % 2 == 0 ? 40 : null)
                .Lesioned("2024-01-10").Scored("1m", "2024-02-10", nrs: number).Costed("operation", 1000.5m + number, "EUR", 2024)
                    .Record(Api);
        }
    }

    [Test]
    public async Task Gives_in_every_form_the_rows_of_the_pages(
        [Values("", "&fields=age,case,costTotal,pdiBaseline,treated")] string fields)
    {
        var question = $"costs=EUR-2024&{AsOf}{fields}";
        List<string> rows = [.. (await Api.Get("/cohorts/cases?" + question)).Expect(200).Items.Select(Told)];
        var lines = (await Api.Get("/cohorts/export?format=ndjson&" + question)).Expect(200).Text.TrimEnd('\n').Split('\n');
        Assert.That(lines[..^1].Select(line => Told(JsonNode.Parse(line)!)), Is.EqualTo(rows));
        Assert.That(lines[^1], Is.EqualTo($$"""{"rows":{{Recorded}},"complete":true}"""));

        var csv = (await Api.Get("/cohorts/export?" + question)).Expect(200);
        Assert.That(csv.Headers["X-Case-Count"], Is.EqualTo(FormattableString.Invariant($"{Recorded}")));
        Assert.That(
            Csv(csv.Text).Select(row => string.Join('|', row.Select(cell => cell.StartsWith('\'') ? cell[1..] : cell))), Is.EqualTo(rows));
        Assert.That(await Parquet("/cohorts/export?format=parquet&" + question), Is.EqualTo(rows));
    }

    [Test]
    public async Task Gives_a_row_a_visit_in_the_long_shape()
    {
        var rows = Csv((await Api.Get($"/cohorts/export?shape=long&fields=case,timepoint,state,nrs,nrsRelief&{AsOf}")).Expect(200).Text);
        Assert.That(rows.Select(row => row[1]).Distinct(), Is.EqualTo(["baseline", "post-op", "1m", "3m", "6m", "12m", "24m"]));
        Assert.That(rows.Where(row => row[1] == "1m").Select(row => (row[3], row[4])), Is.EquivalentTo(Enumerable.Range(0, Recorded)
            .Select(nrs => (FormattableString.Invariant($"{nrs}"), FormattableString.Invariant($"{100 * (8 - nrs) / 8}")))));
        Assert.That(rows.Count(row => row[2] == "overdue"), Is.EqualTo(4 * Recorded), "the window of 24m is still open");
        Assert.That(
            (await Api.Get("/cohorts/export?shape=long&costs=EUR-2024")).ExpectProblem(400).Faults,
            Is.EqualTo([("/costs", "does-not-apply")]));
    }

    [Test]
    public async Task Holds_nothing_that_a_spreadsheet_takes_for_a_formula()
    {
        var sites = Csv((await Api.Get($"/cohorts/export?fields=site&{AsOf}")).Expect(200).Text).Select(row => row[0]).ToList();
        Assert.That(sites, Does.Contain("'-2.site").And.None.StartsWith("-"));
    }

    [Test]
    public async Task Ends_a_CSV_in_the_count_where_that_is_asked_for() =>
        Assert.That(
            (await Api.Get("/cohorts/export?fields=case&footer=true")).Expect(200).Text,
            Does.EndWith(FormattableString.Invariant($"\r\n# rows: {Recorded}\r\n")));

    [TestCase("format=parquet&footer=true")]
    [TestCase("format=ndjson&footer=false")]
    public async Task Takes_a_footer_of_a_CSV_alone(string query) =>
        Assert.That(
            (await Api.Get("/cohorts/export?" + query)).ExpectProblem(400, "invalid-parameters").Faults,
            Is.EqualTo([("/footer", "does-not-apply")]));

    [Test]
    public async Task Goes_on_behind_the_last_case_at_hand()
    {
        var all = Csv((await Api.Get($"/cohorts/export?fields=case&{AsOf}")).Expect(200).Text).Select(row => row[0]).ToList();
        var rest = Csv((await Api.Get($"/cohorts/export?fields=case&{AsOf}&after={all[2]}")).Expect(200).Text).Select(row => row[0]);
        Assert.That(rest, Is.EqualTo(all[3..]));
        Assert.That(
            (await Api.Get("/cohorts/export?after=c00000000000000000000")).ExpectProblem(400).Faults,
            Is.EqualTo([("/after", "not-a-cursor")]));
    }

    [Test]
    public async Task Packs_the_rows_with_what_is_needed_to_read_them()
    {
        using var zip = new ZipArchive(new MemoryStream(await Bytes($"/cohorts/export?format=zip&procedure=drez&{AsOf}")));
        Assert.That(
            zip.Entries.Select(entry => entry.Name),
            Is.EqualTo(["data.csv", "codebook.csv", "CITATION.txt", "read.R", "read.py", "datapackage.json"]));
        var data = Read(zip, "data.csv");
        var package = JsonNode.Parse(Read(zip, "datapackage.json"))!;
        var resource = package["resources"]![0]!;
        Assert.That(package["description"]!.GetValue<string>(), Does.EndWith("""Selection: {"procedure":["drez"]}"""));
        Assert.That(data, Is.EqualTo((await Api.Get($"/cohorts/export?{AsOf}")).Expect(200).Text));
        Assert.That(resource["rows"]!.GetValue<int>(), Is.EqualTo(Recorded));
        Assert.That(
            resource["hash"]!.GetValue<string>(),
            Is.EqualTo("sha256:" + Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(data)))));
        Assert.That(
            resource["schema"]!["fields"]!.AsArray().Select(field => field!["name"]!.GetValue<string>()),
            Is.EqualTo(data.Split("\r\n")[0].Split(',')));
        Assert.That(Read(zip, "CITATION.txt"), Does.Contain("2026-06-30").And.Contain(resource["hash"]!.GetValue<string>()[7..]));
        Assert.That(Csv(Read(zip, "codebook.csv")).Select(row => row[0]), Is.EqualTo(data.Split("\r\n")[0].Split(',')));
    }

    [Test]
    public async Task Is_confirmed_by_its_tag_and_by_HEAD()
    {
        var tag = (await Api.Get($"/cohorts/export?{AsOf}")).Expect(200).ETag!;
        (await Api.Get($"/cohorts/export?{AsOf}", ("If-None-Match", tag))).Expect(304);
        (await Api.Get($"/cohorts/export?{AsOf}&format=ndjson", ("If-None-Match", tag))).Expect(200);
        var head = (await Api.Send(HttpMethod.Head, $"/cohorts/export?{AsOf}", null, [])).Expect(200);
        Assert.That((head.ETag, head.ContentType, head.Text), Is.EqualTo((tag, "text/csv", string.Empty)));
    }

    private static string Told(JsonNode row) => string.Join('|', row.AsObject().Select(cell => cell.Value?.ToString() ?? string.Empty));

    // No field here holds a line break.
    private static List<string[]> Csv(string text) =>
        [.. text.TrimEnd('\n', '\r').Split("\r\n").Skip(1).Select(line => Field().Matches(line)
            .Select(field => field.Groups["plain"].Value + field.Groups["quoted"].Value.Replace("\"\"", "\"", StringComparison.Ordinal))
            .ToArray())];

    [GeneratedRegex("(?<=^|,)(?:\"(?<quoted>(?:[^\"]|\"\")*)\"|(?<plain>[^,]*))(?=,|$)")]
    private static partial Regex Field();

    private async Task<IReadOnlyList<string>> Parquet(string path)
    {
        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(await Bytes(path)));
        var columns = new List<IReadOnlyList<string>>();
        using var group = reader.OpenRowGroupReader(0);
        foreach (var field in reader.Schema.DataFields)
        {
            columns.Add(field.ClrType == typeof(int) ? [.. (await Values<int>(field)).Select(
                value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty)]
                : field.ClrType == typeof(bool) ? [.. (await Values<bool>(field)).Select(
                    value => value is { } flag ? flag ? "true" : "false" : string.Empty)]
                : field.ClrType == typeof(decimal) ? [.. (await Values<decimal>(field)).Select(value =>
                    value is { } amount ? (amount / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture) : string.Empty)]
                : await Texts(field));
        }

        return [.. Enumerable.Range(0, (int)group.RowCount).Select(row => string.Join('|', columns.Select(column => column[row])))];

        async Task<T?[]> Values<T>(global::Parquet.Schema.DataField field)
            where T : struct
        {
            var values = new T?[group.RowCount];
            await group.ReadAsync<T>(field, values);
            return values;
        }

        async Task<IReadOnlyList<string>> Texts(global::Parquet.Schema.DataField field)
        {
            var values = new string[group.RowCount];
            await group.ReadAsync(field, values);
            return [.. values.Select(value => value ?? string.Empty)];
        }
    }

    private async Task<byte[]> Bytes(string path)
    {
        using var client = Host.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1" + path);
        request.Headers.Add("X-Api-Key", RegistryHost.Key);
        var answer = await client.SendAsync(request);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static string Read(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
