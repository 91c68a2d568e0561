using System.Globalization;
using System.Xml.Linq;
using CsvHelper;
using Microsoft.OpenApi;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Domain.Cases;
using Registry.Domain.Recording;
using Swashbuckle.AspNetCore.Swagger;

namespace Registry.Api.OpenApi;

/// <summary>Every variable of the registry, with its meaning.</summary>
/// <param name="Variables">The variables, in order of name.</param>
internal sealed record CodebookAnswer(IReadOnlyList<Variable> Variables);

/// <summary>One variable: a field of a record, of a summary or of an answer.</summary>
/// <param name="Name">The schema of the contract and the field, such as Assessment.nrs; parts of a nested object follow after dots.</param>
/// <param name="Meaning">What it means, with its unit, and when it is missing.</param>
/// <param name="Type">string, integer, number, boolean, array or object.</param>
/// <param name="Format">date for a day YYYY-MM-DD; else absent.</param>
/// <param name="Min">The smallest value, inclusive; absent where there is none.</param>
/// <param name="Max">The largest value, inclusive; absent where there is none.</param>
/// <param name="Pattern">The form of a text, as a regular expression; absent where it is free.</param>
/// <param name="IsNullable">Whether the field can be null: the figure cannot be computed, or does not apply.</param>
/// <param name="Codes">The codes it takes; absent where it takes none.</param>
/// <param name="Formula">How the figure is derived: population, window, numerator, denominator and missing values of its view; absent for what is recorded.</param>
/// <param name="Source">Where the definition comes from; absent for what is recorded.</param>
internal sealed record Variable(
    string Name,
    string Meaning,
    string Type,
    string? Format,
    string? Min,
    string? Max,
    string? Pattern,
    bool IsNullable,
    IReadOnlyList<CodeLabel>? Codes,
    string? Formula,
    string? Source);

/// <summary>One code and what it means.</summary>
/// <param name="Code">The code.</param>
/// <param name="Label">What it means; absent for a code that is no member of a closed set of the domain.</param>
internal sealed record CodeLabel(string Code, string? Label);

/// <summary>
/// The codebook, told from the contract (which carries meaning, ranges and codes from the domain), from the
/// documentation of the domain (labels of codes) and from the headers of the views (formulas and sources).
/// </summary>
internal sealed class Codebook(ISwaggerProvider contract, IDatabase database)
{
    // Which view the figures of an item come from.
    private static readonly Dictionary<string, string> ViewOf = new()
    {
        ["ResponseRateItem"] = "response_rate",
        ["ScoreItem"] = "score_summary",
        ["CostSummaryItem"] = "cost_summary",
        ["StayItem"] = "stay_summary",
        ["TrialItem"] = "trial_summary",
        ["AdverseEventItem"] = "adverse_event_summary",
        ["CompletenessItem"] = "completeness",
        ["FlowItem"] = "flow_summary",
        ["SurvivalItem"] = "explant_time",
    };

    private static readonly string[] FormulaLines = ["Population", "Window", "Numerator", "Denominator", "Missing", "Units"];

    private readonly Lazy<IReadOnlyList<Variable>> _variables = new(() => Build(contract.GetSwagger(OpenApiContract.DocumentName), database.Engine));

    /// <summary>Every variable, in order of name.</summary>
    public IReadOnlyList<Variable> Variables => _variables.Value;

