using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Access;

/// <summary>
/// Every operation of the contract, with the key of every role and without one, about a site of one's own, about another and about one that
/// does not exist. What may be done is written here once more, by the address alone.
/// </summary>
public sealed class RoleWalkTests(Engine engine) : RegistryFixture(engine)
{
    private const string Root = "/api/v1";
    private const string Own = "own", Foreign = "frn", Absent = "abs";

    private static readonly string[] Roles = ["site", "research", "dashboard", "admin"];

    private readonly Dictionary<string, ApiClient> _clients = [];
    private IReadOnlyList<Operation> _operations = [];

    protected override async Task Prepare()
    {
        foreach (var site in new[] { Own, Foreign })
        {
            await Record(site);
        }

        foreach (var role in Roles)
        {
            _clients[role] = (await Host.Issue(role, role == "site" ? Own : null)).Client;
        }

        _clients["no key"] = Host.With(null);
        var contract = (await Api.Get("/openapi/v1.json")).Expect(200).Json;
        _operations =
        [
            .. from path in contract["paths"]!.AsObject()
               where path.Key.StartsWith(Root + "/", StringComparison.Ordinal)
               from operation in path.Value!.AsObject()
               select new Operation(operation.Key.ToUpperInvariant(), path.Key[Root.Length..], operation.Value!),
        ];
        Assert.That(_operations, Has.Count.GreaterThan(40));
    }

    [Test]
    public async Task Each_role_may_do_what_it_may_and_nothing_else()
    {
        foreach (var operation in _operations)
        {
            foreach (var (role, client) in _clients)
            {
                var answer = await operation.Send(client, Own);
                if (role == "no key")
                {
                    answer.ExpectProblem(401, "unauthenticated");
                }
                else if (operation.Allowed.Contains(role))
                {
                    Assert.That(
                        answer.Status, Is.Not.AnyOf(401, 403, 429).And.LessThan(500), () => $"{role}: {answer.Request}\n{answer.Text}");
                    Assert.That(answer.Text, Does.Not.Contain("site-not-found"), () => $"{role}: {answer.Request}");
                }
                else
                {
                    answer.ExpectProblem(403, "forbidden");
                }
            }
        }
    }

    [Test]
    public async Task An_administrator_has_every_site()
    {
        foreach (var operation in _operations.Where(operation => operation.IsOfSite))
        {
            var answer = await operation.Send(_clients["admin"], Foreign);
            Assert.That(answer.Status, Is.Not.AnyOf(401, 403).And.LessThan(500), () => $"{answer.Request}\n{answer.Text}");
            Assert.That(answer.Text, Does.Not.Contain("site-not-found"), () => answer.Request);
        }
    }

    [Test]
    public async Task Another_site_is_to_a_site_as_one_that_does_not_exist()
    {
        foreach (var operation in _operations.Where(operation => operation.IsOfSite))
        {
            var (foreign, absent) = (await operation.Send(_clients["site"], Foreign), await operation.Send(_clients["site"], Absent));
            if (operation.Allowed.Contains("site"))
            {
                foreign.ExpectProblem(404, "site-not-found");
            }

            AssertAlike(foreign, absent);
        }
    }

    [TestCase("research")]
    [TestCase("dashboard")]
    public async Task Who_may_not_see_records_does_not_learn_which_sites_have_any(string role)
    {
        foreach (var operation in _operations.Where(operation => operation.IsOfSite))
        {
            AssertAlike(await operation.Send(_clients[role], Foreign), await operation.Send(_clients[role], Absent));
        }
    }

    [Test]
    public async Task A_filter_that_names_another_site_is_to_a_site_as_one_that_names_none()
    {
        foreach (var operation in _operations.Where(operation => operation.Takes("site") && operation.Allowed.Contains("site")))
        {
            var own = await operation.Send(_clients["site"], Own, $"site={Own}");
            Assert.That(own.Status, Is.EqualTo(200), () => $"{own.Request}\n{own.Text}");
            foreach (var filter in new[] { "site={0}", "site=" + Own + "&site={0}" })
            {
                var (foreign, absent) = (await operation.Send(_clients["site"], Own, Filled(filter, Foreign)),
                    await operation.Send(_clients["site"], Own, Filled(filter, Absent)));
                Assert.That(foreign.Status, Is.AnyOf(400, 404, 422), () => $"{foreign.Request}\n{foreign.Text}");
                AssertAlike(foreign, absent);
            }

            if (operation.Takes("a.site"))
            {
                AssertAlike(
                    (await operation.Send(_clients["site"], Own, "b.site=" + Foreign)).ExpectProblem(422),
                    (await operation.Send(_clients["site"], Own, "b.site=" + Absent)).ExpectProblem(422));
            }
        }
    }

