using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Cohorts.Snapshots;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Cohorts;

/// <summary>
/// Snapshots of cohorts: they give the same bytes whatever is recorded later, they are verified and cited, and equal rows are stored once.
/// </summary>
public sealed class SnapshotTests(Engine engine) : RegistryFixture(engine)
{
    private const int Changes = 250;

    private static readonly string[] Pages = ["limit=1000", "limit=9&sort=-age&total=true&costs=EUR-2023"];
    private static readonly string[] Narrowings = [string.Empty, "indication=crps", "painDurationMin=12&has=12m"];
    private static readonly string[] Formats = ["csv", "ndjson", "parquet", "zip"];
    private static readonly string[] Shapes = ["wide", "long"];

    private static readonly (string, string) Why = ("X-Change-Reason", "found in the source");

    private readonly RecordedRegistry _registry = RandomRegistry.Make(11, 60);

    protected override TimeProvider? Clock => RandomRegistry.Clock;

    private IDatabase Database => Host.Services.GetRequiredService<IDatabase>();

    protected override Task Prepare() => Load(_registry.Records);

    [Test]
    public async Task Gives_the_figures_that_the_cohort_gave_and_keeps_them_whatever_is_recorded_later()
    {
        var filters = new[]
        {
            "{}",
            """{"sex":"female"}""",
            """{"procedure":["scs","drg"],"ageMin":"40"}""",
            """{"asOf":"2025-01-15","primary":"true"}""",
        };
        var taken = new List<(string Path, string Text, string Digest)>();
        var snapshots = new List<string>();
        foreach (var filter in filters)
        {
            var (cohort, snapshot) = await Take(filter);
            snapshots.Add(snapshot);
            foreach (var below in await Addresses(filter))
            {
                var (frozen, live) = ((await Api.Get(snapshot + below)).Expect(200), (await Api.Get(cohort + below)).Expect(200));
                if (!below.StartsWith("/cases", StringComparison.Ordinal) && !below.StartsWith("/export", StringComparison.Ordinal))
                {
                    Assert.That(frozen.Text, Is.EqualTo(live.Text), snapshot + below);
                }

                taken.Add((snapshot + below, frozen.Text, frozen.Headers.GetValueOrDefault("Content-Digest", string.Empty)));
            }

            // The order is another one: that of the keys, and not that of recording. The cases are the same, with the same values.
            Assert.That(await Rows(snapshot), Is.EquivalentTo(await Rows(cohort)));
        }

        await ChangeMuch();
        foreach (var host in new[] { false, true })
        {
            if (host)
            {
                await Restart();
            }

            foreach (var (path, text, digest) in taken)
            {
                var later = (await Api.Get(path)).Expect(200);
                Assert.That(
                    (later.Text, later.Headers.GetValueOrDefault("Content-Digest", string.Empty)), Is.EqualTo((text, digest)), path);
            }
        }

        foreach (var snapshot in snapshots)
        {
            Assert.That((await Api.Get(snapshot + "/verify")).Expect(200).Json["intact"]!.GetValue<bool>(), Is.True);
        }
    }

    // Worked by hand: what is written by either engine, whatever the numbers of cases there, has these bytes and so this digest.
    [Test]
    public async Task Stores_the_same_text_on_every_engine()
    {
        var site = Sample.KeyOf(await Api.NewSite());
        foreach (var (@case, day) in new[] { ("b-2", "2024-02-10"), ("a-1", "2024-01-10") })
        {
            var path = $"/sites/{site}/cases/{@case}";
            (await Api.Put(path, Sample.Case("drez", patient: "P-" + @case))).Expect(201);
            (await Api.Put(path + "/events/op", Sample.Event("lesioned", day))).Expect(201);
            (await Api.Put(path + "/stays/s", $$"""{"admittedOn":"{{day}}","dischargedOn":"{{day[..8]}}12"}""")).Expect(201);
        }

        var (_, snapshot) = await Take($$"""{"site":"{{site}}"}""", """{"asOf":"2024-02-11"}""");
        var texts = new Dictionary<string, string>();
        foreach (var part in await SnapshotStore.Parts(Database, Sample.KeyOf(snapshot), CancellationToken.None))
        {
            var text = (await SnapshotStore.Text(Database, part.Digest, CancellationToken.None))!.Text()!;
            Assert.That(SHA256.HashData(text), Is.EqualTo(part.Digest));
            texts[part.Table] = Encoding.UTF8.GetString(text);
        }

        Assert.That(
            texts["analysis_event"],
            Is.EqualTo("rows 1 analysis_event\ncase,event_code,event_type,event_day\n1,op,lesioned,738894\n2,op,lesioned,738925\n"));
        Assert.That(
            texts["analysis_stay"],
            Is.EqualTo("rows 1 analysis_stay\ncase,stay_code,procedure_code,days,is_first_of_case\n1,s,drez,2,1\n"),
            "the other is discharged after the cut-off");
        Assert.That(
            texts["analysis_case"].Split('\n')[2],
            Does.StartWith($"1,{site},a-1,").And.EndWith(",,"),
            "neither person nor pathway has another case");
    }

