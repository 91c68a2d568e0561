using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Api.Assessments;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Assessments;

/// <summary>POST /assessments/batch with text/csv: the scores of a spreadsheet, with the same report as JSON.</summary>
public sealed class ScoreSheetTests(Engine engine) : RegistryFixture(engine)
{
    private string _site = string.Empty;
    private string _case = string.Empty;

    protected override TimeProvider Clock => StoppedClock.Noon;

    private string Path => $"/sites/{_site}/cases/{_case}";

    [SetUp]
    public async Task ACase()
    {
        var path = await Api.NewCase("scs", null, ("implanted", "2024-01-10"));
        (_site, _case) = (path.Split('/')[2], path.Split('/')[4]);
    }

    [Test]
    public async Task Takes_the_columns_in_any_order()
    {
        var report = await Send($"nrs,assessedOn,case,pdi,site\n9,2024-01-09,{_case},40,{_site}\n3,2024-02-09,{_case},12,{_site}\n");
        Assert.That(Statuses(report), Is.EqualTo("created created"));
        Assert.That(await Scores(), Is.EqualTo("baseline 9 40, 1m 3 12"));
    }

    [Test]
    public async Task Takes_semicolons_a_byte_order_mark_and_the_line_ends_of_any_system()
    {
        foreach (var (index, end) in ((string[])["\n", "\r\n"]).Index())
        {
            await ACase();
            var report = await Send(
                "\uFEFF"
                    + string.Join(
                        end, "site;case;assessedOn;nrs", $"{_site};{_case};2024-01-09;9", $"\"{_site}\";\"{_case}\";\"2024-02-09\";\"3\"")
                    + (index == 0 ? end : ""));
            Assert.That(Statuses(report), Is.EqualTo("created created"));
            Assert.That(await Scores(), Is.EqualTo("baseline 9 -, 1m 3 -"));
        }
    }

    [Test]
    public async Task Takes_an_empty_cell_for_a_member_left_out()
    {
        var report = await Send(
            $"site,case,timepoint,assessedOn,nrs,pdi,mode,notDone\n{_site},{_case},,2024-01-09,9,,,\n{_site},{_case},3m,,,,,declined\n{_site},{_case},1m,2024-02-09,,,clinic,\n");
        Assert.That(Statuses(report), Is.EqualTo("created created rejected"));
        Assert.That(Faults(report, 2), Is.EqualTo(" nothing-recorded"));
        Assert.That(await Scores(), Is.EqualTo("baseline 9 -, 3m - -"));
    }

    [Test]
    public async Task Takes_the_items_of_the_PDI_as_columns()
    {
        var items = string.Join(',', AssessmentKind.Items.Select(item => "pdiItems." + item));
        var report = await Send($"site,case,assessedOn,{items}\n{_site},{_case},2024-01-09,1,2,3,4,5,6,7\n");
        Assert.That(Statuses(report), Is.EqualTo("created"));
        Assert.That((await Api.Get(Path + "/assessments/baseline")).Expect(200).Json["pdi"]!.GetValue<int>(), Is.EqualTo(28));
    }

    [Test]
    public async Task Takes_an_empty_item_of_the_PDI_beside_others_for_one_left_unanswered()
    {
        var items = string.Join(',', AssessmentKind.Items.Select(item => "pdiItems." + item));
        var report = await Send(
            $"site,case,timepoint,assessedOn,nrs,{items}\n{_site},{_case},,2024-01-09,5,1,2,3,4,,6,7\n{_site},{_case},1m,2024-02-09,4,,,,,,,\n");
        Assert.That(Statuses(report), Is.EqualTo("created created"));
        Assert.That(await Scores(), Is.EqualTo("baseline 5 -, 1m 4 -"));
        Assert.That(
            (await Api.Get(Path + "/assessments/baseline")).Expect(200).Json["pdiItems"]!.AsObject().Count(item => item.Value is null),
            Is.EqualTo(1));
    }

    [TestCase("7,5", "decimal-comma")]
    [TestCase("7,0", "decimal-comma")]
    [TestCase("7.5", "not-a-whole-number")]
    [TestCase("11", "out-of-range")]
    [TestCase("seven", "not-a-number")]
    [TestCase("1e1", "not-a-number")]
    public async Task Refuses_a_score_by_name(string score, string code)
    {
        var report = await Send($"site;case;assessedOn;nrs\n{_site};{_case};2024-01-09;{score}\n{_site};{_case};2024-02-09;3\n");
        Assert.That((Statuses(report), Faults(report, 0)), Is.EqualTo(("rejected created", "/nrs " + code)));
        Assert.That(
            report["items"]![0]!["problem"]!["errors"]![0]!["allowed"]!.GetValue<string>(), Is.EqualTo("a whole number from 0 to 10"));
    }

