using System.Text;
using System.Text.Json.Nodes;

namespace Registry.Tests.Support;

/// <summary>
/// Makes requests for one operation of the contract: first one as the contract says, filled with its examples, then with one to three
/// things wrong with it. The same seed makes the same requests.
/// </summary>
internal sealed class MutatedRequests
{
    private static readonly string[] OddTexts =
    [
        "", " ", "\t", "\0", "\u007f", "é", "е", "ｓ", "\u202e", "\ufeff", "\U0001F600", "e\u0301", "..", "../..", "a/b", "a\\b", "'", "\"",
        "; DROP TABLE site; --", "<x>", "{{x}}", "%s", "NaN", "null", "true", "-1", "1e999", "2024-02-30", "9999-12-31", "0000-00-00",
        "2024-02-01T00:00:00Z", new string('k', 65), new string('ü', 600), new string('9', 400), new string('x', 10_000),
    ];

    private static readonly string[] OddPaths =
    [
        "%2E%2E%2F", "a%2Fb", "a%5Cb", "%C3%A9", "%D0%B5", "%F0%9F%98%80", "%C0%AF", "%FF", "%", "%2", "%zz", "%20", "%09", "%0D%0A", "+",
        "*", ":", "@", ";a=b", "~", "$", "(x)", "S", "s%E2%80%AE", new('k', 65), new('k', 10_000),
    ];

    private static readonly string[] OddValues =
    [
        "null", "true", "false", "0", "-0", "-1", "7.5", "1e400", "-1e400", "1e-400", "2147483648", "99999999999999999999",
        "0.1234567890123456789012345678901234567890", "\"\"", "\" \"", "\"7\"", "\"2024-02-30\"", "\"0001-01-01\"", "\"9999-12-31\"",
        "\"\\u0000\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\u202e\"", "\"'; DROP TABLE site; --\"", "\"../../x\"", "[]", "[[]]",
        "[null]", "{}", "{\"x\":{}}", "NaN", "'x'", "[1,2", "[[[[[[[[[[1]]]]]]]]]]",
    ];

    private static readonly (string Name, string Value)[] OddHeaders =
    [
        ("If-Match", "*"), ("If-Match", "\"1-000000000000\""), ("If-Match", "W/\"1\""), ("If-Match", "W/\"99999999999\""),
        ("If-Match", "x"), ("If-Match", "\"a\", \"b\""), ("If-Match", ""), ("If-None-Match", "*"), ("If-None-Match", "\"x\""),
        ("If-None-Match", ","), ("X-Change-Reason", "typing error"), ("X-Change-Reason", ""), ("X-Change-Reason", new string('x', 501)),
        ("X-Change-Reason", "UTF-8''%ZZ"), ("X-Change-Reason", "\u0001"), ("X-Sent-At", "yesterday"), ("X-Sent-At", "2999-01-01T00:00:00Z"),
        ("X-Sent-At", "2024-01-01T00:00:00"), ("Idempotency-Key", "a b"), ("Idempotency-Key", new string('k', 256)),
        ("Idempotency-Key", ""), ("If-None-Exist", "identifier=a|b"), ("If-None-Exist", "colour=red"), ("If-None-Exist", "?&&=="),
        ("Prefer", "return=everything"), ("X-Request-Id", new string('r', 500)), ("Accept", "text/html"), ("Accept", "*/*;q=x"),
        ("Accept", "application/fhir+xml"), ("Accept-Encoding", "gzip"), ("Content-Encoding", "gzip"), ("Content-Encoding", "zstd"),
        ("Range", "bytes=0-1"), ("Expect", "x"), ("Cookie", "a=b"), ("Origin", "http://x"), ("X-Api-Key", "another"), ("X-Api-Key", ""),
        ("Authorization", "Bearer x"), ("Authorization", "Basic eDp5"), ("X-Forwarded-For", "1.2.3.4"),
        ("X-HTTP-Method-Override", "DELETE"),
    ];

    private static readonly string?[] OddContentTypes =
    [
        null, "text/plain", "text/csv", "application/xml", "application/fhir+xml", "application/fhir+json; fhirVersion=3.0",
        "application/json; charset=utf-16", "application/json; charset=\"", "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded", "application/problem+json", "x",
    ];

    private readonly JsonObject _contract, _operation;
    private readonly string _method, _path;
    private readonly IReadOnlyDictionary<string, string> _keys;
    private readonly Random _random;

    /// <summary>The requests of one operation.</summary>
    /// <param name="contract">The whole contract.</param>
    /// <param name="path">The path, as the contract has it.</param>
    /// <param name="method">The method, in small letters.</param>
    /// <param name="keys">What stands for the parameters of the path.</param>
    /// <param name="seed">The seed.</param>
    public MutatedRequests(JsonObject contract, string path, string method, IReadOnlyDictionary<string, string> keys, int seed)
    {
        (_contract, _path, _method, _keys) = (contract, path, method, keys);
        _operation = contract["paths"]![path]![method]!.AsObject();
        _random = new Random(path.Aggregate(seed * 31 + method.Length, (hash, letter) => unchecked((hash * 31) + letter)));
    }

