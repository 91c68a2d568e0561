using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Recording;
using Registry.Tests.Support;

namespace Registry.Tests.Summaries;

/// <summary>Adverse events and survival agree with the plain definitions, over seeded random registries: each a site of its own, asked for at a random cut-off.</summary>
public sealed class AskingForRandomCourses(Engine engine) : RegistryFixture(engine)
{
    private static readonly Resources Resources = new();

    private readonly Dictionary<string, IReadOnlyList<PlainCase>> _registries = [];

    private int Number => Engine == Engine.Sqlite ? 150 : 20;

    protected override async Task Prepare()
    {
        var random = new Random(20240229);
        var set = new RecordSet(Resources);
        for (var number = 0; number < Number; number++)
        {
            MakeUp(set, FormattableString.Invariant($"r{number:0000}"), random);
        }

        var loader = new BulkLoader(Host.Services.GetRequiredService<IDatabase>(), TimeProvider.System);
        await loader.Begin(CancellationToken.None);
        await loader.Load(set.Records, CancellationToken.None);
        foreach (var site in set.Records.GroupBy(record => record.Address.Site))
        {
            _registries[site.Key] = PlainCase.Of(site);
        }
    }

    [Test]
    public async Task Gives_the_adverse_events_of_the_plain_definitions()
    {
        var random = new Random(1);
        foreach (var (site, cases) in _registries)
        {
            var asOf = Course.Zero.AddDays(random.Next(-10, 900));
            var answer = (await Api.Get(FormattableString.Invariant($"/summaries/adverse-events?site={site}&asOf={asOf:yyyy-MM-dd}"))).Expect(200);
            Assert.That(answer.Items.Select(row => row.ToJsonString()), Is.EqualTo(PlainAdverseEvents(cases, asOf)), answer.Request);
        }
    }

    [Test]
    public async Task Gives_the_time_to_explant_of_the_plain_definitions()
    {
        var random = new Random(2);
        foreach (var (site, cases) in _registries)
        {
            var asOf = Course.Zero.AddDays(random.Next(-10, 900));
            var answer = (await Api.Get(FormattableString.Invariant($"/summaries/survival?site={site}&asOf={asOf:yyyy-MM-dd}"))).Expect(200);
            Compare(answer, group => group.Of(cases).Select(one => one.TimeToExplant(asOf)));
        }
    }

    [Test]
    public async Task Gives_the_time_to_loss_of_response_of_the_plain_definitions()
    {
        var random = new Random(3);
        foreach (var (site, cases) in _registries)
        {
            var asOf = Course.Zero.AddDays(random.Next(-10, 900));
            var (threshold, byNrs) = (random.Next(4) == 0 ? 30 : random.Next(1, 101), random.Next(2) == 0);
            var answer = (await Api.Get(FormattableString.Invariant(
                $"/summaries/survival?site={site}&asOf={asOf:yyyy-MM-dd}&event=loss-of-response&threshold={threshold}&instrument={(byNrs ? "nrs" : "pdi")}"))).Expect(200);
            Compare(answer, group => group.Of(cases).Select(one => one.TimeToLossOfResponse(asOf, threshold, byNrs)));
        }
    }

    private static readonly Group[] Groups = [.. Code.All<Procedure>().Select(code => new Group(code)), new Group("all")];

    // Product and sum over the days, as the textbooks have them.
    private static void Compare(ApiAnswer answer, Func<Group, IEnumerable<(int Day, string End)?>> times)
    {
        var rows = answer.Items.ToLookup(row => row["procedure"]!.ToString());
        foreach (var group in Groups)
        {
            var ends = times(group).OfType<(int Day, string End)>().ToList();
            var (survival, greenwood, free, incidence) = (1.0, 0.0, 1.0, 0.0);
            var days = ends.Select(end => end.Day).Append(0).Distinct().Order().ToList();
            Assert.That(rows[group.Code].Count(), Is.EqualTo(days.Count), () => $"{answer.Request} {group.Code}\n{answer.Text}");
            foreach (var (day, row) in days.Zip(rows[group.Code]))
            {
                int Count(string end) => ends.Count(one => one.Day == day && one.End == end);
                var (atRisk, events, deaths) = (ends.Count(one => one.Day >= day), Count("event"), Count("death"));
                Assert.That(
                    $"{row["n"]} {row["day"]} {row["atRisk"]} {row["events"]} {row["competing"]} {row["censored"]}",
                    Is.EqualTo($"{ends.Count} {day} {atRisk} {events} {deaths} {deaths + Count("censored")}"),
                    () => $"{answer.Request} {group.Code}\n{answer.Text}");
                if (atRisk == 0)
                {
                    Assert.That((row["survival"], row["incidence"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)));
                    continue;
                }

                survival *= 1 - ((double)events / atRisk);
                greenwood += atRisk == events ? 0 : (double)events / (atRisk * (atRisk - events));
                incidence += free * events / atRisk;
                free *= 1 - ((double)(events + deaths) / atRisk);
                Assert.That(row["survival"]!.GetValue<double>(), Is.EqualTo(survival).Within(1e-12));
                Assert.That(row["incidence"]!.GetValue<double>(), Is.EqualTo(incidence).Within(1e-12));
                if (survival > 0)
                {
                    Assert.That(row["se"]!.GetValue<double>(), Is.EqualTo(survival * Math.Sqrt(greenwood)).Within(1e-12));
                }
            }
        }
    }

