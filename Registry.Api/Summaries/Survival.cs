using System.Globalization;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>The event whose time a survival curve estimates.</summary>
internal enum SurvivalEvent
{
    /// <summary>Permanent explant, after the first implant.</summary>
    Explant,

    /// <summary>The first score that is no response any more, or permanent explant, after a response at the first follow-up.</summary>
    LossOfResponse,

    /// <summary>Permanent explant for one reason, for each in turn; one for another reason competes, as death does.</summary>
    ExplantByReason,

    /// <summary>
    /// The first replacement of the generator, after the first implant, by the kind of generator; death and permanent explant compete.
    /// </summary>
    GeneratorReplacement,
}

/// <summary>
/// One day of the survival curve of one group: day 0, every day with an event, the target days of the visits within follow-up, and
/// the days asked for. An empty group has one row, of day 0, with null estimates.
/// </summary>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Event">The event of the curve.</param>
/// <param name="Reason">The reason of the explant.</param>
/// <param name="Generator">The kind of generator, or 'all', which holds those that are not recorded too.</param>
/// <param name="Instrument">The instrument.</param>
/// <param name="Threshold">The relief in percent of baseline from which a score is a response.</param>
/// <param name="N">Cases of the group that are followed from day 0, the same in each of its rows.</param>
/// <param name="Day">Whole days after time zero.</param>
/// <param name="AtRisk">Cases still followed and free of the event just before this day; n on day 0.</param>
/// <param name="Events">Cases with the event on this day.</param>
/// <param name="Competing">Cases that died (or had another event that competes) without the event since the row before, this day
/// included.</param>
/// <param name="Censored">Cases that left the Kaplan-Meier curve without the event since the row before, this day included: deaths
/// (competing), loss, withdrawal, crossover, end of data.</param>
/// <param name="Survival">Kaplan-Meier estimate: the probability, 0 to 1, of being free of the event after this day, were there no
/// deaths.</param>
/// <param name="Se">Greenwood's standard error of survival.</param>
/// <param name="CiLow">Lower end of the 95 % log-log interval of survival.</param>
/// <param name="CiHigh">Upper end of the 95 % log-log interval of survival.</param>
/// <param name="Incidence">Aalen-Johansen estimate: the probability, 0 to 1, that the event has come by the end of this day, death
/// competing.</param>
/// <param name="IncidenceSe">Standard error of incidence.</param>
/// <param name="IncidenceCiLow">Lower end of the 95 % log-log interval of incidence.</param>
/// <param name="IncidenceCiHigh">Upper end of the 95 % log-log interval of incidence.</param>
internal sealed record SurvivalItem(
    [CodesIn(nameof(CodeSets.ProcedureGroup))] string Procedure,
    [CodesOf(typeof(SurvivalEvent))] string Event,
    [Missing("null unless the curve is of one")] string? Reason,
    [Missing("null unless the curve is of generators")] string? Generator,
    [CodesOf(typeof(Instrument)), Missing("null unless the curve is of responses")] string? Instrument,
    [Unit("percent of baseline"), Missing("null unless the curve is of responses")] int? Threshold,
    [Unit("cases")] long N,
    [Unit("days")] int Day,
    [Unit("cases")] long AtRisk,
    [Unit("cases")] long Events,
    [Unit("cases")] long Competing,
    [Unit("cases")] long Censored,
    [Unit("proportion, 0 to 1"), Missing("null for n = 0")] double? Survival,
    [Unit("proportion, 0 to 1"), Missing("null for n = 0 and once survival is 0")] double? Se,
    [Unit("proportion, 0 to 1"), Missing("null for n = 0, while survival is 1 and once it is 0")] double? CiLow,
    [Unit("proportion, 0 to 1"), Missing("null where ciLow is")] double? CiHigh,
    [Unit("proportion, 0 to 1"), Missing("null for n = 0")] double? Incidence,
    [Unit("proportion, 0 to 1"), Missing("null for n = 0")] double? IncidenceSe,
    [Unit("proportion, 0 to 1"), Missing("null for n = 0, while incidence is 0 and once it is 1")] double? IncidenceCiLow,
    [Unit("proportion, 0 to 1"), Missing("null where incidenceCiLow is")] double? IncidenceCiHigh);

/// <summary>
/// Survival curves, counted in the views <c>explant_time</c>, <c>explant_reason_time</c>, <c>generator_replacement_time</c> and
/// <c>loss_of_response_time</c>, estimated in <see cref="SurvivalTable"/>.
/// </summary>
[FromView("explant_time")]
internal static class Survival
{
    public const string Description =
        "Time in days from time zero to an event, as a step function: a row for day 0, every day with an event, the target days of the "
        + "visits within follow-up, and the days of 'at'. "
        + "'explant': cases with an implant, until the permanent explant (an explant followed by a re-implant within 180 days is none), "
        + "else death, where either ends observation; else "
        + "censored at loss, withdrawal, crossover to a later case or cut-off. 'loss-of-response': treated cases with a baseline above 0 "
        + "that responded at their first credited follow-up "
        + "score, until the first later credited score that is no response, or the permanent explant; else death; else censored at the "
        + "last credited score. Survival takes death as "
        + "censoring (Kaplan-Meier, Greenwood, log-log interval); incidence takes it as a competing risk (Aalen-Johansen). "
        + "'explant-by-reason': a curve for each reason, explants for another reason "
        + "competing. 'generator-replacement': the first replacement, a curve for each kind of the first generator; death and permanent "
        + "explant compete.";

    private static readonly string Explant = Code.Of(SurvivalEvent.Explant);