    // Every column of the analysis tables is stored, but the numbers of cases and persons and what a cut-off makes superfluous.
    [Test]
    public async Task Stores_every_column()
    {
        foreach (var table in RowTable.All)
        {
            var columns = await Database.Read(
                session => session.Query<string>(Engine == Engine.Sqlite
                    ? $"SELECT name FROM pragma_table_info('{table.Name}')"
                    : $"SELECT c.name FROM sys.columns c JOIN sys.tables t ON t.object_id = c.object_id WHERE t.name = '{table.Name}'"),
                CancellationToken.None);
            Assert.That(
                table.Columns.Select(column => column.Name)
                    .Concat(["case_id", "unit_case_id", "known_from", "person_id", "pathway_case_id"]),
                Is.SupersetOf(columns),
                table.Name);
            var texts = await Database.Read(
                session => session.Query<string>(Engine == Engine.Sqlite
                    ? $"SELECT name FROM pragma_table_info('{table.Name}') WHERE type = 'TEXT'"
                    : $"SELECT column_name FROM information_schema.columns WHERE table_name = '{table.Name}' AND data_type LIKE '%char%'"),
                CancellationToken.None);
            Assert.That(table.Columns.Where(column => column.IsText).Select(column => column.Name), Is.EquivalentTo(texts), table.Name);
        }
    }

    [Test]
    public async Task Is_taken_without_a_body_too() =>
        Assert.That(
            (await Api.Send(HttpMethod.Post, await Save("{}", "Everyone") + "/snapshots", null, []))
                .Expect(201).Json["cases"]!.GetValue<long>(),
            Is.Positive);

    [Test]
    public async Task Says_what_it_holds()
    {
        var cohort = await Save("""{"sex":["male"]}""", "Men & women {2024}");
        var taken = (await Api.Post(cohort + "/snapshots", """{"asOf":"2025-03-01"}""")).Expect(201);
        var snapshot = taken.Json;
        var id = snapshot["snapshot"]!.ToString();
        Assert.That(taken.Location, Is.EqualTo("/api/v1/snapshots/" + id));
        Assert.That(
            (snapshot["asOf"]!.ToString(),
                snapshot["version"]!.GetValue<int>(),
                snapshot["title"]!.ToString(),
                snapshot["filter"]!.ToJsonString()),
            Is.EqualTo(("2025-03-01", 1, "Men & women {2024}", """{"sex":["male"]}""")));
        Assert.That(
            snapshot["cases"]!.GetValue<long>(),
            Is.EqualTo((await Api.Get(cohort + "/cases?total=true&limit=1&asOf=2025-03-01")).Expect(200).Json["total"]!.GetValue<long>()));
        Assert.That((await Api.Get("/snapshots/" + id)).Expect(200).Text, Is.EqualTo(taken.Text));
        Assert.That(
            (await Api.Get(cohort + "/snapshots")).Expect(200).Items.Select(item => item.ToJsonString(Relaxed.Json)),
            Is.EqualTo([snapshot.ToJsonString(Relaxed.Json)]));
        var entry = (await Api.Get("/audit?limit=1000")).Expect(200).Items.Single(item => item["subject"]?.ToString() == id);
        Assert.That(entry["detail"]!["sha256"]!.ToString(), Is.EqualTo(snapshot["sha256"]!.ToString()));

        // It goes on being there when its cohort is not.
        (await Api.Delete(cohort, ("If-Match", (await Api.Get(cohort)).ETag!), Why)).Expect(204);
        (await Api.Get("/snapshots/" + id)).Expect(200);
        (await Api.Post(cohort + "/snapshots", "{}")).ExpectProblem(404, "not-found");
    }

