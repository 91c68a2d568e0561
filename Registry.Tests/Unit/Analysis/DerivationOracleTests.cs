using NUnit.Framework;
using Registry.Api.Http;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;
using Registry.Tests.Metrics.Oracle;
using Registry.Tests.Support;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Unit.Analysis;

/// <summary>
/// The rows derived from the records of a random person are, at any data cut-off, what the oracle finds in plain loops: no
/// database, no view and no HTTP in between. Cut-offs fall on, before and after every day on which anything may change.
/// </summary>
public sealed class DerivationOracleTests
{
    private const int ByDefault = 100;
    private const int CutOffsOfAPerson = 25;

    /// <summary>
    /// In days after anything dated: it happens, an implant or a re-implant is awaited no longer, a visit is due, its window closes.
    /// </summary>
    private static readonly int[] DaysThatMatter =
    [
        0,
        90,
        180,
        .. VisitWindow.All.Select(window => window.TargetDay),
        .. VisitWindow.All.Select(window => window.Days.Max),
    ];

    [Test]
    public void Every_row_is_that_of_the_oracle_at_any_cut_off()
    {
        for (var seed = 1; seed <= CampaignSize.Registries(ByDefault); seed++)
        {
            var registry = RandomRegistry.Make(seed, 5 + (seed % 6));
            var random = new Random(seed);
            foreach (var cases in registry.Cases.GroupBy(one => (one.Site, one.Record.Patient.Reference)))
            {
                var person = RecordedPerson.Of([.. cases]);
                var rows = Rows(Derivation.Derive(person));
                foreach (var cutOff in CutOffs([.. cases], random))
                {
                    var cohort = new Cohort(new RecordedRegistry(registry.Sites, [.. cases]), new Question { DefaultAsOf = cutOff });
                    foreach (var one in person.Cases)
                    {
                        var expected = cohort.All.Single(other => other.Recorded.Code == one.Code.ToString());
                        Assert.That(
                            ToldBy(rows, person, one, cutOff),
                            Is.EqualTo(ToldBy(expected, cohort)),
                            () => $"seed {seed}, {expected.Recorded.Site} {one.Code} as of {cutOff.Iso()}");
                    }
                }
            }
        }
    }

    /// <summary>The rows of all cases together.</summary>
    private static AnalysisRows Rows(PersonAnalysis analysis)
    {
        var cases = analysis.Cases.Values.Select(one => one.Rows).ToList();
        return new AnalysisRows(
            [.. cases.SelectMany(rows => rows.Cases)],
            [.. cases.SelectMany(rows => rows.Visits)],
            [.. cases.SelectMany(rows => rows.Responses)],
            [.. cases.SelectMany(rows => rows.Costs)],
            [.. cases.SelectMany(rows => rows.Stays)],
            [.. cases.SelectMany(rows => rows.AdverseEvents)],
            [.. cases.SelectMany(rows => rows.Events)]);
    }

    private static IEnumerable<DateOnly> CutOffs(List<RecordedCase> cases, Random random)
    {
        var days = cases.SelectMany(one => one.Events.Select(happened => happened.OccurredOn)
                .Concat(one.Assessments.Values.Select(assessment => assessment.AssessedOn).OfType<DateOnly>())
                .Concat(one.AdverseEvents.Select(suffered => suffered.OnsetOn))
                .Concat(one.Costs.Select(cost => cost.IncurredOn).OfType<DateOnly>())
                .Concat(one.Stays.Select(stay => stay.DischargedOn)))
            .SelectMany(
                day => DaysThatMatter.SelectMany(later => (DateOnly[])[day.AddDays(later - 1), day.AddDays(later), day.AddDays(later + 1)]))
            .Distinct()
            .ToArray();
        random.Shuffle(days);
        return days.Take(CutOffsOfAPerson).Append(new DateOnly(2000, 1, 1)).Append(RandomRegistry.LatestDay);
    }

