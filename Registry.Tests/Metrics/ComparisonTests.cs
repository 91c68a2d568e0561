using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Metrics;

/// <summary>
/// SCS beside DREZ in the reference case series at 24 months: of the treated 2 of 3 and 3 of 3 responded, with changes of
/// 7, 4, 0 and 9, 6, 8 points. The intervals are R's: t.test(c(7, 4, 0), c(9, 6, 8)), and Newcombe's from prop.test(correct = FALSE).
/// </summary>
public sealed class ComparisonTests(Engine engine) : RegistryFixture(engine)
{
    private const string AtTheEnd = "/summaries/comparison?timepoint=24m&instrument=nrs&set=treated";

    protected override async Task Prepare()
    {
        foreach (var record in ReferenceCaseSeries.Records(new RecordKinds()))
        {
            (await Api.Put(record.Kind.PathOf(record.Address)["/api/v1".Length..], record.Kind.Canonical(record.Content))).Expect(201);
        }

        var other = new CaseBook("other");
        other.Case("only", Procedure.Drg, sex: Sex.Male).Staged().Score(Timepoint.Month24, 750, 4);
        await other.Send(Api);
    }

    [Test]
    public async Task Gives_both_rates_and_their_difference()
    {
        var item = await One("&a.procedure=scs&b.procedure=drez");
        Assert.That(
            (Figure(item, "a.responders"), Figure(item, "a.denominator"), Figure(item, "b.responders"), Figure(item, "b.denominator")),
            Is.EqualTo((2, 3, 3, 3)));
        Assert.That(Figure(item, "a.ciLow"), Is.EqualTo(0.2076596008020478).Within(1e-9));
        Assert.That(Figure(item, "rateDifference.estimate"), Is.EqualTo(-1.0 / 3).Within(1e-9));
        Assert.That(Figure(item, "rateDifference.ciLow"), Is.EqualTo(-0.7923403991979522).Within(1e-9));
        Assert.That(Figure(item, "rateDifference.ciHigh"), Is.EqualTo(0.2905069164363784).Within(1e-9));
    }

    [Test]
    public async Task Gives_both_changes_and_their_difference()
    {
        var item = await One("&a.procedure=scs&b.procedure=drez");
        Assert.That((Figure(item, "a.paired.n"), Figure(item, "b.paired.n")), Is.EqualTo((3, 3)));
        Assert.That(Figure(item, "a.paired.changeMean"), Is.EqualTo(11.0 / 3).Within(1e-9));
        Assert.That(Figure(item, "b.paired.changeSd"), Is.EqualTo(1.527525231651947).Within(1e-9));
        Assert.That(Figure(item, "changeDifference.estimate"), Is.EqualTo(-4).Within(1e-9));
        Assert.That(Figure(item, "changeDifference.ciLow"), Is.EqualTo(-11.446163877093014).Within(1e-9));
        Assert.That(Figure(item, "changeDifference.ciHigh"), Is.EqualTo(3.446163877093014).Within(1e-9));
        Assert.That(Figure(item, "changeDifference.df"), Is.EqualTo(2.730606488011284).Within(1e-9));
    }

    [Test]
    public async Task Turns_the_sign_with_the_groups()
    {
        var one = await One("&a.procedure=scs&b.procedure=drez");
        var other = await One("&a.procedure=drez&b.procedure=scs");
        Assert.That(Figure(other, "rateDifference.ciLow"), Is.EqualTo(-Figure(one, "rateDifference.ciHigh")).Within(1e-12));
        Assert.That(Figure(other, "changeDifference.ciLow"), Is.EqualTo(-Figure(one, "changeDifference.ciHigh")).Within(1e-12));
    }

    [Test]
    public async Task Finds_no_difference_between_a_group_and_itself()
    {
        var item = await One("&procedure=scs");
        Assert.That((Figure(item, "rateDifference.estimate"), Figure(item, "changeDifference.estimate")), Is.EqualTo((0, 0)));
        Assert.That(Figure(item, "rateDifference.ciLow"), Is.EqualTo(-Figure(item, "rateDifference.ciHigh")).Within(1e-12).And.LessThan(0));
        Assert.That(
            Figure(item, "changeDifference.ciLow"), Is.EqualTo(-Figure(item, "changeDifference.ciHigh")).Within(1e-12).And.LessThan(0));
    }