    [TestCase("""{"asOf":"2999-01-01"}""", "/asOf date-in-the-future, /asOf stated-twice")]
    [TestCase("""{"asOf":"2025-02-30"}""", "/asOf not-a-date")]
    [TestCase("""{"asOf":"2025-02-28","note":"x"}""", "/asOf stated-twice, /note unknown-member")]
    public async Task Is_not_taken_as_of_a_day_that_cannot_be(string body, string faults)
    {
        var cohort = await Save("""{"asOf":"2025-01-31"}""");
        var refused = (await Api.Post(cohort + "/snapshots", body)).ExpectProblem(422, "invalid-content");
        Assert.That(string.Join(", ", refused.Faults.Select(fault => $"{fault.Pointer} {fault.Code}")), Is.EqualTo(faults));
    }

    [Test]
    public async Task Takes_further_filters_and_no_other_cut_off()
    {
        var (cohort, snapshot) = await Take("""{"sex":"female"}""", """{"asOf":"2025-06-01"}""");
        Assert.That(
            (await Api.Get(snapshot + "/summaries/trials?procedure=scs")).Expect(200).Text,
            Is.EqualTo((await Api.Get(cohort + "/summaries/trials?procedure=scs&asOf=2025-06-01")).Expect(200).Text));
        (await Api.Get(snapshot + "/summaries/trials?asOf=2025-06-01")).Expect(200);
        Assert.That(
            (await Api.Get(snapshot + "/summaries/trials?asOf=2025-06-02")).ExpectProblem(422).Faults,
            Is.EqualTo([("/asOf", "stated-twice")]));
        Assert.That((await Api.Get(snapshot + "/cases?sex=male")).ExpectProblem(422).Faults, Is.EqualTo([("/sex", "stated-twice")]));
        Assert.That((await Api.Get(snapshot + "/cases?site=nowhere")).ExpectProblem(422).Faults, Is.EqualTo([("/site", "unknown-site")]));
        (await Api.Get("/snapshots/20200101-0000000000000000/cases")).ExpectProblem(404, "not-found");
    }

    [Test]
    public async Task Gives_its_cases_page_by_page()
    {
        var (_, snapshot) = await Take("{}");
        var told = new List<string>();
        for (var next = string.Empty; next is not null;)
        {
            var page = (await Api.Get($"{snapshot}/cases?limit=7&sort=-age{next}")).Expect(200);
            told.AddRange(page.Items.Select(item => item["case"]!.ToString()));
            next = page.Json["next"] is { } cursor ? "&after=" + cursor : null;
        }

        Assert.That(told, Is.Unique.And.Count.EqualTo((await Api.Get(snapshot)).Json["cases"]!.GetValue<int>()));
        Assert.That((await Api.Get(snapshot + "/export")).Expect(200).Text.Split('\n'), Has.Length.EqualTo(told.Count + 2));
    }

    [Test]
    public async Task Tells_a_cache_that_it_never_changes()
    {
        var (_, snapshot) = await Take("{}");
        foreach (var below in new[] { string.Empty, "/cases?limit=2", "/summaries/flow", "/table-one", "/citation" })
        {
            var answer = (await Api.Get(snapshot + below)).Expect(200);
            Assert.That(
                answer.Headers["Cache-Control"],
                Is.EqualTo("max-age=86400, private, immutable").Or.EqualTo("private, max-age=86400, immutable"),
                below);
            Assert.That(
                answer.Headers["Content-Digest"],
                Is.EqualTo($"sha-256=:{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(answer.Text)))}:"),
                below);
            (await Api.Get(snapshot + below, ("If-None-Match", answer.ETag!))).Expect(304);
        }
    }

