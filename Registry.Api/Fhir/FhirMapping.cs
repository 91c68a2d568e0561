using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hl7.Fhir.Model;
using Registry.Api.Assessments;
using Registry.Domain.Assessments;
using CaseCode = Registry.Domain.Common.CaseCode;
using Code = Registry.Domain.Common.Code;
using Fault = Registry.Domain.Common.Fault;
using Key = Registry.Domain.Common.Identifier;
using SiteCode = Registry.Domain.Common.SiteCode;

namespace Registry.Api.Fhir;

/// <summary>What a message does to a score.</summary>
internal enum ScoreStatus
{
    /// <summary>States it: status final, or completed.</summary>
    Final,

    /// <summary>Corrects it: status amended or corrected.</summary>
    Changed,

    /// <summary>Takes it away: status entered-in-error.</summary>
    EnteredInError,
}

/// <summary>A score as a FHIR resource states it, with everything that is wrong with the resource.</summary>
internal sealed class ReceivedScore(Resource resource)
{
    private readonly Dictionary<string, string> _expressions = new(StringComparer.Ordinal);

    /// <summary>The resource.</summary>
    public Resource Resource => resource;

    /// <summary>The instrument; null with a fault.</summary>
    public Instrument? Instrument { get; set; }

    /// <summary>The site; none with a fault.</summary>
    public SiteCode Site { get; set; }

    /// <summary>The case; none with a fault.</summary>
    public CaseCode Case { get; set; }

    /// <summary>The site's own reference of the patient; empty with a fault.</summary>
    public string Patient { get; set; } = string.Empty;

    /// <summary>What the message does.</summary>
    public ScoreStatus Status { get; set; }

    /// <summary>The text of the first note; null without.</summary>
    public string? Note { get; set; }

    /// <summary>The identifiers of the resource, that of the registry among them where it is stated; each once.</summary>
    public IReadOnlyList<SenderIdentifier> Identifiers { get; set; } = [];

    /// <summary>The assessment in the registry's own form.</summary>
    public JsonObject Assessment { get; } = [];

    /// <summary>Every fault of the resource.</summary>
    public List<Fault> Faults { get; } = [];

    /// <summary>States a member of the assessment, and where in the resource it stands.</summary>
    public void State(string member, string element, JsonNode? value)
    {
        _expressions["/" + member] = Expression(element);
        if (value is not null)
        {
            Assessment[member] = value;
        }
    }

    /// <summary>Says where in the resource a member stands.</summary>
    public void Place(string pointer, string element) => _expressions[pointer] = Expression(element);

    /// <summary>Notes a fault.</summary>
    public void Refuse(string element, string code, string detail, string? value = null, string? allowed = null) => Faults.Add(new Fault(Expression(element), code, detail, value, allowed));

    /// <summary>A fault of the assessment as one of the resource.</summary>
    public Fault Translate(Fault fault)
    {
        for (var pointer = fault.Where; pointer.Length > 0; pointer = pointer[..pointer.LastIndexOf('/')])
        {
            if (_expressions.TryGetValue(pointer, out var expression))
            {
                return fault with { Where = expression };
            }
        }

        return fault with { Where = _expressions.GetValueOrDefault(string.Empty, resource.TypeName) };
    }

    private string Expression(string element) => element.Length == 0 ? resource.TypeName : $"{resource.TypeName}.{element}";
}

