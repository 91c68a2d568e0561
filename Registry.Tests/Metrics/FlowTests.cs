using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>The flow chart of the ten patients of Jin et al.: one of them, after a failed trial, is a second case.</summary>
public sealed class DrawingTheFlowChartOfTheReferenceCaseSeries(Engine engine) : RegistryFixture(engine)
{
    private const string Chart = """
        flowchart TD
          enrolled["Enrolled: 11 (10 patients)"]
          enrolled --> notStarted["Not started: 0"]
          enrolled --> trialled["Trialled: 8"]
          enrolled --> implantedWithoutTrial["Implanted without trial: 0"]
          enrolled --> operatedFirst["Operated first: 2"]
          enrolled --> operatedAfterTrial["Operated after a preceding case: 1"]
          trialled --> trialFailed["Trial failed: 5"]
          trialled --> trialSucceeded["Trial succeeded: 3"]
          trialled --> trialUndecided["Trial undecided: 0"]
          trialSucceeded --> leftBeforeImplant["Left before implant: 0"]
          trialSucceeded --> declined["Declined implant: 0"]
          trialSucceeded --> awaitingImplant["Awaiting implant: 0"]
          trialSucceeded --> implanted["Implanted: 3"]
          implantedWithoutTrial --> implanted
          implanted -.-> explanted["Explanted: 1 (permanently: 1)"]
          explanted -.-> reimplanted["Implanted again: 0"]
          enrolled -.-> crossedOver["Crossed over to a later case: 1"]
          enrolled -.-> died["Died: 0"]
          enrolled -.-> lost["Lost to follow-up: 0"]
          enrolled -.-> withdrawn["Withdrawn: 0"]

        """;

    protected override async Task Prepare()
    {
        foreach (var record in ReferenceCaseSeries.Records(new RecordKinds()))
        {
            (await Api.Put(record.Kind.PathOf(record.Address)["/api/v1".Length..], record.Kind.Canonical(record.Content))).Expect(201);
        }
    }

    [Test]
    public async Task Counts_the_patients_of_the_paper()
    {
        var row = (await Api.Get("/summaries/flow")).Expect(200).Row(("procedure", "all"));
        Assert.That(
            (Count(row, "patients"),
                Count(row, "trialled"),
                Count(row, "implanted"),
                Count(row, "explanted"),
                Count(row, "crossedOver"),
                Count(row, "operatedFirst")),
            Is.EqualTo((10, 8, 3, 1, 1, 2)));
        Assert.That((Count(row, "enrolled"), Count(row, "operatedAfterTrial"), Count(row, "trialFailed")), Is.EqualTo((11, 1, 5)));
    }

    [Test]
    public async Task Counts_each_procedure()
    {
        var answer = (await Api.Get("/summaries/flow")).Expect(200);
        Assert.That(answer.Items.Select(
            item => (item["procedure"]!.ToString(), Count(item, "enrolled"), Count(item, "patients"))), Is.EqualTo(new[]
        {
            ("scs", 8, 8), ("drg", 0, 0), ("drez", 3, 3), ("cordotomy", 0, 0), ("all", 11, 10),
        }));
    }

    [Test]
    public async Task Draws_it_in_Mermaid()
    {
        var answer = (await Api.Get("/summaries/flow", ("Accept", "text/vnd.mermaid"))).Expect(200);
        Assert.That(answer.ContentType, Is.EqualTo("text/vnd.mermaid"));
        Assert.That(answer.Text, Is.EqualTo(Chart.ReplaceLineEndings("\n")));
    }

    [TestCase(null)]
    [TestCase("*/*")]
    [TestCase("application/*")]
    [TestCase("application/json")]
    [TestCase("application/json; charset=utf-8")]
    [TestCase("text/html, */*; q=0.1")]
    [TestCase("text/vnd.mermaid; q=0.5, application/json")]
    [TestCase("text/vnd.mermaid; q=0, */*")]
    [TestCase("nonsense")]
    [TestCase("*")]
    [TestCase("json")]
    [TestCase("application/json; indent=4")]
    [TestCase("application/*;q=0.5")]
    public async Task Gives_JSON_to_who_prefers_it_or_does_not_mind(string? accept)
    {
        var answer = (await Api.Get("/summaries/flow", accept is null ? [] : [("Accept", accept)])).Expect(200);
        Assert.That(answer.ContentType, Is.EqualTo("application/json"));
    }

    [TestCase("text/vnd.mermaid, */*")]
    [TestCase("application/json; q=0.9, text/vnd.mermaid")]
    [TestCase("text/*")]
    [TestCase("TEXT/VND.MERMAID; charset=utf-8")]
    public async Task Gives_Mermaid_to_who_prefers_it(string accept) =>
        Assert.That((await Api.Get("/summaries/flow", ("Accept", accept))).Expect(200).ContentType, Is.EqualTo("text/vnd.mermaid"));

    [TestCase("image/svg+xml")]
    [TestCase("text/html, application/xml")]
    [TestCase("application/json; q=0")]
    public async Task Refuses_any_other_form(string accept)
    {
        var answer = (await Api.Get("/summaries/flow", ("Accept", accept))).Expect(406);
        Assert.That((answer.ContentType, answer.Json["code"]!.ToString()), Is.EqualTo(("application/problem+json", "not-acceptable")));
    }

    [Test]
    public async Task Tags_each_form_by_itself()
    {
        var json = (await Api.Get("/summaries/flow")).Expect(200);
        var chart = (await Api.Get("/summaries/flow", ("Accept", "text/vnd.mermaid"))).Expect(200);
        Assert.That(chart.ETag, Is.Not.Null.And.Not.EqualTo(json.ETag));
        Assert.That(
            (await Api.Get("/summaries/flow", ("Accept", "text/vnd.mermaid"), ("If-None-Match", chart.ETag!))).Expect(304).ETag,
            Is.EqualTo(chart.ETag));
        (await Api.Get("/summaries/flow", ("If-None-Match", chart.ETag!))).Expect(200);
    }

