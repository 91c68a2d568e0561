using System.Globalization;
using System.Text.RegularExpressions;

namespace Registry.Api.Data;

/// <summary>
/// A statement of the hot path. It is prepared once per connection and kept on the embedded engine, so it is made once, as a
/// static member. Its parameters are positional: <c>@p0</c>, <c>@p1</c>, … in the text, in any order and as often as needed.
/// </summary>
internal sealed partial class Statement
{
    // The text between the parameters, and the position of the parameter after each piece but the last.
    private readonly string[] _pieces;
    private readonly int[] _positions;

    public Statement(string sql)
    {
        Sql = sql;
        var parameters = Parameter().Matches(sql);
        _positions = [.. parameters.Select(parameter => int.Parse(parameter.Groups["position"].ValueSpan, CultureInfo.InvariantCulture))];
        _pieces = new string[parameters.Count + 1];
        var after = 0;
        for (var piece = 0; piece < parameters.Count; piece++)
        {
            _pieces[piece] = sql[after..parameters[piece].Index];
            after = parameters[piece].Index + parameters[piece].Length;
        }

        _pieces[^1] = sql[after..];
        Parameters = _positions.Append(-1).Max() + 1;
    }

    /// <summary>The text.</summary>
    public string Sql { get; }

    /// <summary>How many values it takes: one more than the highest position.</summary>
    public int Parameters { get; }

    /// <summary>Fails unless there is a value for each parameter.</summary>
    /// <exception cref="ArgumentException">There are too few values, or too many.</exception>
    public void Check(int values)
    {
        if (values != Parameters)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The statement takes {Parameters} values and was given {values}: {Sql}"), nameof(values));
        }
    }

    /// <summary>Adds the text to others, with the positions of its parameters moved on by <paramref name="by"/>.</summary>
    public void AppendTo(System.Text.StringBuilder text, int by)
    {
        for (var parameter = 0; parameter < _positions.Length; parameter++)
        {
            text.Append(_pieces[parameter]).Append("@p").Append(CultureInfo.InvariantCulture, $"{by + _positions[parameter]}");
        }

        text.Append(_pieces[^1]);
    }

    [GeneratedRegex(@"@p(?<position>\d+)\b")]
    private static partial Regex Parameter();
}
