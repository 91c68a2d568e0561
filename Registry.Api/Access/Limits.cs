using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Registry.Api.Http;
using Registry.Domain.Common;

namespace Registry.Api.Access;

/// <summary>
/// How much one caller may ask, so that it takes nothing from the others. Each limit is a setting below <c>Registry:Limits</c>.
/// </summary>
internal sealed class Limits
{
    /// <summary>Keeps the summaries and cohorts of one key from taking every thread that computes.</summary>
    public const string Computing = "computing";

    /// <summary>The section of the settings.</summary>
    public const string Section = RegistrySettings.Section + ":Limits";

    private const string Folder = "Limits:";

    /// <summary>Every limit: its name, the default and the range, inclusive, and what it means.</summary>
    public static readonly IReadOnlyList<Limit> All =
    [
        new("RequestsPerSecond", 100_000, new WholeRange(1, 1_000_000), "Requests of one key a second, over time; beyond it 429."),
        new("RequestBurst", 200_000, new WholeRange(1, 1_000_000), "Requests of one key that may come at once."),
        new("ConcurrentSummaries", 16, new WholeRange(1, 1_000), "Summaries and cohorts of one key that are worked on at a time."),
        new(
            "WaitingSummaries",
            256,
            new WholeRange(0, 100_000),
            "Summaries and cohorts of one key that wait for their turn; beyond it 429."),
        new(
            "RefusedCredentialsPerMinute",
            30,
            new WholeRange(0, 1_000_000),
            "Requests of one address without a valid credential that are answered at once in a minute; those beyond it wait."),
        new("RefusedCredentialMilliseconds", 1_000, new WholeRange(0, 60_000), "How long they wait. Unit: milliseconds."),
        new(
            "WaitingRefusedCredentials",
            500,
            new WholeRange(0, 100_000),
            "How many of them wait at a time, of all addresses; beyond it 429."),
        new("HeaderSeconds", 15, new WholeRange(1, 3_600), "How long the head of a request may take to arrive. Unit: seconds."),
        new(
            "BodyBytesPerSecond",
            240,
            new WholeRange(0, 1_000_000),
            "The slowest rate, after five seconds, at which a body may arrive or an answer be read; 0 for any. Unit: bytes a second."),
        new(
            "RecordBytes",
            65_536,
            new WholeRange(1_024, 1_048_576),
            "The largest body of a single record, after decompression; beyond it 413. Unit: bytes."),
        new(
            "BatchBytes",
            8_388_608,
            new WholeRange(1_024, 67_108_864),
            "The largest body of a batch, a sheet or a Bundle, after decompression; beyond it 413. Unit: bytes."),
        new("BatchItems", 5_000, new WholeRange(1, 100_000), "Items of a batch, rows of a sheet, entries of a Bundle; beyond it 422."),
        new("PageRows", 1_000, new WholeRange(1, 10_000), "Rows that a page of a list may be asked to hold; beyond it 400."),
    ];

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly IConfiguration _configuration;

    public Limits(IConfiguration configuration)
    {
        _configuration = configuration;
        (RequestsPerSecond, RequestBurst) = (Of("RequestsPerSecond"), Of("RequestBurst"));
        (ConcurrentSummaries, WaitingSummaries) = (Of("ConcurrentSummaries"), Of("WaitingSummaries"));
        (RefusedCredentialsPerMinute, WaitingRefusedCredentials) = (Of("RefusedCredentialsPerMinute"), Of("WaitingRefusedCredentials"));
        (RecordBytes, BatchBytes, BatchItems, PageRows) = (Of("RecordBytes"), Of("BatchBytes"), Of("BatchItems"), Of("PageRows"));
        RefusedCredentialDelay = TimeSpan.FromMilliseconds(Of("RefusedCredentialMilliseconds"));
    }

    // Each as All describes it.
    public int RequestsPerSecond { get; }
    public int RequestBurst { get; }
    public int ConcurrentSummaries { get; }
    public int WaitingSummaries { get; }
    public int RefusedCredentialsPerMinute { get; }
    public TimeSpan RefusedCredentialDelay { get; }
    public int WaitingRefusedCredentials { get; }
    public int RecordBytes { get; }
    public int BatchBytes { get; }
    public int BatchItems { get; }
    public int PageRows { get; }

    /// <summary>The limits that hold for a request.</summary>
    public static Limits Of(HttpRequest request) => request.HttpContext.RequestServices.GetRequiredService<Limits>();

    /// <summary>How slow a sender or reader may be.</summary>
    public void Apply(KestrelServerLimits server)
    {
        server.RequestHeadersTimeout = TimeSpan.FromSeconds(Of("HeaderSeconds"));
        var rate = Of("BodyBytesPerSecond") is > 0 and var bytes ? new MinDataRate(bytes, Grace) : null;
        (server.MinRequestBodyDataRate, server.MinResponseDataRate) = (rate, rate);
    }

    /// <summary>What is wrong with the settings, each in a sentence.</summary>
    public static IEnumerable<string> FaultsOf(IConfiguration configuration) =>
        All.SelectMany(limit => RegistrySettings.FaultsOfNumber(configuration, Folder + limit.Name, limit.Range));

    /// <summary>What holds for a limit: its setting, or the default. A setting at fault is refused before anything is served.</summary>
    public int Of(string name)
    {
        var limit = All.Single(limit => limit.Name == name);
        return RegistrySettings.Number(_configuration, Folder + name, limit.Range) ?? limit.Default;
    }

    /// <summary>One limit.</summary>
    /// <param name="Name">Its name below <see cref="Section"/>.</param>
    /// <param name="Default">What holds when nothing is said.</param>
    /// <param name="Range">What it can be, inclusive.</param>
    /// <param name="Meaning">What it limits, with its unit.</param>
    internal sealed record Limit(string Name, int Default, WholeRange Range, string Meaning);
}

/// <summary>
/// Holds every key to its limits, by the framework's rate limiter: one bucket of tokens a key, and one queue of summaries a key.
/// </summary>
internal static class RateLimiting
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static void AddLimits(this IServiceCollection services)
    {
        services.AddSingleton<Limits>();
        services.AddOptions<RateLimiterOptions>().Configure<Limits>(Configure);
        services.AddOptions<KestrelServerOptions>().Configure<Limits>((server, limits) => limits.Apply(server.Limits));
        services.AddRateLimiter(static _ => { });
    }

    private static void Configure(RateLimiterOptions options, Limits limits)
    {
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = limits.RequestBurst,
            TokensPerPeriod = limits.RequestsPerSecond,
            ReplenishmentPeriod = Second,
            QueueLimit = 0,
        };
        var queue = new ConcurrencyLimiterOptions { PermitLimit = limits.ConcurrentSummaries, QueueLimit = limits.WaitingSummaries };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => context.User.KeyId() is { } key
            ? RateLimitPartition.GetTokenBucketLimiter(key, _ => bucket)
            : RateLimitPartition.GetNoLimiter(string.Empty));
        options.AddPolicy(Limits.Computing, context => context.User.KeyId() is { } key
            ? RateLimitPartition.GetConcurrencyLimiter(key, _ => queue)
            : RateLimitPartition.GetNoLimiter(string.Empty));
        options.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var stated) && stated > Second ? stated : Second;
            await new Problem(
                Problems.TooManyRequests,
                "This key has exceeded its rate limit. Wait for the time in Retry-After.")
            { RetryAfter = wait }.ExecuteAsync(rejected.HttpContext);
        };
    }
}
