using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.Http;

/// <summary>
/// Reads the members of a JSON object by name and collects every fault on the way, so that a sender learns of all at
/// once. A member that is read counts as known; what is left over at the end is refused.
/// </summary>
internal sealed partial class FieldReader(JsonElement subject, string path, List<Fault> faults, DateOnly lastDay)
{
    /// <summary>The code of a date or year after the last day that may be named.</summary>
    public const string InTheFuture = "date-in-the-future";

    private const int LongestEcho = 100;

    // Stands for each fault beyond those that are listed: counted, and no more.
    private static readonly Fault Unlisted = new(string.Empty, "unlisted", string.Empty);

    private readonly HashSet<string> _known = [];

    /// <summary>The reader of a body.</summary>
    /// <param name="body">A JSON object.</param>
    /// <param name="lastDay">The last day a date may name: today at the site, or anywhere when it has no time zone.</param>
    public FieldReader(JsonElement body, DateOnly lastDay)
        : this(body, string.Empty, [], lastDay)
    {
    }

    /// <summary>What is wrong so far.</summary>
    public IReadOnlyList<Fault> Faults => faults;

    /// <summary>The last day a date may name: today at the site, or anywhere when it has no time zone.</summary>
    public DateOnly LastDay => lastDay;

    /// <summary>Whether the sender stated the member, be it null.</summary>
    public bool Has(string name) => subject.TryGetProperty(name, out _);

    public int? Whole(string name, WholeRange range, string unit, bool required = false, bool orNull = false, WholeRange? saidToBe = null)
    {
        if (Find(name, required, orNull) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && IsWhole(value) && value.TryGetInt64(out var number) && range.Contains(number))
        {
            return (int)number;
        }

        var (code, stated) = value.ValueKind switch
        {
            JsonValueKind.Number => (IsWhole(value) ? "out-of-range" : "not-a-whole-number", Echo(value)),
            JsonValueKind.String when DecimalComma().IsMatch(value.GetString()!) =>
                ("decimal-comma", Echo(value) + ", with a decimal comma"),
            _ => ("not-a-number", JsonBody.Kind(value)),
        };
        var allowed = FormattableString.Invariant($"a whole number from {(saidToBe ?? range).Min} to {(saidToBe ?? range).Max}");
        return Refuse<int?>(name, code, $"'{name}' is {stated}; it has to be {allowed} ({unit}).", value, allowed);
    }

    public decimal? Decimal(string name, decimal min, decimal max, int decimals, string unit, bool required = false)
    {
        if (Find(name, required) is not { } value)
        {
            return null;
        }

        var number = 0m;
        var isInRange = value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out number) && number >= min && number <= max;
        if (isInRange && DecimalsOf(value) <= decimals)
        {
            // 100 and 100.00 are the same amount, and are recorded the same.
            return number.WithoutTrailingZeros();
        }

