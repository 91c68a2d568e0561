using System.Collections.Immutable;
using System.Globalization;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Assessments;

/// <summary>Where an assessment lies in its case.</summary>
/// <param name="DaysFromTimeZero">Days from time zero, negative before it.</param>
/// <param name="Window">Where the date lies relative to the window of the timepoint.</param>
[ReadBackWith(typeof(Assessment))]
internal sealed record AssessmentPlace(
    [Unit("days"), Missing("absent without a date or a time zero")] int? DaysFromTimeZero,
    WindowPosition Window);

/// <summary>Assessments. Their own key is the timepoint.</summary>
internal sealed class AssessmentKind() : CaseItemKind<Assessment>(
    "assessment", key: "timepoint", table: "assessment", keyColumn: "timepoint", folder: "assessments", date: "assessedOn")
{
    private static readonly FieldSet<Assessment> Members = FieldSet<Assessment>.Declared;
    private static readonly Field<Assessment> AssessedOn = Members[nameof(Assessment.AssessedOn)];
    private static readonly Field<Assessment> NotDone = Members[nameof(Assessment.NotDone)];

    /// <summary>The items of the Pain Disability Index, in their order.</summary>
    public static readonly IReadOnlyList<string> Items = [.. FieldSet<PdiItems>.Declared.All.Select(item => item.Name)];

    /// <summary>The members of a visit that was done besides its date.</summary>
    public static readonly ImmutableArray<Field<Assessment>> Scores =
    [
        .. Members.All.Where(field => field != AssessedOn && field != NotDone),
    ];

    private static readonly string Timepoints = string.Join(", ", Domain.Common.Code.All<Timepoint>());

    public override Fault? FaultOfKey(string key) =>
        Code.Parse<Timepoint>(key) is null
            ? new Fault("/timepoint", "unknown-code", $"'{key}' is not one of {Timepoints}.", key, Timepoints)
            : null;

    // A sender's identifiers name a score whoever states or corrects it, as long as there is one: they come by FHIR alone.
    public override object Adopt(object content, object recorded)
    {
        var (stated, known) = ((Assessment)content, (Assessment)recorded);
        var (hasNrs, hasPdi) = (stated is not { Nrs: null, NotDone: null }, stated is not { Pdi: null, PdiItems: null, NotDone: null });
        return stated with
        {
            NrsIdentifiers = stated.NrsIdentifiers ?? (hasNrs ? known.NrsIdentifiers : null),
            PdiIdentifiers = stated.PdiIdentifiers ?? (hasPdi ? known.PdiIdentifiers : null),
        };
    }

    protected override Assessment? Read(FieldReader fields, string? code)
    {
        var stated = fields.Code<Timepoint>("timepoint");
        if (stated is { } timepoint && code is not null && Code.Of(timepoint) != code)
        {
            fields.Refuse(
                "timepoint", "not-the-address", $"The body states {Code.Of(timepoint)}, the address {code}.", Code.Of(timepoint), code);
        }

        var assessment = FieldSet<Assessment>.Empty();
        NotDone.Read(fields, assessment, isRequired: false);
        var wasDone = !fields.Has(NotDone.Name);
        AssessedOn.Read(fields, assessment, isRequired: wasDone);
        foreach (var score in Scores)
        {
            score.Read(fields, assessment, isRequired: false);
        }

        if (wasDone)
        {
            if (!fields.Has("nrs") && !fields.Has("pdi") && !fields.Has("pdiItems"))
            {
                fields.Refuse(
                    string.Empty, "nothing-recorded", "State nrs, pdi or pdiItems, or say with notDone why the visit did not take place.");
            }

            return WithTotal(fields, assessment);
        }

        foreach (var score in Scores.Select(score => score.Name).Where(fields.Has))
        {
            fields.Refuse(score, "not-done-and-done", $"A visit that was not done has no '{score}'.");
        }

        return assessment;
    }

    // A message that is sent twice never becomes two visits: an assessment that once had this date, whatever was corrected since,
    // is the visit it means, unless another has the date now.
    public override (string? Code, Fault? Fault) Locate(CaseRecords records, object content)
    {
        var assessedOn = ((Assessment)content).AssessedOn;
        if (assessedOn is null)
        {
            return (null, new Fault("/timepoint", "missing", "Without a date the timepoint has to be stated.", Allowed: Timepoints));
        }

        if (!records.Chart!.Assessments.Values.Any(assessment => assessment.AssessedOn == assessedOn)
            && records.Ever(this).Where(pair => Once(pair.Record, assessedOn.Value)).Select(pair => pair.Code).FirstOrDefault() is { } once)
        {
            return (once, null);
        }

        var (timepoint, fault) = records.Chart.TimepointOn(assessedOn.Value);
        return (Code.Of(timepoint), fault);
    }

    public override bool TellsKey(string pointer) => pointer is "/timepoint" or "/assessedOn";

    public override CaseChart Enter(CaseChart chart, IEnumerable<(string Code, object? Content)> changes) =>
        chart with { Assessments = Changed(chart.Assessments, changes, code => Code.Parse<Timepoint>(code)!.Value) };

    protected override bool ShowsKey => true;

    protected override AssessmentPlace Derived(CaseRecords? records, RecordAddress address, object content)
    {
        var (chart, assessedOn) = (records!.Chart!, ((Assessment)content).AssessedOn);
        return new AssessmentPlace(
            chart.DaysFromTimeZero(assessedOn), chart.Place(Code.Parse<Timepoint>(address.Code!)!.Value, assessedOn));
    }

    /// <summary>Where the date lies changes with time zero, so with other records: the tag covers it.</summary>
    public override string ShownTag(CaseRecords records, RecordAddress address, StoredRecord record)
    {
        var place = Derived(records, address, record.Content);
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{record.Version.Tag}.{Code.Of(place.Window)}{place.DaysFromTimeZero}");
    }

    // Two visits in one window: which of them the timepoint means is for the sender to say, with the target day in view.
    public override (string Member, string Value, string Sentence)? Compare(
        CaseRecords records, RecordAddress address, object current, object proposed)
    {
        var (here, there) = ((Assessment)current, (Assessment)proposed);
        var timepoint = Code.Parse<Timepoint>(address.Code!)!.Value;
        return here.AssessedOn != there.AssessedOn
            && here.NotDone is null
            && there.NotDone is null
            && records.Chart!.DaysFromTarget(timepoint, here.AssessedOn) is { } currentDays
            && records.Chart!.DaysFromTarget(timepoint, there.AssessedOn) is { } proposedDays
            ? (
                "nearerToTarget",
                Math.Abs(currentDays).CompareTo(Math.Abs(proposedDays)) switch { < 0 => "current", > 0 => "proposed", _ => "equal" },
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The current visit, on {here.AssessedOn:yyyy-MM-dd}, lies {Math.Abs(currentDays)} days from the target day, "
                        + $"{here.AssessedOn!.Value.AddDays(-currentDays):yyyy-MM-dd}; the proposed one, on {there.AssessedOn:yyyy-MM-dd}, "
                        + $"{Math.Abs(proposedDays)} days."))
            : null;
    }

    private static bool Once(StoredRecord record, DateOnly on) =>
        ((Assessment)record.Content).AssessedOn == on
        || record.Earlier.Any(version => Json.Read<Assessment>(version.Content).AssessedOn == on);

    private static Assessment WithTotal(FieldReader fields, Assessment assessment)
    {
        if (assessment.PdiItems is not { } items || fields.Faults.Any(fault => fault.Where.Contains("pdi", StringComparison.Ordinal)))
        {
            return assessment;
        }

        var total = items.Total();
        if (assessment.Pdi is { } stated && stated != total)
        {
            var sum = total?.ToString(System.Globalization.CultureInfo.InvariantCulture);
            fields.Refuse(
                "pdi",
                sum is null ? "total-with-items-missing" : "not-the-sum",
                sum is null
                    ? "With an item left unanswered there is no total: leave 'pdi' out."
                    : FormattableString.Invariant($"'pdi' is {stated}, and its items add up to {sum}."),
                stated.ToString(System.Globalization.CultureInfo.InvariantCulture),
                sum);
        }

        return assessment with { Pdi = total };
    }
}
