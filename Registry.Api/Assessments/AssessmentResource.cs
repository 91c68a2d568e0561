using System.Text.Json.Nodes;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Recording;

namespace Registry.Api.Assessments;

/// <summary>Assessments. Their own key is the timepoint.</summary>
internal sealed class AssessmentResource : CaseResource<Assessment>
{
    private static readonly string[] Items = ["familyHome", "recreation", "social", "occupation", "sexual", "selfCare", "lifeSupport"];
    private static readonly string[] Scores = ["nrs", "pdi", "pdiItems", "mode"];
    private static readonly string Timepoints = string.Join(", ", Domain.Recording.Code.All<Timepoint>());

    public override string Kind => Dossier.AssessmentKind;

    public override bool MovesCounts => true;

    public override string? RouteKey => "timepoint";

    public override string TableName => "assessment";

    public override string KeyColumn => "timepoint";

    protected override string Folder => "assessments";

    public override Fault? FaultOfKey(string key) =>
        Code.Parse<Timepoint>(key) is null ? new Fault("/timepoint", "unknown-code", $"'{key}' is not one of {Timepoints}.", key, Timepoints) : null;

    protected override Assessment? Read(FieldReader fields, string? code)
    {
        var stated = fields.Code<Timepoint>("timepoint");
        if (stated is { } timepoint && code is not null && Code.Of(timepoint) != code)
        {
            fields.Refuse("timepoint", "not-the-address", $"The body states {Code.Of(timepoint)}, the address {code}.", Code.Of(timepoint), code);
        }

        var notDone = fields.Code<NotDoneReason>("notDone");
        var wasDone = !fields.Has("notDone");
        var assessment = new Assessment
        {
            AssessedOn = fields.Date("assessedOn", required: wasDone),
            Nrs = fields.Whole("nrs", Nrs.Range, "points, higher is worse"),
            Pdi = fields.Whole("pdi", Pdi.Range, "points, higher is worse"),
            PdiItems = ReadItems(fields),
            Mode = fields.Code<AssessmentMode>("mode"),
            NotDone = notDone,
        };

        if (wasDone)
        {
            if (!fields.Has("nrs") && !fields.Has("pdi") && !fields.Has("pdiItems"))
            {
                fields.Refuse(string.Empty, "nothing-recorded", "State nrs, pdi or pdiItems, or say with notDone why the visit did not take place.");
            }

            return WithTotal(fields, assessment);
        }

        foreach (var score in Scores.Where(fields.Has))
        {
            fields.Refuse(score, "not-done-and-done", $"A visit that was not done has no '{score}'.");
        }

        return assessment;
    }

    public override (string? Code, Fault? Fault) Locate(Dossier dossier, object content)
    {
        var assessedOn = ((Assessment)content).AssessedOn;
        if (assessedOn is null)
        {
            return (null, new Fault("/timepoint", "missing", "Without a date the timepoint has to be stated.", Allowed: Timepoints));
        }

        var (timepoint, fault) = dossier.Chart.TimepointOn(assessedOn.Value);
        return (Code.Of(timepoint), fault);
    }

    public override bool TellsKey(string pointer) => pointer is "/timepoint" or "/assessedOn";

    protected override Task<IReadOnlyList<Fault>> Check(Session session, Dossier dossier, ResourceAddress address, Assessment content) =>
        Task.FromResult<IReadOnlyList<Fault>>(
        [
            .. dossier.NewContradictions(chart => chart with { Assessments = chart.Assessments.With(Code.Parse<Timepoint>(address.Code!)!.Value, content) })
                .Select(broken => broken.AsFault("/assessedOn")),
        ]);

    public override IReadOnlyDictionary<string, object?> Columns(Assessment content) => new Dictionary<string, object?>
    {
        ["assessed_on"] = content.AssessedOn,
        ["nrs"] = content.Nrs,
        ["pdi"] = content.Pdi,
        ["pdi_family_home"] = content.PdiItems?.FamilyHome,
        ["pdi_recreation"] = content.PdiItems?.Recreation,
        ["pdi_social"] = content.PdiItems?.Social,
        ["pdi_occupation"] = content.PdiItems?.Occupation,
        ["pdi_sexual"] = content.PdiItems?.Sexual,
        ["pdi_self_care"] = content.PdiItems?.SelfCare,
        ["pdi_life_support"] = content.PdiItems?.LifeSupport,
        ["assessment_mode"] = Code.Of(content.Mode),
        ["not_done_reason"] = Code.Of(content.NotDone),
    };

    public override JsonObject Present(Dossier dossier, ResourceAddress address, string content)
    {
        var assessment = Json.Read<Assessment>(content);
        var json = new JsonObject { ["timepoint"] = address.Code };
        foreach (var (name, value) in base.Present(dossier, address, content))
        {
            json[name] = value?.DeepClone();
        }

        if (dossier.Chart.DaysFromTimeZero(assessment.AssessedOn) is { } days)
        {
            json["daysFromTimeZero"] = days;
        }

        json["window"] = Code.Of(dossier.Chart.Place(Code.Parse<Timepoint>(address.Code!)!.Value, assessment.AssessedOn));
        return json;
    }

    // Two visits in one window: which of them the timepoint means is for the sender to say, with the target day in view.
    public override (string Member, string Value, string Sentence)? Compare(Dossier dossier, ResourceAddress address, string current, object proposed)
    {
        var (here, there) = (Json.Read<Assessment>(current), (Assessment)proposed);
        var timepoint = Code.Parse<Timepoint>(address.Code!)!.Value;
        return here.AssessedOn != there.AssessedOn
            && here.NotDone is null
            && there.NotDone is null
            && dossier.Chart.DaysFromTarget(timepoint, here.AssessedOn) is { } currentDays
            && dossier.Chart.DaysFromTarget(timepoint, there.AssessedOn) is { } proposedDays
            ? (
                "nearerToTarget",
                Math.Abs(currentDays).CompareTo(Math.Abs(proposedDays)) switch { < 0 => "current", > 0 => "proposed", _ => "equal" },
                FormattableString.Invariant($"The current visit, on {here.AssessedOn:yyyy-MM-dd}, lies {Math.Abs(currentDays)} days from the target day, {here.AssessedOn!.Value.AddDays(-currentDays):yyyy-MM-dd}; the proposed one, on {there.AssessedOn:yyyy-MM-dd}, {Math.Abs(proposedDays)} days."))
            : null;
    }

    private static PdiItems? ReadItems(FieldReader fields)
    {
        if (fields.Object("pdiItems") is not { } items)
        {
            return null;
        }

        var values = Items.ToDictionary(item => item, item => items.Whole(item, Pdi.ItemRange, "points; null for an item left unanswered", required: true, orNull: true));
        items.RefuseUnknown();
        return new PdiItems(
            values["familyHome"], values["recreation"], values["social"], values["occupation"], values["sexual"], values["selfCare"], values["lifeSupport"]);
    }

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
                sum is null ? "With an item left unanswered there is no total: leave 'pdi' out." : FormattableString.Invariant($"'pdi' is {stated}, and its items add up to {sum}."),
                stated.ToString(System.Globalization.CultureInfo.InvariantCulture),
                sum);
        }

        return assessment with { Pdi = total };
    }
}
