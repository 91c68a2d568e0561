using System.Globalization;
using System.Text.Json.Nodes;
using Bogus;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Sites;
using Registry.Tests.Support;
using Code = Registry.Domain.Recording.Code;

namespace Registry.Tests.FollowUps;

/// <summary>
/// Random registries, each a site of its own in one database, and the same rules once more in plain C#: for every case
/// and visit the state, and from the states the work list and the completeness.
/// </summary>
public sealed class AgreeingWithANaiveOracle(Engine engine) : CourseFixture(engine)
{
    private const int CasesOfARegistry = 6;
    private const string Pooled = "all";

    private static readonly (string Code, int Target, int First, int Last)[] Visits =
        [("post-op", 7, 1, 14), ("1m", 30, 15, 60), ("3m", 91, 61, 136), ("6m", 183, 137, 273), ("12m", 365, 274, 547), ("24m", 730, 548, 913)];

    private readonly List<Course> _courses = [];

    private int Registries => Engine == Engine.Sqlite ? 1000 : 100;

    protected override async Task Prepare()
    {
        var set = new RecordSet(new Resources());
        for (var number = 0; number < Registries; number++)
        {
            _courses.AddRange(Make(set, $"r{number:0000}", new Randomizer(1000 + number)));
        }

        var loader = new BulkLoader(Host.Services.GetRequiredService<IDatabase>(), TimeProvider.System);
        await loader.Begin(CancellationToken.None);
        await loader.Load(set.Records, CancellationToken.None);
    }

    [Test]
    public async Task Agrees_on_completeness([Values(null, "2026-11-20", "2026-02-11", "2025-06-30", "2024-05-01")] string? asOf)
    {
        var items = (await Api.Get("/summaries/completeness" + (asOf is null ? string.Empty : "?asOf=" + asOf))).Expect(200).Items;
        var due = Standings(asOf).Where(visit => visit.IsDue).ToLookup(visit => visit.Course.Site);
        var expected = due.Select(site => site.Key).Union(_courses.Select(course => course.Site)).Order(StringComparer.Ordinal)
            .SelectMany(site => Completeness(site, [.. due[site]]))
            .Concat(Completeness(Pooled, [.. due.SelectMany(site => site)]));
        Assert.That(items.Select(Told), Is.EqualTo(expected));
    }

    [Test]
    public async Task Agrees_on_the_work_list([Values(null, "2025-06-30")] string? asOf)
    {
        var told = new List<string>();
        for (var next = string.Empty; next is not null;)
        {
            var page = (await Api.Get($"/follow-ups?limit=997{(asOf is null ? string.Empty : "&asOf=" + asOf)}{next}")).Expect(200);
            told.AddRange(page.Items.Select(item => $"{item["targetDate"]} {item["site"]} {item["case"]} {item["timepoint"]} {item["state"]} {item["daysOverdue"]}"));
            next = page.Json["next"] is { } cursor ? "&after=" + cursor : null;
        }

        Assert.That(told, Is.EqualTo(
            from visit in Standings(asOf)
            where visit.State is "due" or "overdue"
            orderby visit.Target, visit.Course.Site, visit.Course.Case
            select $"{visit.Target.Iso()} {visit.Course.Site} {visit.Course.Case} {visit.Timepoint} {visit.State} {visit.DaysOverdue}"));
    }

    [Test]
    public async Task Agrees_on_the_schedule_of_a_case()
    {
        foreach (var course in _courses.Where((_, index) => index % 17 == 0))
        {
            var expected = Standings(course, Today, Today.AddDays(1)).Select(visit => $"{visit.Timepoint} {visit.State} {visit.Reason}".TrimEnd());
            Assert.That(await Schedule(course.Site, course.Case), Is.EqualTo(expected), $"{course.Site} {course.Case}");
        }
    }

