using System.Globalization;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Analysis;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Tests.Support;

/// <summary>All recorded cases of one person, as the derivation takes them.</summary>
internal static class RecordedPerson
{
    /// <summary>The persons of a registry.</summary>
    public static IEnumerable<Person> In(RecordedRegistry registry) =>
        registry.Cases.GroupBy(one => (one.Site, one.Record.Patient.Reference)).Select(cases => Of([.. cases]));

    /// <summary>The person of these cases, numbered from 1.</summary>
    public static Person Of(IReadOnlyList<RecordedCase> cases) => new(
        1, SiteCode.Of(cases[0].Site), [.. cases.Select((one, index) => new PersonCase(1 + index, CaseCode.Of(one.Code), ChartOf(one)))]);

    private static CaseChart ChartOf(RecordedCase one) => new(
        one.Record,
        Keyed<TreatmentEvent>(one.Events),
        one.Assessments,
        Keyed<AdverseEvent>(one.AdverseEvents),
        Keyed<CostItem>(one.Costs),
        Keyed<HospitalStay>(one.Stays));

    private static Dictionary<string, T> Keyed<T>(List<T> records) =>
        records.Index().ToDictionary(pair => pair.Index.ToString("D3", CultureInfo.InvariantCulture), pair => pair.Item);
}
