using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Registry.Domain.Assessments;
using CaseCode = Registry.Domain.Common.CaseCode;
using Fault = Registry.Domain.Common.Fault;
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
    public void Refuse(string element, string code, string detail, string? value = null, string? allowed = null) =>
        Faults.Add(new Fault(Expression(element), code, detail, value, allowed));

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