    [TestCase("site,case,assessedOn,NRS", "/NRS unknown-column")]
    [TestCase("site,case,assessedOn,nrs,nrs", "/nrs repeated")]
    [TestCase("site,case,assessedOn,nrs,patient name", "/patient name unknown-column")]
    [TestCase("Site,case,assessedOn,score", "/Site unknown-column, /score unknown-column")]
    public async Task Refuses_a_sheet_with_a_column_that_is_unknown_or_there_twice(string header, string faults)
    {
        var row = string.Join(',', header.Split(',').Select(_ => "1"));
        var refused = (await Post($"{header}\n{row}\n")).ExpectProblem(422, "invalid-content");
        Assert.That(string.Join(", ", refused.Faults.Select(fault => $"{fault.Pointer} {fault.Code}")), Is.EqualTo(faults));
    }

    [Test]
    public async Task Refuses_a_sheet_without_rows_and_a_row_that_does_not_fit()
    {
        (await Post(string.Empty)).ExpectProblem(400);
        Assert.That((await Post("site,case,assessedOn,nrs\n")).ExpectProblem(422).Faults, Is.EqualTo([("/items", "not-a-list")]));
        Assert.That(
            (await Post($"site,case,assessedOn,nrs\n{_site},{_case},2024-01-09,9\n{_site},{_case},2024-02-09\n")).ExpectProblem(422).Faults,
            Is.EqualTo([("/items/1", "not-a-row")]));
        Assert.That(await Scores(), Is.Empty);
    }

    [Test]
    public async Task Tells_of_every_row_at_fault_as_far_as_the_sheet_can_be_read()
    {
        const string Header = "site,case,assessedOn,nrs\n", Good = "s,c,2024-01-09,9\n";
        const string Short = "s,c,2024-02-09\n", Long = "s,c,2024-02-09,3,4\n";
        foreach (var (rows, places) in (IEnumerable<(string, int[])>)
        [
            (Good + Short + Good + Long, [1, 3]),
            (Short + Long + "s,c,\"2024-02-09,3\n" + Good + Short, [0, 1, 2, 4]),
            (Good + "s,c,2024-02-09,\"3\n" + Good, [1]),
            (Good + "s,c,2024-02-09,\"3", [1]),
        ])
        {
            var refused = (await Post(Header + rows)).ExpectProblem(422, "invalid-content");
            Assert.That(
                refused.Faults,
                Is.EqualTo(places.Select(place => (FormattableString.Invariant($"/items/{place}"), "not-a-row"))),
                rows);
            foreach (var (fault, place) in refused.Json["errors"]!.AsArray().Zip(places))
            {
                Assert.That(fault!["detail"]!.ToString(), Does.StartWith(FormattableString.Invariant($"Row {place + 2} has ")));
            }
        }

        Assert.That(
            (await Post("site,case,when,nrs\n" + Short)).ExpectProblem(422).Faults,
            Is.EqualTo([("/when", "unknown-column"), ("/items/0", "not-a-row")]));
        Assert.That(
            (await Post("site,case,\"assessedOn,nrs\n" + Good)).ExpectProblem(422).Faults, Is.EqualTo([(string.Empty, "not-a-row")]));
    }

