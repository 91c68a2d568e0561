using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Sites;

namespace Registry.Tests.Support;

/// <summary>Cases written down in few words: one site, every date as days from one day zero.</summary>
internal sealed class CaseBook(string site = "site")
{
    /// <summary>The day that all days are counted from.</summary>
    public static readonly DateOnly Zero = new(2022, 1, 3);

    private readonly List<CasePage> _pages = [];

    public string Site => site;

    /// <summary>A new case; of the patient of the same name, unless another is stated.</summary>
    public CasePage Case(string code, Procedure procedure, string? preceding = null, string? patient = null, Sex sex = Sex.Female)
    {
        var page = new CasePage(code, new CaseRecord
        {
            Patient = new Patient { Reference = patient ?? code, Sex = sex, BirthYear = 1960 },
            Procedure = procedure,
            Indication = Indication.PostherpeticNeuralgia,
            PrecedingCase = preceding is null ? null : CaseCode.Of(preceding),
        });
        _pages.Add(page);
        return page;
    }

    /// <summary>Sends everything over HTTP, as a site would.</summary>
    public async Task Send(ApiClient api)
    {
        foreach (var record in Records(new RecordKinds()))
        {
            (await api.Put(record.Kind.PathOf(record.Address)["/api/v1".Length..], record.Kind.Canonical(record.Content))).Expect(201);
        }
    }

    private IReadOnlyList<SentRecord> Records(RecordKinds kinds)
    {
        var set = new RecordSet(kinds);
        set.Site(SiteCode.Of(site), new Site { Name = "A site", Country = "DE" });
        foreach (var page in _pages)
        {
            var records = set.Case(SiteCode.Of(site), CaseCode.Of(page.Code), page.Content);
            foreach (var (number, happened) in page.Events.Index())
            {
                records.Event(FormattableString.Invariant($"e{number}"), happened);
            }

            foreach (var (timepoint, assessment) in page.Assessments)
            {
                records.Assessment(timepoint, assessment);
            }
        }

        return set.Records;
    }
}

/// <summary>One case of a <see cref="CaseBook"/>.</summary>
internal sealed class CasePage(string code, CaseRecord content)
{
    private readonly List<TreatmentEvent> _events = [];
    private readonly Dictionary<Timepoint, Assessment> _assessments = [];

    public string Code => code;

    public CaseRecord Content => content;

    public IReadOnlyList<TreatmentEvent> Events => _events;

    public IReadOnlyDictionary<Timepoint, Assessment> Assessments => _assessments;

    public CasePage TrialStarted(int day) => Event(EventType.TrialStarted, day);

    public CasePage TrialSucceeded(int day) =>
        Add(new TreatmentEvent { Type = EventType.TrialEnded, OccurredOn = On(day), Outcome = TrialOutcome.Succeeded });

    public CasePage TrialFailed(int day) =>
        Add(new TreatmentEvent { Type = EventType.TrialEnded, OccurredOn = On(day), Outcome = TrialOutcome.Failed });

    public CasePage Explanted(int day, bool permanent = true) =>
        Add(new TreatmentEvent
        {
            Type = EventType.Explanted,
            OccurredOn = On(day),
            Reason = ExplantReason.Infection,
            Permanent = permanent,
        });

    public CasePage Implanted(int day) => Event(EventType.Implanted, day);

    public CasePage Lesioned(int day) => Event(EventType.Lesioned, day);

    public CasePage Died(int day) => Event(EventType.Died, day);

    public CasePage Lost(int day) => Event(EventType.LostToFollowUp, day);

    public CasePage Withdrawn(int day) => Event(EventType.Withdrawn, day);

    public CasePage Score(Timepoint timepoint, int day, int nrs)
    {
        _assessments[timepoint] = new Assessment { AssessedOn = On(day), Nrs = nrs };
        return this;
    }

    /// <summary>A trial from day 0 to 10 that succeeds, the implant on day 20 and a baseline of 10 before: time zero is day 20.</summary>
    public CasePage Staged() => TrialStarted(0).TrialSucceeded(10).Implanted(20).Score(Timepoint.Baseline, -1, 10);

    private CasePage Event(EventType type, int day) => Add(new TreatmentEvent { Type = type, OccurredOn = On(day) });

    private CasePage Add(TreatmentEvent happened)
    {
        _events.Add(happened);
        return this;
    }

    private static DateOnly On(int day) => CaseBook.Zero.AddDays(day);
}