    private static IEnumerable<string> PlainAdverseEvents(IReadOnlyList<PlainCase> all, DateOnly asOf) =>
        from @group in Groups
        from category in Code.All<AdverseEventCategory>().Append("all")
        from analysisSet in (string[])["treated", "intention-to-treat"]
        let cases = @group.Of(all).Where(one => one.Treated(asOf) is not null || (analysisSet != "treated" && one.First(asOf, EventType.TrialStarted) is not null)).ToList()
        let harmed = (from one in cases
                      from suffered in one.AdverseEvents
                      where suffered.OnsetOn <= asOf && (category == "all" || Code.Of(suffered.Category) == category)
                      select (Case: one, Event: suffered)).ToList()
        let x = harmed.Select(pair => pair.Case).Distinct().Count()
        let figure = Registry.Api.Summaries.RateFigure.Of(x, cases.Count)
        select new JsonObject
        {
            ["procedure"] = @group.Code,
            ["category"] = category,
            ["set"] = analysisSet,
            ["events"] = harmed.Count,
            ["patients"] = harmed.Select(pair => pair.Case.Record.Patient.Reference).Distinct().Count(),
            ["cases"] = cases.Count,
            ["casesWithEvent"] = x,
            ["rate"] = figure.Rate,
            ["ciLow"] = figure.CiLow,
            ["ciHigh"] = figure.CiHigh,
            ["serious"] = harmed.Count(pair => pair.Event.Serious),
            ["bySeverity"] = new JsonObject
            {
                ["mild"] = harmed.Count(pair => pair.Event.Severity == Severity.Mild),
                ["moderate"] = harmed.Count(pair => pair.Event.Severity == Severity.Moderate),
                ["severe"] = harmed.Count(pair => pair.Event.Severity == Severity.Severe),
            },
        }.ToJsonString();

    private static void MakeUp(RecordSet set, string site, Random random)
    {
        bool Chance(int percent) => random.Next(100) < percent;
        set.Site(site, Course.SiteNamed(site));
        var made = new List<(string Code, string Patient, int Start)>();
        for (var number = random.Next(10); number > 0; number--)
        {
            var procedure = (Procedure)random.Next(4);
            var code = FormattableString.Invariant($"c{number}");
            var (patient, start) = (FormattableString.Invariant($"p{random.Next(4)}"), random.Next(200));
            string? preceding = null;
            if (made.Count > 0 && Chance(35))
            {
                (preceding, patient, var before) = made[random.Next(made.Count)];
                start = before + random.Next(300);
            }

            made.Add((code, patient, start));
            var course = new Course(set, site, code, procedure, patient, preceding);
            var (zero, died) = (start, Chance(25) ? start + 50 + random.Next(500) : int.MaxValue);
            if (!procedure.IsNeuromodulation())
            {
                if (Chance(90))
                {
                    course.Happens(EventType.Lesioned, start);
                }
            }
            else
            {
                var failed = Chance(20);
                if (failed || Chance(80))
                {
                    course.Trial(start, start + 7, failed ? TrialOutcome.Failed : TrialOutcome.Succeeded);
                }

                var day = start + 7 + random.Next(30);
                for (var again = !failed && Chance(85); again && day <= died; day += random.Next(40))
                {
                    zero = zero == start ? day : zero;
                    course.Happens(EventType.Implanted, day);
                    day += random.Next(300);
                    again = Chance(45) && day <= died;
                    if (again)
                    {
                        var permanent = Chance(50);
                        course.Explanted(day, permanent);
                        again = !permanent && Chance(80);
                    }
                }
            }

            if (died < int.MaxValue)
            {
                course.Happens(EventType.Died, died);
            }

            foreach (var type in (EventType[])[EventType.LostToFollowUp, EventType.LostToFollowUp, EventType.Withdrawn])
            {
                var day = start - 5 + random.Next(600);
                if (day <= died && Chance(12))
                {
                    course.Happens(type, day);
                }
            }

            if (Chance(90))
            {
                course.Scores(Timepoint.Baseline, start - random.Next(20), random.Next(4) > 0 ? 10 - random.Next(3) : null, random.Next(4) * 20);
            }

            foreach (var window in VisitWindow.All.Where(_ => Chance(60)))
            {
                var good = Chance(70);
                course.Scores(
                    window.Timepoint,
                    zero + Math.Max(0, window.TargetDay + random.Next(-120, 120)),
                    Chance(90) ? good ? random.Next(8) : random.Next(5, 11) : null,
                    random.Next(good ? 40 : 71));
            }

            for (var harm = random.Next(4); harm > 0; harm--)
            {
                course.Suffers((AdverseEventCategory)random.Next(4), start + random.Next(400), (Severity)random.Next(3), Chance(30));
            }
        }
    }

