using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Domain.Assessments;
using Registry.Tests.Support;
using static Registry.Tests.Support.CaseToRecord;

namespace Registry.Tests.Api.Cohorts;

/// <summary>The cases of a cohort, page by page. What each row says is held against the oracle in the tests of the figures.</summary>
public sealed class CohortCasesTests(Engine engine) : RegistryFixture(engine)
{
    private const int Recorded = 25;

    protected override TimeProvider? Clock => new StoppedClock(new DateOnly(2026, 6, 30));

    protected override async Task Prepare()
    {
        await Site(Api);
        for (var number = 0; number < Recorded; number++)
        {
            await Drez(FormattableString.Invariant($"secret-{number}"), details: Born(1950 + (number % 7))).Lesioned("2024-01-10")
                .Record(Api);
        }
    }

    [TestCase("ageMin=60&ageMax=50", "/ageMin", "empty-range")]
    [TestCase("baselineNrsMin=11", "/baselineNrsMin", "out-of-range")]
    [TestCase("baselinePdiMin=20&baselinePdiMax=10", "/baselinePdiMin", "empty-range")]
    [TestCase("ageMin=60&ageMin=61", "/ageMin", "repeated")]
    [TestCase("dermatome=X1", "/dermatome", "unknown-code")]
    [TestCase("generator=primary-cell&procedure=drez", "/generator", "contradiction")]
    [TestCase("hadEvent=lesioned&procedure=scs", "/hadEvent", "contradiction")]
    [TestCase("hadEventFrom=2024-01-01", "/hadEventFrom", "does-not-apply")]
    [TestCase("hadEvent=implanted&hadEventFrom=2024-01-02&hadEventTo=2024-01-01", "/hadEventFrom", "empty-range")]
    [TestCase("responder=30", "/responder", "malformed")]
    [TestCase("responder=0@12m", "/responder", "malformed")]
    [TestCase("responder=30@baseline", "/responder", "malformed")]
    [TestCase("lostResponseBy=2m", "/lostResponseBy", "malformed")]
    [TestCase("has=12m;baseline", "/has", "malformed")]
    [TestCase("sort=height", "/sort", "unknown-code")]
    [TestCase("fields=case,height", "/fields", "unknown-field")]
    [TestCase("fields=case,case", "/fields", "repeated")]
    [TestCase("fields=costTotal", "/fields", "unknown-field")]
    [TestCase("costs=EUR", "/costs", "malformed")]
    [TestCase("after=next", "/after", "not-a-cursor")]
    [TestCase("after=2026-06-30~case~~1&sort=age", "/after", "not-a-cursor")]
    [TestCase("after=2026-06-30~case~~1&asOf=2026-06-29", "/after", "not-a-cursor")]
    [TestCase("after=2026-06-30~age~40~1&sort=-age", "/after", "not-a-cursor")]
    [TestCase("after=2026-06-30~age~40~1&sort=painDurationMonths", "/after", "not-a-cursor")]
    [TestCase("colour=red", "/colour", "unknown-parameter")]
    public async Task Refuses_what_is_unknown_doubled_or_contradicts_itself(string query, string where, string code)
    {
        var refused = (await Api.Get("/cohorts/cases?" + query)).ExpectProblem(400, "invalid-parameters");
        Assert.That(refused.Faults, Is.EqualTo([(where, code)]));
        Assert.That(refused.Json["errors"]![0]!["allowed"]?.ToString(), Is.Not.Empty.And.Not.Null);
    }

    [Test]
    public async Task Refuses_a_site_that_is_not_there() =>
        Assert.That((await Api.Get("/cohorts/cases?site=nowhere")).ExpectProblem(422).Faults, Is.EqualTo([("/site", "unknown-site")]));

    [TestCase("")]
    [TestCase("&sort=age")]
    [TestCase("&sort=-age")]
    [TestCase("&sort=site")]
    [TestCase("&sort=-nrsBaseline")]
    public async Task Gives_each_case_once_while_others_are_recorded(string sort)
    {
        var (before, told) = (await Cases("&limit=1000"), new List<string>());
        for (var next = string.Empty; next is not null;)
        {
            var page = (await Api.Get("/cohorts/cases?limit=4" + sort + next)).Expect(200);
            told.AddRange(page.Items.Select(item => item["case"]!.GetValue<string>()));
            next = page.Json["next"] is { } cursor ? "&after=" + cursor : null;
            if (told.Count is 8)
            {
                await Drez(Sample.Key("later"), details: Born(1940)).Lesioned("2024-01-10").Record(Api);
            }
        }

        Assert.That(told, Is.Unique);
        Assert.That(before.Except(told), Is.Empty);
    }

