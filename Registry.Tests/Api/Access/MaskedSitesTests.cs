using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Access;

/// <summary>Where sites are masked, research and dashboard keys see and state pseudonyms of sites, and never a code.</summary>
public sealed class MaskedSitesTests(Engine engine) : RegistryFixture(engine)
{
    private const string Root = "/api/v1";
    private const string Pseudonym = "^s[0-9a-f]{12}$";

    private static readonly string[] Sites = ["quimper", "Zwolle", "aarhus", "oviedo"];
    private static readonly (string, string) Why = ("X-Change-Reason", "revised");
    private static readonly string[] Cohorts = ["ours", "theirs"];
    private static readonly string[] Exports = ["csv", "ndjson", "parquet", "zip"];

    private readonly Dictionary<string, (ApiClient Client, HttpClient Plain)> _clients = [];
    private IReadOnlyList<(string Path, JsonNode Contract)> _reads = [];
    private Dictionary<string, string> _names = [];
    private string[] _snapshots = [];

    private ApiClient Research => _clients["research"].Client;

    private protected override Dictionary<string, string> Settings => new() { ["Registry:Disclosure:MaskSites"] = "true" };

    protected override async Task Prepare()
    {
        foreach (var (index, site) in Sites.Index())
        {
            await Record(Api, site, cases: index + 1);
        }

        foreach (var role in new[] { "research", "dashboard" })
        {
            var (_, key, client) = await Host.Issue(role);
            _clients[role] = (client, Plain(key));
        }

        _clients["admin"] = (Api, Plain(RegistryHost.Key));
        _names = await NamesOf(Api, Research);
        (await Api.Put("/cohorts/ours", Definition(Sites[0], Sites[1]))).Expect(201);
        (await Research.Put("/cohorts/theirs", Definition(_names[Sites[0]], _names[Sites[1]]))).Expect(201);
        _snapshots = [await Snapshot(Api, "ours"), await Snapshot(Research, "ours"), await Snapshot(Research, "theirs")];
        _reads =
        [
            .. from path in (await Api.Get("/openapi/v1.json")).Expect(200).Json["paths"]!.AsObject()
               where path.Key.StartsWith(Root + "/", StringComparison.Ordinal) && path.Value!["get"] is not null
               select (path.Key[Root.Length..], path.Value!["get"]!),
        ];
    }

    [TestCase("research")]
    [TestCase("dashboard")]
    public async Task No_answer_to_a_key_without_records_has_the_code_of_a_site(string role)
    {
        var (walked, told) = (0, 0);
        foreach (var path in _reads.SelectMany(read => Questions(read.Path, read.Contract)))
        {
            var (status, seen) = await Everything(_clients[role].Plain, path);
            foreach (var site in Sites)
            {
                Assert.That(seen, Does.Not.Contain(site).IgnoreCase, () => path);
            }

            if (status == 200)
            {
                walked++;
                told += Sites.Any((await Everything(_clients["admin"].Plain, Coded(path))).Text.Contains) ? 1 : 0;
            }
        }

        Assert.That(walked, Is.GreaterThan(role == "research" ? 200 : 20));
        Assert.That(told, Is.GreaterThan(role == "research" ? 100 : 10), "an administrator is told");
    }

    [Test]
    public async Task A_site_has_one_name_everywhere_and_another_in_another_registry()
    {
        Assert.That(_names.Values, Is.Unique.And.All.Match(Pseudonym));
        Assert.That(
            (await Research.Get("/cohorts/cases")).Expect(200).Items.Select(item => item["site"]!.ToString()).Distinct(),
            Is.EquivalentTo(_names.Values));
        Assert.That(
            GroupsOf((await Research.Get("/summaries/completeness")).Expect(200), "site").Where(site => site != "all"),
            Is.EqualTo(_names.Values.Order(StringComparer.Ordinal)));
        Assert.That(
            GroupsOf((await _clients["dashboard"].Client.Get("/summaries/scores?groupBy=site")).Expect(200), "group"),
            Is.EqualTo(_names.Values.Order(StringComparer.Ordinal)));
        Assert.That(
            (await Research.Get("/cohorts/table-one?by=site")).Expect(200).Items[0]["groups"]!.AsArray()
                .Select(group => group!["group"]!.ToString()),
            Is.EqualTo(_names.Values.Order(StringComparer.Ordinal).Prepend("all")));
        Assert.That(
            GroupsOf((await Api.Get("/summaries/completeness")).Expect(200), "site").Where(site => site != "all"),
            Is.EqualTo(Sites.Order(StringComparer.Ordinal)));

        await using var database = await TestDatabase.Create(Engine.Sqlite);
        await using var other = new RegistryHost(database, Clock, Settings);
        await Record(other.Api, Sites[0], cases: 1);
        Assert.That(
            (await NamesOf(other.Api, (await other.Issue("research")).Client))[Sites[0]],
            Does.Match(Pseudonym).And.Not.EqualTo(_names[Sites[0]]));
    }

