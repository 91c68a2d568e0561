using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Registry.Tests.Support;

/// <summary>The whole program on a database of its own, and a client with a real key.</summary>
internal sealed class RegistryHost : WebApplicationFactory<Program>
{
    public const string Key = "the-key-of-the-tests";

    private readonly TestDatabase _database;
    private readonly TimeProvider? _clock;
    private readonly Dictionary<string, string> _settings;
    private readonly ILoggerProvider _log;

    private readonly Action<IServiceCollection>? _services;

    public RegistryHost(
        TestDatabase database,
        TimeProvider? clock = null,
        Dictionary<string, string>? settings = null,
        Action<IServiceCollection>? services = null,
        ILoggerProvider? log = null)
    {
        _services = services;
        _log = log ?? new ErrorsOfTheProgram();
        _database = database;
        _clock = clock;
        _settings = settings ?? [];
        Api = new ApiClient(CreateClient(), contract: AnswerContract.Of(Services));
    }

    /// <summary>A client with the administrator's key.</summary>
    public ApiClient Api { get; }

    /// <summary>A client with this key; null for one without.</summary>
    public ApiClient With(string? key) => new(CreateClient(), key);

    /// <summary>Issues a key, and gives its id and a client with it.</summary>
    /// <param name="role">Its role.</param>
    /// <param name="site">Its site; with the role site only.</param>
    /// <param name="name">Its name; its role when left out.</param>
    public async Task<(string Id, string Key, ApiClient Client)> Issue(string role, string? site = null, string? name = null)
    {
        var body = new JsonObject { ["role"] = role, ["name"] = name ?? role };
        if (site is not null)
        {
            body["site"] = site;
        }

        var issued = (await Api.Post("/keys", body.ToJsonString())).Expect(201).Json;
        var key = issued["key"]!.GetValue<string>();
        return (issued["id"]!.GetValue<string>(), key, With(key));
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("Registry:Database", _database.Setting);
        builder.UseSetting("ConnectionStrings:Registry", _database.ConnectionString);
        if (!_settings.ContainsKey("Registry:AdminKey"))
        {
            builder.UseSetting("Registry:AdminKey", Key);
        }

        // Tests come without a valid key often, all from one address.
        builder.UseSetting("Registry:Limits:RefusedCredentialMilliseconds", "0");
        foreach (var (name, value) in _settings.Where(setting => setting.Value is not null))
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(_log));
        builder.ConfigureTestServices(services =>
        {
            if (_clock is not null)
            {
                services.Replace(ServiceDescriptor.Singleton(_clock));
            }

            _services?.Invoke(services);
        });
    }
}

/// <summary>Shows the errors that the program logs beside the test that met them.</summary>
internal sealed class ErrorsOfTheProgram : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            NUnit.Framework.TestContext.Progress.WriteLine($"{formatter(state, exception)}\n{exception}");
        }
    }
}

/// <summary>Sends requests as a site would, keeps the whole answer, and fails where it is not as the contract says.</summary>
internal sealed class ApiClient
{
    private readonly HttpClient _http;
    private readonly AnswerContract _contract;

    public ApiClient(HttpClient http, string? key = RegistryHost.Key, AnswerContract? contract = null)
    {
        (_http, _contract) = (http, contract ?? AnswerContract.Committed);
        if (key is not null)
        {
            http.DefaultRequestHeaders.Add("X-Api-Key", key);
        }
    }

    public Task<ApiAnswer> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<ApiAnswer> Put(string path, string body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Put, path, body, headers);

    public Task<ApiAnswer> Post(string path, string body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, body, headers);

    public Task<ApiAnswer> Delete(string path, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Delete, path, null, headers);

    public async Task<ApiAnswer> Send(
        HttpMethod method, string path, string? body, (string Name, string Value)[] headers, string contentType = "application/json")
    {
        using var content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        return await Send(method, path, content, headers, contentType);
    }

    public async Task<ApiAnswer> Send(
        HttpMethod method, string path, ByteArrayContent? content, (string Name, string Value)[] headers, string? contentType)
    {
        var (answer, flaw) = await Try(method, path, content, headers, contentType);
        if (flaw is not null)
        {
            NUnit.Framework.Assert.Fail(
                $"Not as the contract says: {flaw}\n{answer.Request} "
                    + $"{answer.Status}\n{(answer.Text.Length > 2000 ? answer.Text[..2000] : answer.Text)}");
        }

        return answer;
    }

    /// <summary>
    /// Sends a request, and says what is in the answer and not in the contract, or the other way round; null when it is as promised.
    /// </summary>
    public async Task<(ApiAnswer Answer, string? Flaw)> Try(
        HttpMethod method, string path, ByteArrayContent? content, (string Name, string Value)[] headers, string? contentType)
    {
        var address = path.StartsWith("/health", StringComparison.Ordinal)
            || path.StartsWith("/metrics", StringComparison.Ordinal)
            || path.StartsWith("/openapi", StringComparison.Ordinal)
            || path.StartsWith("/swagger", StringComparison.Ordinal)
            ? path
            : "/api/v1" + path;
        using var request = new HttpRequestMessage(method, address);
        if (content is not null)
        {
            request.Content = content;
            content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await _http.SendAsync(request);
        var text = await Text(response.Content);
        var answer = new ApiAnswer(
            $"{method} {path}",
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.ETag?.ToString(),
            response.Headers.Location?.OriginalString,
            text)
        {
            Headers = response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
        };
        return (answer, _contract.FlawOf(method.Method, address, answer));
    }

    private static async Task<string> Text(HttpContent content)
    {
        await using var body = await content.ReadAsStreamAsync();
        await using Stream plain = content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}

/// <summary>An answer as it came.</summary>
internal sealed record ApiAnswer(string Request, int Status, string? ContentType, string? ETag, string? Location, string Text)
{
    /// <summary>Its headers, each with all its values.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The rows of a summary.</summary>
    public IReadOnlyList<JsonNode> Items => [.. Json["items"]!.AsArray().Select(item => item!)];

    /// <summary>The faults of a problem, each as pointer and code.</summary>
    public IReadOnlyList<(string Pointer, string Code)> Faults =>
        [.. Json["errors"]!.AsArray().Select(fault => (fault!["pointer"]!.GetValue<string>(), fault["code"]!.GetValue<string>()))];

    /// <summary>Fails, with the whole answer, unless the status is this one.</summary>
    public ApiAnswer Expect(int status)
    {
        NUnit.Framework.Assert.That(Status, NUnit.Framework.Is.EqualTo(status), () => $"{Request}\n{Text}");
        return this;
    }

    /// <summary>The one row of a summary with these values.</summary>
    public JsonNode Row(params (string Name, string Value)[] keys) =>
        Items.Single(item => keys.All(key => item[key.Name]?.ToString() == key.Value));
}
