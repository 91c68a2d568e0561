using System.Globalization;
using System.Text.Json.Nodes;
using Bogus;
using NUnit.Framework;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Recording;
using Registry.Tests.Support;

namespace Registry.Tests.Summaries;

/// <summary>
/// Random registries, each a site of its own, counted by hand from the definitions and not from the views: bounds, flow
/// and the two groups of a comparison agree at several cut-offs.
/// </summary>
public sealed class CheckingAgainstANaiveCount(Engine engine) : RegistryFixture(engine)
{
    private static readonly int[] CutOffs = [150, 500, 1000];

    private readonly List<CaseBook> _books = [];

    private int Registries => Engine == Engine.Sqlite ? 60 : 6;

    protected override async Task Prepare()
    {
        _books.AddRange(Enumerable.Range(1, Registries).Select(seed => RandomBook(new Randomizer(seed), FormattableString.Invariant($"r{seed}"))));
        await CaseBook.Load(Host, _books);
    }

    [Test]
    public async Task Bounds_every_response_rate()
    {
        var unknown = 0;
        foreach (var (book, cutOff) in Questions())
        {
            var answer = (await Api.Get($"/summaries/response-rates?site={book.Site}&instrument=nrs&threshold=30&asOf={Iso(cutOff)}")).Expect(200);
            foreach (var item in answer.Items)
            {
                var timepoint = Code.Parse<Timepoint>(item["timepoint"]!.ToString())!.Value;
                var courses = Courses(book, cutOff).Where(course => Belongs(course, item["procedure"]!.ToString())).ToList();
                var undetermined = courses.Count(course => course.IsUndetermined(timepoint, cutOff));
                var (responders, denominator) = Rate(courses, timepoint, item["set"]!.ToString(), cutOff);
                var all = item["set"]!.ToString() == "observed" ? denominator + undetermined : denominator;
                var bounds = item["bounds"]!;
                Assert.That(
                    (Count(item, "responders"), Count(item, "denominator"), Count(bounds, "undetermined")),
                    Is.EqualTo((responders, denominator, undetermined)),
                    () => $"{book.Site} {Iso(cutOff)} {item}");
                Assert.That(
                    (Count(bounds["worst"]!, "responders"), Count(bounds["worst"]!, "denominator"), Count(bounds["best"]!, "responders"), Count(bounds["best"]!, "denominator")),
                    Is.EqualTo((responders, all, responders + undetermined, all)),
                    () => $"{book.Site} {Iso(cutOff)} {item}");
                unknown += undetermined;
            }
        }

        Assert.That(unknown, Is.Positive);
    }

    [Test]
    public async Task Follows_every_case_through_the_flow_chart()
    {
        var met = new HashSet<string>();
        foreach (var (book, cutOff) in Questions())
        {
            foreach (var item in (await Api.Get($"/summaries/flow?site={book.Site}&asOf={Iso(cutOff)}")).Expect(200).Items)
            {
                var courses = Courses(book, cutOff).Where(course => Belongs(course, item["procedure"]!.ToString())).ToList();
                var expected = Flow(courses, cutOff);
                Assert.That(
                    item.AsObject().Where(member => member.Key != "procedure").Select(member => (member.Key, member.Value!.GetValue<int>())),
                    Is.EqualTo(expected),
                    () => $"{book.Site} {Iso(cutOff)} {item["procedure"]}");
                met.UnionWith(expected.Where(box => box.Cases > 0).Select(box => box.Name));
                Assert.That(Count(item, "enrolled"), Is.EqualTo(Sum(item, "notStarted", "trialled", "implantedWithoutTrial", "operatedFirst", "operatedAfterTrial")));
                Assert.That(Count(item, "trialled"), Is.EqualTo(Sum(item, "trialFailed", "trialSucceeded", "trialUndecided")));
            }
        }

        // The few registries on a server do not fill every box.
        Assert.That(met, Has.Count.AtLeast(Engine == Engine.Sqlite ? 21 : 10), "A box of the chart was always empty.");
    }

