using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Cohorts;
using Registry.Api.Http;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Tests.Metrics.Oracle;
using Registry.Tests.Support;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics;

/// <summary>
/// Random registries, a hundred of them in one database: every figure of every summary of each is the one that the oracle
/// finds by plain loops over the records, whatever it is asked. Two hundred registries on the embedded database, or as
/// many as REGISTRY_TEST_REGISTRIES says: two thousand before a release.
/// </summary>
[TestFixtureSource(nameof(Databases))]
public sealed class OracleTests(Engine engine, int firstSeed, int number) : RegistryFixture(engine)
{
    private const int InADatabase = 100;
    private const int ByDefault = 200;
    private const int OnAServer = 16;

    private readonly List<RecordedRegistry> _registries =
    [
        .. Enumerable.Range(firstSeed, number).Select(seed => RandomRegistry.Make(seed, 5 + (seed % 6))),
    ];

    private RecordedRegistry _all = new([], []);

    protected override TimeProvider? Clock => RandomRegistry.Clock;

    public static IEnumerable<TestFixtureData> Databases()
    {
        return Enumerable.Range(0, Math.Max(1, CampaignSize.Registries(ByDefault) / InADatabase))
            .Select(database => new TestFixtureData(Engine.Sqlite, 1 + (InADatabase * database), InADatabase))
            .Append(new TestFixtureData(Engine.SqlServer, 1, OnAServer));
    }

    private static IEnumerable<string> Summaries() => AskedSummary.All.Select(summary => summary.Name);

    protected override async Task Prepare()
    {
        _all = new RecordedRegistry(
            [.. _registries.SelectMany(registry => registry.Sites)], [.. _registries.SelectMany(registry => registry.Cases)]);
        await Load(_all.Records);
    }

    [Test]
    public async Task Every_figure_is_that_of_the_oracle([ValueSource(nameof(Summaries))] string summary)
    {
        var asked = AskedSummary.All.Single(one => one.Name == summary);
        var figures = new Dictionary<string, bool>();
        foreach (var (index, (registry, question)) in Questions(asked).Index())
        {
            var narrow = asked.IsSlow && firstSeed + index > 1 ? OfOneStanding(question, index) : question;
            var rows = await asked.Agree(Api, registry, narrow);
            foreach (var (name, value) in rows.SelectMany(row => row.Figures))
            {
                figures[name] = figures.GetValueOrDefault(name) || value is not (null or 0L or 0m or 0.0);
            }
        }

        // The databases of every run meet everything; on a server there are too few registries, and one of a long campaign's many may miss
        // something.
        var meetsEverything = Engine == Engine.Sqlite && firstSeed <= ByDefault;
        Assert.That(
            figures.Where(
                figure => meetsEverything && !figure.Value
                    && !figures.Keys.Any(other => other.StartsWith(figure.Key + '.', StringComparison.Ordinal)))
                        .Select(figure => figure.Key),
            Is.Empty,
            "These figures were empty in every answer.");
    }

    [Test]
    public async Task The_stated_cut_off_gives_the_same_bytes_as_none([ValueSource(nameof(Summaries))] string summary)
    {
        var asked = AskedSummary.All.Single(one => one.Name == summary);
        var question = asked.Fit(
            new Question { DefaultAsOf = RandomRegistry.LatestDay, Other = new Question { DefaultAsOf = RandomRegistry.LatestDay } });
        var answer = (await Api.Get(asked.Path(question))).Expect(200);
        Assert.That(answer.Json["asOf"]!.ToString(), Is.EqualTo(RandomRegistry.LatestDay.Iso()));
        Assert.That(
            (await Api.Get(asked.Path(question with { AsOf = RandomRegistry.LatestDay }))).Expect(200).Text, Is.EqualTo(answer.Text));
    }

