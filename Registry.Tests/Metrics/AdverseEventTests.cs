using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>Adverse events as events, as patients and as cases, on both denominators. The cut-off is day 100.</summary>
public sealed class AdverseEventTests(Engine engine) : RegistryFixture(engine)
{
    private const string AsOf = "asOf=2020-04-10";

    protected override async Task Prepare()
    {
        var set = new RecordSet(new RecordKinds());
        set.Site(SiteCode.Of("north"), Course.SiteNamed("North"));
        set.Site(SiteCode.Of("south"), Course.SiteNamed("South"));

        // One patient with two cases: a failed trial, then DREZ.
        new Course(set, "north", "A1", Procedure.Scs, "P1").Trial(0, 7, TrialOutcome.Failed)
            .Suffers(AdverseEventCategory.Surgical, 0, Severity.Mild);
        new Course(set, "north", "A2", Procedure.Drez, "P1", "A1").Happens(EventType.Lesioned, 60)
            .Suffers(AdverseEventCategory.Surgical, 60, Severity.Severe, serious: true)
            .Suffers(AdverseEventCategory.Neurological, 61, Severity.Moderate);

        // Two events of one category, the second on the day of the cut-off; and one that began a day too late.
        new Course(set, "north", "B", Procedure.Scs, "P2").Happens(EventType.Implanted, 0)
            .Suffers(AdverseEventCategory.HardwareRelated, 10, Severity.Mild)
            .Suffers(AdverseEventCategory.HardwareRelated, 100, Severity.Moderate, serious: true)
            .Suffers(AdverseEventCategory.Neurological, 101, Severity.Severe, serious: true);

        // The same reference at another site is another patient.
        new Course(set, "south", "E", Procedure.Scs, "P2").Happens(EventType.Implanted, 0)
            .Suffers(AdverseEventCategory.HardwareRelated, 5, Severity.Severe);

        new Course(set, "north", "C", Procedure.Scs).Happens(EventType.Implanted, 0);

        // Never entered treatment, and entered it after the cut-off: in neither set.
        new Course(set, "north", "D", Procedure.Scs).Suffers(AdverseEventCategory.Other, 1, Severity.Mild);
        new Course(set, "north", "F", Procedure.Scs).Happens(EventType.Implanted, 101)
            .Suffers(AdverseEventCategory.Other, 100, Severity.Mild);
        await Api.Record(set);
    }

    [TestCase("scs", "hardware-related", "intention-to-treat", 3, 2, 4, 2, 1, "1 1 1")]
    [TestCase("scs", "hardware-related", "treated", 3, 2, 3, 2, 1, "1 1 1")]
    [TestCase("scs", "surgical", "intention-to-treat", 1, 1, 4, 1, 0, "1 0 0")]
    [TestCase("scs", "surgical", "treated", 0, 0, 3, 0, 0, "0 0 0")]
    [TestCase("scs", "neurological", "treated", 0, 0, 3, 0, 0, "0 0 0")]
    [TestCase("scs", "other", "intention-to-treat", 0, 0, 4, 0, 0, "0 0 0")]
    [TestCase("drez", "all", "treated", 2, 1, 1, 1, 1, "0 1 1")]
    [TestCase("all", "surgical", "intention-to-treat", 2, 1, 5, 2, 1, "1 0 1")]
    [TestCase("all", "all", "intention-to-treat", 6, 3, 5, 4, 2, "2 2 2")]
    [TestCase("all", "all", "treated", 5, 3, 4, 3, 2, "1 2 2")]
    public async Task Counts_events_patients_and_cases(
        string procedure,
        string category,
        string set,
        int events,
        int patients,
        int cases,
        int casesWithEvent,
        int serious,
        string bySeverity)
    {
        var row = (await Api.Get($"/summaries/adverse-events?{AsOf}")).Expect(200)
            .Row(("procedure", procedure), ("category", category), ("set", set));
        Assert.That(
            (Count(row, "events"), Count(row, "patients"), Count(row, "cases"), Count(row, "casesWithEvent"), Count(row, "serious")),
            Is.EqualTo((events, patients, cases, casesWithEvent, serious)));
        var severity = row["bySeverity"]!;
        Assert.That($"{severity["mild"]} {severity["moderate"]} {severity["severe"]}", Is.EqualTo(bySeverity));
    }

    [Test]
    public async Task Gives_the_rate_of_cases_with_its_Wilson_interval()
    {
        // Two of four; Wilson: (2 + z²/2 ± z √(1 + z²/4)) / (4 + z²) with z = 1.959964.
        var row = (await Api.Get($"/summaries/adverse-events?{AsOf}&set=intention-to-treat&category=hardware-related")).Expect(200)
            .Row(("procedure", "scs"));
        Assert.That(
            (Figure(row, "rate"), Math.Round(Figure(row, "ciLow"), 6), Math.Round(Figure(row, "ciHigh"), 6)),
            Is.EqualTo((0.5, 0.150039, 0.849961)));
    }

    [Test]
    public async Task Has_no_rate_for_a_group_without_cases()
    {
        var row = (await Api.Get($"/summaries/adverse-events?{AsOf}&set=treated&category=all")).Expect(200).Row(("procedure", "drg"));
        Assert.That(
            (Count(row, "events"), Count(row, "cases"), row["rate"], row["ciLow"], row["ciHigh"]),
            Is.EqualTo((0, 0, (JsonNode?)null, (JsonNode?)null, (JsonNode?)null)));
    }

    [TestCase("")]
    [TestCase("&ageMin=150")]
    public async Task Has_one_row_for_every_group_category_and_set(string filter)
    {
        var rows = (await Api.Get($"/summaries/adverse-events?{AsOf}{filter}")).Expect(200).Items;
        Assert.That(rows, Has.Count.EqualTo(5 * 5 * 2));
        Assert.That(rows.Select(row => $"{row["procedure"]} {row["category"]} {row["set"]}"), Is.Unique);
        Assert.That(rows.Take(11).Select(row => $"{row["procedure"]} {row["category"]} {row["set"]}"), Is.EqualTo((string[])
        [
            "scs surgical treated", "scs surgical intention-to-treat", "scs hardware-related treated",
            "scs hardware-related intention-to-treat", "scs neurological treated", "scs neurological intention-to-treat",
            "scs other treated", "scs other intention-to-treat", "scs all treated", "scs all intention-to-treat", "drg surgical treated",
        ]));
    }

    [Test]
    public async Task Narrows_by_site_category_and_set()
    {
        var row = (await Api.Get(
            $"/summaries/adverse-events?{AsOf}&site=south&procedure=scs&category=hardware-related&set=treated")).Expect(
            200).Row(("procedure", "all"));
        Assert.That((Count(row, "events"), Count(row, "patients"), Count(row, "cases")), Is.EqualTo((1, 1, 1)));
    }

    [Test]
    public async Task Refuses_a_set_that_it_does_not_have() =>
        Assert.That(
            (await Api.Get("/summaries/adverse-events?set=observed")).Expect(400).Faults,
            Is.EqualTo((List<(string, string)>)[("/set", "unknown-code")]));

    private static int Count(JsonNode row, string name) => row[name]!.GetValue<int>();

    private static double Figure(JsonNode row, string name) => row[name]!.GetValue<double>();
}
