using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Cases;

/// <summary>
/// The ETag of a case that is read covers all that the answer shows; that of its own record stands in it. If-Match takes either.
/// </summary>
public sealed class CaseTagTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly (string, string) Reason = ("X-Change-Reason", "read off wrongly");

    private readonly SettableClock _clock = new(new DateTimeOffset(2025, 6, 15, 12, 0, 0, TimeSpan.Zero));

    protected override TimeProvider Clock => _clock;

    [Test]
    public async Task Changes_with_anything_under_the_case_and_leaves_the_tag_of_its_own_record()
    {
        var @case = await Api.NewCase("scs");
        var tags = new List<string>();
        var own = await Note();
        (string Path, string Body)[] records =
        [
            ("events/implant", Sample.Event("implanted", "2024-01-10")),
            ("assessments/1m", Sample.Assessment("2024-02-09")),
            ("adverse-events/a", """{"category":"surgical","term":"bleeding","onsetOn":"2024-01-11","severity":"mild","serious":false}"""),
            ("costs/c", """{"category":"device","amount":1,"currency":"EUR","priceYear":2024}"""),
            ("stays/s", """{"admittedOn":"2024-01-09","dischargedOn":"2024-01-12"}"""),
        ];
        foreach (var (path, body) in records)
        {
            (await Api.Put($"{@case}/{path}", body)).Expect(201);
            Assert.That(await Note(), Is.EqualTo(own));
        }

        foreach (var (path, _) in records)
        {
            (await Api.Delete($"{@case}/{path}", ("If-Match", (await Api.Get($"{@case}/{path}")).ETag!), Reason)).Expect(204);
            Assert.That(await Note(), Is.EqualTo(own));
        }

        Assert.That(tags, Is.Unique);

        async Task<string> Note()
        {
            var read = (await Api.Get(@case)).Expect(200);
            tags.Add(read.ETag!);
            (await Api.Get(@case, ("If-None-Match", read.ETag!))).Expect(304);
            (await Api.Get(@case, ("If-None-Match", "W/" + read.ETag))).Expect(304);
            if (tags.Count > 1)
            {
                (await Api.Get(@case, ("If-None-Match", tags[^2]))).Expect(200);
            }

            return read.Json["etag"]!.GetValue<string>();
        }
    }

    [Test]
    public async Task Changes_with_another_case_of_the_person_and_with_the_day()
    {
        var site = await Api.NewSite();
        var (first, second) = (site + "/cases/first", site + "/cases/second");
        (await Api.Put(first, Sample.Case("scs"))).Expect(201);
        (await Api.Put(first + "/events/implant", Sample.Event("implanted", "2024-01-10"))).Expect(201);
        (await Api.Put(second, Sample.Case("drez"))).Expect(201);
        var before = (await Api.Get(first)).Expect(200);
        (await Api.Put(second + "/events/death", Sample.Event("died", "2024-03-01"))).Expect(201);
        var after = (await Api.Get(first, ("If-None-Match", before.ETag!))).Expect(200);
        Assert.That(after.Json["schedule"]!.ToJsonString(), Is.Not.EqualTo(before.Json["schedule"]!.ToJsonString()), "dead in every case");
        var now = _clock.Now;
        _clock.Now = now.AddDays(1);
        (await Api.Get(first, ("If-None-Match", after.ETag!))).Expect(200);
        _clock.Now = now;
        (await Api.Get(first, ("If-None-Match", after.ETag!))).Expect(304);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Is_taken_for_a_correction_as_that_of_the_record_is(bool whole)
    {
        var @case = await Api.NewCase("scs", null, ("implanted", "2024-01-10"));
        var read = (await Api.Get(@case)).Expect(200);
        (await Api.Put(@case, Sample.Case("drg"), ("If-Match", whole ? read.ETag! : read.Json["etag"]!.GetValue<string>()), Reason))
            .Expect(200);
        Assert.That((await Api.Get(@case)).Expect(200).Json["procedure"]!.GetValue<string>(), Is.EqualTo("drg"));
    }

    [Test]
    public async Task Of_an_assessment_covers_what_is_derived_from_the_date_of_another_record()
    {
        var @case = await Api.NewCase("scs", null, ("implanted", "2024-01-10"));
        (await Api.Put(@case + "/assessments/1m", Sample.Assessment("2024-02-09", 4))).Expect(201);
        var before = (await Api.Get(@case + "/assessments/1m")).Expect(200);
        (await Api.Get(@case + "/assessments/1m", ("If-None-Match", before.ETag!))).Expect(304);
        var implant = (await Api.Get(@case)).Expect(200).Json["events"]![0]!;
        (await Api.Put(
            $"{@case}/events/{implant["event"]}",
            Sample.Event("implanted", "2023-11-10"),
            ("If-Match", implant["etag"]!.GetValue<string>()),
            Reason)).Expect(200);
        var after = (await Api.Get(@case + "/assessments/1m", ("If-None-Match", before.ETag!))).Expect(200);
        Assert.That((before.Json["window"]!.GetValue<string>(), after.Json["window"]!.GetValue<string>()), Is.EqualTo(("in", "late")));

        (await Api.Put(@case + "/assessments/1m", Sample.Assessment("2024-02-09", 5), ("If-Match", before.ETag!), Reason))
            .ExpectProblem(412, "precondition-failed");
        (await Api.Put(@case + "/assessments/1m", Sample.Assessment("2024-02-09", 5), ("If-Match", after.ETag!), Reason)).Expect(200);
        var read = (await Api.Get(@case + "/assessments/1m")).Expect(200);
        (await Api.Put(
            @case + "/assessments/1m", Sample.Assessment("2024-02-09", 6), ("If-Match", Sample.OwnTag(read.ETag!)), Reason)).Expect(200);
        var last = (await Api.Get(@case + "/assessments/1m")).Expect(200);
        (await Api.Delete(@case + "/assessments/1m", ("If-Match", last.ETag!), Reason)).Expect(204);
        (await Api.Delete(@case + "/assessments/1m", ("If-Match", last.ETag!), Reason)).Expect(204);
    }

    [Test]
    public async Task Is_refused_for_a_correction_when_anything_has_come_since()
    {
        var @case = await Api.NewCase("scs");
        var read = (await Api.Get(@case)).Expect(200);
        (await Api.Put(@case + "/events/implant", Sample.Event("implanted", "2024-01-10"))).Expect(201);
        (await Api.Put(@case, Sample.Case("drg"), ("If-Match", read.ETag!), Reason)).ExpectProblem(412, "precondition-failed");
        (await Api.Put(@case, Sample.Case("drg"), ("If-Match", read.Json["etag"]!.GetValue<string>()), Reason)).Expect(200);
    }
}
