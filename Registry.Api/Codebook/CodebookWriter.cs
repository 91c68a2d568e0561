using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.OpenApi;

namespace Registry.Api.Codebook;

/// <summary>
/// Writes the codebook out of the contract: every member of every body, with what its schema says, and for the figures
/// of a summary what the header of its view says. Nothing in it is written a second time.
/// </summary>
internal sealed class CodebookWriter
{
    private const string Root = "/api/v1/";

    private readonly JsonObject _contract;
    private readonly Dictionary<string, ViewHeader> _views =
        Scripts.Views("sqlite").ToDictionary(view => view.Name, view => new ViewHeader(view));
    private readonly SortedDictionary<string, CodebookVariable> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _kinds = [];

    private CodebookWriter(JsonObject contract) => _contract = contract;

    /// <summary>The codebook of a contract.</summary>
    /// <param name="contract">An OpenAPI document, as JSON.</param>
    public static Codebook Write(JsonObject contract)
    {
        var writer = new CodebookWriter(contract);
        foreach (var (path, operations) in contract["paths"]!.AsObject().Where(path => path.Key.StartsWith(Root, StringComparison.Ordinal)))
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                writer.AddOperation(path, method, operation!.AsObject());
            }
        }

        var variables = writer._variables.Values.ToList();
        var content = JsonSerializer.SerializeToUtf8Bytes(variables, Json.Options);
        return new Codebook(Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6)), variables);
    }

    private void AddOperation(string path, string method, JsonObject operation)
    {
        var bodies = operation["responses"]!.AsObject().Where(response => response.Key[0] == '2').Select(
            response => (response.Value!["content"]?[ContentNegotiation.Json]?["schema"], IsAnswer: true))
            .Append((operation["requestBody"]?["content"]?[ContentNegotiation.Json]?["schema"], IsAnswer: false));
        var view = operation[ViewContract.Member]?.GetValue<string>();
        foreach (var (body, isAnswer) in bodies)
        {
            if (body is JsonObject schema)
            {
                AddMembers(
                    KindOf(path, method == "get" && isAnswer, schema),
                    $"{method.ToUpperInvariant()} {path}",
                    schema,
                    view,
                    isFigure: false);
            }
        }
    }

    // What is read at an address that ends in a word is called by that word; anything else by the name of its schema.
    private string KindOf(string path, bool isRead, JsonObject schema)
    {
        var id = schema["$ref"]?.GetValue<string>().Split('/')[^1];
        var words = path[Root.Length..].Split('/').Where(part => !part.StartsWith('{')).ToList();
        var isPageOfCase = path.Contains("{case}", StringComparison.Ordinal) && id?.EndsWith("Page", StringComparison.Ordinal) == true;
        var kind = isRead && !path.EndsWith('}') && !isPageOfCase ? CodeSet.Camel(words[^1]) : CodeSet.Camel(id!);
        if (_kinds.TryAdd(kind, schema.ToJsonString()) || _kinds[kind] == schema.ToJsonString())
        {
            return kind;
        }

        return CodeSet.Camel(string.Join('-', words));
    }

    private void AddMembers(string prefix, string operation, JsonObject owner, string? view, bool isFigure)
    {
        var schema = Resolve(owner);
        var from = schema[ViewContract.Member]?.GetValue<string>() ?? view;
        foreach (var (member, declared) in schema["properties"]?.AsObject() ?? [])
        {
            var name = $"{prefix}.{member}";
            if (!_variables.TryGetValue(name, out var known))
            {
                _variables[name] = Variable(name, operation, declared!.AsObject(), isFigure ? from : null);
            }
            else if (!known.AppliesTo.Contains(operation))
            {
                _variables[name] = known with { AppliesTo = [.. known.AppliesTo, operation] };
            }

            // What a refusal holds is said in the contract: it is no variable of the registry.
            if (member != "problem")
            {
                AddMembers(name, operation, declared!.AsObject(), from, isFigure || member == "items");
            }
        }
    }

    private CodebookVariable Variable(string name, string operation, JsonObject declared, string? view)
    {
        var schema = Resolve(declared);
        var said = Flat(declared);
        var isList = said["items"] is not null;
        var codes = schema["enum"]?.AsArray().Select(code => code!.GetValue<string>()).ToList();
        var words = MemberDeclaration.Of(said);
        var type = codes is not null ? "code"
            : schema["format"]?.GetValue<string>() is "date" or "date-time"
            ? schema["format"]!.GetValue<string>()
            : TypeOf(schema) ?? "object";
        var header = view is not null && type is "integer" or "number" ? _views.GetValueOrDefault(view!) : null;
        return new CodebookVariable(
            name,
            [operation],
            words.MeaningIn(said["description"]?.GetValue<string>() ?? schema["description"]?.GetValue<string>() ?? string.Empty),
            isList ? type + "[]" : type,
            words.Unit,
            Number(schema["minimum"]),
            Number(schema["maximum"]),
            schema["pattern"]?.GetValue<string>(),
            codes?.Zip(schema[CodeSet.Labels]!.AsArray(), (code, label) => new CodebookCode(code, label!.GetValue<string>())).ToList(),
            words.Missing ?? header?.Missing,
            header?.Formula,
            words.Source ?? header?.Source);
    }

    // The schema of one value: of a list, that of its items.
    private JsonObject Resolve(JsonObject schema)
    {
        var flat = Flat(schema);
        return flat["items"] is JsonObject items ? Resolve(items) : flat;
    }

    // References followed and parts put together; what is said nearer to the member goes before what its type says.
    private JsonObject Flat(JsonObject schema)
    {
        var parts = new List<JsonObject>();
        if (schema["$ref"]?.GetValue<string>() is { } reference)
        {
            parts.Add(Flat(_contract["components"]!["schemas"]![reference.Split('/')[^1]]!.AsObject()));
        }

        // What can be null is its type or null.
        parts.AddRange(
            (schema["oneOf"]?.AsArray() ?? []).Where(part => TypeOf(part!.AsObject()) != "null").Select(part => Flat(part!.AsObject())));
        var flat = new JsonObject();
        foreach (var (name, value) in new[] { schema }.Concat(parts)
            .SelectMany(part => part)
            .Where(member => member.Key is not ("$ref" or "oneOf")))
        {
            if (name == "properties" && flat[name] is JsonObject together)
            {
                foreach (var (member, declared) in value!.AsObject())
                {
                    together.TryAdd(member, declared!.DeepClone());
                }
            }
            else if (!flat.ContainsKey(name))
            {
                flat[name] = value?.DeepClone();
            }
        }

        return flat;
    }

    // The one type of a schema besides null.
    private static string? TypeOf(JsonObject schema) => schema["type"] switch
    {
        JsonArray types => types.Select(type => type!.GetValue<string>()).Single(type => type != "null"),
        var type => type?.GetValue<string>(),
    };

    private static decimal? Number(JsonNode? bound) =>
        bound is null ? null : decimal.Parse(bound.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
}
