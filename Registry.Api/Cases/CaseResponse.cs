using System.Globalization;
using System.Text.Json.Serialization;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Cases;

/// <summary>A case as it is read back: where it is, its own record, and everything under it.</summary>
[JsonConverter(typeof(RecordViewWriter))]
internal sealed record CaseResponse(CaseAddress Address, CaseRecord Case, CaseContents Contents) : RecordView(Address, Case, Contents)
{
    // Another build may show the same case in other words.
    private static readonly string Build = typeof(CaseResponse).Module.ModuleVersionId.ToString("N")[..8];

    /// <summary>A case as it stands on a day at its site.</summary>
    public static CaseResponse Of(PersonRecords person, CaseRecords records, DateOnly today, RecordAddress address, RecordKinds kinds)
    {
        var chart = records.Chart!;
        var contents = new CaseContents(
            chart.TimeZero,
            chart.TimeZero?.Year - chart.Case.Patient.BirthYear,
            RecordHeaders.ETag(records.Current(kinds.Case, RecordAddress.Itself)!),
            Schedule.Of(person.Person, records.Code, today),
            Under(kinds.Event, record => ((TreatmentEvent)record.Content).OccurredOn),
            Under(kinds.Assessment, record => Code.Parse<Timepoint>(record.Code)),
            Under(kinds.AdverseEvent),
            Under(kinds.Cost),
            Under(kinds.Stay));
        return new CaseResponse(new CaseAddress(address.Site, address.Case), chart.Case, contents);

        // In the order of their keys, which stands where the other order does not tell them apart.
        IReadOnlyList<RecordView> Under(RecordKind kind, Func<(string Code, object Content), object?>? order = null) =>
        [
            .. records.All(kind)
                .OrderBy(record => order?.Invoke((record.Code, record.Record.Content)))
                .Select(record => kind.ShowInList(records, address with { Code = record.Code }, record.Record)),
        ];
    }

    /// <summary>
    /// The tag of a case with everything under it, as it stands on a day: another one whenever anything of the person is recorded.
    /// </summary>
    public static string ETag(PersonRecords person, DateOnly today) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{person.Stamp:x16}-{today.DayNumber:x}-{Build}\"");

    /// <summary>Whether a tag is that of a case as it is recorded now, on whatever day it was read.</summary>
    public static bool IsTagOf(PersonRecords person, string tag) =>
        tag.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{person.Stamp:x16}-"), StringComparison.Ordinal);
}

/// <summary>Where a case is.</summary>
/// <param name="Site">The site.</param>
/// <param name="Case">The site's own case number.</param>
[ReadBackWith(typeof(CaseRecord))]
internal sealed record CaseAddress(SiteCode Site, CaseCode Case);

/// <summary>What is read back of a case besides its own record.</summary>
/// <param name="TimeZero">First implant, operation, or start of a trial without implant.</param>
/// <param name="AgeYears">Age at time zero in whole years, from the year of birth.</param>
/// <param name="Etag">The tag of the case's own record, for correcting it.</param>
/// <param name="Schedule">The six follow-up visits in order, as they stand today at the site; empty without a time zero.</param>
/// <param name="Events">The events, by date, each with its key as 'event' and its ETag as 'etag'.</param>
/// <param name="Assessments">The assessments, from baseline on, each with its timepoint, days from time zero, window and ETag.</param>
/// <param name="AdverseEvents">The adverse events, by key.</param>
/// <param name="Costs">The costs, by key.</param>
/// <param name="Stays">The stays, by key.</param>
[ReadBackWith(typeof(CaseRecord))]
internal sealed record CaseContents(
    [Missing("absent when none is recorded")] DateOnly? TimeZero,
    [Unit("years"), Missing("absent without a time zero")] int? AgeYears,
    string Etag,
    IReadOnlyList<ScheduledVisit> Schedule,
    IReadOnlyList<RecordView> Events,
    IReadOnlyList<RecordView> Assessments,
    IReadOnlyList<RecordView> AdverseEvents,
    IReadOnlyList<RecordView> Costs,
    IReadOnlyList<RecordView> Stays);
