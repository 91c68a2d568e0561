using System.Buffers;
using System.Data.Common;
using System.Text;
using Registry.Api.Data.Sqlite;

namespace Registry.Api.Data;

/// <summary>Texts of rows, without a string in between where the engine has none.</summary>
internal static class TextColumn
{
    /// <summary>Writes a text that is not NULL, as UTF-8.</summary>
    public static void WriteUtf8(this DbDataReader row, int ordinal, IBufferWriter<byte> to)
    {
        if (row is KeptReader kept)
        {
            to.Write(kept.Utf8(ordinal));
        }
        else
        {
            Encoding.UTF8.GetBytes(row.GetString(ordinal), to);
        }
    }
}
