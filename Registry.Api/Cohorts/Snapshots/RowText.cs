using System.Buffers;
using System.Buffers.Text;
using System.Data.Common;
using System.Runtime.InteropServices;
using System.Text;

namespace Registry.Api.Cohorts.Snapshots;

/// <summary>
/// The canonical text of some rows of a table, in UTF-8. The first line is <c>rows</c>, the number of the format and the table; the
/// second names the columns; then a line a row: the number of its case within the part, from 1, and the fields, between commas.
/// Nothing between two commas is NULL. The lines are in the order of their cases, and of one case in that of their bytes: the same
/// rows give the same text whatever database they come from, and in whatever order.
/// </summary>
internal sealed class RowText
{
    /// <summary>The number of this format.</summary>
    public const int Format = 1;

    /// <summary>The name of the first column: the number of the case within the part.</summary>
    public const string CaseNumber = "case";

    private const int LongestNumber = 20;

    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);
    private readonly List<(int Case, int Start, int Length)> _lines = [];
    private readonly string _head;
    private int _start;

    /// <summary>Begins a text.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Its columns, in their order.</param>
    public RowText(string table, IEnumerable<string> columns) => _head = FormattableString.Invariant($"rows {Format} {table}\n{string.Join(',', columns)}\n");

    /// <summary>How many rows it has.</summary>
    public int Rows => _lines.Count;

    /// <summary>Adds a row.</summary>
    /// <param name="case">The number of the case within the part; 0 for what belongs to none, which is not written then.</param>
    /// <param name="row">The row.</param>
    /// <param name="from">Its first column that is written.</param>
    /// <param name="columns">The columns from there on.</param>
    /// <param name="more">Texts that follow; an empty one stands for none.</param>
    public void Add(int @case, DbDataReader row, int from, IReadOnlyList<RowColumn> columns, params ReadOnlySpan<string> more)
    {
        _start = _bytes.WrittenCount;
        if (@case > 0)
        {
            Number(@case);
        }

        for (var column = 0; column < columns.Count; column++)
        {
            Separate();
            if (row.IsDBNull(from + column))
            {
                continue;
            }

            if (columns[column].IsText)
            {
                Text(row.GetString(from + column));
            }
            else
            {
                Number(row.GetInt64(from + column));
            }
        }

        foreach (var text in more)
        {
            Separate();
            Text(text);
        }

        _bytes.Write("\n"u8);
        _lines.Add((@case, _start, _bytes.WrittenCount - _start));
    }

    /// <summary>The whole text, digested and compressed.</summary>
    public StoredText Complete()
    {
        var written = _bytes.WrittenMemory;
        var lines = CollectionsMarshal.AsSpan(_lines);
        lines.Sort((one, other) => one.Case != other.Case
            ? one.Case.CompareTo(other.Case)
            : written.Span.Slice(one.Start, one.Length).SequenceCompareTo(written.Span.Slice(other.Start, other.Length)));
        var text = ArrayPool<byte>.Shared.Rent(_head.Length + written.Length);
        try
        {
            var length = Encoding.ASCII.GetBytes(_head, text);
            foreach (var line in lines)
            {
                written.Span.Slice(line.Start, line.Length).CopyTo(text.AsSpan(length));
                length += line.Length;
            }

            return StoredText.Of(text.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    private void Separate()
    {
        if (_bytes.WrittenCount > _start)
        {
            _bytes.Write(","u8);
        }
    }

    private void Number(long number)
    {
        Utf8Formatter.TryFormat(number, _bytes.GetSpan(LongestNumber), out var length);
        _bytes.Advance(length);
    }

    // Keys and codes have letters, digits and . _ - alone: nothing in them has to be told from a comma, or from the end of a line.
    private void Text(string text)
    {
        if (text.AsSpan().ContainsAny(',', '\n') || !Ascii.IsValid(text))
        {
            throw new InvalidOperationException("A key or code has a character that none can have.");
        }

        _bytes.Advance(Encoding.ASCII.GetBytes(text, _bytes.GetSpan(text.Length)));
    }
}
