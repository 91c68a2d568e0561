using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Registry.Api.Http;
using Registry.Domain.Cases;

namespace Registry.Api.OpenApi;

/// <summary>The contract: one OpenAPI document, made from what the routes and the domain say.</summary>
internal static class OpenApiContract
{
    private const string DocumentName = "v1";
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
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            options.CustomSchemaIds(type => type == typeof(CaseRecord) ? "Case" : type.IsGenericType ? type.GenericTypeArguments[0].Name + "s" : type.Name);
            options.MapType<JsonNode>(AnyObject);
            options.MapType<JsonObject>(AnyObject);
            options.OperationFilter<OperationContract>();
            options.SchemaFilter<SchemaContract>();
            options.DocumentFilter<ProblemContract>();
            foreach (var documentation in new[] { typeof(Program).Assembly, typeof(CaseRecord).Assembly })
            {
                options.IncludeXmlComments(documentation);
            }
        });
    }

    /// <summary>The document at <c>/openapi/v1.json</c> and the page at <c>/swagger</c>: open in development, with a key elsewhere.</summary>
    public static void MapContract(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            app.UseWhen(IsContract, guarded => guarded.Use((context, next) =>
                context.User.Identity?.IsAuthenticated == true
                    ? next(context)
                    : new Problem(Problems.Unauthenticated, "The contract needs a key here.").ExecuteAsync(context)));
        }

        app.UseSwagger(options => options.RouteTemplate = "openapi/{documentName}.json");
        app.UseSwaggerUI(options => options.SwaggerEndpoint("/openapi/v1.json", "Neuromodulation registry"));
    }

    private static bool IsContract(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase) || context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase);

    private static OpenApiSchema AnyObject() => new() { Type = JsonSchemaType.Object };
}
