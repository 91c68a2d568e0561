using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Summaries;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Data;

/// <summary>The views that hold constants say what the domain says.</summary>
public sealed class ConstantViewTests(Engine engine) : DatabaseFixture(engine)
{
    private IDatabase _database = null!;

    [OneTimeSetUp]
    public async Task Install() => _database = await NewRegistry();

    [Test]
    public async Task The_visit_windows() => Assert.That(
        await Column("visit_window", "timepoint", "timepoint_order", "target_day", "first_day", "last_day"),
        Is.EquivalentTo(Enum.GetValues<Timepoint>().Select(timepoint => timepoint == Timepoint.Baseline
            ? "baseline 0 nothing nothing nothing"
            : VisitWindow.Of(timepoint) is var window
                ? FormattableString.Invariant(
                    $"{Code.Of(timepoint)} {(int)timepoint} {window.TargetDay} {window.Days.Min} {window.Days.Max}")
                : null)));

    [Test]
    public async Task The_procedures_each_alone_and_all_together() => Assert.That(
        await Column("procedure_group", "procedure_group", "procedure_code"),
        Is.EquivalentTo(Code.All<Procedure>().SelectMany(code => new[] { $"{code} {code}", $"all {code}" })));

    [Test]
    public async Task The_instruments() => Assert.That(await Column("instrument", "instrument"), Is.EquivalentTo(Code.All<Instrument>()));

    [Test]
    public async Task The_analysis_sets() =>
        Assert.That(await Column("analysis_set", "analysis_set"), Is.EquivalentTo(Code.All<AnalysisSet>()));

    [Test]
    public async Task The_reasons_of_an_explant() =>
        Assert.That(await Column("explant_reason", "explant_reason"), Is.EquivalentTo(Code.All<ExplantReason>()));

    [Test]
    public async Task The_generators_each_alone_and_all_together() => Assert.That(
        await Column("generator_group", "generator_group", "generator"),
        Is.EquivalentTo(
            Code.All<GeneratorType>().SelectMany(code => new[] { $"{code} {code}", $"all {code}" }).Append("all not-recorded")));

    [Test]
    public async Task The_thresholds_of_response() => Assert.That(
        await Column("response_threshold", "threshold_percent"),
        Is.EquivalentTo(new[] { ResponseThreshold.Moderate, ResponseThreshold.Substantial }.Select(
            percent => FormattableString.Invariant($"{percent}"))));

    [Test]
    public async Task The_costs_that_are_surgical_and_all_of_them() => Assert.That(
        await Column("cost_basis", "cost_basis", "category"),
        Is.EquivalentTo(
            new[] { CostCategory.Operation, CostCategory.Device, CostCategory.Anaesthesia }.Select(
                category => $"surgical {Code.Of(category)}")
                .Concat(Code.All<CostCategory>().Select(code => $"all {code}"))));

    [Test]
    public async Task The_units_whose_costs_are_added_up_per_case_and_per_pathway() => Assert.That(
        await Column("cost_unit", "cost_per", "unit"),
        Is.EquivalentTo(
            from per in Enum.GetValues<CostPer>()
            from unit in Enum.GetValues<CostUnit>()
            where unit == CostUnit.Both || Code.Of(unit) == Code.Of(per)
            select $"{Code.Of(per)} {Code.Of(unit)}"));

    [Test]
    public async Task Whatever_a_case_counts_for()
    {
        const string Columns = "is_entered, is_treated, is_trialled, is_trial_ended, is_trial_succeeded, is_left_before_implant, is_declined, is_awaiting_implant, is_explanted, is_permanently_explanted, "
            + "is_reimplanted, is_crossed_over, is_died, is_lost, is_withdrawn, is_primary, is_only_case, is_ended_by_death, "
            + "is_ended_by_explant, is_ended_by_crossover, is_ended_by_withdrawal, is_ended_by_loss";
        var flags = Enum.GetValues<CaseClass>().Where(flag => flag != CaseClass.None).ToList();
        Assert.That(Columns.Split(", "), Is.EqualTo(flags.Select(flag => "is_" + Code.Of(flag)!.Replace('-', '_'))));
        var view = EmbeddedScripts.SharedViews.Single(script => script.Name == "case_count").Code;
        foreach (var flag in flags)
        {
            Assert.That(view, Does.Contain(FormattableString.Invariant(
                $"CASE WHEN n.case_class & {(int)flag} = 0 THEN 0 ELSE 1 END AS is_{Code.Of(flag)!.Replace('-', '_')}")));
        }
    }

    [Test]
    public async Task The_categories_of_adverse_events_each_alone_and_all_together() => Assert.That(
        await Column("adverse_event_category", "category_group", "category"),
        Is.EquivalentTo(Code.All<AdverseEventCategory>().SelectMany(code => new[] { $"{code} {code}", $"all {code}" })));

    [Test]
    public void Every_view_of_constants_is_looked_at() => Assert.That(
        EmbeddedScripts.SharedViews.Where(view => view.Folder == "constants").Select(view => view.Name),
        Is.EquivalentTo(["visit_window", "procedure_group", "instrument", "analysis_set", "response_threshold", "cost_basis", "cost_unit",
            "adverse_event_category", "explant_reason", "generator_group"]));

    [Test]
    public async Task Today_is_the_number_of_the_day_since_the_first_of_January_in_the_year_1()
    {
        var before = DateOnly.FromDateTime(DateTime.UtcNow).DayNumber;
        var today = await _database.Single<int>("SELECT as_of_day FROM as_of");
        Assert.That(today, Is.InRange(before, DateOnly.FromDateTime(DateTime.UtcNow).DayNumber));
    }

    private async Task<IEnumerable<string>> Column(string view, params string[] columns) =>
        (await _database.Records($"SELECT {string.Join(", ", columns)} FROM {view}")).Select(
            row => string.Join(' ', columns.Select(column => row[column])));
}
