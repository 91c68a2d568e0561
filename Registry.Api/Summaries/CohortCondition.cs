using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Registry.Api.Http;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>One filter of cohorts: a parameter, and what it asks of a case, whose columns have the alias <c>c</c>.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Sql">The condition for its values. SQL made by the program: what a user stated is in parameters only, which it
/// adds.</param>
internal sealed partial record CohortCondition(QueryParameter Parameter, Func<IReadOnlyList<string>, DynamicParameters, string> Sql)
{
    /// <summary>The parameter that names an event.</summary>
    public const string Event = "hadEvent";

    /// <summary>The table of the events.</summary>
    public const string EventTable = "analysis_event";

    private const string EventFrom = "hadEventFrom";
    private const string EventTo = "hadEventTo";
    private const string VisitKey = "case_id, timepoint, known_from";

    private static readonly WholeRange Ages = new(0, 150);
    private static readonly string FollowUps = string.Join('|', VisitWindow.All.Select(window => Code.Of(window.Timepoint)));
    private static readonly string Instruments = string.Join('|', Code.All<Instrument>());

    /// <summary>Every filter.</summary>
    public static readonly IReadOnlyList<CohortCondition> All =
    [
        AnyOf(
            QueryParameter.Coded<Procedure>(
                "procedure", "The procedure. Left out: every procedure. The row 'all' pools the procedures asked for."),
            "procedure_code"),
        AnyOf(
            new QueryParameter(
                "site",
                "The code of the site; for research and dashboard keys its pseudonym, where the registry masks sites. Left out: every site.")
            {
                IsRepeatable = true,
            },
            "site_code"),
        AnyOf(QueryParameter.Coded<Indication>("indication", "What the patient is treated for. Left out: every indication."), "indication"),
        AnyOf(QueryParameter.Coded<Sex>("sex", "The recorded sex. Left out: any."), "sex"),
        Bound(new QueryParameter("ageMin", "The youngest age, in whole years at time zero, inclusive.") { Range = Ages }, "age_years >="),
        Bound(new QueryParameter("ageMax", "The oldest age, in whole years at time zero, inclusive.") { Range = Ages }, "age_years <="),
        AnyOf(QueryParameter.Coded<PainSide>("painSide", "The side of the pain. Left out: any, or not recorded."), "pain_side"),
        Bound(
            new QueryParameter("painDurationMin", "The shortest duration of the pain, in whole months, inclusive.")
            {
                Range = CaseRecord.PainDurationRange,
            },
            "pain_duration_months >="),
        Bound(
            new QueryParameter("painDurationMax", "The longest duration of the pain, in whole months, inclusive.")
            {
                Range = CaseRecord.PainDurationRange,
            },
            "pain_duration_months <="),
        Bound(new QueryParameter("from", "The first day of time zero, inclusive.") { IsDate = true }, "time_zero_day >="),
        Bound(new QueryParameter("to", "The last day of time zero, inclusive.") { IsDate = true }, "time_zero_day <="),
        new(
            new QueryParameter("primary", "true: only cases without a preceding case. Left out or false: all.")
            {
                Codes = ["true", "false"],
            },
            (values, _) => values[0] == "true" ? "c.is_primary = 1" : string.Empty),
        new(
            new QueryParameter("dermatome", "A painful dermatome. Left out: any, or not recorded.")
            {
                IsRepeatable = true,
                Codes = SpinalLevel.All,
            },
            (values, parameters) =>
            {
                parameters.Add("dermatome", SpinalLevel.Bits(values));
                return "(c.pain_level_bits & @dermatome) <> 0";
            }),
        AnyOf(QueryParameter.Coded<LeadType>("lead", "The kind of lead of the trial. Left out: any, or not recorded."), "lead"),
        AnyOf(
            QueryParameter.Coded<TrialOutcome>("trialOutcome", "How the trial ended, by the cut-off. Left out: any, or no trial."),
            "trial_outcome"),
        AnyOf(
            QueryParameter.Coded<GeneratorType>("generator", "The kind of the generator first implanted. Left out: any, or not recorded."),
            "generator"),
        // The three are one condition: that of the event, which is added with its period.
        new(
            QueryParameter.Coded<EventType>(
                Event,
                $"A treatment event that is recorded of the case, by the cut-off and within '{EventFrom}' and '{EventTo}'. Left out: any, "
                    + "or none."),
            (_, _) => string.Empty),
        new(
            new QueryParameter(EventFrom, $"With '{Event}': the first day of the event, inclusive.") { IsDate = true },
            (_, _) => string.Empty),
        new(
            new QueryParameter(EventTo, $"With '{Event}': the last day of the event, inclusive.") { IsDate = true },
            (_, _) => string.Empty),
        Bound(new QueryParameter("baselineNrsMin", "The lowest NRS at baseline, inclusive.") { Range = Nrs.Range }, "baseline_nrs >="),
        Bound(new QueryParameter("baselineNrsMax", "The highest NRS at baseline, inclusive.") { Range = Nrs.Range }, "baseline_nrs <="),
        Bound(new QueryParameter("baselinePdiMin", "The lowest PDI at baseline, inclusive.") { Range = Pdi.Range }, "baseline_pdi >="),
        Bound(new QueryParameter("baselinePdiMax", "The highest PDI at baseline, inclusive.") { Range = Pdi.Range }, "baseline_pdi <="),
        new(
            new QueryParameter(
                "responder",
                "Treated cases that responded at a follow-up: a percentage, @, the follow-up, and with ':pdi' by PDI instead of NRS.")
            {
                Form = ($"^([1-9][0-9]?|100)@({FollowUps})(:({Instruments}))?$", "such as 30@12m or 50@6m:pdi"),
            },
            Responder)
        {
            Searches = (values, where) => [Response(Term(values[0]), where)],
        },
        new(
            new QueryParameter(
                "lostResponseBy",
                "Treated cases that responded at their first follow-up and were seen without response, or explanted for good, by the last "
                    + "day of the window of this follow-up. By NRS at 30 %, or as stated: 50@24m:pdi.")
            {
                Form = ($"^(([1-9][0-9]?|100)@)?({FollowUps})(:({Instruments}))?$", "such as 24m, 50@24m or 30@24m:pdi"),
            },
            LostResponse)
        {
            Searches = (values, where) => [Loss(Term(values[0]), where)],
        },
        new(
            new QueryParameter(
                "has",
                "Timepoints at which the case has a score that is credited to it, all of them; with ':nrs' or ':pdi' one of that "
                    + "instrument.")
            {
                Form = ($"^(baseline|{FollowUps})(:({Instruments}))?(,(baseline|{FollowUps})(:({Instruments}))?)*$",
                    "timepoints joined by commas, such as baseline,12m or 24m:nrs"),
            },
            Has)
        {
            Searches = Scores,
        },
    ];

