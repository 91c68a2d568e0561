using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Caching.Memory;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Sites;

namespace Registry.Api.Summaries;

/// <summary>
/// Answers summaries. An answer depends on the question, the cut-off day and the version of the data alone, so it is
/// computed once for each and then served from memory; asked by many at once it is still computed once. Every request
/// asks the database for the version of the data first: a summary read after a write was acknowledged includes it.
/// </summary>
internal sealed class SummaryService(IDatabase database, SiteDirectory sites, ViewRows rows) : IDisposable
{
    private const long LargestMemory = 64 * 1024 * 1024;

    // Another build may answer the same question in other words.
    private static readonly string Build = typeof(SummaryService).Module.ModuleVersionId.ToString("N");

    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = LargestMemory });

    /// <summary>Answers with JSON, or in <paramref name="form"/>.</summary>
    public async Task<IResult> Answer<TItem>(
        HttpRequest request, Func<SummaryQuery, Task<IReadOnlyList<TItem>>> items, CancellationToken cancellation, SummaryForm<TItem>? form = null)
    {
        var today = sites.Today();
        var (filter, problem) = CohortFilter.Read(request.Query, today);
        if (problem is not null)
        {
            return problem;
        }

        var version = await database.Read(DataVersion, cancellation);
        var question = Question(request, filter!.Day, form?.ContentType);
        var etag = ETag(question, version);
        if (EntityTags.IsKnown(request, etag))
        {
            return new SummaryResult(null, etag);
        }

        var answer = _answers.GetOrCreate(etag, entry =>
        {
            entry.Size = 1024;
            return new Lazy<Task<SummaryResult>>(() => Compute(CohortFilter.Echo(request.Query), new QueryCollection(request.Query.ToDictionary()), filter, question, items, form));
        })!;
        try
        {
            var result = await answer.Value.WaitAsync(cancellation);
            _answers.Set(etag, answer, new MemoryCacheEntryOptions { Size = 1024 + result.Size });
            return result;
        }
        catch when (answer.Value.IsFaulted)
        {
            _answers.Remove(etag);
            throw;
        }
    }

    public void Dispose() => _answers.Dispose();

    /// <summary>How many changes the registry has seen.</summary>
    public static async Task<long> DataVersion(Session session) =>
        await session.Single<long>("SELECT COALESCE(SUM(changes), 0) FROM change_count");

    // Not bound to the request that happens to ask first: others may be waiting for the same answer.
    private async Task<SummaryResult> Compute<TItem>(
        JsonObject echo, QueryCollection query, CohortFilter filter, string question, Func<SummaryQuery, Task<IReadOnlyList<TItem>>> items, SummaryForm<TItem>? form) =>
        await database.Read(
            async session =>
            {
                var version = await DataVersion(session);
                var summary = new Summary<TItem>(filter.Day, version, echo, await items(new SummaryQuery(session, database.Engine, rows, filter, query)));
                var body = form is null ? JsonSerializer.SerializeToUtf8Bytes(summary, Json.Options) : Encoding.UTF8.GetBytes(form.Write(summary));
                return new SummaryResult(body, ETag(question, version), form?.ContentType ?? SummaryResult.Json);
            },
            CancellationToken.None);

    private static string Question(HttpRequest request, DateOnly asOf, string? form)
    {
        var parameters = request.Query.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Key + "=" + string.Join('|', pair.Value.Distinct().Order(StringComparer.Ordinal)));
        return string.Join('&', [request.Path.Value, asOf.Iso(), form, .. parameters]);
    }

    private static string ETag(string question, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{version}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Build + question)).AsSpan(0, 8))}\"");
}

/// <summary>The answer of a summary, ready to be sent; without a body it says that the caller has it already.</summary>
internal sealed record SummaryResult(byte[]? Body, string ETag, string ContentType = SummaryResult.Json) : IResult
{
    /// <summary>The form of every summary.</summary>
    public const string Json = "application/json; charset=utf-8";

    /// <summary>Its size in memory, in bytes.</summary>
    public int Size => Body?.Length ?? 0;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (EntityTags.Confirm(httpContext, ETag) || Body is null)
        {
            return Task.CompletedTask;
        }

        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, httpContext.RequestAborted).AsTask();
    }
}
