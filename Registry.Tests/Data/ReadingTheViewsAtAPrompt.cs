using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Data;

/// <summary>Somebody with a SQL prompt reads the views: they say the same there as behind the HTTP interface, and the same on each engine.</summary>
public sealed class ReadingTheViewsAtAPrompt(Engine engine) : DatabaseFixture(engine)
{
    private const int Cases = 300;
    private const int Seed = 5;

    // What tells the rows of each view apart.
    private static readonly Dictionary<string, string> Keys = new()
    {
        ["dated_assessment"] = "case_id, timepoint",
        ["dated_event"] = "case_id, event_code",
        ["dated_cost"] = "case_id, cost_code",
        ["dated_stay"] = "case_id, stay_code",
        ["dated_adverse_event"] = "case_id, adverse_event_code",
        ["case_follower"] = "case_id",
        ["case_course"] = "case_id",
        ["cohort"] = "case_id",
        ["case_timepoint"] = "case_id, timepoint",
        ["case_score"] = "case_id, timepoint, instrument",
        ["case_pathway"] = "case_id",
        ["cost_unit"] = "cost_per, case_id",
        ["unit_cost_item"] = "cost_per, case_id, cost_code",
        ["unit_cost"] = "cost_per, unit_case_id, cost_basis, currency, price_year",
        ["therapy_gap"] = "case_id, from_day",
        ["score_cell"] = "procedure_code, timepoint, instrument, is_treated, is_due, is_observed, died_before, ended_before, baseline, score",
        ["cell_response"] = "procedure_code, timepoint, instrument, is_treated, is_due, is_observed, died_before, ended_before, baseline, score, threshold_percent",
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
        ["visit_schedule"] = "case_id, timepoint",
        ["due_visit"] = "case_id, timepoint",
        ["visit_cell"] = "site_code, procedure_code, timepoint, state, reason, window_position",
        ["follow_up_end"] = "case_id",
        ["completeness"] = "site_group, is_pooled, procedure_group, timepoint",
    };

    private static readonly IEnumerable<string> Everything = Keys.Keys;
    private static readonly IEnumerable<string> Scoped = Keys.Keys.Where(view => !view.StartsWith("dated_", StringComparison.Ordinal));

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

        await SyntheticData.Load(_database, Cases, Seed);
        _embedded = await SqliteRegistry.Create();
        await SyntheticData.Load(_embedded.Database, Cases, Seed);
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
    public void Every_view_but_the_constants_and_those_of_counting_is_looked_at() => Assert.That(
        Everything,
        Is.EquivalentTo(EmbeddedScripts.Views.Where(view => view.Folder is not ("constants" or "counting") && view.Name != "as_of").Select(view => view.Name).Distinct()));

    [TestCaseSource(nameof(Scoped))]
    public async Task Gives_the_rows_of_the_scoped_query_with_the_default_scope(string view)
    {
        var today = await _database.Single<int>("SELECT as_of_day FROM as_of");
        var scoped = ScopedQuery.Over(_database.Engine, view).Text([], view is "cell_response" or "response_rate" or "cost_per_responder" or "loss_of_response_time" ? [30, 50] : []);
        var atThePrompt = await _database.Rows($"SELECT * FROM {view}");
        Assert.That(atThePrompt, Is.Not.Empty);
        Assert.That(await _database.Rows(scoped, new { asOfDay = today, lastDataDay = today + 1 }), Is.EqualTo(atThePrompt));
    }

    [TestCaseSource(nameof(Everything))]
    public async Task Gives_the_rows_that_the_embedded_engine_gives(string view) =>
        Assert.That(await _database.Rows($"SELECT * FROM {view}"), Is.EqualTo(await _embedded.Database.Rows($"SELECT * FROM {view}")));

    [TestCaseSource(nameof(Everything))]
    public async Task Has_one_row_a_grain(string view) =>
        Assert.That(await _database.Rows($"SELECT {Keys[view]}, COUNT(*) AS n FROM {view} GROUP BY {Keys[view]} HAVING COUNT(*) > 1"), Is.Empty);

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
    [TestCase("case_timepoint")]
    [TestCase("unit_cost")]
    [TestCase("score_cell")]
    public void Has_no_row_of_a_case_in_an_empty_registry(string view) => Assert.That(_rowsWhenEmpty[view], Is.Zero);
}