    private static readonly (string Low, string High)[] Pairs =
    [
        ("ageMin", "ageMax"), ("painDurationMin", "painDurationMax"), ("from", "to"), (EventFrom, EventTo),
        ("baselineNrsMin", "baselineNrsMax"), ("baselinePdiMin", "baselinePdiMax"),
    ];

    // What only cases with a trial, a lead or a generator can have.
    private static readonly string[] OfStimulation = ["lead", "trialOutcome", "generator"];

    /// <summary>
    /// What finds the cases of the condition, or of parts of it, by an index: for its values, and by name the conditions of the filters
    /// before it.
    /// </summary>
    public Func<IReadOnlyList<string>, IReadOnlyDictionary<string, string>, IEnumerable<CaseSearch>> Searches { get; private init; } =
        (_, _) => [];

    /// <summary>What contradicts itself in a query, or in the group of it with this prefix.</summary>
    /// <param name="query">The query.</param>
    /// <param name="nameOf">The name under which a filter is stated there.</param>
    public static IEnumerable<Fault> FaultsOf(IQueryCollection query, Func<string, string> nameOf)
    {
        foreach (var (lowName, highName) in Pairs)
        {
            var (low, high) = (nameOf(lowName), nameOf(highName));
            if (query.ContainsKey(low) && query.ContainsKey(high) && Number(query[low].ToString()) > Number(query[high].ToString()))
            {
                yield return new Fault(
                    "/" + low,
                    "empty-range",
                    $"'{low}' is {query[low]}, above '{high}', which is {query[high]}.",
                    query[low].ToString(),
                    $"up to {query[high]}");
            }
        }

        foreach (var period in (string[])[EventFrom, EventTo])
        {
            // The period of a group needs an event of that group or of all; one for all, an event of all or of some group.
            var name = nameOf(period);
            if (query.ContainsKey(name) && !query.ContainsKey(nameOf(Event)) && !query.ContainsKey(Event)
                && !(name == period && query.Keys.Any(key => key.EndsWith("." + Event, StringComparison.Ordinal))))
            {
                yield return new Fault(
                    "/" + name,
                    "does-not-apply",
                    $"'{name}' is stated, and '{nameOf(Event)}' is not.",
                    query[name].ToString(),
                    $"only with '{nameOf(Event)}'");
            }
        }

        var procedures = query[nameOf("procedure")].OfType<string>().Select(Code.Parse<Procedure>).OfType<Procedure>().ToList();
        if (procedures.Count == 0)
        {
            yield break;
        }

        foreach (var name in OfStimulation.Select(nameOf)
            .Where(name => query.ContainsKey(name) && !procedures.Exists(procedure => procedure.IsNeuromodulation())))
        {
            yield return new Fault(
                "/" + name,
                "contradiction",
                $"'{name}' is stated, and no procedure that is asked for has one.",
                query[name].ToString(),
                "only with procedure=scs or procedure=drg");
        }

        foreach (var type in query[nameOf(Event)].OfType<string>()
            .Where(type => Code.Parse<EventType>(type) is { } known && !procedures.Exists(procedure => EventRules.Fits(known, procedure))))
        {
            var fitting = Code.All<EventType>()
                .Where(other => procedures.Exists(procedure => EventRules.Fits(Code.Parse<EventType>(other)!.Value, procedure)));
            yield return new Fault(
                "/" + nameOf(Event),
                "contradiction",
                $"'{nameOf(Event)}' is '{type}', which no procedure that is asked for has.",
                type,
                "one of " + string.Join(", ", fitting));
        }
    }