    private sealed record Group(string Code)
    {
        public IEnumerable<PlainCase> Of(IEnumerable<PlainCase> cases) => cases.Where(one => Code == "all" || Registry.Domain.Recording.Code.Of(one.Record.Procedure) == Code);
    }

    /// <summary>A case as domain.md tells it, without the views.</summary>
    private sealed class PlainCase
    {
        private readonly List<TreatmentEvent> _events = [];
        private readonly Dictionary<Timepoint, Assessment> _assessments = [];
        private readonly List<PlainCase> _followers = [];

        public required CaseRecord Record { get; init; }

        public List<AdverseEvent> AdverseEvents { get; } = [];

        public static IReadOnlyList<PlainCase> Of(IEnumerable<SentRecord> records)
        {
            var cases = new Dictionary<string, PlainCase>();
            foreach (var (_, address, content) in records)
            {
                switch (content)
                {
                    case CaseRecord record:
                        cases[address.Case] = new PlainCase { Record = record };
                        if (record.PrecedingCase is { } preceding)
                        {
                            cases[preceding]._followers.Add(cases[address.Case]);
                        }

                        break;
                    case TreatmentEvent happened:
                        cases[address.Case]._events.Add(happened);
                        break;
                    case Assessment assessment:
                        cases[address.Case]._assessments[Code.Parse<Timepoint>(address.Code!)!.Value] = assessment;
                        break;
                    case AdverseEvent suffered:
                        cases[address.Case].AdverseEvents.Add(suffered);
                        break;
                }
            }

            return [.. cases.Values];
        }

        public DateOnly? First(DateOnly asOf, params EventType[] types) =>
            _events.Where(one => types.Contains(one.Type) && one.OccurredOn <= asOf).Min(one => (DateOnly?)one.OccurredOn);

        public DateOnly? Treated(DateOnly asOf) => First(asOf, EventType.Implanted, EventType.Lesioned);

        public (int Day, string End)? TimeToExplant(DateOnly asOf)
        {
            if (!Record.Procedure.IsNeuromodulation() || Treated(asOf) is not { } zero)
            {
                return null;
            }

            return PermanentExplant(asOf) is { } explant ? Ended(zero, explant, "event")
                : First(asOf, EventType.Died) is { } died ? Ended(zero, died, "death")
                : Ended(zero, ((DateOnly?[])[First(asOf, EventType.LostToFollowUp), First(asOf, EventType.Withdrawn), Crossover(asOf), asOf]).Min()!.Value, "censored");
        }

        public (int Day, string End)? TimeToLossOfResponse(DateOnly asOf, int threshold, bool byNrs)
        {
            int? Score(Assessment assessment) => assessment.AssessedOn > asOf ? null : byNrs ? assessment.Nrs : assessment.Pdi;
            var end = ((DateOnly?[])[PermanentExplant(asOf), Crossover(asOf), First(asOf, EventType.Died)]).Min();
            if (Treated(asOf) is not { } zero || !_assessments.TryGetValue(Timepoint.Baseline, out var first) || Score(first) is not > 0)
            {
                return null;
            }

            var baseline = Score(first)!.Value;
            var visits = (from pair in _assessments
                          where pair.Key != Timepoint.Baseline && Score(pair.Value) is not null && !(pair.Value.AssessedOn > end)
                          orderby pair.Value.AssessedOn, pair.Key
                          select (Day: pair.Value.AssessedOn!.Value, Responds: 100 * (baseline - Score(pair.Value)!.Value) >= threshold * baseline)).ToList();
            if (visits.Count == 0 || !visits[0].Responds)
            {
                return null;
            }

            var lapse = visits.Where(visit => !visit.Responds).Select(visit => (DateOnly?)visit.Day).FirstOrDefault();
            return ((DateOnly?[])[lapse, PermanentExplant(asOf)]).Min() is { } lost ? Ended(zero, lost, "event")
                : First(asOf, EventType.Died) is { } died ? Ended(zero, died, "death")
                : Ended(zero, ((DateOnly?[])[visits[^1].Day, First(asOf, EventType.LostToFollowUp), First(asOf, EventType.Withdrawn)]).Min()!.Value, "censored");
        }

        private DateOnly? PermanentExplant(DateOnly asOf) =>
            _events.Where(one => one is { Type: EventType.Explanted, Permanent: true } && one.OccurredOn <= asOf).Min(one => (DateOnly?)one.OccurredOn);

        private DateOnly? Crossover(DateOnly asOf) =>
            _followers.Min(later => later.First(asOf, EventType.TrialStarted, EventType.Implanted, EventType.Lesioned));

        private static (int Day, string End) Ended(DateOnly zero, DateOnly on, string end) => (Math.Max(0, on.DayNumber - zero.DayNumber), end);
    }
}
