using Microsoft.OpenApi;

namespace Registry.Api.Http;

/// <summary>The contract: one OpenAPI document, made from what the routes and the domain say.</summary>
internal static class OpenApiContract
{
    public const string DocumentName = "v1";
    private const string Scheme = "key";

    public static void AddContract(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(DocumentName, new OpenApiInfo
            {
                Title = "Neuromodulation registry",
                Version = DocumentName,
                Description = "Outcomes of spinal cord stimulation, dorsal root ganglion stimulation, DREZ lesioning and cordotomy for refractory pain.",
                License = new OpenApiLicense { Name = "MIT" },
            });
            options.AddSecurityDefinition(Scheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = Keys.ApiKeyAuthentication.HeaderName,
                Description = "A key of the registry. Also accepted as 'Authorization: Bearer …'.",
            });
            options.AddSecurityRequirement(document => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] });
            foreach (var documentation in new[] { typeof(Program).Assembly, typeof(Domain.Recording.Fault).Assembly })
            {
                options.IncludeXmlComments(documentation);
            }
        });
    }

    public static void MapContract(this WebApplication app)
    {
        app.UseSwagger(options => options.RouteTemplate = "openapi/{documentName}.json");
        app.UseSwaggerUI(options => options.SwaggerEndpoint("/openapi/v1.json", "Neuromodulation registry"));
    }
}