    /// <summary>The condition of an event and its period; null where no event is asked for.</summary>
    public static string? EventCondition(IQueryCollection query, Func<string, string> nameOf, DynamicParameters parameters)
    {
        if (!query.TryGetValue(nameOf(Event), out var types))
        {
            return null;
        }

        parameters.Add(Event, types.OfType<string>().ToList());
        if (!query.ContainsKey(nameOf(EventFrom)) && !query.ContainsKey(nameOf(EventTo)))
        {
            return $"EXISTS (SELECT 1 FROM analysis_event w WHERE w.case_id = c.case_id AND w.event_type IN @{Event} AND w.event_day <= @asOfDay)";
        }

        // Few cases have an event in a period: they are found by its days.
        parameters.Add(EventFrom, query.TryGetValue(nameOf(EventFrom), out var from) ? Day(from.ToString()) : DayNumber.StartOfTime);
        parameters.Add(EventTo, query.TryGetValue(nameOf(EventTo), out var to) ? Day(to.ToString()) : DayNumber.EndOfTime);
        return $"c.case_id IN (SELECT w.case_id FROM analysis_event w WHERE w.event_type IN @{Event} AND w.event_day <= @asOfDay AND w.event_day BETWEEN @{EventFrom} AND @{EventTo})";
    }

    /// <summary>The tables that a condition reads besides that of the cases.</summary>
    public static IEnumerable<string> TablesOf(string sql) => Tables().Matches(sql).Select(match => match.Value);

    private static CohortCondition AnyOf(QueryParameter parameter, string column) => new(parameter, (values, parameters) =>
    {
        parameters.Add(parameter.Name, values);
        return $"c.{column} IN @{parameter.Name}";
    });

    private static CohortCondition Bound(QueryParameter parameter, string columnAndOperator) => new(parameter, (values, parameters) =>
    {
        parameters.Add(parameter.Name, Number(values[0]));
        return $"c.{columnAndOperator} @{parameter.Name}";
    });

    private static string Responder(IReadOnlyList<string> values, DynamicParameters parameters)
    {
        var term = Term(values[0]);
        parameters.Add("responder", ResponseClass.FirstNumberOfResponse(term.Percent));
        return $"(c.is_treated = 1 AND c.baseline_{term.Instrument} > 0 AND {Response(term).Condition})";
    }

    // The index goes by timepoint, procedure and class.
    private static CaseSearch Response(
        (int Percent, string Timepoint, string Instrument) term, IReadOnlyDictionary<string, string>? where = null)
    {
        var responded = $"w.{term.Instrument}_class >= @responder";
        return new(AtVisit(term.Timepoint, responded), true, ("analysis_visit",
            $"w.timepoint = '{term.Timepoint}' AND {OfProcedures(where)} AND w.is_treated = 1 AND {responded}",
            VisitKey));
    }

    private static string LostResponse(IReadOnlyList<string> values, DynamicParameters parameters)
    {
        var term = Term(values[0]);
        parameters.Add("lostResponseAt", term.Percent);
        parameters.Add("lostResponseBy", VisitWindow.Of(Code.Parse<Timepoint>(term.Timepoint)!.Value).Days.Max);
        return Loss(term).Condition;
    }