    [Test]
    public async Task The_rows_of_a_cohort_are_those_of_the_oracle()
    {
        var name = await Host.Services.GetRequiredService<Pseudonyms>().Current(CancellationToken.None);
        var questions = new RandomQuestions(firstSeed, _all);
        var told = 0;
        for (var asked = 0; asked < 30; asked++)
        {
            var question = questions.Next() with { Sites = [] };
            var cohort = new Cohort(_all, question);
            var expected = cohort.Members.ToDictionary(one => name(one.Recorded.Site, one.Recorded.Code), CohortOracle.Row);
            var path = question.Path("/cohorts/cases", ("limit", "97"), ("total", "true"), ("costs", "EUR-2023"));
            for (var next = string.Empty; next is not null;)
            {
                var page = (await Api.Get(path + next)).Expect(200);
                Assert.That(page.Json["total"]!.GetValue<long>(), Is.EqualTo(cohort.Members.Count), path);
                foreach (var item in page.Items)
                {
                    Assert.That(
                        expected.Remove(item["case"]!.GetValue<string>(), out var row),
                        Is.True,
                        "a row that is not of the cohort, or comes twice");
                    Assert.That(
                        item.AsObject().Where(cell => cell.Key is not "case").Select(cell => $"{cell.Key} {cell.Value}"),
                        Is.EqualTo(row),
                        path);
                    told++;
                }

                next = page.Json["next"] is { } cursor ? "&after=" + cursor : null;
            }

            Assert.That(expected.Keys, Is.Empty, path);
        }

        Assert.That(told, Is.GreaterThan(100));
    }

    [Test]
    public async Task The_exported_rows_give_the_rates_and_means_of_the_summaries()
    {
        var questions = new RandomQuestions(firstSeed, _all);
        var counted = 0L;
        for (var asked = 0; asked < 12; asked++)
        {
            var question = questions.Next() with { Sites = [] };
            var (timepoint, instrument) = ((Timepoint)(1 + (asked % 6)), (Instrument)(asked / 6));
            var lines = (await Api.Get(question.Path("/cohorts/export", ("format", "ndjson")))).Expect(200).Text.TrimEnd('\n').Split('\n');
            var rows = new ExportedRows([.. lines[..^1].Select(line => JsonNode.Parse(line)!)], timepoint, instrument);
            (string, string)[] own = [("timepoint", Code.Of(timepoint)), ("instrument", Code.Of(instrument))];
            var rates =
                (await Api.Get(question.Path("/summaries/response-rates", [.. own, ("threshold", "30"), ("threshold", "50")]))).Expect(200);
            foreach (var item in rates.Items.Where(item => item["procedure"]!.GetValue<string>() == "all"))
            {
                var (responders, denominator) = rows.Rate(
                    Code.Parse<AnalysisSet>(item["set"]!.GetValue<string>())!.Value, item["threshold"]!.GetValue<int>());
                Assert.That(
                    (item["responders"]!.GetValue<long>(), item["denominator"]!.GetValue<long>()),
                    Is.EqualTo((responders, denominator)),
                    $"{item["set"]} {item["threshold"]} {rates.Request}");
                counted += denominator;
            }

            var scores =
                (await Api.Get(question.Path("/cohorts/trajectories", [.. own, ("set", "treated")]))).Expect(200).Row(("procedure", "all"));
            var points = rows.ScoresOfTheTreated();
            Assert.That(scores["n"]!.GetValue<int>(), Is.EqualTo(points.Count));
            Assert.That(scores["mean"]?.GetValue<double>(), Is.EqualTo(Naive.Mean(points)).Within(1e-12), rates.Request);
            Assert.That(scores["sd"]?.GetValue<double>(), Is.EqualTo(Naive.Sd(points)).Within(1e-12), rates.Request);
        }

        Assert.That(counted, Is.GreaterThan(100));
    }

    [Test]
    public async Task The_responder_curve_is_the_response_rate_at_every_threshold()
    {
        var curves = (await Api.Get("/cohorts/responder-curve?timepoint=6m")).Expect(200);
        var rates = (await Api.Get(
            "/summaries/response-rates?timepoint=6m&"
                + string.Join(
                    '&', Enumerable.Range(1, 100).Select(percent => FormattableString.Invariant($"threshold={percent}"))))).Expect(200);
        foreach (var rate in rates.Items)
        {
            var curve =
                curves.Row([.. ((string[])["procedure", "instrument", "set"]).Select(name => (name, rate[name]!.GetValue<string>()))]);
            var point =
                curve["points"]!.AsArray().FirstOrDefault(one => one!["relief"]!.GetValue<int>() >= rate["threshold"]!.GetValue<int>());
            Assert.That(
                (point?["responders"]!.GetValue<long>() ?? 0, curve["denominator"]!.GetValue<long>()),
                Is.EqualTo((rate["responders"]!.GetValue<long>(), rate["denominator"]!.GetValue<long>())),
                rate.ToJsonString());
        }
    }

