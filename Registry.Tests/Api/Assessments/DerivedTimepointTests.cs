using System.Globalization;
using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Assessments;

/// <summary>POST …/assessments: the sender gives the timepoint, or only the date, and the registry derives it.</summary>
public sealed class DerivedTimepointTests(Engine engine) : RegistryFixture(engine)
{
    private static readonly DateOnly TrialStart = new(2022, 1, 1);
    private static readonly DateOnly Implant = new(2022, 1, 20);

    protected override TimeProvider Clock => StoppedClock.Noon;

    [TestCase(1, "post-op")]
    [TestCase(14, "post-op")]
    [TestCase(15, "1m")]
    [TestCase(60, "1m")]
    [TestCase(61, "3m")]
    [TestCase(136, "3m")]
    [TestCase(137, "6m")]
    [TestCase(273, "6m")]
    [TestCase(274, "12m")]
    [TestCase(547, "12m")]
    [TestCase(548, "24m")]
    [TestCase(913, "24m")]
    public async Task Derives_the_timepoint_from_the_days_after_the_implant(int days, string timepoint)
    {
        var @case = await Api.NewCase("scs", null, ("trial-started", Iso(TrialStart)), ("implanted", Iso(Implant)));
        var body = Sample.Assessment(Iso(Implant.AddDays(days)));
        var answer = (await Api.Post(@case + "/assessments", body)).Expect(201);
        Assert.That(answer.Location, Is.EqualTo($"/api/v1{@case}/assessments/{timepoint}"));
        Assert.That(
            (answer.Json["timepoint"]!.GetValue<string>(),
                answer.Json["daysFromTimeZero"]!.GetValue<int>(),
                answer.Json["window"]!.GetValue<string>()),
            Is.EqualTo((timepoint, days, "in")));

        var again = (await Api.Post(@case + "/assessments", body)).Expect(200);
        Assert.That(again.ETag, Is.EqualTo(answer.ETag));
        Assert.That((await Api.Put($"{@case}/assessments/{timepoint}", body)).Expect(200).ETag, Is.EqualTo(answer.ETag));
        Assert.That(Sample.OwnTag((await Api.Get(answer.Location!["/api/v1".Length..])).Expect(200).ETag!), Is.EqualTo(answer.ETag));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(-18)]
    [TestCase(914)]
    public async Task Cannot_derive_it_outside_every_window(int days)
    {
        var @case = await Api.NewCase("scs", null, ("trial-started", Iso(TrialStart)), ("implanted", Iso(Implant)));
        var body = Sample.Assessment(Iso(Implant.AddDays(days)));
        var refused = (await Api.Post(@case + "/assessments", body)).ExpectProblem(422, "invalid-content");
        Assert.That(refused.FaultsWithValues(), Is.EqualTo([("/timepoint", "timepoint-not-derivable", Iso(Implant.AddDays(days)))]));
        Assert.That(refused.Json["errors"]![0]!["allowed"]!.GetValue<string>(), Is.EqualTo("baseline, post-op, 1m, 3m, 6m, 12m, 24m"));
        Assert.That((await Api.Get(@case)).Json["assessments"]!.AsArray(), Is.Empty);
    }