/// <summary>
/// How assessments and FHIR resources say the same. An Observation is one instrument of an assessment; a QuestionnaireResponse is the seven items of the
/// Pain Disability Index. A visit that was not done is an Observation with a dataAbsentReason.
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

    private const string AbsentReasons = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    private const string UnitsOfMeasure = "http://unitsofmeasure.org";
    private const int LengthOfDate = 10;

    private static readonly (string Member, string Code)[] Items = [.. AssessmentKind.Items.Select(item => (item, "pdi-" + JsonNamingPolicy.KebabCaseLower.ConvertName(item)))];
    private static readonly string ItemCodes = string.Join(", ", Items.Select(item => item.Code));
    private static readonly string[] PlainUnits = ["1", "{score}", "{points}"];
    private static readonly Dictionary<string, NotDoneReason> StandardReasons = new() { ["asked-declined"] = NotDoneReason.Declined, ["not-performed"] = NotDoneReason.NotDoneBySite };

    /// <summary>Reads an Observation or a QuestionnaireResponse; null for any other resource.</summary>
    public static ReceivedScore? Read(Resource resource) => resource switch
    {
        Observation observation => Read(observation),
        QuestionnaireResponse response => Read(response),
        _ => null,
    };

    /// <summary>The system of the patients of a site.</summary>
    public static string PatientSystem(SiteCode site) => $"urn:registry:site:{site}:patient";

    /// <summary>The system of the cases of a site.</summary>
    public static string CaseSystem(SiteCode site) => $"urn:registry:site:{site}:case";

    /// <summary>The site whose patients a system is about; null for another system.</summary>
    public static SiteCode? SiteOfPatients(string system) => Site(system, "patient");

    /// <summary>The instrument that a code names, with or without its system; null for another code.</summary>
    public static Instrument? InstrumentOf(string? system, string? code) => (system, code) switch
    {
        (Loinc or null, { } nrs) when NrsCodes.Contains(nrs) => Instrument.Nrs,
        (Codes or null, PdiCode) => Instrument.Pdi,
        _ => null,
    };

    /// <summary>A score as an Observation.</summary>
    public static Observation ToObservation(ScoreAddress address, string patient, ScoreVersion version, IReadOnlyList<SenderIdentifier> identifiers)
    {
        var held = version.Held;
        var isPdi = address.Instrument == Instrument.Pdi;
        return new Observation
        {
            Id = address.Id,
            Meta = MetaOf(version),
            Identifier = [new Identifier(ScoreAddress.System, address.Identifier), .. Own(address, version, identifiers, "Observation")],
            Status = version switch { { IsWithdrawn: true } => ObservationStatus.EnteredInError, { IsAmended: false } => ObservationStatus.Final, _ => ObservationStatus.Amended },
            Category = [new CodeableConcept("http://terminology.hl7.org/CodeSystem/observation-category", "survey")],
            Code = isPdi ? new CodeableConcept(Codes, PdiCode, "Pain Disability Index", null) : new CodeableConcept(Loinc, NrsCodes[0], "Pain severity - 0-10 verbal numeric rating [Score] - Reported", null),
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
    public static QuestionnaireResponse? ToResponse(ScoreAddress address, string patient, ScoreVersion version, IReadOnlyList<SenderIdentifier> identifiers) =>
        version.Held.PdiItems is not { } items
            ? null
            : new QuestionnaireResponse
            {
                Id = address.Id,
                Meta = MetaOf(version),
                Identifier = Own(address, version, identifiers, "QuestionnaireResponse").LastOrDefault() ?? new Identifier(ScoreAddress.System, address.Identifier),
                Status = version switch
                {
                    { IsWithdrawn: true } => QuestionnaireResponse.QuestionnaireResponseStatus.EnteredInError,
                    { IsAmended: false } => QuestionnaireResponse.QuestionnaireResponseStatus.Completed,
                    _ => QuestionnaireResponse.QuestionnaireResponseStatus.Amended,
                },
                Subject = SubjectOf(address.Site, patient),
                PartOf = [CaseOf(address)],
                Extension = [TimepointOf(address)],
                Authored = version.Held.AssessedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                Item = [.. Items.Zip(Answers(items), (item, answer) => new QuestionnaireResponse.ItemComponent
                {
                    LinkId = item.Code,
                    Answer = answer is { } points ? [new QuestionnaireResponse.AnswerComponent { Value = new Integer(points) }] : [],
                })],
            };

    // Those that the version has, of those that a resource of the type stated.
    private static IEnumerable<Identifier> Own(ScoreAddress address, ScoreVersion version, IReadOnlyList<SenderIdentifier> identifiers, string type) =>
        from one in identifiers.Take(ScoreVersion.IdentifiersOf(version.Held, address.Instrument))
        where one.ResourceType == type && one.Value.Length > 0
        select new Identifier { System = one.System.Length > 0 ? one.System : null, Value = one.Value };

    private static ReceivedScore Read(Observation observation)
    {
        var score = new ReceivedScore(observation) { Note = observation.Note.FirstOrDefault()?.Text };
        score.Status = observation.Status switch
        {
            ObservationStatus.Final => ScoreStatus.Final,
            ObservationStatus.Amended or ObservationStatus.Corrected => ScoreStatus.Changed,
            ObservationStatus.EnteredInError => ScoreStatus.EnteredInError,
            var other => RefuseStatus(score, Hl7.Fhir.Utility.EnumUtility.GetLiteral(other), "final, amended, corrected, entered-in-error"),
        };
        ReadIdentifiers(score, observation.Identifier);
        ReadShared(score, observation, observation.Subject, observation.PartOf);
        score.Instrument = ReadInstrument(score, observation.Code);
        score.State("assessedOn", "effective", DateOf(score, observation.Effective));
        score.State("mode", "method", observation.Method?.Coding.FirstOrDefault(coding => coding.System == Codes)?.Code);
        if (score.Status == ScoreStatus.EnteredInError)
        {
            return score;
        }

        score.Place(string.Empty, "value");
        score.State("notDone", "dataAbsentReason", observation.DataAbsentReason is { } reason ? ReasonOf(score, reason) : null);
        score.State(score.Instrument == Instrument.Pdi ? "pdi" : "nrs", "value", Whole(score, "value", observation.Value));
        ReadComponents(score, observation.Component);
        return score;
    }

    private static ReceivedScore Read(QuestionnaireResponse response)
    {
        var score = new ReceivedScore(response) { Instrument = Instrument.Pdi };
        score.Status = response.Status switch
        {
            QuestionnaireResponse.QuestionnaireResponseStatus.Completed => ScoreStatus.Final,
            QuestionnaireResponse.QuestionnaireResponseStatus.Amended => ScoreStatus.Changed,
            QuestionnaireResponse.QuestionnaireResponseStatus.EnteredInError => ScoreStatus.EnteredInError,
            var other => RefuseStatus(score, Hl7.Fhir.Utility.EnumUtility.GetLiteral(other), "completed, amended, entered-in-error"),
        };
        ReadIdentifiers(score, response.Identifier is { } own ? [own] : []);
        ReadShared(score, response, response.Subject, response.PartOf);
        score.State("assessedOn", "authored", response.Authored is { } authored ? authored[..Math.Min(authored.Length, LengthOfDate)] : null);
        if (score.Status != ScoreStatus.EnteredInError)
        {
            score.Place(string.Empty, "item");
            ReadItems(score, response.Item);
        }

        return score;
    }

    // System and value are kept; one without a value names nothing.
    private static void ReadIdentifiers(ReceivedScore score, List<Identifier> stated)
    {
        if (stated.Count > SenderIdentifiers.Most)
        {
            score.Refuse("identifier", NotTaken, FormattableString.Invariant($"There are {stated.Count} identifiers; there may be {SenderIdentifiers.Most}."));
            return;
        }

        foreach (var (place, one) in stated.Index())
        {
            if (one is { System.Length: > SenderIdentifiers.LongestSystem } or { Value.Length: > SenderIdentifiers.LongestValue } || one.System?.Contains('|', StringComparison.Ordinal) == true || (one.System + one.Value).Any(char.IsControl))
            {
                score.Refuse(FormattableString.Invariant($"identifier[{place}]"), "not-an-identifier", FormattableString.Invariant($"The system may have {SenderIdentifiers.LongestSystem} characters without '|', the value {SenderIdentifiers.LongestValue}, and neither control characters."), Shorten(one.Value ?? string.Empty));
            }
        }

        score.Identifiers = [.. stated.Where(one => one.Value is { Length: > 0 }).Select(one => new SenderIdentifier(score.Resource.TypeName, one.System ?? string.Empty, one.Value!)).Distinct()];
    }

    private static ScoreStatus RefuseStatus(ReceivedScore score, string? status, string allowed)
    {
        score.Refuse("status", NotTaken, $"The status is '{status}'; the registry takes {allowed}.", status, allowed);
        return ScoreStatus.Final;
    }

    // Whose score it is, of which case and visit. What must not be passed over is refused.
    private static void ReadShared(ReceivedScore score, DomainResource resource, ResourceReference? subject, IReadOnlyList<ResourceReference> partOf)
    {
        if (resource.ModifierExtension.Count > 0)
        {
            score.Refuse("modifierExtension", NotTaken, "A modifier extension may change the meaning of everything; none is known here.");
        }

        if (resource.ImplicitRules is not null)
        {
            score.Refuse("implicitRules", NotTaken, "Implicit rules may change the meaning of everything; none are known here.");
        }

        if (subject?.Identifier is { System: { } system, Value: { } value } && SiteOfPatients(system) is { } site && Key.IsValid(value))
        {
            (score.Site, score.Patient) = (site, value);
        }
        else
        {
            score.Refuse("subject.identifier", subject?.Identifier is null ? "missing" : "not-an-identifier", "The patient has to be named by subject.identifier: the system urn:registry:site:{site}:patient and the site's own reference.", subject?.Identifier?.Value);
        }

        var cases = partOf.Index().Where(part => Site(part.Item.Identifier?.System, "case") is not null).ToList();
        if (cases is not [var (place, one)])
        {
            score.Refuse("partOf", cases.Count == 0 ? "missing" : "repeated", "The case has to be named once by partOf.identifier: the system urn:registry:site:{site}:case and the site's own case number.");
        }
        else if (!CaseCode.TryParse(one.Identifier?.Value, null, out var number))
        {
            score.Refuse(FormattableString.Invariant($"partOf[{place}].identifier.value"), "not-an-identifier", $"The case has to be {Key.Allowed}.", one.Identifier?.Value, Key.Allowed);
        }
        else if (score.Site.IsStated && Site(one.Identifier?.System, "case") != score.Site)
        {
            score.Refuse(FormattableString.Invariant($"partOf[{place}].identifier.system"), "other-site", "Patient and case have to be of the same site.", one.Identifier?.System, CaseSystem(score.Site));
        }
        else
        {
            score.Case = number;
        }

        score.State("timepoint", "extension", resource.GetExtension(TimepointExtension) is { } extension ? (extension.Value as PrimitiveType)?.ToString() ?? string.Empty : null);
    }

    private static Instrument? ReadInstrument(ReceivedScore score, CodeableConcept code)
    {
        var named = code.Coding.Select(coding => coding.System is null ? null : InstrumentOf(coding.System, coding.Code)).OfType<Instrument>().Distinct().ToList();
        if (named is [var one])
        {
            return one;
        }

        var stated = string.Join(", ", code.Coding.Select(coding => $"{coding.System}|{coding.Code}"));
        score.Refuse("code", NotTaken, $"The code is '{Shorten(stated)}'; the registry takes {Loinc}|{string.Join(" or ", NrsCodes)} and {Codes}|{PdiCode}, one of them.", Shorten(stated), $"{Loinc}|{NrsCodes[0]}, {Loinc}|{NrsCodes[1]}, {Codes}|{PdiCode}");
        return null;
    }

    // The date as the sender states it, in its own time zone.
    private static string? DateOf(ReceivedScore score, DataType? effective)
    {
        var text = effective switch
        {
            null => null,
            FhirDateTime at => at.Value,
            Instant instant => instant.ToString(),
            Period period => period.End ?? period.Start,
            _ => Refused(),
        };
        return text?[..Math.Min(text.Length, LengthOfDate)];

        string? Refused()
        {
            score.Refuse("effective", NotTaken, $"The registry takes effectiveDateTime and effectivePeriod, not {effective.TypeName}.", effective.TypeName);
            return null;
        }
    }

    private static string ReasonOf(ReceivedScore score, CodeableConcept reason)
    {
        var coding = reason.Coding.FirstOrDefault(coding => coding.System == Codes) ?? reason.Coding.FirstOrDefault(coding => coding.System == AbsentReasons);
        var code = coding?.Code ?? string.Empty;
        if (coding?.System == Codes)
        {
            return code;
        }

        if (StandardReasons.TryGetValue(code, out var known))
        {
            return Code.Of(known);
        }

        score.Refuse("dataAbsentReason", NotTaken, $"The reason is '{code}'; it has to be one of {Codes} ({string.Join(", ", Code.All<NotDoneReason>())}), or asked-declined or not-performed.", code);
        return Code.Of(NotDoneReason.NotDoneBySite);
    }

    // What is a number is judged by the rules of the score; what is none is refused here.
    private static JsonValue? Whole(ReceivedScore score, string element, DataType? value)
    {
        switch (value)
        {
            case null:
                return null;
            case Integer { Value: { } whole }:
                return JsonValue.Create(whole);
            case FhirDecimal { Value: { } number }:
                return Normal(number);
            case Quantity { Value: { } number, Comparator: null } quantity when (quantity.System is null or UnitsOfMeasure) && (quantity.Code is null || PlainUnits.Contains(quantity.Code)):
                return Normal(number);
            default:
                score.Refuse(element, NotTaken, $"A score is a whole number, as valueInteger, or as valueQuantity without comparator and with the unit 1 or {{score}}; not {value.TypeName}.", value.TypeName);
                return null;
        }
    }

    // 4.0 is a whole number.
    private static JsonValue Normal(decimal number) => JsonValue.Create(decimal.Truncate(number) == number ? decimal.Truncate(number) : number);

    private static void ReadComponents(ReceivedScore score, List<Observation.ComponentComponent> components)
    {
        if (components.Count == 0)
        {
            return;
        }

        if (score.Instrument == Instrument.Nrs)
        {
            score.Refuse("component", NotTaken, "The Numeric Rating Scale has no components.");
            return;
        }

        var items = new JsonObject();
        score.State("pdiItems", "component", items);
        foreach (var (place, component) in components.Index())
        {
            var element = FormattableString.Invariant($"component[{place}]");
            var code = component.Code?.Coding.FirstOrDefault(coding => coding.System == Codes)?.Code;
            if (Member(score, items, element + ".code", code) is { } member)
            {
                score.Place($"/pdiItems/{member}", element + ".value");
                items[member] = Whole(score, element + ".value", component.Value);
            }
        }
    }

    private static void ReadItems(ReceivedScore score, IReadOnlyList<QuestionnaireResponse.ItemComponent> sent)
    {
        var items = new JsonObject();
        var stated = sent.Index().SelectMany(group => group.Item.Item.Count > 0 && group.Item.Answer.Count == 0
            ? group.Item.Item.Index().Select(item => (FormattableString.Invariant($"item[{group.Index}].item[{item.Index}]"), item.Item))
            : [(FormattableString.Invariant($"item[{group.Index}]"), group.Item)]);
        foreach (var (element, item) in stated)
        {
            if (Member(score, items, element + ".linkId", item.LinkId) is not { } member)
            {
                continue;
            }

            score.Place($"/pdiItems/{member}", element + ".answer");
            if (item.Answer.Count > 1)
            {
                score.Refuse(element + ".answer", "repeated", "An item has one answer at most.");
            }

            items[member] = Whole(score, element + ".answer[0].value", item.Answer.FirstOrDefault()?.Value);
        }

        // An item that is left out was left unanswered: so it is with questionnaires.
        if (items.Count > 0)
        {
            foreach (var (member, _) in Items.Where(item => !items.ContainsKey(item.Member)))
            {
                items[member] = null;
            }

            score.State("pdiItems", "item", items);
        }
    }

    private static string? Member(ReceivedScore score, JsonObject items, string element, string? code)
    {
        var member = Items.FirstOrDefault(item => item.Code == code).Member;
        if (member is null || items.ContainsKey(member))
        {
            score.Refuse(element, member is null ? "unknown-code" : "repeated", member is null ? $"The item is '{Shorten(code ?? string.Empty)}'; it has to be one of {ItemCodes}." : $"The item '{code}' is there twice.", Shorten(code ?? string.Empty), ItemCodes);
            return null;
        }

        return member;
    }

    private static Meta MetaOf(ScoreVersion version) => new()
    {
        VersionId = version.Number.ToString(CultureInfo.InvariantCulture),
        LastUpdated = version.RecordedAt is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : null,
    };

    private static ResourceReference SubjectOf(SiteCode site, string patient) => new() { Type = "Patient", Identifier = new Identifier(PatientSystem(site), patient) };

    private static ResourceReference CaseOf(ScoreAddress address) => new() { Type = "Procedure", Identifier = new Identifier(CaseSystem(address.Site), address.Case.ToString()) };

    private static Extension TimepointOf(ScoreAddress address) => new(TimepointExtension, new Hl7.Fhir.Model.Code(address.Timepoint));

    private static CodeableConcept Reason(NotDoneReason reason) => new()
    {
        Coding =
        [
            new Coding(Codes, Code.Of(reason)),
            .. StandardReasons.Where(pair => pair.Value == reason).Select(pair => new Coding(AbsentReasons, pair.Key)),
        ],
    };

    private static int?[] Answers(PdiItems items) => [items.FamilyHome, items.Recreation, items.Social, items.Occupation, items.Sexual, items.SelfCare, items.LifeSupport];

    private static SiteCode? Site(string? system, string of) =>
        system is not null && SystemOfSite().Match(system) is { Success: true } match && match.Groups["of"].Value == of && SiteCode.TryParse(match.Groups["site"].Value, null, out var site) ? site : null;

    private static string Shorten(string text) => text.Length > 100 ? text[..100] : text;

    [GeneratedRegex(@"^urn:registry:site:(?<site>[^:]{1,64}):(?<of>patient|case)\z")]
    private static partial Regex SystemOfSite();
}
