using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;
using Registry.Domain.Sites;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// Five cases of four patients, worked by hand. P1: an SCS trial that failed, then DREZ, which helped. P2: SCS, from 10
/// to 5. P3: SCS, from 10 to 9, no cost recorded. P4: SCS, from 10 to 4, at a cost of 0.
/// </summary>
public sealed class CostTests(Engine engine) : RegistryFixture(engine)
{
    private const string AsOf = "asOf=2026-01-01";
    private static readonly string[] Grain = ["procedure", "basis", "per", "currency", "priceYear"];

    protected override async Task Prepare()
    {
        var set = new RecordSet(new RecordKinds());
        set.Site(SiteCode.Of("costs"), new Site { Name = "Costs", Country = "DE" });
        set.Site(SiteCode.Of("empty"), new Site { Name = "Empty", Country = "DE" });

        var failed = Case(set, "P1", "P1-SCS", Procedure.Scs, null);
        failed.Event("trial", new TreatmentEvent { Type = EventType.TrialStarted, OccurredOn = new(2023, 1, 1) });
        failed.Event(
            "end", new TreatmentEvent { Type = EventType.TrialEnded, OccurredOn = new(2023, 1, 10), Outcome = TrialOutcome.Failed });
        failed.Assessment(Timepoint.Baseline, new Assessment { AssessedOn = new(2022, 12, 20), Nrs = 8 });
        failed.Cost("trial", Cost(CostCategory.Trial, 1000, "EUR", 2023));
        failed.Cost("operation", Cost(CostCategory.Operation, 200, "EUR", 2023));

        var drez = Case(set, "P1", "P1-DREZ", Procedure.Drez, "P1-SCS");
        drez.Event("operation", new TreatmentEvent { Type = EventType.Lesioned, OccurredOn = new(2023, 6, 1) });
        drez.Assessment(Timepoint.Baseline, new Assessment { AssessedOn = new(2023, 5, 20), Nrs = 8 });
        drez.Assessment(Timepoint.Month12, new Assessment { AssessedOn = new(2024, 6, 1), Nrs = 2 });
        drez.Cost("operation", Cost(CostCategory.Operation, 3000, "EUR", 2023));
        drez.Cost("stay", Cost(CostCategory.HospitalStay, 500, "EUR", 2023));
        drez.Cost("drugs", Cost(CostCategory.Medication, 70.25m, "USD", 2023));

        var relieved = Implanted(set, "P2", 5);
        relieved.Cost("device", Cost(CostCategory.Device, 20000, "EUR", 2023, new(2023, 2, 1)));
        relieved.Cost("operation", Cost(CostCategory.Operation, 4000, "EUR", 2024));
        relieved.Cost("anaesthesia", Cost(CostCategory.Anaesthesia, 0, "CNY", 2023));

        Implanted(set, "P3", 9);
        Implanted(set, "P4", 4).Cost("operation", Cost(CostCategory.Operation, 0, "EUR", 2023));

        var loader = new BulkLoader(Host.Services.GetRequiredService<IDatabase>(), TimeProvider.System);
        await loader.Begin(CancellationToken.None);
        await loader.Load(set.Records, CancellationToken.None);
    }

    [TestCase("scs", "surgical", "EUR", 2023, 3, 20200, 6733.3333, 200)]
    [TestCase("scs", "surgical", "EUR", 2024, 1, 4000, 4000, 4000)]
    [TestCase("scs", "surgical", "CNY", 2023, 1, 0, 0, 0)]
    [TestCase("scs", "all", "EUR", 2023, 3, 21200, 7066.6667, 1200)]
    [TestCase("drez", "surgical", "EUR", 2023, 1, 3000, 3000, 3000)]
    [TestCase("drez", "all", "EUR", 2023, 1, 3500, 3500, 3500)]
    [TestCase("drez", "all", "USD", 2023, 1, 70.25, 70.25, 70.25)]
    [TestCase("all", "surgical", "EUR", 2023, 4, 23200, 5800, 1600)]
    public Task Counts_cases_each_by_itself(
        string procedure, string basis, string currency, int year, int n, double total, double mean, double median) =>
        Counts("case", procedure, basis, currency, year, n, total, mean, median);

