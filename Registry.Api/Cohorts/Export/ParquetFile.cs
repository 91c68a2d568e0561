using Parquet;
using Parquet.Schema;

namespace Registry.Api.Cohorts.Export;

/// <summary>
/// Rows as one Parquet file: typed columns, codes as dictionary strings, Snappy. The number of rows stands in its footer. The rows
/// of a group are kept until it is full.
/// </summary>
internal sealed class ParquetFile : IRowWriter
{
    private const int RowsOfGroup = 10_000;
    private const int Digits = 19;
    private const int Decimals = 3;

    private readonly OneWayStream _stream;
    private readonly IReadOnlyList<Buffer> _buffers;
    private readonly ParquetSchema _schema;
    private readonly Dictionary<string, string> _about;
    private ParquetWriter? _writer;
    private int _rows;

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Where it goes.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="about">What it is about, for its footer.</param>
    public ParquetFile(Stream stream, IReadOnlyList<Column> columns, Dictionary<string, string> about)
    {
        _stream = new OneWayStream(stream);
        _buffers = [.. columns.Select(Buffer.Of)];
        _schema = new ParquetSchema(_buffers.Select(buffer => (Field)buffer.Field));
        _about = about;
    }

    public async ValueTask Write(CohortRow row, int timepoint)
    {
        foreach (var buffer in _buffers)
        {
            buffer.Add(_rows, row, timepoint);
        }

        if (++_rows == RowsOfGroup)
        {
            await WriteGroup(CancellationToken.None);
        }
    }

    public async ValueTask Flush(CancellationToken cancellation) => await _stream.FlushAsync(cancellation);

    public async ValueTask Complete(long rows, CancellationToken cancellation)
    {
        if (_rows > 0 || _writer is null)
        {
            await WriteGroup(cancellation);
        }

        await _writer!.DisposeAsync();
        await _stream.FlushAsync(cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task WriteGroup(CancellationToken cancellation)
    {
        if (_writer is null)
        {
            _writer = await ParquetWriter.CreateAsync(
                _schema, _stream, new ParquetOptions { CompressionMethod = CompressionMethod.Snappy }, cancellationToken: cancellation);
            _writer.CustomMetadata = _about;
        }

        using var group = _writer.CreateRowGroup();
        foreach (var buffer in _buffers)
        {
            await buffer.Write(group, _rows, cancellation);
        }

        group.CompleteValidate();
        _rows = 0;
    }

    /// <summary>The values of one column in the group that is being filled.</summary>
    private abstract class Buffer(Column column, DataField place)
    {
        public DataField Field => place;

        public static Buffer Of(Column column) => column.Type switch
        {
            ColumnType.Number => new Buffer<int>(column, new DataField<int?>(column.Name), cell => (int?)cell.Number),
            ColumnType.Flag =>
                new Buffer<bool>(column, new DataField<bool?>(column.Name), cell => cell.Number is { } flag ? flag == 1 : null),
            ColumnType.Amount => new Buffer<decimal>(
                column,
                new DecimalDataField(column.Name, Digits, Decimals, isNullable: true),
                cell => cell.Number is null ? null : JsonCells.Amount(cell)),
            _ => new Texts(column, new DataField<string>(column.Name)),
        };

        public void Add(int index, CohortRow row, int timepoint) => Put(index, column.Of(row, timepoint));

        public abstract Task Write(ParquetRowGroupWriter group, int rows, CancellationToken cancellation);

        protected abstract void Put(int index, Cell cell);
    }

    private sealed class Buffer<T>(Column column, DataField place, Func<Cell, T?> value) : Buffer(column, place)
        where T : struct
    {
        private readonly T?[] _values = new T?[RowsOfGroup];

        public override Task Write(ParquetRowGroupWriter group, int rows, CancellationToken cancellation) =>
            group.WriteAsync<T>(Field, _values.AsMemory(0, rows), cancellationToken: cancellation);

        protected override void Put(int index, Cell cell) => _values[index] = value(cell);
    }

    private sealed class Texts(Column column, DataField place) : Buffer(column, place)
    {
        private readonly string?[] _values = new string?[RowsOfGroup];

        public override Task Write(ParquetRowGroupWriter group, int rows, CancellationToken cancellation) =>
            group.WriteAsync(Field, new ArraySegment<string>(_values!, 0, rows));

        protected override void Put(int index, Cell cell) => _values[index] = cell.Text;
    }
}
