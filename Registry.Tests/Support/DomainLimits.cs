using System.Reflection;
using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Tests.Support;

/// <summary>What the domain allows in each constrained column, in the form of <see cref="CheckConstraints"/>.</summary>
internal static class DomainLimits
{
    private const string Flag = "0|1";

    /// <summary>The limits by <c>table.column</c>.</summary>
    public static IReadOnlyDictionary<string, string> ByColumn { get; } = new SortedDictionary<string, string>(
        new[]
        {
            Of<CaseRecord>("treatment_case"),
            Of<TreatmentEvent>("treatment_event"),
            Of<Assessment>("assessment"),
            Of<AdverseEvent>("adverse_event"),
            Of<CostItem>("cost_item"),
            Of<HospitalStay>("hospital_stay"),
        }.SelectMany(limits => limits).Concat(OfOthers).ToDictionary(),
        StringComparer.Ordinal);

    // What no member of a record says.
    private static Dictionary<string, string> OfOthers => new()
    {
        ["assessment.timepoint"] = Codes(typeof(Timepoint)),
        ["cost_item.amount_thousandths"] = FormattableString.Invariant($"0..{CostItem.MaxAmount * Thousandths}"),
        ["resource_version.kind"] = string.Join('|', Kinds()),
        ["resource_version.version"] = "1..",
        ["resource_version.is_retracted"] = Flag,
    };

    private static int Thousandths => Enumerable.Repeat(10, Currency.MaxDecimals).Aggregate(1, (product, ten) => product * ten);

    private static IEnumerable<string> Kinds()
    {
        var all = new RecordKinds();
        return [all.Site.Name, all.Case.Name, all.Assessment.Name, all.Event.Name, all.AdverseEvent.Name, all.Cost.Name, all.Stay.Name];
    }

    private static IEnumerable<KeyValuePair<string, string>> Of<T>(string table)
        where T : class =>
        from column in FieldSet<T>.Declared.Columns
        let limit = Of(column.Member)
        where limit is not null
        select KeyValuePair.Create($"{table}.{column.Name}", limit);

    private static string? Of(PropertyInfo member) => (Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType) switch
    {
        { IsEnum: true } codes => Codes(codes),
        var type when type == typeof(bool) => Flag,
        _ when member.GetCustomAttribute<WholeRangeAttribute>() is { Range: var range } =>
            FormattableString.Invariant($"{range.Min}..{range.Max}"),
        _ when member.GetCustomAttribute<DecimalRangeAttribute>() is { Range: var range } =>
            FormattableString.Invariant($"{range.Min}..{range.Max}"),
        _ => null,
    };

    private static string Codes(Type enumeration) =>
        string.Join('|', (IEnumerable<string>)typeof(Code).GetMethod(nameof(Code.All))!.MakeGenericMethod(enumeration).Invoke(null, [])!);
}
