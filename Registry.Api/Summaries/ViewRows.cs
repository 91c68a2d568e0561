using System.Globalization;
using Dapper;
using Microsoft.Extensions.Caching.Memory;
using Registry.Api.Data;
using Registry.Api.Recording;

namespace Registry.Api.Summaries;

/// <summary>
/// The rows of views that were asked about before. They can only have changed if something was recorded that the view is
/// told from, at a site that was asked about: a score changes no cost, and a site's scores nobody else's.
/// </summary>
internal sealed class ViewRows(Resources resources) : IDisposable
{
    private const int MostRows = 200_000;

    private readonly Dictionary<string, string> _kindOfTable = new()
    {
        ["site"] = resources.Site.Kind,
        ["treatment_case"] = resources.Case.Kind,
        [resources.Event.TableName] = resources.Event.Kind,
        [resources.Assessment.TableName] = resources.Assessment.Kind,
        [resources.AdverseEvent.TableName] = resources.AdverseEvent.Kind,
        [resources.Cost.TableName] = resources.Cost.Kind,
        [resources.Stay.TableName] = resources.Stay.Kind,
    };

    private readonly MemoryCache _rows = new(new MemoryCacheOptions { SizeLimit = MostRows });

    /// <summary>The rows of a query.</summary>
    /// <param name="session">Where to ask.</param>
    /// <param name="query">What the query is over.</param>
    /// <param name="sql">Its text.</param>
    /// <param name="parameters">What the text names; <c>site</c> among them holds the only sites that are looked at.</param>
    public async Task<IReadOnlyList<TRow>> Of<TRow>(Session session, ScopedQuery query, string sql, DynamicParameters parameters)
    {
        var kinds = query.Tables.Select(table => _kindOfTable.GetValueOrDefault(table)).OfType<string>().ToList();
        var isOfSites = parameters.ParameterNames.Contains("site");
        var version = await session.Single<long>(
            $"SELECT COALESCE(SUM(changes), 0) FROM change_count WHERE kind IN @kinds{(isOfSites ? " AND site_code IN @sites" : string.Empty)}",
            new { kinds, sites = isOfSites ? parameters.Get<string[]>("site") : [] });
        var key = (typeof(TRow), sql, Spelled(parameters), version);
        if (_rows.TryGetValue(key, out IReadOnlyList<TRow>? known))
        {
            return known!;
        }

        var rows = await session.Query<TRow>(sql, parameters);
        return _rows.Set(key, rows, new MemoryCacheEntryOptions { Size = 1 + rows.Count });
    }

    public void Dispose() => _rows.Dispose();

    private static string Spelled(DynamicParameters parameters) => string.Join(
        '&',
        from name in parameters.ParameterNames
        orderby name
        let value = parameters.Get<object>(name)
        select $"{name}={(value is IEnumerable<string> several ? string.Join(',', several.Order(StringComparer.Ordinal)) : Convert.ToString(value, CultureInfo.InvariantCulture))}");
}
