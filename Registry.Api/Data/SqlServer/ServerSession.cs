using System.Data;
using System.Data.Common;
using System.Text;
using Microsoft.Data.SqlClient;
using Registry.Domain.Common;

namespace Registry.Api.Data.SqlServer;

/// <summary>A session with a server. The server keeps the plans of statements by their text; nothing is kept here.</summary>
internal sealed class ServerSession(
    SqlConnection connection, SqlTransaction? transaction, int timeoutSeconds, CancellationToken cancellation)
    : Session(connection, transaction, timeoutSeconds, cancellation)
{
    // A command may have 2,100 of them.
    private const int MostParameters = 2000;
    private const int LongestText = 4000;

    private readonly int _timeoutSeconds = timeoutSeconds;
    private readonly CancellationToken _cancellation = cancellation;

    public override async ValueTask<int> Run(Statement statement, params object?[] values)
    {
        await using var command = Command([(statement, values)]);
        return await command.ExecuteNonQueryAsync(_cancellation);
    }

    public override async ValueTask<List<T>> Rows<T>(Statement statement, Func<DbDataReader, T> map, params object?[] values)
    {
        await using var command = Command([(statement, values)]);
        await using var reader = new ServerReader(await command.ExecuteReaderAsync(_cancellation));
        var rows = new List<T>();
        while (await reader.ReadAsync(_cancellation))
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    public override async ValueTask Apply(IReadOnlyList<(Statement Statement, object?[] Values)> changes)
    {
        var together = new List<(Statement, object?[])>();
        var parameters = 0;
        foreach (var change in changes)
        {
            if (parameters + change.Values.Length > MostParameters)
            {
                await Run(together);
                together.Clear();
                parameters = 0;
            }

            together.Add(change);
            parameters += change.Values.Length;
        }

        await Run(together);
    }

    private async Task Run(List<(Statement, object?[])> together)
    {
        if (together.Count > 0)
        {
            await using var command = Command(together);
            await command.ExecuteNonQueryAsync(_cancellation);
        }
    }

    private SqlCommand Command(List<(Statement Statement, object?[] Values)> together)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandTimeout = _timeoutSeconds;
        var text = new StringBuilder();
        foreach (var (statement, values) in together)
        {
            statement.Check(values.Length);
            statement.AppendTo(text, by: command.Parameters.Count);
            text.Append(";\n");
            foreach (var value in values)
            {
                command.Parameters.Add(Parameter(FormattableString.Invariant($"@p{command.Parameters.Count}"), value));
            }
        }

        command.CommandText = text.ToString();
        return command;
    }

    // Texts of one declared length, so that the server has one plan for all of them.
    private static SqlParameter Parameter(string name, object? value) => value switch
    {
        null => new(name, DBNull.Value),
        string text => new(name, SqlDbType.NVarChar, text.Length <= LongestText ? LongestText : -1) { Value = text },
        IIdentifier code => Parameter(name, code.ToString()),
        bool flag => new(name, flag ? 1 : 0),
        _ => new(name, value),
    };
}
