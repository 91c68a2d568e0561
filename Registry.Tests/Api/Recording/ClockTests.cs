using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Recording;

/// <summary>The clock of the server is set back: what is recorded already stays recorded, and its repeat is the same.</summary>
public sealed class ClockTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly DateTimeOffset Evening = new(2025, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SettableClock _clock = new(Evening);

    protected override TimeProvider Clock => _clock;

    [TestCase("/assessments/baseline", """{"assessedOn":"2025-01-01","nrs":5}""", """{"assessedOn":"2025-01-01","nrs":4}""", "assessedOn")]
    [TestCase(
        "/events/e",
        """{"type":"lost-to-follow-up","occurredOn":"2025-01-01"}""",
        """{"type":"withdrawn","occurredOn":"2025-01-01"}""",
        "occurredOn")]
    [TestCase(
        "/costs/c",
        """{"category":"device","amount":1,"currency":"EUR","priceYear":2025,"incurredOn":"2025-01-01"}""",
        """{"category":"device","amount":2,"currency":"EUR","priceYear":2024,"incurredOn":"2025-01-01"}""",
        "incurredOn")]
    [TestCase(
        "/stays/s",
        """{"admittedOn":"2024-12-24","dischargedOn":"2025-01-01"}""",
        """{"admittedOn":"2024-12-25","dischargedOn":"2025-01-01"}""",
        "dischargedOn")]
    public async Task Finds_what_is_recorded_and_takes_nothing_new(string record, string body, string other, string member)
    {
        _clock.Now = Evening;
        var @case = await Api.NewCase("scs", await Api.NewSite("""{"name":"A","country":"DE","timeZone":"Europe/Berlin"}"""));
        var created = (await Api.Put(@case + record, body)).Expect(201);
        _clock.Now = Evening.AddDays(-1);
        Assert.That((await Api.Put(@case + record, body)).Expect(200).ETag, Is.EqualTo(created.ETag));
        Assert.That((await Api.Put(@case + record, other)).ExpectProblem(422).Faults, Is.EqualTo([("/" + member, "date-in-the-future")]));
        Assert.That((await Api.Get(@case + record + "/history")).Expect(200).Json.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Finds_it_by_its_date_and_in_a_batch_too()
    {
        _clock.Now = Evening;
        var @case = await Api.NewCase(
            "drez", await Api.NewSite("""{"name":"A","country":"DE","timeZone":"Europe/Berlin"}"""), ("lesioned", "2024-12-01"));
        var body = Sample.Assessment("2025-01-01", 3);
        var created = (await Api.Post(@case + "/assessments", body)).Expect(201);
        _clock.Now = Evening.AddDays(-1);
        Assert.That((await Api.Post(@case + "/assessments", body)).Expect(200).ETag, Is.EqualTo(created.ETag));
        var item = $$"""{"site":"{{@case.Split('/')[2]}}","case":"{{Sample.KeyOf(@case)}}","assessedOn":"2025-01-01","nrs":3}""";
        Assert.That(
            (await Api.Post("/assessments/batch", $$"""{"items":[{{item}}]}""")).Expect(200).Json["unchanged"]!.GetValue<int>(),
            Is.EqualTo(1));
    }
}
