using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Caching.Memory;
using Registry.Api.Access;
using Registry.Api.Cohorts;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Operations;
using Registry.Api.Sites;
using Registry.Domain.Common;

namespace Registry.Api.Summaries;

/// <summary>
/// Answers summaries. An answer depends on the question, the cut-off day and the versions of the tables that its views read
/// alone: it is computed once for each, and its bytes are kept ready in bounded memory. On the embedded engine an answer that
/// is still current is confirmed without asking the database: as long as nothing was committed, nothing has changed.
/// </summary>
internal sealed class SummaryService(
    IDatabase database, SiteDirectory sites, Pseudonyms pseudonyms, Disclosure disclosure, RegistryMeter meter, long largestMemory)
    : IDisposable
{
    private const long LargestMemory = 32 * 1024 * 1024;

    // What an answer takes besides its bytes and its address, about.
    private const int Overhead = 1024;

    // Another build may answer the same question in other words.
    private static readonly string Build = typeof(SummaryService).Module.ModuleVersionId.ToString("N");

    private readonly DataVersions _versions = new(database);
    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = largestMemory });
    private readonly SharedComputations<TaggedAnswer> _running = new();

    /// <summary>Answers from the registry.</summary>
    public SummaryService(IDatabase database, SiteDirectory sites, Pseudonyms pseudonyms, Disclosure disclosure, RegistryMeter meter)
        : this(database, sites, pseudonyms, disclosure, meter, LargestMemory)
    {
    }

    /// <summary>Answers a request with JSON, or in <paramref name="form"/>.</summary>
    public async ValueTask<Results<TaggedAnswer, Problem>> Answer<TItem>(
        HttpRequest request, SummaryKind<TItem> kind, SummaryForm<TItem>? form, CancellationToken cancellation)
    {
        var caller = request.HttpContext.User;
        var address = new Address(
            kind, form, caller.SiteScope(), disclosure.AppliesTo(caller), disclosure.MasksSitesFor(caller),
            request.QueryString.Value ?? string.Empty);
        var kept = _kept.Get<Kept>(address);

        // Without a stated cut-off the answer is another one as soon as another day begins.
        return kept?.CommitNumber is { } commit
            && commit == database.CommitNumber
            && (kept.Begun is not { } begun || begun == await sites.LatestDayBegunAnywhere(cancellation))
                ? FromMemory(request, kept.Result)
                : await Ask(request, kind, form, address, kept, cancellation);
    }

    /// <summary>The forms in which the caller may have a summary: one who is shown no small counts has JSON, and it as CSV.</summary>
    public IReadOnlyList<SummaryForm<TItem>> Offered<TItem>(HttpRequest request, IReadOnlyList<SummaryForm<TItem>> forms) =>
        disclosure.AppliesTo(request.HttpContext.User) ? [SummaryTable.Form<TItem>()] : forms;

    private TaggedAnswer FromMemory(HttpRequest request, TaggedAnswer result)
    {
        meter.CountSummary(EntityTags.IsKnown(request, result.ETag) ? SummarySource.Confirmed : SummarySource.Memory);
        return result;
    }

    public void Dispose() => _kept.Dispose();

    private async ValueTask<Results<TaggedAnswer, Problem>> Ask<TItem>(
        HttpRequest request, SummaryKind<TItem> kind, SummaryForm<TItem>? form, Address address, Kept? kept, CancellationToken cancellation)
    {
        var asked = request.OwnQuery();
        if (address.IsProtected && kind.Coarser?.FaultsOf(asked).ToList() is { Count: > 0 } faults)
        {
            return Problem.InvalidParameters(faults);
        }

        var names = await pseudonyms.SitesFor(request.HttpContext.User, cancellation);
        var (coded, unknown) = await CohortFilter.WithSiteCodes(asked, request.HttpContext.User, names, sites, cancellation);
        var versions = await _versions.Current(cancellation);
        var begun = await sites.LatestDayBegunAnywhere(cancellation);
        var (filter, problem) = CohortFilter.Read(coded, versions.LatestDay(begun));
        if (Problem.Together(problem, unknown) is { } refused)
        {
            return refused;
        }

        var question = Question(asked, kind.Name, form?.ContentType, address, filter!.Day);
        var etag = ETag(question, versions.Of(Tables(kind, filter), filter.Sites));
        var result = kept?.Result;
        if (result?.ETag != etag)
        {
            if (EntityTags.IsKnown(request, etag))
            {
                meter.CountSummary(SummarySource.Confirmed);
                return new TaggedAnswer(default, ContentNegotiation.JsonUtf8, etag);
            }

            var (query, echo) = (new QueryCollection(coded.ToDictionary()), CohortFilter.Echo(asked));
            result = await _running.Join(
                etag, stop => Compute(query, echo, names, kind, form, filter, address.IsProtected, question, stop), cancellation);
            meter.CountSummary(SummarySource.Computed);
        }
        else
        {
            FromMemory(request, result);
        }

        _kept.Set(
            address,
            new Kept(result!, versions.CommitNumber, filter.IsDayStated ? null : begun),
            new MemoryCacheEntryOptions { Size = Overhead + (2 * address.Query.Length) + result!.Body.Length });
        return result;
    }

    // Not bound to the request that happens to ask first: others may be waiting for the same answer.
    private Task<TaggedAnswer> Compute<TItem>(
        QueryCollection query,
        JsonObject echo,
        SiteNames names,
        SummaryKind<TItem> kind,
        SummaryForm<TItem>? form,
        CohortFilter filter,
        bool isProtected,
        string question,
        CancellationToken stop) =>
        database.Compute(
            async session =>
            {
                var version = (await DataVersions.Read(session)).Of(Tables(kind, filter), filter.Sites);
                var items = await kind.Items(new SummaryQuery(session, database.Engine, kind.Views, filter, query, names));
                var body = isProtected
                    ? Body(
                        form,
                        new Summary<JsonNode?>(filter.Day, version, echo, disclosure.Protect(kind.Coarser?.Of(items) ?? items)),
                        static summary => SummaryTable.Write<TItem>(summary.AsOf, summary.Items, isProtected: true))
                    : Body(form, new Summary<TItem>(filter.Day, version, echo, items), summary => form!.Write(summary));
                return new TaggedAnswer(body, form?.ContentType ?? ContentNegotiation.JsonUtf8, ETag(question, version));
            },
            stop);

    private static byte[] Body<TItem>(object? form, Summary<TItem> summary, Func<Summary<TItem>, string> write) =>
        form is null ? JsonSerializer.SerializeToUtf8Bytes(summary, Json.Options) : Encoding.UTF8.GetBytes(write(summary));

    // What the views read, and what the filters do.
    private IReadOnlySet<string> Tables<TItem>(SummaryKind<TItem> kind, CohortFilter filter) =>
        filter.Tables.Count == 0
            ? kind.TablesOf(database.Engine)
            : DataVersions.NamesOf(kind.TablesOf(database.Engine).Concat(filter.Tables));

    private static string Question(IQueryCollection query, string name, string? form, Address address, DateOnly asOf) => string.Join(
        '&',
        [
            name,
            asOf.Iso(),
            form,
            address.IsProtected ? "protected" : null,
            address.AreSitesMasked ? "masked" : null,
            .. query.Where(pair => pair.Key != CohortFilter.NameOfDay)
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => pair.Key + "=" + string.Join('|', pair.Value.Distinct().Order(StringComparer.Ordinal))),
        ]);

    private static string ETag(string question, long version) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"\"{version}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Build + question)).AsSpan(0, 12))}\"");

    /// <summary>
    /// What was asked, as it was spelled, and by whom: a caller of one site asks about that site, and some are shown no small counts, or no
    /// codes of sites.
    /// </summary>
    private sealed record Address(object Kind, object? Form, SiteCode? SiteScope, bool IsProtected, bool AreSitesMasked, string Query);

    /// <summary>An answer that is kept.</summary>
    /// <param name="Result">The answer.</param>
    /// <param name="CommitNumber">The commit as of which it was current; null where that is not known.</param>
    /// <param name="Begun">The latest day that had begun at any site when the cut-off was chosen by it; null for a stated cut-off.</param>
    private sealed record Kept(TaggedAnswer Result, long? CommitNumber, DateOnly? Begun);
}

