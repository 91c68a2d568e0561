using System.Collections;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Registry.Api.Data.Sqlite;

/// <summary>The rows of a kept statement, read from SQLite without anything in between.</summary>
internal sealed class KeptReader(sqlite3 database, sqlite3_stmt statement) : DbDataReader
{
    public override int FieldCount => raw.sqlite3_column_count(statement);

    public override int Depth => 0;

    public override bool HasRows => throw new NotSupportedException();

    public override bool IsClosed => false;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    /// <summary>Goes on to the next row.</summary>
    public override bool Read()
    {
        var outcome = raw.sqlite3_step(statement);
        if (outcome == raw.SQLITE_ROW)
        {
            return true;
        }

        if (outcome != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(outcome, database);
        }

        return false;
    }

    public override bool NextResult() => false;

    public override bool IsDBNull(int ordinal) => raw.sqlite3_column_type(statement, ordinal) == raw.SQLITE_NULL;

    public override bool GetBoolean(int ordinal) => GetInt64(ordinal) != 0;

    public override byte GetByte(int ordinal) => checked((byte)GetInt64(ordinal));

    public override short GetInt16(int ordinal) => checked((short)GetInt64(ordinal));

    public override int GetInt32(int ordinal) => checked((int)GetInt64(ordinal));

    public override long GetInt64(int ordinal)
    {
        var number = raw.sqlite3_column_int64(statement, ordinal);
        if (number == 0)
        {
            Expect(ordinal);
        }

        return number;
    }

    public override float GetFloat(int ordinal) => (float)GetDouble(ordinal);

    public override double GetDouble(int ordinal)
    {
        Expect(ordinal);
        return raw.sqlite3_column_double(statement, ordinal);
    }

    public override decimal GetDecimal(int ordinal) => Convert.ToDecimal(GetValue(ordinal), CultureInfo.InvariantCulture);

    public override string GetString(int ordinal)
    {
        var text = Utf8(ordinal);
        if (text.IsEmpty)
        {
            Expect(ordinal);
        }

        return Codes.TextOf(text);
    }

    /// <summary>A text as it is stored, until the next row is read.</summary>
    public ReadOnlySpan<byte> Utf8(int ordinal) => raw.sqlite3_column_blob(statement, ordinal);

    public override DateTime GetDateTime(int ordinal) =>
        DateTime.Parse(GetString(ordinal), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);

    public override T GetFieldValue<T>(int ordinal) =>
        typeof(T) == typeof(DateOnly)
            ? (T)(object)DateOnly.ParseExact(GetString(ordinal), "yyyy-MM-dd", CultureInfo.InvariantCulture)
            : base.GetFieldValue<T>(ordinal);

    public override object GetValue(int ordinal) => raw.sqlite3_column_type(statement, ordinal) switch
    {
        raw.SQLITE_INTEGER => raw.sqlite3_column_int64(statement, ordinal),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(statement, ordinal),
        raw.SQLITE_TEXT => Codes.TextOf(Utf8(ordinal)),
        raw.SQLITE_BLOB => raw.sqlite3_column_blob(statement, ordinal).ToArray(),
        _ => DBNull.Value,
    };

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, FieldCount);
        for (var ordinal = 0; ordinal < count; ordinal++)
        {
            values[ordinal] = GetValue(ordinal);
        }

        return count;
    }

    public override string GetName(int ordinal) => raw.sqlite3_column_name(statement, ordinal).utf8_to_string();

    public override int GetOrdinal(string name)
    {
        for (var ordinal = 0; ordinal < FieldCount; ordinal++)
        {
            if (GetName(ordinal) == name)
            {
                return ordinal;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such column.");
    }

    public override string GetDataTypeName(int ordinal) => GetFieldType(ordinal).Name;

    public override Type GetFieldType(int ordinal) => GetValue(ordinal).GetType();

    public override char GetChar(int ordinal) => throw new NotSupportedException();

    public override Guid GetGuid(int ordinal) => throw new NotSupportedException();

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
        throw new NotSupportedException();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        throw new NotSupportedException();

    public override IEnumerator GetEnumerator() => throw new NotSupportedException();

    // Where there is NULL, SQLite itself gives 0, or an empty text.
    private void Expect(int ordinal)
    {
        if (IsDBNull(ordinal))
        {
            throw new InvalidCastException($"The column {GetName(ordinal)} is NULL.");
        }
    }

    /// <summary>Most texts are codes, and there are few of them: one that was read lately is not made anew.</summary>
    private static class Codes
    {
        private const int Longest = 32;
        private const int Places = 1024;

        private static readonly string?[] Lately = new string?[Places];

        public static string TextOf(ReadOnlySpan<byte> utf8)
        {
            if (utf8.Length > Longest)
            {
                return Encoding.UTF8.GetString(utf8);
            }

            var hash = default(HashCode);
            hash.AddBytes(utf8);
            ref var place = ref Lately[hash.ToHashCode() & (Places - 1)];
            var known = place;
            return known is not null && Ascii.Equals(utf8, known) ? known : place = Encoding.UTF8.GetString(utf8);
        }
    }
}
