using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Recording;

/// <summary>
/// Two records that cannot both be true: each is taken on its own, and whichever comes second is refused, in both
/// orders of arrival.
/// </summary>
public sealed class ContradictionTests(Engine engine) : RegistryFixture(engine)
{
    protected override TimeProvider Clock => StoppedClock.Noon;

    // Each row: the procedure, what is there before, the two records (type or timepoint, and day), the rule they break.
    private static TestCaseData[] Pairs =>
    [
        Pair("scs", "", "trial-started 2024-01-10", "trial-ended 2024-01-09", "event-out-of-order"),
        Pair("drg", "", "trial-started 2024-01-10", "implanted 2024-01-09", "event-out-of-order"),
        Pair("scs", "", "trial-ended 2024-01-10", "implanted 2024-01-09", "event-out-of-order"),
        Pair("scs", "", "implanted 2024-01-10", "revised 2024-01-09", "event-out-of-order"),
        Pair("scs", "", "implanted 2024-01-10", "generator-replaced 2024-01-09", "event-out-of-order"),
        Pair("scs", "", "implanted 2024-01-10", "explanted-for-now 2024-01-09", "event-out-of-order"),
        Pair("scs", "", "died 2024-01-10", "trial-started 2024-01-11", "event-out-of-order"),
        Pair("scs", "", "died 2024-01-10", "trial-ended 2024-01-11", "event-out-of-order"),
        Pair("scs", "", "died 2024-01-10", "implanted 2024-01-11", "event-out-of-order"),
        Pair("scs", "", "died 2024-01-10", "explanted 2024-01-11", "event-out-of-order"),
        Pair("drez", "", "died 2024-01-10", "lesioned 2024-01-11", "event-out-of-order"),
        Pair("scs", "", "died 2024-01-10", "lost-to-follow-up 2024-01-11", "event-out-of-order"),
        Pair("scs", "", "died 2024-01-10", "withdrawn 2024-01-11", "event-out-of-order"),
        Pair("scs", "", "trial-started 2024-01-10", "trial-started 2024-01-11", "event-repeated"),
        Pair("scs", "", "trial-ended 2024-01-10", "trial-ended 2024-01-10", "event-repeated"),
        Pair("cordotomy", "", "lesioned 2024-01-10", "lesioned 2024-03-10", "event-repeated"),
        Pair("drez", "", "died 2024-01-10", "died 2024-01-10", "event-repeated"),
        Pair("drez", "", "withdrawn 2024-01-10", "withdrawn 2024-01-12", "event-repeated"),
        Pair("scs", "", "trial-failed 2024-01-10", "implanted 2024-01-20", "implant-after-failed-trial"),
        Pair("drg", "trial-started 2024-01-01", "trial-failed 2024-01-10", "implanted 2024-01-10", "implant-after-failed-trial"),
        Pair("scs", "implanted 2024-01-01", "explanted 2024-02-01", "implanted 2024-02-02", "implant-after-permanent-explant"),
        Pair("scs", "", "trial-started 2024-01-10", "baseline 2024-01-11", "baseline-after-treatment"),
        Pair("scs", "", "implanted 2024-01-10", "baseline 2024-01-11", "baseline-after-treatment"),
        Pair("scs", "implanted 2024-02-10", "trial-started 2024-01-10", "baseline 2024-01-11", "baseline-after-treatment"),
        Pair("drez", "", "lesioned 2024-01-10", "baseline 2024-01-11", "baseline-after-treatment"),
    ];