    /// <summary>The next request.</summary>
    public RandomRequest Next()
    {
        var path =
            _path.Split('/').Select(part => part.StartsWith('{') ? _keys.GetValueOrDefault(part.Trim('{', '}'), "k") : part).ToList();
        var query = Parameters("query").Where(one => one["required"]?.GetValue<bool>() == true || Chance(15))
            .Select(one => (Name: one["name"]!.ToString(), Value: Fitting(one)))
            .ToList();
        var headers = new List<(string Name, string Value)>();
        var (contentType, body) = Body();
        for (var flaws = _random.Next(1, 4); flaws > 0; flaws--)
        {
            switch (_random.Next(body is null ? 3 : 8))
            {
                case 0:
                    Spoil(path);
                    break;
                case 1:
                    Spoil(query);
                    break;
                case 2:
                    headers.Add(Any(OddHeaders));
                    break;
                case 3:
                    contentType = Any(OddContentTypes);
                    break;
                case 4:
                    body = SpoilText(body!);
                    break;
                default:
                    body = SpoilJson(body!);
                    break;
            }
        }

        var address = string.Join('/', path)
            + (query.Count == 0 ? string.Empty : "?" + string.Join('&', query.Select(one => $"{one.Name}={one.Value}")));
        if (body is not null && contentType is not null && !System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out _))
        {
            headers.Add(("Content-Type", contentType));
            contentType = null;
        }