        var (code, stated) = value.ValueKind == JsonValueKind.Number
            ? (isInRange ? "too-many-decimals" : "out-of-range", Echo(value))
            : ("not-a-number", JsonBody.Kind(value));
        var allowed = FormattableString.Invariant($"a number from {min} to {max} with at most {decimals} decimals");
        return Refuse<decimal?>(name, code, $"'{name}' is {stated}; it has to be {allowed} ({unit}).", value, allowed);
    }

    public bool? Flag(string name, bool required = false) =>
        Find(name, required) is not { } value
            ? null
            : value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? value.GetBoolean()
                : Refuse<bool?>(
                    name, "not-a-boolean", $"'{name}' is {JsonBody.Kind(value)}; it has to be true or false.", value, "true, false");

    public T? Code<T>(string name, bool required = false)
        where T : struct, Enum
    {
        if (Text(name, required) is not { } text)
        {
            return null;
        }

        if (Domain.Common.Code.Parse<T>(text) is { } value)
        {
            return value;
        }

        var allowed = string.Join(", ", Domain.Common.Code.All<T>());
        return Refuse<T?>(name, "unknown-code", $"'{name}' is '{Shorten(text)}'; it has to be one of {allowed}.", text, allowed);
    }

    public string? Identifier(string name, bool required = false) =>
        Text(name, required) is not { } text
            ? null
            : Domain.Common.Identifier.IsValid(text)
                ? text
                : Refuse<string>(
                    name,
                    "not-an-identifier",
                    $"'{name}' has to be {Domain.Common.Identifier.Allowed}.",
                    text,
                    Domain.Common.Identifier.Allowed);

    /// <summary>An identifier that is a <typeparamref name="T"/>.</summary>
    public T? Identifier<T>(string name, bool required = false)
        where T : struct, Domain.Common.IIdentifier<T> => Identifier(name, required) is { } text ? T.Parse(text, null) : null;

    /// <summary>A text that meets <paramref name="rule"/>.</summary>
    public string? Text(string name, Func<string, bool> rule, string code, string allowed, bool required = false) =>
        Text(name, required) is not { } text
            ? null
            : rule(text) ? text : Refuse<string>(name, code, $"'{name}' is '{Shorten(text)}'; it has to be {allowed}.", text, allowed);

    /// <summary>A day of the calendar, up to the last day a date may name.</summary>
    public DateOnly? Date(string name, bool required = false)
    {
        if (Text(name, required) is not { } text)
        {
            return null;
        }

        var allowed = $"a date YYYY-MM-DD up to {lastDay.Iso()}";
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return Refuse<DateOnly?>(
                name, "not-a-date", $"'{name}' is '{Shorten(text)}'; it has to be a date of the calendar, YYYY-MM-DD.", text, allowed);
        }

        if (date > lastDay)
        {
            _ = Refuse<DateOnly?>(
                name,
                InTheFuture,
                $"'{name}' is {text}; it cannot be after {lastDay.Iso()}, the latest day that has begun at the site (anywhere, when the "
                    + "site states no time zone).",
                text,
                allowed);
        }

        return date;
    }

    /// <summary>
    /// A calendar year, up to that of the last day a date may name. As with a date, one in the future is noted and given all the same: it
    /// may be recorded already.
    /// </summary>
    public int? Year(string name, WholeRange range, bool required = false)
    {
        var upToNow = range with { Max = lastDay.Year };
        var year = Whole(name, range, "calendar year", required, saidToBe: upToNow);
        if (year > lastDay.Year)
        {
            var stated = year.Value.ToString(CultureInfo.InvariantCulture);
            Refuse(
                name,
                InTheFuture,
                $"'{name}' is {stated}; it cannot be after {lastDay.Year.ToString(CultureInfo.InvariantCulture)}.",
                stated,
                FormattableString.Invariant($"a whole number from {upToNow.Min} to {upToNow.Max}"));
        }

        return year;
    }

    /// <summary>Takes members that are only ever read: they may be sent back with what they say now.</summary>
    public IReadOnlyDictionary<string, JsonElement> ReadBack(IEnumerable<string> names)
    {
        var stated = new Dictionary<string, JsonElement>();
        foreach (var name in names)
        {
            if (subject.TryGetProperty(name, out var value) && _known.Add(name))
            {
                stated[name] = value;
            }
        }

        return stated;
    }

    /// <summary>A list of spinal levels without repetition, from head to foot.</summary>
    public IReadOnlyList<string>? Levels(string name)
    {
        if (Find(name, required: false) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0)
        {
            return Refuse<IReadOnlyList<string>>(
                name,
                "not-a-list",
                $"'{name}' has to be a list of one or more levels of {SpinalLevel.Allowed}.",
                value,
                SpinalLevel.Allowed);
        }

        var levels = new List<string>();
        var before = faults.Count;
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var at = FormattableString.Invariant($"{name}/{index++}");
            var level = item.ValueKind == JsonValueKind.String ? item.GetString() : null;
            if (level is null || !SpinalLevel.IsValid(level))
            {
                _ = Refuse<string>(
                    at, "unknown-code", $"{Shorten(Echo(item))} is not one of {SpinalLevel.Allowed}.", item, SpinalLevel.Allowed);
            }
            else if (levels.Contains(level))
            {
                _ = Refuse<string>(at, "repeated", $"'{level}' is listed twice.", item, SpinalLevel.Allowed);
            }
            else
            {
                levels.Add(level);
            }

            if (index > SpinalLevel.MaxCount)
            {
                break;
            }
        }

        return faults.Count == before ? SpinalLevel.InOrder(levels) : null;
    }

    /// <summary>A nested object.</summary>
    public FieldReader? Object(string name, bool required = false) =>
        Find(name, required) is not { } value
            ? null
            : value.ValueKind == JsonValueKind.Object
                ? new FieldReader(value, $"{path}/{name}", faults, lastDay)
                : Refuse<FieldReader>(
                    name, "not-an-object", $"'{name}' is {JsonBody.Kind(value)}; it has to be an object.", value, "an object");

    /// <summary>The members of a nested object whose names are not known beforehand.</summary>
    public IReadOnlyList<(string Name, JsonElement Value)>? Members(string name) =>
        Find(name, required: true) is not { } value
            ? null
            : value.ValueKind == JsonValueKind.Object
                ? [.. value.EnumerateObject().Select(member => (member.Name, member.Value))]
                : Refuse<IReadOnlyList<(string Name, JsonElement Value)>>(
                    name, "not-an-object", $"'{name}' is {JsonBody.Kind(value)}; it has to be an object.", value, "an object");

    /// <summary>A list of one or more objects.</summary>
    public IReadOnlyList<JsonElement>? Objects(string name, int most)
    {
        var allowed = FormattableString.Invariant($"a list of 1 to {most} objects");
        if (Find(name, required: true) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is var length && (length == 0 || length > most))
        {
            Refuse(name, "not-a-list", $"'{name}' has to be {allowed}.", allowed: allowed);
            return null;
        }

        var items = value.EnumerateArray().ToList();
        foreach (var (index, item) in items.Index().Where(pair => pair.Item.ValueKind != JsonValueKind.Object))
        {
            _ = Refuse<string>(
                FormattableString.Invariant($"{name}/{index}"),
                "not-an-object",
                $"Item {index} is {JsonBody.Kind(item)}; it has to be an object.",
                item,
                "an object");
        }

        return items;
    }

    /// <summary>The text of a member, without any judgement on it; null when it is not there or no text.</summary>
    public string? Peek(string name) =>
        subject.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Notes a fault of a member.</summary>
    public void Refuse(string name, string code, string detail, string? value = null, string? allowed = null) =>
        faults.Add(faults.Count < Problem.MostFaults
            ? new Fault(name.Length == 0 ? path : $"{path}/{name}", code, detail, value, allowed)
            : Unlisted);

    /// <summary>Refuses what was stated and is not known. Called last.</summary>
    public void RefuseUnknown()
    {
        foreach (var name in subject.EnumerateObject().Select(member => member.Name).Where(name => !_known.Contains(name)))
        {
            if (faults.Count >= Problem.MostFaults)
            {
                faults.Add(Unlisted);
                continue;
            }

            Refuse(
                PointerPart(name),
                "unknown-member",
                $"'{Shorten(name)}' is not a member here.",
                Shorten(name),
                string.Join(", ", _known));
        }
    }

    private JsonElement? Find(string name, bool required, bool orNull = false)
    {
        _known.Add(name);
        if (!subject.TryGetProperty(name, out var value))
        {
            if (required)
            {
                Refuse(name, "missing", $"'{name}' has to be stated.");
            }

            return null;
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            if (!orNull)
            {
                Refuse(name, "null-not-allowed", $"'{name}' is null. Leave out what was not recorded.", "null");
            }

            return null;
        }

        return value;
    }

    private string? Text(string name, bool required) =>
        Find(name, required) is not { } value
            ? null
            : value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : Refuse<string>(name, "not-a-string", $"'{name}' is {JsonBody.Kind(value)}; it has to be a string.", value, "a string");

    private T? Refuse<T>(string name, string code, string detail, JsonElement value, string? allowed) =>
        Refuse<T>(name, code, detail, Echo(value), allowed);

    private T? Refuse<T>(string name, string code, string detail, string value, string? allowed)
    {
        Refuse(name, code, detail, Shorten(value), allowed);
        return default;
    }

    private static string Echo(JsonElement value) => Shorten(value.GetRawText());

    /// <summary>A text as it is shown to its sender: at most a hundred characters.</summary>
    public static string Shorten(string text) =>
        text.Length <= LongestEcho ? text : text[..(char.IsHighSurrogate(text[LongestEcho - 1]) ? LongestEcho - 1 : LongestEcho)] + "…";

    /// <summary>A member name as part of a JSON Pointer (RFC 6901), shortened where a sender made it very long.</summary>
    public static string PointerPart(string name) =>
        Shorten(name).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    // 7.0 and 7e0 are decimals as much as 7.5: a score is written as a whole number.
    private static bool IsWhole(JsonElement number) => !number.GetRawText().AsSpan().ContainsAny('.', 'e', 'E');

    // Counted on the text: the parser rounds what a decimal cannot hold, and would let 1e-400 pass for 0.
    private static int DecimalsOf(JsonElement number)
    {
        const int Beyond = 1_000_000;
        var parts = number.GetRawText().Split('e', 'E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? 0 : parts[0].Length - point - 1;
        var digits = parts[0].Replace(".", string.Empty, StringComparison.Ordinal);
        var significant = digits.TrimEnd('0');
        var exponent = parts.Length == 1 ? 0
            : int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var stated) ? Math
                .Clamp(stated, -Beyond, Beyond)
            : parts[1].StartsWith('-') ? -Beyond : Beyond;
        return significant is "" or "-" ? 0 : fraction - (digits.Length - significant.Length) - exponent;
    }

    [GeneratedRegex(@"^-?[0-9]+,[0-9]+\z")]
    private static partial Regex DecimalComma();
}