    [Test]
    public async Task Compares_two_groups_by_their_own_cases()
    {
        foreach (var (book, cutOff) in Questions().Where(question => question.CutOff == CutOffs[^1]))
        {
            var answer = (await Api.Get($"/summaries/comparison?site={book.Site}&instrument=nrs&a.procedure=scs&a.procedure=drg&b.sex=male&asOf={Iso(cutOff)}")).Expect(200);
            var a = Courses(book, cutOff).Where(course => course.Case.Procedure.IsNeuromodulation()).ToList();
            var b = Courses(book, cutOff).Where(course => course.Case.Patient.Sex == Sex.Male).ToList();
            foreach (var item in answer.Items)
            {
                var timepoint = Code.Parse<Timepoint>(item["timepoint"]!.ToString())!.Value;
                foreach (var (name, courses) in new Dictionary<string, List<Course>> { ["a"] = a, ["b"] = b })
                {
                    var changes = courses.Where(course => course.CountsIn(item["set"]!.ToString(), timepoint)).Select(course => course.Baseline - course.Credited(timepoint)).OfType<int>().ToList();
                    var mean = item[name]!["paired"]!["changeMean"]?.GetValue<double>();
                    Assert.That(
                        (Count(item[name]!, "responders"), Count(item[name]!, "denominator"), Count(item[name]!["paired"]!, "n")),
                        Is.EqualTo((Rate(courses, timepoint, item["set"]!.ToString(), cutOff).Responders, Rate(courses, timepoint, item["set"]!.ToString(), cutOff).Denominator, changes.Count)),
                        () => $"{book.Site} {Iso(cutOff)} {name} {item}");
                    Assert.That(mean, changes.Count == 0 ? Is.Null : Is.EqualTo(changes.DefaultIfEmpty().Average()).Within(1e-9), () => $"{book.Site} {Iso(cutOff)} {name} {item}");
                }

                var difference = item["a"]!["rate"]?.GetValue<double>() - item["b"]!["rate"]?.GetValue<double>();
                Assert.That(item["rateDifference"]!["estimate"]?.GetValue<double>(), difference is null ? Is.Null : Is.EqualTo(difference).Within(1e-12));
            }
        }
    }

    private IEnumerable<(CaseBook Book, int CutOff)> Questions() =>
        from book in _books
        from cutOff in CutOffs
        select (book, cutOff);

    private static CaseBook RandomBook(Randomizer random, string site)
    {
        var book = new CaseBook(site);
        var cases = random.Int(0, 14);
        for (var number = 0; number < cases; number++)
        {
            var earlier = book.Pages.Count > 0 && random.Bool(0.3f) ? random.ListItem([.. book.Pages]) : null;
            var page = book.Case(
                FormattableString.Invariant($"c{number}"),
                random.Enum<Procedure>(),
                earlier is not null && random.Bool(0.7f) ? earlier.Code : null,
                earlier?.Content.Patient.Reference,
                earlier?.Content.Patient.Sex ?? random.ListItem([Sex.Male, Sex.Female]));
            Treat(page, random, random.Int(0, 900));
        }

        return book;
    }

    private static void Treat(CasePage page, Randomizer random, int start)
    {
        var zero = start;
        if (!page.Content.Procedure.IsNeuromodulation())
        {
            if (random.Bool(0.9f))
            {
                page.Lesioned(start);
            }
        }
        else if (random.Bool(0.92f))
        {
            var succeeded = random.Bool(0.7f);
            var tried = random.Bool(0.85f);
            if (tried)
            {
                page.TrialStarted(start);
                if (random.Bool(0.9f))
                {
                    _ = succeeded ? page.TrialSucceeded(start + 10) : page.TrialFailed(start + 10);
                }
            }

            if (succeeded && random.Bool(0.75f))
            {
                zero = tried ? start + random.Int(10, 60) : start;
                page.Implanted(zero);
                AddExplants(page, random, zero);
            }
        }

        AddEnds(page, random, zero);
        AddScores(page, random, start, zero);
    }

