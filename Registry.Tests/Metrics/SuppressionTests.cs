using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Domain.Assessments;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// With a smallest cell, no answer to a dashboard or a researcher shows a smaller count, and no sums over all of them give one away.
/// </summary>
public sealed class SuppressionTests
{
    private const int Minimum = 11;
    private const int Rounding = 5;

    private static readonly string[] Summaries =
    [
        "/summaries/response-rates", "/summaries/scores", "/summaries/costs", "/summaries/stays", "/summaries/trials", "/summaries/flow",
        "/summaries/benchmarks", "/summaries/comparison?a.procedure=scs&b.procedure=drez", "/summaries/power?procedure=drez",
        "/summaries/adverse-events", "/summaries/survival", "/summaries/completeness", "/cohorts/trajectories", "/cohorts/responder-curve",
        "/cohorts/response-domains", "/cohorts/table-one",
    ];

    // Each divides all cases into parts.
    private static readonly string[][] Divisions =
    [
        ["sex=female", "sex=male", "sex=other", "sex=unknown"],
        ["procedure=scs", "procedure=drg", "procedure=drez", "procedure=cordotomy"],
        ["primary=true", "primary=false"],
    ];

    private static readonly string[] Citations = ["text", "bibtex", "csl-json"];

    private static readonly string[] Wholes = ["procedure", "category", "site", "generator"];