    private static List<string> ToldBy(AnalysisRows rows, Person person, PersonCase one, DateOnly cutOff)
    {
        var day = DayNumber.Of(cutOff);
        bool Holds(CutOffs range) => range.From <= day && day < range.Until;
        var row = rows.Cases.Single(other => other.Case == one.Number && Holds(other.CutOffs));
        var known = row.Standing;
        List<string> told =
        [
            $"trial {Day(known.TrialStarted)} {Day(known.TrialEnded)} {Code.Of(known.TrialOutcome)} undecided {known.IsUndecided} implant "
                + $"{Code.Of(known.Implant)}",
            $"treated {Day(known.Treated)} zero {Day(known.TimeZero)} age {row.AgeYears} explanted {Day(known.Explanted)} for good "
                + $"{Day(known.PermanentExplant)}",
            $"crossover {Day(known.Crossover)} died {Day(known.Died)} withdrawn {Day(known.Withdrawn)} lost {Day(known.Lost)} end "
                + $"{Day(known.End)} {Code.Of(known.EndReason)}",
            $"lead {Code.Of(known.Lead)} generator {Code.Of(known.Generator)} replaced {Day(known.GeneratorReplaced)} explanted for "
                + $"{Code.Of(known.ExplantReason)}",
            $"from nrs {row.BaselineNrs} pdi {row.BaselinePdi}",
            $"events {string.Join(' ', rows.Events.Where(happened => happened.Case == one.Number && happened.Day <= day).Select(happened => $"{Code.Of(happened.Type)} {happened.Day}").Order(StringComparer.Ordinal))}",
            $"therapy {Code.Of(known.Therapy)} only {row.IsOnlyCase} pathway "
                + $"{person.Cases.Single(other => other.Number == row.Pathway).Code}",
        ];
        foreach (var timepoint in Enum.GetValues<Timepoint>())
        {
            foreach (var visit in rows.Visits.Where(
                other => other.Case == one.Number && other.Timepoint == timepoint && Holds(other.CutOffs)))
            {
                told.Add(visit.Visit is { } stands
                    ? $"{timepoint} {Day(stands.TargetDay)} {Day(stands.LastDay)} {Code.Of(stands.State) ?? "open"} {stands.Reason} {Code.Of(stands.Position)} {Day(stands.AssessedDay)}"
                    : $"{timepoint}");
                told.Add(
                    $"{timepoint} treated {visit.IsTreated} nrs {visit.BaselineNrs} to {visit.Nrs} pdi {visit.BaselinePdi} to {visit.Pdi}");
                if (timepoint != Timepoint.Baseline)
                {
                    told.Add($"{timepoint} nrs {Told(visit.NrsClass!.Value)}");
                    told.Add($"{timepoint} pdi {Told(visit.PdiClass!.Value)}");
                }
            }
        }

        foreach (var instrument in Enum.GetValues<Instrument>())
        {
            var visits = known.IsTreated
                ? rows.Responses.Where(other => other.Case == one.Number && other.Instrument == instrument)
                    .SelectMany(other => other.Visits)
                    .Where(visit => visit.Day <= day)
                : [];
            told.Add($"{instrument} {string.Join(", ", visits.Select(visit => $"{Day(visit.Day)} {visit.Relief}"))}");
        }

        told.AddRange(Derivation.Schedule(person, one.Code, day).Select(visit => $"{visit.Timepoint} {Code.Of(visit.On(day))}"));
        told.AddRange(
            (from total in rows.Costs
             where total.Case == one.Number && Holds(total.CutOffs)
             from unit in (string[])["case", "pathway"]
             where total.Unit == CostUnit.Both || Code.Of(total.Unit) == unit
             from basis in Enum.GetValues<CostBasis>()
             let sum = total.ByCategory.On(basis)
             where sum is not null
             select $"{unit} {Code.Of(basis)} {total.Currency} {total.PriceYear} {sum / 1000m:0.000}")
            .Order(StringComparer.Ordinal));
        told.Add($"stays {string.Join(' ', rows.Stays.Where(stay => stay.Case == one.Number && stay.KnownFrom <= day).Select(stay => stay.Days).Order())}");
        told.Add($"adverse events {string.Join(' ', rows.AdverseEvents.Where(suffered => suffered.Case == one.Number && suffered.KnownFrom <= day).Select(suffered => Told(suffered.Category, suffered.Severity, suffered.IsSerious)).Order(StringComparer.Ordinal))}");
        return told;
    }