    private static void AddExplants(CasePage page, Randomizer random, int implant)
    {
        if (!random.Bool(0.4f))
        {
            return;
        }

        var explant = implant + random.Int(0, 500);
        var permanent = random.Bool();
        page.Explanted(explant, permanent);
        if (!permanent && random.Bool(0.7f))
        {
            var again = explant + random.Int(0, 200);
            page.Implanted(again);
            if (random.Bool(0.3f))
            {
                page.Explanted(again + random.Int(0, 300));
            }
        }
    }

    private static void AddEnds(CasePage page, Randomizer random, int zero)
    {
        if (random.Bool(0.2f))
        {
            page.Died(zero + random.Int(0, 900));
        }

        if (random.Bool(0.15f))
        {
            page.Lost(zero + random.Int(0, 700));
        }

        if (random.Bool(0.1f))
        {
            page.Withdrawn(zero + random.Int(0, 700));
        }
    }

    private static void AddScores(CasePage page, Randomizer random, int start, int zero)
    {
        if (random.Bool(0.9f))
        {
            page.Score(Timepoint.Baseline, start - random.Int(0, 20), random.WeightedRandom([0, 5, 8, 10], [0.1f, 0.2f, 0.3f, 0.4f]));
        }

        foreach (var window in VisitWindow.All.Where(_ => random.Bool(0.6f)))
        {
            page.Score(window.Timepoint, zero + random.Int(window.Days.Min, window.Days.Max + 30), random.Int(0, 10));
        }
    }

    private static List<Course> Courses(CaseBook book, int cutOff) => [.. book.Pages.Select(page => new Course(page, book, cutOff))];

    private static bool Belongs(Course course, string group) => group == "all" || group == Code.Of(course.Case.Procedure);

    private static (int Responders, int Denominator) Rate(IReadOnlyCollection<Course> courses, Timepoint timepoint, string set, int cutOff)
    {
        var counted = courses.Where(course => course.Baseline > 0 && (set == "observed"
            ? course.IsObserved(timepoint)
            : course.IsDue(timepoint, cutOff) && (set == "treated" ? course.Treated is not null : course.Zero is not null))).ToList();
        return (counted.Count(course => course.Treated is not null && 100 * (course.Baseline - course.Credited(timepoint)) >= 30 * course.Baseline), counted.Count);
    }

    private static List<(string Name, int Cases)> Flow(List<Course> courses, int cutOff)
    {
        var stimulated = courses.Where(course => course.Case.Procedure.IsNeuromodulation()).ToList();
        var trialled = stimulated.Where(course => course.First(EventType.TrialStarted) is not null).ToList();
        var succeeded = trialled.Where(course => course.Trial == TrialOutcome.Succeeded).ToList();
        var waiting = succeeded.Where(course => course.Treated is null && !course.Left).ToList();
        var implanted = stimulated.Where(course => course.Treated is not null).ToList();
        var lesioned = courses.Where(course => !course.Case.Procedure.IsNeuromodulation() && course.Treated is not null).ToList();
        return
        [
            ("patients", courses.Select(course => course.Case.Patient.Reference).Distinct().Count()),
            ("enrolled", courses.Count),
            ("notStarted", courses.Count(course => course.Zero is null)),
            ("trialled", trialled.Count),
            ("trialFailed", trialled.Count(course => course.Trial == TrialOutcome.Failed)),
            ("trialSucceeded", succeeded.Count),
            ("trialUndecided", trialled.Count(course => course.Trial is null)),
            ("leftBeforeImplant", succeeded.Count(course => course.Treated is null && course.Left)),
            ("declined", waiting.Count(course => cutOff - course.First(EventType.TrialEnded) > 90)),
            ("awaitingImplant", waiting.Count(course => cutOff - course.First(EventType.TrialEnded) <= 90)),
            ("implanted", implanted.Count),
            ("implantedWithoutTrial", implanted.Except(trialled).Count()),
            ("explanted", implanted.Count(course => course.First(EventType.Explanted) is not null)),
            ("permanentlyExplanted", implanted.Count(course => course.PermanentExplant is not null)),
            ("reimplanted", implanted.Count(course => course.Days(EventType.Implanted).Order().Skip(1).Any(day => day >= course.First(EventType.Explanted)))),
            ("crossedOver", courses.Count(course => course.Crossover is not null)),
            ("operatedFirst", lesioned.Count(course => course.Case.PrecedingCase is null)),
            ("operatedAfterTrial", lesioned.Count(course => course.Case.PrecedingCase is not null)),
            ("died", courses.Count(course => course.First(EventType.Died) is not null)),
            ("lost", courses.Count(course => course.First(EventType.LostToFollowUp) is not null)),
            ("withdrawn", courses.Count(course => course.First(EventType.Withdrawn) is not null)),
        ];
    }