    private static List<Course> Make(RecordSet set, string site, Randomizer random)
    {
        set.Site(site, new Site { Name = site, Country = "DE" });
        var courses = new List<Course>();
        for (var index = 0; index < CasesOfARegistry; index++)
        {
            var before = courses.Count > 0 && random.Bool(0.2f) ? courses[^1] : null;
            var procedure = random.Enum<Procedure>();
            var course = new Course(site, $"c{index}", before?.Patient ?? $"p{index}", procedure, before);
            courses.Add(course);
            before?.After.Add(course);
            var records = set.Case(course.Site, course.Case, new CaseRecord
            {
                Patient = new Patient { Reference = course.Patient, Sex = Sex.Unknown, BirthYear = 1950 },
                Procedure = procedure,
                Indication = Indication.Other,
                PrecedingCase = before?.Case,
            });
            Fill(course, random);
            foreach (var (type, on, permanent) in course.Events)
            {
                records.Event($"e{course.Events.IndexOf((type, on, permanent))}", new TreatmentEvent
                {
                    Type = type,
                    OccurredOn = on,
                    Reason = type == EventType.Explanted ? ExplantReason.Other : null,
                    Permanent = type == EventType.Explanted ? permanent : null,
                });
            }

            foreach (var (timepoint, (on, why)) in course.Assessments)
            {
                records.Assessment(timepoint, new Assessment { AssessedOn = on, NotDone = why, Nrs = why is null ? 5 : null });
            }
        }

        return courses;
    }

    private static void Fill(Course course, Randomizer random)
    {
        var start = Today.AddDays(-random.Int(0, 1100));
        if (random.Bool(0.08f))
        {
            return;
        }

        // Few days to choose from, so that many fall on one day or on a target day.
        DateOnly Later() => start.AddDays(random.ArrayElement([0, 7, 29, 30, 31, 91, 183, 200, 364, 365, 366, 500, 730]));
        void Add(EventType type, DateOnly on, bool permanent = false) => course.Events.Add((type, on, permanent));

        if (course.Procedure is Procedure.Drez or Procedure.Cordotomy)
        {
            Add(EventType.Lesioned, start);
        }
        else
        {
            if (random.Bool(0.7f))
            {
                Add(EventType.TrialStarted, start.AddDays(-random.Int(0, 40)));
            }

            if (random.Bool(0.7f) || course.Events.Count == 0)
            {
                Add(EventType.Implanted, start);
                if (random.Bool(0.3f))
                {
                    Add(EventType.Explanted, Later(), random.Bool());
                }

                if (random.Bool(0.1f))
                {
                    Add(EventType.Implanted, Later().AddDays(1));
                }
            }
        }

        foreach (var type in new[] { EventType.Died, EventType.LostToFollowUp, EventType.Withdrawn }.Where(_ => random.Bool(0.15f)))
        {
            Add(type, Later());
        }

        foreach (var timepoint in Enum.GetValues<Timepoint>())
        {
            var why = random.Bool(0.25f) ? random.Enum<NotDoneReason>() : (NotDoneReason?)null;
            if (random.Bool(0.5f))
            {
                var target = timepoint == Timepoint.Baseline ? 0 : Visits[(int)timepoint - 1].Target;
                var on = start.AddDays(random.ArrayElement([target, target + random.Int(-target, target), .. timepoint == Timepoint.Baseline ? [] : new[] { Visits[(int)timepoint - 1].First, Visits[(int)timepoint - 1].Last }]));
                course.Assessments[timepoint] = (why is not null && random.Bool() ? null : on, why);
            }
        }
    }

