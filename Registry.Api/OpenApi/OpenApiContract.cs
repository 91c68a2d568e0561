using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Registry.Api.Access;
using Registry.Api.Cohorts;
using Registry.Api.Recording;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Registry.Api.OpenApi;

/// <summary>The contract: one OpenAPI document, made from what the routes and the domain say.</summary>
internal static class OpenApiContract
{
    /// <summary>The name of the document.</summary>
    public const string DocumentName = "v1";

    private const string Key = "key";
    private const string Bearer = "bearer";

    public static void AddContract(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<ContractDocument>();
        services.AddOptions<SwaggerGenOptions>().Configure<Limits>((options, limits) =>
            options.SwaggerDoc(DocumentName, new OpenApiInfo
            {
                Title = "Neuromodulation registry",
                Version = DocumentName,
                Description = "Outcomes of spinal cord stimulation, dorsal root ganglion stimulation, DREZ lesioning and cordotomy for refractory pain. "
                    + "HEAD is answered wherever GET is. Bodies are UTF-8, plain or compressed by gzip, deflate or br; answers are "
                    + "compressed by br or gzip where the client accepts it. "
                    + "X-Request-Id names a request: the sender's or, without one, the registry's own; every answer carries it. "
                    + "What was not recorded is left out: in a body null is refused, except for an item of the PDI that was left "
                    + "unanswered. In a summary a figure that cannot be computed is null. "
                    + "Limits, each of which a setting can change: " + string.Join(
                        "; ",
                        Limits.All.Select(
                            limit => FormattableString.Invariant(
                                $"{limit.Name} {limits.Of(limit.Name)}: {limit.Meaning.TrimEnd('.')}"))) + ".",
                Contact = new OpenApiContact { Name = "The maintainers of the registry" },
                License = new OpenApiLicense { Name = "MIT", Url = new Uri("https://opensource.org/license/mit") },
            }));
        services.AddSwaggerGen(options =>
        {
            options.AddSecurityDefinition(Key, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyAuthentication.HeaderName,
                Description = "A key of the registry.",
            });
            options.AddSecurityDefinition(Bearer, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The same key, as 'Authorization: Bearer …'.",
            });
            foreach (var scheme in new[] { Key, Bearer })
            {
                options.AddSecurityRequirement(
                    document => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] });
            }

            options.SupportNonNullableReferenceTypes();
            options.UseAllOfToExtendReferenceSchemas();
            options.CustomSchemaIds(NameOf);
            options.MapType<decimal>(() => new OpenApiSchema { Type = JsonSchemaType.Number, Format = "decimal" });
            options.MapType<SiteCode>(() => new OpenApiSchema { Type = JsonSchemaType.String });
            options.MapType<CaseCode>(() => new OpenApiSchema { Type = JsonSchemaType.String });
            options.MapType<JsonNode>(AnyObject);
            options.MapType<JsonObject>(AnyObject);
            options.MapType<CohortCase>(AnyObject);
            options.MapType<RecordView>(AnyObject);
            foreach (var documentation in new[] { typeof(Program).Assembly, typeof(CaseRecord).Assembly })
            {
                options.IncludeXmlComments(() => Documentation.InParagraphs(documentation));
            }

            options.OperationFilter<OperationContract>();
            options.SchemaFilter<SchemaContract>();
            options.DocumentFilter<SharedParts>();
        });
    }

    /// <summary>The documents below <c>/openapi</c> and the page at <c>/swagger</c>, and from there on: no answer without a key.</summary>
    /// <param name="app">The program.</param>
    /// <param name="isOpen">Whether the contract and its page can be read without a key.</param>
    public static void UseContract(this WebApplication app, bool isOpen)
    {
        if (!isOpen)
        {
            app.UseAuthorization();
        }

        // No other request need be compared with the addresses of its files.
        app.UseWhen(
            static context => context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase),
            static branch => branch.UseSwaggerUI(
                static options => options.SwaggerEndpoint($"../openapi/{DocumentName}.json", "Neuromodulation registry")));
        foreach (var (name, version) in new[]
        {
            (DocumentName, OpenApiSpecVersion.OpenApi3_1),
            (DocumentName + "-3.0", OpenApiSpecVersion.OpenApi3_0),
        })
        {
            var document = app.MapGet(
                $"/openapi/{name}.json", (HttpRequest request, ContractDocument contract) => contract.Answer(request.PathBase, version))
                .RequireAuthorization(Policies.AnyRole)
                .ExcludeFromDescription();
            if (isOpen)
            {
                document.AllowAnonymous();
            }
        }

        if (isOpen)
        {
            app.UseAuthorization();
            app.MapGet("/", () => TypedResults.Redirect("~/swagger")).AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static string NameOf(Type type) =>
        type == typeof(CaseRecord) ? "Case"
        : !type.IsGenericType ? type.Name
        : NameOf(type.GenericTypeArguments[0])
            + (type.GetGenericTypeDefinition() == typeof(HistoryEntry<>) ? "Version"
                : type.GetGenericTypeDefinition() == typeof(RecordPage<>)
                ? "Page"
                : "s");

    private static OpenApiSchema AnyObject() => new() { Type = JsonSchemaType.Object };
}