    [Test]
    public async Task The_figures_and_lists_of_a_site_are_those_of_its_own_records()
    {
        var walked = 0;
        foreach (var operation in _operations.Where(
            operation => operation.Method == "GET" && operation.Takes("site") && operation.Allowed.Contains("site")))
        {
            var (own, all) = ((await operation.Send(_clients["site"], Own)).Expect(200),
                (await operation.Send(_clients["admin"], Own)).Expect(200));
            var expected =
                operation.Path == "/summaries/power" ? all : (await operation.Send(_clients["admin"], Own, $"site={Own}")).Expect(200);
            Assert.That(
                JsonNode.DeepEquals(own.Json["items"], expected.Json["items"]), () => $"{operation.Path}\n{own.Text}\n{expected.Text}");

            // And the answer that is kept for one is not given to the other.
            Assert.That((await operation.Send(_clients["admin"], Own)).Text, Is.EqualTo(all.Text), operation.Path);
            walked++;
        }

        Assert.That(walked, Is.GreaterThan(12));
        Assert.That((await _clients["site"].Get("/sites")).Expect(200).Items.Select(item => item["site"]!.ToString()), Is.EqualTo([Own]));
        Assert.That(
            (await _clients["admin"].Get("/sites")).Expect(200).Items.Select(item => item["site"]!.ToString()), Is.EqualTo([Foreign, Own]));
    }

    [TestCase("")]
    [TestCase(""", "mode": "all" """)]
    [TestCase(""", "dryRun": true """)]
    public async Task An_item_of_a_batch_about_another_site_is_as_one_about_none(string settings)
    {
        var answers = new List<JsonNode>();
        _ = await _clients["site"].Put($"/sites/{Own}/cases/c/assessments/1m", """{"assessedOn":"2024-02-10","nrs":3,"pdi":20}""");
        foreach (var site in new[] { Foreign, Absent })
        {
            var body = $$"""{"items":[{"site":"{{Own}}","case":"c","timepoint":"1m","assessedOn":"2024-02-10","nrs":3,"pdi":20},{"site":"{{site}}","case":"c","timepoint":"1m","assessedOn":"2024-02-10","nrs":3,"pdi":20}]{{settings}}}""";
            var answer = (await _clients["site"].Post("/assessments/batch", body)).Expect(200);
            Assert.That(answer.Json["items"]![1]!["problem"]!["code"]!.ToString(), Is.EqualTo("site-not-found"), answer.Text);
            Assert.That(answer.Json["items"]![0]!["problem"], Is.Null, answer.Text);
            answers.Add(JsonNode.Parse(answer.Text.Replace(site, "x", StringComparison.Ordinal))!);
        }

        Assert.That(JsonNode.DeepEquals(answers[0], answers[1]), () => $"{answers[0]}\n{answers[1]}");
    }

