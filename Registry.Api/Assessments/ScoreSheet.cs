using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsvHelper;
using Registry.Api.Access;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.Assessments;
using Registry.Domain.Common;

namespace Registry.Api.Assessments;

/// <summary>
/// Scores from a spreadsheet: a header row that names the members of a batch item in any order, then a row an item. Comma or
/// semicolon, as the header row has it; an empty cell is a member left out. Items of the PDI are columns such as pdiItems.social; one that
/// is empty in a row with others was left unanswered.
/// </summary>
internal static partial class ScoreSheet
{
    /// <summary>The content type.</summary>
    public const string ContentType = "text/csv";

    private const string ItemsPrefix = "pdiItems.";
    private const string NotClosed = "has a quote that is not closed before its line ends.";

    private static readonly IReadOnlyList<string> Members =
    [
        .. FieldSet<Assessment>.Declared.All.Select(field => field.Name).Where(name => name != "pdiItems"),
    ];
    private static readonly IReadOnlyList<string> Numbers =
    [
        .. FieldSet<Assessment>.Declared.All.OfType<ValueField<Assessment, int>>().Select(field => field.Name),
    ];

    /// <summary>The columns that a sheet may have.</summary>
    public static readonly IReadOnlyList<string> Columns =
        ["site", "case", "timepoint", .. Members, .. AssessmentKind.Items.Select(item => ItemsPrefix + item)];

    /// <summary>Whether a request carries a sheet.</summary>
    public static bool IsSent(HttpRequest request) =>
        request.ContentType?.Split(';')[0].Trim().Equals(ContentType, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Reads the rows of a sheet as the items of a batch.</summary>
    public static async Task<(IReadOnlyList<JsonElement> Items, Problem? Problem)> Read(
        HttpRequest request, int mostItems, CancellationToken cancellation)
    {
        var (bytes, problem) = await RequestBody.Read(request, Limits.Of(request).BatchBytes, cancellation);
        if (problem is not null)
        {
            return ([], problem);
        }

        var firstLine = bytes.Span[..(bytes.Span.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var end ? end : bytes.Length)];
        var unclosed = new HashSet<long>();
        using var csv = CsvReader.Create(bytes, new CsvReaderOptions
        {
            HasHeader = false,
            Separator = firstLine.Count((byte)';') > firstLine.Count((byte)',') ? ';' : ',',
            TrimWhitespace = true,

            // No column holds more than a line: a quote that is not closed is the fault of its own row, and the rows behind it are read.
            AllowLineBreaksInQuotes = false,
            OnMalformedRecord = record =>
            {
                if (record.Reason is CsvMalformedReason.UnterminatedQuote or CsvMalformedReason.LineBreakInQuotes)
                {
                    unclosed.Add(record.RecordNumber);
                }
            },
        });
        try
        {
            return Read(csv, unclosed, mostItems);
        }
        catch (CsvFormatException malformed)
        {
            return ([], new Problem(Problems.MalformedBody, malformed.Message));
        }
    }

    // Row by row; those in which a quote is not closed are known by their number, the header row being the first.
    private static (IReadOnlyList<JsonElement> Items, Problem? Problem) Read(CsvReader csv, HashSet<long> unclosed, int mostItems)
    {
        if (!csv.Read())
        {
            return ([], new Problem(Problems.MalformedBody, "The body is empty; it has to be a header row and a row an item."));
        }

        if (unclosed.Contains(1))
        {
            return ([], Problem.Invalid([NotARow(string.Empty, 1, NotClosed)]));
        }

        var header = Cells(csv);
        var faults = new List<Fault>();
        foreach (var (place, name) in header.Index())
        {
            if (!Columns.Contains(name))
            {
                faults.Add(new Fault(
                    "/" + FieldReader.PointerPart(name),
                    "unknown-column",
                    $"'{FieldReader.Shorten(name)}' is not a column here.",
                    FieldReader.Shorten(name),
                    string.Join(", ", Columns)));
            }
            else if (header.Take(place).Contains(name))
            {
                faults.Add(new Fault("/" + name, "repeated", $"The column '{name}' is there twice.", name));
            }
        }

        var (items, rows) = (new List<JsonElement>(), 0);
        for (; rows <= mostItems && csv.Read(); rows++)
        {
            var (cells, number) = (Cells(csv), rows + 2);
            if (unclosed.Contains(number) || cells.Length != header.Length)
            {
                faults.Add(NotARow(
                    FormattableString.Invariant($"/items/{rows}"),
                    number,
                    unclosed.Contains(number)
                        ? NotClosed
                        : FormattableString.Invariant($"has {cells.Length} cells; the header row has {header.Length}.")));
            }
            else if (faults.Count == 0)
            {
                items.Add(Item(header, cells));
            }
        }

        if (rows == 0 || rows > mostItems)
        {
            faults.Add(new Fault(
                "/items", "not-a-list", FormattableString.Invariant($"There have to be 1 to {mostItems} rows below the header row.")));
        }

        return faults.Count == 0 ? (items, null) : ([], Problem.Invalid(faults));
    }

    private static Fault NotARow(string pointer, int number, string what) =>
        new(pointer, "not-a-row", string.Create(CultureInfo.InvariantCulture, $"Row {number} {what}"));

    private static string[] Cells(CsvReader csv) => [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];

    private static JsonElement Item(string[] header, string[] cells)
    {
        var item = new JsonObject();
        foreach (var (name, cell) in header.Zip(cells).Where(pair => pair.Second.Length > 0))
        {
            if (name.StartsWith(ItemsPrefix, StringComparison.Ordinal))
            {
                if (item["pdiItems"] is not JsonObject pdi)
                {
                    item["pdiItems"] = pdi = [];
                }

                pdi[name[ItemsPrefix.Length..]] = Number(cell);
            }
            else
            {
                item[name] = Numbers.Contains(name) ? Number(cell) : JsonValue.Create(cell);
            }
        }

        foreach (var name in header.Zip(cells).Where(pair => pair.Second.Length == 0).Select(pair => pair.First)
            .Where(name => item["pdiItems"] is not null && name.StartsWith(ItemsPrefix, StringComparison.Ordinal)))
        {
            item["pdiItems"]![name[ItemsPrefix.Length..]] = null;
        }

        return JsonSerializer.SerializeToElement(item);
    }

    // What is no number stays text, and is refused as text, by name.
    private static JsonNode Number(string cell) => JsonNumber().IsMatch(cell) ? JsonNode.Parse(cell)! : JsonValue.Create(cell);

    [GeneratedRegex(@"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?\z")]
    private static partial Regex JsonNumber();
}