    private static List<string> ToldBy(CaseOnADay one, Cohort cohort)
    {
        var firstExplant = one.Of(EventType.Explanted).Min(explant => (DateOnly?)explant.OccurredOn);
        List<string> told =
        [
            $"trial {Day(one.TrialStart)} {Day(one.TrialEnd?.OccurredOn)} {Code.Of(one.TrialEnd?.Outcome)} undecided {one.IsUndecided} "
                + $"implant {ImplantOf(one)}",
            $"treated {Day(one.FirstImplant ?? one.Lesion)} zero {Day(one.TimeZero)} age {one.Age} explanted {Day(firstExplant)} for good "
                + $"{Day(one.PermanentExplant)}",
            $"crossover {Day(one.Crossover)} died {Day(one.Death)} withdrawn {Day(one.Withdrawal)} lost {Day(one.Loss)} end "
                + $"{Day(one.End?.On)} {one.End?.Reason}",
            $"lead {Code.Of(one.Lead)} generator {Code.Of(one.Generator)} replaced {Day(one.GeneratorReplaced)} explanted for "
                + $"{Code.Of(one.ReasonOfPermanentExplant)}",
            one.HasEntered ? $"from nrs {one.Baseline(Instrument.Nrs)} pdi {one.Baseline(Instrument.Pdi)}" : "from nrs  pdi ",
            $"events {string.Join(' ', Enum.GetValues<EventType>().SelectMany(one.Of).Select(happened => $"{Code.Of(happened.Type)} {happened.OccurredOn.DayNumber}").Order(StringComparer.Ordinal))}",
            $"therapy {TherapyOf(one)} only {cohort.All.Count == 1} pathway {FirstOf(one, cohort).Recorded.Code}",
        ];
        if (one.HasEntered && (one.Baseline(Instrument.Nrs) ?? one.Baseline(Instrument.Pdi)) is not null)
        {
            told.Add($"{Timepoint.Baseline}");
            told.Add(Scores(one, Timepoint.Baseline));
        }

        foreach (var visit in VisitOracle.Of(one).Where(visit => visit.IsDue || visit.State == VisitState.Done))
        {
            var state = visit.State is VisitState.NotDue or VisitState.Due or VisitState.Overdue ? "open" : Code.Of(visit.State);
            var made = visit.State == VisitState.Done ? one.Assessment(visit.Timepoint)!.AssessedOn : null;
            var (_, _, first, last) = CaseOnADay.FollowUps.Single(followUp => followUp.Timepoint == visit.Timepoint);
            var position = made is null ? null
                : made < one.TimeZero!.Value.AddDays(first) ? "early"
                : made > one.TimeZero!.Value.AddDays(last)
                ? "late"
                : "in";
            told.Add($"{visit.Timepoint} {Day(visit.Target)} {Day(visit.WindowLast)} {state} {visit.Reason} {position} {Day(made)}");
            told.Add(Scores(one, visit.Timepoint));
            told.Add($"{visit.Timepoint} nrs {Told(ClassOf(one, visit, Instrument.Nrs))}");
            told.Add($"{visit.Timepoint} pdi {Told(ClassOf(one, visit, Instrument.Pdi))}");
        }

        foreach (var instrument in Enum.GetValues<Instrument>())
        {
            var scores = one.IsTreated && one.IsEvaluable(instrument)
                ? CaseOnADay.FollowUps.Select(visit => one.Credited(visit.Timepoint, instrument)).OfType<Score>().OrderBy(score => score.On)
                : Enumerable.Empty<Score>();
            told.Add($"{instrument} {string.Join(", ", scores.Select(score => $"{Day(score.On)} {Relief(one, score, instrument)}"))}");
        }

        told.AddRange(VisitOracle.Of(one).Select(visit => $"{visit.Timepoint} {Code.Of(visit.State)}"));
        told.AddRange(
            ((string[])["case", "pathway"])
                .Where(unit => unit == "case" || FirstOf(one, cohort) == one)
                .SelectMany(unit => Enum.GetValues<CostBasis>().SelectMany(basis =>
                    (unit == "case" ? [one] : cohort.All.Where(other => FirstOf(other, cohort) == one))
                    .SelectMany(other => other.Costs)
                    .Where(cost => basis == CostBasis.All
                        || cost.Category is CostCategory.Operation or CostCategory.Device or CostCategory.Anaesthesia)
                    .GroupBy(cost => (cost.Currency, cost.PriceYear))
                    .Select(costs =>
                        $"{unit} {Code.Of(basis)} {costs.Key.Currency} {costs.Key.PriceYear} {costs.Sum(cost => cost.Amount):0.000}")))
                .Order(StringComparer.Ordinal));
        told.Add($"stays {string.Join(' ', one.Stays.Select(stay => stay.DischargedOn.DayNumber - stay.AdmittedOn.DayNumber).Order())}");
        told.Add($"adverse events {string.Join(' ', one.AdverseEvents.Select(suffered => Told(suffered.Category, suffered.Severity, suffered.Serious)).Order(StringComparer.Ordinal))}");
        return told;
    }

