using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Registry.Api.Http;
using Registry.Api.OpenApi;

namespace Registry.Api.Cohorts.Export;

/// <summary>
/// A Frictionless data package as a zip file: the rows as CSV, their codebook, the citation, the descriptor with the count and the
/// digest of the rows, and a script each for R and Python that reads them with types and labels.
/// </summary>
internal sealed class DataPackage(
    CohortQuestion question, IReadOnlyList<Column> columns, ExportShape shape, long cases, long version, string filter)
{
    private const string Data = "data.csv";

    // The earliest that a zip file can state.
    private static readonly DateTimeOffset Undated = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the package; <paramref name="rows"/> writes the rows to a stream, and says how many there were.</summary>
    public async Task<long> Write(Stream body, Func<Stream, Task<long>> rows, CancellationToken cancellation)
    {
        var file = new OneWayStream(body);
        var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellation);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long count, bytes;
        await using (var entry = await Entry(zip, Data, CompressionLevel.Fastest).OpenAsync(cancellation))
        {
            var counted = new OneWayStream(entry, digest);
            count = await rows(counted);
            bytes = counted.Position;
        }

        var hash = Convert.ToHexStringLower(digest.GetHashAndReset());
        await Add(zip, "codebook.csv", Codebook(), cancellation);
        await Add(zip, "CITATION.txt", Citation(hash), cancellation);
        await Add(zip, "read.R", R(), cancellation);
        await Add(zip, "read.py", Python(), cancellation);
        await Add(zip, "datapackage.json", Descriptor(count, bytes, hash), cancellation);
        await zip.DisposeAsync();
        await file.FlushAsync(cancellation);
        return count;
    }

    private static async Task Add(ZipArchive zip, string name, string text, CancellationToken cancellation)
    {
        await using var entry = await Entry(zip, name, CompressionLevel.Optimal).OpenAsync(cancellation);
        await entry.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
    }

    // The same rows give the same bytes, whenever they are exported.
    private static ZipArchiveEntry Entry(ZipArchive zip, string name, CompressionLevel level)
    {
        var entry = zip.CreateEntry(name, level);
        entry.LastWriteTime = Undated;
        return entry;
    }

    private string Codebook()
    {
        var text = new StringBuilder("name,type,unit,meaning,codes\r\n");
        foreach (var column in columns)
        {
            foreach (var (index, field) in ((string[])[column.Name, TypeOf(column), column.Unit
                ?? string.Empty, column.Description, string.Join(
                    "; ", Labelled(column).Select(code => $"{code.Code} = {code.Label}"))]).Index())
            {
                text.Append(index == 0 ? string.Empty : ",");
                CsvWriter.AppendText(text, field);
            }

            text.Append("\r\n");
        }

        return text.ToString();
    }

    private string Citation(string hash) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Neuromodulation registry. Cohort of {cases} cases, data cut-off {question.Filter.Day.Iso()}, data version {version}.
        Selection: {filter}
        SHA-256 of {Data}: {hash}

        """);

    private string Descriptor(long count, long bytes, string hash)
    {
        var fields = new JsonArray([.. columns.Select(column => (JsonNode)Field(column))]);
        var schema = new JsonObject { ["fields"] = fields, ["missingValues"] = new JsonArray(string.Empty) };
        if (columns.Any(column => column.Name == CohortColumns.Case))
        {
            schema["primaryKey"] = shape == ExportShape.Wide ? CohortColumns.Case : new JsonArray(CohortColumns.Case, "timepoint");
        }

        return new JsonObject
        {
            ["profile"] = "tabular-data-package",
            ["name"] = "neuromodulation-cohort",
            ["title"] = "Cohort of a neuromodulation registry",
            ["description"] = $"Data cut-off {question.Filter.Day.Iso()}. Selection: {filter}",
            ["resources"] = new JsonArray(new JsonObject
            {
                ["profile"] = "tabular-data-resource",
                ["name"] = "data",
                ["path"] = Data,
                ["format"] = "csv",
                ["mediatype"] = "text/csv",
                ["encoding"] = "utf-8",
                ["bytes"] = bytes,
                ["hash"] = "sha256:" + hash,
                ["rows"] = count,
                ["dialect"] = new JsonObject { ["delimiter"] = ",", ["lineTerminator"] = "\r\n", ["header"] = true },
                ["schema"] = schema,
            }),
        }.ToJsonString(new JsonSerializerOptions(Json.Options) { WriteIndented = true });
    }

    private static JsonObject Field(Column column)
    {
        var field = new JsonObject { ["name"] = column.Name, ["type"] = TypeOf(column), ["description"] = column.Description };
        if (column.Type == ColumnType.Flag)
        {
            (field["trueValues"], field["falseValues"]) = (new JsonArray("true"), new JsonArray("false"));
        }

        if (column.Codes is not null)
        {
            field["constraints"] = new JsonObject
            {
                ["enum"] = new JsonArray([.. Labelled(column).Select(code => JsonValue.Create(code.Code))]),
            };
        }

        return field;
    }

    private string R()
    {
        var text = new StringBuilder("# Reads the cohort with its types and labels. A missing value is NA.\ncohort <- read.csv(\"" + Data
            + "\", na.strings = \"\", colClasses = c(\n");
        text.AppendJoin(
            ",\n",
            columns.Select(
                column => $"  {column.Name} = \"{column.Type switch { ColumnType.Number => "integer", ColumnType.Amount => "numeric", ColumnType.Flag => "logical", _ => "character" }}\"")).Append("))\n");
        foreach (var column in columns.Where(column => column.Codes is not null))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"cohort${column.Name} <- factor(cohort${column.Name}, levels = c({Quoted(Labelled(column).Select(code => code.Code))}))\n");
        }

        foreach (var column in columns)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"attr(cohort${column.Name}, \"label\") <- {JsonSerializer.Serialize(column.Description, Json.Options)}\n");
        }

        return text.ToString();
    }

    private string Python()
    {
        var text = new StringBuilder(
            "\"\"\"Reads the cohort with its types and labels. A missing value is pandas.NA.\"\"\"\nimport pandas as pd\n\ntypes = {\n");
        foreach (var column in columns)
        {
            var type = column.Codes is not null ? $"pd.CategoricalDtype([{Quoted(Labelled(column).Select(code => code.Code))}])"
                : column.Type switch
                {
                    ColumnType.Number => "\"Int64\"",
                    ColumnType.Amount => "\"Float64\"",
                    ColumnType.Flag => "\"boolean\"",
                    _ => "\"string\"",
                };
            text.Append(CultureInfo.InvariantCulture, $"    \"{column.Name}\": {type},\n");
        }

        text.Append("}\nlabels = {\n");
        foreach (var column in columns)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"    \"{column.Name}\": {JsonSerializer.Serialize(column.Description, Json.Options)},\n");
        }

        return text.Append("}\ncohort = pd.read_csv(\"" + Data + "\", dtype=types, keep_default_na=False, na_values=[\"\"])\n").ToString();
    }

    private static string TypeOf(Column column) =>
        column.Type switch { ColumnType.Number => "integer", ColumnType.Amount => "number", ColumnType.Flag => "boolean", _ => "string" };

    private static string Quoted(IEnumerable<string> codes) => string.Join(", ", codes.Select(code => $"\"{code}\""));

    private static IEnumerable<(string Code, string Label)> Labelled(Column column) => column.Codes is not { } codes
        ? []
        : Enum.GetValues(codes)
            .Cast<object>()
            .Select(value => JsonSerializer.SerializeToNode(value, codes, Json.Options)!.GetValue<string>())
            .Zip(Documentation.Labels(codes));
}