        return new RandomRequest(
            Chance(97) ? _method.ToUpperInvariant() : Any("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"),
            address,
            body,
            contentType,
            [.. headers]);
    }

    private IEnumerable<JsonNode> Parameters(string place) =>
        (_operation["parameters"]?.AsArray() ?? []).Select(one => Resolve(one!)).Where(one => one["in"]!.ToString() == place);

    private JsonNode Resolve(JsonNode node) => node["$ref"]?.ToString() is { } reference
        ? Resolve(reference[2..].Split('/').Aggregate((JsonNode)_contract, (part, name) => part[name]!))
        : node;

    private string Fitting(JsonNode parameter)
    {
        var schema = Resolve(parameter["schema"]!);
        schema = schema["items"] is { } items ? Resolve(items) : schema;
        schema = schema["allOf"]?[0] is { } only ? Resolve(only) : schema;
        return Uri.EscapeDataString(
            schema["enum"] is JsonArray codes ? codes[_random.Next(codes.Count)]!.ToString()
            : parameter["example"] is { } example ? example.ToString()
            : schema["minimum"] is { } least ? least.ToString()
            : schema["type"]?.ToString() == "boolean" ? "true"
            : schema["format"]?.ToString() == "date" ? "2025-01-01"
            : "s");
    }

    private (string? ContentType, byte[]? Body) Body()
    {
        if (_operation["requestBody"]?["content"]?.AsObject() is not { } forms)
        {
            return (null, null);
        }

        var (type, media) = forms.ElementAt(_random.Next(forms.Count));
        var example = media!["example"];
        if (example is null)
        {
            return (type, Encoding.UTF8.GetBytes(type.Contains("xml", StringComparison.Ordinal)
                ? """<Observation xmlns="http://hl7.org/fhir"><status value="final"/></Observation>"""
                : FhirExample()));
        }

        return (type, Encoding.UTF8.GetBytes(example is JsonValue text ? text.GetValue<string>() : Own(example.ToJsonString())));
    }

    // The contract has no example of a resource.
    private string FhirExample()
    {
        var observation = """{"resourceType":"Observation","identifier":[{"system":"urn:x","value":"1"}],"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"72514-3"}]},"subject":{"identifier":{"system":"urn:registry:site:s:patient","value":"P-1"}},"partOf":[{"identifier":{"system":"urn:registry:site:s:case","value":"c"}}],"effectiveDateTime":"2025-01-10","valueInteger":4,"note":[{"text":"a note"}]}""";
        return _path.EndsWith("/fhir", StringComparison.Ordinal)
            ? $$$"""{"resourceType":"Bundle","type":"{{{Any("batch", "transaction")}}}","entry":[{"fullUrl":"urn:uuid:0b0b5a3e-5a0c-4a0e-8f8b-0d6f8f0c0a01","resource":{{{observation}}},"request":{"method":"POST","url":"Observation"}}]}"""
            : _path.Contains("Questionnaire", StringComparison.Ordinal)
                ? """{"resourceType":"QuestionnaireResponse","status":"completed","subject":{"identifier":{"system":"urn:registry:site:s:patient","value":"P-1"}},"partOf":[{"identifier":{"system":"urn:registry:site:s:case","value":"c"}}],"authored":"2025-01-10","item":[{"linkId":"pdi-social","answer":[{"valueInteger":4}]}]}"""
                : observation;
    }

    // About the site and the case that there are.
    private static string Own(string text) =>
        text.Replace(":\"reference\"", ":\"s\"", StringComparison.Ordinal).Replace(":\"PHN-01-SCS\"", ":\"c\"", StringComparison.Ordinal);

    private void Spoil(List<string> path)
    {
        var own = path.Index()
            .Where(part => _path.Split('/').ElementAtOrDefault(part.Index)?.StartsWith('{') == true)
            .Select(part => part.Index)
            .ToList();
        switch (_random.Next(5))
        {
            case 0 when path.Count > 3:
                path.Add(Any(OddPaths));
                break;
            case 1 when path.Count > 3:
                path.Add(string.Empty);
                break;
            default:
                if (own.Count > 0)
                {
                    path[own[_random.Next(own.Count)]] = Any(OddPaths);
                }

                break;
        }
    }

    private void Spoil(List<(string Name, string Value)> query)
    {
        var known = Parameters("query").Select(one => one["name"]!.ToString()).ToArray();
        switch (_random.Next(5))
        {
            case 0:
                query.Add((Uri.EscapeDataString(Any("x", "LIMIT", "$where", "\0", "a[]", " ", new string('n', 5_000))),
                    Uri.EscapeDataString(Any(OddTexts))));
                break;
            case 1 when query.Count > 0:
                query.Add(Any([.. query]));
                break;
            case 2 when known.Length > 0:
                query.Add((Any(known), Any("%", "%zz", "%C0%AF", "%FF%FE", "%00", "+", "a&b", "a=b")));
                break;
            default:
                if (known.Length > 0)
                {
                    query.Add((Any(known), Uri.EscapeDataString(Any(OddTexts))));
                }

                break;
        }
    }

    private byte[] SpoilText(byte[] body)
    {
        switch (_random.Next(8))
        {
            case 0:
                return body[.._random.Next(body.Length + 1)];
            case 1:
                return [0xEF, 0xBB, 0xBF, .. body];
            case 2:
                return [.. body, .. body];
            case 3:
                return Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body));
            case 4:
                return Encoding.UTF8.GetBytes(new string('[', 5_000) + new string(']', _random.Next(2) * 5_000));
            case 5:
                return Encoding.UTF8.GetBytes(
                    """{"a":""" + string.Concat(Enumerable.Repeat("""{"a":""", 1_000)) + "1" + new string('}', 1_001));
            default:
                var changed = body.ToArray();
                for (var changes = Math.Min(_random.Next(1, 6), changed.Length); changes > 0; changes--)
                {
                    changed[_random.Next(changed.Length)] = (byte)_random.Next(256);
                }

                return changed;
        }
    }

    // One member somewhere: another value, gone, twice, or one that is not known beside it.
    private byte[] SpoilJson(byte[] body)
    {
        JsonNode? root;
        List<JsonObject> objects;
        try
        {
            root = JsonNode.Parse(body);
            objects = [.. Within(root).OfType<JsonObject>().Where(one => one.Count > 0)];

            // Half a surrogate can be read, and not written.
            _ = root?.ToJsonString();
        }
        catch (Exception spoilt) when (spoilt is System.Text.Json.JsonException or ArgumentException or InvalidOperationException)
        {
            return SpoilText(body);
        }

        if (objects.Count == 0)
        {
            return SpoilText(body);
        }

        const string Mark = "\"@@@\"";
        var one = objects[_random.Next(objects.Count)];
        var (name, value) = one.ElementAt(_random.Next(one.Count));
        var (text, other) = (value?.ToJsonString() ?? "null",
            Chance(70) ? Any(OddValues) : JsonValue.Create(Any(OddTexts))!.ToJsonString());
        switch (_random.Next(6))
        {
            case 0:
                one.Remove(name);
                return Bytes(root!.ToJsonString());
            case 1:
                one[name] = "@@@";
                return Bytes(root!.ToJsonString()
                    .Replace(Mark, $"{text},{JsonValue.Create(name)!.ToJsonString()}:{other}", StringComparison.Ordinal));
            case 2:
                one[Any(OddTexts)] = "@@@";
                return Bytes(root!.ToJsonString().Replace(Mark, other, StringComparison.Ordinal));
            default:
                one[name] = "@@@";
                return Bytes(root!.ToJsonString().Replace(Mark, other, StringComparison.Ordinal));
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static IEnumerable<JsonNode?> Within(JsonNode? node) =>
        (node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        }).SelectMany(Within).Prepend(node);

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Any<T>(params T[] values) => values[_random.Next(values.Length)];
}
