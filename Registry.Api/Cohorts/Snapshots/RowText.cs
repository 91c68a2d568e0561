using System.Buffers;
using System.Buffers.Text;
using System.Data.Common;
using System.Runtime.InteropServices;
using System.Text;
using Registry.Api.Data;

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

    private readonly PooledBytes _bytes = new();
    private readonly List<(int Case, int Start, int Length)> _lines = [];
    private readonly string _head;
    private readonly int _commas;

    /// <summary>Begins a text.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Its columns, in their order.</param>
    public RowText(string table, IEnumerable<string> columns)
    {
        _head = FormattableString.Invariant($"rows {Format} {table}\n{string.Join(',', columns)}\n");
        _commas = _head.Count(letter => letter == ',');
    }

    /// <summary>How many rows it has.</summary>
    public int Rows => _lines.Count;

    /// <summary>How long they are together. Unit: bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <param name="case">The number of the case within the part; 0 for what belongs to none, which is not written then.</param>
    /// <param name="row">The row.</param>
    /// <param name="line">Where it has its fields, as one text with commas between them.</param>
    /// <param name="more">Texts that follow; an empty one stands for none.</param>
    public void Add(int @case, DbDataReader row, int line, params ReadOnlySpan<string> more)
    {
        var start = _bytes.Count;
        if (@case > 0)
        {
            Utf8Formatter.TryFormat(@case, _bytes.GetSpan(LongestNumber), out var length);
            _bytes.Advance(length);
            _bytes.Write(","u8);
        }

        row.WriteUtf8(line, _bytes);
        foreach (var text in more)
        {
            _bytes.Write(","u8);
            Encoding.UTF8.GetBytes(text, _bytes);
        }

        // Keys and codes have letters, digits and . _ - alone: nothing in them has to be told from a comma, or from the end of a line.
        var written = _bytes.Written[start..];
        if (written.Count((byte)',') != _commas || written.Contains((byte)'\n') || !Ascii.IsValid(written))
        {
            throw new InvalidOperationException("A key or code has a character that none can have.");
        }

        _bytes.Write("\n"u8);
        _lines.Add((@case, start, _bytes.Count - start));
        Length = _bytes.Count;
    }

    /// <summary>The whole text, digested and compressed. Nothing can be added any more.</summary>
    public StoredText Complete()
    {
        var lines = CollectionsMarshal.AsSpan(_lines);
        lines.Sort((one, other) => one.Case != other.Case
            ? one.Case.CompareTo(other.Case)
            : _bytes.Written.Slice(one.Start, one.Length).SequenceCompareTo(_bytes.Written.Slice(other.Start, other.Length)));
        var text = new PooledBytes();
        Encoding.ASCII.GetBytes(_head, text);
        foreach (var line in lines)
        {
            text.Write(_bytes.Written.Slice(line.Start, line.Length));
        }

        _bytes.Release();
        var stored = StoredText.Of(text.Written);
        text.Release();
        return stored;
    }
}
