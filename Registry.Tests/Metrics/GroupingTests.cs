using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>Rows by group are those of the filter that names the group, for every group that occurs.</summary>
public sealed class GroupingTests(Engine engine) : RegistryFixture(engine)
{
    protected override async Task Prepare()
    {
        await CaseToRecord.Site(Api, "north");
        await CaseToRecord.Site(Api, "south");
        await CaseToRecord.Drez("n1", site: "north", details: Details("female", "crps"))
            .Lesioned("2022-03-01")
            .Scored("baseline", "2022-02-20", 8)
            .Scored("12m", "2023-03-01", 2)
            .Record(Api);
        await CaseToRecord.Drez("n2", site: "north", details: Details("male", "crps"))
            .Lesioned("2023-03-01")
            .Scored("baseline", "2023-02-20", 8)
            .Scored("12m", "2024-03-01", 8)
            .Record(Api);
        await CaseToRecord.Drez("s1", site: "south", details: Details("male", "cancer-pain"))
            .Lesioned("2023-06-01")
            .Scored("baseline", "2023-05-20", 10)
            .Scored("12m", "2024-06-01", 3)
            .Record(Api);
        await CaseToRecord.Scs("s2", site: "south", details: Details("unknown", "crps")).Record(Api);
    }

    [TestCase("sex", "female male unknown", "1/1 1/2 0/0")]
    [TestCase("site", "north south", "1/2 1/1")]
    [TestCase("indication", "cancer-pain crps", "1/1 1/2")]
    [TestCase("year", "2022 2023", "1/1 1/2")]
    public async Task Tells_response_rates_apart(string by, string groups, string rates)
    {
        var rows = (await Api.Get($"/summaries/response-rates?groupBy={by}&timepoint=12m&instrument=nrs&set=observed")).Expect(200).Items
            .Where(row => row["procedure"]!.GetValue<string>() == "all")
            .ToList();
        Assert.That(string.Join(' ', rows.Select(row => row["group"])), Is.EqualTo(groups));
        Assert.That(string.Join(' ', rows.Select(row => $"{row["responders"]}/{row["denominator"]}")), Is.EqualTo(rates));
    }

    [TestCase("response-rates", "sex")]
    [TestCase("response-rates", "indication")]
    [TestCase("scores", "site")]
    [TestCase("scores", "sex")]
    [TestCase("completeness", "indication")]
    [TestCase("completeness", "site")]
    public async Task Gives_each_group_the_rows_of_its_filter(string summary, string by)
    {
        var grouped = (await Api.Get($"/summaries/{summary}?groupBy={by}")).Expect(200).Items;
        foreach (var group in grouped.GroupBy(row => row["group"]!.GetValue<string>()))
        {
            var filtered = (await Api.Get($"/summaries/{summary}?{by}={group.Key}")).Expect(200).Items;
            var pooledOrOwn = group.Where(row => summary != "completeness"
                || by != "site"
                || row["site"]!.GetValue<string>() is "all"
                || row["site"]!.GetValue<string>() == group.Key);
            Assert.That(pooledOrOwn.Select(WithoutGroup), Is.EqualTo(filtered.Select(WithoutGroup)), group.Key);
        }
    }

    [Test]
    public async Task Stays_within_the_filters()
    {
        var rows = (await Api.Get("/summaries/scores?groupBy=site&site=south&sex=male&timepoint=12m&instrument=nrs&set=treated"))
            .Expect(200).Items;
        Assert.That(rows.Select(row => row["group"]!.GetValue<string>()).Distinct(), Is.EqualTo(["south"]));
        Assert.That(
            rows.Where(row => row["procedure"]!.GetValue<string>() == "drez").Select(row => row["n"]!.GetValue<int>()), Is.EqualTo([1]));
    }

    [Test]
    public async Task Has_no_group_without_cases() =>
        Assert.That((await Api.Get("/summaries/response-rates?groupBy=year&sex=other")).Expect(200).Items, Is.Empty);

    [Test]
    public async Task Says_the_target_day_of_each_timepoint()
    {
        var days = (await Api.Get("/summaries/scores?instrument=nrs&set=treated&procedure=drez")).Expect(200).Items
            .Where(row => row["procedure"]!.GetValue<string>() == "drez");
        Assert.That(days.Select(row => row["targetDay"]!.GetValue<int>()), Is.EqualTo([0, 7, 30, 91, 183, 365, 730]));
    }

    private static string WithoutGroup(JsonNode row)
    {
        var copy = row.DeepClone().AsObject();
        copy.Remove("group");
        return copy.ToJsonString();
    }

    private static JsonObject Details(string sex, string indication) =>
        new() { ["patient"] = new JsonObject { ["sex"] = sex, ["birthYear"] = 1960 }, ["indication"] = indication };
}
