using Registry.Api.Data;

namespace Registry.Api.Recording;

/// <summary>The statements about one row of a table. Their values are those of the key, then those of the other columns.</summary>
/// <param name="table">The table.</param>
/// <param name="keys">The columns of the key.</param>
/// <param name="columns">The other columns.</param>
internal sealed class RowStatements(string table, IReadOnlyList<string> keys, IReadOnlyList<string> columns)
{
    public Statement Insert { get; } = new(
        $"INSERT INTO {table} ({string.Join(", ", keys.Concat(columns))}) VALUES "
            + $"({string.Join(", ", keys.Concat(columns).Select((_, index) => $"@p{index}"))})");

    public Statement Update { get; } = new(
        $"UPDATE {table} SET {string.Join(", ", columns.Select((column, index) => $"{column} = @p{keys.Count + index}"))} WHERE {Of(keys)}");

    /// <summary>Takes the values of the key alone.</summary>
    public Statement Delete { get; } = new($"DELETE FROM {table} WHERE {Of(keys)}");

    private static string Of(IReadOnlyList<string> keys) => string.Join(" AND ", keys.Select((column, index) => $"{column} = @p{index}"));
}
