using System.Data;
using Dapper;
using Registry.Domain.Common;

namespace Registry.Api.Data;

/// <summary>Stores an identifier as its text, and reads it back.</summary>
/// <typeparam name="T">The type of the identifier.</typeparam>
internal sealed class IdentifierHandler<T> : SqlMapper.TypeHandler<T>
    where T : struct, IIdentifier<T>
{
    /// <inheritdoc/>
    public override void SetValue(IDbDataParameter parameter, T value)
    {
        // Of the length that every other text is declared with, so that a server has one plan for all of them.
        (parameter.DbType, parameter.Size) = (DbType.String, DbString.DefaultLength);
        parameter.Value = value.ToString();
    }

    /// <inheritdoc/>
    public override T Parse(object value) => T.Parse((string)value, null);
}