    // What is digested is what travels: the bytes in their coding.
    [TestCase("gzip")]
    [TestCase("br")]
    public async Task Digests_what_is_sent(string coding)
    {
        var (_, snapshot) = await Take("{}");
        using var client = Host.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1{snapshot}/cases");
        request.Headers.Add("X-Api-Key", RegistryHost.Key);
        request.Headers.Add("Accept-Encoding", coding);
        using var response = await client.SendAsync(request);
        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo([coding]));
        Assert.That(
            response.Headers.GetValues("Content-Digest").Single(),
            Is.EqualTo($"sha-256=:{Convert.ToBase64String(SHA256.HashData(await response.Content.ReadAsByteArrayAsync()))}:"));
    }

    [Test]
    public async Task Stores_equal_rows_once()
    {
        var (cohort, first) = await Take("""{"procedure":"scs"}""", """{"asOf":"2025-05-01"}""");
        var before = await Count("snapshot_part");
        var again = (await Api.Post(cohort + "/snapshots", """{"asOf":"2025-05-01"}""")).Expect(201).Json;
        Assert.That(await Count("snapshot_part"), Is.EqualTo(before));
        Assert.That(again["sha256"]!.ToString(), Is.EqualTo((await Api.Get(first)).Json["sha256"]!.ToString()));
        Assert.That(again["snapshot"]!.ToString(), Is.Not.EqualTo(Sample.KeyOf(first)));
    }

    [Test]
    public async Task Is_of_whoever_knows_its_id()
    {
        var (owner, other) = ((await Host.Issue("research", name: Sample.Key("owner"))).Client,
            (await Host.Issue("research", name: Sample.Key("other"))).Client);
        var cohort = "/cohorts/" + Sample.Key("own");
        (await owner.Put(cohort, """{"filter":{}}""")).Expect(201);
        var snapshot = "/snapshots/" + (await owner.Post(cohort + "/snapshots", "{}")).Expect(201).Json["snapshot"];
        (await other.Post(cohort + "/snapshots", "{}")).ExpectProblem(404, "not-found");
        (await other.Get(cohort + "/snapshots")).ExpectProblem(404, "not-found");
        (await other.Get(snapshot)).Expect(200);
        (await other.Get(snapshot + "/cases?limit=1")).Expect(200);
    }

    [Test]
    public async Task Is_verified()
    {
        var (_, snapshot) = await Take("""{"procedure":"drez"}""");
        var well = (await Api.Get(snapshot + "/verify")).Expect(200).Json;
        Assert.That(
            (well["intact"]!.GetValue<bool>(), well["sha256"]!.ToString(), well["damaged"]!.AsArray().Count),
            Is.EqualTo((true, (await Api.Get(snapshot)).Json["sha256"]!.ToString(), 0)));

        // Somebody changes a stored text at a SQL prompt, past the triggers: a cohort of its own, so that no other test reads it.
        var (_, victim) = await Take("""{"procedure":"cordotomy","ageMin":"30"}""");
        var id = Sample.KeyOf(victim);
        Assert.That(
            async () => await Database.Execute($"UPDATE snapshot SET cases = cases + 1 WHERE snapshot_id = '{id}'"), Throws.Exception);
        Assert.That(async () => await Database.Execute("DELETE FROM snapshot_part"), Throws.Exception);
        foreach (var trigger in new[] { "snapshot_part_is_not_changed", "snapshot_is_not_changed" })
        {
            await Database.Execute("DROP TRIGGER " + trigger);
        }

        await Database.Execute(
            $"UPDATE snapshot_part SET content = (SELECT MIN(p.content) FROM snapshot_part p WHERE p.part_digest <> "
                + $"snapshot_part.part_digest) WHERE part_digest = (SELECT c.part_digest FROM snapshot_content c WHERE c.snapshot_id = "
                + $"'{id}' AND c.table_name = 'analysis_case')");
        var damaged = (await Api.Get(victim + "/verify")).Expect(200).Json;
        Assert.That(damaged["intact"]!.GetValue<bool>(), Is.False);
        Assert.That(damaged["sha256"]!.ToString(), Is.Not.EqualTo(damaged["stored"]!.ToString()));
        Assert.That(damaged["damaged"]!.AsArray().Select(part => part!["table"]!.ToString()), Is.EqualTo(["analysis_case"]));
        (await Api.Get(victim + "/cases")).ExpectProblem(500, "damaged");

        await Database.Execute($"UPDATE snapshot SET cases = cases + 1 WHERE snapshot_id = '{Sample.KeyOf(snapshot)}'");
        Assert.That((await Api.Get(snapshot + "/verify")).Expect(200).Json["intact"]!.GetValue<bool>(), Is.False);
    }

    [Test]
    public async Task Has_a_digest_that_confirms_no_guess()
    {
        var (_, path) = await Take("""{"procedure":"drg","ageMin":"149"}""");
        var snapshot = (await SnapshotStore.Find(Database, Sample.KeyOf(path), CancellationToken.None))!;
        var guessed = snapshot.Digest(await SnapshotStore.Parts(Database, snapshot.Id, CancellationToken.None), null);
        Assert.That(
            (await Api.Get(path)).Json["sha256"]!.ToString(),
            Is.Not.EqualTo(Convert.ToHexStringLower(guessed)),
            "with everything known but the salt");
        Assert.That((await Api.Get(path + "/verify")).Expect(200).Json["intact"]!.GetValue<bool>(), Is.True);
    }

    [Test]
    public async Task Is_verified_by_the_digest_without_a_salt_where_it_was_taken_with_none()
    {
        var (_, path) = await Take("""{"procedure":"drg","ageMin":"148"}""");
        var snapshot = (await SnapshotStore.Find(Database, Sample.KeyOf(path), CancellationToken.None))!;
        var unsalted = snapshot.Digest(await SnapshotStore.Parts(Database, snapshot.Id, CancellationToken.None), null);
        const string Copied = "cohort_name, cohort_version, title, filter, as_of_day, row_format, rules_version, data_version, data_versions, cases, row_count, created_at, created_by, key_id";
        var id = snapshot.Id + "-old";
        await Database.Write(
            [],
            session => session.Execute(
                $"INSERT INTO snapshot (snapshot_id, sha256, {Copied}) SELECT '{id}', @unsalted, {Copied} FROM snapshot WHERE snapshot_id "
                    + $"= '{snapshot.Id}'",
                new { unsalted }),
            CancellationToken.None);
        await Database.Execute(
            $"INSERT INTO snapshot_content (snapshot_id, part_number, table_name, row_count, part_digest) SELECT '{id}', part_number, "
                + $"table_name, row_count, part_digest FROM snapshot_content WHERE snapshot_id = '{snapshot.Id}'");
        var verified = (await Api.Get($"/snapshots/{id}/verify")).Expect(200).Json;
        Assert.That(
            (verified["intact"]!.GetValue<bool>(), verified["sha256"]!.ToString()), Is.EqualTo((true, Convert.ToHexStringLower(unsalted))));
    }

    [Test]
    public async Task Is_cited()
    {
        var cohort = await Save("{}", "Leads & outcomes, 100 %");
        var snapshot = (await Api.Post(cohort + "/snapshots", """{"asOf":"2025-04-30"}""")).Expect(201).Json;
        var (path, id, sha) = ("/snapshots/" + snapshot["snapshot"], snapshot["snapshot"]!.ToString(), snapshot["sha256"]!.ToString());
        var text = (await Api.Get(path + "/citation")).Expect(200);
        Assert.That(text.Text, Does.StartWith("Neuromodulation registry (").And
            .Contain("Leads & outcomes, 100 %: a cohort of ").And
            .Contain($"http://localhost/api/v1{path}").And
            .Contain(sha).And
            .Contain("data cut-off 2025-04-30"));
        Assert.That((await Api.Get(path + "/citation", ("Accept", "text/plain"))).Expect(200).Text, Is.EqualTo(text.Text));

        var bibtex = (await Api.Get(path + "/citation?format=bibtex")).Expect(200);
        Assert.That((await Api.Get(path + "/citation", ("Accept", "application/x-bibtex"))).Expect(200).Text, Is.EqualTo(bibtex.Text));
        Assert.That(bibtex.Text, Does.StartWith($"@misc{{snapshot-{id},").And.Contain(@"Leads \& outcomes, 100 \%"));
        Assert.That(bibtex.Text.Count(letter => letter == '{'), Is.EqualTo(bibtex.Text.Count(letter => letter == '}')));

        var csl = JsonNode.Parse((await Api.Get(path + "/citation?format=csl-json")).Expect(200).Text)!.AsArray().Single()!;
        Assert.That(
            (csl["type"]!.ToString(), csl["URL"]!.ToString(), csl["note"]!.ToString()),
            Is.EqualTo(("dataset", "http://localhost/api/v1" + path, "SHA-256: " + sha)));
        Assert.That(
            csl["issued"]!["date-parts"]![0]!.AsArray().Select(part => part!.GetValue<int>()).First(),
            Is.EqualTo(int.Parse(id[..4], CultureInfo.InvariantCulture)));
        (await Api.Get(path + "/citation", ("Accept", "image/png"))).ExpectProblem(406, "not-acceptable");
    }

    // Every summary and list that the contract has below a snapshot, each as it is and narrowed; exports in every form.
    private async Task<IReadOnlyList<string>> Addresses(string filter)
    {
        const string Root = "/api/v1/snapshots/{snapshot}";
        var contract = (await Api.Get("/openapi/v1.json")).Expect(200).Json;
        var below = contract["paths"]!.AsObject()
            .Select(path => path.Key)
            .Where(path => path.StartsWith(Root + "/", StringComparison.Ordinal))
            .Select(path => path[Root.Length..])
            .ToList();
        Assert.That(below, Has.Count.GreaterThan(18));
        return
        [
            .. from path in below
               where path is not ("/verify" or "/citation" or "/export" or "/summaries/power")
               from query in path is "/cases" ? Pages : Narrowings
               select query.Length == 0 ? path : $"{path}?{query}",
            filter.Contains("procedure", StringComparison.Ordinal) ? "/summaries/power" : "/summaries/power?procedure=drez",
            "/summaries/survival?event=loss-of-response",
            "/summaries/costs?per=pathway&basis=all",
            "/table-one?by=sex",
            .. from format in Formats
               from shape in Shapes
               select $"/export?format={format}&shape={shape}",
        ];
    }

    private async Task<IReadOnlyList<string>> Rows(string path) =>
        [.. (await Api.Get(path + "/cases?limit=1000")).Expect(200).Items.Select(item => item.ToJsonString())];

    private async Task<string> Save(string filter, string? title = null)
    {
        var path = "/cohorts/" + Sample.Key("cohort");
        var body = new JsonObject { ["filter"] = JsonNode.Parse(filter) };
        if (title is not null)
        {
            body["title"] = title;
        }

        (await Api.Put(path, body.ToJsonString())).Expect(201);
        return path;
    }

    private async Task<(string Cohort, string Snapshot)> Take(string filter, string body = "{}")
    {
        var cohort = await Save(filter);
        return (cohort, "/snapshots/" + (await Api.Post(cohort + "/snapshots", body)).Expect(201).Json["snapshot"]);
    }

    private async Task<long> Count(string table) =>
        await Database.Read(session => session.Single<long>($"SELECT COUNT(*) FROM {table}"), CancellationToken.None);

    // Scores corrected and retracted, cases added and retracted, a reference erased.
    private async Task ChangeMuch()
    {
        var random = new Random(5);
        for (var change = 0; change < Changes; change++)
        {
            var one = _registry.Cases[random.Next(_registry.Cases.Count)];
            var @case = $"/sites/{one.Site}/cases/{one.Code}";
            if ((await Api.Get(@case)).Status != 200)
            {
                continue;
            }

            if (random.Next(8) == 0)
            {
                (await Api.Put($"/sites/{one.Site}/cases/{Sample.Key("later")}", Sample.Case("scs", patient: Sample.Key("P")))).Expect(201);
            }

            foreach (var list in new[] { "assessments", "costs", "adverse-events", "stays" })
            {
                var records = (await Api.Get($"{@case}/{list}")).Expect(200).Items;
                if (records.Count == 0)
                {
                    continue;
                }

                var record = records[random.Next(records.Count)];
                var key = record[list switch
                {
                    "assessments" => "timepoint",
                    "costs" => "cost",
                    "stays" => "stay",
                    _ => "adverseEvent",
                }]!.ToString();
                var (tag, body) = (record["etag"]!.ToString(), Corrected(record.AsObject(), random));
                var answer = body is null || random.Next(4) == 0
                    ? await Api.Delete($"{@case}/{list}/{key}", ("If-Match", tag), Why)
                    : await Api.Put($"{@case}/{list}/{key}", body, ("If-Match", tag), Why);
                Assert.That(answer.Status, Is.AnyOf(200, 204, 409, 422), answer.Text);
            }
        }

        var erased = _registry.Cases[0];
        (await Api.Send(HttpMethod.Delete, $"/sites/{erased.Site}/patients/{erased.Record.Patient.Reference}", null, [Why])).Expect(200);
    }

    private static string? Corrected(JsonObject record, Random random)
    {
        foreach (var derived in new[] { "daysFromTimeZero", "window", "etag", "pdiItems" })
        {
            record.Remove(derived);
        }

        if (record["nrs"] is not null)
        {
            record["nrs"] = random.Next(11);
            return record.ToJsonString();
        }

        if (record["amount"] is not null)
        {
            record["amount"] = random.Next(1, 9000);
            return record.ToJsonString();
        }

        if (record["severity"] is not null)
        {
            record["serious"] = !record["serious"]!.GetValue<bool>();
            return record.ToJsonString();
        }

        return null;
    }
}