    /// <summary>The codebook as comma-separated values (RFC 4180).</summary>
    public string ToCsv()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, CsvWriterOptions.Default, leaveOpen: true))
        {
            Write(csv, "name", "meaning", "type", "format", "min", "max", "pattern", "isNullable", "codes", "formula", "source");
            foreach (var variable in Variables)
            {
                Write(
                    csv,
                    variable.Name,
                    variable.Meaning,
                    variable.Type,
                    variable.Format,
                    variable.Min,
                    variable.Max,
                    variable.Pattern,
                    variable.IsNullable ? "true" : "false",
                    string.Join("; ", variable.Codes?.Select(code => code.Label is null ? code.Code : $"{code.Code} = {code.Label}") ?? []),
                    variable.Formula,
                    variable.Source);
            }
        }

        return text.ToString();
    }

    private static void Write(CsvWriter csv, params ReadOnlySpan<string?> fields)
    {
        foreach (var field in fields)
        {
            csv.WriteField(field ?? string.Empty);
        }

        csv.EndRecord();
    }

    private static List<Variable> Build(OpenApiDocument document, string engine)
    {
        var labels = Labels();
        var views = Scripts.Views(engine).ToDictionary(view => view.Name);
        return
        [
            .. from schema in document.Components!.Schemas!
               from variable in Fields(schema.Key, schema.Value, document, labels)
               let view = ViewOf.TryGetValue(schema.Key, out var name) ? views[name] : null
               orderby variable.Name
               select view is null ? variable : variable with { Formula = Formula(view), Source = view.Header("Source") },
        ];
    }

    private static IEnumerable<Variable> Fields(string path, IOpenApiSchema schema, OpenApiDocument document, Dictionary<string, string> labels) =>
        from field in schema.Properties ?? new Dictionary<string, IOpenApiSchema>()
        from variable in Field($"{path}.{field.Key}", field.Value, document, labels)
        select variable;

    private static IEnumerable<Variable> Field(string name, IOpenApiSchema stated, OpenApiDocument document, Dictionary<string, string> labels)
    {
        var schema = Named(stated, document) ?? stated;
        var items = schema.Items is { } item ? Named(item, document) ?? item : null;
        var codes = schema.Enum is { Count: > 0 } ? schema.Enum : items?.Enum;
        var type = (schema.Type ?? JsonSchemaType.Object) & ~JsonSchemaType.Null;
        yield return new Variable(
            name,
            stated.Description ?? schema.Description ?? items?.Description ?? string.Empty,
            type.ToString().ToLowerInvariant(),
            schema.Format == "date" ? schema.Format : null,
            schema.Minimum,
            schema.Maximum,
            schema.Pattern ?? items?.Pattern,
            stated.Type?.HasFlag(JsonSchemaType.Null) == true,
            codes is { Count: > 0 } ? [.. codes.Select(code => new CodeLabel(code!.ToString(), labels.GetValueOrDefault(code.ToString())))] : null,
            null,
            null);

        // What is said in place, and not under a name of its own, is spread out under this field.
        IEnumerable<IOpenApiSchema> inline = [stated, .. stated.AllOf ?? [], .. stated.Items is { } inner ? (IEnumerable<IOpenApiSchema>)[inner, .. inner.AllOf ?? []] : []];
        foreach (var part in inline.Where(part => part is not OpenApiSchemaReference))
        {
            foreach (var variable in Fields(name, part, document, labels))
            {
                yield return variable;
            }
        }
    }

    private static IOpenApiSchema? Named(IOpenApiSchema schema, OpenApiDocument document) =>
        schema is OpenApiSchemaReference { Reference.Id: { } id } ? document.Components!.Schemas![id] : null;

    // The documentation of each member of each closed set, by its code. A code means the same in every set that has it,
    // or is explained by the first.
    private static Dictionary<string, string> Labels()
    {
        var assembly = typeof(CaseRecord).Assembly;
        var documentation = XDocument.Load(Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml"))
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, member => string.Join(' ', (member.Element("summary")?.Value ?? string.Empty).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        var labels = new Dictionary<string, string>();
        foreach (var type in assembly.GetTypes().Where(type => type.IsEnum && type.IsPublic))
        {
            foreach (var value in Enum.GetValues(type).Cast<Enum>())
            {
                if (documentation.TryGetValue($"F:{type.FullName}.{value}", out var label))
                {
                    labels.TryAdd(Code.Of(value), label);
                }
            }
        }

        return labels;
    }

    private static string Formula(View view) =>
        string.Join(' ', FormulaLines.Select(line => view.Header(line) is { } text ? $"{line}: {text}" : null).OfType<string>());
}

/// <summary>Gives the codebook, as JSON or as comma-separated values.</summary>
internal static class CodebookEndpoints
{
    private static readonly QueryParameter Format = new("format", "The form of the answer. json when left out.") { Codes = ["json", "csv"] };

    public static void MapCodebook(this RouteGroupBuilder api) =>
        api.MapGet("/codebook", IResult (HttpRequest request, Codebook codebook) => request.Query[Format.Name] == "csv"
                ? TypedResults.Text(codebook.ToCsv(), "text/csv; charset=utf-8")
                : TypedResults.Json(new CodebookAnswer(codebook.Variables), Json.Options))
            .WithSummary("Read the codebook")
            .WithDescription("Every variable: meaning, type, range, codes with labels, and of each derived figure its formula and source.")
            .Takes(Format)
            .Produces<CodebookAnswer>();
}