    [TestCaseSource(nameof(Pairs))]
    public async Task Refuses_whichever_comes_second(string procedure, string before, string one, string other, string code)
    {
        foreach (var (first, second) in ((string, string)[])[(one, other), (other, one)])
        {
            var @case = await Api.NewCase(procedure);
            if (before.Length > 0)
            {
                await Send(@case, before, 201);
            }

            await Send(@case, first, 201);
            var refused = await Send(@case, second, 422);
            Assert.That(refused.Faults.Select(fault => fault.Code), Is.EqualTo([code]), () => refused.Text);
            Assert.That(
                refused.Faults.Select(fault => fault.Pointer),
                Is.EqualTo([code == "event-repeated" ? "/type"
                    : refused.Request.Contains("/assessments/", StringComparison.Ordinal)
                    ? "/assessedOn"
                    : "/occurredOn"]));
            (await Api.Get(refused.Request.Split(' ')[1])).ExpectProblem(404, "not-found");
        }
    }

    [TestCaseSource(nameof(Pairs))]
    public async Task Takes_each_of_the_two_alone(string procedure, string before, string one, string other, string code)
    {
        _ = code;
        foreach (var alone in (string[])[one, other])
        {
            var @case = await Api.NewCase(procedure);
            if (before.Length > 0)
            {
                await Send(@case, before, 201);
            }

            await Send(@case, alone, 201);
        }
    }

    [TestCase("scs", "", "trial-started 2024-01-10", "post-op 2024-01-09")]
    [TestCase("scs", "", "implanted 2024-01-10", "24m 2024-01-09")]
    [TestCase("scs", "trial-started 2024-01-01", "implanted 2024-01-10", "3m 2024-01-09")]
    [TestCase("cordotomy", "", "lesioned 2024-01-10", "post-op 2024-01-09")]
    public async Task Keeps_a_follow_up_before_time_zero_in_both_orders(string procedure, string before, string start, string score)
    {
        foreach (var (first, second) in ((string, string)[])[(start, score), (score, start)])
        {
            var @case = await Api.NewCase(procedure);
            if (before.Length > 0)
            {
                await Send(@case, before, 201);
            }

            await Send(@case, first, 201);
            await Send(@case, second, 201);
            var kept = (await Api.Get($"{@case}/assessments/{score.Split(' ')[0]}")).Expect(200).Json;
            Assert.That((kept["daysFromTimeZero"]!.GetValue<int>(), kept["window"]!.GetValue<string>()), Is.EqualTo((-1, "early")));
        }
    }

    // In every order: on one day anything may have happened.
    [TestCase(
        "scs",
        "baseline",
        "trial-started",
        "trial-ended",
        "implanted",
        "revised",
        "generator-replaced",
        "explanted",
        "implanted",
        "post-op",
        "died",
        "lost-to-follow-up")]
    [TestCase("drez", "baseline", "lesioned", "post-op", "24m", "died", "withdrawn")]
    public async Task Takes_everything_on_one_day_in_any_order(string procedure, params string[] types)
    {
        foreach (var order in (string[][])[types, [.. types.Reverse()]])
        {
            var @case = await Api.NewCase(procedure);
            foreach (var type in order)
            {
                await Send(@case, type + " 2024-01-10", 201);
            }
        }
    }

    [TestCase("implanted", "drez")]
    [TestCase("trial-started", "cordotomy")]
    [TestCase("trial-ended", "drez")]
    [TestCase("explanted", "drez")]
    [TestCase("revised", "cordotomy")]
    [TestCase("generator-replaced", "drez")]
    [TestCase("lesioned", "scs")]
    [TestCase("lesioned", "drg")]
    public async Task Refuses_an_event_of_another_procedure(string type, string procedure)
    {
        var @case = await Api.NewCase(procedure);
        var refused = await Send(@case, type + " 2024-01-10", 422);
        Assert.That(refused.FaultsWithValues(), Is.EqualTo([("/type", "event-not-of-procedure", type)]));
        Assert.That(refused.Json["errors"]![0]!["allowed"]!.GetValue<string>(), Does.Contain("died").And.Not.Contain(type));
    }

    [Test]
    public async Task Refuses_another_procedure_for_a_case_with_events()
    {
        var @case = await Api.NewCase("scs", events: ("implanted", "2024-01-10"));
        var refused = await Correct(@case, Sample.Case("drez"));
        Assert.That(refused.Faults, Is.EqualTo([("/procedure", "event-not-of-procedure")]));
        (await Correct(@case, Sample.Case("drg"))).Expect(200);
    }

