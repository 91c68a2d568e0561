using System.Text;

namespace Registry.Tests.Support;

/// <summary>A request as a random sender makes it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The address below the base path, percent-encoded.</param>
/// <param name="Body">The body, or null.</param>
/// <param name="ContentType">The content type, or null.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record RandomRequest(string Method, string Path, byte[]? Body, string? ContentType, (string Name, string Value)[] Headers)
{
    public override string ToString() =>
        $"{Method} {Path} {ContentType} {string.Join(' ', Headers)}\n{(Body is null ? "" : Encoding.UTF8.GetString(Body, 0, Math.Min(Body.Length, 2000)))}";
}

/// <summary>
/// Makes requests that are nearly right: real addresses, bodies, headers and parameters with values of every kind put
/// in their places, and now and then bytes changed at random. The same seed makes the same requests.
/// </summary>
internal sealed class RandomRequests(int seed)
{
    private static readonly string[] Keys =
    [
        "a", "A", "b", "case-1", "x.y", "-", "%20", "%C3%A9", "a%2Fb", "..a", "%0A", "%22", "'", ";", new('k', 64), new('k', 65),
    ];
    private static readonly string[] Timepoints = ["baseline", "post-op", "1m", "3m", "6m", "12m", "24m", "2m"];
    private static readonly string[] Folders =
    [
        "events", "adverse-events", "costs", "stays", "assessments", "events", "assessments", "diagnoses",
    ];
    private static readonly string[] Summaries = ["response-rates", "scores", "costs", "stays", "trials", "flow"];

    private static readonly string[] Parameters =
    [
        "procedure", "site", "indication", "sex", "ageMin", "ageMax", "painSide", "painDurationMin", "painDurationMax", "from", "to",
        "primary", "asOf", "threshold", "instrument", "timepoint", "set", "basis", "per", "after", "limit", "dryRun", "%00x",
    ];

    private static readonly string[] ParameterValues =
    [
        "scs", "drez", "a", "crps", "female", "0", "-0", "1", "30", "50", "150", "-1", "1e3", "2147483648", "left", "true", "false", "TRUE",
        "", "+", "%2B5", "%20", "2024-01-01", "2024-02-30", "0001-01-01", "9999-12-31", "nrs", "pdi", "12m", "baseline", "treated",
        "intention-to-treat", "observed", "surgical", "all", "case", "%27%3B--", "%F0%9F%98%80", "x,y", "null",
    ];

    // A member, then values that fit it; any other value may be put in its place.
    private static readonly (string Member, string[] Values)[] Members =
    [
        ("name", ["\"A\"", "\"Ü\""]),
        ("country", ["\"DE\"", "\"CN\""]),
        ("timeZone", ["\"Europe/Berlin\"", "\"Asia/Shanghai\""]),
        ("patient", ["""{"reference":"P-1","sex":"female","birthYear":1960}""", """{"reference":"P-2","sex":"male","birthYear":1900}"""]),
        ("procedure", ["\"scs\"", "\"drez\"", "\"drg\"", "\"cordotomy\""]),
        ("indication", ["\"crps\"", "\"other\""]),
        ("painSide", ["\"left\""]),
        ("painLevels", ["""["T7","T8"]""", """["S5"]"""]),
        ("painDurationMonths", ["18"]),
        ("precedingCase", ["\"a\"", "\"b\""]),
        ("type", ["\"trial-started\"", "\"trial-ended\"", "\"implanted\"", "\"explanted\"", "\"lesioned\"", "\"died\""]),
        ("occurredOn", ["\"2024-01-10\"", "\"2024-03-01\""]),
        ("lead", ["\"paddle\""]),
        ("outcome", ["\"succeeded\"", "\"failed\"", "\"recovered\""]),
        ("reliefPercent", ["60"]),
        ("threshold", ["50"]),
        ("generator", ["\"primary-cell\""]),
        ("reason", ["\"infection\""]),
        ("permanent", ["true", "false"]),
        ("levels", ["""["C5"]"""]),
        ("depthMm", ["2.5"]),
        ("angleDegrees", ["35"]),
        ("side", ["\"left\""]),
        ("guidance", ["\"ct\""]),
        ("timepoint", ["\"12m\"", "\"baseline\""]),
        ("assessedOn", ["\"2024-01-09\"", "\"2024-02-10\"", "\"2025-01-10\""]),
        ("nrs", ["0", "5", "10"]),
        ("pdi", ["0", "28", "70"]),
        ("pdiItems", ["""{"familyHome":1,"recreation":2,"social":3,"occupation":4,"sexual":5,"selfCare":6,"lifeSupport":7}""",
            """{"familyHome":1,"recreation":2,"social":3,"occupation":null,"sexual":5,"selfCare":6,"lifeSupport":7}"""]),
        ("mode", ["\"clinic\"", "\"each\"", "\"all\""]),
        ("notDone", ["\"declined\""]),
        ("category", ["\"operation\"", "\"surgical\"", "\"device\"", "\"other\""]),
        ("term", ["\"bleeding\""]),
        ("onsetOn", ["\"2024-01-11\""]),
        ("severity", ["\"mild\""]),
        ("serious", ["true", "false"]),
        ("resolvedOn", ["\"2024-01-12\""]),
        ("amount", ["100", "0.01"]),
        ("currency", ["\"EUR\"", "\"JPY\""]),
        ("priceYear", ["2024"]),
        ("incurredOn", ["\"2024-01-10\""]),
        ("admittedOn", ["\"2024-01-09\""]),
        ("dischargedOn", ["\"2024-01-14\""]),
        ("site", ["\"a\"", "\"b\""]),
        ("case", ["\"a\"", "\"case-1\""]),
        ("dryRun", ["true", "false"]),
    ];