    [Test]
    public async Task Sorts_by_a_column()
    {
        async Task<IReadOnlyList<int>> Ages(string sort) =>
            [.. (await Api.Get($"/cohorts/cases?fields=age&sort={sort}")).Expect(200).Items.Select(item => item["age"]!.GetValue<int>())];

        Assert.That(await Ages("age"), Is.Ordered);
        Assert.That(await Ages("-age"), Is.Ordered.Descending);
    }

    [Test]
    public async Task Gives_the_columns_that_are_asked_for_in_their_order()
    {
        var item = (await Api.Get("/cohorts/cases?limit=1&costs=EUR-2024&fields=costTotal,age,case")).Expect(200).Items.Single();
        Assert.That(item.AsObject().Select(cell => cell.Key), Is.EqualTo(["case", "age", "costTotal"]));
    }

    [Test]
    public async Task Says_how_many_there_are_when_asked()
    {
        var page = (await Api.Get("/cohorts/cases?limit=1&total=true&ageMin=74")).Expect(200);
        Assert.That(page.Json["total"]!.GetValue<int>(), Is.EqualTo((await Cases("&ageMin=74&limit=1000")).Count));
        Assert.That((await Api.Get("/cohorts/cases?limit=1")).Expect(200).Json["total"], Is.Null);
    }

    [TestCase("", "{}")]
    [TestCase("limit=1&total=true&sort=age&fields=case,costTotal&costs=EUR-2024&asOf=2026-06-30", "{}")]
    [TestCase(
        "sex=female&limit=1&sort=age&procedure=drez&ageMin=50&primary=false",
        """{"ageMin":["50"],"primary":["false"],"procedure":["drez"],"sex":["female"]}""")]
    public async Task Repeats_the_filters_and_nothing_else(string query, string filter)
    {
        var page = (await Api.Get("/cohorts/cases?" + query)).Expect(200).Json;
        Assert.That(page["filter"]!.ToJsonString(), Is.EqualTo(filter));
        if (page["next"] is { } next)
        {
            Assert.That(
                (await Api.Get($"/cohorts/cases?{query}&after={next}")).Expect(200).Json["filter"]!.ToJsonString(),
                Is.EqualTo(filter),
                "of a further page");
        }
    }

    [Test]
    public async Task Shows_a_research_key_no_date_of_time_zero()
    {
        var (_, _, research) = await Host.Issue("research");
        int[] targets = [0, .. VisitWindow.All.Select(window => window.TargetDay)];
        var exact = (await Api.Get("/cohorts/cases?fields=case,asOfDays")).Expect(200).Items
            .ToDictionary(item => (string)item["case"]!, item => (int?)item["asOfDays"]);
        var shown = (await research.Get("/cohorts/cases?fields=case,asOfDays")).Expect(200).Items
            .ToDictionary(item => (string)item["case"]!, item => (int?)item["asOfDays"]);
        Assert.That(shown, Is.EqualTo(
            exact.ToDictionary(one => one.Key, one => one.Value is { } days ? targets.Where(target => target <= days).Max() : (int?)null)));
        Assert.That(exact.Values.Except(targets.Cast<int?>()).OfType<int>(), Is.Not.Empty);
        Assert.That(
            (await research.Get("/cohorts/export?format=ndjson&fields=case,asOfDays")).Expect(200).Text,
            Is.Not.EqualTo((await Api.Get("/cohorts/export?format=ndjson&fields=case,asOfDays")).Expect(200).Text));
    }

    [Test]
    public async Task Names_no_case_and_no_patient_and_no_day()
    {
        var text = (await Api.Get("/cohorts/cases?limit=1000&asOf=2026-06-30")).Expect(200).Text;
        Assert.That(text, Does.Not.Contain("secret").And.Not.Contain("patient").And.Not.Contain("2024-01-10"));
    }

    [Test]
    public async Task Says_that_nothing_has_changed()
    {
        var page = (await Api.Get("/cohorts/cases?limit=3")).Expect(200);
        (await Api.Get("/cohorts/cases?limit=3", ("If-None-Match", page.Headers["ETag"]))).Expect(304);
    }

    private static JsonObject Born(int year) => new() { ["patient"] = new JsonObject { ["sex"] = "female", ["birthYear"] = year } };

    private async Task<IReadOnlyList<string>> Cases(string query) =>
        [.. (await Api.Get("/cohorts/cases?fields=case" + query)).Expect(200).Items.Select(item => item["case"]!.GetValue<string>())];
}