    [TestCase("drez", "cordotomy", "\"depthMm\":2.5")]
    [TestCase("drez", "cordotomy", "\"angleDegrees\":35")]
    [TestCase("cordotomy", "drez", "\"side\":\"left\"")]
    [TestCase("cordotomy", "drez", "\"guidance\":\"ct\"")]
    public async Task Refuses_details_of_another_procedure_in_both_orders(string procedure, string other, string detail)
    {
        var body = $$"""{"type":"lesioned","occurredOn":"2024-01-10",{{detail}}}""";
        var member = "/" + detail.Split('"')[1];
        var refused = (await Api.Put(await Api.NewCase(other) + "/events/operation", body)).ExpectProblem(422, "invalid-content");
        Assert.That(refused.Faults, Is.EqualTo([(member, "detail-not-of-procedure")]));

        var @case = await Api.NewCase(procedure);
        (await Api.Put(@case + "/events/operation", body)).Expect(201);
        Assert.That(
            (await Correct(@case, Sample.Case(other))).ExpectProblem(422, "invalid-content").Faults,
            Is.EqualTo([("/procedure", "detail-not-of-procedure")]));
    }

    [TestCase("events/e", """{"type":"died","occurredOn":"1959-12-31"}""", "/occurredOn")]
    [TestCase("assessments/baseline", """{"assessedOn":"1959-12-31","nrs":5}""", "/assessedOn")]
    [TestCase("assessments/3m", """{"assessedOn":"1959-12-31","notDone":"died"}""", "/assessedOn")]
    [TestCase(
        "adverse-events/a", """{"category":"surgical","term":"t","onsetOn":"1959-12-31","severity":"mild","serious":true}""", "/onsetOn")]
    [TestCase("costs/c", """{"category":"device","amount":1,"currency":"EUR","priceYear":2024,"incurredOn":"1959-12-31"}""", "/incurredOn")]
    [TestCase("stays/s", """{"admittedOn":"1959-12-31","dischargedOn":"1960-01-01"}""", "/admittedOn")]
    public async Task Refuses_what_happened_before_the_patient_was_born_in_both_orders(string folder, string body, string member)
    {
        var refused = (await Api.Put($"{await Api.NewCase()}/{folder}", body)).ExpectProblem(422, "invalid-content");
        Assert.That(refused.FaultsWithValues(), Is.EqualTo([(member, "before-birth-year", "1959-12-31")]));
        Assert.That(refused.Json["errors"]![0]!["allowed"]!.GetValue<string>(), Is.EqualTo("from 1960-01-01"));

        var @case = await Api.NewCase();
        (await Correct(@case, Sample.Case("scs", birthYear: 1959))).Expect(200);
        (await Api.Put($"{@case}/{folder}", body)).Expect(201);
        Assert.That(
            (await Correct(@case, Sample.Case("scs", birthYear: 1960))).ExpectProblem(422, "invalid-content").Faults,
            Is.EqualTo([("/patient/birthYear", "before-birth-year")]));
    }

    [Test]
    public async Task Refuses_a_correction_that_puts_events_out_of_order()
    {
        var @case = await Api.NewCase("scs", events: [("trial-started", "2024-01-10")]);
        (await Api.Put(@case + "/events/implant", Sample.Event("implanted", "2024-01-20"))).Expect(201);
        Assert.That(
            (await Correct(@case + "/events/implant", Sample.Event("implanted", "2024-01-09"))).ExpectProblem(422).Faults,
            Is.EqualTo([("/occurredOn", "event-out-of-order")]));
        (await Correct(@case + "/events/implant", Sample.Event("implanted", "2024-01-10"))).Expect(200);
    }

