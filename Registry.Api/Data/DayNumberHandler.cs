using System.Data;
using System.Globalization;
using Dapper;
using Registry.Domain.Common;

namespace Registry.Api.Data;

/// <summary>Stores a day as its number, and reads it back.</summary>
internal sealed class DayNumberHandler : SqlMapper.TypeHandler<DayNumber>
{
    /// <inheritdoc/>
    public override void SetValue(IDbDataParameter parameter, DayNumber value) =>
        (parameter.DbType, parameter.Value) = (DbType.Int32, value.Value);

    /// <inheritdoc/>
    public override DayNumber Parse(object value) => new(Convert.ToInt32(value, CultureInfo.InvariantCulture));
}
