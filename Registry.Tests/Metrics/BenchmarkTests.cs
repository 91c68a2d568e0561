using NUnit.Framework;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>The registry's rates beside the published ones.</summary>
public sealed class BenchmarkTests(Engine engine) : RegistryFixture(engine)
{
    protected override async Task Prepare()
    {
        // Relief at 12 months of 50 percent exactly, 40 percent, and unknown; a failed trial is not among the implanted.
        var book = new CaseBook();
        book.Case("half", Procedure.Drg).Staged().Score(Timepoint.Month12, 385, 5);
        book.Case("less", Procedure.Drg).Staged().Score(Timepoint.Month12, 385, 6);
        book.Case("unknown", Procedure.Drg, sex: Sex.Male).Staged();
        book.Case("failed", Procedure.Drg).TrialStarted(0).TrialFailed(10).Score(Timepoint.Baseline, -1, 10);
        book.Case("drez", Procedure.Drez).Lesioned(0).Score(Timepoint.Baseline, -1, 10).Score(Timepoint.Month12, 365, 1);
        await book.Send(Api);
    }

    [Test]
    public async Task Puts_the_rate_of_the_same_definition_beside_the_published_one()
    {
        var row = (await Api.Get("/summaries/benchmarks?asOf=2024-01-03")).Expect(200).Row(("procedure", "drg"));
        var figure = row["registry"]!;
        Assert.That(
            (row["published"]!["low"]!.GetValue<double>(),
                row["published"]!["high"]!.GetValue<double>(),
                row["published"]!["text"]!.ToString()),
            Is.EqualTo((0.63, 0.63, "63 %")));
        Assert.That(
            (figure["timepoint"]!.ToString(),
                figure["instrument"]!.ToString(),
                figure["threshold"]!.GetValue<int>(),
                figure["set"]!.ToString()),
            Is.EqualTo(("12m", "nrs", 50, "treated")));
        Assert.That(
            (figure["responders"]!.GetValue<int>(), figure["denominator"]!.GetValue<int>(), figure["rate"]!.GetValue<double>()),
            Is.EqualTo((1, 3, 1.0 / 3)));

        // Wilson, 1 of 3: the mirror image of 2 of 3.
        Assert.That(figure["ciLow"]!.GetValue<double>(), Is.EqualTo(1 - 0.9385080552796038).Within(1e-9));
        Assert.That(figure["ciHigh"]!.GetValue<double>(), Is.EqualTo(1 - 0.2076596008020478).Within(1e-9));
        Assert.That(row["comparable"]!.GetValue<bool>());
        Assert.That(row["why"]!.ToString(), Does.Contain("non-responder"));
    }

    [Test]
    public async Task Compares_nothing_where_the_source_leaves_the_definition_open()
    {
        var rows = (await Api.Get("/summaries/benchmarks")).Expect(200).Items.Where(row => row["procedure"]!.ToString() != "drg").ToList();
        Assert.That(rows, Has.Count.EqualTo(4));
        foreach (var row in rows)
        {
            Assert.That(row["comparable"]!.GetValue<bool>(), Is.False);
            Assert.That(row.AsObject().ContainsKey("registry") && row["registry"] is null);
            Assert.That(
                (row["why"]!.ToString(), row["definition"]!.ToString(), row["source"]!.ToString()),
                Is.Not.EqualTo((string.Empty, string.Empty, string.Empty)));
        }
    }

    [TestCase("scs", 0.4, 0.7, "40-70 %")]
    [TestCase("cordotomy", null, 0.8, "up to 80 %")]
    public async Task Repeats_the_published_figure(string procedure, double? low, double high, string text)
    {
        var published = (await Api.Get("/summaries/benchmarks")).Expect(200).Row(("procedure", procedure))["published"]!;
        Assert.That(
            (published["low"]?.GetValue<double>(), published["high"]!.GetValue<double>(), published["text"]!.ToString()),
            Is.EqualTo((low, high, text)));
    }

    [Test]
    public async Task Has_both_figures_of_DREZ_and_no_row_for_all()
    {
        var items = (await Api.Get("/summaries/benchmarks")).Expect(200).Items;
        Assert.That(items.Select(item => (item["procedure"]!.ToString(), item["published"]!["text"]!.ToString())), Is.EqualTo(new[]
        {
            ("scs", "40-70 %"), ("drg", "63 %"), ("drez", "up to 70 %"), ("drez", "60-90 %"), ("cordotomy", "up to 80 %"),
        }));
    }

    [Test]
    public async Task Takes_the_filters()
    {
        var items = (await Api.Get("/summaries/benchmarks?procedure=drg&sex=male")).Expect(200).Items;
        Assert.That(
            items.Select(item => (item["procedure"]!.ToString(), item["registry"]!["denominator"]!.GetValue<int>())),
            Is.EqualTo(new[] { ("drg", 1) }));
    }
}
