using System.Globalization;
using Registry.Api.Summaries;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Statistics;
using Code = Registry.Domain.Common.Code;

namespace Registry.Tests.Metrics.Oracle;

/// <summary>How the time of a case to an event ends.</summary>
internal enum End
{
    Event,
    Death,
    Loss,
    Withdrawal,
    Crossover,
    CutOff,
    LastScore,
}

/// <summary>Time to explant or to loss of response: each case by itself, then the curves as products and sums over the days.</summary>
internal static class SurvivalOracle
{
    public static IEnumerable<ExpectedRow> Rows(Cohort cohort)
    {
        foreach (var (group, members) in cohort.Groups())
        {
            foreach (var (name, value, times) in Curves(members, cohort.Question))
            {
                foreach (var (day, figures) in Curve([.. times], cohort.Question.Days))
                {
                    yield return new ExpectedRow(
                        [("procedure", group), .. name is null ? Array.Empty<(string, string?)>() : [(name, value)],
                            ("day", day.ToString(CultureInfo.InvariantCulture))],
                        [("event", Code.Of(cohort.Question.Awaited ?? SurvivalEvent.Explant)), .. OfResponses(cohort.Question),
                            .. figures]);
                }
            }
        }
    }

    private static IEnumerable<(string, object?)> OfResponses(Question question) => question.Awaited == SurvivalEvent.LossOfResponse
        ? [("instrument", Code.Of(InstrumentOf(question))), ("threshold", (long)ThresholdOf(question))]
        : [];

    /// <summary>The curves of a group, and what tells them apart: on which day after time zero each case ends, and how.</summary>
    private static IEnumerable<(string? Name, string? Value, IEnumerable<(int Day, End End)> Times)> Curves(
        IReadOnlyList<CaseOnADay> members, Question question)
    {
        switch (question.Awaited)
        {
            case SurvivalEvent.ExplantByReason:
                foreach (var reason in Enum.GetValues<ExplantReason>())
                {
                    yield return ("reason",
                        Code.Of(reason),
                        Times(members, one => ToExplant(one) is { How: End.Event } explant && one.ReasonOfPermanentExplant != reason
                            ? (explant.On, End.Death)
                            : ToExplant(one)));
                }

                break;
            case SurvivalEvent.GeneratorReplacement:
                foreach (var generator in Enum.GetValues<GeneratorType>())
                {
                    yield return ("generator", Code.Of(generator), Times(members.Where(one => one.Generator == generator), ToReplacement));
                }

                yield return ("generator", "all", Times(members, ToReplacement));
                break;
            case SurvivalEvent.LossOfResponse:
                yield return (null, null, Times(members, one => ToLossOfResponse(one, InstrumentOf(question), ThresholdOf(question))));
                break;
            default:
                yield return (null, null, Times(members, ToExplant));
                break;
        }
    }

    /// <summary>On which day after time zero each case ends, and how.</summary>
    public static IEnumerable<(int Day, End End)> Times(IEnumerable<CaseOnADay> cases, Question question) =>
        Curves([.. cases], question).SelectMany(curve => curve.Times);

    // What would lie before time zero is on day 0.
    private static IEnumerable<(int Day, End End)> Times(IEnumerable<CaseOnADay> cases, Func<CaseOnADay, (DateOnly On, End How)?> endOf) =>
        from one in cases
        let end = endOf(one)
        where end is not null
        select (Math.Max(0, end.Value.On.DayNumber - one.TimeZero!.Value.DayNumber), end.Value.How);

    // Without a generator there is none to replace: a permanent explant competes, as death does.
    private static (DateOnly On, End How)? ToReplacement(CaseOnADay one)
    {
        if (!one.Record.Procedure.IsNeuromodulation() || !one.IsTreated)
        {
            return null;
        }

        return one.GeneratorReplaced is { } replaced && !(replaced > one.End?.On) ? (replaced, End.Event)
            : EndOfTherapy(one) is { How: End.Event } explant ? (explant.On, End.Death)
            : EndOfTherapy(one);
    }

    private static (DateOnly On, End How)? ToExplant(CaseOnADay one) =>
        one.Record.Procedure.IsNeuromodulation() && one.IsTreated ? EndOfTherapy(one) : null;

    /// <summary>The explant or the death counts if it lies on or before the end of observation.</summary>
    private static (DateOnly On, End How) EndOfTherapy(CaseOnADay one)
    {
        if (one.End is not { } end)
        {
            return (one.CutOff, End.CutOff);
        }

        if (one.PermanentExplant <= end.On)
        {
            return (one.PermanentExplant.Value, End.Event);
        }

        if (one.Death <= end.On)
        {
            return (one.Death.Value, End.Death);
        }

        return (end.On, end.Reason switch { "crossed-over" => End.Crossover, "withdrawn" => End.Withdrawal, _ => End.Loss });
    }

    /// <summary>When and how a case ends that responded at first; null for any other.</summary>
    public static (DateOnly On, End How)? ToLossOfResponse(CaseOnADay one, Instrument instrument, int threshold)
    {
        if (!one.IsTreated || !one.IsEvaluable(instrument))
        {
            return null;
        }

        // By date; of one day, by timepoint.
        var scores = CaseOnADay.FollowUps.Select(visit => one.Credited(visit.Timepoint, instrument))
            .OfType<Score>()
            .OrderBy(score => score.On)
            .ToList();
        if (scores.Count == 0 || !one.Responds(scores[0], instrument, threshold))
        {
            return null;
        }

        if (scores.Find(score => !one.Responds(score, instrument, threshold)) is { } relapse)
        {
            return (relapse.On, End.Event);
        }

        return EndOfTherapy(one) is { How: End.Event or End.Death } therapy ? therapy : (scores[^1].On, End.LastScore);
    }

