using System.Text.Json.Nodes;
using Bogus;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Costs;
using Registry.Domain.Recording;
using Registry.Domain.Responses;
using Registry.Domain.Sites;
using Registry.Tests.Support;

namespace Registry.Tests.Summaries;

/// <summary>
/// Random registries, one a site, and a reading of the definitions that is as plain as can be: loops over cases, from
/// the words of the domain and not from the views.
/// </summary>
public sealed class AgreeingWithAnOracleOnCosts(Engine engine) : RegistryFixture(engine)
{
    private const int Registries = 60;
    private static readonly DateOnly Start = new(2022, 1, 1);
    private static readonly DateOnly CutOff = new(2024, 6, 30);
    private static readonly string[] Ways = ["case", "pathway"];
    private static readonly Dictionary<CostBasis, CostCategory[]> Categories = new()
    {
        [CostBasis.Surgical] = [CostCategory.Operation, CostCategory.Device, CostCategory.Anaesthesia],
        [CostBasis.All] = Enum.GetValues<CostCategory>(),
    };

    private readonly List<List<KnownCase>> _registries = [];

    private enum CostBasis
    {
        Surgical,
        All,
    }

    protected override async Task Prepare()
    {
        var set = new RecordSet(new Resources());
        for (var number = 0; number < Registries; number++)
        {
            set.Site(SiteOf(number), new Site { Name = "Random", Country = "DE" });
            _registries.Add(MakeUp(set, SiteOf(number), new Randomizer(number)));
        }

        var loader = new BulkLoader(Host.Services.GetRequiredService<IDatabase>(), TimeProvider.System);
        await loader.Begin(CancellationToken.None);
        await loader.Load(set.Records, CancellationToken.None);
    }

    [Test]
    public async Task Gives_the_same_costs_per_case_and_per_pathway()
    {
        for (var number = 0; number < Registries; number++)
        {
            var rows = (await Api.Get($"/summaries/costs?site={SiteOf(number)}&asOf={CutOff:yyyy-MM-dd}")).Expect(200).Items;
            var expected =
                from per in Ways
                from basis in Enum.GetValues<CostBasis>()
                from unit in _registries[number].GroupBy(one => per == "case" ? one : First(one))
                from cost in unit.SelectMany(one => Costs(one, basis)).GroupBy(cost => (cost.Currency, cost.PriceYear))
                from procedure in new[] { Code.Of(unit.Key.Record.Procedure), "all" }
                group cost.Sum(one => one.Amount) by string.Join('|', procedure, Code.Of(basis), per, cost.Key.Currency, cost.Key.PriceYear);
            var found = rows.Where(row => row["currency"] is not null)
                .Select(row => (string.Join('|', row["procedure"], row["basis"], row["per"], row["currency"], row["priceYear"]), Amount(row, "total"), row["n"]!.GetValue<int>(), Amount(row, "median")));
            Assert.That(found, Is.EquivalentTo(expected.Select(group => (group.Key, group.Sum(), group.Count(), Median([.. group])))), SiteOf(number));

            foreach (var row in rows)
            {
                var (procedure, basis, per) = (row["procedure"]!.ToString(), Code.Parse<CostBasis>(row["basis"]!.ToString())!.Value, row["per"]!.ToString());
                var without = _registries[number].GroupBy(one => per == "case" ? one : First(one))
                    .Count(unit => (procedure == "all" || Code.Of(unit.Key.Record.Procedure) == procedure) && !unit.SelectMany(one => Costs(one, basis)).Any());
                Assert.That(row["casesWithoutCost"]!.GetValue<int>(), Is.EqualTo(without), $"{SiteOf(number)} {procedure} {basis} {per}");
            }
        }
    }