    private static string Scores(CaseOnADay one, Timepoint timepoint) =>
        $"{timepoint} treated {one.IsTreated} nrs {one.Baseline(Instrument.Nrs)} to {one.Credited(timepoint, Instrument.Nrs)?.Points} pdi "
        + $"{one.Baseline(Instrument.Pdi)} to {one.Credited(timepoint, Instrument.Pdi)?.Points}";

    private static string? ImplantOf(CaseOnADay one)
    {
        if (one.TrialEnd?.Outcome != TrialOutcome.Succeeded)
        {
            return null;
        }

        if (one.IsTreated)
        {
            return "implanted";
        }

        var hasLeft = one.Death is not null || one.Loss is not null || one.Withdrawal is not null || one.Crossover is not null;
        return hasLeft ? "left" : one.CutOff.DayNumber - one.TrialEnd.OccurredOn.DayNumber >= 90 ? "declined" : "awaiting";
    }

    private static string? TherapyOf(CaseOnADay one) =>
        !one.IsTreated || one.End is not { } end ? null
        : one.PermanentExplant == end.On ? "explanted"
        : one.Death == end.On ? "died"
        : "censored";

    private static CaseOnADay FirstOf(CaseOnADay one, Cohort cohort) =>
        one.Record.PrecedingCase is { } code ? FirstOf(cohort.All.Single(other => other.Recorded.Code == code.ToString()), cohort) : one;

    /// <summary>What a follow-up counts for: relief in whole percent, by the thresholds that the score is a response at.</summary>
    private static ResponseClass ClassOf(CaseOnADay one, Visit visit, Instrument instrument)
    {
        var score = one.Credited(visit.Timepoint, instrument);
        var fall = one.IsEvaluable(instrument) ? one.Baseline(instrument) - score?.Points : null;
        var hasDied = score is null && one.Death < visit.Target;
        var hasEnded = score is null && (one.Death < visit.Target || one.PermanentExplant < visit.Target || one.Crossover < visit.Target);
        return new ResponseClass(
            one.IsTreated, one.IsEvaluable(instrument), score is not null, fall is null ? null : Relief(one, score!, instrument),
            fall >= 2, hasDied, hasEnded);
    }

    private static int Relief(CaseOnADay one, Score score, Instrument instrument) =>
        score.Points > one.Baseline(instrument)
            ? -1
            : Enumerable.Range(1, 100).Count(threshold => one.Responds(score, instrument, threshold));

    private static string Told(ResponseClass of) =>
        $"treated {of.IsTreated} evaluable {of.IsEvaluable} scored {of.IsScored} relief {of.ReliefPercent} two points {of.FellTwoPoints} "
        + $"died {of.DiedBefore} ended {of.EndedBefore}";

    private static string Told(AdverseEventCategory category, Severity severity, bool isSerious) => $"{category}-{severity}-{isSerious}";

    private static string? Day(DayNumber? day) => day is { } known ? known.ToDate().Iso() : "-";

    private static string? Day(DateOnly? day) => day?.Iso() ?? "-";
}
