using System.Globalization;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Sites;

/// <summary>The changes of a site: every recorded version in order, by numbers without gaps.</summary>
public sealed class ChangeFeedTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly (string, string) Reason = ("X-Change-Reason", "read off wrongly");

    protected override TimeProvider Clock => StoppedClock.Noon;

    [Test]
    public async Task Holds_every_version_of_everything_in_the_order_of_recording()
    {
        var site = await Api.NewSite();
        (await Api.Put(site + "/cases/c", Sample.Case("scs"))).Expect(201);
        (await Api.Put(site + "/cases/c/events/implant", Sample.Event("implanted", "2024-01-10"))).Expect(201);
        var score = (await Api.Put(site + "/cases/c/assessments/1m", Sample.Assessment("2024-02-09", 5))).Expect(201);

        // None of these changes anything.
        (await Api.Put(site + "/cases/c/assessments/1m", Sample.Assessment("2024-02-09", 5))).Expect(200);
        (await Api.Put(site + "/cases/c/assessments/1m", Sample.Assessment("2024-02-09", 4))).Expect(409);
        (await Api.Put(site + "/cases/c/assessments/1m", Sample.Assessment("2024-02-09", 11))).Expect(422);
        var corrected = (await Api.Put(
            site + "/cases/c/assessments/1m", Sample.Assessment("2024-02-09", 4), ("If-Match", score.ETag!), Reason)).Expect(200);
        var retraction = (await Api.Delete(site + "/cases/c/assessments/1m", ("If-Match", corrected.ETag!), Reason)).Expect(204);

        var feed = (await Api.Get(site + "/changes")).Expect(200);
        Assert.That((feed.Json["latest"]!.GetValue<int>(), feed.Json["next"]), Is.EqualTo((6, (JsonNode?)null)));
        Assert.That(
            feed.Items.Select(
                item => $"{item["change"]} {item["kind"]} {item["case"] ?? "-"} {item["key"] ?? "-"} {item["version"]} {item["retracted"]} {item["reason"] ?? "-"}"),
            Is.EqualTo((string[])
            [
                "1 site - - 1 false -",
                "2 case c - 1 false -",
                "3 event c implant 1 false -",
                "4 assessment c 1m 1 false -",
                "5 assessment c 1m 2 false read off wrongly",
                "6 assessment c 1m 3 true read off wrongly",
            ]));
        Assert.That(
            feed.Items.Skip(3).Select(item => item["etag"]!.GetValue<string>()), Is.EqualTo([score.ETag, corrected.ETag, retraction.ETag]));
        Assert.That(
            feed.Items.Skip(3).Select(item => item["value"]!["nrs"]!.GetValue<int>()),
            Is.EqualTo([5, 4, 4]),
            "of a retraction, what was withdrawn");
        Assert.That(
            feed.Items.Select(item => (item["recordedAt"]!.GetValue<string>(), item["recordedBy"]!.GetValue<string>())),
            Is.All.EqualTo(("2025-06-15T12:00:00.000000Z", "administrator")));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(8)]
    [TestCase(1000)]
    public async Task Gives_every_change_once_whatever_the_page(int limit)
    {
        var site = await Api.NewSite();
        for (var number = 1; number < 8; number++)
        {
            (await Api.Put($"{site}/cases/c{number}", Sample.Case("scs"))).Expect(201);
        }

        var (numbers, since, pages) = (new List<int>(), (string?)"0", 0);
        do
        {
            var page = (await Api.Get($"{site}/changes?since={since}&limit={limit}")).Expect(200);
            Assert.That(page.Json["latest"]!.GetValue<int>(), Is.EqualTo(8));
            numbers.AddRange(page.Items.Select(item => item["change"]!.GetValue<int>()));
            since = page.Json["next"]?.ToJsonString();
            pages++;
        }
        while (since is not null);

        Assert.That((numbers, pages), Is.EqualTo((Enumerable.Range(1, 8), (8 + limit - 1) / limit)));
    }

    [Test]
    public async Task Goes_on_where_a_copy_has_got_to()
    {
        var site = await Api.NewSite();
        Assert.That((await Latest(site, 1)), Is.EqualTo((0, 1)), "in step");
        (await Api.Put(site + "/cases/c", Sample.Case("scs"))).Expect(201);
        Assert.That((await Latest(site, 1)), Is.EqualTo((1, 2)));
        Assert.That((await Latest(site, 2)), Is.EqualTo((0, 2)));
        Assert.That((await Latest(site, 99)), Is.EqualTo((0, 2)));
    }

    [Test]
    public async Task Leaves_no_gap_and_gives_no_number_twice_however_many_write_at_once()
    {
        var site = await Api.NewSite();
        await Parallel.ForAsync(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (number, _) =>
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{site}/cases/c{number % 40}");
            var body = Sample.Case(number % 3 == 0 ? "no-procedure" : "scs");
            Assert.That((await Api.Put(path, body)).Status, Is.EqualTo(201).Or.EqualTo(200).Or.EqualTo(422));
        });

        var feed = (await Api.Get(site + "/changes?limit=1000")).Expect(200);
        Assert.That(
            feed.Items.Select(item => item["change"]!.GetValue<int>()),
            Is.EqualTo(Enumerable.Range(1, feed.Json["latest"]!.GetValue<int>())));
        Assert.That(feed.Items.Skip(1).Select(item => item["case"]!.GetValue<string>()), Is.Unique);
    }

    [Test]
    public async Task Numbers_what_a_batch_records_too()
    {
        var site = await Api.NewSite();
        var @case = await Api.NewCase("drez", site, ("lesioned", "2024-01-10"));
        var where = $"\"site\":\"{Sample.KeyOf(site)}\",\"case\":\"{Sample.KeyOf(@case)}\"";
        (await Api.Post(
            "/assessments/batch",
            $$"""{"items":[{{{where}},"assessedOn":"2024-01-09","nrs":9},{{{where}},"assessedOn":"2024-02-10","nrs":11},{{{where}},"assessedOn":"2024-02-10","nrs":3}]}""")).Expect(200);
        Assert.That(
            (await Api.Get(site + "/changes?since=3")).Expect(200).Items.Select(item => $"{item["change"]} {item["key"]}"),
            Is.EqualTo((string[])["4 baseline", "5 1m"]));
    }

    [Test]
    public async Task Refuses_a_site_that_never_was_and_parameters_that_are_none()
    {
        (await Api.Get("/sites/nosuch/changes")).ExpectProblem(404, "site-not-found");
        var site = await Api.NewSite();
        foreach (var query in (string[])["since=-1", "since=x", "limit=0", "limit=1001", "after=1"])
        {
            Assert.That(
                (await Api.Get($"{site}/changes?{query}")).ExpectProblem(400).Faults.Select(fault => fault.Pointer),
                Is.EqualTo(["/" + query.Split('=')[0]]));
        }
    }

    private async Task<(int Count, int Latest)> Latest(string site, int since)
    {
        var page = (await Api.Get(FormattableString.Invariant($"{site}/changes?since={since}"))).Expect(200);
        return (page.Items.Count, page.Json["latest"]!.GetValue<int>());
    }
}