    private static TestCaseData[] OtherEncodings
    {
        get
        {
            const string Sheet = "site,case,assessedOn,nrs\ns,c\u00E9,2024-01-09,9\n";
            return
            [
                new(Encoding.Latin1.GetBytes(Sheet), "Line 2, byte 4: 0xE9 "),
                new((byte[])[.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Sheet)], "Line 1, byte 1: 0xFF "),
                new((byte[])[.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(Sheet)], "Line 1, byte 1: 0xFE "),
                new(Encoding.Unicode.GetBytes(Sheet.Replace('\u00E9', 'e')), "Line 1, byte 2: 0x00 "),
            ];
        }
    }

    [TestCaseSource(nameof(OtherEncodings))]
    public async Task Says_where_a_sheet_is_not_UTF_8(byte[] sheet, string where)
    {
        foreach (var headers in ((string, string)[][])[[], [("Idempotency-Key", $"\"{Sample.Key("sheet")}\"")]])
        {
            using var content = new ByteArrayContent(sheet);
            var refused = (await Api.Send(HttpMethod.Post, "/assessments/batch", content, headers, "text/csv"))
                .ExpectProblem(400, "malformed-body");
            Assert.That(refused.Json["detail"]!.ToString(), Does.StartWith(where).And.EndWith("The sheet has to be in UTF-8."));
        }
    }

    [Test]
    public async Task Records_nothing_in_a_dry_run()
    {
        var sheet = $"site,case,assessedOn,nrs\n{_site},{_case},2024-01-09,9\n{_site},{_case},2024-01-09,8\n";
        var dry = await Send(sheet, "?dryRun=true");
        Assert.That((dry["dryRun"]!.GetValue<bool>(), Statuses(dry)), Is.EqualTo((true, "created conflicting")));
        Assert.That(await Scores(), Is.Empty);
        Assert.That(Statuses(await Send(sheet, "?dryRun=false")), Is.EqualTo("created conflicting"));
        Assert.That(await Scores(), Is.EqualTo("baseline 9 -"));
    }

    [Test]
    public async Task Records_all_rows_or_none_when_asked()
    {
        var sheet = $"site,case,assessedOn,nrs\n{_site},{_case},2024-01-09,9\n{_site},{_case},2024-02-09,11\n";
        Assert.That(Statuses(await Send(sheet, "?mode=all")), Is.EqualTo("not-applied rejected"));
        Assert.That(await Scores(), Is.Empty);
        Assert.That(Statuses(await Send(sheet, "?mode=each")), Is.EqualTo("created rejected"));
        Assert.That((await Post(sheet, "?mode=some")).ExpectProblem(400).Faults.Select(fault => fault.Pointer), Is.EqualTo(["/mode"]));
        Assert.That(
            (await Post(sheet, "?dryRun=perhaps")).ExpectProblem(400).Faults.Select(fault => fault.Pointer), Is.EqualTo(["/dryRun"]));
    }

    [Test]
    public async Task Answers_as_JSON_with_the_same_items_is_answered()
    {
        string[][] rows = [["2024-01-09", "9"], ["2024-01-09", "8"], ["2024-01-10", "4"], ["2024-02-09", "11"], ["2024-02-09", "3"]];
        var sheet = string.Concat(rows.Select(row => $"{_site},{_case},{row[0]},{row[1]}\n").Prepend("site,case,assessedOn,nrs\n"));
        var items = new JsonArray([.. rows.Select(row => new JsonObject
        {
            ["site"] = _site,
            ["case"] = _case,
            ["assessedOn"] = row[0],
            ["nrs"] = int.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture),
        })]);
        var asJson = (await Api.Post(
            "/assessments/batch", new JsonObject { ["mode"] = "each", ["dryRun"] = true, ["items"] = items }.ToJsonString()))
                .Expect(200).Json;
        var asSheet = await Send(sheet, "?mode=each&dryRun=true");
        Assert.That(JsonNode.DeepEquals(asSheet, asJson), () => $"{asSheet}\n{asJson}");
        Assert.That(Statuses(asSheet), Is.EqualTo("created conflicting rejected rejected created"));
    }

    private Task<ApiAnswer> Post(string sheet, string query = "") =>
        Api.Send(HttpMethod.Post, "/assessments/batch" + query, new ByteArrayContent(Encoding.UTF8.GetBytes(sheet)), [], "text/csv");

    private async Task<JsonNode> Send(string sheet, string query = "") => (await Post(sheet, query)).Expect(200).Json;

    private async Task<string> Scores() => string.Join(", ", (await Api.Get(Path)).Expect(200).Json["assessments"]!.AsArray()
        .Select(assessment => $"{assessment!["timepoint"]} {assessment["nrs"]?.ToString() ?? "-"} {assessment["pdi"]?.ToString() ?? "-"}"));

    private static string Statuses(JsonNode report) =>
        string.Join(' ', report["items"]!.AsArray().Select(item => item!["status"]!.GetValue<string>()));

    private static string Faults(JsonNode report, int index) =>
        string.Join(
            ", ", report["items"]![index]!["problem"]!["errors"]!.AsArray().Select(fault => $"{fault!["pointer"]} {fault["code"]}"));
}