    [TestCase("scs", "trial-started")]
    [TestCase("drg", "implanted")]
    [TestCase("drez", "lesioned")]
    [TestCase("cordotomy", "lesioned")]
    public async Task Takes_every_day_before_treatment_began_for_the_baseline_and_cannot_tell_of_the_day_itself(
        string procedure, string start)
    {
        foreach (var days in (int[])[-1, -400])
        {
            var @case = await Api.NewCase(procedure, null, (start, Iso(TrialStart)));
            var answer = (await Api.Post(@case + "/assessments", Sample.Assessment(Iso(TrialStart.AddDays(days))))).Expect(201);
            Assert.That(
                (answer.Location, answer.Json["window"]!.GetValue<string>()), Is.EqualTo(($"/api/v1{@case}/assessments/baseline", "in")));
        }

        var onTheDay = await Api.NewCase(procedure, null, (start, Iso(TrialStart)));
        Assert.That(
            (await Api.Post(onTheDay + "/assessments", Sample.Assessment(Iso(TrialStart)))).ExpectProblem(422, "invalid-content")
                .FaultsWithValues(),
            Is.EqualTo([("/timepoint", "timepoint-not-derivable", Iso(TrialStart))]));
        Assert.That((await Api.Get(onTheDay)).Json["assessments"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Cannot_derive_it_while_a_trial_may_still_lead_to_an_implant()
    {
        var @case = await Api.NewCase("scs", null, ("trial-started", Iso(TrialStart)));
        var body = Sample.Assessment(Iso(TrialStart.AddDays(20)));
        Assert.That(
            (await Api.Post(@case + "/assessments", body)).ExpectProblem(422).Faults,
            Is.EqualTo([("/timepoint", "timepoint-not-derivable")]));
        (await Api.Put(@case + "/events/end", Sample.Event("trial-ended", Iso(TrialStart.AddDays(7))))).Expect(201);
        Assert.That(
            (await Api.Post(@case + "/assessments", body)).ExpectProblem(422).Faults,
            Is.EqualTo([("/timepoint", "timepoint-not-derivable")]));
        (await Api.Put(@case + "/events/implant", Sample.Event("implanted", Iso(TrialStart.AddDays(10))))).Expect(201);
        Assert.That((await Api.Post(@case + "/assessments", body)).Expect(201).Location, Does.EndWith("/post-op"));
    }

    [Test]
    public async Task Derives_it_from_the_start_of_a_trial_that_failed()
    {
        var @case = await Api.NewCase("drg", null, ("trial-started", Iso(TrialStart)), ("trial-failed", Iso(TrialStart.AddDays(7))));
        Assert.That(
            (await Api.Post(@case + "/assessments", Sample.Assessment(Iso(TrialStart.AddDays(61))))).Expect(201).Location,
            Does.EndWith("/3m"));
    }

    [Test]
    public async Task Cannot_derive_it_for_a_case_in_which_nothing_happened_yet() =>
        Assert.That(
            (await Api.Post(await Api.NewCase() + "/assessments", Sample.Assessment("2024-01-01"))).ExpectProblem(422).Faults,
            Is.EqualTo([("/timepoint", "timepoint-not-derivable")]));

    [TestCase("baseline", "2021-12-01")]
    [TestCase("12m", "2022-01-25")]
    [TestCase("post-op", "2025-01-01")]
    public async Task Takes_the_timepoint_that_is_stated(string timepoint, string day)
    {
        var @case = await Api.NewCase("scs", null, ("implanted", Iso(Implant)));
        var body = $$"""{"timepoint":"{{timepoint}}","assessedOn":"{{day}}","nrs":3}""";
        Assert.That(
            (await Api.Post(@case + "/assessments", body)).Expect(201).Location, Is.EqualTo($"/api/v1{@case}/assessments/{timepoint}"));
        (await Api.Post(@case + "/assessments", body)).Expect(200);
        (await Api.Post(@case + "/assessments", body.Replace("3}", "4}", StringComparison.Ordinal))).ExpectProblem(409, "conflict");
    }

    [Test]
    public async Task Takes_a_visit_not_done_only_with_a_timepoint_or_a_date()
    {
        var @case = await Api.NewCase("scs", null, ("implanted", Iso(Implant)));
        Assert.That(
            (await Api.Post(@case + "/assessments", """{"notDone":"declined"}""")).ExpectProblem(422).Faults,
            Is.EqualTo([("/timepoint", "missing")]));
        Assert.That(
            (await Api.Post(@case + "/assessments", """{"notDone":"declined","timepoint":"3m"}""")).Expect(201).Location,
            Does.EndWith("/3m"));
        Assert.That(
            (await Api.Post(@case + "/assessments", $$"""{"notDone":"too-ill","assessedOn":"{{Iso(Implant.AddDays(30))}}"}"""))
                .Expect(201).Location,
            Does.EndWith("/1m"));
    }

    [Test]
    public async Task Names_every_fault_at_once()
    {
        var @case = await Api.NewCase("scs", null, ("implanted", Iso(Implant)));
        Assert.That(
            (await Api.Post(
                @case + "/assessments", $$"""{"timepoint":"2m","assessedOn":"{{Iso(Implant.AddDays(30))}}","nrs":11}"""))
                    .ExpectProblem(422).Faults,
            Is.EqualTo([("/timepoint", "unknown-code"), ("/nrs", "out-of-range")]));
        Assert.That(
            (await Api.Post(@case + "/assessments", """{"timepoint":"baseline","assessedOn":"2022-01-21","nrs":11}"""))
                .ExpectProblem(422).Faults,
            Is.EqualTo([("/nrs", "out-of-range"), ("/assessedOn", "baseline-after-treatment")]));
        Assert.That(
            (await Api.Post(@case + "/assessments", $$"""{"assessedOn":"{{Iso(Implant.AddDays(914))}}","nrs":11}"""))
                .ExpectProblem(422).Faults,
            Is.EqualTo([("/nrs", "out-of-range"), ("/timepoint", "timepoint-not-derivable")]));
        Assert.That(
            (await Api.Post(@case + "/assessments", """{"assessedOn":"2024-02-30","nrs":11}""")).ExpectProblem(422).Faults,
            Is.EqualTo([("/assessedOn", "not-a-date"), ("/nrs", "out-of-range")]));
        Assert.That(
            (await Api.Post(@case + "/assessments", """{"assessedOn":"1959-01-01","nrs":11}""")).ExpectProblem(422).Faults,
            Is.EqualTo([("/nrs", "out-of-range"), ("/assessedOn", "before-birth-year")]));
    }

    [Test]
    public async Task Corrects_with_the_ETag_as_PUT_does()
    {
        var @case = await Api.NewCase("scs", null, ("implanted", Iso(Implant)));
        var created = (await Api.Post(@case + "/assessments", Sample.Assessment(Iso(Implant.AddDays(30)), 5))).Expect(201);
        (await Api.Post(@case + "/assessments", Sample.Assessment(Iso(Implant.AddDays(30)), 4), ("If-Match", created.ETag!)))
            .ExpectProblem(428, "precondition-required");
        (await Api.Post(
            @case + "/assessments",
            Sample.Assessment(Iso(Implant.AddDays(30)), 4),
            ("If-Match", created.ETag!),
            ("X-Change-Reason", "typing error"))).Expect(200);
        (await Api.Post(@case + "/assessments", Sample.Assessment(Iso(Implant.AddDays(30)), 3), ("If-None-Match", "*")))
            .ExpectProblem(412, "precondition-failed");
    }

    [Test]
    public async Task Finds_the_same_visit_when_the_message_is_repeated_after_the_operation_was_corrected()
    {
        var @case = await Api.NewCase("drez");
        var operation = (await Api.Put(@case + "/events/operation", Sample.Event("lesioned", "2025-01-10"))).Expect(201);
        (await Api.Put(@case + "/assessments/baseline", Sample.Assessment("2025-01-02", 8))).Expect(201);
        var body = Sample.Assessment("2025-03-10", 3);
        var first = (await Api.Post(@case + "/assessments", body)).Expect(201);
        Assert.That(first.Location, Does.EndWith("/1m"), "day 59");

        (await Api.Put(
            @case + "/events/operation",
            Sample.Event("lesioned", "2025-01-07"),
            ("If-Match", operation.ETag!),
            ("X-Change-Reason", "read off wrongly"))).Expect(200);
        var again = (await Api.Post(@case + "/assessments", body)).Expect(200);
        Assert.That(
            (again.ETag, again.Json["timepoint"]!.GetValue<string>(), again.Json["window"]!.GetValue<string>()),
            Is.EqualTo((first.ETag, "1m", "late")),
            "day 62");
        var item = $$"""{"site":"{{@case.Split('/')[2]}}","case":"{{Sample.KeyOf(@case)}}","assessedOn":"2025-03-10","nrs":3}""";
        var batch = (await Api.Post("/assessments/batch", $$"""{"items":[{{item}}]}""")).Expect(200).Json;
        Assert.That(
            (batch["unchanged"]!.GetValue<int>(), batch["items"]![0]!["location"]!.GetValue<string>()),
            Is.EqualTo((1, $"/api/v1{@case}/assessments/1m")));
        (await Api.Post(@case + "/assessments", Sample.Assessment("2025-03-10", 4))).ExpectProblem(409, "conflict");
        Assert.That((await Api.Get(@case)).Json["assessments"]!.AsArray(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Finds_the_visit_that_was_retracted_or_moved_to_another_date_and_records_no_second()
    {
        var @case = await Api.NewCase("drez", null, ("lesioned", "2025-01-10"));
        var moved = (await Api.Post(@case + "/assessments", Sample.Assessment("2025-02-10", 5))).Expect(201);
        (await Api.Put(
            @case + "/assessments/1m",
            Sample.Assessment("2025-02-11", 5),
            ("If-Match", moved.ETag!),
            ("X-Change-Reason", "the day after"))).Expect(200);
        (await Api.Post(@case + "/assessments", Sample.Assessment("2025-02-10", 5))).ExpectProblem(409, "conflict");
        var gone = (await Api.Post(@case + "/assessments", Sample.Assessment("2025-04-10", 4))).Expect(201);
        (await Api.Delete(@case + "/assessments/3m", ("If-Match", gone.ETag!), ("X-Change-Reason", "another patient's"))).Expect(204);
        (await Api.Post(@case + "/assessments", Sample.Assessment("2025-04-10", 4))).ExpectProblem(409, "retracted");
        Assert.That(
            (await Api.Get(@case)).Json["assessments"]!.AsArray().Select(one => one!["timepoint"]!.GetValue<string>()), Is.EqualTo(["1m"]));
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
