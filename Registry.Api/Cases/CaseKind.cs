using Registry.Api.Events;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Cases;

/// <summary>Cases.</summary>
internal sealed class CaseKind : RecordKind<CaseRecord>
{
    public override string Name => "case";

    public override string? RouteKey => null;

    public override string PathOf(RecordAddress address) => $"/api/v1/sites/{address.Site}/cases/{address.Case}";

    public override string PointerOf(ContradictionAbout about) => about switch
    {
        ContradictionAbout.Date => string.Empty,
        ContradictionAbout.EventType => "/procedure",
        ContradictionAbout.Sex => "/patient/sex",
        ContradictionAbout.BirthYear => "/patient/birthYear",
        ContradictionAbout.PrecedingCase => "/precedingCase",
        _ => throw new ArgumentOutOfRangeException(nameof(about), about, "not a subject of a contradiction"),
    };

    public override IEnumerable<Fault> Check(CaseChart chart, object content) =>
        chart.Events.Values.SelectMany(happened => EventKind.DetailsOfOtherProcedure(chart.Case.Procedure, happened))
            .Select(fault => fault with { Where = "/procedure" });

    /// <summary>The columns of a case besides its keys, in the order of <see cref="Values"/>.</summary>
    public static IReadOnlyList<string> Columns => FieldSet<CaseRecord>.Declared.ColumnNames;

    /// <summary>The values of <see cref="Columns"/>.</summary>
    public static object?[] Values(CaseRecord content) => FieldSet<CaseRecord>.Declared.Row(content);
}
