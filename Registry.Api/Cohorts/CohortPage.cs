using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Registry.Api.OpenApi;
using Registry.Domain.Common;

namespace Registry.Api.Cohorts;

/// <summary>One page of the cases of a cohort.</summary>
/// <param name="AsOf">The cut-off day.</param>
/// <param name="DataVersion">How often the rows that the page is derived from had changed, in the sites that were asked for.</param>
/// <param name="Filter">The filters that select the cases, each with its values: not the cut-off, nor how the page is made up.</param>
/// <param name="Total">How many cases the cohort holds, as of this page.</param>
/// <param name="Items">The cases, one row each.</param>
/// <param name="Next">The cursor of the next page.</param>
internal sealed record CohortPage(
    DateOnly AsOf,
    [Unit("changes")] long DataVersion,
    JsonObject Filter,
    [Unit("cases"), Missing("absent unless asked for")] long? Total,
    IReadOnlyList<CohortCase> Items,
    [Missing("absent on the last")] string? Next);

/// <summary>A case of a cohort, with the columns that were asked for: one that has no value is null.</summary>
/// <param name="row">The case.</param>
/// <param name="columns">The columns.</param>
[JsonConverter(typeof(CohortCaseWriter))]
internal sealed class CohortCase(CohortRow row, IReadOnlyList<CohortColumn> columns)
{
    /// <summary>Writes the case as a JSON object.</summary>
    public void Write(Utf8JsonWriter writer) => JsonCells.Write(writer, row, 0, columns);

    /// <summary>The schema of a case, for the contract.</summary>
    /// <param name="codes">The schema of the codes of an enumeration.</param>
    public static OpenApiSchema Schema(Func<Type, IOpenApiSchema> codes) => new()
    {
        Type = JsonSchemaType.Object,
        Description = "A case, with the columns that were asked for.",
        AdditionalPropertiesAllowed = false,
        Properties = CohortColumns.All.Concat(CohortColumns.Costs)
            .ToDictionary(column => column.Name, IOpenApiSchema (column) => Schema(column, codes)),
    };

    private static OpenApiSchema Schema(Column column, Func<Type, IOpenApiSchema> codes)
    {
        var schema = column.Codes is { } type
            ? new OpenApiSchema { OneOf = [codes(type), new OpenApiSchema { Type = JsonSchemaType.Null }] }
            : new OpenApiSchema { Type = JsonSchemaType.Null | TypeOf(column.Type) };
        schema.Description = column.Meaning;
        return new MemberDeclaration(column.Missing is null ? null : "null " + column.Missing, column.Unit).AddTo(schema);
    }

    private static JsonSchemaType TypeOf(ColumnType type) => type switch
    {
        ColumnType.Number => JsonSchemaType.Integer,
        ColumnType.Amount => JsonSchemaType.Number,
        ColumnType.Flag => JsonSchemaType.Boolean,
        _ => JsonSchemaType.String,
    };
}

/// <summary>Writes cases; none is ever read.</summary>
internal sealed class CohortCaseWriter : JsonConverter<CohortCase>
{
    public override CohortCase Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, CohortCase value, JsonSerializerOptions options) => value.Write(writer);
}

/// <summary>Writes rows as JSON objects.</summary>
internal static class JsonCells
{
    private const decimal Thousandth = 0.001m;

    /// <summary>Writes a row.</summary>
    public static void Write(Utf8JsonWriter writer, CohortRow row, int timepoint, IReadOnlyList<Column> columns)
    {
        writer.WriteStartObject();
        foreach (var column in columns)
        {
            writer.WritePropertyName(column.Name);
            Write(writer, column.Type, column.Of(row, timepoint));
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a value.</summary>
    public static void Write(Utf8JsonWriter writer, ColumnType type, Cell cell)
    {
        switch (type)
        {
            case var _ when cell.IsMissing:
                writer.WriteNullValue();
                break;
            case ColumnType.Number:
                writer.WriteNumberValue(cell.Number!.Value);
                break;
            case ColumnType.Flag:
                writer.WriteBooleanValue(cell.Number == 1);
                break;
            case ColumnType.Amount:
                writer.WriteNumberValue(Amount(cell));
                break;
            default:
                writer.WriteStringValue(cell.Text);
                break;
        }
    }

    /// <summary>An amount in the major unit, without trailing zeros.</summary>
    public static decimal Amount(Cell cell) => (cell.Number!.Value * Thousandth).WithoutTrailingZeros();
}