    private static int Count(JsonNode item, string name) => item[name]!.GetValue<int>();

    private static int Sum(JsonNode item, params string[] names) => names.Sum(name => Count(item, name));

    private static string Iso(int day) => CaseBook.Zero.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A case as it looks at a cut-off, in days of the book.</summary>
    private sealed class Course(CasePage page, CaseBook book, int cutOff)
    {
        public CaseRecord Case => page.Content;

        public int? Treated => Case.Procedure.IsNeuromodulation() ? First(EventType.Implanted) : First(EventType.Lesioned);

        public int? Zero => Treated ?? First(EventType.TrialStarted);

        public TrialOutcome? Trial => Seen(page).FirstOrDefault(happened => happened.Type == EventType.TrialEnded)?.Outcome;

        public int? PermanentExplant => Seen(page).Where(happened => happened is { Type: EventType.Explanted, Permanent: true }).Min(happened => (int?)Day(happened.OccurredOn));

        public int? Crossover => book.Pages.Where(later => later.Content.PrecedingCase == page.Code)
            .SelectMany(Seen)
            .Where(happened => happened.Type is EventType.TrialStarted or EventType.Implanted or EventType.Lesioned)
            .Min(happened => (int?)Day(happened.OccurredOn));

        public bool Left => First(EventType.Died) is not null || First(EventType.LostToFollowUp) is not null || First(EventType.Withdrawn) is not null || Crossover is not null;

        public int? Baseline => Score(Timepoint.Baseline)?.Nrs;

        private int LastCredited => new[] { PermanentExplant, Crossover, First(EventType.Died) }.Min() ?? int.MaxValue;

        public int? First(EventType type) => Days(type).Min(day => (int?)day);

        public IEnumerable<int> Days(EventType type) => Seen(page).Where(happened => happened.Type == type).Select(happened => Day(happened.OccurredOn));

        public bool IsDue(Timepoint timepoint, int day) => Zero + VisitWindow.Of(timepoint).TargetDay <= day;

        public int? Credited(Timepoint timepoint) => Score(timepoint) is { } score && score.Day <= LastCredited ? score.Nrs : null;

        /// <summary>Whether the therapy was in place at the score: no explant before it without an implant since.</summary>
        public bool IsObserved(Timepoint timepoint) => Treated is not null && Credited(timepoint) is not null && Days(EventType.Explanted).All(explant =>
            Score(timepoint)!.Value.Day <= explant || Days(EventType.Implanted).Any(implant => implant >= explant && implant <= Score(timepoint)!.Value.Day));

        public bool CountsIn(string set, Timepoint timepoint) => set switch
        {
            "observed" => IsObserved(timepoint),
            "treated" => Treated is not null,
            _ => Zero is not null,
        };

        public bool IsUndetermined(Timepoint timepoint, int day) =>
            Treated is { } treated && Baseline > 0 && IsDue(timepoint, day) && Credited(timepoint) is null && LastCredited >= treated + VisitWindow.Of(timepoint).TargetDay;

        private (int Day, int Nrs)? Score(Timepoint timepoint) =>
            page.Assessments.TryGetValue(timepoint, out var found) && Day(found.AssessedOn!.Value) is var day && day <= cutOff ? (day, found.Nrs!.Value) : null;

        private IEnumerable<TreatmentEvent> Seen(CasePage one) => one.Events.Where(happened => Day(happened.OccurredOn) <= cutOff);

        private static int Day(DateOnly date) => date.DayNumber - CaseBook.Zero.DayNumber;
    }
}