    [Test]
    public async Task Gives_nulls_beside_an_empty_group()
    {
        var item = await One("&a.procedure=scs&b.procedure=cordotomy");
        Assert.That((Figure(item, "a.responders"), Figure(item, "b.denominator")), Is.EqualTo((2, 0)));
        Assert.That(
            (Figure(item, "b.rate"), Figure(item, "rateDifference.estimate"), Figure(item, "changeDifference.estimate")),
            Is.EqualTo(((double?)null, (double?)null, (double?)null)));
    }

    [Test]
    public async Task Gives_a_difference_of_means_without_interval_beside_a_single_case()
    {
        var item = await One("&a.procedure=scs&b.site=other");
        Assert.That(Figure(item, "changeDifference.estimate"), Is.EqualTo((11.0 / 3) - 6).Within(1e-9));
        Assert.That(
            (Figure(item, "b.paired.changeSd"), Figure(item, "changeDifference.ciLow"), Figure(item, "changeDifference.df")),
            Is.EqualTo(((double?)null, (double?)null, (double?)null)));
        Assert.That(Figure(item, "rateDifference.ciHigh"), Is.Not.Null);
    }

    [Test]
    public async Task Pools_the_procedures_of_a_group() =>
        Assert.That(Figure(await One("&a.procedure=scs&a.procedure=drez&b.procedure=drg"), "a.denominator"), Is.EqualTo(6));

    [Test]
    public async Task Narrows_both_groups_by_a_filter_without_prefix()
    {
        // Of the implanted, patient 1 is a man; of the DREZ cases, patients 8 and 9; the DRG case at the other site is a man's, too.
        var item = await One("&a.procedure=scs&b.procedure=drez&b.procedure=drg&sex=male");
        Assert.That((Figure(item, "a.denominator"), Figure(item, "b.denominator")), Is.EqualTo((1, 3)));
        item = await One("&a.procedure=scs&b.procedure=drez&b.procedure=drg&sex=male&site=reference");
        Assert.That((Figure(item, "a.denominator"), Figure(item, "b.denominator")), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task Compares_any_filter_and_repeats_it()
    {
        var answer = (await Api.Get(AtTheEnd + "&a.sex=male&b.sex=female&site=reference&asOf=2024-06-30")).Expect(200);
        Assert.That((Figure(answer.Items.Single(), "a.denominator"), Figure(answer.Items.Single(), "b.denominator")), Is.EqualTo((3, 3)));
        Assert.That(
            string.Join(' ', answer.Json["filter"]!.AsObject().Select(member => member.Key)),
            Is.EqualTo("a.sex b.sex instrument set site timepoint"));
    }

    [Test]
    public async Task Has_a_row_for_every_timepoint_instrument_set_and_threshold()
    {
        var items = (await Api.Get("/summaries/comparison?a.procedure=scs&b.procedure=drez&threshold=30&threshold=50")).Expect(200).Items;
        Assert.That(
            items.Select(item =>
                (item["timepoint"]!.ToString(), item["instrument"]!.ToString(), item["set"]!.ToString(), item["threshold"]!.ToString())),
            Is.Unique);
        Assert.That(items, Has.Count.EqualTo(6 * 2 * 3 * 2));
    }

    [Test]
    public async Task Says_that_it_is_descriptive() =>
        Assert.That(
            (await One("&a.procedure=scs&b.procedure=drez"))["note"]!.ToString(),
            Does.StartWith("Descriptive, unadjusted").And.Contain("not randomised"));

    [TestCase("procedure=scs&a.procedure=drg", "/a.procedure", "stated-twice")]
    [TestCase("a.ageMin=60&a.ageMax=50", "/a.ageMin", "empty-range")]
    [TestCase("b.ageMin=60&ageMax=50", "/b.ageMin", "empty-range")]
    [TestCase("b.from=2023-01-01&b.to=2022-01-01", "/b.from", "empty-range")]
    [TestCase("a.procedure=tens", "/a.procedure", "unknown-code")]
    [TestCase("c.procedure=scs", "/c.procedure", "unknown-parameter")]
    [TestCase("a.asOf=2023-01-01", "/a.asOf", "unknown-parameter")]
    public async Task Refuses_groups_that_make_no_sense(string query, string where, string code) =>
        Assert.That((await Api.Get("/summaries/comparison?" + query)).Expect(400).Faults, Is.EqualTo(new[] { (where, code) }));

    private async Task<JsonNode> One(string groups) => (await Api.Get(AtTheEnd + groups)).Expect(200).Items.Single();

    private static double? Figure(JsonNode item, string path) =>
        path.Split('.').Aggregate((JsonNode?)item, (node, name) => node![name])?.GetValue<double>();
}