    // Without a stated day, data count up to tomorrow: at a site east of Greenwich it has begun.
    private IEnumerable<Standing> Standings(string? asOf)
    {
        var day = asOf is null ? Today : DateOnly.ParseExact(asOf, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return _courses.SelectMany(course => Standings(course, day, asOf is null ? day.AddDays(1) : day));
    }

    // Domain: a visit is done, not done, censored by what ended the follow-up before its target day, not due, due or overdue.
    private static IEnumerable<Standing> Standings(Course course, DateOnly asOf, DateOnly lastDay)
    {
        var known = course.Events.Where(happened => happened.On <= lastDay).ToList();
        DateOnly? First(Func<(EventType Type, DateOnly On, bool Permanent), bool> which) => known.Where(which).Select(happened => (DateOnly?)happened.On).Min();
        if ((First(happened => happened.Type is EventType.Implanted or EventType.Lesioned) ?? First(happened => happened.Type == EventType.TrialStarted)) is not { } zero)
        {
            yield break;
        }

        var crossover = course.After.SelectMany(later => later.Events)
            .Where(happened => happened.Type is EventType.TrialStarted or EventType.Implanted or EventType.Lesioned)
            .Where(happened => happened.On <= lastDay)
            .Select(happened => (DateOnly?)happened.On).Min();
        var ends = new (string Reason, DateOnly? On)[]
        {
            ("died", First(happened => happened.Type == EventType.Died)),
            ("explanted", First(happened => happened is { Type: EventType.Explanted, Permanent: true })),
            ("crossed-over", crossover),
            ("withdrawn", First(happened => happened.Type == EventType.Withdrawn)),
            ("lost-to-follow-up", First(happened => happened.Type == EventType.LostToFollowUp)),
        };

        foreach (var (code, target, first, last) in Visits)
        {
            var day = zero.AddDays(target);
            var made = course.Assessments.TryGetValue(Code.Parse<Timepoint>(code)!.Value, out var recorded) && (recorded.On is null || recorded.On <= lastDay) ? recorded : ((DateOnly? On, NotDoneReason? Why)?)null;
            var end = ends.Where(one => one.On < day).OrderBy(one => one.On).FirstOrDefault();
            var (state, reason) = made switch
            {
                { Why: { } why } => ("not-done", Code.Of(why)),
                { On: not null } => ("done", null),
                _ when end.Reason is not null => ("censored", end.Reason),
                _ when ends[0].On is not null => ("censored", "died"),
                _ when asOf < day => ("not-due", null),
                _ when asOf <= zero.AddDays(last) => ("due", null),
                _ => ("overdue", (string?)null),
            };
            yield return new Standing(
                course,
                code,
                day,
                day <= asOf,
                state,
                reason,
                state == "done" && (made!.Value.On < zero.AddDays(first) || made.Value.On > zero.AddDays(last)),
                state == "overdue" ? asOf.DayNumber - zero.AddDays(last).DayNumber : 0);
        }
    }

    private static IEnumerable<string> Completeness(string site, List<Standing> due) =>
        from procedure in Code.All<Procedure>().Append(Pooled)
        from timepoint in Visits.Select(visit => visit.Code)
        let own = due.Where(visit => visit.Timepoint == timepoint && (procedure == Pooled || Code.Of(visit.Course.Procedure) == procedure)).ToList()
        select $"{site} {procedure} {timepoint} {own.Count} {own.Count(visit => visit is { State: "done", IsOutOfWindow: false })} {own.Count(visit => visit.IsOutOfWindow)} "
            + $"{Reasons("not-done", Code.All<NotDoneReason>(), own)} {Reasons("censored", ["died", "explanted", "crossed-over", "withdrawn", "lost-to-follow-up"], own)} "
            + $"{own.Count(visit => visit.State == "due")} {own.Count(visit => visit.State == "overdue")}";

    private static string Reasons(string state, IEnumerable<string> reasons, List<Standing> visits) =>
        string.Join(',', reasons.Select(reason => $"{reason}={visits.Count(visit => visit.State == state && visit.Reason == reason)}"));

    private static string Told(JsonNode item) =>
        $"{item["site"]} {item["procedure"]} {item["timepoint"]} {item["due"]} {item["done"]} {item["late"]} {Told(item["notDone"]!.AsObject())} {Told(item["censored"]!.AsObject())} {item["pending"]} {item["overdue"]}";

    private static string Told(JsonObject reasons) => string.Join(',', reasons.Select(reason => $"{reason.Key}={reason.Value}"));

    private sealed record Course(string Site, string Case, string Patient, Procedure Procedure, Course? Before)
    {
        public List<Course> After { get; } = [];

        public List<(EventType Type, DateOnly On, bool Permanent)> Events { get; } = [];

        public Dictionary<Timepoint, (DateOnly? On, NotDoneReason? Why)> Assessments { get; } = [];
    }

    private sealed record Standing(Course Course, string Timepoint, DateOnly Target, bool IsDue, string State, string? Reason, bool IsOutOfWindow, int DaysOverdue);
}
