using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Registry.Api.Access;
using Registry.Api.Cohorts;
using Registry.Domain.Cases;

namespace Registry.Api.OpenApi;

/// <summary>The contract: one OpenAPI document, made from what the routes and the domain say.</summary>
internal static class OpenApiContract
{
    /// <summary>The name of the document.</summary>
    public const string DocumentName = "v1";

    private const string Scheme = "key";

    public static void AddContract(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<ContractDocument>();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(DocumentName, new OpenApiInfo
            {
                Title = "Neuromodulation registry",
                Version = DocumentName,
                Description = "Outcomes of spinal cord stimulation, dorsal root ganglion stimulation, DREZ lesioning and cordotomy for refractory pain. "
                    + "HEAD is answered wherever GET is. Bodies are UTF-8, plain or compressed by gzip, deflate or br; answers are compressed by br or gzip for who accepts it. "
                    + "X-Request-Id names a request: the sender's or, without one, the registry's own; every answer carries it. "
                    + "Limits, each of which a setting can change: " + string.Join("; ", Limits.All.Select(limit => FormattableString.Invariant($"{limit.Name} {limit.Default}: {limit.Meaning.TrimEnd('.')}"))) + ".",
                License = new OpenApiLicense { Name = "MIT" },
            });
            options.AddSecurityDefinition(Scheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyAuthentication.HeaderName,
                Description = "A key of the registry. Also accepted as 'Authorization: Bearer …'.",
            });
            options.AddSecurityRequirement(document => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] });
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            options.UseAllOfToExtendReferenceSchemas();
            options.CustomSchemaIds(type => type == typeof(CaseRecord) ? "Case" : type.IsGenericType ? type.GenericTypeArguments[0].Name + "s" : type.Name);
            options.MapType<JsonNode>(AnyObject);
            options.MapType<JsonObject>(AnyObject);
            options.MapType<CohortCase>(CohortCase.Schema);
            options.OperationFilter<OperationContract>();
            options.SchemaFilter<SchemaContract>();
            options.SchemaFilter<CodesContract>();
            options.DocumentFilter<ProblemContract>();
            foreach (var documentation in new[] { typeof(Program).Assembly, typeof(CaseRecord).Assembly })
            {
                options.IncludeXmlComments(documentation);
            }
        });
    }

    /// <summary>The document at <c>/openapi/v1.json</c> and the page at <c>/swagger</c>, and from there on: no answer without a key.</summary>
    /// <param name="app">The program.</param>
    /// <param name="isOpen">Whether the contract can be read without a key.</param>
    public static void UseContract(this WebApplication app, bool isOpen)
    {
        if (!isOpen)
        {
            app.UseAuthorization();
        }

        app.UseSwaggerUI(options => options.SwaggerEndpoint($"../openapi/{DocumentName}.json", "Neuromodulation registry"));
        var document = app.MapGet($"/openapi/{DocumentName}.json", (HttpRequest request, ContractDocument contract) => contract.Answer(request.PathBase)).RequireAuthorization(Policies.AnyRole).ExcludeFromDescription();
        if (isOpen)
        {
            app.UseAuthorization();
            document.AllowAnonymous();
            app.MapGet("/", () => TypedResults.Redirect("~/swagger")).AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static OpenApiSchema AnyObject() => new() { Type = JsonSchemaType.Object };
}