    [Test]
    public async Task A_filter_by_pseudonym_is_that_by_code_and_a_code_is_unknown()
    {
        foreach (var (path, contract) in _reads.Where(read => Takes(read.Contract, "site") && IsOpen(read.Path)
            && !read.Path.Contains('{', StringComparison.Ordinal) && !read.Path.EndsWith("/export", StringComparison.Ordinal)))
        {
            var more = Needed(path);
            var (theirs, ours) = ((await Research.Get($"{path}?site={_names[Sites[2]]}{more}")).Expect(200),
                (await Api.Get($"{path}?site={Sites[2]}{more}")).Expect(200));
            Assert.That(
                Undated(theirs.Text).Replace(_names[Sites[2]], Sites[2], StringComparison.Ordinal), Is.EqualTo(Undated(ours.Text)), path);
            var (code, none) = ((await Research.Get($"{path}?site={Sites[2]}{more}")).ExpectProblem(422),
                (await Research.Get($"{path}?site=nowhere{more}")).ExpectProblem(422));
            Assert.That(Bare(code, Sites[2]), Is.EqualTo(Bare(none, "nowhere")));
            (await Api.Get($"{path}?site={_names[Sites[2]]}{more}")).ExpectProblem(422);
        }

        var groups = (await Research.Get($"/summaries/comparison?a.site={_names[Sites[0]]}&b.site={_names[Sites[3]]}")).Expect(200);
        Assert.That(JsonNode.DeepEquals(
            groups.Json["items"], (await Api.Get($"/summaries/comparison?a.site={Sites[0]}&b.site={Sites[3]}")).Expect(200).Json["items"]));
        (await Research.Get($"/summaries/comparison?a.site={_names[Sites[0]]}&b.site={Sites[3]}")).ExpectProblem(422);
    }

    [Test]
    public async Task Pages_in_the_order_of_sites_go_by_their_names()
    {
        foreach (var order in new[] { "site", "-site" })
        {
            var seen = new List<string>();
            for (var next = string.Empty; next is not null;)
            {
                var page = (await Research.Get($"/cohorts/cases?fields=site&limit=3&sort={order}{next}")).Expect(200);
                seen.AddRange(page.Items.Select(item => item["site"]!.ToString()));
                next = page.Json["next"]?.ToString() is { } after ? "&after=" + after : null;
            }

            var all = Sites.Index().SelectMany(site => Enumerable.Repeat(_names[site.Item], site.Index + 1)).Order(StringComparer.Ordinal);
            Assert.That(seen, Is.EqualTo(order == "site" ? all : all.Reverse()), order);
        }
    }

    [Test]
    public async Task What_is_kept_for_one_is_not_given_to_the_other()
    {
        foreach (var path in new[]
        {
            "/summaries/completeness",
            "/summaries/scores?groupBy=site",
            "/cohorts/table-one?by=site",
            "/cohorts/cases",
            "/cohorts/ours/cases",
        })
        {
            var (ours, theirs) = ((await Api.Get(path)).Expect(200), (await Research.Get(path)).Expect(200));
            Assert.That(theirs.ETag, Is.Not.EqualTo(ours.ETag), path);
            Assert.That((await Research.Get(path, ("If-None-Match", ours.ETag!))).Expect(200).Text, Is.EqualTo(theirs.Text), path);
            (await Research.Get(path, ("If-None-Match", theirs.ETag!))).Expect(304);
            Assert.That((await Api.Get(path, ("If-None-Match", theirs.ETag!))).Expect(200).Text, Is.EqualTo(ours.Text), path);
        }

        var exports = await Task.WhenAll(
            _clients["admin"].Plain.GetAsync(Root + "/cohorts/export"), _clients["research"].Plain.GetAsync(Root + "/cohorts/export"));
        Assert.That(exports[0].Headers.ETag, Is.Not.EqualTo(exports[1].Headers.ETag));
    }

