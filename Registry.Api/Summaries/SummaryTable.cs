using System.Collections;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using Registry.Api.Http;
using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Api.Summaries;

/// <summary>
/// A summary as CSV (RFC 4180): a row an item, the cut-off first, then a column for each figure in the order of the JSON, with dots for
/// what lies within. An item that holds a list of points has a row for each of them. What is null is an empty cell. The columns of a
/// summary are always the same.
/// </summary>
internal static class SummaryTable
{
    public const string ContentType = "text/csv; charset=utf-8";

    // What a spreadsheet takes for the beginning of a formula.
    private static readonly char[] Active = ['=', '+', '-', '@', '\t', '\r'];

    /// <summary>The form of a summary.</summary>
    public static SummaryForm<TItem> Form<TItem>() => new(
        ContentType,
        summary => Write<TItem>(summary.AsOf, summary.Items.Select(item => JsonSerializer.SerializeToNode(item, Json.Options))));

    /// <summary>A text as a cell: a quotation mark goes before what a spreadsheet would compute.</summary>
    public static string Inert(string text) => text.Length > 0 && Active.Contains(text[0]) ? "'" + text : text;

    /// <summary>
    /// A summary whose items are JSON already, of the type <typeparamref name="TItem"/>; where they are under disclosure control, the last
    /// column says whether anything of the row is hidden.
    /// </summary>
    public static string Write<TItem>(DateOnly asOf, IEnumerable<JsonNode?> items, bool isProtected = false)
    {
        var rows = items.SelectMany(item => Rows(item!.AsObject(), typeof(TItem))).ToList();
        var columns = Columns(typeof(TItem), rows.FirstOrDefault(), string.Empty).ToList();
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, null, leaveOpen: true))
        {
            string[] marks = isProtected ? [Disclosure.Suppressed] : [];
            csv.WriteRecord(["asOf", .. columns, .. marks]);
            foreach (var row in rows)
            {
                csv.WriteRecord([asOf.Iso(), .. columns.Select(column => Cell(row, column.Split('.'))),
                    .. marks.Select(mark => row[mark] is null ? "false" : "true")]);
            }
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    // An item as it is, or once for each of its points.
    private static IEnumerable<JsonObject> Rows(JsonObject item, Type type)
    {
        if (ItemMember.Of(type).FirstOrDefault(member => PointOf(member.Type) is not null) is not { } points)
        {
            return [item];
        }

        var name = points.Name;
        return item[name] is JsonArray { Count: > 0 } all
            ? all.Select(
                point => new JsonObject(item.Where(member => member.Key != name).Select(Copy).Append(new(name, point!.DeepClone()))))
            : [item];
    }

    private static KeyValuePair<string, JsonNode?> Copy(KeyValuePair<string, JsonNode?> member) =>
        new(member.Key, member.Value?.DeepClone());

    // What a list of points holds; null for what is none. Costs by category are a closed set, each a column.
    private static Type? PointOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            && type.GetGenericArguments()[0] is { IsClass: true } inner && inner != typeof(string) && inner != typeof(CategoryFigures)
            ? inner
            : null;

    private static string? Cell(JsonNode? node, ReadOnlySpan<string> path) => node switch
    {
        null => null,
        JsonValue value when path.IsEmpty =>
            value.GetValueKind() == JsonValueKind.String ? Inert(value.GetValue<string>()) : value.ToJsonString(),
        JsonObject members when !path.IsEmpty => Cell(members[path[0]], path[1..]),
        JsonArray items when path.Length > 1 => Cell(Of(items, path[0]), path[1..]),
        _ => null,
    };

    private static JsonNode? Of(JsonArray items, string category) =>
        items.FirstOrDefault(item => item!["category"]!.GetValue<string>() == category);

    private static IEnumerable<string> Columns(Type type, JsonObject? sample, string prefix)
    {
        foreach (var member in ItemMember.Of(type))
        {
            var name = member.Name;
            var (path, inner) = (prefix + name, member.Value);
            IEnumerable<string> columns =
                inner == typeof(IReadOnlyList<CategoryFigures>) ? Code.All<CostCategory>().SelectMany(
                    category => Columns(typeof(CategoryFigures), null, $"{path}.{category}.").Where(
                        column => !column.EndsWith(".category", StringComparison.Ordinal)))
                : PointOf(inner) is { } point ? Columns(point, null, path + ".")
                : inner.IsAssignableTo(typeof(IEnumerable)) && inner != typeof(string) ? (sample?[name] as JsonObject ?? [])
                    .Select(reason => $"{path}.{reason.Key}")
                : inner.IsClass && inner != typeof(string) ? Columns(inner, sample?[name] as JsonObject, path + ".")
                : [path];
            foreach (var column in columns)
            {
                yield return column;
            }
        }
    }
}
