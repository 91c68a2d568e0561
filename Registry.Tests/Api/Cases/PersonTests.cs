using NUnit.Framework;
using Registry.Domain.Cases;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Cases;

/// <summary>A case names the one before it: of the same patient, in no circle, and started no later.</summary>
public sealed class PersonTests(Engine engine) : CourseFixture(engine)
{
    private const string Ulm = "ulm";
    private const string StartedLater = "preceding-case-started-later";

    protected override Task Prepare() => Site(Ulm);

    [Test]
    public async Task Refuses_a_preceding_case_that_is_not_known() =>
        Assert.That(
            (await Api.Put("/sites/ulm/cases/orphan", CaseBody("orphan", Procedure.Drez, "nobody"))).Expect(422).Faults,
            Is.EqualTo(new[] { ("/precedingCase", "case-not-found") }));

    [Test]
    public async Task Refuses_a_preceding_case_of_another_patient()
    {
        await Case(Ulm, "other", Procedure.Scs);
        Assert.That(
            (await Api.Put("/sites/ulm/cases/mine", CaseBody("mine", Procedure.Drez, "other"))).Expect(422).Faults,
            Is.EqualTo(new[] { ("/precedingCase", "other-patient") }));
    }

    [Test]
    public async Task Refuses_to_give_a_preceding_case_another_patient()
    {
        await Pair("moved");
        Assert.That(
            (await Correct("moved-1", CaseBody("moved-1", Procedure.Scs, patient: "somebody-else"))).Expect(422).Faults,
            Is.EqualTo(new[] { ("/patient/reference", "other-patient") }));
    }

    [Test]
    public async Task Refuses_a_circle()
    {
        Assert.That(
            (await Api.Put("/sites/ulm/cases/itself", CaseBody("itself", Procedure.Drez, "itself"))).Expect(422).Faults,
            Is.EqualTo(new[] { ("/precedingCase", "circle-of-cases") }));

        await Pair("round");
        await Case(Ulm, "round-3", Procedure.Cordotomy, "round-2", "round");
        Assert.That(
            (await Correct("round-1", CaseBody("round-1", Procedure.Scs, "round-3", "round"))).Expect(422).Faults,
            Is.EqualTo(new[] { ("/precedingCase", "circle-of-cases") }));
    }

    [Test]
    public async Task Refuses_a_preceding_case_that_started_later_when_it_is_named()
    {
        await Case(Ulm, "named-1", Procedure.Scs, patient: "named");
        await Event(Ulm, "named-1", EventType.TrialStarted, "2024-05-02");
        await Case(Ulm, "named-2", Procedure.Drez, patient: "named");
        await Event(Ulm, "named-2", EventType.Lesioned, "2024-05-01");
        var answer = (await Correct("named-2", CaseBody("named-2", Procedure.Drez, "named-1", "named"))).Expect(422);
        Assert.That(answer.Faults, Is.EqualTo(new[] { ("/precedingCase", StartedLater) }));
        Assert.That(
            answer.Json["detail"]!.ToString(),
            Is.EqualTo("Case 'named-1' precedes case 'named-2', but it started later: on 2024-05-02, and 'named-2' on 2024-05-01."));
    }

    [Test]
    public async Task Refuses_an_event_by_which_the_case_would_start_before_its_preceding_case()
    {
        await Pair("after");
        await Event(Ulm, "after-1", EventType.Implanted, "2024-05-02");
        Assert.That(
            (await Event(Ulm, "after-2", EventType.Lesioned, "2024-05-01", status: 422)).Faults,
            Is.EqualTo(new[] { ("/occurredOn", StartedLater) }));
        await Event(Ulm, "after-2", EventType.Lesioned, "2024-05-02");
    }

    [Test]
    public async Task Refuses_an_event_by_which_a_preceding_case_would_start_after_the_case_that_follows()
    {
        await Pair("before");
        await Event(Ulm, "before-2", EventType.Lesioned, "2024-05-01");
        Assert.That(
            (await Event(Ulm, "before-1", EventType.TrialStarted, "2024-05-02", status: 422)).Faults,
            Is.EqualTo(new[] { ("/occurredOn", StartedLater) }));
        await Event(Ulm, "before-1", EventType.TrialStarted, "2024-05-01");

        // What comes later in a case that has begun is no start.
        await Event(Ulm, "before-1", EventType.Implanted, "2024-06-01");
    }

    [Test]
    public async Task Refuses_to_correct_or_retract_an_event_by_which_the_order_would_turn()
    {
        await Pair("turned");
        await Event(Ulm, "turned-1", EventType.Implanted, "2024-06-01", status: 201);
        var trial = await Event(Ulm, "turned-1", EventType.TrialStarted, "2024-04-01");
        await Event(Ulm, "turned-2", EventType.Lesioned, "2024-05-01");

        const string Path = "/sites/ulm/cases/turned-1/events/trial-started";
        (string, string)[] asked = [("If-Match", trial.ETag!), ("X-Change-Reason", "It was another day")];
        Assert.That(
            (await Api.Put(Path, """{"type": "trial-started", "occurredOn": "2024-05-02"}""", asked)).Expect(422).Faults,
            Is.EqualTo(new[] { ("/occurredOn", StartedLater) }));
        Assert.That((await Api.Delete(Path, asked)).Expect(409).Json["code"]!.ToString(), Is.EqualTo("in-use"));
        (await Api.Put(Path, """{"type": "trial-started", "occurredOn": "2024-05-01"}""", asked)).Expect(200);
    }

    [Test]
    public async Task Lets_a_case_without_a_start_stand_anywhere()
    {
        await Pair("open");
        await Event(Ulm, "open-1", EventType.LostToFollowUp, "2024-06-01");
        await Event(Ulm, "open-2", EventType.Lesioned, "2024-05-01");
    }

    // Two cases without events, the second following the first.
    private async Task Pair(string patient)
    {
        await Case(Ulm, patient + "-1", Procedure.Scs, patient: patient);
        await Case(Ulm, patient + "-2", Procedure.Drez, patient + "-1", patient);
    }

    private async Task<ApiAnswer> Correct(string @case, string body)
    {
        var etag = (await Api.Get($"/sites/ulm/cases/{@case}")).Expect(200).ETag!;
        return await Api.Put($"/sites/ulm/cases/{@case}", body, ("If-Match", etag), ("X-Change-Reason", "The link was wrong"));
    }
}
