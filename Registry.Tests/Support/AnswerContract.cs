using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Registry.Api.OpenApi;

namespace Registry.Tests.Support;

/// <summary>
/// The contract, made ready to hold answers against it: status, media type, headers and body, nulls included. It is compiled once
/// for all hosts, since every host is the same program.
/// </summary>
internal sealed class AnswerContract
{
    private const string Root = "https://registry.invalid/contract";

    // What the transport adds, and what the rules of browsers ask for.
    private static readonly HashSet<string> OfTransport = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Date", "Server", "Connection", "Keep-Alive",
        "Strict-Transport-Security",
    };

    private static readonly EvaluationOptions Quick = new() { OutputFormat = OutputFormat.Flag, RequireFormatValidation = true };
    private static readonly EvaluationOptions Thorough = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
    private static readonly Lock Compiling = new();
    private static AnswerContract? _ofTheProgram;

    private readonly JsonObject _document;
    private readonly List<(Regex Path, int Literals, JsonObject Operations)> _paths;
    private readonly Dictionary<string, JsonSchema> _schemas = [];
    private readonly ConcurrentDictionary<(JsonSchema Schema, string Digest), bool> _sound = [];

    private AnswerContract(JsonObject document)
    {
        _document = document;
        var definitions = document["components"]!["schemas"]!.DeepClone();
        Rewrite(definitions);
        SchemaRegistry.Global.Register(new Uri(Root), JsonSchema.FromText(new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = Root,
            ["$defs"] = definitions,
        }.ToJsonString()));
        _paths =
        [
            .. from path in document["paths"]!.AsObject()
               let parts = path.Key.Split('/')
               select (
                   new Regex(
                       "^" + string.Join('/', parts.Select(part => part.StartsWith('{') ? "[^/]+" : Regex.Escape(part))) + "$",
                       RegexOptions.CultureInvariant),
                   parts.Count(part => !part.StartsWith('{')),
                   path.Value!.AsObject()),
        ];
    }

    /// <summary>The contract of a host.</summary>
    public static AnswerContract Of(IServiceProvider services)
    {
        lock (Compiling)
        {
            return _ofTheProgram ??= new AnswerContract(
                JsonNode.Parse(
                    services.GetRequiredService<ContractDocument>().Answer(
                        PathString.Empty, OpenApiSpecVersion.OpenApi3_1).GetAwaiter().GetResult().Body.Span)!.AsObject());
        }
    }

    /// <summary>The contract as it is committed, where there is no host to ask.</summary>
    public static AnswerContract Committed
    {
        get
        {
            lock (Compiling)
            {
                return _ofTheProgram ??= new AnswerContract(
                    JsonNode.Parse(File.ReadAllText(Checkout.PathOf("openapi/registry.v1.json")))!.AsObject());
            }
        }
    }

    /// <summary>What is in an answer and not in the contract, or the other way round; null when it is as promised.</summary>
    public string? FlawOf(string method, string path, ApiAnswer answer)
    {
        var isHead = method == "HEAD";
        if (method == "OPTIONS"
            || path.StartsWith("/openapi", StringComparison.Ordinal)
            || path.StartsWith("/swagger", StringComparison.Ordinal))
        {
            return null;
        }

        var response = Response(isHead ? "get" : method.ToLowerInvariant(), WithoutSlash(path.Split('?')[0]), answer.Status);
        if (response is null)
        {
            return answer.Status is not (404 or 405 or 401 or 400) ? $"the contract has no answer of status {answer.Status}"
                : isHead ? null
                : answer.ContentType is "application/fhir+json" or "application/fhir+xml" ? null
                : answer.ContentType == "application/problem+json" ? FlawOfBody(Reference("Problem"), answer.Text)
                : $"the contract has no answer of status {answer.Status}";
        }

        if (FlawOfHeaders(response, answer) is { } flaw)
        {
            return flaw;
        }

        if (isHead || answer.Text.Length == 0)
        {
            return !isHead && response["content"] is not null ? "there is no body" : null;
        }

        if (response["content"]?[answer.ContentType ?? string.Empty] is not JsonObject media)
        {
            return $"the contract has no body of type {answer.ContentType} here";
        }

        return answer.ContentType is not ("application/json" or "application/problem+json") ? null
            : FlawOfBody(media["schema"]!, answer.Text)
            ?? (response["x-problem-codes"] is JsonArray codes
                && !codes.Any(code => code!.GetValue<string>() == answer.Json["code"]!.GetValue<string>())
                ? $"the contract has no refusal {answer.Json["code"]} of status {answer.Status} here"
                : null);
    }

    /// <summary>What is wrong with a text held against a schema of the contract, or null.</summary>
    public string? FlawOfBody(JsonNode schema, string text)
    {
        // The same bytes come again and again, and are held against the same schema once.
        var compiled = Compiled(schema);
        var once = (compiled, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        if (_sound.ContainsKey(once))
        {
            return null;
        }

        using var body = JsonDocument.Parse(text);
        if (compiled.Evaluate(body.RootElement, Quick).IsValid)
        {
            _sound[once] = true;
            return null;
        }

        return string.Join("; ", compiled.Evaluate(body.RootElement, Thorough).Details!
            .Where(detail => detail.Errors is not null)
            .OrderByDescending(detail => detail.InstanceLocation.ToString().Length)
            .Take(6)
            .SelectMany(detail =>
                detail.Errors!.Select(error => $"{detail.InstanceLocation} {error.Key}: {error.Value} ({detail.EvaluationPath})")));
    }

    /// <summary>What a reference of the contract stands for.</summary>
    public JsonObject Resolve(JsonNode node) =>
        node["$ref"]?.GetValue<string>() is { } reference
            ? reference[2..].Split('/').Aggregate((JsonNode)_document, (part, name) => part[name]!).AsObject()
            : node.AsObject();

    // The address with a slash behind it is the same; with two it is another.
    private static string WithoutSlash(string path) =>
        path.EndsWith('/') && !path.EndsWith("//", StringComparison.Ordinal) ? path[..^1] : path;

    private static JsonObject Reference(string schema) => new() { ["$ref"] = "#/components/schemas/" + schema };

    private JsonObject? Response(string method, string path, int status)
    {
        var operation = _paths.Where(known => known.Path.IsMatch(path))
            .OrderByDescending(known => known.Literals)
            .Select(known => known.Operations[method])
            .FirstOrDefault();
        return operation?["responses"]?[status.ToString(System.Globalization.CultureInfo.InvariantCulture)] is { } response
            ? Resolve(response)
            : null;
    }

    private string? FlawOfHeaders(JsonObject response, ApiAnswer answer)
    {
        var named = (response["headers"]?.AsObject() ?? []).ToDictionary(
            header => header.Key, header => Resolve(header.Value!), StringComparer.OrdinalIgnoreCase);
        var unnamed = answer.Headers.Keys.Where(
            name => !named.ContainsKey(name) && !OfTransport.Contains(name)
                && !name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)).ToList();
        var missing = named.Where(header => (header.Value["required"]?.GetValue<bool>() == true || header.Key is "ETag" or "Location")
            && !answer.Headers.ContainsKey(header.Key))
            .Select(header => header.Key)
            .ToList();
        return unnamed.Count > 0 ? $"the contract does not name the headers {string.Join(", ", unnamed)}"
            : missing.Count > 0 ? $"the headers {string.Join(", ", missing)} are missing"
            : null;
    }

    private JsonSchema Compiled(JsonNode schema)
    {
        var text = schema.ToJsonString();
        lock (_schemas)
        {
            if (!_schemas.TryGetValue(text, out var compiled))
            {
                var copy = JsonNode.Parse(text)!;
                Rewrite(copy);
                _schemas[text] = compiled = JsonSchema.FromText(copy.ToJsonString());
            }

            return compiled;
        }
    }

    private static void Rewrite(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                if (members["$ref"]?.GetValue<string>() is { } reference)
                {
                    members["$ref"] = $"{Root}#/$defs/{reference.Split('/')[^1]}";
                }

                // Samples are data: nothing in them refers to anything.
                foreach (var (name, member) in members)
                {
                    if (name is not ("example" or "examples"))
                    {
                        Rewrite(member);
                    }
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Rewrite(item);
                }

                break;
        }
    }
}