    private static readonly string[][] Shapes =
    [
        ["name", "country", "timeZone"],
        ["patient", "procedure", "indication", "painSide", "painLevels", "painDurationMonths", "precedingCase"],
        ["type", "occurredOn", "lead", "outcome", "generator", "reason", "permanent", "levels", "depthMm"],
        ["assessedOn", "nrs", "pdi", "pdiItems", "mode", "timepoint"],
        ["notDone", "assessedOn", "timepoint"],
        ["category", "term", "onsetOn", "severity", "serious", "outcome", "resolvedOn"],
        ["category", "amount", "currency", "priceYear", "incurredOn"],
        ["admittedOn", "dischargedOn"],
    ];

    private static readonly string[] AnyValues =
    [
        "null", "true", "0", "-0", "-1", "11", "71", "7.5", "1e400", "-1e400", "1e-400", "99999999999999999999",
        "0.1234567890123456789012345678901234567890", "\"\"", "\" \"", "\"7\"", "\"2024-02-30\"", "\"0001-01-01\"", "\"9999-12-31\"",
        "\"\\u0000\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"'; DROP TABLE site; --\"", "\"../../x\"", "[]", "[[]]", "[null]", "{}",
        "{\"x\":{}}", "{\"reference\":1}", "{\"familyHome\":99}", "NaN", "undefined", "'x'", "[1,2", "\"x", "[[[[[[[[[[1]]]]]]]]]]",
        "\"" + new string('ü', 300) + "\"",
    ];

    private static readonly (string Name, string Value)[] AnyHeaders =
    [
        ("If-Match", "*"), ("If-Match", "\"1-000000000000\""), ("If-Match", "W/\"x\""), ("If-Match", "x"), ("If-Match", "\"a\", \"b\""),
        ("If-Match", ""), ("If-None-Match", "*"), ("If-None-Match", "\"x\""), ("If-None-Match", ","), ("X-Change-Reason", "typing error"),
        ("X-Change-Reason", ""), ("X-Change-Reason", new string('x', 600)), ("X-Change-Reason", "Grund: ü 奥"), ("Accept", "text/html"),
        ("Accept", "*/*;q=x"), ("Accept-Encoding", "gzip"), ("Content-Encoding", "gzip"), ("Range", "bytes=0-1"), ("Expect", "x"),
        ("Authorization", "Bearer x"), ("X-Forwarded-For", "1.2.3.4"), ("Cookie", "a=b"), ("Origin", "http://x"),
    ];

