using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Cases;

/// <summary>A case as it is read back, with everything under it. For the contract: the members of a case, and these.</summary>
internal sealed record CaseResponse
{
    // Another build may show the same case in other words.
    private static readonly string Build = typeof(CaseResponse).Module.ModuleVersionId.ToString("N")[..8];

    /// <summary>The site.</summary>
    public required string Site { get; init; }

    /// <summary>The site's own case number.</summary>
    public required string Case { get; init; }

    /// <summary>The pseudonymous patient.</summary>
    public required Patient Patient { get; init; }

    /// <summary>The procedure.</summary>
    public required Procedure Procedure { get; init; }

    /// <summary>What the patient is treated for.</summary>
    public required Indication Indication { get; init; }

    /// <summary>The side of the pain.</summary>
    [Missing("absent when not recorded")]
    public PainSide? PainSide { get; init; }

    /// <summary>The painful dermatomes.</summary>
    [Missing("absent when not recorded")]
    public IReadOnlyList<string>? PainLevels { get; init; }

    /// <summary>How long the pain had lasted, in whole months.</summary>
    [Unit("months")]
    [Missing("absent when not recorded")]
    public int? PainDurationMonths { get; init; }

    /// <summary>The same patient's earlier case that this one follows.</summary>
    [Missing("absent for a primary case")]
    public string? PrecedingCase { get; init; }

    /// <summary>The tag of the case's own record, for correcting it.</summary>
    public required string Etag { get; init; }

    /// <summary>First implant, operation, or start of a trial without implant.</summary>
    [Missing("absent when none is recorded")]
    public DateOnly? TimeZero { get; init; }

    /// <summary>Age at time zero in whole years, from the year of birth.</summary>
    [Unit("years")]
    [Missing("absent without a time zero")]
    public int? AgeYears { get; init; }

    /// <summary>The six follow-up visits in order, as they stand today at the site; empty without a time zero.</summary>
    public required IReadOnlyList<ScheduledVisit> Schedule { get; init; }

    /// <summary>The events, by date, each with its key as 'event' and its ETag as 'etag'.</summary>
    public required IReadOnlyList<JsonObject> Events { get; init; }

    /// <summary>The assessments, from baseline on, each with its timepoint, days from time zero, window and ETag.</summary>
    public required IReadOnlyList<JsonObject> Assessments { get; init; }

    /// <summary>The adverse events, by key.</summary>
    public required IReadOnlyList<JsonObject> AdverseEvents { get; init; }

    /// <summary>The costs, by key.</summary>
    public required IReadOnlyList<JsonObject> Costs { get; init; }

    /// <summary>The stays, by key.</summary>
    public required IReadOnlyList<JsonObject> Stays { get; init; }

    /// <summary>The case with everything under it, as JSON.</summary>
    public static JsonObject Of(PersonRecords person, CaseRecords records, DateOnly today, RecordAddress address, RecordKinds kinds)
    {
        var chart = records.Chart!;
        var json = new JsonObject { ["site"] = address.Site.ToString(), ["case"] = address.Case.ToString() };
        var content = JsonNode.Parse(records.Current(kinds.Case, RecordAddress.Itself)!.Content)!.AsObject();
        foreach (var (name, value) in content)
        {
            json[name] = value?.DeepClone();
        }

        if (chart.TimeZero is { } zero)
        {
            json["timeZero"] = zero.Iso();
            json["ageYears"] = zero.Year - chart.Case.Patient.BirthYear;
        }

        json["etag"] = RecordHeaders.ETag(records.Current(kinds.Case, RecordAddress.Itself)!);
        json["schedule"] = JsonSerializer.SerializeToNode(Cases.Schedule.Of(person.Person, records.Code, today), Json.Options);
        json["events"] = new JsonArray([.. Under(kinds.Event).OrderBy(item => item["occurredOn"]!.GetValue<string>(), StringComparer.Ordinal)]);
        json["assessments"] = new JsonArray([.. Under(kinds.Assessment).OrderBy(item => Domain.Common.Code.Parse<Domain.Assessments.Timepoint>(item["timepoint"]!.GetValue<string>()))]);
        json["adverseEvents"] = new JsonArray([.. Under(kinds.AdverseEvent)]);
        json["costs"] = new JsonArray([.. Under(kinds.Cost)]);
        json["stays"] = new JsonArray([.. Under(kinds.Stay)]);
        return json;

        IEnumerable<JsonObject> Under(RecordKind kind) =>
            records.All(kind).Select(record => kind.PresentWithTag(records, address with { Code = record.Code }, record.Record.Version));
    }

    /// <summary>
    /// The tag of a case with everything under it, as it stands on a day: another one whenever anything of the person is recorded.
    /// </summary>
    public static string ETag(PersonRecords person, DateOnly today) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{person.Stamp:x16}-{today.DayNumber:x}-{Build}\"");

    /// <summary>Whether a tag is that of a case as it is recorded now, on whatever day it was read.</summary>
    public static bool IsTagOf(PersonRecords person, string tag) => tag.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{person.Stamp:x16}-"), StringComparison.Ordinal);
}