/// <summary>Coarser rows of a summary, for callers under disclosure control.</summary>
/// <param name="Of">These rows, of all rows.</param>
/// <param name="Refused">The parameter that asks for other rows, which is refused; null without one.</param>
internal sealed record CoarserRows<TItem>(Func<IReadOnlyList<TItem>, IReadOnlyList<TItem>> Of, QueryParameter? Refused = null)
{
    /// <summary>What a query asks for that these rows do not give.</summary>
    public IEnumerable<Fault> FaultsOf(IQueryCollection query) => Refused is { Name: var name } && query.ContainsKey(name)
        ? [new Fault(
            "/" + name,
            "does-not-apply",
            $"'{name}' is not available to research and dashboard keys: its rows could describe single patients.",
            query[name].ToString())]
        : [];
}

/// <summary>One kind of summary.</summary>
/// <param name="name">Its place below <c>/summaries</c>.</param>
/// <param name="views">The views that it reads.</param>
/// <param name="items">Finds the rows.</param>
internal sealed class SummaryKind<TItem>(string name, IReadOnlyList<string> views, Func<SummaryQuery, Task<IReadOnlyList<TItem>>> items)
{
    public string Name => name;
    public IReadOnlyList<string> Views => views;
    public Func<SummaryQuery, Task<IReadOnlyList<TItem>>> Items => items;

    /// <summary>The rows for callers under disclosure control, where a row could be of one patient; null where none could.</summary>
    public CoarserRows<TItem>? Coarser { get; init; }

    private IReadOnlySet<string>? _tables;

    /// <summary>The names under which the changes of the tables that it reads are counted.</summary>
    public IReadOnlySet<string> TablesOf(string engine) =>
        _tables ??= DataVersions.NamesOf(Views.SelectMany(view => ScopedQuery.Over(engine, view).Tables));
}
