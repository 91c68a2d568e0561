using Microsoft.OpenApi;
using Registry.Api.Fhir;
using Registry.Api.Idempotency;
using Registry.Api.Recording;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Registry.Api.OpenApi;

/// <summary>
/// Completes the contract: its chapters, where it is served, and every parameter and refusal once, referred to wherever it holds.
/// </summary>
internal sealed class SharedParts : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        ProblemSchemas.AddTo(context.SchemaGenerator, context.SchemaRepository);
        var components = swaggerDoc.Components ??= new OpenApiComponents();
        // They describe a part of others, and nothing by themselves.
        foreach (var part in ReadBackWithAttribute.All)
        {
            components.Schemas!.Remove(part.Name);
        }

        AnswerParts.AddTo(components);
        components.Parameters = new SortedDictionary<string, IOpenApiParameter>(StringComparer.Ordinal);
        components.Responses = new SortedDictionary<string, IOpenApiResponse>(StringComparer.Ordinal);

        // What most operations say of a parameter is said under its own name.
        var names = swaggerDoc.Paths.Values.SelectMany(item => item.Operations!.Values).SelectMany(operation => operation.Parameters ?? [])
            .GroupBy(NameOf)
            .ToDictionary(same => same.Key, same => same.GroupBy(Text)
                .OrderByDescending(alike => alike.Count())
                .ThenBy(alike => alike.Key, StringComparer.Ordinal)
                .Select(alike => alike.Key)
                .ToList());
        var sorted = new OpenApiPaths();
        foreach (var (path, item) in swaggerDoc.Paths.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            sorted.Add(path, item);
            foreach (var operation in item.Operations!.Values)
            {
                operation.Parameters = [.. (operation.Parameters ?? []).Select(
                    parameter => Shared(parameter, names[NameOf(parameter)], operation.OperationId!, components.Parameters))];
                foreach (var (status, response) in operation.Responses!.Where(
                    response => response.Value.Extensions?.ContainsKey(OperationContract.Codes) == true).ToList())
                {
                    operation.Responses![status] = Shared((OpenApiResponse)response, components.Responses);
                }
            }
        }

        swaggerDoc.Paths = sorted;
        swaggerDoc.Tags = Tags.In(swaggerDoc);
        if (swaggerDoc.Servers is not { Count: > 0 })
        {
            swaggerDoc.Servers = [new OpenApiServer { Url = "/", Description = "The server that gave this document." }];
        }
    }

    // A parameter that says the same under the same name is one. What few say is named after the first of them.
    private static OpenApiParameterReference Shared(
        IOpenApiParameter parameter, List<string> texts, string operationId, IDictionary<string, IOpenApiParameter> known)
    {
        var (name, text) = (NameOf(parameter), Text(parameter));
        var id = text == texts[0] ? name
            : known.Where(other => other.Key.StartsWith(name + "Of", StringComparison.Ordinal) && Text(other.Value) == text)
                .Select(other => other.Key)
                .FirstOrDefault()
            ?? name + "Of" + CodeSet.Pascal(operationId);
        known[id] = parameter;
        return new OpenApiParameterReference(id);
    }

    private static string NameOf(IOpenApiParameter parameter) =>
        parameter switch
        {
            { Name: ['_', ..] } => "Fhir" + CodeSet.Pascal(parameter.Name),
            { In: ParameterLocation.Path } => CodeSet.Pascal(parameter.Name!) + "Key",
            { In: ParameterLocation.Header, Description: var meaning } when meaning!.StartsWith("Only *", StringComparison.Ordinal) =>
                "OnlyIfAbsent",
            _ => CodeSet.Pascal(parameter.Name!),
        };

    private static OpenApiResponseReference Shared(OpenApiResponse response, IDictionary<string, IOpenApiResponse> known)
    {
        if (response.Content!.ContainsKey(FhirForm.Json))
        {
            var codes = ((JsonNodeExtension)response.Extensions![OperationContract.Codes]).Node.AsArray()
                .Select(code => CodeSet.Pascal(code!.GetValue<string>()));
            return Known("Fhir" + string.Join("Or", codes));
        }

        var samples = response.Content!.Values.SelectMany(media => media.Examples!.Values).OfType<OpenApiExampleReference>();
        return Known(string.Join("Or", samples.Select(sample => CodeSet.Pascal(sample.Reference.Id!))));

        OpenApiResponseReference Known(string kinds)
        {
            var id = kinds + (response.Headers!.ContainsKey(StoredAnswer.ReplayedHeader) ? "OfPost" : string.Empty);
            known[id] = response;
            return new OpenApiResponseReference(id);
        }
    }

    private static string Text(IOpenApiParameter parameter) =>
        parameter.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None).GetAwaiter().GetResult();
}