    private static readonly string?[] ContentTypes =
    [
        "application/json", "application/json; charset=utf-8", "application/json; charset=utf-16", "text/plain",
        "application/problem+json", "multipart/form-data; boundary=x", null,
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next request.</summary>
    public RandomRequest Next()
    {
        var path = Path();
        var method = Chance(95) ? MethodOf(path) : Any("GET", "PUT", "DELETE", "POST", "PATCH", "HEAD", "OPTIONS");
        var hasBody = method is "PUT" or "POST" or "PATCH" || Chance(5);
        return new RandomRequest(
            method,
            path + (Chance(method == "GET" ? 60 : 8) ? Query() : string.Empty),
            hasBody ? Body(path) : null,
            Chance(95) ? ContentTypes[0] : ContentTypes[_random.Next(ContentTypes.Length)],
            [.. Enumerable.Range(0, Chance(70) ? 0 : _random.Next(1, 4)).Select(_ => AnyHeaders[_random.Next(AnyHeaders.Length)])]);
    }

    private string MethodOf(string path) =>
        path.StartsWith("/summaries", StringComparison.Ordinal)
            || path.EndsWith("/history", StringComparison.Ordinal)
            || path.EndsWith("/cases", StringComparison.Ordinal) ? "GET"
        : path.EndsWith("/batch", StringComparison.Ordinal) || path.EndsWith("/assessments", StringComparison.Ordinal) ? "POST"
        : Any("PUT", "PUT", "PUT", "PUT", "GET", "DELETE");

    private string Path() => _random.Next(20) switch
    {
        0 => "/sites/" + Key(),
        1 => $"/sites/{Key()}/cases",
        2 or 3 => $"/sites/{Key()}/cases/{Key()}",
        4 or 5 => "/assessments/batch",
        6 or 7 or 8 => "/summaries/" + Any(Summaries),
        9 => $"/sites/{Key()}/cases/{Key()}/{Any(Folders)}/{Key()}/history",
        10 or 11 => $"/sites/{Key()}/cases/{Key()}/assessments",
        12 => "/" + string.Join('/', Enumerable.Range(0, _random.Next(6)).Select(_ => Any(Keys))),
        _ => Any(Folders) is "assessments" and var folder
            ? $"/sites/{Key()}/cases/{Key()}/{folder}/{Any(Timepoints)}"
            : $"/sites/{Key()}/cases/{Key()}/{Any(Folders)}/{Key()}",
    };

    private string Query()
    {
        var names = Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Any(Parameters) is "%00x" ? "x" : Any(Parameters[..^1]));
        return "?"
            + string.Join('&', names.Select(name => name + (Chance(95) ? "=" : "") + (Chance(60) ? Fitting(name) : Any(ParameterValues))));
    }

    private string Fitting(string name) => name switch
    {
        "procedure" => Any("scs", "drg", "drez", "cordotomy"),
        "site" or "after" => Any("a", "b", "none"),
        "indication" => "crps",
        "sex" => Any("female", "male"),
        "painSide" => "left",
        "from" or "to" or "asOf" => Any("2024-01-01", "2025-06-15", "0001-01-01"),
        "primary" => Any("true", "false"),
        "instrument" => Any("nrs", "pdi"),
        "timepoint" => Any(Timepoints),
        "set" => Any("treated", "observed", "intention-to-treat"),
        "basis" => Any("surgical", "all"),
        "per" => "case",
        _ => Any("1", "-0", "30", "100"),
    };

    private byte[] Body(string path)
    {
        var text = path.Contains("batch", StringComparison.Ordinal)
            ? $$"""{"mode":{{(Chance(90) ? Any("\"each\"", "\"all\"") : Any(AnyValues))}},"items":{{(Chance(95) ? $"[{string.Join(',', Enumerable.Range(0, _random.Next(1, 8)).Select(_ => Chance(95) ? Item() : Any(AnyValues)))}]" : Any(AnyValues))}}{{(Chance(30) ? ",\"dryRun\":true" : "")}}}"""
            : Object(Shape(path));
        var bytes = Encoding.UTF8.GetBytes(text);
        if (Chance(8))
        {
            for (var changes = _random.Next(1, 4); changes > 0; changes--)
            {
                bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
            }
        }

        return Chance(3) ? bytes[.._random.Next(bytes.Length)] : bytes;
    }

    private string Item() => Object([.. Chance(95) ? ["site", "case"] : Array.Empty<string>(), .. Shapes[Chance(80) ? 3 : 4]]);

    // Mostly the shape that belongs to the address.
    private string[] Shape(string path) => Chance(8)
        ? Shapes[_random.Next(Shapes.Length)]
        : path switch
        {
            _ when path.Contains("/events", StringComparison.Ordinal) => Shapes[2],
            _ when path.Contains("/assessments", StringComparison.Ordinal) => Shapes[Chance(80) ? 3 : 4],
            _ when path.Contains("/adverse-events", StringComparison.Ordinal) => Shapes[5],
            _ when path.Contains("/costs", StringComparison.Ordinal) => Shapes[6],
            _ when path.Contains("/stays", StringComparison.Ordinal) => Shapes[7],
            _ when path.Contains("/cases", StringComparison.Ordinal) => Shapes[1],
            _ => Shapes[0],
        };

    private string Object(string[] shape)
    {
        var required =
            shape.Where(_ => Chance(85)).Concat(Chance(3) ? [Members[_random.Next(Members.Length)].Member] : Array.Empty<string>());
        return "{"
            + string.Join(',', required.Select(
                member => $"\"{member}\":{(Chance(95) ? Any(Members.Single(one => one.Member == member).Values) : Any(AnyValues))}"))
            + "}";
    }

    private string Key() => Chance(93) ? Any("a", "a", "a", "b", "case-1") : Any(Keys);

    private bool Chance(int percent) => _random.Next(100) < percent;

    private string Any(params string[] values) => values[_random.Next(values.Length)];
}