    private TestDatabase _database = null!;
    private RegistryHost _host = null!;
    private ApiClient _dashboard = null!;
    private ApiClient _research = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _database = await TestDatabase.Create(Engine.Sqlite);
        _host = new RegistryHost(_database, settings: new()
        {
            ["Registry:Demo"] = "true",
            ["Registry:Disclosure:MinimumCell"] = Minimum.ToString(CultureInfo.InvariantCulture),
        });
        (_, _, _dashboard) = await _host.Issue("dashboard");
        (_, _, _research) = await _host.Issue("research");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCaseSource(nameof(Summaries))]
    public async Task Shows_no_small_count_and_no_exact_one(string summary)
    {
        var seen = (summary.StartsWith("/cohorts", StringComparison.Ordinal) ? _research : _dashboard).Get(summary);
        var items = (await seen).Expect(200).Items;
        var exact = (await _host.Api.Get(summary)).Expect(200).Items;
        var counts = items.SelectMany(item => Counts(item!)).ToList();
        Assert.That(counts.Select(count => count.Value).OfType<long>().Where(count => count is > 0 and < Minimum), Is.Empty);
        Assert.That(counts.Select(count => count.Value).OfType<long>().Where(count => count % Rounding != 0), Is.Empty);
        foreach (var item in items.Where(item => Counts(item).Any(count => count.Value is null && !IsOftenNull(count.Path))))
        {
            Assert.That((bool?)item["suppressed"], Is.True, item.ToJsonString());
        }

        if (summary is not ("/summaries/survival" or "/cohorts/responder-curve"))
        {
            Assert.That(items, Has.Count.EqualTo(exact.Count), "what is hidden has its row");
        }
    }

    [TestCaseSource(nameof(Summaries))]
    public async Task Shows_no_nought_of_so_few_cases_that_it_says_something_of_each(string summary)
    {
        var path = summary + (summary.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "site=reference";
        var (hidden, exact) = ((await _research.Get(path)).Expect(200).Items, (await _host.Api.Get(path)).Expect(200).Items);
        foreach (var (item, known) in hidden.Zip(exact).Where(_ => hidden.Count == exact.Count))
        {
            if (Counts(known!).Select(count => count.Value).Max() is > 0 and < Minimum)
            {
                Assert.That(Counts(item!).Where(count => count.Value is not null), Is.Empty, item!.ToJsonString());
            }
        }
    }

    [TestCase("explant")]
    [TestCase("loss-of-response")]
    [TestCase("generator-replacement")]
    public async Task Shows_survival_at_the_days_of_visits_alone(string survivalEvent)
    {
        var items = (await _dashboard.Get("/summaries/survival?event=" + survivalEvent)).Expect(200).Items;
        Assert.That(
            items.Select(item => item!["day"]!.GetValue<int>()).Distinct().Except(VisitWindow.All.Select(window => window.TargetDay)),
            Is.EqualTo([0]));
    }

    [Test]
    public async Task Says_no_reason_that_tells_how_few_cases_a_hidden_group_has()
    {
        foreach (var age in Enumerable.Range(40, 30))
        {
            var items = (await _dashboard.Get($"/summaries/power?procedure=scs&sex=female&ageMin={age}&ageMax={age}")).Expect(200).Items;
            Assert.That(items.Where(item => item!["n"] is null && item["reason"] is not null), Is.Empty);
        }
    }

    [Test]
    public async Task Shows_an_administrator_and_a_site_what_there_is()
    {
        var (_, _, site) = await _host.Issue("site", "reference");
        foreach (var client in new[] { _host.Api, site })
        {
            var answer = (await client.Get("/summaries/flow?site=reference&procedure=scs")).Expect(200);
            Assert.That(answer.Items[0]!["enrolled"]!.GetValue<long>(), Is.InRange(1, Minimum - 1));
            Assert.That(answer.Text, Does.Not.Contain("suppressed"));
        }
    }

    [TestCase("few", """{"site":"reference","procedure":"scs"}""")]
    [TestCase("all", "{}")]
    public async Task Hides_or_rounds_how_much_a_snapshot_holds(string name, string filter)
    {
        (await _host.Api.Put("/cohorts/" + name, $$"""{"shared":true,"filter":{{filter}}}""")).Expect(201);
        var taken = (await _research.Post($"/cohorts/{name}/snapshots", "{}")).Expect(201).Json;
        var path = "/snapshots/" + taken["snapshot"];
        var exact = (await _host.Api.Get(path)).Expect(200).Json;
        var cases = exact["cases"]!.GetValue<long>();
        Assert.That(exact["suppressed"], Is.Null);
        Assert.That((await _host.Api.Get(path + "/citation")).Expect(200).Text, Does.Contain($"a cohort of {cases} case"));
        string[] answers =
        [
            taken.ToJsonString(),
            (await _research.Get(path)).Expect(200).Text,
            (await _research.Get($"/cohorts/{name}/snapshots")).Expect(200).Items[0].ToJsonString(),
        ];
        var citations = await Task.WhenAll(Citations.Select(format => _research.Get($"{path}/citation?format={format}")));
        foreach (var seen in answers.Select(answer => JsonNode.Parse(answer)!))
        {
            Assert.That((bool?)seen["suppressed"], Is.EqualTo(name == "few" ? true : null));
            Assert.That((long?)seen["cases"], name == "few" ? Is.Null : Is.EqualTo((cases + (Rounding / 2)) / Rounding * Rounding));
            Assert.That((long?)seen["rows"], name == "few" ? Is.Null : Is.Not.Null);
            Assert.That(((long?)seen["rows"] ?? 0) % Rounding, Is.Zero);
        }

        foreach (var citation in citations)
        {
            Assert.That(citation.Expect(200).Text, Does.Contain(name == "few"
                ? "a cohort of few cases"
                : $"a cohort of about {answers.Select(answer => JsonNode.Parse(answer)!["cases"]!).First()} cases"));
        }

        Assert.That(cases, name == "few" ? Is.InRange(1, Minimum - 1) : Is.GreaterThan(Minimum));
    }

    [Test]
    public async Task Answers_the_same_as_CSV()
    {
        var table = (await _dashboard.Get("/summaries/flow", ("Accept", "text/csv"))).Expect(200);
        var json = (await _dashboard.Get("/summaries/flow")).Expect(200).Items;
        var lines = table.Text.TrimEnd().Split("\r\n");
        var enrolled = Array.IndexOf(lines[0].Split(','), "enrolled");
        Assert.That(
            lines[1..].Select(line => line.Split(',')[enrolled]),
            Is.EqualTo(json.Select(item => item!["enrolled"]?.ToString() ?? string.Empty)));
        Assert.That(
            lines[1..].Select(line => line.Split(',')[^1]),
            Is.EqualTo(json.Select(item => item!["suppressed"] is null ? "false" : "true")));
        (await _dashboard.Get("/summaries/flow", ("Accept", "text/vnd.mermaid"))).ExpectProblem(406);
    }

    [TestCase("/summaries/survival?at=100", "/at")]
    public async Task Refuses_what_asks_for_rows_that_it_does_not_show(string path, string parameter)
    {
        var problem = (await _dashboard.Get(path)).ExpectProblem(400, "invalid-parameters").Json;
        Assert.That(
            problem["errors"]!.AsArray().Select(fault => $"{fault!["pointer"]} {fault["code"]}"),
            Is.EqualTo([parameter + " does-not-apply"]));
        (await _host.Api.Get(path)).Expect(200);
    }

    [Test]
    public async Task Gives_no_score_away_to_the_difference_of_two_cohorts([Values(20, 50, 60)] int youngest)
    {
        async Task<Dictionary<string, JsonNode>> Ask(ApiClient client, int oldest) =>
            (await client.Get(
                FormattableString.Invariant($"/summaries/scores?instrument=nrs&set=observed&ageMin={youngest}&ageMax={oldest}")))
                .Expect(200).Items.ToDictionary(item => $"{item["procedure"]} {item["timepoint"]}", item => item!);

        var (pairs, solved) = (0, 0);
        var (fewer, fewerExact) = (await Ask(_dashboard, youngest), await Ask(_host.Api, youngest));
        for (var oldest = youngest + 1; oldest < 85; oldest++)
        {
            var (more, moreExact) = (await Ask(_dashboard, oldest), await Ask(_host.Api, oldest));
            foreach (var (group, item) in fewer.Where(
                row => (long?)row.Value["n"] is > 0 and <= 25 && (long)moreExact[row.Key]["n"]! == (long)fewerExact[row.Key]["n"]! + 1))
            {
                var less = Possible(item).ToHashSet();
                var scores = Possible(more[group])
                    .SelectMany(sums => Enumerable.Range(0, 11)
                        .Where(score => less.Contains((sums.N - 1, sums.Sum - score, sums.Squares - (score * score)))))
                    .ToHashSet();
                (pairs, solved) = (pairs + 1, solved + (scores.Count == 1 ? 1 : 0));
            }

            (fewer, fewerExact) = (more, moreExact);
        }

        TestContext.Out.WriteLine($"{pairs} pairs of cohorts, {solved} solved");
        Assert.That(pairs, Is.GreaterThan(5), "or nothing was tried");
        Assert.That(solved, Is.LessThan(pairs / 50.0), "to who knows how figures are rounded");
    }

    // Every count, sum and sum of squares of scores that is shown as this count, mean and standard deviation, to who knows how figures are
    // rounded.
    private static IEnumerable<(long N, long Sum, long Squares)> Possible(JsonNode item)
    {
        var (low, high) = Range((long)item["n"]!);
        var (mean, sd) = ((double)item["mean"]!, (double)item["sd"]!);
        for (var n = low; n <= high; n++)
        {
            for (var sum = (long)Math.Max(0, (mean - 1) * n); sum <= Math.Min(10, mean + 1) * n; sum++)
            {
                // Whole numbers are as odd as their squares.
                for (var squares = Math.Max(sum, (sum * sum) / n); squares <= 10 * sum; squares++)
                {
                    var spread = Math.Sqrt((squares - ((double)sum * sum / n)) / (n - 1));
                    if ((squares - sum) % 2 == 0 && Shown((double)sum / n, spread, n) == mean && Shown(spread, spread, n) == sd)
                    {
                        yield return (n, sum, squares);
                    }
                }
            }
        }
    }

    private static double Shown(double figure, double spread, long n)
    {
        var least = 4 * spread / n;
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        var step = power * (least <= power ? 1 : least <= 2 * power ? 2 : least <= 5 * power ? 5 : 10);
        return Math.Round(Math.Round(figure / step) * step, 2);
    }

    [Test]
    public async Task Gives_no_hidden_count_away_to_sums_over_all_answers()
    {
        var attacks = new List<(long Solved, long Choices, long Exact)>();
        foreach (var summary in new[]
        {
            "/summaries/response-rates?instrument=nrs",
            "/summaries/scores?instrument=nrs",
            "/summaries/trials",
            "/summaries/flow",
            "/summaries/adverse-events",
            "/summaries/completeness",
        })
        {
            var all = await Cells(summary, string.Empty);
            foreach (var whole in Wholes)
            {
                foreach (var family in all.Where(cell => cell.Names.ContainsKey(whole)).GroupBy(cell => cell.NameBut(whole)))
                {
                    if (family.FirstOrDefault(cell => cell.Names[whole] == "all") is { } total)
                    {
                        attacks.AddRange(Attack(total, [.. family.Where(cell => cell != total)]));
                    }
                }
            }

            foreach (var division in Divisions)
            {
                var parts = new List<ILookup<string, Cell>>();
                foreach (var part in division)
                {
                    parts.Add((await Cells(summary, part)).ToLookup(cell => cell.NameBut(string.Empty)));
                }

                foreach (var total in all.Where(cell =>
                    !division[0].StartsWith("procedure", StringComparison.Ordinal) || cell.Names.GetValueOrDefault("procedure") == "all"))
                {
                    attacks.AddRange(Attack(total, [.. parts.SelectMany(part => part[total.NameBut(string.Empty)])]));
                }
            }
        }

        TestContext.Out.WriteLine(
            $"{attacks.Count} equations with one unknown; solved right {attacks.Count(attack => attack.Solved == attack.Exact)}; of one "
                + $"choice alone {attacks.Count(attack => attack.Choices == 1)}");
        Assert.That(attacks, Has.Count.GreaterThan(100), "or nothing was hidden");
        Assert.That(
            attacks.Count(attack => attack.Solved == attack.Exact),
            Is.LessThan(attacks.Count / (Minimum - 1) * 2),
            "no better than a guess");
        Assert.That(
            attacks.Count(attack => attack.Choices == 1), Is.LessThan(attacks.Count / 20), "even to who knows how counts are rounded");
    }

    // An equation of the whole and its parts, of which one is hidden: what it is solved to, and how many counts it leaves to who knows how
    // counts are rounded.
    private static IEnumerable<(long Solved, long Choices, long Exact)> Attack(Cell total, IReadOnlyList<Cell> parts)
    {
        var hidden = parts.Where(part => part.Shown is null).ToList();
        if (total.Shown is null || hidden.Count != 1 || hidden[0].Exact is 0 or >= Minimum)
        {
            yield break;
        }

        var (low, high) = Range(total.Shown.Value);
        var solved = total.Shown.Value;
        foreach (var part in parts.Where(part => part != hidden[0]))
        {
            var (least, most) = Range(part.Shown!.Value);
            (low, high, solved) = (low - most, high - least, solved - part.Shown.Value);
        }

        yield return (solved, Math.Min(high, Minimum - 1) - Math.Max(low, 1) + 1, hidden[0].Exact);
    }

    // Every count that is shown as this number.
    private static (long Low, long High) Range(long shown) =>
        shown == 0 ? (0, 0) : (shown <= Minimum + Rounding ? Minimum : shown - (Rounding / 2), shown + (Rounding / 2));

    private async Task<IReadOnlyList<Cell>> Cells(string summary, string filter)
    {
        var path = summary + (filter.Length == 0 ? string.Empty : (summary.Contains('?') ? "&" : "?") + filter);
        var (shown, exact) = ((await _dashboard.Get(path)).Expect(200).Items, (await _host.Api.Get(path)).Expect(200).Items);
        return
        [
            .. from pair in shown.Zip(exact)
               let names = pair.Second!.AsObject()
                   .Where(member => member.Value is JsonValue value
                       && (value.GetValueKind() == JsonValueKind.String || member.Key is "threshold" or "targetDay"))
                   .ToDictionary(member => member.Key, member => member.Value!.ToString())
               from count in Counts(pair.Second!)
               where count.Value is not null && !count.Path.EndsWith("threshold", StringComparison.Ordinal)
                   && !count.Path.EndsWith("targetDay", StringComparison.Ordinal)
               select new Cell(
                   names,
                   count.Path,
                   count.Path.Split('.').Aggregate((JsonNode?)pair.First, (node, name) => node?[name])?.GetValue<long>(),
                   count.Value ?? 0),
        ];
    }

    // Whole numbers, but for those that are no counts.
    private static IEnumerable<(string Path, long? Value)> Counts(JsonNode node, string prefix = "") => node switch
    {
        JsonObject members => members.Where(member =>
            member.Key is not ("threshold" or "targetDay" or "day" or "priceYear" or "relief" or "pdiPoints" or "total" or "published"))
            .SelectMany(member => member.Value is null ? [(prefix + member.Key, null)] : Counts(member.Value, prefix + member.Key + ".")),
        JsonArray items => items.SelectMany((item, index) => Counts(item!, FormattableString.Invariant($"{prefix}{index}."))),
        JsonValue value when IsCount(prefix) && value.TryGetValue<long>(out var count) => [(prefix.TrimEnd('.'), count)],
        _ => [],
    };

    // Figures may happen to be whole.
    private static bool IsCount(string path) => !IsOftenNull(path.TrimEnd('.'));

    private static bool IsOftenNull(string path) => path.Split('.')[^1] is
        "rate" or "ciLow" or "ciHigh" or "mean" or "sd" or "median" or "q1" or "q3" or "p5" or "p95" or "min" or "max" or "group" or "smd" or "share" or "level" or "estimate" or "df" or "dz" or "power" or "alpha" or "reason"
        or "generator" or "instrument" or "survival" or "se" or "incidence" or "incidenceSe" or "incidenceCiLow" or "incidenceCiHigh" or "currency" or "costPerResponder" or "registry" or "paired" or "change"
        or "baselineMean" or "baselineSd" or "changeMean" or "changeSd" or "meanDays" or "sdDays" or "medianDays" or "q1Days" or "q3Days" or "fellTwoPoints" or "worse" or "priceYear" or "timepoint" or "set" or "procedure" or "costPerResponderOf";

    private sealed record Cell(Dictionary<string, string> Names, string Path, long? Shown, long Exact)
    {
        public string NameBut(string member) =>
            Path + " " + string.Join(' ', Names.Where(name => name.Key != member).Select(name => $"{name.Key}={name.Value}"));
    }
}