    [TestCase("scs", "surgical", "EUR", 2023, 3, 23200, 7733.3333, 3200)]
    [TestCase("scs", "surgical", "EUR", 2024, 1, 4000, 4000, 4000)]
    [TestCase("scs", "all", "EUR", 2023, 3, 24700, 8233.3333, 4700)]
    [TestCase("scs", "all", "USD", 2023, 1, 70.25, 70.25, 70.25)]
    [TestCase("all", "surgical", "EUR", 2023, 3, 23200, 7733.3333, 3200)]
    public Task Counts_the_operation_after_a_failed_trial_to_the_pathway_of_the_trial(
        string procedure, string basis, string currency, int year, int n, double total, double mean, double median) =>
        Counts("pathway", procedure, basis, currency, year, n, total, mean, median);

    [Test]
    public async Task Has_no_pathway_under_the_procedure_of_a_later_case()
    {
        var row = (await Api.Get($"/summaries/costs?{AsOf}&per=pathway&basis=all")).Expect(200).Row(("procedure", "drez"));
        Assert.That(
            (row["currency"], row["n"]!.GetValue<int>(), row["casesWithoutCost"]!.GetValue<int>()), Is.EqualTo(((JsonNode?)null, 0, 0)));
    }

    [TestCase("case", 1)]
    [TestCase("pathway", 1)]
    public async Task Tells_a_cost_of_nothing_from_no_cost(string per, int without)
    {
        var row = await Row($"per={per}&basis=surgical", "scs", "CNY", 2023);
        Assert.That((Number(row, "total"), row["casesWithoutCost"]!.GetValue<int>()), Is.EqualTo((0.0, without)));
    }

    [TestCase("")]
    [TestCase("&procedure=scs")]
    [TestCase("&primary=true")]
    [TestCase("&to=2023-03-31")]
    public async Task Picks_pathways_by_their_first_case_and_cuts_none_short(string filter)
    {
        var row = await Row($"per=pathway&basis=all{filter}", "scs", "EUR", 2023);
        Assert.That((row["n"]!.GetValue<int>(), Number(row, "total")), Is.EqualTo((3, 24700.0)));
    }

    [Test]
    public async Task Leaves_out_a_pathway_whose_first_case_is_filtered_out()
    {
        var rows = (await Api.Get($"/summaries/costs?{AsOf}&per=pathway&procedure=drez")).Expect(200).Items;
        Assert.That(rows.Select(row => row["n"]!.GetValue<int>()), Is.All.Zero);
    }

    [TestCase("", "scs", "surgical", "EUR", 2023, 3, 20200, 2, 10100)]
    [TestCase("", "scs", "all", "EUR", 2023, 3, 21200, 2, 10600)]
    [TestCase("&set=treated", "scs", "all", "EUR", 2023, 2, 20000, 2, 10000)]
    [TestCase("&set=observed", "scs", "all", "EUR", 2023, 2, 20000, 2, 10000)]
    [TestCase("&threshold=60", "scs", "surgical", "EUR", 2023, 3, 20200, 1, 20200)]
    [TestCase("", "scs", "surgical", "EUR", 2024, 1, 4000, 1, 4000)]
    [TestCase("", "scs", "surgical", "CNY", 2023, 1, 0, 1, 0)]
    [TestCase("", "drez", "all", "USD", 2023, 1, 70.25, 1, 70.25)]
    [TestCase("", "all", "surgical", "EUR", 2023, 4, 23200, 3, 7733.3333)]
    public async Task Shares_all_costs_of_the_set_among_its_responders(
        string asked, string procedure, string basis, string currency, int year, int cases, double total, int responders, double value)
    {
        Assert.That(
            Share(await Row($"per=case&basis={basis}{asked}", procedure, currency, year)),
            Is.EqualTo((cases, total, responders, (double?)value)));
    }

    [TestCase("&threshold=70", 3, 20200)]
    [TestCase("&timepoint=24m", 3, 20200)]
    [TestCase("&instrument=pdi", 0, 0)]
    public async Task Gives_no_cost_per_responder_without_one(string asked, int cases, double total)
    {
        Assert.That(Share(await Row($"per=case&basis=surgical{asked}", "scs", "EUR", 2023)), Is.EqualTo((cases, total, 0, (double?)null)));
    }

    [Test]
    public async Task Looks_at_no_case_that_is_not_due_and_at_no_cost_after_the_cut_off()
    {
        var row = (await Api.Get("/summaries/costs?asOf=2023-01-31&per=case&basis=surgical&site=costs")).Expect(200)
            .Row(("procedure", "scs"), ("currency", "EUR"), ("priceYear", "2023"));
        Assert.That((row["n"]!.GetValue<int>(), Number(row, "total"), Share(row)), Is.EqualTo((2, 200.0, (0, 0.0, 0, (double?)null))));
    }

