using System.Reflection;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Events;

/// <summary>Treatment events.</summary>
internal sealed class EventKind() : CaseItemKind<TreatmentEvent>(
    "event", key: "event", table: "treatment_event", keyColumn: "event_code", folder: "events", date: "occurredOn")
{
    private static readonly FieldSet<TreatmentEvent> Members = FieldSet<TreatmentEvent>.Declared;
    private static readonly Field<TreatmentEvent> Type = Members[nameof(TreatmentEvent.Type)];

    // What is read besides the type, and whether it has to be stated. Without a type no detail can be said to be out of place.
    private static readonly (Field<TreatmentEvent> Field, bool IsRequired)[] OfAnyType =
    [
        .. Members.All.Where(field => field != Type).Select(field => (field, field.IsRequired)),
    ];

    private static readonly Dictionary<EventType, (Field<TreatmentEvent> Field, bool IsRequired)[]> OfType =
        Enum.GetValues<EventType>().ToDictionary(type => type, MembersOf);

    private static readonly (string Name, Func<TreatmentEvent, object?> Value, Procedure Procedure)[] OfOneProcedure =
    [
        .. from field in Members.All
           let only = field.Member.GetCustomAttribute<DetailOfProcedureAttribute>()
           where only is not null
           select (field.Name, field.Columns.Single().Value, only.Procedure),
    ];

    protected override TreatmentEvent? Read(FieldReader fields, string? code)
    {
        var content = FieldSet<TreatmentEvent>.Empty();
        var hasType = Type.Read(fields, content, isRequired: true);
        var isWhole = hasType;
        foreach (var (field, isRequired) in hasType ? OfType[content.Type] : OfAnyType)
        {
            isWhole &= field.Read(fields, content, isRequired) || !field.IsRequired;
        }

        return isWhole ? content : null;
    }

    public override CaseChart Enter(CaseChart chart, IEnumerable<(string Code, object? Content)> changes) =>
        chart with { Events = Changed(chart.Events, changes, code => code) };

    public override IEnumerable<Fault> Check(CaseChart chart, object content) =>
        DetailsOfOtherProcedure(chart.Case.Procedure, (TreatmentEvent)content);

    public override string PointerOf(ContradictionAbout about) => about == ContradictionAbout.EventType ? "/type" : base.PointerOf(about);

    /// <summary>The details that a case of this procedure does not have.</summary>
    public static IEnumerable<Fault> DetailsOfOtherProcedure(Procedure procedure, TreatmentEvent content) =>
        from detail in OfOneProcedure
        where procedure != detail.Procedure && detail.Value(content) is not null
        select new Fault(
            "/" + detail.Name,
            "detail-not-of-procedure",
            $"'{detail.Name}' belongs to {Code.Of(detail.Procedure)}, and this is a case of {Code.Of(procedure)}.");

    private static (Field<TreatmentEvent> Field, bool IsRequired)[] MembersOf(EventType type) =>
    [
        .. from member in OfAnyType
           let detail = member.Field.Member.GetCustomAttribute<DetailOfAttribute>()
           where detail?.Types.Contains(type) != false
           select (member.Field, member.IsRequired || detail?.IsRequired == true),
    ];
}