    [Test]
    public async Task A_saved_cohort_is_written_in_the_words_of_each()
    {
        var (a, b) = (_names[Sites[0]], _names[Sites[1]]);
        var made = (await Research.Put("/cohorts/written", Definition(a, b))).Expect(201);
        Assert.That(
            made.Json["filter"]!["site"]!.AsArray().Select(site => site!.ToString()),
            Is.EqualTo(new[] { a, b }.Order(StringComparer.Ordinal)));
        Assert.That((await Research.Put("/cohorts/written", made.Text)).Expect(200).ETag, Is.EqualTo(made.ETag), "as it was read");
        var ours = (await Api.Get("/cohorts/written")).Expect(200);
        Assert.That(
            ours.Json["filter"]!["site"]!.AsArray().Select(site => site!.ToString()),
            Is.EqualTo(new[] { Sites[0], Sites[1] }.Order(StringComparer.Ordinal)));
        Assert.That(ours.ETag, Is.Not.EqualTo(made.ETag), "a tag is of the words");

        var refusals = new[]
        {
            (await Research.Put("/cohorts/written", Definition(a))).ExpectProblem(409, "conflict"),
            (await Research.Put("/cohorts/written", Definition(a), ("If-Match", ours.ETag!), Why)).ExpectProblem(412),
            (await Research.Put("/cohorts/written", Definition(Sites[0]))).ExpectProblem(422),
            (await Research.Get($"/cohorts/ours/cases?site={a}")).ExpectProblem(422),
            (await Research.Get($"/snapshots/{_snapshots[0]}/cases?site={a}")).ExpectProblem(422),
        };
        Assert.That(refusals[2].Faults, Is.EqualTo([("/filter/site", "unknown-site")]));
        var changed = (await Research.Put("/cohorts/written", Definition(a), ("If-Match", made.ETag!), Why)).Expect(200);
        var history = (await Research.Get("/cohorts/written/history")).Expect(200);
        Assert.That(history.Json.AsArray().Select(one => one!["etag"]!.ToString()), Is.EqualTo([made.ETag, changed.ETag]));
        Assert.That((await Research.Get("/cohorts/written/cases")).Expect(200).Items, Has.Count.EqualTo(1));
        (await Research.Delete("/cohorts/written", ("If-Match", made.ETag!), Why)).ExpectProblem(412);
        (await Research.Delete("/cohorts/written", ("If-Match", changed.ETag!), Why)).Expect(204);
        var again = (await Research.Put("/cohorts/written", Definition(b))).ExpectProblem(409, "retracted");
        foreach (var text in refusals.Where((_, index) => index != 2)
            .Append(history)
            .Append(again)
            .Append(changed)
            .Select(answer => answer.Text + string.Join('\n', answer.Headers.Values)))
        {
            Assert.That(Sites.Any(text.Contains), Is.False, text);
        }
    }

    [Test]
    public async Task The_trail_of_an_export_names_the_site_itself()
    {
        _ = await Everything(_clients["research"].Plain, $"/cohorts/export?site={_names[Sites[3]]}");
        var told = (await Api.Get("/audit?key=research&limit=1000")).Expect(200).Items
            .Select(entry => entry["detail"]?["filter"]?["site"]?[0]?.ToString())
            .OfType<string>();
        Assert.That(told, Does.Contain(Sites[3]).And.None.Match(Pseudonym));
    }

    // The days to the cut-off are told to an administrator alone.
    private static string Undated(string rows) => Regex.Replace(rows, "\"asOfDays\":\\d+", string.Empty);

    private static IEnumerable<string> GroupsOf(ApiAnswer answer, string member) =>
        answer.Items.Select(item => item[member]!.ToString()).Distinct();

    // By how many cases each has.
    private static async Task<Dictionary<string, string>> NamesOf(ApiClient ours, ApiClient theirs)
    {
        var codes = await Counts(ours);
        return (await Counts(theirs)).ToDictionary(site => codes.Single(code => code.Value == site.Value).Key, site => site.Key);

        static async Task<Dictionary<string, int>> Counts(ApiClient client) =>
            (await client.Get("/cohorts/cases")).Expect(200).Items
                .GroupBy(item => item["site"]!.ToString())
                .ToDictionary(site => site.Key, site => site.Count());
    }

