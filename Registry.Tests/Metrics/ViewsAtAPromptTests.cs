using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Recording;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// Somebody with a SQL prompt reads the views: they say the same there as behind the HTTP interface, and the same on each engine.
/// </summary>
public sealed class ViewsAtAPromptTests(Engine engine) : DatabaseFixture(engine)
{
    private const int Cases = 300;
    private const int Seed = 5;

    // What tells the rows of each view apart; null where its rows add up.
    private static readonly Dictionary<string, string?> Keys = new()
    {
        ["cohort"] = "case_id",
        ["cohort_member"] = "case_id",
        ["case_count"] = null,
        ["response_count"] = "timepoint, procedure_code, instrument, response_class",
        ["score_count"] = null,
        ["response_question"] = "question",
        ["response_member"] = "case_id, question",
        ["visit_count"] = null,
        ["stay_count"] = "procedure_code, days",
        ["cost_moment"] = null,
        ["cost_bucket"] = null,
        ["known_adverse_event"] = "case_id, adverse_event_code",
        ["follow_up"] = "case_id, timepoint",
        ["response_rate"] = "procedure_group, timepoint, instrument, threshold_percent, analysis_set",
        ["score_summary"] = "procedure_group, timepoint, instrument, analysis_set",
        ["cost_summary"] = "procedure_group, cost_per, cost_basis, currency, price_year",
        ["cost_category"] = "procedure_group, cost_per, cost_basis, currency, price_year, category",
        ["cost_per_responder"] = "procedure_group, timepoint, instrument, threshold_percent, analysis_set, cost_basis, currency, price_year",
        ["stay_summary"] = "procedure_group",
        ["trial_summary"] = "procedure_group",
        ["flow_summary"] = "procedure_group",
        ["adverse_event_summary"] = "procedure_group, category_group, analysis_set",
        ["explant_time"] = "procedure_group, day",
        ["loss_of_response_time"] = "procedure_group, instrument, threshold_percent, day",
        ["explant_reason_time"] = "procedure_group, explant_reason, day",
        ["generator_replacement_time"] = "procedure_group, generator_group, day",
        ["relief_distribution"] = "procedure_group, timepoint, instrument, analysis_set, relief_percent",
        ["domain_response"] = "procedure_group, timepoint, threshold_percent, analysis_set",
        ["completeness"] = "site_group, is_pooled, procedure_group, timepoint",
    };

    private static readonly IEnumerable<string> Everything = Keys.Keys;
    private static readonly IEnumerable<string> WithGrain = Keys.Where(view => view.Value is not null).Select(view => view.Key);

    // Views whose text can be narrowed to one code of a column.
    private static readonly (string View, string Column, string Code)[] Narrowings =
    [
        ("response_rate", "timepoint", "12m"), ("response_rate", "instrument", "pdi"), ("response_rate", "analysis_set", "observed"),
        ("score_summary", "timepoint", "baseline"), ("score_summary", "instrument", "nrs"),
        ("score_summary", "analysis_set", "intention-to-treat"), ("relief_distribution", "timepoint", "12m"),
        ("relief_distribution", "instrument", "pdi"), ("relief_distribution", "analysis_set", "observed"),
        ("domain_response", "timepoint", "12m"), ("domain_response", "analysis_set", "observed"), ("completeness", "timepoint", "post-op"),
        ("cost_summary", "cost_per", "pathway"), ("cost_summary", "cost_basis", "surgical"), ("cost_category", "cost_per", "case"),
        ("cost_category", "cost_basis", "surgical"), ("cost_per_responder", "timepoint", "6m"), ("cost_per_responder", "instrument", "nrs"),
        ("cost_per_responder", "analysis_set", "treated"), ("cost_per_responder", "cost_basis", "all"),
        ("loss_of_response_time", "instrument", "pdi"),
    ];

    private readonly Dictionary<string, int> _rowsWhenEmpty = [];
    private SqliteRegistry _embedded = null!;
    private IDatabase _database = null!;

    [OneTimeSetUp]
    public async Task Seed300Cases()
    {
        _database = await NewRegistry();
        foreach (var view in Everything)
        {
            _rowsWhenEmpty[view] = await _database.Single<int>($"SELECT COUNT(*) FROM {view}");
        }

        _embedded = await SqliteRegistry.Create();
        foreach (var database in (IDatabase[])[_database, _embedded.Database])
        {
            await new AnalysisRebuild(database, new PersonStore(new RecordKinds())).Run(everything: false, null, CancellationToken.None);
            await SyntheticData.Load(database, Cases, Seed);
        }
    }

