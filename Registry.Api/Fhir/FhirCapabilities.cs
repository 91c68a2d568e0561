using Hl7.Fhir.Model;

namespace Registry.Api.Fhir;

/// <summary>What the FHIR interface says of itself: what it does, and nothing else.</summary>
internal static class FhirCapabilities
{
    private const string Date = "2026-11-25";

    /// <summary>The statement.</summary>
    /// <param name="address">The address of the interface.</param>
    public static CapabilityStatement Of(string address) => new()
    {
        Status = PublicationStatus.Active,
        Date = Date,
        Kind = CapabilityStatementKind.Instance,
        Software = new CapabilityStatement.SoftwareComponent { Name = "Neuromodulation registry" },
        Implementation = new CapabilityStatement.ImplementationComponent
        {
            Description = "Scores of pain and disability of a neuromodulation registry",
            Url = address,
        },
        FhirVersion = FHIRVersion.N4_0_1,
        Format = [FhirForm.Json, FhirForm.Xml, "json", "xml"],
        Rest =
        [
            new CapabilityStatement.RestComponent
            {
                Mode = CapabilityStatement.RestfulCapabilityMode.Server,
                Documentation = "A subset: the Numeric Rating Scale (LOINC 72514-3, 38208-5) and the Pain Disability Index (urn:registry:codes|pdi) of a case at a visit. "
                    + "The patient is named by subject.identifier (urn:registry:site:{site}:patient), the case by partOf.identifier "
                    + "(urn:registry:site:{site}:case), the visit by its date or by the extension urn:registry:timepoint. "
                    + "System and value of the sender's own identifiers are kept; what else a resource says is not.",
                Security = new CapabilityStatement.SecurityComponent
                {
                    Description = "A key of the registry, in the header X-Api-Key or as a bearer token.",
                },
                Interaction =
                [
                    new CapabilityStatement.SystemInteractionComponent { Code = CapabilityStatement.SystemRestfulInteraction.Transaction },
                    new CapabilityStatement.SystemInteractionComponent { Code = CapabilityStatement.SystemRestfulInteraction.Batch },
                ],
                Resource =
                [
                    Resource("Observation", [CapabilityStatement.TypeRestfulInteraction.SearchType],
                    [
                        Parameter("_id", SearchParamType.Token),
                        Parameter("_lastUpdated", SearchParamType.Date),
                        Parameter(
                            "identifier",
                            SearchParamType.Token,
                            "The sender's own, or that of the registry: urn:registry:observation|site/case/timepoint/instrument."),
                        Parameter("subject", SearchParamType.Reference, "As subject:identifier, or as patient.identifier, only."),
                        Parameter("code", SearchParamType.Token),
                        Parameter("date", SearchParamType.Date),
                    ]),
                    Resource("QuestionnaireResponse", [], []),
                ],
            },
        ],
    };

    private static CapabilityStatement.ResourceComponent Resource(
        string type,
        IEnumerable<CapabilityStatement.TypeRestfulInteraction> further,
        List<CapabilityStatement.SearchParamComponent> parameters) => new()
        {
            Type = type,
            Interaction =
            [
                .. new[]
                {
                    CapabilityStatement.TypeRestfulInteraction.Create, CapabilityStatement.TypeRestfulInteraction.Read,
                    CapabilityStatement.TypeRestfulInteraction.Vread, CapabilityStatement.TypeRestfulInteraction.Update,
                }.Concat(further).Select(code => new CapabilityStatement.ResourceInteractionComponent { Code = code }),
            ],
            Versioning = CapabilityStatement.ResourceVersionPolicy.Versioned,
            ReadHistory = true,
            UpdateCreate = true,
            ConditionalCreate = true,
            ConditionalRead = CapabilityStatement.ConditionalReadStatus.NotMatch,
            ConditionalUpdate = true,
            SearchParam = parameters,
        };

    private static CapabilityStatement.SearchParamComponent Parameter(string name, SearchParamType type, string? documentation = null) =>
        new() { Name = name, Type = type, Documentation = documentation };
}
