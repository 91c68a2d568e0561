using Microsoft.OpenApi;
using Registry.Api.Fhir;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Registry.Api.OpenApi;

/// <summary>
/// The part of the contract that is FHIR: every body is a resource, whose form is that of FHIR R4 and not written down here once more.
/// </summary>
internal static class FhirContract
{
    /// <summary>The name of the schema of a resource.</summary>
    public const string ResourceSchema = "FhirResource";

    private static readonly string[] Given = [FhirForm.Json, FhirForm.Xml];

    /// <summary>Has the bodies of an operation refer to the schema of a resource.</summary>
    public static void Describe(OpenApiOperation operation, SchemaRepository schemas)
    {
        schemas.Refer(ResourceSchema, () => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "A resource of HL7 FHIR R4 (4.0.1), as http://hl7.org/fhir/R4 defines it.",
            Required = new HashSet<string> { "resourceType" },
            Properties = new Dictionary<string, IOpenApiSchema> { ["resourceType"] = SchemaParts.Text("The type of the resource.") },
            AdditionalPropertiesAllowed = true,
            AdditionalProperties = new OpenApiSchema(),
        });
        if (operation.RequestBody is OpenApiRequestBody body)
        {
            body.Content = Content(FhirForm.Offered);
        }

        foreach (var response in operation.Responses!.Where(response => response.Key is "200" or "201")
            .Select(response => (OpenApiResponse)response.Value))
        {
            response.Content = Content(Given);
        }
    }

    /// <summary>Has the refusals of an operation be resources.</summary>
    public static void DescribeRefusals(OpenApiOperation operation)
    {
        foreach (var response in operation.Responses!.Values.OfType<OpenApiResponse>()
            .Where(response => response.Extensions?.ContainsKey(OperationContract.Codes) == true))
        {
            response.Content = Content(Given);
            response.Description += " An OperationOutcome.";
        }
    }

    private static Dictionary<string, IOpenApiMediaType> Content(IEnumerable<string> types) =>
        types.ToDictionary(
            type => type, IOpenApiMediaType (_) => new OpenApiMediaType { Schema = new OpenApiSchemaReference(ResourceSchema) });
}