    [Test]
    public async Task Names_everything_that_one_record_contradicts()
    {
        var @case = await Api.NewCase("scs", events: [("trial-started", "2024-01-10")]);
        await Send(@case, "trial-ended 2024-01-20", 201);
        await Send(@case, "post-op 2024-01-25", 201);
        await Send(@case, "baseline 2024-01-08", 201);
        var refused = await Send(@case, "implanted 2024-01-05", 422);
        Assert.That(
            refused.Faults.Select(fault => fault.Code),
            Is.EquivalentTo((string[])["event-out-of-order", "event-out-of-order", "baseline-after-treatment"]),
            () => refused.Text);
    }

    [Test]
    public async Task Refuses_one_patient_with_two_birth_years_or_sexes()
    {
        var site = await Api.NewSite();
        (await Api.Put(site + "/cases/one", Sample.Case("scs", 1960))).Expect(201);
        var other = Sample.Case("drez", 1961).Replace("female", "male", StringComparison.Ordinal);
        var refused = (await Api.Put(site + "/cases/two", other)).ExpectProblem(422, "invalid-content");
        Assert.That(
            refused.FaultsWithValues(),
            Is.EqualTo([("/patient/sex", "patient-differs", "male"), ("/patient/birthYear", "patient-differs", "1961")]));
    }

    [Test]
    public async Task Refuses_a_preceding_case_that_is_unknown_of_another_patient_or_itself()
    {
        var site = await Api.NewSite();
        (await Api.Put(site + "/cases/one", Sample.Case("scs"))).Expect(201);
        Assert.That(
            (await Api.Put(site + "/cases/two", Sample.Case("drez", preceding: "zero"))).ExpectProblem(422).FaultsWithValues(),
            Is.EqualTo([("/precedingCase", "case-not-found", "zero")]));
        Assert.That(
            (await Api.Put(site + "/cases/two", Sample.Case("drez", patient: "P-2", preceding: "one"))).ExpectProblem(422)
                .FaultsWithValues(),
            Is.EqualTo([("/precedingCase", "other-patient", "one")]));
        Assert.That(
            (await Api.Put(site + "/cases/two", Sample.Case("drez", preceding: "two"))).ExpectProblem(422).FaultsWithValues(),
            Is.EqualTo([("/precedingCase", "circle-of-cases", "two")]));
        (await Api.Put(site + "/cases/two", Sample.Case("drez", preceding: "one"))).Expect(201);
        Assert.That(
            (await Correct(site + "/cases/one", Sample.Case("scs", preceding: "two"))).ExpectProblem(422).FaultsWithValues(),
            Is.EqualTo([("/precedingCase", "circle-of-cases", "two")]));
    }

    [Test]
    public async Task Refuses_to_give_a_preceding_case_to_another_patient()
    {
        var site = await Api.NewSite();
        (await Api.Put(site + "/cases/one", Sample.Case("scs"))).Expect(201);
        (await Api.Put(site + "/cases/two", Sample.Case("drez", preceding: "one"))).Expect(201);
        Assert.That(
            (await Correct(site + "/cases/one", Sample.Case("scs", patient: "P-2"))).ExpectProblem(422).FaultsWithValues(),
            Is.EqualTo([("/patient/reference", "other-patient", "P-2")]));
    }

    private static TestCaseData Pair(params string[] row) => new TestCaseData([.. row]).SetArgDisplayNames([.. row]);

    private async Task<ApiAnswer> Correct(string path, string body) =>
        await Api.Put(path, body, ("If-Match", (await Api.Get(path)).Expect(200).ETag!), ("X-Change-Reason", "read off wrongly"));

    private async Task<ApiAnswer> Send(string @case, string record, int status)
    {
        var (what, day) = (record.Split(' ')[0], record.Split(' ')[1]);
        var answer = what is "baseline" or "post-op" || char.IsDigit(what[0])
            ? await Api.Put($"{@case}/assessments/{what}", Sample.Assessment(day))
            : await Api.Put($"{@case}/events/{Sample.Key("event")}", Sample.Event(what, day));
        return status == 422 ? answer.ExpectProblem(422, "invalid-content") : answer.Expect(status);
    }
}