    [Test]
    public async Task Gives_the_same_cost_per_responder()
    {
        var seen = 0;
        for (var number = 0; number < Registries; number++)
        {
            var random = new Randomizer(1000 + number);
            var (visit, instrument, threshold, set) = (random.ArrayElement(VisitWindow.All.ToArray()), random.Enum<Instrument>(), random.Int(1, 100), random.Enum<AnalysisSet>());
            var asked = $"timepoint={Code.Of(visit.Timepoint)}&instrument={Code.Of(instrument)}&threshold={threshold}&set={Code.Of(set)}";
            foreach (var row in (await Api.Get($"/summaries/costs?site={SiteOf(number)}&asOf={CutOff:yyyy-MM-dd}&per=case&{asked}")).Expect(200).Items)
            {
                var (procedure, basis) = (row["procedure"]!.ToString(), Code.Parse<CostBasis>(row["basis"]!.ToString())!.Value);
                var members = _registries[number].Where(one => procedure == "all" || Code.Of(one.Record.Procedure) == procedure)
                    .Select(one => (Standing: Judge(one, _registries[number], visit, instrument, threshold, set), Costs: Costs(one, basis).Where(cost => cost.Currency == row["currency"]?.ToString() && cost.PriceYear == row["priceYear"]!.GetValue<int>()).ToList()))
                    .Where(one => one.Standing is not null && one.Costs.Count > 0)
                    .ToList();
                var (total, responders) = (members.Sum(one => one.Costs.Sum(cost => cost.Amount)), members.Count(one => one.Standing == true));
                seen += responders;
                var figure = row["costPerResponderOf"]!;
                Assert.That(
                    (figure["cases"]!.GetValue<int>(), Amount(figure, "total"), figure["responders"]!.GetValue<int>(), row["costPerResponder"] is null ? null : (decimal?)Amount(row, "costPerResponder")),
                    Is.EqualTo((members.Count, total, responders, responders == 0 ? null : (decimal?)decimal.Round(total / responders, 4, MidpointRounding.AwayFromZero))),
                    $"{SiteOf(number)} {asked} {row}");
            }
        }

        Assert.That(seen, Is.GreaterThan(100), "The random registries hold too few responders to tell right from wrong.");
    }

    // Whether a case of the denominator responded; null for a case that is not in it.
    private static bool? Judge(KnownCase subject, List<KnownCase> all, VisitWindow visit, Instrument instrument, int threshold, AnalysisSet set)
    {
        DateOnly? treated = First(subject, EventType.Implanted) ?? First(subject, EventType.Lesioned);
        if ((treated ?? First(subject, EventType.TrialStarted)) is not { } zero || (treated is null && set != AnalysisSet.IntentionToTreat))
        {
            return null;
        }

        var baseline = Score(Timepoint.Baseline)?.Score;
        if (baseline is null or 0)
        {
            return null;
        }

        DateOnly?[] ends =
        [
            subject.Events.Where(one => one is { Type: EventType.Explanted, Permanent: true } && one.OccurredOn <= CutOff).Min(one => (DateOnly?)one.OccurredOn),
            First(subject, EventType.Died),
            all.Where(later => later.Preceding == subject).SelectMany(later => new[] { First(later, EventType.TrialStarted), First(later, EventType.Implanted), First(later, EventType.Lesioned) }).Min(),
        ];
        var score = Score(visit.Timepoint) is { } taken && !(ends.Min() < taken.On) ? taken : ((DateOnly On, int Score)?)null;
        var isMember = set == AnalysisSet.Observed ? score is not null && IsInPlace(subject, score.Value.On) : zero.AddDays(visit.TargetDay) <= CutOff;
        return isMember ? treated is not null && score is not null && 100 * (baseline - score.Value.Score) >= threshold * baseline : null;

        (DateOnly On, int Score)? Score(Timepoint timepoint) =>
            subject.Assessments.GetValueOrDefault(timepoint) is { } one && one.AssessedOn <= CutOff && (instrument == Instrument.Nrs ? one.Nrs : one.Pdi) is { } points
                ? (one.AssessedOn!.Value, points)
                : null;
    }

    private static bool IsInPlace(KnownCase subject, DateOnly day) =>
        subject.Events.Where(one => one.Type == EventType.Explanted && one.OccurredOn <= CutOff).All(explant =>
            day <= explant.OccurredOn
            || subject.Events.Any(again => again.Type == EventType.Implanted && again.OccurredOn >= explant.OccurredOn && again.OccurredOn <= day && again.OccurredOn <= CutOff));

    private static DateOnly? First(KnownCase subject, EventType type) =>
        subject.Events.Where(one => one.Type == type && one.OccurredOn <= CutOff).Min(one => (DateOnly?)one.OccurredOn);

    private static KnownCase First(KnownCase subject) => subject.Preceding is { } earlier ? First(earlier) : subject;

    private static IEnumerable<CostItem> Costs(KnownCase subject, CostBasis basis) =>
        subject.Costs.Where(cost => Categories[basis].Contains(cost.Category) && !(cost.IncurredOn > CutOff));

