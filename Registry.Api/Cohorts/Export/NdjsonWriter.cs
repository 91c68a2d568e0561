using System.Buffers;
using System.Text.Json;

namespace Registry.Api.Cohorts.Export;

/// <summary>Rows as JSON, one a line; the last line says how many there are: <c>{"rows":100000,"complete":true}</c>.</summary>
internal sealed class NdjsonWriter(Stream stream, IReadOnlyList<Column> columns) : IRowWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);
    private Utf8JsonWriter? _json;

    public ValueTask Write(CohortRow row, int timepoint)
    {
        Line(json => JsonCells.Write(json, row, timepoint, columns));
        return ValueTask.CompletedTask;
    }

    public async ValueTask Flush(CancellationToken cancellation)
    {
        await stream.WriteAsync(_bytes.WrittenMemory, cancellation);
        _bytes.ResetWrittenCount();
    }

    public ValueTask Complete(long rows, CancellationToken cancellation)
    {
        Line(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("rows", rows);
            json.WriteBoolean("complete", true);
            json.WriteEndObject();
        });
        return Flush(cancellation);
    }

    public ValueTask DisposeAsync() => _json?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Line(Action<Utf8JsonWriter> write)
    {
        _json ??= new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = Http.Json.Options.Encoder, SkipValidation = true });
        _json.Reset(_bytes);
        write(_json);
        _json.Flush();
        _bytes.Write("\n"u8);
    }
}
