using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hl7.Fhir.Model;
using Registry.Api.Assessments;
using Registry.Api.Http;
using Registry.Domain.Assessments;
using Code = Registry.Domain.Common.Code;
using SiteCode = Registry.Domain.Common.SiteCode;

namespace Registry.Api.Fhir;

/// <summary>
/// How assessments and FHIR resources say the same. An Observation is one instrument of an assessment; a QuestionnaireResponse is the seven
/// items of the Pain Disability Index. A visit that was not done is an Observation with a dataAbsentReason.
/// </summary>
internal static partial class FhirMapping
{
    /// <summary>The registry's own code system: <c>pdi</c> and its items, how an assessment was taken, and why one was not done.</summary>
    public const string Codes = "urn:registry:codes";

    /// <summary>The code system of LOINC.</summary>
    public const string Loinc = "http://loinc.org";

    /// <summary>The extension that states the timepoint; without it the timepoint is derived from the date.</summary>
    public const string TimepointExtension = "urn:registry:timepoint";

    /// <summary>The code of a fault: what was sent is valid FHIR, and not taken here.</summary>
    public const string NotTaken = "not-taken";

    /// <summary>The code of the Pain Disability Index. It has no LOINC code.</summary>
    public const string PdiCode = "pdi";

    /// <summary>The LOINC codes of the Numeric Rating Scale, the first of which is written.</summary>
    public static readonly IReadOnlyList<string> NrsCodes = ["72514-3", "38208-5"];

    /// <summary>The code system of the reasons why there is no value.</summary>
    public const string AbsentReasons = "http://terminology.hl7.org/CodeSystem/data-absent-reason";

    /// <summary>The items of the Pain Disability Index in their order: the member of the assessment, and the code.</summary>
    public static readonly IReadOnlyList<(string Member, string Code)> Items =
    [
        .. AssessmentKind.Items.Select(item => (item, "pdi-" + JsonNamingPolicy.KebabCaseLower.ConvertName(item))),
    ];

    /// <summary>The codes of <see cref="AbsentReasons"/> that say why a visit was not done.</summary>
    public static readonly IReadOnlyDictionary<string, NotDoneReason> StandardReasons = new Dictionary<string, NotDoneReason>
    {
        ["asked-declined"] = NotDoneReason.Declined,
        ["not-performed"] = NotDoneReason.NotDoneBySite,
    };

    /// <summary>The system of the patients of a site.</summary>
    public static string PatientSystem(SiteCode site) => $"urn:registry:site:{site}:patient";

    /// <summary>The system of the cases of a site.</summary>
    public static string CaseSystem(SiteCode site) => $"urn:registry:site:{site}:case";

    /// <summary>The site whose patients a system is about; null for another system.</summary>
    public static SiteCode? SiteOfPatients(string system) => Site(system, "patient");

    /// <summary>The site whose cases a system is about; null for another system.</summary>
    public static SiteCode? SiteOfCases(string? system) => Site(system, "case");

    /// <summary>The instrument that a code names, with or without its system; null for another code.</summary>
    public static Instrument? InstrumentOf(string? system, string? code) => (system, code) switch
    {
        (Loinc or null, { } nrs) when NrsCodes.Contains(nrs) => Instrument.Nrs,
        (Codes or null, PdiCode) => Instrument.Pdi,
        _ => null,
    };

    /// <summary>A score as an Observation.</summary>
    public static Observation ToObservation(
        ScoreAddress address, string patient, ScoreVersion version, IReadOnlyList<SenderIdentifier> identifiers)
    {
        var held = version.Held;
        var isPdi = address.Instrument == Instrument.Pdi;
        return new Observation
        {
            Id = address.Id,
            Meta = MetaOf(version),
            Identifier = [new Identifier(ScoreAddress.System, address.Identifier), .. Own(address, version, identifiers, "Observation")],
            Status = version switch
            {
                { IsWithdrawn: true } => ObservationStatus.EnteredInError,
                { IsAmended: false } => ObservationStatus.Final,
                _ => ObservationStatus.Amended,
            },
            Category = [new CodeableConcept("http://terminology.hl7.org/CodeSystem/observation-category", "survey")],
            Code = isPdi
                ? new CodeableConcept(Codes, PdiCode, "Pain Disability Index", null)
                : new CodeableConcept(Loinc, NrsCodes[0], "Pain severity - 0-10 verbal numeric rating [Score] - Reported", null),
            Subject = SubjectOf(address.Site, patient),
            PartOf = [CaseOf(address)],
            Extension = [TimepointOf(address)],
            Effective = held.AssessedOn is { } on ? new FhirDateTime(on.Year, on.Month, on.Day) : null,
            Method = held.Mode is { } mode ? new CodeableConcept(Codes, Code.Of(mode)) : null,
            Value = (isPdi ? held.Pdi : held.Nrs) is { } total ? new Integer(total) : null,
            DataAbsentReason = held.NotDone is { } reason ? Reason(reason) : null,
            Component = isPdi && held.PdiItems is { } items
                ? [.. Items.Zip(Answers(items), (item, answer) => new Observation.ComponentComponent
                {
                    Code = new CodeableConcept(Codes, item.Code),
                    Value = answer is { } points ? new Integer(points) : null,
                    DataAbsentReason = answer is null ? new CodeableConcept(AbsentReasons, "unknown") : null,
                })]
                : [],
        };
    }

