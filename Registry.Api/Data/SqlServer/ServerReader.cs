using System.Collections;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.SqlClient;

namespace Registry.Api.Data.SqlServer;

/// <summary>The rows of a statement, with getters that convert as those of the embedded engine do.</summary>
internal sealed class ServerReader(SqlDataReader rows) : DbDataReader
{
    public override int FieldCount => rows.FieldCount;

    public override int Depth => rows.Depth;

    public override bool HasRows => rows.HasRows;

    public override bool IsClosed => rows.IsClosed;

    public override int RecordsAffected => rows.RecordsAffected;

    public override object this[int ordinal] => rows[ordinal];

    public override object this[string name] => rows[name];

    public override bool Read() => rows.Read();

    public override Task<bool> ReadAsync(CancellationToken cancellationToken) => rows.ReadAsync(cancellationToken);

    public override bool NextResult() => rows.NextResult();

    public override bool IsDBNull(int ordinal) => rows.IsDBNull(ordinal);

    public override bool GetBoolean(int ordinal) => Convert.ToBoolean(rows.GetValue(ordinal), CultureInfo.InvariantCulture);

    public override byte GetByte(int ordinal) => Convert.ToByte(rows.GetValue(ordinal), CultureInfo.InvariantCulture);

    public override short GetInt16(int ordinal) => Convert.ToInt16(rows.GetValue(ordinal), CultureInfo.InvariantCulture);

    public override int GetInt32(int ordinal) => rows.GetFieldType(ordinal) == typeof(int)
        ? rows.GetInt32(ordinal)
        : Convert.ToInt32(rows.GetValue(ordinal), CultureInfo.InvariantCulture);

    public override long GetInt64(int ordinal) => rows.GetFieldType(ordinal) == typeof(long)
        ? rows.GetInt64(ordinal)
        : Convert.ToInt64(rows.GetValue(ordinal), CultureInfo.InvariantCulture);

    public override float GetFloat(int ordinal) => Convert.ToSingle(rows.GetValue(ordinal), CultureInfo.InvariantCulture);

    public override double GetDouble(int ordinal) => Convert.ToDouble(rows.GetValue(ordinal), CultureInfo.InvariantCulture);

    public override decimal GetDecimal(int ordinal) => Convert.ToDecimal(rows.GetValue(ordinal), CultureInfo.InvariantCulture);

    public override string GetString(int ordinal) => rows.GetValue(ordinal) switch
    {
        string text => text,
        DBNull => throw new InvalidCastException($"The column {rows.GetName(ordinal)} is NULL."),
        DateTime day when rows.GetDataTypeName(ordinal) == "date" => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture)!,
    };

    public override DateTime GetDateTime(int ordinal) => DateTime.SpecifyKind(rows.GetDateTime(ordinal), DateTimeKind.Utc);

    public override T GetFieldValue<T>(int ordinal) => rows.GetFieldValue<T>(ordinal);

    public override object GetValue(int ordinal) => rows.GetValue(ordinal);

    public override int GetValues(object[] values) => rows.GetValues(values);

    public override string GetName(int ordinal) => rows.GetName(ordinal);

    public override int GetOrdinal(string name) => rows.GetOrdinal(name);

    public override string GetDataTypeName(int ordinal) => rows.GetDataTypeName(ordinal);

    public override Type GetFieldType(int ordinal) => rows.GetFieldType(ordinal);

    public override char GetChar(int ordinal) => throw new NotSupportedException();

    public override Guid GetGuid(int ordinal) => rows.GetGuid(ordinal);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
        rows.GetBytes(ordinal, dataOffset, buffer, bufferOffset, length);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        rows.GetChars(ordinal, dataOffset, buffer, bufferOffset, length);

    public override IEnumerator GetEnumerator() => ((IEnumerable)rows).GetEnumerator();

    public override async ValueTask DisposeAsync()
    {
        await rows.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rows.Dispose();
        }

        base.Dispose(disposing);
    }
}
