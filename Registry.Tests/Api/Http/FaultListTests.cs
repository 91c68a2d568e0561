using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>What is wrong is listed up to a hundred faults, and counted: the answer does not grow with the wish of the sender.</summary>
public sealed class FaultListTests(Engine engine) : RegistryFixture(engine)
{
    [TestCase(1)]
    [TestCase(99)]
    [TestCase(100)]
    [TestCase(101)]
    [TestCase(5500)]
    public async Task Lists_the_first_hundred_of_a_body_and_counts_them_all(int faults)
    {
        var answer = (await Api.Put("/sites/faults", $$"""{"name":"A","country":"DE",{{Members(faults)}}}""")).ExpectProblem(422);
        Assert.That(
            answer.Faults.Select(fault => fault.Pointer),
            Is.EqualTo(Enumerable.Range(0, Math.Min(faults, 100)).Select(index => FormattableString.Invariant($"/m{index}"))));
        Assert.That(answer.Json["errorCount"]!.GetValue<int>(), Is.EqualTo(faults));
        Assert.That(answer.Text, Has.Length.LessThan(25_000));
    }

    [Test]
    public async Task Lists_what_the_registry_finds_with_what_is_not_well_formed()
    {
        var contract = (await Api.Get("/openapi/v1.json")).Expect(200).Json["paths"]!.AsObject();
        var paths = contract.Where(path => !path.Key.Contains('{') && path.Value!["get"]?["responses"]!["422"] is not null)
            .Select(path => path.Key["/api/v1".Length..]).ToList();
        Assert.That(paths, Has.Count.GreaterThan(15).And.Contains("/cohorts/export").And.Contains("/follow-ups"));
        foreach (var path in paths)
        {
            Assert.That(
                (await Api.Get(path + "?site=nowhere&foo=1")).ExpectProblem(400, "invalid-parameters").Faults,
                Is.SupersetOf([("/foo", "unknown-parameter"), ("/site", "unknown-site")]),
                path);
            Assert.That(
                (await Api.Get(path + "?site=nowhere&asOf=2999-01-01")).ExpectProblem(400).Faults,
                Is.SupersetOf([("/asOf", "date-in-the-future"), ("/site", "unknown-site")]),
                path);
        }

        const string Query = "site=nowhere&site=a%20b&foo=1&threshold=0&ageMin=60&ageMax=50&hadEvent=x&hadEventTo=2024-01-01";
        Assert.That(
            (await Api.Get("/summaries/response-rates?" + Query)).ExpectProblem(400).Faults,
            Is.EquivalentTo([("/site", "not-an-identifier"), ("/site", "unknown-site"), ("/foo", "unknown-parameter"),
                ("/threshold", "out-of-range"),
                ("/hadEvent", "unknown-code"), ("/ageMin", "empty-range")]));
    }

    [Test]
    public async Task Lists_every_fault_of_a_filter_in_a_body() =>
        Assert.That(
            (await Api.Put(
                "/cohorts/faults",
                """
                {"title":"","filter":{"site":"nowhere","ageMin":60,"ageMax":50,"sex":{},"foo":"1","asOf":"2999-01-01"},"more":1}
                """)).ExpectProblem(422, "invalid-content").Faults,
            Is.EquivalentTo([("/title", "not-a-text"), ("/filter/sex", "not-a-text"), ("/filter/foo", "unknown-parameter"),
                ("/filter/ageMin", "empty-range"), ("/more", "unknown-member"), ("/filter/asOf", "date-in-the-future"),
                ("/filter/site", "unknown-site")]));

    [Test]
    public async Task Counts_the_faults_of_a_query()
    {
        var answer = (await Api.Get(
            "/sites?" + string.Join(
                '&', Enumerable.Range(0, 300).Select(index => FormattableString.Invariant($"m{index}=1"))))).ExpectProblem(400);
        Assert.That((answer.Faults.Count, answer.Json["errorCount"]!.GetValue<int>()), Is.EqualTo((100, 300)));
    }

    [Test]
    public async Task Lists_the_first_hundred_of_an_item_of_a_batch_and_counts_them_all()
    {
        var answer =
            (await Api.Post("/assessments/batch", $$"""{"mode":"each","items":[{"site":"s","case":"c",{{Members(5500)}}}]}""")).Expect(200);
        var problem = answer.Json["items"]![0]!["problem"]!;
        Assert.That(problem["code"]!.GetValue<string>(), Is.EqualTo("site-not-found").Or.EqualTo("invalid-content"));
        (await Api.Put("/sites/faulty", Sample.Site)).Expect(201);
        (await Api.Put("/sites/faulty/cases/c", Sample.Case("scs"))).Expect(201);
        answer = (await Api.Post(
            "/assessments/batch",
            $$"""{"mode":"each","items":[{"site":"faulty","case":"c","timepoint":"1m","assessedOn":"2024-01-01","nrs":5,{{Members(5500)}}}]}""")).Expect(200);
        problem = answer.Json["items"]![0]!["problem"]!;
        Assert.That((problem["errors"]!.AsArray().Count, problem["errorCount"]!.GetValue<int>()), Is.EqualTo((100, 5500)));
        Assert.That(answer.Text, Has.Length.LessThan(30_000));
    }

    [Test]
    public async Task Answers_a_batch_of_empty_items_with_no_more_than_it_takes_to_name_them()
    {
        const int Items = 5000;
        var answer = (await Api.Post(
            "/assessments/batch", $$"""{"mode":"each","items":[{{string.Join(',', Enumerable.Repeat("{}", Items))}}]}""")).Expect(200);
        Assert.That(answer.Text, Has.Length.LessThan(700_000));
        Assert.That(answer.Items, Has.Count.EqualTo(Items));
        Assert.That(answer.Items.Select(item => item["problem"]!["errorCount"]!.GetValue<int>()), Is.All.GreaterThanOrEqualTo(2));
        Assert.That(answer.Items.Select(item => item["problem"]!["code"]!.GetValue<string>()), Is.All.EqualTo("invalid-content"));
        Assert.That(answer.Items.Sum(item => item["problem"]!["errors"]?.AsArray().Count ?? 0), Is.EqualTo(500));
    }

    private static string Members(int count) =>
        string.Join(',', Enumerable.Range(0, count).Select(index => FormattableString.Invariant($"\"m{index}\":1")));
}