    [Test]
    public async Task A_sheet_of_scores_of_another_site_is_as_one_of_none()
    {
        var answers = new List<JsonNode>();
        foreach (var site in new[] { Foreign, Absent })
        {
            var answer = (await _clients["site"].Send(
                HttpMethod.Post,
                "/assessments/batch",
                $"site,case,timepoint,assessedOn,nrs,pdi\n{site},c,3m,2024-04-10,1,2\n",
                [],
                "text/csv")).Expect(200);
            answers.Add(JsonNode.Parse(answer.Text.Replace(site, "x", StringComparison.Ordinal))!);
        }

        Assert.That(answers[0]["rejected"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(JsonNode.DeepEquals(answers[0], answers[1]), () => $"{answers[0]}\n{answers[1]}");
    }

    [Test]
    public async Task A_site_corrects_itself_and_is_neither_made_nor_unmade_by_its_key()
    {
        var current = (await _clients["site"].Get("/sites/" + Own)).Expect(200);
        (await _clients["site"].Put(
            "/sites/" + Own,
            Sample.Site.Replace("\"name\":\"", "\"name\":\"New ", StringComparison.Ordinal),
            ("If-Match", current.ETag!),
            ("X-Change-Reason", "renamed"))).Expect(200);
        (await _clients["site"].Delete("/sites/" + Own, ("If-Match", current.ETag!), ("X-Change-Reason", "closed")))
            .ExpectProblem(403, "forbidden");

        (await Api.Put("/sites/brief", Sample.Site)).Expect(201);
        var (_, _, brief) = await Host.Issue("site", "brief", "brief");
        var tag = (await brief.Get("/sites/brief")).Expect(200).ETag!;
        var gone = (await Api.Delete("/sites/brief", ("If-Match", tag), ("X-Change-Reason", "closed"))).Expect(204);
        (await brief.Put("/sites/brief", Sample.Site)).ExpectProblem(403, "forbidden");
        (await brief.Put("/sites/brief", Sample.Site, ("If-Match", gone.ETag!), ("X-Change-Reason", "again")))
            .ExpectProblem(403, "forbidden");
    }

    private async Task Record(string site)
    {
        var @case = $"/sites/{site}/cases/c";
        (await Api.Put("/sites/" + site, Sample.Site)).Expect(201);
        (await Api.Put(@case, Sample.Case("drez"))).Expect(201);
        (await Api.Put(@case + "/events/k", Sample.Event("lesioned", "2024-01-10"))).Expect(201);
        (await Api.Put(@case + "/assessments/baseline", Sample.Assessment("2024-01-09"))).Expect(201);
        (await Api.Put(@case + "/assessments/12m", Sample.Assessment("2025-01-10"))).Expect(201);
        (await Api.Put(
            @case + "/adverse-events/k",
            """{"category":"surgical","term":"haematoma","onsetOn":"2024-01-11","severity":"mild","serious":false}""")).Expect(201);
        (await Api.Put(@case + "/costs/k", """{"category":"operation","amount":1,"currency":"EUR","priceYear":2024}""")).Expect(201);
        (await Api.Put(@case + "/stays/k", """{"admittedOn":"2024-01-09","dischargedOn":"2024-01-12"}""")).Expect(201);
    }

    // The same status and body, but for the name that was asked for and the name of the request.
    private static void AssertAlike(ApiAnswer foreign, ApiAnswer absent)
    {
        Assert.That(Bare(foreign, Foreign), Is.EqualTo(Bare(absent, Absent)), () => foreign.Request);
        Assert.That(
            foreign.Headers.Keys.Order(StringComparer.Ordinal),
            Is.EqualTo(absent.Headers.Keys.Order(StringComparer.Ordinal)),
            () => foreign.Request);
    }

    private static (int, string) Bare(ApiAnswer answer, string site)
    {
        var body = answer.Json.AsObject();
        body.Remove("traceId");
        body.Remove("instance");
        return (answer.Status, body.ToJsonString(Relaxed.Json).Replace(site, "x", StringComparison.Ordinal));
    }

    private static string Filled(string filter, string site) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, filter, site);

    /// <summary>An operation of the contract.</summary>
    private sealed record Operation(string Method, string Path, JsonNode Contract)
    {
        public bool IsOfSite => Path.Contains("{site}", StringComparison.Ordinal);

        /// <summary>The roles that it lets in.</summary>
        public string[] Allowed => (Method, Path) switch
        {
            ("DELETE", "/sites/{site}") => ["admin"],
            (_, "/codebook") => Roles,
            _ when Path.StartsWith("/summaries/", StringComparison.Ordinal) => Roles,
            _ when Path.StartsWith("/cohorts", StringComparison.Ordinal) || Path.StartsWith("/snapshots", StringComparison.Ordinal) =>
                ["research", "admin"],
            _ when Path.StartsWith("/keys", StringComparison.Ordinal) || Path.Contains("/patients/", StringComparison.Ordinal) => ["admin"],
            _ => ["site", "admin"],
        };

        public bool Takes(string parameter) =>
            Contract["parameters"]?.AsArray().Select(one => AnswerContract.Committed.Resolve(one!)).Any(
                one => one["in"]!.ToString() == "query" && one["name"]!.ToString() == parameter) == true;

        public Task<ApiAnswer> Send(ApiClient client, string site, string? filter = null)
        {
            var path = string.Join('/', Path.Split('/').Select(part => part switch
            {
                "{site}" => site,
                "{case}" => "c",
                "{timepoint}" => "12m",
                _ => part.StartsWith('{') ? "k" : part,
            }));
            string[] query =
            [
                .. filter is null ? Array.Empty<string>() : [filter],
                .. Path.EndsWith("/summaries/power", StringComparison.Ordinal)
                    ? [filter is null ? "dz=0.5" : "procedure=drez"]
                    : Array.Empty<string>(),
            ];
            var body = Contract["requestBody"]?["content"]?["application/json"]?["example"]?.ToJsonString().Replace(
                "\"reference\"", $"\"{site}\"", StringComparison.Ordinal).Replace(":reference:", $":{site}:", StringComparison.Ordinal);
            return client.Send(
                new HttpMethod(Method),
                path + (query.Length == 0 ? string.Empty : "?" + string.Join('&', query)),
                body ?? (Method is "PUT" or "POST" ? "{}" : null),
                []);
        }
    }
}
