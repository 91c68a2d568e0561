using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Recording;

/// <summary>A batch takes every kind of record under a case, and reports on each as it would have been answered alone.</summary>
public sealed class RecordBatchTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly string[] Records =
    [
        """{"kind":"event","event":"trial","type":"trial-started","occurredOn":"2024-01-02"}""",
        """{"kind":"event","event":"implant","type":"implanted","occurredOn":"2024-02-01"}""",
        """{"kind":"assessment","timepoint":"baseline","assessedOn":"2024-01-01","nrs":8}""",
        """{"kind":"assessment","assessedOn":"2024-03-02","nrs":3,"mode":"clinic"}""",
        """{"kind":"adverse-event","adverseEvent":"a","category":"surgical","term":"haematoma","onsetOn":"2024-02-02","severity":"mild","serious":false}""",
        """{"kind":"cost","cost":"device","category":"device","amount":10.5,"currency":"EUR","priceYear":2024}""",
        """{"kind":"stay","stay":"first","admittedOn":"2024-01-31","dischargedOn":"2024-02-03"}""",
    ];

    [TestCase("")]
    [TestCase("\"mode\":\"each\",")]
    [TestCase("\"mode\":\"all\",")]
    public async Task Records_every_kind_and_may_be_repeated(string mode)
    {
        var @case = await NewCase();
        var body = Body(@case, mode, Records);
        var first = (await Api.Post("/batch", body)).Expect(200).Json;
        Assert.That(
            (first["created"]!.GetValue<int>(), Places(first)),
            Is.EqualTo((7, "events/trial events/implant assessments/baseline assessments/1m adverse-events/a costs/device stays/first")));
        foreach (var item in first["items"]!.AsArray())
        {
            (await Api.Get(item!["location"]!.GetValue<string>()["/api/v1".Length..])).Expect(200);
        }

        var again = (await Api.Post("/batch", body)).Expect(200).Json;
        Assert.That(
            (again["created"]!.GetValue<int>(), again["unchanged"]!.GetValue<int>(), Places(again)), Is.EqualTo((0, 7, Places(first))));
    }

    [Test]
    public async Task Records_nothing_of_a_dry_run_and_nothing_of_all_when_one_is_at_fault()
    {
        var @case = await NewCase();
        Assert.That(
            (await Api.Post("/batch", Body(@case, "\"dryRun\":true,", Records))).Expect(200).Json["created"]!.GetValue<int>(),
            Is.EqualTo(7));
        var all = (await Api.Post(
            "/batch",
            Body(
                @case,
                "\"mode\":\"all\",",
                [.. Records, """{"kind":"stay","stay":"second","admittedOn":"2024-05-01","dischargedOn":"2024-04-01"}"""]))).Expect(
            200).Json;
        Assert.That((all["notApplied"]!.GetValue<int>(), all["rejected"]!.GetValue<int>()), Is.EqualTo((7, 1)));
        Assert.That((await Api.Get(@case)).Expect(200).Json["events"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Does_not_call_unchanged_what_the_batch_itself_would_have_recorded()
    {
        string Cost(int amount) =>
            $$"""{"kind":"cost","cost":"twice","category":"device","amount":{{amount}},"currency":"EUR","priceYear":2024}""";
        var report = (await Api.Post("/batch", Body(await NewCase(), "\"mode\":\"all\",", [Cost(1), Cost(1), Cost(2)]))).Expect(200).Json;
        Assert.That(
            report["items"]!.AsArray().Select(item => (string?)item!["status"]),
            Is.EqualTo(["not-applied", "not-applied", "conflicting"]));
    }

    [Test]
    public async Task Says_of_each_item_what_it_would_have_been_told_alone()
    {
        var @case = await NewCase();
        (await Api.Put(@case + "/costs/device", """{"category":"device","amount":11,"currency":"EUR","priceYear":2024}""")).Expect(201);
        string[] items =
        [
            Records[5],
            """{"kind":"cost","category":"device","amount":1,"currency":"EUR","priceYear":2024}""",
            """{"kind":"visit","visit":"x"}""",
            """{"cost":"x"}""",
            """{"kind":"event","event":"e","type":"lesioned","occurredOn":"2024-01-01","note":"x"}""",
        ];
        var report = (await Api.Post("/batch", Body(@case, string.Empty, items))).Expect(200).Json;
        Assert.That(
            report["items"]!.AsArray().Select(
                item => $"{item!["status"]} {item["problem"]!["code"]} {string.Join(' ', (item["problem"]!["errors"]?.AsArray() ?? []).Select(fault => fault!["pointer"] + " " + fault["code"]))}".Trim()),
            Is.EqualTo((string[])[
                "conflicting conflict",
                "rejected invalid-content /cost missing",
                "rejected invalid-content /kind unknown-code",
                "rejected invalid-content /kind missing",
                "rejected invalid-content /note unknown-member /type event-not-of-procedure",
            ]));
    }

    [Test]
    public async Task Names_the_site_or_case_that_is_not_known()
    {
        var report = (await Api.Post(
            "/batch",
            """{"items":[{"kind":"stay","stay":"s","site":"nosuch","case":"c","admittedOn":"2024-01-01","dischargedOn":"2024-01-02"}]}""")).Expect(
            200).Json;
        Assert.That(report["items"]![0]!["problem"]!["code"]!.GetValue<string>(), Is.EqualTo("site-not-found"));
    }

    private static string Places(JsonNode report) =>
        string.Join(
            ' ', report["items"]!.AsArray().Select(item => string.Join('/', item!["location"]!.GetValue<string>().Split('/')[^2..])));

    private static string Body(string @case, string mode, IEnumerable<string> items)
    {
        var parts = @case.Split('/');
        return $$"""{{{mode}}"items":[{{string.Join(',', items.Select(item => item.Insert(1, $"\"site\":\"{parts[2]}\",\"case\":\"{parts[4]}\",")))}}]}""";
    }

    private async Task<string> NewCase()
    {
        var @case = await Api.NewSite() + "/cases/c";
        (await Api.Put(@case, Sample.Case("scs"))).Expect(201);
        return @case;
    }
}