    private static decimal Median(List<decimal> amounts)
    {
        amounts.Sort();
        return (amounts[(amounts.Count - 1) / 2] + amounts[amounts.Count / 2]) / 2;
    }

    private static decimal Amount(JsonNode row, string name) => row[name]!.GetValue<decimal>();

    private static string SiteOf(int number) => FormattableString.Invariant($"site-{number}");

    private static List<KnownCase> MakeUp(RecordSet set, string site, Randomizer random)
    {
        var cases = new List<KnownCase>();
        for (var patient = random.Int(1, 6); patient > 0; patient--)
        {
            var own = new List<KnownCase>();
            for (var room = random.Bool(0.5f) ? 1 : random.Int(1, LinkedCases.MostCases); room > 0; room--)
            {
                own.Add(MakeUp(random, own.Count == 0 || random.Bool(0.2f) ? null : random.ListItem(own), patient));
                Send(set, site, own[^1], FormattableString.Invariant($"P{patient}-{own.Count}"));
            }

            cases.AddRange(own);
        }

        return cases;
    }

    private static KnownCase MakeUp(Randomizer random, KnownCase? preceding, int patient)
    {
        var procedure = random.Enum<Procedure>();
        var day = Start.AddDays(random.Int(0, 800));
        var events = new List<TreatmentEvent>();
        if (!procedure.IsNeuromodulation())
        {
            Happens(0.9f, EventType.Lesioned, null);
        }
        else if (Happens(0.9f, EventType.TrialStarted, null) && Happens(0.7f, EventType.Implanted, null) && Happens(0.4f, EventType.Explanted, random.Bool()) && events[^1].Permanent == false)
        {
            Happens(0.7f, EventType.Implanted, null);
        }

        Happens(0.2f, EventType.Died, null);
        return new KnownCase(
            new CaseRecord { Patient = new Patient { Reference = FormattableString.Invariant($"P{patient}"), Sex = Sex.Male, BirthYear = 1960 }, Procedure = procedure, Indication = Indication.Crps },
            preceding,
            events,
            Enum.GetValues<Timepoint>().Where(_ => random.Bool(0.8f)).ToDictionary(timepoint => timepoint, _ => new Assessment
            {
                AssessedOn = Start.AddDays(random.Int(0, 1000)),
                Nrs = random.Bool(0.9f) ? random.Int(0, 10) : null,
                Pdi = random.Bool(0.7f) ? random.Int(0, 70) : null,
            }),
            [.. Enumerable.Range(0, random.Int(0, 5)).Select(_ => new CostItem
            {
                Category = random.Enum<CostCategory>(),
                Amount = random.Bool(0.1f) ? 0 : random.Int(1, 5_000_000) / 100m,
                Currency = random.ArrayElement(["EUR", "CNY", "USD"]),
                PriceYear = random.Int(2022, 2023),
                IncurredOn = random.Bool(0.7f) ? Start.AddDays(random.Int(0, 1200)) : null,
            })]);

        bool Happens(float chance, EventType type, bool? permanent)
        {
            if (!random.Bool(chance))
            {
                return false;
            }

            day = day.AddDays(random.Int(0, 200));
            events.Add(new TreatmentEvent { Type = type, OccurredOn = day, Permanent = permanent, Reason = permanent is null ? null : ExplantReason.Other });
            return true;
        }
    }

    private static void Send(RecordSet set, string site, KnownCase subject, string code)
    {
        subject.SentAs = code;
        var records = set.Case(site, code, subject.Record with { PrecedingCase = subject.Preceding?.SentAs });
        foreach (var (index, happened) in subject.Events.Index())
        {
            records.Event(FormattableString.Invariant($"e{index}"), happened);
        }

        foreach (var (timepoint, assessment) in subject.Assessments)
        {
            records.Assessment(timepoint, assessment);
        }

        foreach (var (index, cost) in subject.Costs.Index())
        {
            records.Cost(FormattableString.Invariant($"c{index}"), cost);
        }
    }

    private sealed class KnownCase(
        CaseRecord record, KnownCase? preceding, List<TreatmentEvent> events, Dictionary<Timepoint, Assessment> assessments, List<CostItem> costs)
    {
        public string SentAs { get; set; } = string.Empty;

        public CaseRecord Record => record;

        public KnownCase? Preceding => preceding;

        public List<TreatmentEvent> Events => events;

        public Dictionary<Timepoint, Assessment> Assessments => assessments;

        public List<CostItem> Costs => costs;
    }
}
