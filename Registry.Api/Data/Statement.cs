namespace Registry.Api.Data;

/// <summary>
/// A statement of the hot path. It is prepared once per connection and kept on the embedded engine, so it is made once, as a
/// static member. Its parameters are positional: <c>@p0</c>, <c>@p1</c>, … in the text.
/// </summary>
internal sealed class Statement(string sql)
{
    /// <summary>The text.</summary>
    public string Sql => sql;
}
