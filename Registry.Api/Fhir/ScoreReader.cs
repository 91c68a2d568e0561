using System.Globalization;
using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Registry.Domain.Assessments;
using static Registry.Api.Fhir.FhirMapping;
using CaseCode = Registry.Domain.Common.CaseCode;
using Code = Registry.Domain.Common.Code;
using Key = Registry.Domain.Common.Identifier;

namespace Registry.Api.Fhir;

/// <summary>Reads scores out of FHIR resources, and notes every fault.</summary>
internal static class ScoreReader
{
    private const string UnitsOfMeasure = "http://unitsofmeasure.org";
    private const int LengthOfDate = 10;

    private static readonly string ItemCodes = string.Join(", ", Items.Select(item => item.Code));
    private static readonly string[] PlainUnits = ["1", "{score}", "{points}"];

    /// <summary>Reads an Observation or a QuestionnaireResponse; null for any other resource.</summary>
    public static ReceivedScore? Read(Resource resource) => resource switch
    {
        Observation observation => Read(observation),
        QuestionnaireResponse response => Read(response),
        _ => null,
    };

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
        score.State(
            "assessedOn", "authored", response.Authored is { } authored ? authored[..Math.Min(authored.Length, LengthOfDate)] : null);
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
            score.Refuse(
                "identifier",
                NotTaken,
                FormattableString.Invariant($"There are {stated.Count} identifiers; there may be {SenderIdentifiers.Most}."));
            return;
        }

        foreach (var (place, one) in stated.Index())
        {
            if (one is { System.Length: > SenderIdentifiers.LongestSystem } or { Value.Length: > SenderIdentifiers.LongestValue }
                || one.System?.Contains('|', StringComparison.Ordinal) == true
                || (one.System + one.Value).Any(char.IsControl))
            {
                score.Refuse(
                    FormattableString.Invariant($"identifier[{place}]"),
                    "not-an-identifier",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The system may have {SenderIdentifiers.LongestSystem} characters without '|', the value "
                            + $"{SenderIdentifiers.LongestValue}, and neither control characters."),
                    Shorten(one.Value ?? string.Empty));
            }
        }

        score.Identifiers = [.. stated.Where(one => one.Value is { Length: > 0 })
            .Select(one => new SenderIdentifier(score.Resource.TypeName, one.System ?? string.Empty, one.Value!))
            .Distinct()];
    }

    private static ScoreStatus RefuseStatus(ReceivedScore score, string? status, string allowed)
    {
        score.Refuse("status", NotTaken, $"The status is '{status}'; the registry takes {allowed}.", status, allowed);
        return ScoreStatus.Final;
    }

    // Whose score it is, of which case and visit. What must not be passed over is refused.
    private static void ReadShared(
        ReceivedScore score, DomainResource resource, ResourceReference? subject, IReadOnlyList<ResourceReference> partOf)
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
            score.Refuse(
                "subject.identifier",
                subject?.Identifier is null ? "missing" : "not-an-identifier",
                "The patient has to be named by subject.identifier: the system urn:registry:site:{site}:patient and the site's own "
                    + "reference.",
                subject?.Identifier?.Value);
        }

        var cases = partOf.Index().Where(part => SiteOfCases(part.Item.Identifier?.System) is not null).ToList();
        if (cases is not [var (place, one)])
        {
            score.Refuse(
                "partOf",
                cases.Count == 0 ? "missing" : "repeated",
                "The case has to be named once by partOf.identifier: the system urn:registry:site:{site}:case and the site's own case "
                    + "number.");
        }
        else if (!CaseCode.TryParse(one.Identifier?.Value, null, out var number))
        {
            score.Refuse(
                FormattableString.Invariant($"partOf[{place}].identifier.value"),
                "not-an-identifier",
                $"The case has to be {Key.Allowed}.",
                one.Identifier?.Value,
                Key.Allowed);
        }
        else if (score.Site.IsStated && SiteOfCases(one.Identifier?.System) != score.Site)
        {
            score.Refuse(
                FormattableString.Invariant($"partOf[{place}].identifier.system"),
                "other-site",
                "Patient and case have to be of the same site.",
                one.Identifier?.System,
                CaseSystem(score.Site));
        }
        else
        {
            score.Case = number;
        }

        score.State("timepoint", "extension", resource.GetExtension(TimepointExtension) is { } extension
            ? (extension.Value as PrimitiveType)?.ToString() ?? string.Empty
            : null);
    }

    private static Instrument? ReadInstrument(ReceivedScore score, CodeableConcept code)
    {
        var named = code.Coding.Select(coding => coding.System is null ? null : InstrumentOf(coding.System, coding.Code))
            .OfType<Instrument>()
            .Distinct()
            .ToList();
        if (named is [var one])
        {
            return one;
        }

        var stated = string.Join(", ", code.Coding.Select(coding => $"{coding.System}|{coding.Code}"));
        score.Refuse(
            "code",
            NotTaken,
            $"The code is '{Shorten(stated)}'; the registry takes {Loinc}|{string.Join(" or ", NrsCodes)} and {Codes}|{PdiCode}, one of them.",
            Shorten(stated),
            $"{Loinc}|{NrsCodes[0]}, {Loinc}|{NrsCodes[1]}, {Codes}|{PdiCode}");
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
            score.Refuse(
                "effective",
                NotTaken,
                $"The registry takes effectiveDateTime and effectivePeriod, not {effective.TypeName}.",
                effective.TypeName);
            return null;
        }
    }

    private static string ReasonOf(ReceivedScore score, CodeableConcept reason)
    {
        var coding = reason.Coding.FirstOrDefault(coding => coding.System == Codes)
            ?? reason.Coding.FirstOrDefault(coding => coding.System == AbsentReasons);
        var code = coding?.Code ?? string.Empty;
        if (coding?.System == Codes)
        {
            return code;
        }

        if (StandardReasons.TryGetValue(code, out var known))
        {
            return Code.Of(known);
        }

        score.Refuse(
            "dataAbsentReason",
            NotTaken,
            $"The reason is '{code}'; it has to be one of {Codes} ({string.Join(", ", Code.All<NotDoneReason>())}), or asked-declined or "
                + "not-performed.",
            code);
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
            case Quantity { Value: { } number } quantity:
                return RefuseUnit(score, element, quantity) ? null : Normal(number);
            default:
                score.Refuse(
                    element,
                    NotTaken,
                    $"A score is a whole number, as valueInteger, or as valueQuantity without comparator and with the unit 1 or {{score}}; "
                        + (value is Quantity ? "the Quantity has no value." : $"not {value.TypeName}."),
                    value.TypeName);
                return null;
        }
    }

    // A quantity that says more than a number, and whether it does: a bound, or a unit of something else.
    private static bool RefuseUnit(ReceivedScore score, string element, Quantity quantity)
    {
        var isOfUnit = quantity.System is not (null or UnitsOfMeasure)
            || (quantity.Code is { } code && !PlainUnits.Contains(code));
        if (quantity.Comparator is { } comparator)
        {
            var stated = Hl7.Fhir.Utility.EnumUtility.GetLiteral(comparator);
            score.Refuse(
                element,
                NotTaken,
                $"The comparator '{stated}' is not taken: a score is a number, and no bound of one.",
                stated,
                "no comparator");
        }

        if (isOfUnit)
        {
            var (unit, allowed) = (
                Shorten($"{quantity.System}|{quantity.Code}"), $"{UnitsOfMeasure}|{string.Join(" or ", PlainUnits)}, or no unit");
            score.Refuse(element, NotTaken, $"The unit '{unit}' is not taken: a score has {allowed}.", unit, allowed);
        }

        return isOfUnit || quantity.Comparator is not null;
    }

    // 4.0 is a whole number.
    private static JsonValue Normal(decimal number) =>
        JsonValue.Create(decimal.Truncate(number) == number ? decimal.Truncate(number) : number);

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
            score.Refuse(
                element,
                member is null ? "unknown-code" : "repeated",
                member is null
                    ? $"The item is '{Shorten(code ?? string.Empty)}'; it has to be one of {ItemCodes}."
                    : $"The item '{code}' is there twice.",
                Shorten(code ?? string.Empty),
                ItemCodes);
            return null;
        }

        return member;
    }

    private static string Shorten(string text) => text.Length > 100 ? text[..100] : text;
}