    // The first follow-up that is credited lies on the day of the treatment or after it: who was seen without response by a day after the
    // treatment was seen within as many days after that visit.
    private static CaseSearch Loss(
        (int Percent, string Timepoint, string Instrument) term, IReadOnlyDictionary<string, string>? where = null)
    {
        var responded = $"w.instrument = '{term.Instrument}' AND w.relief_1 >= @lostResponseAt AND w.day_1 <= @asOfDay";
        return new(
            $"EXISTS (SELECT 1 FROM analysis_response w WHERE w.case_id = c.case_id AND {responded} "
                + $"AND ((c.therapy_end = 'explanted' AND c.therapy_end_day <= c.treated_day + @lostResponseBy) OR "
                + $"{SeenSince("c.treated_day")}))",
            false,
            ("analysis_response", $"{responded} AND ({SeenSince("w.day_1")})", null),
            ("analysis_case",
                $"{OfProcedures(where)} AND w.therapy_end = 'explanted' AND w.therapy_days <= @lostResponseBy",
                "case_id, known_from"));

        static string SeenSince(string day) => string.Join(
            " OR ",
            Enumerable.Range(2, VisitWindow.All.Count - 1).Select(visit => string.Create(
                CultureInfo.InvariantCulture,
                $"(w.relief_{visit} < @lostResponseAt AND w.day_{visit} <= @asOfDay AND w.day_{visit} <= {day} + @lostResponseBy)")));
    }

    private static string Has(IReadOnlyList<string> values, DynamicParameters parameters) => string.Join(
        " AND ",
        from term in TermsOf(values[0])
        select term.Timepoint == Code.Of(Timepoint.Baseline)
            ? $"({string.Join(" OR ", term.Instruments.Select(instrument => $"c.baseline_{instrument} IS NOT NULL"))})"
            : Scored(term.Timepoint, term.Instruments));

    private static IEnumerable<CaseSearch> Scores(IReadOnlyList<string> values, IReadOnlyDictionary<string, string> where) =>
        from term in TermsOf(values[0])
        where term.Timepoint != Code.Of(Timepoint.Baseline)
        select new CaseSearch(
            Scored(term.Timepoint, term.Instruments),
            true,
            [.. term.Instruments.Select(instrument => ("analysis_visit",
                $"w.timepoint = '{term.Timepoint}' AND {OfProcedures(where)} AND w.{instrument} IS NOT NULL",
                VisitKey))]);

    private static string Scored(string timepoint, IEnumerable<string> instruments) =>
        AtVisit(timepoint, $"({string.Join(" OR ", instruments.Select(instrument => $"w.{instrument} IS NOT NULL"))})");

    private static IEnumerable<(string Timepoint, IReadOnlyList<string> Instruments)> TermsOf(string stated) =>
        stated.Split(',').Distinct().Select(
            term => term.Split(':') is [var timepoint, var instrument] ? (timepoint, [instrument]) : (term, Code.All<Instrument>()));

    // Every one by name where none is asked for: so the index is searched for each.
    private static string OfProcedures(IReadOnlyDictionary<string, string>? where) =>
        where?.ContainsKey("procedure") == true
            ? "w.procedure_code IN @procedure"
            : $"w.procedure_code IN ({string.Join(", ", Code.All<Procedure>().Select(code => $"'{code}'"))})";

    // The code of the timepoint is one of a closed set. A visit that stands so at the cut-off has no other row, so it is looked up once.
    private static string AtVisit(string timepoint, string condition) =>
        $"COALESCE((SELECT CASE WHEN {condition} THEN 1 ELSE 0 END FROM analysis_visit w WHERE w.case_id = c.case_id AND w.timepoint = "
        + $"'{timepoint}' AND w.known_from <= @asOfDay), "
        + $"(SELECT CASE WHEN {condition} THEN 1 ELSE 0 END FROM analysis_visit_earlier w WHERE w.case_id = c.case_id AND w.timepoint = "
        + $"'{timepoint}' AND w.known_from <= @asOfDay AND w.known_until > @asOfDay), 0) = 1";

    private static (int Percent, string Timepoint, string Instrument) Term(string text)
    {
        var (rest, instrument) = text.Split(':') is [var before, var stated] ? (before, stated) : (text, Code.Of(Instrument.Nrs));
        return rest.Split('@') is [var percent, var timepoint]
            ? (int.Parse(percent, CultureInfo.InvariantCulture), timepoint, instrument)
            : (ResponseThreshold.Moderate, rest, instrument);
    }

    /// <summary>A whole number, or the day number of a date.</summary>
    public static int Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : Day(text).Value;

    private static DayNumber Day(string text) => DayNumber.Of(DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\banalysis_[a-z]+\b")]
    private static partial Regex Tables();
}
