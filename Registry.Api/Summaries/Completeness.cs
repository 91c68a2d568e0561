using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Domain.Assessments;
using Registry.Domain.Common;
using Registry.Domain.Statistics;

namespace Registry.Api.Summaries;

/// <summary>How complete the follow-up of one group is at one timepoint, in visits.</summary>
/// <param name="Site">The site, or 'all'.</param>
/// <param name="Procedure">The procedure, or 'all'.</param>
/// <param name="Group">The site, sex, indication or year that the row is about, as groupBy asks.</param>
/// <param name="Timepoint">The follow-up.</param>
/// <param name="TargetDay">The target day of the follow-up, after time zero: a place on an axis.</param>
/// <param name="Due">Visits whose target day has come, of cases that entered treatment: the sum of all that follow.</param>
/// <param name="Done">Made in the window of the timepoint.</param>
/// <param name="Late">Made out of the window, before or after it.</param>
/// <param name="NotDone">Recorded as not done: the number of each reason, 0 included.</param>
/// <param name="Missed">Nothing recorded, the target day was reached under observation, and observation has ended since.</param>
/// <param name="Censored">Nothing recorded, and observation had ended before the target day: the number of each reason, 0 included.</param>
/// <param name="Pending">Nothing recorded, and the window is still open.</param>
/// <param name="Overdue">Nothing recorded, and the window has closed.</param>
/// <param name="Rate">(Done + late) / due, 0 to 1.</param>
/// <param name="CiLow">Lower end of the 95 % Wilson interval.</param>
/// <param name="CiHigh">Upper end of the 95 % Wilson interval.</param>
internal sealed record CompletenessItem(
    string Site,
    [CodesIn(nameof(CodeSets.ProcedureGroup))] string Procedure,
    [Missing("null without groupBy")] string? Group,
    [CodesOf(typeof(Timepoint))] string Timepoint,
    [Unit("days")] int TargetDay,
    [Unit("visits")] long Due,
    [Unit("visits")] long Done,
    [Unit("visits")] long Late,
    IReadOnlyDictionary<string, long> NotDone,
    [Unit("visits")] long Missed,
    IReadOnlyDictionary<string, long> Censored,
    [Unit("visits")] long Pending,
    [Unit("visits")] long Overdue,
    [Unit("proportion, 0 to 1"), Missing("null when none is due")] double? Rate,
    [Unit("proportion, 0 to 1"), Missing("null when none is due")] double? CiLow,
    [Unit("proportion, 0 to 1"), Missing("null when none is due")] double? CiHigh);

/// <summary>Completeness of follow-up, from the view <c>completeness</c>.</summary>
[FromView("completeness")]
internal static class Completeness
{
    public const string Description =
        "Were the visits that fell due made, and if not, why not? Per site, and for 'all' sites together. due = done + late + every "
        + "notDone + missed + "
        + "every censored + pending + overdue. The rate, (done + late) / due, and its interval (95 %, Wilson score) are from 0 to 1, null "
        + "when none is due.";

    private static readonly QueryParameter Site = CohortFilter.Takes.Single(parameter => parameter.Name == "site");

    public static IEnumerable<QueryParameter> Takes => [SharedParameters.FollowUp, Grouping.By];

    public static Task<IReadOnlyList<CompletenessItem>> Items(SummaryQuery query) =>
        Grouping.Each(query, Ungrouped, static (item, group) => item with { Group = group });

    private static async Task<IReadOnlyList<CompletenessItem>> Ungrouped(SummaryQuery query) =>
    [
        .. (await query.Rows<Row>("completeness", [], query.Only(("timepoint", SharedParameters.FollowUp))))
            .Where(row => query.Filter.WantsGroup(row.Procedure_Group)
                && query.Wants(SharedParameters.FollowUp, row.Timepoint)
                && (row.Is_Pooled == 1 || query.Wants(Site, row.Site_Group)))
            .OrderBy(row => row.Is_Pooled)
            .ThenBy(row => NameOf(row, query), StringComparer.Ordinal)
            .ThenBy(row => SharedParameters.Rank(row.Procedure_Group))
            .ThenBy(row => row.Timepoint_Order)
            .Select(row => row.ToItem(NameOf(row, query))),
    ];

    private static string NameOf(Row row, SummaryQuery query) => row.Is_Pooled == 1 ? row.Site_Group : query.Sites.Of(row.Site_Group);

    private sealed record Row
    {
        public string Site_Group { get; init; } = string.Empty;
        public int Is_Pooled { get; init; }
        public string Procedure_Group { get; init; } = string.Empty;
        public string Timepoint { get; init; } = string.Empty;
        public int Timepoint_Order { get; init; }
        public long Due { get; init; }
        public long Done { get; init; }
        public long Late { get; init; }
        public long Not_Done_Died { get; init; }
        public long Not_Done_Lost_To_Follow_Up { get; init; }
        public long Not_Done_Withdrawn { get; init; }
        public long Not_Done_Declined { get; init; }
        public long Not_Done_Too_Ill { get; init; }
        public long Not_Done_Not_Done_By_Site { get; init; }
        public long Missed { get; init; }
        public long Censored_Died { get; init; }
        public long Censored_Explanted { get; init; }
        public long Censored_Crossed_Over { get; init; }
        public long Censored_Withdrawn { get; init; }
        public long Censored_Lost_To_Follow_Up { get; init; }
        public long Pending { get; init; }
        public long Overdue { get; init; }

        public CompletenessItem ToItem(string site)
        {
            var rate = new Proportion(Done + Late, Due);
            return new CompletenessItem(
                site,
                Procedure_Group,
                null,
                Timepoint,
                SharedParameters.TargetDay(Timepoint),
                Due,
                Done,
                Late,
                PerReason<NotDoneReason>(reason => reason switch
                {
                    NotDoneReason.Died => Not_Done_Died,
                    NotDoneReason.LostToFollowUp => Not_Done_Lost_To_Follow_Up,
                    NotDoneReason.Withdrawn => Not_Done_Withdrawn,
                    NotDoneReason.Declined => Not_Done_Declined,
                    NotDoneReason.TooIll => Not_Done_Too_Ill,
                    NotDoneReason.NotDoneBySite => Not_Done_Not_Done_By_Site,
                    _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "not a reason"),
                }),
                Missed,
                PerReason<CensoringReason>(reason => reason switch
                {
                    CensoringReason.Died => Censored_Died,
                    CensoringReason.Explanted => Censored_Explanted,
                    CensoringReason.CrossedOver => Censored_Crossed_Over,
                    CensoringReason.Withdrawn => Censored_Withdrawn,
                    CensoringReason.LostToFollowUp => Censored_Lost_To_Follow_Up,
                    _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "not a reason"),
                }),
                Pending,
                Overdue,
                rate.Rate,
                rate.Wilson95?.Low,
                rate.Wilson95?.High);
        }

        private static OrderedDictionary<string, long> PerReason<T>(Func<T, long> count)
            where T : struct, Enum => new(Enum.GetValues<T>().Select(reason => KeyValuePair.Create(Code.Of(reason), count(reason))));
    }
}