    [OneTimeTearDown]
    public async Task DropTheEmbeddedRegistry()
    {
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    [Test]
    public void Every_view_but_the_constants_is_looked_at() => Assert.That(
        Everything,
        Is.EquivalentTo(
            EmbeddedScripts.Views.Where(view => view.Folder != "constants" && view.Name != "as_of").Select(view => view.Name).Distinct()));

    [TestCaseSource(nameof(Everything))]
    public async Task Gives_the_rows_of_the_scoped_query_with_the_default_scope(string view)
    {
        var atThePrompt = await _database.Rows($"SELECT * FROM {view}");
        Assert.That(atThePrompt, Is.Not.Empty);
        Assert.That(await Scoped(view, []), Is.EqualTo(atThePrompt));
    }

    [TestCaseSource(nameof(Narrowings))]
    public async Task Gives_the_rows_of_the_query_that_is_narrowed_to_one_code((string View, string Column, string Code) narrowing)
    {
        var atThePrompt = await _database.Rows($"SELECT * FROM {narrowing.View} WHERE {narrowing.Column} = '{narrowing.Code}'");
        Assert.That(atThePrompt, Is.Not.Empty);
        Assert.That(await Scoped(narrowing.View, [narrowing]), Is.EqualTo(atThePrompt));
    }

    [Test]
    public async Task Gives_the_rows_of_the_query_that_is_narrowed_to_one_code_of_each_column()
    {
        var one = (string column, string code) => ("cost_per_responder", column, code);
        var atThePrompt = await _database.Rows(
            "SELECT * FROM cost_per_responder WHERE timepoint = '6m' AND instrument = 'nrs' AND analysis_set = 'treated' AND "
                + "threshold_percent = 30");
        Assert.That(atThePrompt, Is.Not.Empty);
        Assert.That(
            await Scoped("cost_per_responder", [one("timepoint", "6m"), one("instrument", "nrs"), one("analysis_set", "treated")], 30),
            Is.EqualTo(atThePrompt));
    }

    [TestCaseSource(nameof(Everything))]
    public async Task Gives_the_rows_that_the_embedded_engine_gives(string view) =>
        Assert.That(await _database.Rows($"SELECT * FROM {view}"), Is.EqualTo(await _embedded.Database.Rows($"SELECT * FROM {view}")));

    [TestCaseSource(nameof(WithGrain))]
    public async Task Has_one_row_a_grain(string view) =>
        Assert.That(
            await _database.Rows($"SELECT {Keys[view]}, COUNT(*) AS n FROM {view} GROUP BY {Keys[view]} HAVING COUNT(*) > 1"), Is.Empty);

    // Five groups: each procedure, and all. A cost that nobody recorded has no currency, so no category either.
    [TestCase("response_rate", 5 * 6 * 2 * 2 * 3)]
    [TestCase("score_summary", 5 * 7 * 2 * 3)]
    [TestCase("cost_summary", 5 * 2 * 2)]
    [TestCase("cost_category", 0)]
    [TestCase("stay_summary", 5)]
    [TestCase("trial_summary", 5)]
    [TestCase("adverse_event_summary", 5 * 5 * 2)]
    [TestCase("explant_time", 5)]
    [TestCase("loss_of_response_time", 5 * 2 * 2)]
    public async Task Has_every_group_in_an_empty_registry(string view, int rows)
    {
        Assert.That(_rowsWhenEmpty[view], Is.EqualTo(rows));
        Assert.That(await _database.Single<int>($"SELECT COUNT(*) FROM {view}"), Is.GreaterThanOrEqualTo(rows));
    }

    [TestCase("cohort")]
    [TestCase("follow_up")]
    [TestCase("cost_moment")]
    [TestCase("score_count")]
    public void Has_no_row_of_a_case_in_an_empty_registry(string view) => Assert.That(_rowsWhenEmpty[view], Is.Zero);

    private async Task<IReadOnlyList<string>> Scoped(
        string view, IReadOnlyCollection<(string View, string Column, string Code)> narrowings, params int[] thresholds)
    {
        int[] all = view is "response_rate" or "cost_per_responder" or "loss_of_response_time" ? [30, 50] : [];
        var sql = ScopedQuery.Over(_database.Engine, view)
            .Text(thresholds: thresholds.Length > 0 ? thresholds : all, single: [.. narrowings.Select(one => one.Column)]);
        var parameters = new Dictionary<string, object> { ["asOfDay"] = await _database.Single<int>("SELECT as_of_day FROM as_of") };
        foreach (var (_, column, code) in narrowings)
        {
            parameters[column] = code;
        }

        return await _database.Rows(sql, parameters);
    }
}
