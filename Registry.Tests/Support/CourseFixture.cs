using System.Text.Json.Nodes;
using Registry.Domain.Cases;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Support;

/// <summary>The base of tests about the course of single cases, on a day that stands still until it is moved.</summary>
public abstract class CourseFixture(Engine engine) : RegistryFixture(engine)
{
    /// <summary>Today, everywhere: the middle of the day in UTC.</summary>
    protected static readonly DateOnly Today = new(2026, 11, 20);

    private readonly CalendarClock _clock = new(Today);

    protected override TimeProvider Clock => _clock;

    /// <summary>What is expected, one by one.</summary>
    protected static string[] Each(params string[] expected) => expected;

    /// <summary>Makes it another day.</summary>
    protected void ItIs(DateOnly day) => _clock.Day = day;

    protected async Task Site(string site, string? timeZone = null) =>
        (await Api.Put(
            $"/sites/{site}",
            timeZone is null
                ? """{"name": "A site", "country": "DE"}"""
                : $$"""{"name": "A site", "country": "DE", "timeZone": "{{timeZone}}"}""")).Expect(201);

    /// <summary>Records a case; the patient has the number of the case unless said otherwise.</summary>
    protected async Task Case(
        string site, string @case, Procedure procedure, string? preceding = null, string? patient = null, int status = 201) =>
        (await Api.Put($"/sites/{site}/cases/{@case}", CaseBody(@case, procedure, preceding, patient))).Expect(status);

    protected static string CaseBody(string @case, Procedure procedure, string? preceding = null, string? patient = null)
    {
        var body = new JsonObject
        {
            ["patient"] = new JsonObject { ["reference"] = patient ?? "of-" + @case, ["sex"] = "female", ["birthYear"] = 1960 },
            ["procedure"] = Code.Of(procedure),
            ["indication"] = "other",
        };
        if (preceding is not null)
        {
            body["precedingCase"] = preceding;
        }

        return body.ToJsonString();
    }

    /// <summary>Records an event under its own type as the key, unless said otherwise.</summary>
    private protected async Task<ApiAnswer> Event(
        string site, string @case, EventType type, string on, string? key = null, string more = "", int status = 201) =>
        (await Api.Put(
            $"/sites/{site}/cases/{@case}/events/{key ?? Code.Of(type)}",
            $$"""{"type": "{{Code.Of(type)}}", "occurredOn": "{{on}}"{{more}}}""")).Expect(status);

    protected Task Explant(string site, string @case, string on, bool permanent) =>
        Event(site, @case, EventType.Explanted, on, more: $$""", "reason": "infection", "permanent": {{(permanent ? "true" : "false")}}""");

    protected async Task Visit(string site, string @case, string timepoint, string on, int nrs = 4) =>
        (await Api.Put(
            $"/sites/{site}/cases/{@case}/assessments/{timepoint}",
            FormattableString.Invariant($$"""{"assessedOn": "{{on}}", "nrs": {{nrs}}}"""))).Expect(201);

    protected async Task NotDone(string site, string @case, string timepoint, string reason) =>
        (await Api.Put($"/sites/{site}/cases/{@case}/assessments/{timepoint}", $$"""{"notDone": "{{reason}}"}""")).Expect(201);

    protected async Task AdverseEvent(string site, string @case, string on) =>
        (await Api.Put(
            $"/sites/{site}/cases/{@case}/adverse-events/{on}",
            $$"""{"category": "other", "term": "term", "onsetOn": "{{on}}", "severity": "mild", "serious": false}""")).Expect(201);

    /// <summary>Records a cost of 100 euros of 2024, dated or not.</summary>
    protected async Task Cost(string site, string @case, string? on = null)
    {
        var body = new JsonObject { ["category"] = "operation", ["amount"] = 100, ["currency"] = "EUR", ["priceYear"] = 2024 };
        if (on is not null)
        {
            body["incurredOn"] = on;
        }

        (await Api.Put($"/sites/{site}/cases/{@case}/costs/{on ?? "undated"}", body.ToJsonString())).Expect(201);
    }

    protected async Task Stay(string site, string @case, string admitted, string discharged) =>
        (await Api.Put(
            $"/sites/{site}/cases/{@case}/stays/{discharged}",
            $$"""{"admittedOn": "{{admitted}}", "dischargedOn": "{{discharged}}"}""")).Expect(201);

    /// <summary>The work list, each visit as 'case timepoint state'.</summary>
    protected async Task<IReadOnlyList<string>> WorkList(string query) =>
        [.. (await Api.Get("/follow-ups?limit=1000&" + query)).Expect(200).Items
            .Select(item => $"{item["case"]} {item["timepoint"]} {item["state"]}")];

    /// <summary>The schedule of a case, each visit as 'timepoint state' or 'timepoint state reason'.</summary>
    protected async Task<IReadOnlyList<string>> Schedule(string site, string @case) =>
    [
        .. from visit in (await Api.Get($"/sites/{site}/cases/{@case}")).Expect(200).Json["schedule"]!.AsArray()
           select $"{visit!["timepoint"]} {visit["state"]} {visit["reason"]}".TrimEnd(),
    ];

    private sealed class CalendarClock(DateOnly day) : TimeProvider
    {
        public DateOnly Day { get; set; } = day;

        public override DateTimeOffset GetUtcNow() => new(Day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);
    }
}
