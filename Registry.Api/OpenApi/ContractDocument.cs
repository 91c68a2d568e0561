using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Registry.Api.Http;
using Swashbuckle.AspNetCore.Swagger;

namespace Registry.Api.OpenApi;

/// <summary>
/// The contract, ready to be sent, as OpenAPI 3.1 and for tools that need it as 3.0. Each is written once: it does not change while
/// the program runs, but for the path below which it is reached.
/// </summary>
internal sealed class ContractDocument(IServiceScopeFactory scopes)
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<OpenApiSpecVersion, (PathString PathBase, TaggedAnswer Answer)> _last = [];
    private readonly Lock _lock = new();

    public async Task<TaggedAnswer> Answer(PathString pathBase, OpenApiSpecVersion version)
    {
        lock (_lock)
        {
            if (_last.TryGetValue(version, out var last) && last.PathBase == pathBase)
            {
                return last.Answer;
            }
        }

        var answer = await Write(pathBase, version);
        lock (_lock)
        {
            _last[version] = (pathBase, answer);
        }

        return answer;
    }

    private async Task<TaggedAnswer> Write(PathString pathBase, OpenApiSpecVersion version)
    {
        using var scope = scopes.CreateScope();
        var document = scope.ServiceProvider.GetRequiredService<ISwaggerProvider>()
            .GetSwagger(OpenApiContract.DocumentName, host: null, pathBase.HasValue ? pathBase.ToUriComponent() : null);
        var text = await document.SerializeAsJsonAsync(version, CancellationToken.None);
        var body = Encoding.UTF8.GetBytes(version == OpenApiSpecVersion.OpenApi3_0 ? WithTypedNulls(text) : text);
        return new TaggedAnswer(body, ContentNegotiation.JsonUtf8, EntityTags.Of(body));
    }

    // In OpenAPI 3.0 "nullable" says something only beside a type: null as an alternative to a reference has the type of what is referred
    // to.
    private static string WithTypedNulls(string text)
    {
        var document = JsonNode.Parse(text)!;
        var schemas = document["components"]!["schemas"]!;
        foreach (var alternatives in Within(document).OfType<JsonObject>()
            .Select(schema => schema["oneOf"])
            .OfType<JsonArray>()
            .Where(alternatives => alternatives[^1]!["nullable"] is not null)
            .ToList())
        {
            var referred = schemas[alternatives[0]!["$ref"]!.GetValue<string>().Split('/')[^1]]!;
            var type = referred["type"]?.GetValue<string>() ?? "object";
            if (type == "object" && referred["required"] is null)
            {
                // Objects of any form and null of the type object are not told apart.
                var owner = alternatives.Parent!.AsObject();
                owner.Remove("oneOf");
                (owner["type"], owner["nullable"], owner["allOf"]) = (type, true, new JsonArray(alternatives[0]!.DeepClone()));
                continue;
            }

            alternatives[^1]!.AsObject().Insert(0, "type", type);
        }

        return document.ToJsonString(Indented);
    }

    private static IEnumerable<JsonNode> Within(JsonNode? node) =>
        (node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        }).OfType<JsonNode>().SelectMany(Within).Prepend(node!);
}
