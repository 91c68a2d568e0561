using Registry.Api.Sites;
using Registry.Domain.Common;

namespace Registry.Api.Access;

/// <summary>The names of sites as a caller sees and states them: their codes or, where sites are masked, pseudonyms alone.</summary>
internal sealed class SiteNames
{
    /// <summary>The member of a filter that names sites.</summary>
    public const string Filter = "site";

    /// <summary>The codes themselves.</summary>
    public static readonly SiteNames Codes = new(null);

    private readonly Func<string, string>? _pseudonym;

    private SiteNames(Func<string, string>? pseudonym) => _pseudonym = pseudonym;

    /// <summary>Whether they are pseudonyms.</summary>
    public bool AreMasked => _pseudonym is not null;

    /// <summary>Pseudonyms: a site has one, and no two sites have the same.</summary>
    public static SiteNames Masked(Func<string, string> pseudonym) => new(pseudonym);

    /// <summary>The name of a site, by its code as it is stored.</summary>
    public string Of(string code) => _pseudonym is null ? code : _pseudonym(code);

    /// <summary>A filter with the names of its sites, in their order.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Of(IReadOnlyDictionary<string, IReadOnlyList<string>> filter) =>
        AreMasked && filter.TryGetValue(Filter, out var sites) ? With(filter, sites.Select(Of)) : filter;

    /// <summary>A filter with these sites in the place of its own.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> With(
        IReadOnlyDictionary<string, IReadOnlyList<string>> filter, IEnumerable<string> sites) =>
        new SortedDictionary<string, IReadOnlyList<string>>(filter.ToDictionary(), StringComparer.Ordinal)
        {
            [Filter] = [.. sites.Distinct().Order(StringComparer.Ordinal)],
        };

    /// <summary>
    /// The code of the site that a caller names; null where the name is that of none. Without a mask any name in the form of a code is
    /// taken for one.
    /// </summary>
    public async ValueTask<SiteCode?> CodeOf(string name, SiteDirectory sites, CancellationToken cancellation) =>
        _pseudonym is { } pseudonym ? await sites.Find(code => pseudonym(code.ToString()) == name, cancellation)
        : SiteCode.TryParse(name, null, out var stated) ? stated
        : null;
}
