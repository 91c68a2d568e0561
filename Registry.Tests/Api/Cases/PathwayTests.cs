using NUnit.Framework;
using Registry.Domain.Analysis;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Cases;

/// <summary>The cases of one patient are linked by precedingCase, up to six of them.</summary>
public sealed class PathwayTests(Engine engine) : RegistryFixture(engine)
{
    protected override async Task Prepare() => (await Api.Put("/sites/links", """{"name": "Links", "country": "DE"}""")).Expect(201);

    [Test]
    public async Task Takes_six_cases_and_refuses_a_seventh()
    {
        await Chain("long", PersonRules.MostCasesOfPathway);
        AssertTooLong(await Put("long", "long-7", "long-6"));
    }

    [Test]
    public async Task Counts_every_case_that_leads_back_to_the_same_first_one()
    {
        await Chain("fork", PersonRules.MostCasesOfPathway);
        AssertTooLong(await Put("fork", "fork-7", "fork-2"));
        AssertTooLong(await Put("fork", "fork-7", "fork-1"));
        (await Put("fork", "fork-7", null)).Expect(201);
    }

    [Test]
    public async Task Refuses_a_correction_that_joins_two_pathways_to_a_longer_one()
    {
        await Chain("left", 3, "joined");
        await Chain("right", 4, "joined");
        var first = await Api.Get("/sites/links/cases/right-1");
        AssertTooLong(await Put("joined", "right-1", "left-1", ("If-Match", first.ETag!), ("X-Change-Reason", "linked")));
        (await Put(
            "joined",
            "right-4",
            "left-3",
            ("If-Match", (await Api.Get("/sites/links/cases/right-4")).ETag!),
            ("X-Change-Reason", "linked"))).Expect(200);
    }

    [Test]
    public async Task Still_refuses_a_circle()
    {
        await Chain("circle", 3);
        var answer = (await Put(
            "circle",
            "circle-1",
            "circle-3",
            ("If-Match", (await Api.Get("/sites/links/cases/circle-1")).ETag!),
            ("X-Change-Reason", "linked"))).Expect(422);
        Assert.That(answer.Faults, Is.EqualTo(new[] { ("/precedingCase", "circle-of-cases") }));
    }

    private static void AssertTooLong(ApiAnswer answer) =>
        Assert.That(answer.Expect(422).Faults, Is.EqualTo(new[] { ("/precedingCase", "pathway-too-long") }));

    private async Task Chain(string name, int length, string? patient = null)
    {
        for (var number = 1; number <= length; number++)
        {
            (await Put(patient ?? name, $"{name}-{number}", number == 1 ? null : $"{name}-{number - 1}")).Expect(201);
        }
    }

    private Task<ApiAnswer> Put(string patient, string code, string? preceding, params (string Name, string Value)[] headers)
    {
        var link = preceding is null ? string.Empty : $""", "precedingCase": "{preceding}" """;
        return Api.Put(
            "/sites/links/cases/" + code,
            $$"""{"patient": {"reference": "{{patient}}", "sex": "male", "birthYear": 1970}, "procedure": "drez", "indication": "crps" {{link}} }""",
            headers);
    }
}