    private static string Definition(params string[] sites) =>
        new JsonObject
        {
            ["shared"] = true,
            ["filter"] = new JsonObject { ["site"] = new JsonArray([.. sites.Select(site => JsonValue.Create(site))]) },
        }.ToJsonString();

    private static async Task<string> Snapshot(ApiClient client, string cohort) =>
        (await client.Post($"/cohorts/{cohort}/snapshots", "{}")).Expect(201).Json["snapshot"]!.ToString();

    private static async Task Record(ApiClient api, string site, int cases)
    {
        (await api.Put("/sites/" + site, Sample.Site)).Expect(201);
        for (var number = 0; number < cases; number++)
        {
            var path = FormattableString.Invariant($"/sites/{site}/cases/c{number}");
            (await api.Put(path, Sample.Case("drez", patient: FormattableString.Invariant($"P-{number}")))).Expect(201);
            (await api.Put(path + "/events/k", Sample.Event("lesioned", "2024-01-10"))).Expect(201);
            (await api.Put(path + "/assessments/baseline", Sample.Assessment("2024-01-09", 8))).Expect(201);
            (await api.Put(path + "/assessments/12m", Sample.Assessment("2025-01-10"))).Expect(201);
        }
    }

    private static bool Takes(JsonNode contract, string parameter) =>
        contract["parameters"]?.AsArray().Select(one => AnswerContract.Committed.Resolve(one!)).Any(
            one => one["in"]!.ToString() == "query" && one["name"]!.ToString() == parameter) == true;

    private static bool IsOpen(string path) =>
        path.StartsWith("/summaries", StringComparison.Ordinal) || path.StartsWith("/cohorts", StringComparison.Ordinal);

    private static string Needed(string path) => path.EndsWith("/power", StringComparison.Ordinal) ? "&procedure=drez" : string.Empty;

    private static (int, string) Bare(ApiAnswer answer, string site)
    {
        var body = answer.Json.AsObject();
        body.Remove("traceId");
        body.Remove("instance");
        return (answer.Status, body.ToJsonString(Relaxed.Json).Replace(site, "x", StringComparison.Ordinal));
    }

    // What can be asked at an address of the contract, of all and by site, in every form.
    private IEnumerable<string> Questions(string template, JsonNode contract)
    {
        var addresses = template.Contains("{snapshot}", StringComparison.Ordinal) ? _snapshots.Select(
            snapshot => template.Replace("{snapshot}", snapshot, StringComparison.Ordinal))
            : template.Contains("{name}", StringComparison.Ordinal) ? Cohorts.Select(
                name => template.Replace("{name}", name, StringComparison.Ordinal))
            : [Regex.Replace(template, "{[a-zA-Z]+}", "k")];
        var more = Needed(template).TrimStart('&');
        foreach (var address in addresses)
        {
            var path = address + "?" + more;
            yield return path;
            if (Takes(contract, "groupBy"))
            {
                yield return path + "&groupBy=site";
            }

            if (Takes(contract, "by"))
            {
                yield return path + "&by=site";
            }

            if (Takes(contract, "sort"))
            {
                yield return path + "&sort=site&limit=1";
            }

            if (Takes(contract, "shape"))
            {
                foreach (var format in Exports)
                {
                    yield return $"{path}&format={format}";
                    yield return $"{path}&format={format}&shape=long";
                }
            }

            if (Takes(contract, "site"))
            {
                yield return $"{path}&site={_names[Sites[1]]}";
            }
        }
    }

    private string Coded(string path) =>
        _names.Aggregate(path, (coded, name) => coded.Replace(name.Value, name.Key, StringComparison.Ordinal));

    private HttpClient Plain(string key)
    {
        var client = Host.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    // Status line, headers and body, the files of a package as they were before they were compressed.
    private static async Task<(int Status, string Text)> Everything(HttpClient client, string path)
    {
        using var response = await client.GetAsync(Root + path.TrimEnd('?'));
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var text = new StringBuilder().Append(response.Headers)
            .Append(response.Content.Headers)
            .Append(response.TrailingHeaders)
            .Append(Encoding.UTF8.GetString(bytes));
        if (response.Content.Headers.ContentType?.MediaType == "application/zip")
        {
            using var zip = new ZipArchive(new MemoryStream(bytes));
            foreach (var entry in zip.Entries)
            {
                using var reader = new StreamReader(entry.Open());
                text.Append(await reader.ReadToEndAsync());
            }
        }

        return ((int)response.StatusCode, text.ToString());
    }
}