    /// <summary>The items of the Pain Disability Index as a QuestionnaireResponse; null where no items are recorded.</summary>
    public static QuestionnaireResponse? ToResponse(
        ScoreAddress address, string patient, ScoreVersion version, IReadOnlyList<SenderIdentifier> identifiers) =>
        version.Held.PdiItems is not { } items
            ? null
            : new QuestionnaireResponse
            {
                Id = address.Id,
                Meta = MetaOf(version),
                Identifier = Own(address, version, identifiers, "QuestionnaireResponse").LastOrDefault()
                    ?? new Identifier(ScoreAddress.System, address.Identifier),
                Status = version switch
                {
                    { IsWithdrawn: true } => QuestionnaireResponse.QuestionnaireResponseStatus.EnteredInError,
                    { IsAmended: false } => QuestionnaireResponse.QuestionnaireResponseStatus.Completed,
                    _ => QuestionnaireResponse.QuestionnaireResponseStatus.Amended,
                },
                Subject = SubjectOf(address.Site, patient),
                PartOf = [CaseOf(address)],
                Extension = [TimepointOf(address)],
                Authored = version.Held.AssessedOn?.Iso(),
                Item = [.. Items.Zip(Answers(items), (item, answer) => new QuestionnaireResponse.ItemComponent
                {
                    LinkId = item.Code,
                    Answer = answer is { } points ? [new QuestionnaireResponse.AnswerComponent { Value = new Integer(points) }] : [],
                })],
            };

    // Those that the version has, of those that a resource of the type stated.
    private static IEnumerable<Identifier> Own(
        ScoreAddress address, ScoreVersion version, IReadOnlyList<SenderIdentifier> identifiers, string type) =>
        from one in identifiers.Take(ScoreVersion.IdentifiersOf(version.Held, address.Instrument))
        where one.ResourceType == type && one.Value.Length > 0
        select new Identifier { System = one.System.Length > 0 ? one.System : null, Value = one.Value };

    private static Meta MetaOf(ScoreVersion version) => new()
    {
        VersionId = version.Number.ToString(CultureInfo.InvariantCulture),
        LastUpdated = version.RecordedAt is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : null,
    };

    private static ResourceReference SubjectOf(SiteCode site, string patient) =>
        new() { Type = "Patient", Identifier = new Identifier(PatientSystem(site), patient) };

    private static ResourceReference CaseOf(ScoreAddress address) =>
        new() { Type = "Procedure", Identifier = new Identifier(CaseSystem(address.Site), address.Case.ToString()) };

    private static Extension TimepointOf(ScoreAddress address) => new(TimepointExtension, new Hl7.Fhir.Model.Code(address.Timepoint));

    private static CodeableConcept Reason(NotDoneReason reason) => new()
    {
        Coding =
        [
            new Coding(Codes, Code.Of(reason)),
            .. StandardReasons.Where(pair => pair.Value == reason).Select(pair => new Coding(AbsentReasons, pair.Key)),
        ],
    };

    private static int?[] Answers(PdiItems items) =>
        [items.FamilyHome, items.Recreation, items.Social, items.Occupation, items.Sexual, items.SelfCare, items.LifeSupport];

    private static SiteCode? Site(string? system, string of) =>
        system is not null && SystemOfSite().Match(system) is { Success: true } match && match.Groups["of"].Value == of
            && SiteCode.TryParse(match.Groups["site"].Value, null, out var site)
            ? site
            : null;

    [GeneratedRegex(@"^urn:registry:site:(?<site>[^:]{1,64}):(?<of>patient|case)\z")]
    private static partial Regex SystemOfSite();
}