    private static readonly QueryParameter Event =
        QueryParameter.Coded<SurvivalEvent>("event", "The event of the curve. 'explant' when left out.") with { IsRepeatable = false };

    private static readonly QueryParameter Threshold = new(
        "threshold",
        "Only with event=loss-of-response: the relief, in percent of baseline, from which a score is a response. 30 when left out.")
    {
        Range = ResponseThreshold.Range,
    };

    private static readonly QueryParameter Instrument =
        SharedParameters.Instrument with
        {
            IsRepeatable = false,
            Meaning = "Only with event=loss-of-response: the instrument. 'nrs' when left out.",
        };

    public static readonly QueryParameter At =
        new("at", "A further day after time zero that is to have a row.") { IsRepeatable = true, Range = new WholeRange(0, 36500) };

    public static IEnumerable<QueryParameter> Takes => [Event, Threshold, Instrument, At];

    /// <summary>An explant has neither threshold nor instrument.</summary>
    public static IEnumerable<Fault> FaultsOf(IQueryCollection query) =>
        from name in (string[])[Threshold.Name, Instrument.Name]
        where query.ContainsKey(name) && query[Event.Name] != Code.Of(SurvivalEvent.LossOfResponse)
        select new Fault(
            "/" + name, "does-not-apply", $"'{name}' is of responses.", query[name].ToString(), "only with event=loss-of-response");

    public static async Task<IReadOnlyList<SurvivalItem>> Items(SummaryQuery query)
    {
        var awaited = Code.Parse<SurvivalEvent>(query.Single(Event, Explant))!.Value;
        var rows = awaited switch
        {
            SurvivalEvent.Explant => await query.Rows<Row>("explant_time"),
            SurvivalEvent.ExplantByReason => await query.Rows<Row>("explant_reason_time"),
            SurvivalEvent.GeneratorReplacement => await query.Rows<Row>("generator_replacement_time"),
            _ => await query.Rows<Row>(
                "loss_of_response_time",
                query.Numbers(Threshold, ResponseThreshold.Moderate),
                ("instrument", query.Single(Instrument, Code.Of(Domain.Assessments.Instrument.Nrs)))),
        };
        var asked = query.Numbers(At);
        return
        [
            .. from row in rows
               where query.Filter.WantsGroup(row.Procedure_Group)
               group row by (row.Procedure_Group, row.Explant_Reason, row.Generator_Group) into days
               orderby SharedParameters.Rank(days.Key.Procedure_Group), Rank<ExplantReason>(days.Key.Explant_Reason),
                       Rank<GeneratorType>(days.Key.Generator_Group)
               from item in Curve(Code.Of(awaited), days.First(), [.. days.Select(row => row.Ends)], asked)
               select item,
        ];
    }

    /// <summary>
    /// The same curves at the target days of the visits alone, each row with the events since the one before: a row of its own tells the
    /// day of a single event. What comes after the last of them is not shown.
    /// </summary>
    public static IReadOnlyList<SurvivalItem> AtVisits(IReadOnlyList<SurvivalItem> items)
    {
        var shown = new List<SurvivalItem>();
        var since = (Events: 0L, Competing: 0L, Censored: 0L);
        foreach (var item in items)
        {
            // Each curve begins at day 0.
            since = item.Day == 0 ? default : since;
            since = (since.Events + item.Events, since.Competing + item.Competing, since.Censored + item.Censored);
            if (item.Day == 0 || VisitWindow.All.Any(window => window.TargetDay == item.Day))
            {
                shown.Add(item with { Events = since.Events, Competing = since.Competing, Censored = since.Censored });
                since = default;
            }
        }

        return shown;
    }

    // As declared, then 'all'.
    private static int Rank<T>(string? code)
        where T : struct, Enum =>
            code is not null && Code.Parse<T>(code) is { } value ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : int.MaxValue;

    private static IEnumerable<SurvivalItem> Curve(string awaited, Row group, IReadOnlyList<EndsOnDay> ends, IReadOnlyCollection<int> asked)
    {
        var n = ends.Sum(end => end.All);
        return n == 0
            ? [new SurvivalItem(
                group.Procedure_Group, awaited, group.Explant_Reason, group.Generator_Group, group.Instrument, group.Threshold_Percent,
                0, 0, 0, 0, 0, 0, null, null, null, null, null, null, null, null)]
            : SurvivalTable.Of(ends, VisitWindow.All.Select(window => window.TargetDay), asked).Select(row => new SurvivalItem(
                group.Procedure_Group,
                awaited,
                group.Explant_Reason,
                group.Generator_Group,
                group.Instrument,
                group.Threshold_Percent,
                n,
                row.Day,
                row.AtRisk,
                row.Events,
                row.CompetingEvents,
                row.Censored,
                row.Survival.Survival,
                row.Survival.StandardError,
                row.Survival.Interval95?.Low,
                row.Survival.Interval95?.High,
                row.Incidence.Incidence,
                row.Incidence.StandardError,
                row.Incidence.Interval95?.Low,
                row.Incidence.Interval95?.High));
    }

    // Of every view; each has the columns that its curves differ by.
    private sealed record Row
    {
        public string Procedure_Group { get; init; } = string.Empty;
        public string? Explant_Reason { get; init; }
        public string? Generator_Group { get; init; }
        public string? Instrument { get; init; }
        public int? Threshold_Percent { get; init; }
        public int Day { get; init; }
        public int Events { get; init; }
        public int Competing { get; init; }
        public int Censored { get; init; }

        public EndsOnDay Ends => new(Day, Events, Competing, Censored);
    }
}
