using System.Buffers;
using System.Globalization;
using System.Text;

namespace Registry.Api.Cohorts.Export;

/// <summary>
/// Rows as CSV (RFC 4180): UTF-8, a header, CRLF, an empty field where a value is missing, true and false, numbers with a point.
/// A text that a spreadsheet would take for a formula has an apostrophe in front.
/// </summary>
internal sealed class CsvWriter : IRowWriter
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    private readonly Stream _stream;
    private readonly IReadOnlyList<Column> _columns;
    private readonly StringBuilder _text = new();
    private readonly bool _endsInCount;
    private byte[] _bytes = [];

    /// <summary>Begins a text.</summary>
    /// <param name="stream">Where it goes.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="endsInCount">Whether a last line says how many rows there are: <c># rows: 100000</c>.</param>
    public CsvWriter(Stream stream, IReadOnlyList<Column> columns, bool endsInCount = false)
    {
        (_stream, _columns, _endsInCount) = (stream, columns, endsInCount);
        _text.AppendJoin(',', columns.Select(column => column.Name)).Append("\r\n");
    }

    public ValueTask Write(CohortRow row, int timepoint)
    {
        for (var index = 0; index < _columns.Count; index++)
        {
            if (index > 0)
            {
                _text.Append(',');
            }

            var column = _columns[index];
            var cell = column.Of(row, timepoint);
            if (cell.Text is { } text)
            {
                AppendText(_text, text);
            }
            else if (cell.Number is { } number)
            {
                _ = column.Type switch
                {
                    ColumnType.Flag => _text.Append(number == 1 ? "true" : "false"),
                    ColumnType.Amount => _text.Append(CultureInfo.InvariantCulture, $"{JsonCells.Amount(cell)}"),
                    _ => _text.Append(CultureInfo.InvariantCulture, $"{number}"),
                };
            }
        }

        _text.Append("\r\n");
        return ValueTask.CompletedTask;
    }

    public async ValueTask Flush(CancellationToken cancellation)
    {
        var count = 0;
        foreach (var chunk in _text.GetChunks())
        {
            var most = count + Encoding.UTF8.GetMaxByteCount(chunk.Length);
            if (_bytes.Length < most)
            {
                Array.Resize(ref _bytes, most);
            }

            count += Encoding.UTF8.GetBytes(chunk.Span, _bytes.AsSpan(count));
        }

        _text.Clear();
        await _stream.WriteAsync(_bytes.AsMemory(0, count), cancellation);
    }

    public ValueTask Complete(long rows, CancellationToken cancellation)
    {
        if (_endsInCount)
        {
            _text.Append(CultureInfo.InvariantCulture, $"# rows: {rows}\r\n");
        }

        return Flush(cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A text as a field.</summary>
    public static void AppendText(StringBuilder line, string text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        if (safe.AsSpan().IndexOfAny(Quoted) < 0)
        {
            line.Append(safe);
            return;
        }

        line.Append('"').Append(safe.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