    [Test]
    public async Task The_work_list_is_that_of_the_oracle()
    {
        var questions = new RandomQuestions(firstSeed, _all);
        for (var asked = 0; asked < 20; asked++)
        {
            var any = questions.Next();
            var question = new Question
            {
                DefaultAsOf = any.DefaultAsOf,
                AsOf = any.AsOf,
                Procedures = any.Procedures,
                Timepoints = any.Timepoints,
                Sites = asked % 4 == 3 ? [.. _registries[asked % number].Sites.Select(site => site.Code)] : [],
                DaysOverdueMax = (asked % 3) switch { 0 => null, 1 => asked, _ => 50 * asked },
            };
            var told = new List<string>();
            var path = question.Path("/follow-ups", [.. question.ByTimepoint(), .. question.ByDaysOverdue(), ("limit", "97")]);
            for (var next = string.Empty; next is not null;)
            {
                var page = (await Api.Get(path + next)).Expect(200);
                told.AddRange(
                    page.Items.Select(
                        item => $"{item["targetDate"]} {item["windowLast"]} {item["site"]} {item["case"]} {item["patient"]} {item["procedure"]} {item["timepoint"]} {item["state"]} {item["daysOverdue"]}"));
                next = page.Json["next"] is { } cursor ? "&after=" + cursor : null;
            }

            Assert.That(told, Is.EqualTo(
                from visit in VisitOracle.WorkList(new Cohort(_all, question))
                let one = visit.Case.Recorded
                select $"{visit.Target.Iso()} {visit.WindowLast.Iso()} {one.Site} {one.Code} {one.Record.Patient.Reference} {Code.Of(one.Record.Procedure)} {Code.Of(visit.Timepoint)} {Code.Of(visit.State)} {visit.DaysOverdue}"), path);
        }
    }

    [Test]
    public async Task The_schedule_of_a_case_is_that_of_the_oracle()
    {
        var met = new HashSet<VisitState>();
        var schedules = VisitOracle.VisitsByTheDayAtEachSite(new Cohort(_all, new Question { DefaultAsOf = RandomRegistry.LatestDay }))
            .ToLookup(visit => visit.Case.Recorded);
        foreach (var one in _all.Cases.Where((_, index) => index % 9 == 0))
        {
            var schedule = (await Api.Get($"/sites/{one.Site}/cases/{one.Code}")).Expect(200).Json["schedule"]?.AsArray() ?? [];
            Assert.That(
                schedule.Select(visit => $"{visit!["timepoint"]} {visit["targetDate"]} {visit["state"]} {visit["reason"]}"),
                Is.EqualTo(schedules[one].Select(
                    visit => $"{Code.Of(visit.Timepoint)} {visit.Target.Iso()} {Code.Of(visit.State)} {visit.Reason}")),
                $"{one.Site} {one.Code}");
            met.UnionWith(schedules[one].Select(visit => visit.State));
        }

        Assert.That(Engine == Engine.Sqlite ? Enum.GetValues<VisitState>().Except(met) : [], Is.Empty, "No visit stood so.");
    }

    // Power is slow to compute. Of 36 questions each has another timepoint, instrument and set.
    private static Question OfOneStanding(Question question, int index) =>
        question with
        {
            Timepoints = [(Timepoint)(1 + (index % 6))],
            Instruments = [(Instrument)(index / 6 % 2)],
            Sets = [(AnalysisSet)(index / 12 % 3)],
        };

    /// <summary>
    /// One question about each registry, and some about all of them at once; of a summary that tells the sites apart, more of these
    /// instead.
    /// </summary>
    private IEnumerable<(RecordedRegistry Registry, Question Question)> Questions(AskedSummary summary)
    {
        foreach (var (index, registry) in _registries.Index().Where(pair => !summary.IsOfManySites || pair.Index == 0))
        {
            yield return (registry, index % 8 == 1
                ? new Question { DefaultAsOf = RandomRegistry.LatestDay, Sites = [.. registry.Sites.Select(site => site.Code)] }
                : new RandomQuestions(firstSeed + index, registry).Next());
        }

        yield return (_all, new Question { DefaultAsOf = RandomRegistry.LatestDay });
        var questions = new RandomQuestions(firstSeed, _all);
        for (var asked = summary.IsOfManySites ? 3 : 1; asked > 0; asked--)
        {
            var question = questions.Next();
            yield return (_all, question with { Sites = [], Other = question.Other! with { Sites = [] } });
        }
    }
}