    private static Instrument InstrumentOf(Question question) => question.Instruments.FirstOrDefault(Instrument.Nrs);

    private static int ThresholdOf(Question question) => question.Thresholds.FirstOrDefault(30);

    /// <summary>
    /// A row for day 0, each day with an event, each target day of a visit up to the last day of the group, and each day asked for; an
    /// empty group has day 0 alone.
    /// </summary>
    private static IEnumerable<(int Day, IEnumerable<(string Name, object? Value)> Figures)> Curve(
        List<(int Day, End End)> times, IReadOnlyList<int> asked)
    {
        if (times.Count == 0)
        {
            yield return (0, [.. Counts(0, 0, 0, 0, 0), .. Estimate("survival", "se", "ci", null, null),
                .. Estimate("incidence", "incidenceSe", "incidenceCi", null, null)]);
            yield break;
        }

        var lastDay = times.Max(time => time.Day);
        var days = CaseOnADay.FollowUps.Select(visit => visit.Target).Where(target => target <= lastDay)
            .Concat(times.Where(time => time.End == End.Event).Select(time => time.Day))
            .Concat(asked)
            .Append(0);
        var before = -1;
        foreach (var day in days.Distinct().Order())
        {
            var since = times.Where(time => time.Day > before && time.Day <= day).ToList();
            var (survival, survivalSe) = Survival(times, day);
            var (incidence, incidenceSe) = Incidence(times, day);
            yield return (day,
            [
                .. Counts(
                    times.Count,
                    times.Count(time => time.Day >= day),
                    since.Count(time => time.End == End.Event),
                    since.Count(time => time.End == End.Death),
                    since.Count(time => time.End != End.Event)),
                .. Estimate("survival", "se", "ci", survival, survivalSe),
                .. Estimate("incidence", "incidenceSe", "incidenceCi", incidence, incidenceSe),
            ]);
            before = day;
        }
    }

    private static IEnumerable<(string Name, object? Value)> Counts(long n, long atRisk, long events, long deaths, long censored) =>
        [("n", n), ("atRisk", atRisk), ("events", events), ("competing", deaths), ("censored", censored)];

    /// <summary>Kaplan-Meier, with the standard error of Greenwood: none once nobody is left free of the event.</summary>
    private static (double Survival, double? StandardError) Survival(List<(int Day, End End)> times, int last)
    {
        var (survival, greenwood) = (1.0, 0.0);
        foreach (var day in times.Where(time => time.Day <= last && time.End == End.Event).Select(time => time.Day).Distinct().Order())
        {
            var atRisk = times.Count(time => time.Day >= day);
            var events = times.Count(time => time.Day == day && time.End == End.Event);
            survival *= 1 - ((double)events / atRisk);
            greenwood += atRisk == events ? 0 : (double)events / (atRisk * (atRisk - events));
        }

        return (survival, survival > 0 ? survival * Math.Sqrt(greenwood) : null);
    }

    /// <summary>
    /// Aalen-Johansen: the sum, over the days, of being free of event and death before the day times the share of those at
    /// risk that have the event on it. Its variance is the infinitesimal jackknife: the sum, over the cases, of the square
    /// of how far the estimate moves with the weight of the case.
    /// </summary>
    private static (double Incidence, double StandardError) Incidence(List<(int Day, End End)> times, int last)
    {
        var days = times.Where(time => time.Day <= last && time.End is End.Event or End.Death)
            .Select(time => time.Day)
            .Where(day => day <= last)
            .Distinct()
            .Order()
            .ToList();
        var (free, incidence) = (1.0, 0.0);
        var moves = times.Select(time => (Time: time, Free: 0.0, Incidence: 0.0)).ToList();
        foreach (var day in days)
        {
            double atRisk = times.Count(time => time.Day >= day);
            var events = times.Count(time => time.Day == day && time.End == End.Event) / atRisk;
            var ends = events + (times.Count(time => time.Day == day && time.End == End.Death) / atRisk);
            moves =
            [
                .. from move in moves
                   let present = move.Time.Day >= day ? 1 : 0
                   let hasEvent = move.Time.Day == day && move.Time.End == End.Event ? 1 : 0
                   let hasEnd = move.Time.Day == day && move.Time.End is End.Event or End.Death ? 1 : 0
                   select (
                       move.Time,
                       (move.Free * (1 - ends)) - (free * (hasEnd - (present * ends)) / atRisk),
                       move.Incidence + (move.Free * events) + (free * (hasEvent - (present * events)) / atRisk)),
            ];
            incidence += free * events;
            free *= 1 - ends;
        }

        return (incidence, Math.Sqrt(moves.Sum(move => move.Incidence * move.Incidence)));
    }

    /// <summary>An estimate with its standard error and its interval, which is symmetric on the scale ln(−ln p): none at 0 and 1.</summary>
    private static IEnumerable<(string Name, object? Value)> Estimate(string name, string seName, string ciName, double? p, double? se)
    {
        var hasInterval = p is > 1e-12 and < 1 - 1e-12;
        double? End(int sign) =>
            hasInterval ? Math.Pow(p!.Value, Math.Exp(-sign * CriticalValue.Normal95 * se!.Value / (p.Value * Math.Log(p.Value)))) : null;
        var (low, high) = (End(1), End(-1));
        return [(name, p), (seName, se), (ciName + "Low", low), (ciName + "High", high)];
    }
}
