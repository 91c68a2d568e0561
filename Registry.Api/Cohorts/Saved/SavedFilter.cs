using System.Text.Json;
using Microsoft.Extensions.Primitives;
using Registry.Api.Access;
using Registry.Api.Http;
using Registry.Api.Summaries;
using Registry.Domain.Common;

namespace Registry.Api.Cohorts.Saved;

/// <summary>The filter of a saved cohort: checked as a query is, and put into the query of a request.</summary>
internal static class SavedFilter
{
    private const string Member = "filter";

    private static readonly QueryParameters Known = new([.. CohortFilter.Takes]);

    /// <summary>Reads the filter of a body: each member a text or a list of texts, as the parameter of that name has them.</summary>
    /// <returns>The filter in order of name and value; null where it is no object.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>>? Read(FieldReader fields)
    {
        if (fields.Members(Member) is not { } members)
        {
            return null;
        }

        var stated = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        foreach (var (name, value) in members)
        {
            if (Values(value) is { Length: > 0 } values)
            {
                stated[name] = values;
            }
            else
            {
                fields.Refuse(
                    $"{Member}/{FieldReader.PointerPart(name)}",
                    "not-a-text",
                    $"'{name}' is {JsonBody.Kind(value)}; it has to be a string, or a list of one or more strings.",
                    allowed: "a string, or a list of one or more strings");
            }
        }

        var query = new QueryCollection(stated);
        var faults = Known.FaultsOf(query);
        var together = CohortFilter.FaultsOf(query.Without(faults), string.Empty);
        var isWhole = faults.Count == 0 && stated.Count == members.Count;
        Refuse(fields, [.. faults, .. isWhole ? together : FilterLookUp.WithoutCounterparts(together)]);
        return new SortedDictionary<string, IReadOnlyList<string>>(
            stated.ToDictionary(
                pair => pair.Key,
                IReadOnlyList<string> (pair) => [.. pair.Value.OfType<string>().Distinct().Order(StringComparer.Ordinal)]),
            StringComparer.Ordinal);
    }

    /// <summary>
    /// A filter, with the codes of its sites; and what only the registry can say of its well-formed members: a cut-off that is still to
    /// come, sites that there are not.
    /// </summary>
    public static async Task<(SavedCohort Coded, IReadOnlyList<Fault> Faults)> WithSiteCodes(
        SavedCohort cohort, HttpRequest request, SiteNames names, CohortData data, CancellationToken cancellation)
    {
        var stated = QueryOf(cohort.Filter);
        var (query, unknown) = await CohortFilter.WithSiteCodes(
            stated.Without(Known.FaultsOf(stated)), request.HttpContext.User, names, data.Sites, cancellation);
        var (_, problem) = CohortFilter.Read(query, await data.CutOff.Latest(cancellation));
        var coded = names.AreMasked && query.TryGetValue(SiteNames.Filter, out var sites)
            ? cohort with { Filter = SiteNames.With(cohort.Filter, sites.OfType<string>()) }
            : cohort;
        return (coded, [.. (problem?.Faults ?? []).Concat(unknown?.Faults ?? []).Select(Below)]);
    }

    /// <summary>
    /// Puts a filter into the query of a request, which may narrow it further. What both state contradicts itself; a parameter of a
    /// group, as <c>a.sex</c>, stands in the place of the one for all, and so counts as stating it. The same cut-off may be repeated.
    /// </summary>
    /// <returns>The problem with the query; null without one.</returns>
    public static Problem? AddTo(HttpRequest request, IReadOnlyDictionary<string, IReadOnlyList<string>> filter, string whose)
    {
        var twice =
            from stated in request.Query
            let name = stated.Key[(stated.Key.LastIndexOf('.') + 1)..]
            where filter.ContainsKey(name) && !(name == CohortFilter.NameOfDay && stated.Value.ToString() == filter[name][0])
            select new Fault(
                "/" + stated.Key,
                "stated-twice",
                $"'{name}' is stated by {whose}, as {string.Join(", ", filter[name])}; a request to it can state other filters only.",
                stated.Value.ToString(),
                "left out");
        if (twice.ToList() is { Count: > 0 } faults)
        {
            return Problem.UnknownInParameters(faults);
        }

        var own = request.Query.Keys.Select(name => "/" + name).ToHashSet(StringComparer.Ordinal);
        request.QueryString = QueryString.Create(
            request.Query.Where(one => !filter.ContainsKey(one.Key))
                .Concat(filter.Select(one => KeyValuePair.Create(one.Key, new StringValues([.. one.Value]))))
                .OrderBy(one => one.Key, StringComparer.Ordinal));

        // What goes together is asked only now: a part may have come with the filter. That the filter says nothing where the registry is
        // not asked is no fault.
        return request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<QueryCheck>() is { } check
            && check.FaultsOf(request.Query)
                .Where(fault => own.Contains(fault.Where) || fault.Code != "does-not-apply")
                .ToList() is { Count: > 0 } together
            ? Problem.InvalidParameters(together)
            : null;
    }

    /// <summary>A filter as the query that states it.</summary>
    public static QueryCollection QueryOf(IReadOnlyDictionary<string, IReadOnlyList<string>> filter) =>
        new(filter.ToDictionary(one => one.Key, one => new StringValues([.. one.Value]), StringComparer.OrdinalIgnoreCase));

    private static void Refuse(FieldReader fields, IReadOnlyList<Fault> faults)
    {
        foreach (var fault in faults)
        {
            fields.Refuse(Member + fault.Where, fault.Code, fault.Detail, fault.Value, fault.Allowed);
        }
    }

    private static Fault Below(Fault fault) => fault with { Where = $"/{Member}{fault.Where}" };

    private static string[]? Values(JsonElement value) =>
        value.ValueKind != JsonValueKind.Array ? Value(value) is { } one ? [one] : null
        : value.EnumerateArray().Select(Value).ToList() is var all
            && all.TrueForAll(item => item is not null) ? [.. all.OfType<string>()] : null;

    // A number or a flag as it would stand in a query.
    private static string? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };
}
