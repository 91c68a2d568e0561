using Registry.Api.Demonstration;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Sites;

namespace Registry.Tests.Metrics;

/// <summary>One made-up case, told in days after a day 0 that all cases share.</summary>
internal sealed class Course
{
    /// <summary>Day 0. 2020 is a leap year: day 365 is its last.</summary>
    public static readonly DateOnly Zero = new(2020, 1, 1);

    private readonly RecordSet.CaseRecords _records;
    private int _number;

    public Course(RecordSet set, string site, string code, Procedure procedure, string? patient = null, string? preceding = null) =>
        _records = set.Case(SiteCode.Of(site), CaseCode.Of(code), new CaseRecord
        {
            Patient = new Patient { Reference = patient ?? code, Sex = Sex.Unknown, BirthYear = 1960 },
            Procedure = procedure,
            Indication = Indication.Other,
            PrecedingCase = preceding is null ? null : CaseCode.Of(preceding),
        });

    public static Site SiteNamed(string name) => new() { Name = name, Country = "NZ", TimeZone = "Pacific/Auckland" };

    public Course Happens(EventType type, int day) => Add(new TreatmentEvent { Type = type, OccurredOn = Zero.AddDays(day) });

    public Course Trial(int start, int end, TrialOutcome outcome) => Happens(EventType.TrialStarted, start)
        .Add(new TreatmentEvent { Type = EventType.TrialEnded, OccurredOn = Zero.AddDays(end), Outcome = outcome });

    public Course Explanted(int day, bool permanent) => Add(new TreatmentEvent
    {
        Type = EventType.Explanted,
        OccurredOn = Zero.AddDays(day),
        Reason = ExplantReason.Other,
        Permanent = permanent,
    });

    public Course Scores(Timepoint timepoint, int day, int? nrs, int? pdi = null)
    {
        _records.Assessment(timepoint, new Assessment { AssessedOn = Zero.AddDays(day), Nrs = nrs, Pdi = pdi });
        return this;
    }

    public Course Suffers(AdverseEventCategory category, int day, Severity severity, bool serious = false)
    {
        _records.AdverseEvent(
            $"ae-{++_number}",
            new AdverseEvent { Category = category, Term = "term", OnsetOn = Zero.AddDays(day), Severity = severity, Serious = serious });
        return this;
    }

    public Course Add(TreatmentEvent content)
    {
        _records.Event($"event-{++_number}", content);
        return this;
    }
}