    [Test]
    public async Task Says_that_the_form_depends_on_what_is_accepted()
    {
        using var client = Host.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", RegistryHost.Key);
        using var response = await client.GetAsync("/api/v1/summaries/flow");
        Assert.That(response.Headers.Vary, Does.Contain("Accept"));
    }

    private static int Count(JsonNode row, string name) => row[name]!.GetValue<int>();
}

/// <summary>The boxes of the flow chart that the reference case series leaves empty.</summary>
public sealed class FlowTests(Engine engine) : RegistryFixture(engine)
{
    protected override async Task Prepare()
    {
        var book = new CaseBook();
        book.Case("not-started", Procedure.Scs);
        book.Case("undecided", Procedure.Scs).TrialStarted(0);
        book.Case("declined", Procedure.Scs).TrialStarted(0).TrialSucceeded(10);
        book.Case("died-waiting", Procedure.Scs).TrialStarted(0).TrialSucceeded(10).Died(20);
        book.Case("lost-waiting", Procedure.Scs).TrialStarted(0).TrialSucceeded(10).Lost(20);
        book.Case("withdrew-waiting", Procedure.Scs).TrialStarted(0).TrialSucceeded(10).Withdrawn(20);
        book.Case("crossed-over", Procedure.Scs).TrialStarted(0).TrialSucceeded(10);
        book.Case("crossed-over-to", Procedure.Drg, "crossed-over", "crossed-over").TrialStarted(30).TrialFailed(40);
        book.Case("without-trial", Procedure.Drg).Implanted(20).Lost(500);
        book.Case("implanted-again", Procedure.Scs).Staged().Explanted(100, permanent: false).Implanted(150);
        book.Case("then-taken-out-for-good", Procedure.Scs)
            .Staged()
            .Explanted(100, permanent: false)
            .Implanted(100)
            .Explanted(200)
            .Died(600);
        book.Case("taken-out-the-day-it-was-put-in", Procedure.Scs).Staged().Explanted(20);
        book.Case("cordotomy", Procedure.Cordotomy).Lesioned(0).Died(60);
        book.Case("later-case-not-started", Procedure.Cordotomy, "cordotomy", "cordotomy");
        await book.Send(Api);
    }

    [TestCase("all", "patients", 12)]
    [TestCase("all", "enrolled", 14)]
    [TestCase("all", "notStarted", 2)]
    [TestCase("scs", "notStarted", 1)]
    [TestCase("scs", "trialled", 9)]
    [TestCase("scs", "trialUndecided", 1)]
    [TestCase("scs", "trialSucceeded", 8)]
    [TestCase("scs", "leftBeforeImplant", 4)]
    [TestCase("scs", "declined", 1)]
    [TestCase("scs", "awaitingImplant", 0)]
    [TestCase("scs", "implanted", 3)]
    [TestCase("drg", "implanted", 1)]
    [TestCase("drg", "implantedWithoutTrial", 1)]
    [TestCase("drg", "trialFailed", 1)]
    [TestCase("all", "explanted", 3)]
    [TestCase("all", "permanentlyExplanted", 2)]
    [TestCase("all", "reimplanted", 2)]
    [TestCase("all", "crossedOver", 1)]
    [TestCase("drg", "crossedOver", 0)]
    [TestCase("cordotomy", "operatedFirst", 1)]
    [TestCase("cordotomy", "operatedAfterTrial", 0)]

    // A death is one in every case of the person.
    [TestCase("all", "died", 4)]
    [TestCase("cordotomy", "died", 2)]
    [TestCase("all", "lost", 2)]
    [TestCase("all", "withdrawn", 1)]
    public async Task Counts(string procedure, string box, int cases) =>
        Assert.That(
            (await Api.Get("/summaries/flow?asOf=2024-01-03")).Expect(200).Row(("procedure", procedure))[box]!.GetValue<int>(),
            Is.EqualTo(cases));

    // The trial succeeded on 2022-01-13; ninety days later is 2022-04-13.
    [TestCase("2022-04-12", 0, 1)]
    [TestCase("2022-04-13", 1, 0)]
    public async Task Takes_an_implant_for_declined_after_ninety_days(string asOf, int declined, int awaiting)
    {
        var row = (await Api.Get($"/summaries/flow?asOf={asOf}")).Expect(200).Row(("procedure", "scs"));
        Assert.That((row["declined"]!.GetValue<int>(), row["awaitingImplant"]!.GetValue<int>()), Is.EqualTo((declined, awaiting)));
    }

    [Test]
    public async Task Does_not_look_past_the_cut_off()
    {
        var row = (await Api.Get("/summaries/flow?asOf=2022-01-23&procedure=scs")).Expect(200).Row(("procedure", "all"));
        Assert.That(
            (row["implanted"]!.GetValue<int>(),
                row["explanted"]!.GetValue<int>(),
                row["reimplanted"]!.GetValue<int>(),
                row["crossedOver"]!.GetValue<int>()),
            Is.EqualTo((3, 1, 0, 0)));
    }

    [Test]
    public async Task Draws_the_procedures_asked_for()
    {
        var chart = (await Api.Get("/summaries/flow?procedure=drg&asOf=2024-01-03", ("Accept", "text/vnd.mermaid"))).Expect(200).Text;
        Assert.That(chart, Does.Contain("[\"Enrolled: 2 (2 patients)\"]").And.Contain("[\"Implanted without trial: 1\"]"));
    }
}