    [Test]
    public async Task Says_by_which_response_it_shares_the_costs()
    {
        var figure = (await Row("per=case&basis=all&threshold=50&set=treated&timepoint=6m", "scs", "EUR", 2023))["costPerResponderOf"]!;
        Assert.That(
            (figure["timepoint"]!.ToString(),
                figure["instrument"]!.ToString(),
                figure["threshold"]!.GetValue<int>(),
                figure["set"]!.ToString()),
            Is.EqualTo(("6m", "nrs", 50, "treated")));
    }

    [Test]
    public async Task Judges_response_by_case_and_not_by_pathway()
    {
        var row = await Row("per=pathway&basis=all", "scs", "EUR", 2023);
        Assert.That((row["costPerResponder"], row["costPerResponderOf"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)));
    }

    [TestCase("threshold=30&threshold=50")]
    [TestCase("set=treated&set=observed")]
    [TestCase("timepoint=12m&timepoint=24m")]
    [TestCase("timepoint=baseline")]
    [TestCase("per=patient")]
    public async Task Refuses_two_questions_at_once_and_unknown_codes(string asked) =>
        (await Api.Get("/summaries/costs?" + asked)).Expect(400);

    [Test]
    public async Task Has_one_row_a_group_basis_way_currency_and_price_year_and_rows_for_empty_groups()
    {
        var rows = (await Api.Get($"/summaries/costs?{AsOf}")).Expect(200).Items;
        Assert.That(rows.Select(row => string.Join('|', Grain.Select(name => row[name]))), Is.Unique);

        var empty = (await Api.Get($"/summaries/costs?{AsOf}&site=empty")).Expect(200).Items;
        Assert.That(empty, Has.Count.EqualTo(5 * 2 * 2));
        Assert.That(
            empty.Select(row => (row["n"]!.GetValue<int>(), row["casesWithoutCost"]!.GetValue<int>(), row["mean"])),
            Is.All.EqualTo((0, 0, (JsonNode?)null)));
        Assert.That(Share(empty[0]), Is.EqualTo((0, 0.0, 0, (double?)null)));
    }

    private async Task Counts(
        string per, string procedure, string basis, string currency, int year, int n, double total, double mean, double median)
    {
        var row = await Row($"per={per}&basis={basis}", procedure, currency, year);
        Assert.That(
            (row["n"]!.GetValue<int>(), Number(row, "total"), Number(row, "mean"), Number(row, "median")),
            Is.EqualTo((n, total, mean, median)));
    }

    private async Task<JsonNode> Row(string asked, string procedure, string currency, int year) =>
        (await Api.Get($"/summaries/costs?{AsOf}&site=costs&{asked}")).Expect(200)
            .Row(
                ("procedure", procedure),
                ("currency", currency),
                ("priceYear", year.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private static (int Cases, double Total, int Responders, double? Value) Share(JsonNode row) =>
        (row["costPerResponderOf"]!["cases"]!.GetValue<int>(),
            Number(row["costPerResponderOf"]!, "total"),
            row["costPerResponderOf"]!["responders"]!.GetValue<int>(),
            row["costPerResponder"]?.GetValue<double>());

    private static double Number(JsonNode row, string name) => row[name]!.GetValue<double>();

    private static RecordSet.CaseRecords Case(RecordSet set, string patient, string code, Procedure procedure, string? preceding) =>
        set.Case(SiteCode.Of("costs"), CaseCode.Of(code), new CaseRecord
        {
            Patient = new Patient { Reference = patient, Sex = Sex.Female, BirthYear = 1960 },
            Procedure = procedure,
            Indication = Indication.PostherpeticNeuralgia,
            PrecedingCase = preceding is null ? null : CaseCode.Of(preceding),
        });

    private static RecordSet.CaseRecords Implanted(RecordSet set, string patient, int after)
    {
        var records = Case(set, patient, patient + "-SCS", Procedure.Scs, null);
        records.Event("trial", new TreatmentEvent { Type = EventType.TrialStarted, OccurredOn = new(2023, 1, 10) });
        records.Event("implant", new TreatmentEvent { Type = EventType.Implanted, OccurredOn = new(2023, 2, 1) });
        records.Assessment(Timepoint.Baseline, new Assessment { AssessedOn = new(2023, 1, 5), Nrs = 10 });
        records.Assessment(Timepoint.Month12, new Assessment { AssessedOn = new(2024, 2, 1), Nrs = after });
        return records;
    }

    private static CostItem Cost(CostCategory category, decimal amount, string currency, int year, DateOnly? on = null) =>
        new() { Category = category, Amount = amount, Currency = currency, PriceYear = year, IncurredOn = on };
}
